import { ZgradError } from '../errors/index.js';
import type { Lsf, SpectralAxis } from '../light/index.js';

/**
 * One bin's spectrum in one arm: flux density of the whole bin [1e-17 erg/s/cm²/Å] and its variance. A pixel counts only
 * where the flux is finite and the variance finite and positive. A bin's data are one spectrum per arm.
 */
export interface Spectrum {
  readonly axis: SpectralAxis;
  readonly lsf: Lsf;
  readonly flux: Float64Array;
  readonly variance: Float64Array;
}

/** What of a spectrum is the same in all bins. */
export type SpectralArm = Pick<Spectrum, 'axis' | 'lsf'>;

/** Whether a pixel counts. */
export function isGood(flux: number, variance: number): boolean {
  return flux - flux === 0 && variance > 0 && variance < Infinity;
}

/** @throws BadArgument when spectra do not belong to the arms that a fitter was made for. */
export function checkSpectra(spectra: readonly Spectrum[], arms: readonly SpectralArm[]): void {
  const lengths = spectra.map(({ flux, variance }) => `${flux.length}/${variance.length}`).join(', ');
  const wanted = arms.map(({ axis }) => `${axis.wavelength.length}/${axis.wavelength.length}`).join(', ');
  if (lengths !== wanted) {
    throw new ZgradError('BadArgument', { where: 'spectra', found: `lengths of flux/variance ${lengths}`, expected: `${wanted}, as the fitter was made for` });
  }
}

let spare = new Float64Array(512);

/**
 * The median of values[0 … n−1], which are spoilt; the upper of the two middle ones when n is even. A quickselect that copies
 * each side in turn, which a processor does without guessing which way the values go.
 */
export function medianInPlace(values: Float64Array, n: number): number {
  if (spare.length < n) spare = new Float64Array(2 * n);
  let from = values;
  let into: Float64Array = spare;
  let place = n >> 1;
  let count = n;
  while (count > 0) {
    const pivot = from[count >> 1]!;
    let less = 0;
    for (let k = 0; k < count; k++) {
      const value = from[k]!;
      into[less] = value;
      less += Number(value < pivot);
    }
    let kept = less;
    if (place >= less) {
      let more = 0;
      for (let k = 0; k < count; k++) {
        const value = from[k]!;
        into[more] = value;
        more += Number(value > pivot);
      }
      if (place < count - more) return pivot;
      place -= count - more;
      kept = more;
    }
    count = kept;
    [from, into] = [into, from];
  }
  return Number.NaN;
}
