import { sameLength, type Column } from './columns.js';
import { bcaInterval, oneAndTwoSigma, percentileInterval, studentInterval, studentisedInterval, type Interval } from './intervals.js';
import { fitLine, type LineFit } from './line.js';
import { standardDeviation } from './moments.js';
import { quantiles } from './quantiles.js';
import { bootstrap, finite, jackknife, type Resampling } from './resampling.js';
import type { Random } from '../numeric/index.js';

export interface LineBootstrapInput extends Resampling {
  readonly x: Column;
  readonly y: Column;
  /** Levels of the intervals; 68.27 % and 95.45 % when not given. */
  readonly levels?: readonly number[];
}

/** Intervals of a coefficient at one level. */
export interface LineIntervals {
  readonly level: number;
  /** Percentiles of the draws, and these corrected for bias and skewness: too narrow for small samples. */
  readonly percentile: Interval;
  readonly bca: Interval;
  /** Studentised bootstrap. */
  readonly studentised: Interval;
  /** Student's t with the error of HC3 (MacKinnon & White 1985), which allows for a scatter that varies along x. */
  readonly hc3: Interval;
  /** Student's t with the textbook error: right when the scatter is normal and everywhere the same. */
  readonly student: Interval;
}

/** One coefficient of a line with its bootstrap. */
export interface LineCoefficient {
  readonly value: number;
  /** Standard deviation of the draws. */
  readonly error: number;
  readonly hc3Error: number;
  readonly intervals: readonly LineIntervals[];
}

/** An ordinary least-squares line with a bootstrap over its points. */
export interface LineBootstrap {
  readonly fit: LineFit;
  readonly slope: LineCoefficient;
  readonly intercept: LineCoefficient;
  /** One line a draw: slopes and intercepts; draws of points at one x are left out. */
  readonly draws: { readonly slope: Float64Array; readonly intercept: Float64Array };
}

/**
 * Ordinary least squares with a bootstrap over the points. NaN as `fitLine`.
 * @throws BadArgument for columns of unequal length, and unless `draws` is a whole number, at least 1
 */
export function bootstrapLine({ x, y, levels = oneAndTwoSigma, random, draws = 1000 }: LineBootstrapInput): LineBootstrap {
  const n = sameLength('line', x, y);
  const fit = fitLine(x, y);
  const known = n > 2 && Number.isFinite(fit.slope) && Number.isFinite(fit.intercept);
  const statistics = countedLine(Float64Array.from(x), Float64Array.from(y));
  const whole = new Float64Array(4).fill(NaN);
  if (known) statistics(new Int32Array(n).fill(1), whole);
  const none = [0, 1, 2, 3].map(() => new Float64Array(0));
  const lines = (found: Float64Array[]) => found.map((values) => values.filter((_, k) => Number.isFinite(found[0]![k]!)));
  const drawn = lines(known ? bootstrap(n, 4, statistics, { random, draws }) : none);
  const left = lines(known ? jackknife(n, 4, statistics) : none);
  const coefficient = (c: 0 | 1, textbook: number): LineCoefficient => {
    const [value, hc3Error, some] = [whole[c]!, whole[c + 2]!, drawn[c]!];
    const pivots = some.map((draw, k) => (draw - value) / drawn[c + 2]![k]!).filter(Number.isFinite);
    return {
      value, error: standardDeviation(some), hc3Error,
      intervals: levels.map((level) => ({
        level, percentile: percentileInterval(some, level), bca: bcaInterval(value, some, left[c]!, level), studentised: studentisedInterval(value, hc3Error, pivots, level),
        hc3: studentInterval(value, hc3Error, n - 2, level), student: studentInterval(value, textbook, n - 2, level),
      })),
    };
  };
  return { fit, slope: coefficient(0, fit.slopeError), intercept: coefficient(1, fit.interceptError), draws: { slope: drawn[0]!, intercept: drawn[1]! } };
}

