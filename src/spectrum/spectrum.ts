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

/** Whether a pixel counts. */
export function isGood(flux: number, variance: number): boolean {
  return flux - flux === 0 && variance > 0 && variance < Infinity;
}
