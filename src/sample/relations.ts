import { benjaminiHochberg, benjaminiYekutieli, completeRows, equalCountBins, type SampleBin } from '../stats/index.js';
import { compareClasses, type ClassComparison } from './classes.js';
import { assumptions, deriveProperties, type Assumption, type DeriveOptions } from './derive.js';
import { propertyNamed } from './properties.js';
import { fewestGalaxies, missingColumn } from './readSample.js';
import type { Relation } from './relation.js';
import { createJobList, doRelationJob, type GradientCombination, type JobList, type PartialCorrelation, type RelationJob, type RelationResult } from './relationJobs.js';
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

/** The relations of a sample in parts: jobs that can be done in any order on any thread, and the answer that their results make. */
export interface RelationsPlan {
  readonly jobs: readonly RelationJob[];
  /** @param results of `doRelationJob`, in the order of the jobs */
  assemble(results: readonly RelationResult[]): SampleRelations;
}

/**
 * The relations that a sample of galaxies obeys: what Li et al. (2025) do in Table 1 and Section 3, for any sample. Every relation uses the galaxies that have both properties. Ordinary
 * least squares and Spearman's correlation with bootstrap errors as in the paper; beside them intervals that hold what they say for small samples, robust fits, fits with
 * errors in both axes, and control of false discoveries. What a sample lacks, and what is constant or too small, is a note.
 */
export function measureRelations(sample: Sample, options: RelationsOptions = {}): SampleRelations {
  const { jobs, assemble } = planRelations(sample, options);
  return assemble(jobs.map(doRelationJob));
}

/** What `measureRelations` does, in parts for several threads. @throws as `selectGalaxies` for the queries of subsets */
export function planRelations(sample: Sample, options: RelationsOptions = {}): RelationsPlan {
  const { draws = 1000, seed = 1 } = options;
  const properties = options.properties ?? relationProperties;
  const hiIsMissing = valuesOf(sample, 'logSfr') !== null && valuesOf(deriveProperties(sample), 'logMhi')?.some(Number.isNaN);
  const chosen = hiIsMissing ? assumptions : assumptions.slice(0, 1);
  const list = createJobList({ draws, seed });
  const planned = chosen.map((assumption) => planSet(sample, assumption, properties, options, list));
  const first = planned[0]!.sample;

  const { comparisons, notes: classNotes } = compareClasses(first);
  const velocityKnown = comparisons.some(({ by, classes }) => by === 'velocityClass' && classes.includes('regular'));
  const parts = (options.subsets ?? (velocityKnown ? [{ name: 'regular velocity fields', query: 'velocityClass = regular' }] : [])).map(({ name, query }) => {
    const { sample: part, cuts } = selectGalaxies(first, query, `subset '${name}'`);
    return { name, query, n: part.table.length, cuts, relations: gradientRelations(part, properties, { list, numbers: ['subset', name], scope: `subset ${name}`, posterior: false }) };
  });
  return {
    jobs: list.jobs,
    assemble(results) {
      const notes: Note[] = [...sample.notes];
      const sets = planned.map(({ make }, i) => make(results, i === 0 ? notes : [])) as unknown as [RelationSet, ...RelationSet[]];
      for (const set of sets.slice(1)) notes.push(...set.sample.notes.filter((note) => !notes.includes(note) && note.kind === 'assumption'));
      const subsets = parts.map(({ relations, ...part }): RelationSubset => {
        if (part.n < fewestGalaxies) notes.push({ kind: 'few', about: part.name, message: `The subset '${part.name}' has ${part.n} galaxies, too few for statistics.` });
        return { ...part, relations: relations(results, []) };
      });
      return {
        n: sample.table.length, draws, seed, source: typeof sample.table.meta['source'] === 'string' ? sample.table.meta['source'] : null, sets, massBins: massBinsOf(first), classes: comparisons,
        subsets, notes: [...notes, ...classNotes],
      };
    },
  };
}

/** What will be made of the results of jobs; notes are added. */
type Later<T> = (results: readonly RelationResult[], notes: Note[]) => T;

/** Makes all of a list, in its order. */
const allOf = <T>(list: readonly Later<T>[]): Later<T[]> => (results, notes) => list.map((make) => make(results, notes));

interface Workings {
  readonly list: JobList;
  /** Names of the random numbers. */
  readonly numbers: readonly string[];
  /** What was asked in one scope of the same columns need not be asked again. */
  readonly scope: string;
  readonly posterior: boolean;
}

