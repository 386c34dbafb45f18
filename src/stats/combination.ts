import type { Random } from '../numeric/index.js';
import { sameLength, type Column } from './columns.js';
import { spearman } from './correlation.js';
import { oneAndTwoSigma, percentileInterval, type Interval } from './intervals.js';
import { fitLine, type LineFit } from './line.js';
import { standardDeviation } from './moments.js';
import { bootstrap, finite } from './resampling.js';
import { centredSums } from './sums.js';

export interface CombinationInput {
  readonly x: Column;
  /** What is added to x, γ times. */
  readonly extra: Column;
  readonly y: Column;
  readonly random: Random;
  /** Bootstrap samples; 1000 when not given. */
  readonly draws?: number;
  /** Values of γ that the scan tries: from, to, step. When not given: −5, 5 and 0.01, widened as far as ±100 where the γ in closed form lies outside. */
  readonly scan?: readonly [number, number, number];
}

/** The combination x + γ · extra about whose line y scatters least. */
export interface Combination {
  /** In closed form: the ratio of the two coefficients of the regression of y on both. */
  readonly gamma: number;
  /** Standard deviation of γ over the bootstrap, and its 16–84 % and 2.3–97.7 % intervals; γ has long tails when y hardly depends on x. */
  readonly gammaError: number;
  readonly gammaIntervals: readonly { readonly level: number; readonly interval: Interval }[];
  /** The value of the scan with the least scatter. */
  readonly gammaScan: number;
  /** Values of γ tried, and the scatter (standard deviation of the residuals, dividing by n) at each. */
  readonly scan: { readonly gamma: Float64Array; readonly scatter: Float64Array };
  /** y against x alone, and against the combination at the γ of the scan. */
  readonly alone: LineFit & { readonly spearman: number; readonly scatter: number };
  readonly combined: LineFit & { readonly spearman: number; readonly scatter: number };
}

/**
 * The combination of two properties about which a third scatters least (Li et al. 2025, eqs 10 and 11), by a scan and in closed form, with a bootstrap. NaN for fewer than four points, for properties that are
 * proportional, or a value that is not a number.
 * @throws BadArgument for columns of unequal length
 */
export function minimumScatterCombination({ x, extra, y, random, draws = 1000, scan }: CombinationInput): Combination {
  const n = sameLength('combination', x, extra, y);
  const statistic = countedGamma(Float64Array.from(x), Float64Array.from(extra), Float64Array.from(y));
  const whole = new Float64Array(1);
  statistic(new Int32Array(n).fill(1), whole);
  const gamma = n < 4 ? NaN : whole[0]!;
  const drawn = Number.isFinite(gamma) ? finite(bootstrap(n, 1, statistic, { random, draws })[0]!) : new Float64Array(0);
  const at = (g: number) => {
    const f = Float64Array.from({ length: n }, (_, i) => x[i]! + g * extra[i]!);
    const line = fitLine(f, y);
    return { ...line, spearman: spearman(f, y).r, scatter: line.residualStd * Math.sqrt((n - 2) / n) };
  };
  const reach = Math.max(5, Math.min(100, Math.ceil(Math.abs(gamma)) || 0));
  const [from, to, step] = scan ?? [-reach, reach, 0.01];
  // Whole multiples of the step, so that 1.1 is tried and not 1.0999999999999996.
  const steps = Math.round((to - from) / step);
  const gammas = Float64Array.from({ length: steps + 1 }, (_, k) => Math.round((from + k * step) / step) / Math.round(1 / step));
  // The residuals follow from the sums of squares and products, whatever γ is.
  const [own, cross, added] = [centredSums(x, y), centredSums(x, extra), centredSums(extra, y)];
  const scatter = gammas.map((g) => Math.sqrt(Math.max(0, own.yy - (own.xy + g * added.xy) ** 2 / (own.xx + g * (2 * cross.xy + g * added.xx))) / n));
  const least = scatter.reduce((best, value, k) => (value < scatter[best]! ? k : best), 0);
  const gammaScan = Number.isFinite(gamma) ? gammas[least]! : NaN;
  return {
    gamma, gammaError: standardDeviation(drawn), gammaIntervals: oneAndTwoSigma.map((level) => ({ level, interval: percentileInterval(drawn, level) })), gammaScan,
    scan: { gamma: gammas, scatter }, alone: at(0), combined: at(gammaScan),
  };
}

/** γ of a sample with `count[i]` copies of point i. */
function countedGamma(...columns: readonly [x: Float64Array, z: Float64Array, y: Float64Array]): (count: Int32Array, out: Float64Array) => void {
  // Counted from the first point, so that a constant column is 0.
  const [x, z, y] = columns.map((column) => column.map((value) => value - column[0]!)) as [Float64Array, Float64Array, Float64Array];
  const n = x.length;
  return (count, out) => {
    let [total, sumX, sumZ, sumY] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const c = count[i]!;
      total += c;
      sumX += c * x[i]!;
      sumZ += c * z[i]!;
      sumY += c * y[i]!;
    }
    let [xx, zz, xz, xy, zy] = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [c, dx, dz, dy] = [count[i]!, x[i]! - sumX / total, z[i]! - sumZ / total, y[i]! - sumY / total];
      xx += c * dx * dx;
      zz += c * dz * dz;
      xz += c * dx * dz;
      xy += c * dx * dy;
      zy += c * dz * dy;
    }
    out[0] = xx * zz - xz * xz > 1e-12 * xx * zz ? (zy * xx - xy * xz) / (xy * zz - zy * xz) : NaN;
  };
}

/** The share of the variance about a relation that a better relation explains, 1 − (s₁² − e²)/(s₀² − e²), where e is what the errors of y contribute to both. NaN where the errors alone make the first scatter. */
export function explainedScatter(before: number, after: number, error = 0): number {
  return before > error ? 1 - (after ** 2 - error ** 2) / (before ** 2 - error ** 2) : NaN;
}

/** y less its least-squares line in x: what is left at fixed x. NaN as `fitLine`. @throws BadArgument for columns of unequal length */
export function residualsAt(x: Column, y: Column): Float64Array {
  const { slope, intercept } = fitLine(x, y);
  return Float64Array.from({ length: x.length }, (_, i) => y[i]! - intercept - slope * x[i]!);
}
