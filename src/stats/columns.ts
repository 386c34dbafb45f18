import { ZgradError } from '../errors/index.js';

/** Numbers in, none of them changed: an ordinary or a typed array. */
export type Column = ArrayLike<number>;

/** The number of rows of columns that must be equally long. @throws BadArgument when they are not */
export function sameLength(where: string, ...columns: readonly Column[]): number {
  const n = columns[0]!.length;
  const other = columns.find(({ length }) => length !== n);
  if (other) throw new ZgradError('BadArgument', { where, found: `columns of ${n} and ${other.length} values`, expected: 'columns of equal length' });
  return n;
}

/**
 * The rows in which every column has a finite number, which is what the statistics of this room need: one value that
 * is not a number makes their answer NaN.
 * @returns the columns without the other rows, and the rows that stay
 * @throws BadArgument for columns of unequal length
 */
export function completeRows(...columns: readonly Column[]): { readonly columns: Float64Array[]; readonly rows: Int32Array } {
  const n = columns.length ? sameLength('complete rows', ...columns) : 0;
  const rows = Int32Array.from({ length: n }, (_, i) => i).filter((i) => columns.every((column) => Number.isFinite(column[i]!)));
  return { columns: columns.map((column) => Float64Array.from(rows, (i) => column[i]!)), rows };
}

/** Indices in ascending order of the values, equal values in their order; a NaN has no place of its own. */
export function ascending(values: Column): Uint32Array {
  return sortedBy(Float64Array.from(values), Uint32Array.from({ length: values.length }, (_, i) => i));
}

/** The indices of an order, sorted by key, those of equal keys left in the order that they had: a merge sort, several times as fast as a sort that calls a comparison. */
export function sortedBy(key: Float64Array, order: Uint32Array): Uint32Array {
  const n = order.length;
  let [from, to] = [order.slice(), new Uint32Array(n)];
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(n, start + width);
      const end = Math.min(n, start + 2 * width);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || !(key[from[right]!]! < key[from[left]!]!))) to[at] = from[left++]!;
        else to[at] = from[right++]!;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
