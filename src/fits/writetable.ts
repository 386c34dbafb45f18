import { ZgradError } from '../errors/index.js';
import type { Column, Table } from '../table/index.js';
import { bitpixOf, encodeSamples } from './encode.js';
import type { ImageValues } from './encode.js';
import type { Card, CardValue } from './header.js';

/** A table laid out as FITS stores it. */
export interface TableLayout {
  readonly rowBytes: number;
  readonly heapBytes: number;
  /** TFIELDS and the keywords of the columns, then the table's `meta`. */
  readonly cards: readonly Card[];
  /** The rows and then the heap, in pieces. */
  pieces(): Generator<Uint8Array>;
}

/** How one column is stored: its format, and the bytes of all its rows one after the other. */
interface Stored {
  readonly form: string;
  readonly dim?: string;
  readonly width: number;
  readonly cells: Uint8Array;
}

const letters = { 8: 'B', 16: 'I', 32: 'J', 64: 'K', '-32': 'E', '-64': 'D' } as const;

/** Bytes of rows put together at a time. */
const pieceBytes = 1 << 20;

/** Lays a table out; arrays of different lengths go to the heap. Throws BadArgument for a column of another length than the table. */
export function layOutTable(where: string, table: Table): TableLayout {
  const heap: Uint8Array[] = [];
  const heapBytes = table.columns.reduce((sum, { values }) => sum + heapNeeded(values), 0);
  const wide = heapBytes >= 2 ** 31;
  let heapAt = 0;
  const toHeap = (bytes: Uint8Array): number => {
    heap.push(bytes);
    heapAt += bytes.length;
    return heapAt - bytes.length;
  };
  const stored = table.columns.map((column) => {
    if (column.values.length !== table.length) {
      throw new ZgradError('BadArgument', { where: `${where}, column ${column.name}`, found: `${column.values.length} values`, expected: `the ${table.length} of the table` });
    }
    return storeColumn(column, wide, toHeap);
  });
  const rowBytes = stored.reduce((sum, { width }) => sum + width, 0);
  return {
    rowBytes,
    heapBytes,
    cards: [{ key: 'TFIELDS', value: stored.length, comment: 'number of columns' }, ...stored.flatMap((s, i) => columnCards(table.columns[i]!, s, i + 1)), ...metaCards(table)],
    * pieces() {
      const step = Math.max(1, Math.floor(pieceBytes / Math.max(1, rowBytes)));
      for (let row = 0; row < table.length; row += step) {
        const count = Math.min(step, table.length - row);
        const bytes = new Uint8Array(count * rowBytes);
        let start = 0;
        for (const { width, cells } of stored) {
          for (let r = 0; r < count; r++) {
            for (let b = 0; b < width; b++) bytes[r * rowBytes + start + b] = cells[(row + r) * width + b]!;
          }
          start += width;
        }
        yield bytes;
      }
      yield* heap;
    },
  };
}

function columnCards({ name, unit, description }: Column, { form, dim }: Stored, n: number): Card[] {
  return [
    { key: `TTYPE${n}`, value: name },
    { key: `TFORM${n}`, value: form },
    ...(dim ? [{ key: `TDIM${n}`, value: dim }] : []),
    ...(unit ? [{ key: `TUNIT${n}`, value: unit }] : []),
    ...(description ? [{ key: `TCOMM${n}`, value: description }] : []),
  ];
}

function metaCards({ meta }: Table): Card[] {
  const primitive = (value: unknown): value is CardValue => ['string', 'number', 'boolean'].includes(typeof value);
  return Object.entries(meta).flatMap(([key, value]) => (primitive(value) ? [{ key, value }] : []));
}

type Values = Column['values'];
type Arrays = readonly ArrayLike<number>[];

const isTyped = (values: Values): values is ImageValues => ArrayBuffer.isView(values);
const isArrays = (values: Values): values is Arrays =>
  !isTyped(values) && typeof values[0] === 'object' && values.every((cell) => typeof (cell as ArrayLike<unknown>)[0] !== 'string');

