import { ZgradError } from '../errors/index.js';

/**
 * The interval i of ascending knots with x[i] ≤ at < x[i + 1]; the first one for what lies before, the last for what lies after.
 * @param hint where to look first: the interval of the place before makes a walk along ascending places cheap
 */
export function locate(x: ArrayLike<number>, at: number, hint = 0): number {
  const last = x.length - 2;
  for (let i = hint; i < hint + 2 && i <= last && at >= x[i]!; i++) if (i === last || at < x[i + 1]!) return i;
  let [low, high] = [0, last + 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at >= x[middle]!) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Straight lines between the knots; beyond the ends the end values hold.
 * @param x [n] ascending
 * @param y [n]; a NaN touches only its two intervals
 * @param at [m], fastest when ascending
 * @returns [m]
 * @throws BadArgument when the knots do not ascend or y has another length
 */
export function interpolateLinear(x: ArrayLike<number>, y: ArrayLike<number>, at: ArrayLike<number>): Float64Array {
  checkKnots(x, y, 1);
  const end = x.length - 1;
  let i = 0;
  return Float64Array.from(at, (place) => {
    if (place <= x[0]!) return y[0]!;
    if (place >= x[end]!) return y[end]!;
    i = locate(x, place, i);
    const step = place - x[i]!;
    return step === 0 ? y[i]! : y[i]! + (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!) * step;
  });
}

/** @throws BadArgument unless there are at least `fewest` finite ascending x and as many y. */
export function checkKnots(x: ArrayLike<number>, y: ArrayLike<number>, fewest: number): void {
  const expected = `as many values as knots, at least ${fewest}, the knots finite and ascending`;
  if (x.length !== y.length || x.length < fewest) throw new ZgradError('BadArgument', { where: 'interpolation', found: `${x.length} knots and ${y.length} values`, expected });
  for (let i = 0; i < x.length; i++) {
    if (!(Number.isFinite(x[i]!) && (i === 0 || x[i]! > x[i - 1]!))) throw new ZgradError('BadArgument', { where: 'interpolation', found: `knot ${i} at ${x[i]} after ${x[i - 1]}`, expected });
  }
}
