import { autocorrelationTime, sampleEnsemble, type Random } from '../numeric/index.js';
import { oneAndTwoSigma, type Interval } from './intervals.js';
import { centrePoints, fitLineWithScatter, lineLogLikelihood, type LineWithScatter, type MeasuredPoints } from './lineWithScatter.js';
import { standardDeviation } from './moments.js';
import { quantiles } from './quantiles.js';

export interface LinePosteriorInput extends MeasuredPoints {
  readonly random: Random;
  /** Walkers of the ensemble, an even number; 32 when not given. */
  readonly walkers?: number;
  /** Steps that are kept, and steps before them that are not; 1000 and 200 when not given. */
  readonly steps?: number;
  readonly burnIn?: number;
  /** Levels of the intervals; 68.27 % and 95.45 % when not given. */
  readonly levels?: readonly number[];
}

/** What the points say of one parameter. */
export interface PosteriorParameter {
  readonly median: number;
  readonly std: number;
  /** The middle part of the posterior. */
  readonly intervals: readonly { readonly level: number; readonly interval: Interval }[];
  /** Steps after which the walkers have forgotten where they were. */
  readonly autocorrelationTime: number;
  /** [steps × walkers] */
  readonly draws: Float64Array;
}

export interface LinePosterior {
  readonly slope: PosteriorParameter;
  readonly intercept: PosteriorParameter;
  readonly scatter: PosteriorParameter;
  /** Share of the proposed moves that were made. */
  readonly acceptance: number;
  readonly best: LineWithScatter;
}

/**
 * The posterior of a line with errors in both axes and intrinsic scatter, flat in slope, intercept and scatter ≥ 0, by an affine-invariant ensemble. Its intervals hold what they say for small samples
 * too. NaN where `fitLineWithScatter` is.
 * @throws BadArgument for columns of unequal length or a number of walkers that is odd or below 6
 */
export function lineWithScatterPosterior(input: LinePosteriorInput): LinePosterior {
  const { random, walkers = 32, steps = 1000, burnIn = 200, levels = oneAndTwoSigma } = input;
  const points = centrePoints(input);
  const { n, meanX, meanY } = points;
  const best = fitLineWithScatter(input);
  const known = Number.isFinite(best.slope);
  const atMean = best.intercept + best.slope * meanX - meanY;
  // The scatter of a sample that its errors explain still has a width: what the mean error leaves undecided.
  const error = Math.sqrt(points.yy.reduce((a, b) => a + b, 0) / n) || 1;
  const size = best.scatter > 0 ? best.scatter : error / Math.sqrt(n);
  const spread = Number.isFinite(best.scatterError) ? Math.min(best.scatterError, size) : size;
  const width = Math.sqrt(Math.max(best.interceptError ** 2 - (meanX * best.slopeError) ** 2, 0)) || best.slopeError;
  const start = new Float64Array(3 * walkers);
  for (let w = 0; w < walkers; w++) {
    start[3 * w] = best.slope + 0.5 * best.slopeError * random.normal();
    start[3 * w + 1] = atMean + 0.5 * width * random.normal();
    start[3 * w + 2] = Math.abs(size + 0.5 * spread * random.normal());
  }
  const chain = known ? sampleEnsemble({
    parameters: 3, start, random, steps: burnIn + steps,
    logProbability: (p) => (p[2]! >= 0 ? lineLogLikelihood(points, p[0]!, p[1]!, p[2]!) : -Infinity),
  }) : { samples: new Float64Array(0), acceptance: NaN };
  const samples = chain.samples.subarray(3 * walkers * burnIn);
  const times = known ? autocorrelationTime(samples, steps, walkers, 3) : new Float64Array(3).fill(NaN);
  const parameter = (draws: Float64Array, time: number): PosteriorParameter => {
    const [middle, ...ends] = quantiles(draws, [0.5, ...levels.flatMap((level) => [(1 - level) / 2, (1 + level) / 2])]) as [number, ...number[]];
    return {
      median: middle, std: standardDeviation(draws), autocorrelationTime: time, draws,
      intervals: levels.map((level, k) => ({ level, interval: [ends[2 * k]!, ends[2 * k + 1]!] })),
    };
  };
  const column = (c: number) => {
    const draws = new Float64Array(samples.length / 3);
    for (let k = 0; k < draws.length; k++) draws[k] = samples[3 * k + c]!;
    return draws;
  };
  const slopes = column(0);
  return {
    slope: parameter(slopes, times[0]!), intercept: parameter(column(1).map((a, k) => a + meanY - slopes[k]! * meanX), times[1]!), scatter: parameter(column(2), times[2]!),
    acceptance: chain.acceptance, best,
  };
}
