import type { Random } from '../numeric/index.js';
import { sameLength, type Column } from './columns.js';
import { normalDensity, normalQuantile, normalTail } from './distributions.js';
import { oneAndTwoSigma, type Interval } from './intervals.js';
import { fitLine } from './line.js';
import { median } from './quantiles.js';
import { nthSmallest } from './selection.js';
import { pairSlopes } from './slopeSelection.js';

/** The median of the slopes of all pairs, and the line of that slope that halves the points. */
export interface TheilSenLine {
  readonly slope: number;
  readonly intercept: number;
  readonly intervals: readonly { readonly level: number; readonly slope: Interval }[];
}

const allFinite = (...columns: readonly Column[]) => columns.every((column) => Array.prototype.every.call(column, Number.isFinite));

/** Sum of t(t − 1)(2t + 5) over groups of t equal values. */
function tieTerm(values: Column): number {
  const sizes = new Map<number, number>();
  for (let i = 0; i < values.length; i++) sizes.set(values[i]!, (sizes.get(values[i]!) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, t) => sum + t * (t - 1) * (2 * t + 5), 0);
}

/**
 * Theil & Sen's line (Theil 1950; Sen 1968), in O(n log n); it bears with outliers up to 29 %. Slopes of pairs at different x; the intercept is median(y) − slope · median(x).
 * Intervals by Sen's rank statistic with ties. NaN for fewer than two points, points at one x, or a value that is not finite.
 * @param levels of the intervals; 68.27 % and 95.45 % when not given
 * @throws BadArgument for columns of unequal length
 */
export function fitTheilSen(x: Column, y: Column, levels: readonly number[] = oneAndTwoSigma): TheilSenLine {
  const n = sameLength('Theil–Sen line', x, y);
  const slopes = allFinite(x, y) ? pairSlopes(x, y) : { count: 0, nth: () => NaN };
  const { count } = slopes;
  if (count === 0) return { slope: NaN, intercept: NaN, intervals: levels.map((level) => ({ level, slope: [NaN, NaN] })) };
  const upper = slopes.nth(count >> 1);
  const slope = count % 2 ? upper : (slopes.nth((count >> 1) - 1) + upper) / 2;
  const sigma = Math.sqrt((n * (n - 1) * (2 * n + 5) - tieTerm(x) - tieTerm(y)) / 18);
  return {
    slope, intercept: median(y) - slope * median(x),
    intervals: levels.map((level) => {
      const reach = normalQuantile((1 + level) / 2) * sigma;
      const [low, high] = [Math.max(0, Math.round((count - reach) / 2) - 1), Math.min(count - 1, Math.round((count + reach) / 2))];
      return { level, slope: [slopes.nth(low), slopes.nth(high)] };
    }),
  };
}

/**
 * Siegel's (1982) line: the median over the points of the median slope to the others, which bears with outliers up to 50 %; O(n²). The intercept is the median of
 * y − slope · x. NaN as `fitTheilSen`.
 * @throws BadArgument for columns of unequal length
 */
export function fitRepeatedMedian(x: Column, y: Column): { readonly slope: number; readonly intercept: number } {
  const n = sameLength('repeated-median line', x, y);
  if (!allFinite(x, y)) return { slope: NaN, intercept: NaN };
  const medians: number[] = [];
  for (let i = 0; i < n; i++) {
    const slopes: number[] = [];
    for (let j = 0; j < n; j++) if (x[j] !== x[i]) slopes.push((y[j]! - y[i]!) / (x[j]! - x[i]!));
    if (slopes.length) medians.push(median(slopes));
  }
  const slope = median(medians);
  return { slope, intercept: median(Array.from(x, (value, i) => y[i]! - slope * value)) };
}

/** The line through the part of the points that lie closest to a line. */
export interface TrimmedLine {
  readonly slope: number;
  readonly intercept: number;
  readonly slopeError: number;
  readonly interceptError: number;
  /** Standard deviation about the line, for a normal scatter. */
  readonly sigma: number;
  /** [n] 1 where a point is within 2.5 σ and was used. */
  readonly used: Uint8Array;
}

