import type { ColumnValues } from '../table/index.js';
import { decodeSamples, samplesIn } from './bytes.js';
import type { Samples } from './bytes.js';
import { numbersOf } from './field.js';
import type { Field } from './field.js';
import { applyScaling } from './scaling.js';

type Numbers = Samples;

/** The values of a column from the cells of all its rows, as `readFields` gives them; numbers may stay in that memory. */
export function decodeColumn(field: Field, bytes: Uint8Array<ArrayBuffer>, rows: number): ColumnValues {
  const { type, repeat } = field;
  if (type === 'A') return decodeStrings(field, bytes, rows);
  if (type === 'L' || type === 'X') {
    const flat = type === 'L' ? bytes.map((byte) => (byte === 84 ? 1 : 0)) : bitsOf(bytes, repeat, rows);
    return repeat === 1 ? Array.from(flat, (bit) => bit === 1) : rowsOf(flat, repeat, rows);
  }
  const numbers = physical(field, samplesIn(bytes.buffer, numbersOf[type][0]));
  const each = repeat * numbersOf[type][1];
  return each === 1 ? numbers : rowsOf(asNumbers(numbers), each, rows);
}

/** One cell of a variable-length column, from its `count` elements in the heap. */
export function decodeCell(field: Field, bytes: Uint8Array, count: number): ArrayLike<number> | string {
  if (field.type === 'A') return trimmed(bytes);
  if (field.type === 'L') return bytes.map((byte) => (byte === 84 ? 1 : 0));
  if (field.type === 'X') return bitsOf(bytes, count, 1);
  return asNumbers(physical(field, decodeSamples(bytes, numbersOf[field.type][0])));
}

/** The bits of each row, most significant first, as 0 and 1. */
function bitsOf(bytes: Uint8Array, repeat: number, rows: number): Uint8Array {
  const width = Math.ceil(repeat / 8);
  const bits = new Uint8Array(repeat * rows);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < repeat; i++) bits[row * repeat + i] = (bytes[row * width + (i >> 3)]! >> (7 - (i & 7))) & 1;
  }
  return bits;
}

/**
 * Integers stay integers as long as they hold the values: the unsigned conventions (TZERO) go to the next wider type,
 * other scalings and columns with empty cells (TNULL → NaN) to Float64Array.
 */
function physical({ scale, zero, blank }: Field, samples: Numbers): Numbers {
  const integer = !(samples instanceof Float32Array || samples instanceof Float64Array);
  const empty = integer && blank !== undefined && holds(samples, blank);
  if (!empty && scale === 1) {
    if (zero === 0) return samples;
    if (samples instanceof Uint8Array && zero === -128) return Int16Array.from(samples, (v) => v - 128);
    if (samples instanceof Int16Array && zero === 32768) return Int32Array.from(samples, (v) => v + 32768);
  }
  const out = new Float64Array(samples.length);
  applyScaling(samples, { scale, zero, blank: empty ? blank : undefined }, out);
  return out;
}

function holds(samples: Numbers, blank: number): boolean {
  for (const sample of samples) if (Number(sample) === blank) return true;
  return false;
}

const asNumbers = (numbers: Numbers): Exclude<Numbers, BigInt64Array> =>
  numbers instanceof BigInt64Array ? Float64Array.from(numbers, Number) : numbers;

function rowsOf(flat: Exclude<Numbers, BigInt64Array>, each: number, rows: number): ArrayLike<number>[] {
  return Array.from({ length: rows }, (_, row) => flat.subarray(row * each, (row + 1) * each));
}

function decodeStrings({ repeat, substring }: Field, bytes: Uint8Array, rows: number): ColumnValues {
  const row = (r: number) => bytes.subarray(r * repeat, (r + 1) * repeat);
  if (substring === null) return Array.from({ length: rows }, (_, r) => trimmed(row(r)));
  const count = Math.floor(repeat / substring);
  return Array.from({ length: rows }, (_, r) => Array.from({ length: count }, (_, i) => trimmed(row(r).subarray(i * substring, (i + 1) * substring))));
}

const decoder = new TextDecoder();

/** A string ends at the first zero byte; blanks at its end do not count. */
function trimmed(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return decoder.decode(zero < 0 ? bytes : bytes.subarray(0, zero)).replace(/ +$/, '');
}
