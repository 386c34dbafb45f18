import type { Binning } from '../binning/index.js';
import { placeOf, type Cube } from './cube.js';

/** Room for the spectrum of one bin in one arm, used again for each bin. Length: the arm's pixels. */
export interface SpectrumBuffer {
  /** Flux density of the whole bin [1e-17 erg/s/cm²/Å]; NaN where the pixel is bad. */
  readonly flux: Float64Array;
  /** Its variance; NaN where the pixel is bad. */
  readonly variance: Float64Array;
  /** Share of the bin's spaxels that are good in this pixel, 0 to 1. */
  readonly coverage: Float64Array;
}

/** Room for the spectra of any bin of this cube, one buffer per arm. */
export function spectrumBuffers(cube: Pick<Cube, 'arms'>): SpectrumBuffer[] {
  return cube.arms.map(({ axis }) => {
    const n = axis.wavelength.length;
    return { flux: new Float64Array(n), variance: new Float64Array(n), coverage: new Float64Array(n) };
  });
}

/**
 * The spectrum of bin b in every arm, summed over its spaxels, in 1e-17 erg/s/cm²/Å.
 *
 * - A spaxel's pixel is good when its flux is finite and its variance finite and positive. Where at least half of the bin's
 *   spaxels are good the sum over them is scaled to the whole bin (× all/good); elsewhere the pixel is bad.
 * - Spaxels that repeat one spectrum, the mean of a sector, are one measurement: n of them give n × mean and n² × the variance
 *   of the mean. This also holds where a user's bin joins sectors or cuts through them.
 * - Different spectra are taken as independent: the covariance between neighbouring spaxels is not in the variance.
 *
 * No memory is allocated.
 *
 * @param into from `spectrumBuffers`.
 * @param factors per arm and pixel, from `dereddenFactors`: the flux is multiplied by the factor, the variance by its
 *   square. Default: none.
 */
export function extractSpectrum(
  cube: Pick<Cube, 'arms' | 'sectors' | 'unit'>, binning: Binning, b: number, into: readonly SpectrumBuffer[], factors: readonly Float64Array[] | null = null,
): void {
  const from = binning.start[b]!;
  const end = binning.start[b + 1]!;
  const sectors = binning.repeated ? null : cube.sectors;
  const unit = cube.unit * 1e17;
  cube.arms.forEach((arm, a) => {
    const { flux, variance, coverage } = into[a]!;
    const n = flux.length;
    flux.fill(0);
    variance.fill(0);
    // Counted down from all: bad pixels are few.
    coverage.fill(0);
    let all = 0;
    for (let j = from; j < end; j++) {
      const spaxel = binning.spaxels[j]!;
      const weight = binning.repeated ? end - from : sectors ? multiplicity(sectors, binning.spaxels, from, end, j) : 1;
      if (weight > 0) {
        const offset = placeOf(arm, spaxel);
        const { flux: measured, variance: uncertain } = arm;
        const square = weight * weight;
        all += weight;
        for (let k = 0; k < n; k++) {
          const f = measured[offset + k]!;
          const v = uncertain[offset + k]!;
          if (f - f === 0 && v > 0 && v < Infinity) {
            flux[k]! += weight * f;
            variance[k]! += square * v;
          } else {
            coverage[k]! -= weight;
          }
        }
      }
      if (binning.repeated) break;
    }
    const factor = factors?.[a];
    for (let k = 0; k < n; k++) {
      const share = (all + coverage[k]!) / (end - from);
      coverage[k] = share;
      const scale = share >= 0.5 ? (unit / share) * (factor ? factor[k]! : 1) : Number.NaN;
      flux[k]! *= scale;
      variance[k]! *= scale * scale;
    }
  });
}

/**
 * Some pixels of one spaxel's spectrum, as `extractSpectrum` would make them of a bin that holds it alone; the others of the buffers are left as they are.
 * @param pixels per arm
 */
export function extractPixels(
  cube: Pick<Cube, 'arms' | 'unit'>, spaxel: number, pixels: readonly Int32Array[], into: readonly Pick<SpectrumBuffer, 'flux' | 'variance'>[], factors: readonly Float64Array[] | null = null,
): void {
  const unit = cube.unit * 1e17;
  for (let a = 0; a < cube.arms.length; a++) {
    const arm = cube.arms[a]!;
    const [list, { flux, variance }, factor] = [pixels[a]!, into[a]!, factors?.[a]];
    const offset = placeOf(arm, spaxel);
    const { flux: measured, variance: uncertain } = arm;
    for (let i = 0; i < list.length; i++) {
      const k = list[i]!;
      const f = measured[offset + k]!;
      const v = uncertain[offset + k]!;
      const scale = f - f === 0 && v > 0 && v < Infinity ? unit * (factor ? factor[k]! : 1) : Number.NaN;
      flux[k] = f * scale;
      variance[k] = v * (scale * scale);
    }
  }
}

/** How many of the bin's spaxels repeat the spectrum of spaxel j; 0 when an earlier one already stood for them. */
function multiplicity(sectors: Int32Array, spaxels: Int32Array, from: number, end: number, j: number): number {
  const sector = sectors[spaxels[j]!]!;
  if (sector <= 0) return 1;
  let count = 0;
  for (let i = from; i < end; i++) {
    if (sectors[spaxels[i]!] !== sector) continue;
    if (i < j) return 0;
    count++;
  }
  return count;
}
