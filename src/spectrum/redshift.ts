import { constants } from '../units/index.js';
import type { LineFit } from './measure.js';

/** S/N of its strongest line above which a bin counts. */
const leastSignal = 10;
/** Part of the light left out on either side. */
const tail = 0.1;

/**
 * The systemic redshift from the fits of a galaxy's bins: z + (1 + z) v/c with v the middle between the velocities that
 * leave a tenth of the light on either side, over the bins whose strongest line has S/N ≥ 10. A rotating disc has little light
 * at its systemic velocity, so that the median would jump from one side to the other with the light; wild bins fall into
 * the tails. Null when no bin counts.
 * @param redshift the one that the fits' velocities refer to
 */
export function refineRedshift(fits: readonly Pick<LineFit, 'velocity' | 'flux' | 'fluxError'>[], redshift: number): number | null {
  const bins = fits.flatMap(({ velocity, flux, fluxError }) => {
    let strongest = 0;
    flux.forEach((f, i) => { if (f >= leastSignal * fluxError[i]!) strongest = Math.max(strongest, f); });
    return strongest > 0 && Number.isFinite(velocity) ? [{ velocity, flux: strongest }] : [];
  }).sort((a, b) => a.velocity - b.velocity);
  if (bins.length === 0) return null;
  const velocity = (velocityBelow(bins, tail) + velocityBelow(bins, 1 - tail)) / 2;
  return redshift + ((1 + redshift) * velocity) / constants.c;
}

/** The velocity below which a part of the light lies: bins sorted by velocity, interpolated between their middles. */
function velocityBelow(bins: readonly { readonly velocity: number; readonly flux: number }[], part: number): number {
  const wanted = part * bins.reduce((sum, { flux }) => sum + flux, 0);
  let [before, previous, previousMiddle] = [0, bins[0]!.velocity, 0];
  for (const { velocity, flux } of bins) {
    const middle = before + flux / 2;
    if (middle >= wanted) return middle > previousMiddle ? previous + ((velocity - previous) * (wanted - previousMiddle)) / (middle - previousMiddle) : velocity;
    [previous, previousMiddle] = [velocity, middle];
    before += flux;
  }
  return previous;
}
