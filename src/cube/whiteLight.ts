import { lines } from '../nebula/index.js';
import { constants } from '../units/index.js';
import type { Cube } from './cube.js';

/** Which part of the spectrum the image is made of. */
export interface WhiteLightOptions {
  /** Observed wavelengths [Å]. Default: all. */
  readonly range?: readonly [number, number];
  /** When given, ±1000 km/s about each emission line at this redshift are left out, so that the image shows the continuum. Default: nothing is left out. */
  readonly redshift?: number;
}

/** Half-width left out about a line [km/s]: wide enough for the rotation of a massive disc and the wings of its lines. */
const halfWidth = 1000;

/**
 * The mean flux density of each spaxel over its good pixels [1e-17 erg/s/cm²/Å], length nx·ny; NaN for a spaxel with no good pixel
 * there. A bad pixel is left out of its own spaxel's mean and of nothing else.
 */
export function whiteLight(cube: Pick<Cube, 'nx' | 'ny' | 'arms' | 'unit'>, options: WhiteLightOptions = {}): Float64Array {
  const sum = new Float64Array(cube.nx * cube.ny);
  const count = new Float64Array(sum.length);
  for (const { axis, flux, variance } of cube.arms) {
    const n = axis.wavelength.length;
    const used = Int32Array.from({ length: n }, (_, k) => k).filter((k) => isUsed(axis.wavelength[k]!, axis.medium, options));
    for (let s = 0; s < sum.length; s++) {
      let [total, good] = [sum[s]!, count[s]!];
      for (let i = 0; i < used.length; i++) {
        const at = s * n + used[i]!;
        const f = flux[at]!;
        const v = variance[at]!;
        if (!(f - f === 0 && v > 0 && v < Infinity)) continue;
        total += f;
        good++;
      }
      sum[s] = total;
      count[s] = good;
    }
  }
  const unit = cube.unit * 1e17;
  return sum.map((total, s) => (count[s]! > 0 ? (unit * total) / count[s]! : Number.NaN));
}

function isUsed(wavelength: number, medium: 'air' | 'vacuum', { range, redshift }: WhiteLightOptions): boolean {
  if (range && !(wavelength >= range[0] && wavelength <= range[1])) return false;
  return redshift === undefined || lines.every((line) =>
    Math.abs(wavelength / (line[medium] * (1 + redshift)) - 1) > halfWidth / constants.c);
}
