import { numbersOf } from './field.js';
import type { Field } from './field.js';

/** Bytes of the numbers in the cells of a column; 1 for characters, logicals and bits. */
export function unitOf({ type, descriptor }: Field): number {
  if (descriptor > 0) return descriptor;
  return type === 'A' || type === 'L' || type === 'X' ? 1 : Math.abs(numbersOf[type][0]) / 8;
}

/** Rows gone through column by column before the next ones: few enough to stay in the processor's cache. */
const rowsAtOnce = 1024;

/**
 * Copies the columns of big-endian `rows` into `cells`, an array for each field, from row number `at` on. The numbers get
 * the byte order of the machine, which is little-endian (see swapBytes).
 */
export function gatherFields(rows: Uint8Array, rowBytes: number, fields: readonly Field[], cells: readonly Uint8Array<ArrayBuffer>[], at: number): void {
  const count = rows.length / rowBytes;
  for (let first = 0; first < count; first += rowsAtOnce) {
    const some = rows.subarray(first * rowBytes, (first + rowsAtOnce) * rowBytes);
    fields.forEach((field, i) => gather(some, rowBytes, field, cells[i]!.subarray((at + first) * field.width)));
  }
}

function gather(rows: Uint8Array, rowBytes: number, field: Field, cells: Uint8Array<ArrayBuffer>): void {
  const { start, width } = field;
  const view = new DataView(rows.buffer, rows.byteOffset, rows.length);
  const unit = unitOf(field);
  let next = 0;
  // Integers carry the bits of floats unchanged, those of every NaN too.
  if (unit === 1) {
    for (let row = start; row < rows.length; row += rowBytes) for (let b = 0; b < width; b++) cells[next++] = rows[row + b]!;
  } else if (unit === 2) {
    const numbers = new Int16Array(cells.buffer, cells.byteOffset, cells.length / 2);
    for (let row = start; row < rows.length; row += rowBytes) for (let b = 0; b < width; b += 2) numbers[next++] = view.getInt16(row + b);
  } else if (unit === 4) {
    const numbers = new Int32Array(cells.buffer, cells.byteOffset, cells.length / 4);
    for (let row = start; row < rows.length; row += rowBytes) for (let b = 0; b < width; b += 4) numbers[next++] = view.getInt32(row + b);
  } else {
    const halves = new Int32Array(cells.buffer, cells.byteOffset, cells.length / 4);
    for (let row = start; row < rows.length; row += rowBytes) {
      for (let b = 0; b < width; b += 8) {
        halves[next++] = view.getInt32(row + b + 4);
        halves[next++] = view.getInt32(row + b);
      }
    }
  }
}