export interface TrimmedLineInput {
  readonly x: Column;
  readonly y: Column;
  readonly random: Random;
  /** Lines through two random points to begin with; 500 when not given. */
  readonly starts?: number;
}

/** Points further away than so many σ are outliers. */
const outlier = 2.5;

/** σ of normal deviates over that of the part within ± z σ. */
const trimming = (z: number) => 1 / Math.sqrt(1 - 2 * z * normalDensity(z) / (1 - 2 * normalTail(z)));

/**
 * Least trimmed squares: the line with the least sum of squares of the (n + 3)/2 points closest to it, found by concentration steps from random lines (Rousseeuw & Van Driessen
 * 2006), then ordinary least squares of all within 2.5 σ of it (Rousseeuw & Leroy 1987). It bears with outliers of nearly 50 %. NaN for fewer than five points, points at one
 * x, or a value that is not finite.
 * @throws BadArgument for columns of unequal length
 */
export function fitLineTrimmed({ x, y, random, starts = 500 }: TrimmedLineInput): TrimmedLine {
  const n = sameLength('trimmed line', x, y);
  const none: TrimmedLine = { slope: NaN, intercept: NaN, slopeError: NaN, interceptError: NaN, sigma: NaN, used: new Uint8Array(n) };
  if (n < 5 || !allFinite(x, y) || fitLine(x, y).slope !== fitLine(x, y).slope) return none;
  const kept = (n + 3) >> 1;
  const [distance, work] = [new Float64Array(n), new Float64Array(n)];
  const [u, v] = [Float64Array.from(x), Float64Array.from(y)];
  const concentrate = ({ slope, intercept }: { readonly slope: number; readonly intercept: number }) => {
    for (let i = 0; i < n; i++) work[i] = distance[i] = Math.abs(v[i]! - intercept - slope * u[i]!);
    const limit = nthSmallest(work, kept - 1);
    let [count, sumX, sumY, squares] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      if (distance[i]! > limit) continue;
      count++;
      sumX += u[i]! - u[0]!;
      sumY += v[i]! - v[0]!;
      squares += distance[i]! ** 2;
    }
    const [meanX, meanY] = [u[0]! + sumX / count, v[0]! + sumY / count];
    let [xx, xy] = [0, 0];
    for (let i = 0; i < n; i++) {
      if (distance[i]! > limit) continue;
      xx += (u[i]! - meanX) ** 2;
      xy += (u[i]! - meanX) * (v[i]! - meanY);
    }
    const next = xx > 0 ? xy / xx : slope;
    return { slope: next, intercept: meanY - next * meanX, squares: squares / count };
  };
  const begun = Array.from({ length: starts }, () => {
    let [i, j] = [0, 0];
    for (let trial = 0; trial < 100 && u[i] === u[j]; trial++) [i, j] = [random.integer(n), random.integer(n)];
    const slope = u[i] === u[j] ? 0 : (v[j]! - v[i]!) / (u[j]! - u[i]!);
    return concentrate(concentrate({ slope, intercept: v[i]! - slope * u[i]! }));
  }).sort((a, b) => a.squares - b.squares);
  const best = begun.slice(0, 10).map((line) => {
    // The sum of squares falls with every step and there are finitely many sets of points.
    for (let now = line; ;) {
      const next = concentrate(now);
      if (!(next.squares < now.squares)) return now;
      now = next;
    }
  }).reduce((a, b) => (b.squares < a.squares ? b : a));
  const raw = Math.sqrt(best.squares) * trimming(normalQuantile((1 + kept / n) / 2)) * (1 + 5 / (n - 2));
  const used = Uint8Array.from(u, (value, i) => (Math.abs(v[i]! - best.intercept - best.slope * value) <= outlier * raw ? 1 : 0));
  const line = fitLine(u.filter((_, i) => used[i]), v.filter((_, i) => used[i]));
  const wider = trimming(outlier);
  return { slope: line.slope, intercept: line.intercept, slopeError: line.slopeError * wider, interceptError: line.interceptError * wider, sigma: line.residualStd * wider, used };
}
