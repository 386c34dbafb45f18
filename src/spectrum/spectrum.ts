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

/** The median of values[0 … n−1], which are reordered (quickselect); the upper of the two middle ones when n is even. */
export function medianInPlace(values: Float64Array, n: number): number {
  const middle = n >> 1;
  let [low, high] = [0, n - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swap = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swap;
      }
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else break;
  }
  return n > 0 ? values[middle]! : Number.NaN;
}
