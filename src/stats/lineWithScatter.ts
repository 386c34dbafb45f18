import { brent, invertSymmetric } from '../numeric/index.js';
import { sameLength, type Column } from './columns.js';
import { centredSums } from './sums.js';

export interface MeasuredPoints {
  readonly x: Column;
  readonly y: Column;
  /** 1σ of each x and y; 0 when not given. */
  readonly xError?: Column;
  readonly yError?: Column;
  /** Covariance of the errors of x and y of each point; 0 when not given. */
  readonly errorCovariance?: Column;
  /**
   * What is known of the true x beforehand. `flat`, when not given: nothing. With errors of x that are all alike and a free scatter the slope is then that of ordinary least squares,
   * which they make shallower. `normal`: the true x are normally distributed, with mean and width found from the x (Kelly 2007), which makes up for it.
   */
  readonly trueX?: 'flat' | 'normal';
}

/** A line y = intercept + slope · x about which the true values scatter. */
export interface LineWithScatter {
  readonly slope: number;
  readonly intercept: number;
  /** Standard deviation of the true y at fixed true x; 0 when the errors alone explain the points. */
  readonly scatter: number;
  readonly slopeError: number;
  readonly interceptError: number;
  /** NaN for a scatter of 0. */
  readonly scatterError: number;
  readonly logLikelihood: number;
}

/** Points about their means, with the variances and covariance of their errors. */
export interface CentredPoints {
  readonly n: number;
  readonly meanX: number;
  readonly meanY: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xx: Float64Array;
  readonly yy: Float64Array;
  readonly xy: Float64Array;
}

/** @throws BadArgument for columns of unequal length */
export function centrePoints({ x, y, xError, yError, errorCovariance, trueX = 'flat' }: MeasuredPoints): CentredPoints {
  const n = sameLength('line with scatter', x, y, ...[xError, yError, errorCovariance].filter((column) => column !== undefined));
  const { meanX, meanY } = centredSums(x, y);
  const from = (f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i));
  const points = {
    n, meanX, meanY, x: from((i) => x[i]! - meanX), y: from((i) => y[i]! - meanY),
    xx: from((i) => (xError ? xError[i]! ** 2 : 0)), yy: from((i) => (yError ? yError[i]! ** 2 : 0)), xy: from((i) => errorCovariance?.[i] ?? 0),
  };
  return trueX === 'normal' ? shrinkToNormal(points) : points;
}

/**
 * The points with what a normal distribution of the true x, as wide as the scatter of the x beyond their errors, makes of them: each x is drawn towards the mean and its
 * variance becomes that of the true x at the x measured; y loses what its error shares with that of x.
 */
function shrinkToNormal({ n, meanX, meanY, x, y, xx, yy, xy }: CentredPoints): CentredPoints {
  /** Mean of the x weighted for a width, and dlnL/dτ² times two. */
  const at = (width: number) => {
    let [total, sum, pull] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      total += 1 / (width + xx[i]!);
      sum += x[i]! / (width + xx[i]!);
    }
    const centre = sum / total;
    for (let i = 0; i < n; i++) pull += ((x[i]! - centre) / (width + xx[i]!)) ** 2 - 1 / (width + xx[i]!);
    return { centre, pull };
  };
  const most = x.reduce((sum, value) => sum + value * value, 0);
  const found = brent((width) => at(width).pull, 1e-12 * most / n, most, 1e-12);
  // The errors explain all of the scatter: nothing is known of where any of the true x is.
  const width = Number.isFinite(found) ? found : 0;
  const { centre } = at(width);
  const share = xx.map((error) => width / (width + error));
  return {
    n, meanX, meanY, x: x.map((value, i) => centre + share[i]! * (value - centre)), y: y.map((value, i) => value - xy[i]! / (width + xx[i]!) * (x[i]! - centre)),
    xx: xx.map((error, i) => share[i]! * error), yy: yy.map((error, i) => error - xy[i]! ** 2 / (width + xx[i]!)), xy: xy.map((shared, i) => share[i]! * shared),
  };
}

/**
 * ln L = −½ Σ [ln 2πV + (y − a − bx)²/V] with V = σ_y² + b²σ_x² − 2bσ_xy + s²: the true x have a flat distribution.
 */
