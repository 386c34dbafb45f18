import { parseQuery, type Condition, type Operator, type Term } from './query.js';
import { objectsOf, rowsOf, valuesOf, wordsOf, type Sample } from './sample.js';

/** A galaxy that a cut dropped. */
export interface Dropped {
  readonly object: string;
  /** The values that decided, e.g. 'distance = 28.6 Mpc', or 'coverage is missing'. */
  readonly reason: string;
}

/** One cut of a selection. */
export interface Cut {
  readonly query: string;
  readonly before: number;
  readonly after: number;
  readonly dropped: readonly Dropped[];
  /** How many of the whole sample this cut alone would drop. */
  readonly alone: number;
}

/** What a selection keeps. */
export interface Selection {
  readonly query: string;
  readonly sample: Sample;
  /** Rows of the sample that was selected from. */
  readonly rows: readonly number[];
  /** In the order of the query: its parts between 'and'. */
  readonly cuts: readonly Cut[];
}

/** A selection under a name, with what of it cannot be said in a query. */
export interface NamedSelection {
  readonly name: string;
  readonly query: string;
  readonly description: string;
  readonly source: string;
}

export const selections: readonly NamedSelection[] = [
  {
    name: 'L25', query: 'coverage >= 1 and starFormingBins >= 10 and starFormingRegions > 1',
    description: 'Field out to 1 R_e, ten star-forming bins, more than one star-forming region. Runs of zgrad bring all three (docs/relations.md says how they are counted). The cuts of the paper on distance, absolute magnitude, exposure and radial range belong to its archive search: add your own, e.g. "and distance < 20 Mpc".',
    source: 'Li et al. 2025, Section 2.2',
  },
];

/**
 * The galaxies that fulfil a query (`parseQuery`), or a selection named in `selections`, with who was dropped at which cut and why. A galaxy whose answer hangs on a missing value is dropped.
 * @throws BadConfig as `parseQuery`
 */
export function selectGalaxies(sample: Sample, query: string, where = 'selection'): Selection {
  const { table } = sample;
  const text = selections.find(({ name }) => name === query)?.query ?? query;
  const columns = table.columns.map(({ name, unit, values }) => ({ name, unit, words: typeof values[0] === 'string' }));
  const condition = parseQuery(text, columns, where);
  const parts = condition.kind === 'and' ? condition.parts : [condition];
  const objects = objectsOf(sample);
  const holds = parts.map((part) => evaluator(sample, part));
  let rows = objects.map((_, i) => i);
  const cuts = parts.map((part, cut): Cut => {
    const dropped = rows.filter((i) => holds[cut]!(i) !== true);
    const before = rows.length;
    rows = rows.filter((i) => holds[cut]!(i) === true);
    return {
      query: part.text, before, after: rows.length, alone: objects.filter((_, i) => holds[cut]!(i) !== true).length,
      dropped: dropped.map((i) => ({ object: objects[i]!, reason: reasonOf(sample, part, i) })),
    };
  });
  return { query: text, sample: rowsOf(sample, rows), rows, cuts };
}

/** True, false, or null where a missing value leaves it open (Kleene's logic). */
type Truth = boolean | null;

function evaluator(sample: Sample, condition: Condition): (row: number) => Truth {
  switch (condition.kind) {
    case 'not': {
      const inner = evaluator(sample, condition.part);
      return (row) => {
        const truth = inner(row);
        return truth === null ? null : !truth;
      };
    }
    case 'and':
    case 'or': {
      const decisive = condition.kind === 'or';
      const parts = condition.parts.map((part) => evaluator(sample, part));
      return (row) => {
        const truths = parts.map((part) => part(row));
        return truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive;
      };
    }
    default: {
      const terms = condition.terms.map((term) => readerOf(sample, term));
      return (row) => {
        const values = terms.map((term) => term(row));
        if (values.includes(null)) return null;
        return condition.operators.every((operator, k) => compare(values[k]!, operator, values[k + 1]!));
      };
    }
  }
}

function readerOf(sample: Sample, term: Term): (row: number) => number | string | null {
  if (term.kind !== 'column') {
    const value = typeof term.value === 'string' ? term.value.toLowerCase() : term.value;
    return () => value;
  }
  if (term.words) {
    const words = wordsOf(sample, term.name)!;
    return (row) => words[row]!.toLowerCase() || null;
  }
  const values = valuesOf(sample, term.name)!;
  return (row) => (Number.isNaN(values[row]!) ? null : values[row]!);
}

function compare(a: number | string, operator: Operator, b: number | string): boolean {
  switch (operator) {
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
    case '=': return a === b;
    default: return a !== b;
  }
}

const columnsOf = (condition: Condition): string[] => {
  const names = condition.kind === 'compare' ? condition.terms.flatMap((term) => (term.kind === 'column' ? [term.name] : []))
    : condition.kind === 'not' ? columnsOf(condition.part) : condition.parts.flatMap(columnsOf);
  return [...new Set(names)];
};

function reasonOf(sample: Sample, condition: Condition, row: number): string {
  return columnsOf(condition).map((name) => {
    const { unit } = sample.table.columns.find((column) => column.name === name)!;
    const value = valuesOf(sample, name)?.[row] ?? wordsOf(sample, name)![row]!;
    const missing = value === '' || Number.isNaN(value);
    return missing ? `${name} is missing` : `${name} = ${typeof value === 'number' ? Number(value.toPrecision(6)) : value}${unit ? ` ${unit}` : ''}`;
  }).join(', ');
}
