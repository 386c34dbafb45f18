import { correlationProbability } from './correlation.js';
import { centredSums } from './sums.js';

/** A straight line y = intercept + slope · x through points, by ordinary least squares. */
export interface LineFit {
  readonly slope: number;
  readonly intercept: number;
  /** Standard errors, from the scatter about the line. */
  readonly slopeError: number;
  readonly interceptError: number;
  /** Pearson's correlation and its two-sided probability. */
  readonly r: number;
  readonly p: number;
  /** Standard deviation about the line, n − 2 degrees of freedom. */
  readonly residualStd: number;
}

/**
 * Ordinary least squares line with its textbook errors. Two points give a line without errors; one point, or points
 * at one x, give NaN.
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): LineFit {
  const { n, meanX, meanY, xx, yy, xy } = centredSums(x, y);
  const slope = xx > 0 ? xy / xx : NaN;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (y[i]! - meanY - slope * (x[i]! - meanX)) ** 2;
  const residualStd = n > 2 ? Math.sqrt(squares / (n - 2)) : NaN;
  const slopeError = residualStd / Math.sqrt(xx);
  const r = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  return {
    slope,
    intercept: meanY - slope * meanX,
    slopeError,
    interceptError: slopeError * Math.sqrt(xx / n + meanX * meanX),
    r,
    p: correlationProbability(r, n),
    residualStd,
  };
}

/**
 * The same line through the points index[0], index[1], … (a point may come twice), for bootstraps: nothing is
 * allocated.
 * @param out receives [slope, intercept]; NaN as `fitLine`
 */
export function fitLineIndexed(
  x: Float64Array, y: Float64Array, index: Int32Array | Uint32Array, out: Float64Array,
): void {
  const n = index.length;
  // Counted from a point, as `centredSums`: points at one x give no line, whatever the rounding. That point is among the others, so that one pass over them loses no more
  // than n roundings.
  const [x0, y0] = [x[index[0]!]!, y[index[0]!]!];
  let [sumX, sumY, squares, products] = [0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const i = index[k]!;
    const [dx, dy] = [x[i]! - x0, y[i]! - y0];
    sumX += dx;
    sumY += dy;
    squares += dx * dx;
    products += dx * dy;
  }
  const xx = squares - (sumX * sumX) / n;
  // Below the rounding errors of the sums there is no spread.
  const slope = xx > 1e-15 * n * squares ? (products - (sumX * sumY) / n) / xx : NaN;
  out[0] = slope;
  out[1] = y0 + sumY / n - slope * (x0 + sumX / n);
}
