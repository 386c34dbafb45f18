import type { Random } from '../numeric/index.js';
import { fitLineIndexed, median, quantiles, standardDeviation } from '../stats/index.js';

/** A radial gradient value = intercept + slope · radius, with errors from a bootstrap. */
export interface Gradient {
  /** Median over the bootstrap. */
  readonly slope: number;
  /** Standard deviation over the bootstrap. */
  readonly slopeError: number;
  /** 16th and 84th percentile of the bootstrap. */
  readonly slopeInterval: readonly [number, number];
  readonly intercept: number;
  readonly interceptError: number;
  /** Bins that the fit used. */
  readonly bins: number;
  /** Smallest and largest radius of them. */
  readonly range: readonly [number, number];
  /** Bootstrap samples that gave a line. */
  readonly draws: number;
}

export interface GradientInput {
  /** One entry a bin, in the unit that the gradient shall be per; a bin is never repeated. */
  readonly radius: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly random: Random;
  /** Bootstrap samples; 1000 when not given. */
  readonly draws?: number;
}

/** The bins whose radius and value are both finite. */
export function finiteBins(radius: ArrayLike<number>, value: ArrayLike<number>): Int32Array {
  const kept: number[] = [];
  for (let i = 0; i < radius.length; i++) if (Number.isFinite(radius[i]!) && Number.isFinite(value[i]!)) kept.push(i);
  return Int32Array.from(kept);
}

/** The values at some indices. */
export function pick(values: ArrayLike<number>, index: Int32Array): Float64Array {
  return Float64Array.from(index, (i) => values[i]!);
}

/**
 * Ordinary least squares with a bootstrap over the bins: `draws` times as many bins are drawn with replacement and fitted
 * anew; the result is the median, the error the standard deviation (Li et al. 2025). Draws of bins at one radius give no
 * line and are left out. Fewer than three bins, or all at one radius, give NaN.
 */
export function fitGradient({ radius, value, random, draws = 1000 }: GradientInput): Gradient {
  const kept = finiteBins(radius, value);
  const [x, y, n] = [pick(radius, kept), pick(value, kept), kept.length];
  const slopes = new Float64Array(draws);
  const intercepts = new Float64Array(draws);
  const index = new Int32Array(n);
  const line = new Float64Array(2);
  let good = 0;
  for (let draw = 0; draw < draws && n > 2; draw++) {
    random.integers(n, index);
    fitLineIndexed(x, y, index, line);
    if (!Number.isFinite(line[0]!)) continue;
    slopes[good] = line[0]!;
    intercepts[good++] = line[1]!;
  }
  const [drawnSlopes, drawnIntercepts] = [slopes.subarray(0, good), intercepts.subarray(0, good)];
  const [slope, low, high] = quantiles(drawnSlopes, [0.5, 0.16, 0.84]) as [number, number, number];
  return {
    slope,
    slopeError: standardDeviation(drawnSlopes),
    slopeInterval: [low, high],
    intercept: median(drawnIntercepts),
    interceptError: standardDeviation(drawnIntercepts),
    bins: n,
    range: n ? [x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))] : [NaN, NaN],
    draws: good,
  };
}
