import type { Column, ColumnValues } from './table.js';

/** What one element of a column is. */
export type Element = 'bool' | 'uint8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'string';

/** The type of a column: its element, and for arrays how many a row holds. */
export interface ColumnType {
  readonly element: Element;
  /** undefined: one element a row; a number: so many in every row; null: a number that differs from row to row. */
  readonly size: number | null | undefined;
}

/** One element read from a file; null when it is missing. */
export type Cell = number | bigint | string | boolean | null;

const arrayElements: readonly (readonly [new (length: number) => ArrayLike<number | bigint>, Element])[] = [
  [Float64Array, 'float64'], [Float32Array, 'float32'], [Int32Array, 'int32'], [Int16Array, 'int16'], [Uint8Array, 'uint8'],
  [BigInt64Array, 'int64'],
];

/** The type of a column from its values; a column without rows that is no typed array counts as text. */
export function columnType({ values }: Column): ColumnType {
  if (ArrayBuffer.isView(values)) return { element: elementOf(values), size: undefined };
  const first: unknown = values[0];
  if (typeof first !== 'object') return { element: typeof first === 'boolean' ? 'bool' : 'string', size: undefined };
  const rows = values as readonly (ArrayLike<number> | readonly string[])[];
  const { length } = rows[0]!;
  return {
    element: elementOf(rows.find((row) => row.length > 0) ?? rows[0]!),
    size: rows.every((row) => row.length === length) ? length : null,
  };
}

function elementOf(row: ArrayLike<unknown>): Element {
  if (typeof row[0] === 'string') return 'string';
  return arrayElements.find(([kind]) => row instanceof kind)?.[1] ?? 'float64';
}

/**
 * The values of a column from its cells, one a row. A missing number is NaN, which turns whole numbers and truth
 * values (0, 1) with gaps into float64; missing text is empty.
 */
export function columnValues(element: Element, cells: readonly Cell[]): ColumnValues {
  if (element === 'string') return cells.map((cell) => cell === null ? '' : String(cell));
  if (element === 'bool') {
    return cells.includes(null) ? Float64Array.from(cells, numberOrNaN) : cells.map(Boolean);
  }
  if (element === 'int64' && !cells.includes(null)) return BigInt64Array.from(cells as bigint[]);
  return numericArray(element, cells);
}

/** The values of a column of arrays from its cells, a list a row; the array of a missing row is empty. */
export function arrayColumnValues(element: Element, rows: readonly (readonly Cell[])[]): ColumnValues {
  return element === 'string'
    ? rows.map((row) => row.map((cell) => cell === null ? '' : String(cell)))
    : rows.map((row) => numericArray(element, row));
}

const numberOrNaN = (cell: Cell) => cell === null ? NaN : Number(cell);

function numericArray(element: Element, cells: readonly Cell[]): Float64Array | Float32Array | Int32Array | Int16Array | Uint8Array {
  if (element === 'float32') return Float32Array.from(cells, numberOrNaN);
  if (cells.includes(null)) return Float64Array.from(cells, numberOrNaN);
  switch (element) {
    case 'int32': return Int32Array.from(cells, Number);
    case 'int16': return Int16Array.from(cells, Number);
    case 'uint8': return Uint8Array.from(cells, Number);
    default: return Float64Array.from(cells, Number);
  }
}

const real = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^([+-]?)inf(?:inity)?$/i;

/** A number as people and programs write it, `nan` and `inf` among them; undefined when the text is none. */
export function parseNumber(text: string): number | undefined {
  if (real.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return NaN;
  const match = infinite.exec(text);
  return match ? (match[1] === '-' ? -Infinity : Infinity) : undefined;
}

const bits: Partial<Record<Element, number>> = { int16: 16, int32: 32, int64: 64 };

/** A whole number that its element can hold; undefined when the text is none. */
export function parseInteger(text: string, element: Element): bigint | number | undefined {
  if (!/^[+-]?\d{1,30}$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  const held = element === 'uint8' ? BigInt.asUintN(8, value) : BigInt.asIntN(bits[element]!, value);
  if (held !== value) return undefined;
  return element === 'int64' ? value : Number(value);
}

/** A value of an element's type from its text; undefined when the text is none. */
export function parseElement(text: string, element: Element): Exclude<Cell, null> | undefined {
  switch (element) {
    case 'string': return text;
    case 'bool': return /^(?:true|t|1)$/i.test(text) ? true : /^(?:false|f|0)$/i.test(text) ? false : undefined;
    case 'float32':
    case 'float64': return parseNumber(text);
    default: return parseInteger(text, element);
  }
}

/** The shortest text that reads back as the same number; `nan`, `inf` and `-inf` for what has no digits. */
export function formatNumber(value: number | bigint, element: Element): string {
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (element !== 'float32') return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
