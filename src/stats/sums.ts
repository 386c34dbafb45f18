import { sameLength } from './columns.js';

/**
 * Means of two samples of equal length, and the sums of squares and products of the distances from them. Sums are counted from the first point, so
 * that a constant sample has exactly its value for a mean and 0 for its squares.
 * @throws BadArgument for samples of unequal length
 */
export function centredSums(x: ArrayLike<number>, y: ArrayLike<number>) {
  const n = sameLength('pairs of values', x, y);
  const [x0, y0] = [x[0]!, y[0]!];
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i]! - x0;
    meanY += y[i]! - y0;
  }
  meanX = x0 + meanX / n;
  meanY = y0 + meanY / n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return { n, meanX, meanY, xx, yy, xy };
}
