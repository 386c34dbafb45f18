import fc from 'fast-check';
import type { Column, ColumnValues } from '../../src/table/index.js';

/** Any string of 16-bit units: quotes, line breaks, control characters, halves of surrogate pairs. */
export const anyString = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ maxLength: 8, unit: fc.constantFrom(...'"\'#,;&<>]-%: \t\n\r\0\u007f\u0085\u2028\ufeff\ud800\udfffaÅ0e'.split('')) }));

const anyNumber = fc.double();
const integers = (min: number, max: number) => fc.integer({ min, max });

const kinds: Readonly<Record<string, (rows: number) => fc.Arbitrary<ColumnValues>>> = {
  float64: (n) => many(anyNumber, n).map((v) => Float64Array.from(v)),
  float32: (n) => many(fc.float(), n).map((v) => Float32Array.from(v)),
  int32: (n) => many(integers(-(2 ** 31), 2 ** 31 - 1), n).map((v) => Int32Array.from(v)),
  int16: (n) => many(integers(-32768, 32767), n).map((v) => Int16Array.from(v)),
  uint8: (n) => many(integers(0, 255), n).map((v) => Uint8Array.from(v)),
  int64: (n) => many(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), n).map((v) => BigInt64Array.from(v)),
  bool: (n) => many(fc.boolean(), n),
  string: (n) => many(anyString, n),
  vector: (n) => many(many(anyNumber, 3), n).map((rows) => rows.map((row) => Float64Array.from(row))),
  ragged: (n) => many(fc.array(integers(-9, 9), { maxLength: 4 }), n).map((rows) => sameKind(rows)),
};

/** Without an element in any row there is no whole number to see: such arrays are read as float64. */
function sameKind(rows: readonly number[][]): ColumnValues {
  return rows.every((row) => row.length === 0) ? rows.map(() => new Float64Array(0)) : rows.map((row) => Int32Array.from(row));
}

function many<T>(value: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(value, { minLength: length, maxLength: length });
}

/** Columns of every kind, with any names, units and descriptions. */
export const anyColumns: fc.Arbitrary<Column[]> = fc.integer({ min: 1, max: 4 }).chain((rows) => fc.uniqueArray(
  fc.constantFrom(...Object.keys(kinds)).chain((kind) => fc.record({
    name: anyString,
    unit: fc.oneof(fc.constant(null), fc.string({ minLength: 1, maxLength: 8 })),
    description: fc.oneof(fc.constant(null), anyString),
    values: kinds[kind]!(rows),
  })), { minLength: 1, maxLength: 5, selector: (column) => column.name }));

/** One column of a name with values and nothing said of it. */
export const plain = (name: string, values: ColumnValues): Column => ({ name, unit: null, description: null, values });
