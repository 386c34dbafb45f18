import { createRandom } from '../numeric/index.js';
import { bootstrapCorrelation, completeRows, explainedScatter, median, minimumScatterCombination, oneAndTwoSigma, type Interval } from '../stats/index.js';
import { measureRelation, type Relation, type RelationInput } from './relation.js';

/** A rank correlation with other properties held fixed. */
export interface PartialCorrelation {
  readonly x: string;
  readonly y: string;
  readonly given: readonly string[];
  readonly unit: string | null;
  readonly n: number;
  readonly r: number;
  /** Standard deviation of the bootstrap. */
  readonly rError: number;
  /** Two-sided, Student's t. */
  readonly p: number;
  /** As in `Relation`, among the partial correlations. */
  readonly q: number | null;
  readonly intervals: readonly { readonly level: number; readonly percentile: Interval; readonly bca: Interval; readonly fisher: Interval }[];
}

/** x[0] + γ x[1], about which the gradient scatters least (Li et al. 2025, Eqs. 10 and 11). */
export interface GradientCombination {
  readonly x: readonly [string, string];
  readonly y: string;
  readonly unit: string | null;
  readonly n: number;
  /** By the scan in steps of 0.01; in closed form with its bootstrap error and 68.3 % interval. */
  readonly gammaScan: number;
  readonly gamma: number;
  readonly gammaError: number;
  readonly gammaInterval: Interval;
  /** The gradient against the combination at the γ of the scan. */
  readonly slope: number;
  readonly intercept: number;
  readonly spearman: number;
  /** Standard deviations about x[0] alone and about the combination, and the share of the variance that this explains, less the typical error of the gradient. */
  readonly scatterBefore: number;
  readonly scatterAfter: number;
  readonly measurementError: number;
  readonly explained: number;
  /** The same relation in full. */
  readonly relation: Relation;
  /** The combination, one value a galaxy. */
  readonly values: Float64Array;
  readonly scan: { readonly gamma: Float64Array; readonly scatter: Float64Array };
}

/** Columns [galaxies] with NaN where a value is missing, and what is asked of them; every kind of job has a result of its own. */
interface JobKinds {
  readonly relation: { readonly asks: { readonly input: Omit<RelationInput, 'random' | 'draws'> }; readonly result: ReturnType<typeof measureRelation> };
  readonly partial: {
    readonly asks: { readonly x: string; readonly y: string; readonly given: string; readonly unit: string | null; /** x, y and what is held fixed, complete. */ readonly columns: readonly Float64Array[] };
    /** Null where there is no correlation; without its q. */
    readonly result: PartialCorrelation | null;
  };
  readonly combination: {
    readonly asks: {
      readonly x: readonly [string, string]; readonly y: string; readonly unit: string | null;
      /** Both properties and the gradient. */
      readonly columns: readonly [Float64Array, Float64Array, Float64Array];
      readonly yError: Float64Array | null;
    };
    readonly result: GradientCombination | { readonly why: 'constant' } | null;
  };
}

type Kind = keyof JobKinds;
interface Shared { readonly draws: number; readonly seed: number }
/** What a kind of job asks, and the names of its random numbers. */
type Asks<K extends Kind> = JobKinds[K]['asks'] & { readonly numbers: readonly string[] };

/** A part of the statistics of a sample that needs no other: plain data, which may go to another thread. */
export type RelationJob = { readonly [K in Kind]: Asks<K> & Shared & { readonly kind: K } }[Kind];
export type RelationResult = JobKinds[Kind]['result'];

/** Does one job. The result hangs on the job alone, and is plain data. */
export function doRelationJob(job: RelationJob): RelationResult {
  switch (job.kind) {
    case 'relation': return measureRelation({ ...job.input, draws: job.draws, random: (use) => createRandom(job.seed, 'relations', ...job.numbers, use) });
    case 'partial': return correlate(job);
    default: return combineColumns(job);
  }
}

function correlate({ x, y, given, unit, columns, numbers, draws, seed }: Asks<'partial'> & Shared): PartialCorrelation | null {
  const [own, other, control] = columns as [Float64Array, Float64Array, Float64Array];
  const { r, p, error, n, intervals } = bootstrapCorrelation({ x: own, y: other, controls: [control], random: createRandom(seed, 'relations', ...numbers, 'partial'), draws });
  return Number.isNaN(r) ? null : { x, y, given: [given], unit, n, r, rError: error, p, q: null, intervals };
}

function combineColumns({ x: names, y: yName, unit, columns, yError, numbers, draws, seed }: Asks<'combination'> & Shared): JobKinds['combination']['result'] {
  const [first, extra, gradient] = columns;
  const random = (pair: string) => (use: string) => createRandom(seed, 'relations', ...numbers, pair, use);
  const { columns: [x, z, y], rows } = completeRows(first, extra, gradient);
  const found = minimumScatterCombination({ x: x!, extra: z!, y: y!, random: random(`${yName} of ${names.join(' and ')}`)('combination'), draws });
  if (Number.isNaN(found.gamma)) return { why: 'constant' };
  const values = first.map((value, i) => value + found.gammaScan * extra[i]!);
  const name = `${names[0]} + ${found.gammaScan} ${names[1]}`;
  const relation = measureRelation({ x: values, y: gradient, yError, names: { x: name, y: yName, unit }, random: random(name), draws });
  if ('why' in relation) return null;
  const measurementError = yError ? median(Float64Array.from(rows, (i) => yError[i]!).filter(Number.isFinite)) : 0;
  const error = Number.isNaN(measurementError) ? 0 : measurementError;
  return {
    x: names, y: yName, unit, n: rows.length, gammaScan: found.gammaScan, gamma: found.gamma, gammaError: found.gammaError,
    gammaInterval: found.gammaIntervals.find(({ level }) => level === oneAndTwoSigma[0])!.interval, slope: found.combined.slope, intercept: found.combined.intercept, spearman: found.combined.spearman,
    scatterBefore: found.alone.scatter, scatterAfter: found.combined.scatter, measurementError: error, explained: explainedScatter(found.alone.scatter, found.combined.scatter, error), relation, values,
    scan: found.scan,
  };
}

/** Jobs one after the other. */
export interface JobList {
  readonly jobs: readonly RelationJob[];
  /**
   * Adds a job, unless it was asked in this scope of the same columns already, under another assumption.
   * @returns finds its result among those of all jobs
   */
  add<K extends Kind>(kind: K, scope: string, columns: readonly Float64Array[], asks: Asks<K>): (results: readonly RelationResult[]) => JobKinds[K]['result'];
}

const same = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

export function createJobList(shared: Shared): JobList {
  const jobs: RelationJob[] = [];
  const known = new Map<string, { readonly columns: readonly Float64Array[]; readonly place: number }>();
  return {
    jobs,
    add<K extends Kind>(kind: K, scope: string, columns: readonly Float64Array[], asks: Asks<K>) {
      const name = JSON.stringify([scope, kind, 'input' in asks ? asks.input.names : [asks.x, asks.y]]);
      const before = known.get(name);
      const again = before?.columns.every((column, i) => same(column, columns[i]!));
      const place = again ? before!.place : jobs.push({ ...shared, ...asks, kind } as unknown as RelationJob) - 1;
      if (!again) known.set(name, { columns, place });
      return (results) => results[place] as JobKinds[K]['result'];
    },
  };
}
