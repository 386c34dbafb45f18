import { median } from '../stats/index.js';
import { constants } from '../units/index.js';
import type { LineFit } from './measure.js';

/** S/N of Hα (or the strongest line) above which a bin counts. */
const leastSignal = 10;

/**
 * The systemic redshift from the fits of a galaxy's bins: z + (1 + z) v/c with v the flux-weighted median velocity of
 * the bins whose strongest line has S/N ≥ 10. Null when there is none.
 * @param redshift the one that the fits' velocities refer to
 */
export function refineRedshift(fits: readonly Pick<LineFit, 'velocity' | 'flux' | 'fluxError'>[], redshift: number): number | null {
  const bins = fits.flatMap(({ velocity, flux, fluxError }) => {
    let strongest = -1;
    flux.forEach((f, i) => { if (f >= leastSignal * fluxError[i]! && !(f <= flux[strongest]!)) strongest = i; });
    return strongest >= 0 && Number.isFinite(velocity) ? [{ velocity, flux: flux[strongest]! }] : [];
  }).sort((a, b) => a.velocity - b.velocity);
  const velocity = weightedMedian(bins);
  return velocity === null ? null : redshift + ((1 + redshift) * velocity) / constants.c;
}

/** The velocity below which half the flux lies, interpolated between bins sorted by velocity. */
function weightedMedian(bins: readonly { readonly velocity: number; readonly flux: number }[]): number | null {
  if (bins.length < 3) return bins.length ? median(bins.map(({ velocity }) => velocity)) : null;
  const half = bins.reduce((sum, { flux }) => sum + flux, 0) / 2;
  let before = 0;
  for (const [k, { velocity, flux }] of bins.entries()) {
    const middle = before + flux / 2;
    if (middle >= half) {
      const previous = bins[k - 1];
      if (!previous) return velocity;
      const previousMiddle = before - previous.flux / 2;
      return previous.velocity + ((velocity - previous.velocity) * (half - previousMiddle)) / (middle - previousMiddle);
    }
    before += flux;
  }
  return bins[bins.length - 1]!.velocity;
}
