import { ZgradError } from '../errors/index.js';
import { normalQuantile, normalTail, studentQuantile } from './distributions.js';
import { quantiles } from './quantiles.js';

/** Lower and upper end; NaN where there is none. */
export type Interval = readonly [number, number];

/** The probabilities within one and two standard deviations of a normal distribution. */
export const oneAndTwoSigma: readonly number[] = [1 - 2 * normalTail(1), 1 - 2 * normalTail(2)];

const tailOf = (level: number): number => {
  if (level > 0 && level < 1) return (1 - level) / 2;
  throw new ZgradError('BadArgument', { where: 'confidence interval', found: `a level of ${level}`, expected: 'a probability between 0 and 1' });
};

/** The middle part of the draws. Too narrow for small samples: the bootstrap scatters by √[(n − 1)/n] less, and its tails are normal, not Student's. */
export function percentileInterval(draws: Float64Array, level: number): Interval {
  const tail = tailOf(level);
  return quantiles(draws, [tail, 1 - tail]) as [number, number];
}

/**
 * Percentiles of the draws, moved for the bias and the skewness of the statistic (BCa; Efron 1987).
 * @param jackknifed the statistic without each of the points or groups of them
 */
export function bcaInterval(estimate: number, draws: Float64Array, jackknifed: Float64Array, level: number): Interval {
  const tail = tailOf(level);
  const middle = jackknifed.reduce((a, b) => a + b, 0) / jackknifed.length;
  let [below, cubes, squares] = [0, 0, 0];
  for (const draw of draws) below += draw < estimate ? 1 : draw === estimate ? 0.5 : 0;
  for (const value of jackknifed) {
    cubes += (middle - value) ** 3;
    squares += (middle - value) ** 2;
  }
  if (squares === 0) return [estimate, estimate];
  const bias = normalQuantile(below / draws.length);
  const acceleration = cubes / (6 * squares ** 1.5);
  const moved = (z: number) => 1 - normalTail(bias + (bias + z) / (1 - acceleration * (bias + z)));
  return quantiles(draws, [moved(normalQuantile(tail)), moved(-normalQuantile(tail))]) as [number, number];
}

/**
 * The studentised bootstrap (bootstrap-t; Efron 1982, Hall 1988).
 * @param pivots (draw − estimate)/error of the draw, each with an error of its own
 */
export function studentisedInterval(estimate: number, error: number, pivots: Float64Array, level: number): Interval {
  const tail = tailOf(level);
  const [low, high] = quantiles(pivots, [tail, 1 - tail]) as [number, number];
  return [estimate - high * error, estimate - low * error];
}

/** Estimate and error with Student's distribution. */
export function studentInterval(estimate: number, error: number, freedom: number, level: number): Interval {
  const reach = studentQuantile(1 - tailOf(level), freedom) * error;
  return [estimate - reach, estimate + reach];
}

/** What kind of correlation a coefficient is. */
export type CorrelationKind = 'pearson' | 'spearman' | 'kendall';

/**
 * Fisher's (1915) interval of a correlation: normal in atanh r, with variance 1/(n − 3) for Pearson's, (1 + r²/2)/(n − 3) for Spearman's (Bonett & Wright 2000)
 * and 0.437/(n − 4) for Kendall's (Fieller, Hartley & Pearson 1957); each control of a partial correlation takes one off n.
 */
export function fisherInterval(r: number, n: number, kind: CorrelationKind, level: number, controls = 0): Interval {
  const tail = tailOf(level);
  const variance = kind === 'kendall' ? 0.437 / (n - controls - 4) : (kind === 'spearman' ? 1 + r * r / 2 : 1) / (n - controls - 3);
  if (!(variance > 0 && Number.isFinite(variance))) return [NaN, NaN];
  const reach = -normalQuantile(tail) * Math.sqrt(variance);
  return [Math.tanh(Math.atanh(r) - reach), Math.tanh(Math.atanh(r) + reach)];
}
