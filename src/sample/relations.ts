import { createRandom, type Random } from '../numeric/index.js';
import {
  benjaminiHochberg, benjaminiYekutieli, bootstrapCorrelation, completeRows, equalCountBins, explainedScatter, median, minimumScatterCombination, oneAndTwoSigma,
  type Interval, type SampleBin,
} from '../stats/index.js';
import { compareClasses, type ClassComparison } from './classes.js';
import { assumptions, deriveProperties, type Assumption, type DeriveOptions } from './derive.js';
import { propertyNamed } from './properties.js';
import { fewestGalaxies, missingColumn } from './readSample.js';
import { measureRelation, type Relation } from './relation.js';
import { abundances, gradients, withResiduals } from './residuals.js';
import { objectsOf, valuesOf, type Note, type Sample } from './sample.js';
import { selectGalaxies, type Cut } from './select.js';

export interface RelationsOptions extends Pick<DeriveOptions, 'normalisation'> {
  /** Bootstrap samples; 1000 when not given. */
  readonly draws?: number;
  /** 1 when not given. */
  readonly seed?: number;
  /** Columns that the gradient is set against; `relationProperties` when not given. Any column of numbers will do. */
  readonly properties?: readonly string[];
  /** Subsets whose relations stand beside those of the whole sample; the regular velocity fields, where they are known, when not given. */
  readonly subsets?: readonly { readonly name: string; readonly query: string }[];
}

/** The properties that Li et al. (2025) set the gradient against (Table 1 and Section 3), by the names of their columns. */
export const relationProperties = [
  'logMstar', 'logMbaryon', 'logMgas', 'logYeff', 'potential', 'sfrGradient', 'ssfrGradient', 'sigmaStarGradient', 'density', 'oh', 'logSfr',
] as const;

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

/** Median gradients in bins of equally many galaxies. */
export interface PropertyBins {
  readonly x: string;
  readonly y: string;
  readonly unit: string | null;
  readonly bins: readonly SampleBin[];
}

/** Everything that was found under one assumption. */
export interface RelationSet {
  readonly assumption: Assumption;
  /** The sample with everything derived from it, residuals at fixed mass among it. */
  readonly sample: Sample;
  /** Each property against the gradient in dex/Re and in dex/kpc. */
  readonly relations: readonly Relation[];
  /** Each property but the mass against the residual of the gradient about its relation with mass, and residuals of O/H against the gradient. */
  readonly residuals: readonly Relation[];
  /** Each property but the mass with the gradient in dex/Re, at fixed mass. */
  readonly partial: readonly PartialCorrelation[];
  /** With the yield as given, then with the yield computed throughout. */
  readonly combinations: readonly GradientCombination[];
  /** Relations among the properties themselves: mass–metallicity, main sequence, yield with mass. */
  readonly scaling: readonly Relation[];
}

/** A part of the sample with its relations. */
export interface RelationSubset {
  readonly name: string;
  readonly query: string;
  readonly n: number;
  readonly cuts: readonly Cut[];
  readonly relations: readonly Relation[];
}

/** What a sample obeys. */
export interface SampleRelations {
  readonly n: number;
  readonly draws: number;
  readonly seed: number;
  readonly source: string | null;
  /** First as measured, then with missing HI as zero where some is missing. */
  readonly sets: readonly [RelationSet, ...RelationSet[]];
  readonly massBins: readonly PropertyBins[];
  readonly classes: readonly ClassComparison[];
  readonly subsets: readonly RelationSubset[];
  readonly notes: readonly Note[];
}

const massBinCount = 5;
const scalingPairs = [['logMstar', 'oh'], ['logMstar', 'logSfr'], ['logMstar', 'logYeff'], ['logMbaryon', 'logYeff']] as const;

/**
 * The relations that a sample of galaxies obeys: what Li et al. (2025) do in Table 1 and Section 3, for any sample. Every relation uses the galaxies that have both properties. Ordinary
 * least squares and Spearman's correlation with bootstrap errors as in the paper; beside them intervals that hold what they say for small samples, robust fits, fits with
 * errors in both axes, and control of false discoveries. What a sample lacks, and what is constant or too small, is a note.
 */
