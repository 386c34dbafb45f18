import { erf } from '../numeric/index.js';

const reach = 6;
const perUnit = 32;
/** Cubic pieces of Φ on intervals of 1/32, four coefficients each. */
const pieces = tabulate();

/**
 * Cumulative normal distribution from a table of cubic Hermite pieces, good to 4e-9: every cell of every line needs it
 * at every pixel's edge. Beyond ±6 it is 0 or 1.
 */
export function normalCdf(t: number): number {
  if (!(t > -reach)) return 0;
  if (t >= reach) return 1;
  const place = (t + reach) * perUnit;
  const interval = place | 0;
  const s = place - interval;
  const i = 4 * interval;
  return pieces[i]! + s * (pieces[i + 1]! + s * (pieces[i + 2]! + s * pieces[i + 3]!));
}

function tabulate(): Float64Array {
  const value = (t: number) => 0.5 * (1 + erf(t / Math.SQRT2));
  const slope = (t: number) => Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI) / perUnit;
  const table = new Float64Array(2 * reach * perUnit * 4);
  for (let interval = 0; interval < 2 * reach * perUnit; interval++) {
    const [t0, t1] = [interval / perUnit - reach, (interval + 1) / perUnit - reach];
    const rise = value(t1) - value(t0);
    table.set([value(t0), slope(t0), 3 * rise - 2 * slope(t0) - slope(t1), slope(t0) + slope(t1) - 2 * rise], 4 * interval);
  }
  return table;
}
