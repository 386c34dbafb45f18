import type { Random } from '../numeric/index.js';
import {
  bootstrapCorrelation, bootstrapLine, completeRows, fitLineOrthogonal, fitLineTrimmed, fitLineWeighted, fitLineWithScatter, fitTheilSen, kendall, lineBand,
  lineWithScatterPosterior, oneAndTwoSigma, pearson, spearmanExactProbability, type Interval,
} from '../stats/index.js';
import { fewestGalaxies } from './readSample.js';

/** A line by another fit than least squares. */
export interface OtherFit {
  readonly slope: number;
  readonly intercept: number;
  readonly slopeError: number | null;
  /** 68.3 % interval of the slope. */
  readonly slopeInterval: Interval | null;
  /** Intrinsic scatter, for the fits that have one. */
  readonly scatter: number | null;
}

/** Intervals of a relation at one level; the plain percentiles of the bootstrap are too narrow for some 50 galaxies, the others better. */
export interface RelationIntervals {
  readonly level: number;
  readonly slope: { readonly percentile: Interval; readonly bca: Interval; readonly studentised: Interval; readonly hc3: Interval };
  readonly intercept: { readonly percentile: Interval; readonly bca: Interval; readonly studentised: Interval; readonly hc3: Interval };
  readonly spearman: { readonly percentile: Interval; readonly bca: Interval; readonly fisher: Interval };
}

/** How one property goes with another over the galaxies that have both. */
export interface Relation {
  readonly x: string;
  readonly y: string;
  /** Of y; null for a pure number. */
  readonly unit: string | null;
  readonly n: number;
  /** Ordinary least squares, errors by bootstrap over the galaxies. */
  readonly slope: number;
  readonly slopeError: number;
  readonly intercept: number;
  readonly interceptError: number;
  readonly spearman: number;
  readonly spearmanError: number;
  /** Two-sided, of Spearman's correlation: Student's t. */
  readonly p: number;
  /** By counting permutations, for up to 12 galaxies; null for more. */
  readonly pExact: number | null;
  /** Standard deviation about the line, dividing by n. */
  readonly scatter: number;
  readonly pearson: number;
  readonly pearsonP: number;
  readonly kendall: number;
  readonly kendallP: number;
  /** Smallest false-discovery rate at which it counts as found among the relations tried with it: Benjamini & Hochberg, and for any dependence Benjamini & Yekutieli; null where it was tried alone. */
  readonly q: number | null;
  readonly qAnyDependence: number | null;
  readonly intervals: readonly RelationIntervals[];
  readonly fits: {
    readonly theilSen: OtherFit;
    readonly trimmed: OtherFit;
    readonly orthogonal: OtherFit;
    /** With the errors of y alone; null where there are none. */
    readonly weighted: OtherFit | null;
    /** Errors in both axes, true x that are normally distributed, and intrinsic scatter: maximum likelihood, and the posterior where it was asked for. */
    readonly withScatter: OtherFit | null;
    readonly posterior: OtherFit | null;
  };
  /** The 68.3 % band of the bootstrapped lines. */
  readonly band: { readonly x: Float64Array; readonly low: Float64Array; readonly high: Float64Array };
  /** Rows of the sample that it comes from. */
  readonly rows: Int32Array;
}

export interface RelationInput {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xError?: Float64Array | null;
  readonly yError?: Float64Array | null;
  readonly names: { readonly x: string; readonly y: string; readonly unit: string | null };
  /** A generator of its own for each use. */
  readonly random: (use: string) => Random;
  /** Bootstrap samples, and steps of the posterior's ensemble. */
  readonly draws: number;
  /** True to sample the posterior of the line with intrinsic scatter. */
  readonly posterior?: boolean;
}

const bandPoints = 61;
/** Of least trimmed squares: with half the points outliers, all of them miss in one sample of a million. */
const trimmedStarts = 50;

