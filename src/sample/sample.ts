import { hasColumn, makeTable, numbers, strings, type Column, type Table } from '../table/index.js';
import { propertyNamed } from './properties.js';

/** Something that the reader of a result should know: what was wrong, left out or assumed. */
export interface Note {
  readonly kind: 'duplicate' | 'missing' | 'unit' | 'few' | 'constant' | 'notFinite' | 'text' | 'assumption' | 'conflict' | 'position';
  /** The column, galaxy or statistic that it is about. */
  readonly about: string;
  readonly message: string;
}

/** Galaxies under canonical names and units (`properties`), one a row. */
export interface Sample {
  readonly table: Table;
  readonly notes: readonly Note[];
}

/** The names of the galaxies. */
export const objectsOf = ({ table }: Sample): string[] => strings(table, 'object');

/** The numbers of a column, NaN where missing; null when the sample has no such column or it holds words. */
export function valuesOf({ table }: Sample, name: string): Float64Array | null {
  if (!hasColumn(table, name)) return null;
  const { values } = table.columns.find((column) => column.name === name)!;
  return ArrayBuffer.isView(values) || typeof values[0] === 'boolean' ? numbers(table, name) : null;
}

/** The words of a column, empty where missing; null when the sample has no such column. */
export function wordsOf({ table }: Sample, name: string): string[] | null {
  return hasColumn(table, name) ? strings(table, name) : null;
}

const errorName = /Error$/;

/** A column with the unit and description of its property. */
export function propertyColumn(name: string, values: Float64Array | readonly string[], description?: string): Column {
  const error = errorName.test(name);
  const property = propertyNamed(name.replace(errorName, ''));
  const said = description ?? (property && error ? `1σ error: ${property.description}` : property?.description) ?? null;
  return { name, unit: property?.unit === 'text' ? null : property?.unit ?? null, description: said, values };
}

/** The sample with columns added or replaced, and with further notes. */
export function withColumns(sample: Sample, columns: readonly Column[], notes: readonly Note[] = []): Sample {
  const added = new Map(columns.map((column) => [column.name, column]));
  const kept = sample.table.columns.map((column) => {
    const replaced = added.get(column.name);
    added.delete(column.name);
    return replaced ?? column;
  });
  return { table: makeTable([...kept, ...added.values()], sample.table.meta, 'sample'), notes: [...sample.notes, ...notes] };
}

/** The sample with some of its rows, in the order given. */
export function rowsOf({ table, notes }: Sample, rows: readonly number[]): Sample {
  const columns = table.columns.map((column) => {
    const { values } = column;
    return { ...column, values: values instanceof Float64Array ? Float64Array.from(rows, (i) => values[i]!) : rows.map((i) => (values as readonly string[])[i]!) };
  });
  return { table: { length: rows.length, columns, meta: table.meta }, notes };
}