export function lineLogLikelihood({ n, x, y, xx, yy, xy }: CentredPoints, slope: number, intercept: number, scatter: number): number {
  let [sum, product] = [0, 1];
  for (let i = 0; i < n; i++) {
    const variance = yy[i]! + slope * (slope * xx[i]! - 2 * xy[i]!) + scatter * scatter;
    sum += (y[i]! - intercept - slope * x[i]!) ** 2 / variance;
    product *= variance;
    // A logarithm costs as much as twenty products: one for several points, as long as their product is far from the ends of the numbers.
    if (product < 1e-100 || product > 1e100) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return -0.5 * (sum + Math.log(product) + n * Math.log(2 * Math.PI));
}

/**
 * The line of maximum likelihood through points with errors in both axes and an intrinsic scatter of unknown size (D'Agostini 2005; Hogg, Bovy & Lang 2010, with the scatter
 * along y). Errors from the expected information, which is right for many points; a small sample wants `lineWithScatterPosterior`. NaN for fewer than four points, points
 * at one x, errors that are negative or a value that is not finite.
 * @throws BadArgument for columns of unequal length
 */
export function fitLineWithScatter(points: MeasuredPoints): LineWithScatter {
  const centred = centrePoints(points);
  const { n, meanX, meanY, x, y, xx, yy, xy } = centred;
  const none = { slope: NaN, intercept: NaN, scatter: NaN, slopeError: NaN, interceptError: NaN, scatterError: NaN, logLikelihood: NaN };
  const sums = centredSums(x, y);
  const ordinary = sums.xy / sums.xx;
  if (n < 4 || !(sums.xx > 0) || ![x, y, xx, yy, xy].every((column) => column.every(Number.isFinite))) return none;

  const weight = new Float64Array(n);
  const weigh = (slope: number, extra: number) => {
    let [total, sum] = [0, 0];
    for (let i = 0; i < n; i++) {
      const w = 1 / (yy[i]! + slope * (slope * xx[i]! - 2 * xy[i]!) + extra);
      weight[i] = w;
      total += w;
      sum += w * (y[i]! - slope * x[i]!);
    }
    return sum / total;
  };
  /** dlnL/ds² times two at the best intercept. */
  const scatterPull = (slope: number, extra: number) => {
    const intercept = weigh(slope, extra);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (weight[i]! * (y[i]! - intercept - slope * x[i]!)) ** 2 - weight[i]!;
    return sum;
  };
  const bestExtra = (slope: number) => {
    let most = 0;
    for (let i = 0; i < n; i++) most += (y[i]! - slope * x[i]!) ** 2;
    const least = 1e-12 * most / n;
    if (!(scatterPull(slope, least) > 0)) return 0;
    return brent((extra) => scatterPull(slope, extra), least, most, 1e-13);
  };
  /** dlnL/db along the best intercept and scatter. */
  const slopePull = (slope: number) => {
    const intercept = weigh(slope, bestExtra(slope));
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const [w, left, bend] = [weight[i]!, y[i]! - intercept - slope * x[i]!, slope * xx[i]! - xy[i]!];
      sum += left * x[i]! * w + bend * ((left * w) ** 2 - w);
    }
    return sum;
  };
  const step = Math.sqrt(sums.yy / sums.xx) / 8 || 1;
  let [low, high] = [ordinary - step, ordinary + step];
  for (let k = 0; k < 40 && !(slopePull(low) > 0); k++) low -= step * 1.3 ** k;
  for (let k = 0; k < 40 && !(slopePull(high) < 0); k++) high += step * 1.3 ** k;
  const slope = brent(slopePull, low, high, 1e-12);
  const extra = bestExtra(slope);
  const intercept = weigh(slope, extra);
  if (!Number.isFinite(intercept)) return none;

  // Expected information of intercept, slope and s².
  const information = new Float64Array(9);
  for (let i = 0; i < n; i++) {
    const [w, bend] = [weight[i]!, 2 * (slope * xx[i]! - xy[i]!)];
    information[0]! += w;
    information[3]! += w * x[i]!;
    information[4]! += w * x[i]! ** 2 + 0.5 * (bend * w) ** 2;
    information[7]! += 0.5 * bend * w * w;
    information[8]! += 0.5 * w * w;
  }
  if (extra === 0) [information[7], information[8]] = [0, 1];
  const covariance = invertSymmetric(information, 3);
  if (!covariance) return none;
  const scatter = Math.sqrt(extra);
  return {
    slope, scatter, intercept: intercept + meanY - slope * meanX, slopeError: Math.sqrt(covariance[4]!),
    interceptError: Math.sqrt(covariance[0]! - 2 * meanX * covariance[1]! + meanX ** 2 * covariance[4]!),
    scatterError: extra > 0 ? Math.sqrt(covariance[8]!) / (2 * scatter) : NaN,
    logLikelihood: lineLogLikelihood(centred, slope, intercept, scatter),
  };
}
