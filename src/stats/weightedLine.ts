import { sameLength, type Column } from './columns.js';
import { centredSums } from './sums.js';

/** A straight line y = intercept + slope · x with its errors. */
export interface StraightLine {
  readonly slope: number;
  readonly intercept: number;
  readonly slopeError: number;
  readonly interceptError: number;
}

export interface WeightedLine extends StraightLine {
  /** Covariance of slope and intercept. */
  readonly covariance: number;
  /** Σ (residual/σ)². */
  readonly chiSquare: number;
}

/**
 * The line of least χ² through points with errors σ of y, which are taken for what they say: the errors of the line are not scaled to
 * χ²/(n − 2) = 1. NaN for one point, points at one x, or a σ that is not positive.
 * @throws BadArgument for columns of unequal length
 */
export function fitLineWeighted(x: Column, y: Column, sigma: Column): WeightedLine {
  const n = sameLength('weighted line', x, y, sigma);
  let [total, meanX, meanY] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const weight = sigma[i]! > 0 ? 1 / sigma[i]! ** 2 : NaN;
    total += weight;
    meanX += weight * (x[i]! - x[0]!);
    meanY += weight * (y[i]! - y[0]!);
  }
  meanX = x[0]! + meanX / total;
  meanY = y[0]! + meanY / total;
  let [xx, xy] = [0, 0];
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    xx += (dx / sigma[i]!) ** 2;
    xy += dx * (y[i]! - meanY) / sigma[i]! ** 2;
  }
  const slope = xx > 0 ? xy / xx : NaN;
  let chiSquare = 0;
  for (let i = 0; i < n; i++) chiSquare += ((y[i]! - meanY - slope * (x[i]! - meanX)) / sigma[i]!) ** 2;
  return {
    slope, intercept: meanY - slope * meanX, slopeError: xx > 0 ? 1 / Math.sqrt(xx) : NaN, interceptError: xx > 0 ? Math.sqrt(1 / total + meanX * meanX / xx) : NaN,
    covariance: xx > 0 ? -meanX / xx : NaN, chiSquare,
  };
}

/**
 * The line of least squared distances at right angles to it (Pearson 1901), for x and y in units in which they scatter alike. Errors by the influence of each point
 * on the line, as Isobe et al. (1990). NaN for fewer than two points, for points without a preferred direction and for a vertical line.
 * @throws BadArgument for columns of unequal length
 */
export function fitLineOrthogonal(x: Column, y: Column): StraightLine {
  const { n, meanX, meanY, xx, yy, xy } = centredSums(x, y);
  const half = (yy - xx) / 2;
  const reach = Math.hypot(half, xy);
  // Of the two forms of the same root the one without cancellation.
  const slope = xy === 0 ? (xx > yy ? 0 : NaN) : half > 0 ? (half + reach) / xy : xy / (reach - half);
  const bend = 2 * (half - slope * xy);
  let [slopeVariance, interceptVariance] = [0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i]! - meanX, y[i]! - meanY];
    const influence = -(dy - slope * dx) * (dx + slope * dy) / bend;
    slopeVariance += influence ** 2;
    interceptVariance += ((dy - slope * dx) / n - meanX * influence) ** 2;
  }
  return { slope, intercept: meanY - slope * meanX, slopeError: n > 2 ? Math.sqrt(slopeVariance) : NaN, interceptError: n > 2 ? Math.sqrt(interceptVariance) : NaN };
}