export function measureRelations(sample: Sample, options: RelationsOptions = {}): SampleRelations {
  const { draws = 1000, seed = 1 } = options;
  const notes: Note[] = [...sample.notes];
  const properties = options.properties ?? relationProperties;
  const hiIsMissing = valuesOf(sample, 'logSfr') !== null && valuesOf(deriveProperties(sample), 'logMhi')?.some(Number.isNaN);
  const chosen = hiIsMissing ? assumptions : assumptions.slice(0, 1);
  const known = new Map<string, Known>();
  const sets = chosen.map((assumption) => measureSet(sample, assumption, properties, options, known, notes)) as unknown as [RelationSet, ...RelationSet[]];
  const [first] = sets;
  for (const set of sets.slice(1)) notes.push(...set.sample.notes.filter((note) => !notes.includes(note) && note.kind === 'assumption'));

  const { comparisons, notes: classNotes } = compareClasses(first.sample);
  const velocityKnown = comparisons.some(({ by, classes }) => by === 'velocityClass' && classes.includes('regular'));
  const subsets = (options.subsets ?? (velocityKnown ? [{ name: 'regular velocity fields', query: 'velocityClass = regular' }] : [])).map(({ name, query }): RelationSubset => {
    const { sample: part, cuts } = selectGalaxies(first.sample, query, `subset '${name}'`);
    const random = (pair: string) => (use: string) => createRandom(seed, 'relations', 'subset', name, pair, use);
    const { relations } = relationsWith(part, properties, { random, draws, known: new Map(), notes: [], posterior: false });
    if (part.table.length < fewestGalaxies) notes.push({ kind: 'few', about: name, message: `The subset '${name}' has ${part.table.length} galaxies, too few for statistics.` });
    return { name, query, n: part.table.length, cuts, relations };
  });
  return {
    n: sample.table.length, draws, seed, source: typeof sample.table.meta['source'] === 'string' ? sample.table.meta['source'] : null, sets, massBins: massBinsOf(first.sample), classes: comparisons,
    subsets, notes: [...notes, ...classNotes],
  };
}

/** What was found from some columns. */
interface Known { readonly columns: readonly Float64Array[]; readonly found: unknown }

interface Workings {
  readonly random: (pair: string) => (use: string) => Random;
  readonly draws: number;
  /** What was found under another assumption, which need not be found again from the same numbers. */
  readonly known: Map<string, Known>;
  readonly notes: Note[];
  readonly posterior: boolean;
}

const same = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** What was found under this name from the same columns, or is found now. */
function once<T>(known: Map<string, Known>, name: string, columns: readonly Float64Array[], find: () => T): T {
  const before = known.get(name);
  if (before && before.columns.every((column, i) => same(column, columns[i]!))) return before.found as T;
  const found = find();
  known.set(name, { columns, found });
  return found;
}

/** One relation by the names of its columns; null where it cannot be made, with a note. */
function relate(sample: Sample, x: string, y: string, { random, draws, known, notes, posterior }: Workings): Relation | null {
  const [xs, ys] = [valuesOf(sample, x), valuesOf(sample, y)];
  if (!xs || !ys) return null;
  const pair = `${y} of ${x}`;
  const base = y.replace(/Residual$/, '');
  const found = once(known, pair, [xs, ys], () => measureRelation({
    x: xs, y: ys, xError: valuesOf(sample, `${x}Error`), yError: valuesOf(sample, `${base}Error`), names: { x, y, unit: propertyNamed(base)?.unit ?? null }, random: random(pair), draws,
    posterior: posterior && x === 'logMstar',
  }));
  if (!('why' in found)) return found;
  const note: Note = found.why === 'few'
    ? { kind: 'few', about: x, message: `${pair}: ${found.n} galaxies have both, ${fewestGalaxies} are needed.` }
    : { kind: 'constant', about: found.column, message: `${pair}: every ${found.column} is the same, nothing can be said.` };
  notes.push(note);
  return null;
}

/** Several relations that were tried together: with their q-values. */
function together(relations: readonly (Relation | null)[]): Relation[] {
  const made = relations.filter((relation) => relation !== null);
  const p = made.map((relation) => relation.p);
  const [q, qAny] = [benjaminiHochberg(p), benjaminiYekutieli(p)];
  return made.map((relation, i) => ({ ...relation, q: q[i]!, qAnyDependence: qAny[i]! }));
}

function relationsWith(sample: Sample, properties: readonly string[], workings: Workings): { readonly relations: Relation[] } {
  return { relations: gradients.flatMap((gradient) => together(properties.map((property) => relate(sample, property, gradient, workings)))) };
}

function measureSet(sample: Sample, assumption: Assumption, properties: readonly string[], options: RelationsOptions, known: Map<string, Known>, notes: Note[]): RelationSet {
  const { draws = 1000, seed = 1, normalisation } = options;
  const derived = withResiduals(deriveProperties(sample, { assumption: assumption.name, ...(normalisation ? { normalisation } : {}) }));
  const first = assumption.name === 'asMeasured';
  if (first) {
    notes.push(...derived.notes.slice(sample.notes.length));
    for (const name of ['gradient', ...properties]) if (!valuesOf(derived, name)) notes.push(missingColumn(sample, name));
  }
  const random = (pair: string) => (use: string) => createRandom(seed, 'relations', assumption.name, pair, use);
  const workings: Workings = { random, draws, known, notes: first ? notes : [], posterior: true };
  const fixed = { ...workings, posterior: false };
  const others = properties.filter((name) => name !== 'logMstar');
  return {
    assumption, sample: derived, ...relationsWith(derived, properties, workings),
    residuals: [
      ...together(others.map((name) => relate(derived, name, 'gradientResidual', fixed))),
      ...together(abundances.map((name) => relate(derived, `${name}Residual`, 'gradient', fixed))),
    ],
    partial: partialOf(derived, others, 'gradient', workings),
    combinations: (['logYeff', 'logYeffComputed'] as const).flatMap((name) => combine(derived, name, workings) ?? []),
    scaling: scalingPairs.flatMap(([x, y]) => relate(derived, x, y, fixed) ?? []),
  };
}

