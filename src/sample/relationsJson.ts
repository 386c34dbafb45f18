import type { ClassComparison } from './classes.js';
import type { Relation } from './relation.js';
import type { GradientCombination } from './relationJobs.js';
import type { PropertyBins, RelationSet, SampleRelations } from './relations.js';

type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Plain data: numbers that are not finite become null, typed arrays lists. */
function plain(value: unknown): Json {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, plain(own)]));
  return value === undefined ? null : (value as Json);
}

const without = <T extends object>(value: T, ...keys: readonly (keyof T)[]): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as keyof T))) as Partial<T>;

const relationJson = (relation: Relation) => without(relation, 'band', 'rows');
const combinationJson = (combination: GradientCombination) => ({ ...without(combination, 'values', 'scan'), relation: relationJson(combination.relation) });
const binsJson = ({ bins, ...rest }: PropertyBins) => ({ ...rest, bins: bins.map((bin) => without(bin, 'rows')) });
const classJson = (comparison: ClassComparison) => without(comparison, 'values');
const setJson = ({ relations, residuals, partial, combinations, scaling }: RelationSet) => ({
  relations: relations.map(relationJson), partial, combination: combinations[0] ? combinationJson(combinations[0]) : null, otherCombinations: combinations.slice(1).map(combinationJson),
  residuals: residuals.map(relationJson), scaling: scaling.map(relationJson),
});

/**
 * relations.json: at its top what was found with the galaxies as measured, under `assumptions` the same with missing HI as zero. Numbers are finite; missing = null.
 */
export function relationsJson({ n, draws, seed, source, sets, massBins, classes, subsets, notes }: SampleRelations): Record<string, unknown> {
  const [first, ...others] = sets;
  return plain({
    n, source, draws, seed, assumption: first.assumption, ...setJson(first), massBins: massBins.map(binsJson), classes: classes.map(classJson),
    subsets: subsets.map((subset) => ({ ...subset, relations: subset.relations.map(relationJson) })),
    assumptions: others.map((set) => ({ ...set.assumption, ...setJson(set) })), notes,
  }) as Record<string, unknown>;
}
