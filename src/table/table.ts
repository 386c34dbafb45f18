import { ZgradError } from '../errors/index.js';

/** The values of a column: one number, string or truth value a row, or one array a row. */
export type ColumnValues =
  | Float64Array | Float32Array | Int32Array | Int16Array | Uint8Array | BigInt64Array
  | readonly string[] | readonly boolean[]
  | readonly (ArrayLike<number> | readonly string[])[];

/** One column with its unit (FITS/VOUnit spelling, null = none) and a sentence that says what it holds. */
export interface Column {
  readonly name: string;
  readonly unit: string | null;
  readonly description: string | null;
  readonly values: ColumnValues;
}

/** Named columns of equal length: the form of every per-bin and per-galaxy result. */
export interface Table {
  readonly length: number;
  readonly columns: readonly Column[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/**
 * A table of columns with different names and equal lengths.
 * @param where names the table in an error
 * @throws BadTable when two columns share a name or differ in length
 */
export function makeTable(columns: readonly Column[], meta: Readonly<Record<string, unknown>> = {}, where = 'table'): Table {
  const length = columns[0]?.values.length ?? 0;
  const names = new Set<string>();
  for (const { name, values } of columns) {
    if (names.has(name)) {
      throw new ZgradError('BadTable', { where, found: `two columns named '${name}'`, expected: 'every column to have a name of its own' });
    }
    if (values.length !== length) {
      throw new ZgradError('BadTable', {
        where, found: `${values.length} rows in column '${name}'`, expected: `${length} rows, as in column '${columns[0]!.name}'`,
      });
    }
    names.add(name);
  }
  return { length, columns, meta };
}

/** True when the table has a column of that name. */
export function hasColumn(table: Table, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

/**
 * A column by name.
 * @throws BadTable that names the nearest column when there is none of that name
 */
export function column(table: Table, name: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found) return found;
  const names = table.columns.map((column) => column.name);
  const nearest = nearestName(name, names);
  throw new ZgradError('BadTable', {
    where: 'table', found: `no column '${name}'`, expected: `one of ${names.join(', ') || 'none: the table is empty'}`,
    ...(nearest === undefined ? {} : { remedy: `Did you mean '${nearest}'?` }),
  });
}

/**
 * The values of a column as float64 (truth values as 0 and 1).
 * @throws BadTable when there is no such column or it does not hold one number a row
 */
export function numbers(table: Table, name: string): Float64Array {
  const { values } = column(table, name);
  if (values instanceof Float64Array) return values;
  if (ArrayBuffer.isView(values)) return Float64Array.from(values as ArrayLike<number | bigint>, Number);
  if (!values.every((value) => typeof value === 'boolean')) {
    const found = typeof values[0] === 'string' ? `text ('${values[0]}')` : 'an array in every row';
    throw new ZgradError('BadTable', { where: `column '${name}'`, found, expected: 'one number in every row' });
  }
  return Float64Array.from(values, Number);
}

/**
 * The values of a column as text; a missing number (NaN) is empty.
 * @throws BadTable when there is no such column or it holds an array a row
 */
export function strings(table: Table, name: string): string[] {
  return Array.from<unknown, string>(column(table, name).values, (value) => {
    if (typeof value === 'object') {
      throw new ZgradError('BadTable', { where: `column '${name}'`, found: 'an array in a row', expected: 'one value in every row' });
    }
    return Number.isNaN(value) ? '' : String(value);
  });
}

/** The name with the fewest letters to insert, delete or replace; undefined when there are none to choose from. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  return names.toSorted((a, b) => editDistance(a, name) - editDistance(b, name))[0];
}

/** Levenshtein's (1966) distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