function partialOf(sample: Sample, properties: readonly string[], y: string, { random, draws, known }: Workings): PartialCorrelation[] {
  const [mass, gradient] = [valuesOf(sample, 'logMstar'), valuesOf(sample, y)];
  if (!mass || !gradient) return [];
  const found = properties.flatMap((x): PartialCorrelation[] => {
    const values = valuesOf(sample, x);
    if (!values) return [];
    const { columns: [own, other, control] } = completeRows(values, gradient, mass);
    if (own!.length < fewestGalaxies) return [];
    const pair = `${y} of ${x}`;
    const { r, p, error, n, intervals } = once(known, `partial ${pair}`, [own!, other!, control!], () => bootstrapCorrelation({ x: own!, y: other!, controls: [control!], random: random(pair)('partial'), draws }));
    return Number.isNaN(r) ? [] : [{ x, y, given: ['logMstar'], unit: propertyNamed(y)!.unit, n, r, rError: error, p, q: null, intervals }];
  });
  const q = benjaminiHochberg(found.map(({ p }) => p));
  return found.map((partial, i) => ({ ...partial, q: q[i]! }));
}

function combine(sample: Sample, extraName: string, workings: Workings): GradientCombination | null {
  const [mass, extra, gradient] = [valuesOf(sample, 'logMstar'), valuesOf(sample, extraName), valuesOf(sample, 'gradient')];
  if (!mass || !extra || !gradient) return null;
  const { columns: [x, z, y], rows } = completeRows(mass, extra, gradient);
  if (rows.length < fewestGalaxies) return null;
  const { random, draws } = workings;
  const found = minimumScatterCombination({ x: x!, extra: z!, y: y!, random: random(`gradient of logMstar and ${extraName}`)('combination'), draws });
  if (Number.isNaN(found.gamma)) {
    workings.notes.push({ kind: 'constant', about: extraName, message: `logMstar and ${extraName} cannot be combined: one is constant or they are proportional.` });
    return null;
  }
  const values = mass.map((value, i) => value + found.gammaScan * extra[i]!);
  const name = `logMstar + ${found.gammaScan} ${extraName}`;
  const relation = measureRelation({ x: values, y: gradient, yError: valuesOf(sample, 'gradientError'), names: { x: name, y: 'gradient', unit: 'dex/Re' }, random: random(name), draws });
  if ('why' in relation) return null;
  const errors = valuesOf(sample, 'gradientError');
  const measurementError = errors ? median(Float64Array.from(rows, (i) => errors[i]!).filter(Number.isFinite)) : 0;
  const error = Number.isNaN(measurementError) ? 0 : measurementError;
  return {
    x: ['logMstar', extraName], y: 'gradient', unit: 'dex/Re', n: rows.length, gammaScan: found.gammaScan, gamma: found.gamma, gammaError: found.gammaError,
    gammaInterval: found.gammaIntervals.find(({ level }) => level === oneAndTwoSigma[0])!.interval, slope: found.combined.slope, intercept: found.combined.intercept, spearman: found.combined.spearman,
    scatterBefore: found.alone.scatter, scatterAfter: found.combined.scatter, measurementError: error, explained: explainedScatter(found.alone.scatter, found.combined.scatter, error), relation, values,
    scan: found.scan,
  };
}

function massBinsOf(sample: Sample): PropertyBins[] {
  const mass = valuesOf(sample, 'logMstar');
  if (!mass) return [];
  return gradients.flatMap((y): PropertyBins[] => {
    const values = valuesOf(sample, y);
    return values ? [{ x: 'logMstar', y, unit: propertyNamed(y)!.unit, bins: equalCountBins(mass, values, massBinCount) }] : [];
  });
}

/** How many galaxies of a sample have an effective yield below some yield, and how many have one. */
export function countBelowYield(sample: Sample, trueYield: number): { readonly below: number; readonly of: number } {
  const known = valuesOf(sample, 'logYeff')?.filter(Number.isFinite) ?? new Float64Array(0);
  return { below: known.filter((value) => value < Math.log10(trueYield)).length, of: known.length };
}

/** The names of the galaxies behind a relation. */
export const galaxiesOf = (set: RelationSet, relation: Relation): string[] => {
  const objects = objectsOf(set.sample);
  return Array.from(relation.rows, (i) => objects[i]!);
};
