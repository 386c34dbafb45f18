import { checkKnots } from './interpolation.js';
import { piecewiseCubic, type PiecewiseCubic } from './piecewiseCubic.js';

/** Below this share of the largest change of slope, a change counts as none. */
const flat = 1e-9;

/**
 * Akima's (1970) curve: cubics whose slope at a knot leans to the side where the chords change less, so that an outlier is felt over few intervals only.
 * @param x [n] ascending, n ≥ 2
 * @param y [n]
 * @throws BadArgument when the knots do not ascend or y has another length
 */
export function akima(x: ArrayLike<number>, y: ArrayLike<number>): PiecewiseCubic {
  checkKnots(x, y, 2);
  const n = x.length;
  // chord[i + 2] is that of interval i; two more on each side continue the parabolas of the ends.
  const chord = new Float64Array(n + 3);
  for (let i = 0; i < n - 1; i++) chord[i + 2] = (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!);
  if (n === 2) chord.fill(chord[2]!);
  chord[1] = 2 * chord[2]! - chord[3]!;
  chord[0] = 2 * chord[1]! - chord[2]!;
  chord[n + 1] = 2 * chord[n]! - chord[n - 1]!;
  chord[n + 2] = 2 * chord[n + 1]! - chord[n]!;
  const change = (i: number): number => Math.abs(chord[i + 1]! - chord[i]!);
  let largest = 0;
  for (let i = 0; i < n; i++) if (change(i) + change(i + 2) > largest) largest = change(i) + change(i + 2);
  return piecewiseCubic(x, y, Float64Array.from({ length: n }, (_, i) => {
    const [before, after] = [change(i), change(i + 2)];
    return before + after <= flat * largest
      ? (chord[i + 1]! + chord[i + 2]!) / 2
      : (after * chord[i + 1]! + before * chord[i + 2]!) / (before + after);
  }));
}