/** Slope, intercept and their HC3 errors of a sample with `count[i]` copies of point i; all NaN where there is no line. */
function countedLine(x: Float64Array, y: Float64Array): (count: Int32Array, out: Float64Array) => void {
  const n = x.length;
  return (count, out) => {
    const first = count.findIndex((c) => c > 0);
    const [x0, y0] = [x[first]!, y[first]!];
    let [total, sumX, sumY] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const c = count[i]!;
      total += c;
      sumX += c * (x[i]! - x0);
      sumY += c * (y[i]! - y0);
    }
    const [meanX, meanY] = [x0 + sumX / total, y0 + sumY / total];
    let [xx, xy] = [0, 0];
    for (let i = 0; i < n; i++) {
      const dx = x[i]! - meanX;
      const weighted = count[i]! * dx;
      xx += weighted * dx;
      xy += weighted * (y[i]! - meanY);
    }
    if (!(xx > 0)) {
      out.fill(NaN);
      return;
    }
    const slope = xy / xx;
    // The longest loop of all that is done for a sample: what is the same for every point is divided by once, and a point that was not drawn is not jumped over, which no
    // processor can foresee, but given a denominator beside which it vanishes.
    const [share, inverse, lever] = [1 / total, 1 / xx, meanX / xx];
    const part = 1 - share;
    let [slopeSquares, interceptVariance] = [0, 0];
    for (let i = 0; i < n; i++) {
      const c = count[i]!;
      const dx = x[i]! - meanX;
      const left = (y[i]! - meanY - slope * dx) / (part - dx * dx * inverse + ((c - 1) >>> 31) * 1e300);
      const forSlope = dx * left;
      const forIntercept = left * (share - lever * dx);
      slopeSquares += c * forSlope * forSlope;
      interceptVariance += c * forIntercept * forIntercept;
    }
    out[0] = slope;
    out[1] = meanY - slope * meanX;
    out[2] = Math.sqrt(slopeSquares) * inverse;
    out[3] = Math.sqrt(interceptVariance);
  };
}

export interface LineBand {
  readonly low: Float64Array;
  readonly middle: Float64Array;
  readonly high: Float64Array;
}

/**
 * The middle `level` of the bootstrapped lines at each of some x, and their median.
 * @param level 68.27 % when not given
 */
export function lineBand({ slope, intercept }: LineBootstrap['draws'], x: Column, level: number = oneAndTwoSigma[0]!): LineBand {
  const at = Array.from(x, (value) => quantiles(slope.map((b, k) => intercept[k]! + b * value), [(1 - level) / 2, 0.5, (1 + level) / 2]));
  const part = (k: number) => Float64Array.from(at, (three) => three[k]!);
  return { low: part(0), middle: part(1), high: part(2) };
}

/**
 * The bootstrap of any fit of a line: it is given the drawn points and answers with slope and intercept.
 * @throws BadArgument for columns of unequal length
 */
export function bootstrapAnyLine(
  columns: readonly Column[], fit: (columns: Float64Array[], random: Random) => { readonly slope: number; readonly intercept: number }, { random, draws = 1000 }: Resampling,
): { readonly slopeError: number; readonly interceptError: number; readonly draws: LineBootstrap['draws'] } {
  const n = sameLength('line', ...columns);
  const resampled = columns.map(() => new Float64Array(n));
  const [slope, intercept] = bootstrap(n, 2, (count, out) => {
    let k = 0;
    for (let i = 0; i < n; i++) {
      for (let copy = 0; copy < count[i]!; copy++, k++) columns.forEach((column, c) => { resampled[c]![k] = column[i]!; });
    }
    const line = fit(resampled, random);
    out[0] = line.slope;
    out[1] = line.intercept;
  }, { random, draws }).map(finite) as [Float64Array, Float64Array];
  return { slopeError: standardDeviation(slope), interceptError: standardDeviation(intercept), draws: { slope, intercept } };
}