/** The relation of two columns (NaN = missing); null with the reason where there are fewer than five galaxies or a column is constant. */
export function measureRelation(input: RelationInput): Relation | { readonly why: 'few' | 'constant'; readonly n: number; readonly column: string } {
  const { names, random, draws } = input;
  const { columns, rows } = completeRows(input.x, input.y);
  const [x, y] = columns as [Float64Array, Float64Array];
  const n = rows.length;
  if (n < fewestGalaxies) return { why: 'few', n, column: names.x };
  const constant = [x, y].findIndex((values) => values.every((value) => value === values[0]));
  if (constant >= 0) return { why: 'constant', n, column: constant === 0 ? names.x : names.y };

  const line = bootstrapLine({ x, y, random: random('line'), draws });
  const rank = bootstrapCorrelation({ x, y, random: random('spearman'), draws });
  const product = pearson(x, y);
  const concordance = kendall(x, y);
  const exact = spearmanExactProbability(x, y);
  const [low, high] = [x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))];
  const at = Float64Array.from({ length: bandPoints }, (_, i) => low + ((high - low) * i) / (bandPoints - 1));
  const band = lineBand(line.draws, at);
  return {
    ...names, n, slope: line.fit.slope, slopeError: line.slope.error, intercept: line.fit.intercept, interceptError: line.intercept.error,
    spearman: rank.r, spearmanError: rank.error, p: rank.p, pExact: Number.isNaN(exact) ? null : exact, scatter: line.fit.residualStd * Math.sqrt((n - 2) / n),
    pearson: product.r, pearsonP: product.p, kendall: concordance.r, kendallP: concordance.p, q: null, qAnyDependence: null,
    intervals: oneAndTwoSigma.map((level, i) => {
      const of = ({ percentile, bca, studentised, hc3 }: (typeof line.slope.intervals)[number]) => ({ percentile, bca, studentised, hc3 });
      const { percentile, bca, fisher } = rank.intervals[i]!;
      return { level, slope: of(line.slope.intervals[i]!), intercept: of(line.intercept.intervals[i]!), spearman: { percentile, bca, fisher } };
    }),
    fits: otherFits(input, x, y, rows), band: { x: at, low: band.low, high: band.high }, rows,
  };
}

function otherFits(input: RelationInput, x: Float64Array, y: Float64Array, rows: Int32Array): Relation['fits'] {
  const plain = (fit: { readonly slope: number; readonly intercept: number; readonly slopeError?: number }, more: Partial<OtherFit> = {}): OtherFit => ({
    slope: fit.slope, intercept: fit.intercept, slopeError: fit.slopeError ?? null, slopeInterval: null, scatter: null, ...more,
  });
  const theilSen = fitTheilSen(x, y);
  const trimmed = fitLineTrimmed({ x, y, random: input.random('trimmed'), starts: trimmedStarts });
  const errorsOf = (errors: Float64Array | null | undefined) => (errors ? Float64Array.from(rows, (i) => errors[i]!) : null);
  const [xError, yError] = [errorsOf(input.xError), errorsOf(input.yError)];
  // Galaxies without an error cannot be weighed.
  const known = yError && Array.from(yError.keys()).filter((i) => yError[i]! > 0 && (!xError || xError[i]! >= 0));
  const some = known && known.length >= fewestGalaxies ? known : null;
  const pick = (values: Float64Array) => Float64Array.from(some!, (i) => values[i]!);
  const points = some && { x: pick(x), y: pick(y), yError: pick(yError!), ...(xError ? { xError: pick(xError), trueX: 'normal' as const } : {}) };
  const likely = points && fitLineWithScatter(points);
  const posterior = points && input.posterior ? lineWithScatterPosterior({ ...points, random: input.random('posterior'), steps: input.draws }) : null;
  return {
    theilSen: plain(theilSen, { slopeInterval: theilSen.intervals[0]!.slope }), trimmed: plain(trimmed, { scatter: trimmed.sigma }), orthogonal: plain(fitLineOrthogonal(x, y)),
    weighted: points && plain(fitLineWeighted(points.x, points.y, points.yError)), withScatter: likely && plain(likely, { scatter: likely.scatter }),
    posterior: posterior && {
      slope: posterior.slope.median, intercept: posterior.intercept.median, slopeError: posterior.slope.std, slopeInterval: posterior.slope.intervals[0]!.interval, scatter: posterior.scatter.median,
    },
  };
}