/** One relation by the names of its columns; null where it cannot be made, with a note. */
function relate(sample: Sample, x: string, y: string, { list, numbers, scope, posterior }: Workings): Later<Relation | null> {
  const [xs, ys] = [valuesOf(sample, x), valuesOf(sample, y)];
  // Of a sample that is too small as a whole, and of residuals where the relation with mass could not be made, that is told once.
  const untold = (name: string, values: Float64Array): boolean => name.endsWith('Residual') && values.every(Number.isNaN);
  if (!xs || !ys || xs.length < fewestGalaxies || untold(x, xs) || untold(y, ys)) return () => null;
  const pair = `${y} of ${x}`;
  const base = y.replace(/Residual$/, '');
  const result = list.add('relation', scope, [xs, ys], {
    numbers: [...numbers, pair], input: {
      x: xs, y: ys, xError: valuesOf(sample, `${x}Error`), yError: valuesOf(sample, `${base}Error`), names: { x, y, unit: propertyNamed(base)?.unit ?? null }, posterior: posterior && x === 'logMstar',
    },
  });
  return (results, notes) => {
    const found = result(results);
    if (!('why' in found)) return found;
    notes.push(found.why === 'few'
      ? { kind: 'few', about: x, message: `${pair}: ${found.n === 1 ? '1 galaxy has' : `${found.n} galaxies have`} both, ${fewestGalaxies} are needed.` }
      : { kind: 'constant', about: found.column, message: `${pair}: every ${found.column} is the same, nothing can be said.` });
    return null;
  };
}

/** Several relations that were tried together: with their q-values. */
function together(relations: readonly Later<Relation | null>[]): Later<Relation[]> {
  const all = allOf(relations);
  return (results, notes) => {
    const made = all(results, notes).filter((relation) => relation !== null);
    const p = made.map((relation) => relation.p);
    const [q, qAny] = [benjaminiHochberg(p), benjaminiYekutieli(p)];
    return made.map((relation, i) => ({ ...relation, q: q[i]!, qAnyDependence: qAny[i]! }));
  };
}

function gradientRelations(sample: Sample, properties: readonly string[], workings: Workings): Later<Relation[]> {
  const all = allOf(gradients.map((gradient) => together(properties.map((property) => relate(sample, property, gradient, workings)))));
  return (results, notes) => all(results, notes).flat();
}

function planSet(sample: Sample, assumption: Assumption, properties: readonly string[], { normalisation }: RelationsOptions, list: JobList): { readonly sample: Sample; readonly make: Later<RelationSet> } {
  const derived = withResiduals(deriveProperties(sample, { assumption: assumption.name, ...(normalisation ? { normalisation } : {}) }));
  const workings: Workings = { list, numbers: [assumption.name], scope: 'sample', posterior: true };
  const fixed = { ...workings, posterior: false };
  const others = properties.filter((name) => name !== 'logMstar');
  const relations = gradientRelations(derived, properties, workings);
  const residuals = allOf([
    together(others.map((name) => relate(derived, name, 'gradientResidual', fixed))),
    together(abundances.map((name) => relate(derived, `${name}Residual`, 'gradient', fixed))),
  ]);
  const partial = partialOf(derived, others, 'gradient', workings);
  const combinations = allOf((['logYeff', 'logYeffComputed'] as const).map((name) => combine(derived, name, workings)));
  const scaling = allOf(scalingPairs.map(([x, y]) => relate(derived, x, y, fixed)));
  const make: Later<RelationSet> = (results, notes) => {
    if (assumption.name === 'asMeasured') {
      notes.push(...derived.notes.slice(sample.notes.length));
      for (const name of ['gradient', ...properties]) if (!valuesOf(derived, name)) notes.push(missingColumn(sample, name));
    }
    return {
      assumption, sample: derived, relations: relations(results, notes), residuals: residuals(results, notes).flat(), partial: partial(results, notes),
      combinations: combinations(results, notes).filter((found) => found !== null), scaling: scaling(results, notes).filter((found) => found !== null),
    };
  };
  return { sample: derived, make };
}

function partialOf(sample: Sample, properties: readonly string[], y: string, { list, numbers, scope }: Workings): Later<PartialCorrelation[]> {
  const [mass, gradient] = [valuesOf(sample, 'logMstar'), valuesOf(sample, y)];
  if (!mass || !gradient) return () => [];
  const all = allOf(properties.flatMap((x): Later<PartialCorrelation | null>[] => {
    const values = valuesOf(sample, x);
    if (!values) return [];
    const { columns } = completeRows(values, gradient, mass);
    if (columns[0]!.length < fewestGalaxies) return [];
    return [list.add('partial', scope, columns, { numbers: [...numbers, `${y} of ${x}`], x, y, given: 'logMstar', unit: propertyNamed(y)!.unit, columns })];
  }));
  return (results, notes) => {
    const found = all(results, notes).filter((partial) => partial !== null);
    const q = benjaminiHochberg(found.map(({ p }) => p));
    return found.map((partial, i) => ({ ...partial, q: q[i]! }));
  };
}

function combine(sample: Sample, extraName: string, { list, numbers, scope }: Workings): Later<GradientCombination | null> {
  const [mass, extra, gradient] = [valuesOf(sample, 'logMstar'), valuesOf(sample, extraName), valuesOf(sample, 'gradient')];
  if (!mass || !extra || !gradient || completeRows(mass, extra, gradient).rows.length < fewestGalaxies) return () => null;
  const result = list.add('combination', scope, [mass, extra, gradient], { numbers, x: ['logMstar', extraName], y: 'gradient', unit: 'dex/Re', columns: [mass, extra, gradient], yError: valuesOf(sample, 'gradientError') });
  return (results, notes) => {
    const found = result(results);
    if (!found || !('why' in found)) return found;
    notes.push({ kind: 'constant', about: extraName, message: `logMstar and ${extraName} cannot be combined: one is constant or they are proportional.` });
    return null;
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