const sameLength = (cells: Arrays): boolean => cells.every(({ length }) => length === cells[0]!.length);

/** The format of numbers in arrays: that of the typed arrays when all are alike, otherwise doubles. */
function arrayBitpix(cells: Arrays): number {
  const kinds = new Set(cells.map((cell) => (ArrayBuffer.isView(cell) ? bitpixOf(cell as unknown as ImageValues) : -64)));
  return kinds.size === 1 ? [...kinds][0]! : -64;
}

function heapNeeded(values: Values): number {
  if (!isArrays(values) || sameLength(values)) return 0;
  return values.reduce((sum, cell) => sum + cell.length, 0) * Math.abs(arrayBitpix(values)) / 8;
}

function storeColumn({ values }: Column, wide: boolean, toHeap: (bytes: Uint8Array) => number): Stored {
  if (isTyped(values)) {
    const bitpix = bitpixOf(values);
    return { form: letters[bitpix], width: Math.abs(bitpix) / 8, cells: encodeSamples(values, bitpix) };
  }
  if (isArrays(values)) return storeArrays(values, wide, toHeap);
  if (typeof values[0] === 'boolean') return { form: 'L', width: 1, cells: Uint8Array.from(values as readonly boolean[], (v) => (v ? 84 : 70)) };
  if (typeof values[0] === 'object') return storeStringArrays(values as readonly (readonly string[])[]);
  const width = longest(values as readonly string[]);
  return { form: `${width}A`, width, cells: encodeStrings(values as readonly string[], width) };
}

function storeArrays(values: Arrays, wide: boolean, toHeap: (bytes: Uint8Array) => number): Stored {
  const bitpix = arrayBitpix(values);
  const letter = letters[bitpix as keyof typeof letters];
  const bytes = values.map((cell) => encodeSamples(ArrayBuffer.isView(cell) ? cell as unknown as ImageValues : Float64Array.from(cell), bitpix));
  if (sameLength(values)) {
    const count = values[0]!.length;
    const width = count * Math.abs(bitpix) / 8;
    const cells = new Uint8Array(width * values.length);
    bytes.forEach((cell, row) => cells.set(cell, row * width));
    return { form: `${count}${letter}`, width, cells };
  }
  const width = wide ? 16 : 8;
  const cells = new Uint8Array(width * values.length);
  const view = new DataView(cells.buffer);
  const put = (byte: number, number: number) => (wide ? view.setBigInt64(byte, BigInt(number)) : view.setInt32(byte, number));
  bytes.forEach((cell, row) => {
    put(row * width, values[row]!.length);
    put(row * width + width / 2, toHeap(cell));
  });
  const most = values.reduce((max, { length }) => Math.max(max, length), 0);
  return { form: `1${wide ? 'Q' : 'P'}${letter}(${most})`, width, cells };
}

function storeStringArrays(values: readonly (readonly string[])[]): Stored {
  const count = values.reduce((max, { length }) => Math.max(max, length), 1);
  const each = values.reduce((max, cell) => Math.max(max, longest(cell)), 1);
  const cells = new Uint8Array(values.length * count * each).fill(32);
  values.forEach((cell, row) => cells.set(encodeStrings(cell, each), row * count * each));
  return { form: `${count * each}A`, dim: `(${each},${count})`, width: count * each, cells };
}

const longest = (strings: readonly string[]): number => strings.reduce((max, text) => Math.max(max, [...text].length), 1);

/** Strings padded with blanks; FITS allows printable ASCII only, other characters become '?'. */
function encodeStrings(strings: readonly string[], width: number): Uint8Array {
  const cells = new Uint8Array(strings.length * width).fill(32);
  strings.forEach((text, row) => {
    [...text].forEach((character, i) => {
      const code = character.codePointAt(0)!;
      cells[row * width + i] = code >= 32 && code < 127 ? code : 63;
    });
  });
  return cells;
}
