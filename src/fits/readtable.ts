import type { Column, ColumnValues, Table } from '../table/index.js';
import { readAsciiTable } from './asciitable.js';
import type { Run } from './box.js';
import { decodeCell, decodeColumn } from './column.js';
import { bytesOf, fieldsOf } from './field.js';
import type { Field } from './field.js';
import { gatherFields } from './gather.js';
import { integerReader } from './hdu.js';
import type { Fits, Hdu } from './hdu.js';
import type { CardValue, Header } from './header.js';
import { badFits } from './problem.js';
import { readRanges } from './ranges.js';

/** A cell of the heap can be shared by rows; arrays that together exceed the heap so many times are taken for damage. */
const mostShared = 100;

const noBytes = new Uint8Array(0);

/**
 * Reads a table (binary or ASCII). Numbers keep their type; TSCAL, TZERO and TNULL are applied (scaled columns and
 * columns with empty cells become Float64Array, empty = NaN; unsigned ones the next wider type). Logical columns and
 * single bits are booleans (an undefined logical is false), several of them in a row 0 and 1; complex numbers are pairs
 * in a row; several numbers in a row are flat arrays in the order of the file, whatever TDIM says; 64-bit integers in
 * such arrays are rounded to doubles. `meta` holds the keywords that do not describe the table's layout.
 * @throws ZgradError BadFits when the HDU is no table, its columns do not fill its rows or point outside its heap.
 */
export async function readTable(fits: Fits, hdu: Hdu): Promise<Table> {
  const place = { source: fits.source, hdu: hdu.index, name: hdu.name, byte: hdu.stored.byteOf('XTENSION') };
  if (hdu.kind !== 'table') throw badFits(place, 'an image', 'a table');
  if (hdu.storage === 'other') throw badFits(place, `an extension of kind ${JSON.stringify(hdu.header.get('XTENSION'))}`, 'BINTABLE or TABLE');
  if (hdu.header.get('ZTABLE') === true) {
    throw badFits({ ...place, byte: hdu.stored.byteOf('ZTABLE') }, 'a tile-compressed table (ZTABLE = T)', 'a plain table', 'Uncompress it with funpack.');
  }
  const [width = 0, length = 0] = hdu.axes;
  if (width === 0 && length > 0) throw badFits({ ...place, byte: hdu.stored.byteOf('NAXIS1') }, `${length} rows of no bytes`, 'rows that hold something');
  const columns = hdu.storage === 'ascii' ? await readAsciiTable(fits, hdu) : await readBinaryTable(fits, hdu, width, length);
  return { length, columns, meta: metaOf(hdu.header) };
}

async function readBinaryTable(fits: Fits, hdu: Hdu, width: number, rows: number): Promise<Column[]> {
  const fields = fieldsOf(fits.source, hdu);
  const stored = await readFields(fits, hdu, fields);
  const heap = fields.some(({ descriptor, repeat }) => descriptor > 0 && repeat > 0) ? await readHeap(fits, hdu, width * rows) : null;
  return fields.map((field, i) => {
    const { name, unit, description } = field;
    const cells = stored[i]!;
    const values = field.descriptor > 0 ? readArrays(fits, hdu, field, cells, rows, heap) : decodeColumn(field, cells, rows);
    return { name, unit, description, values };
  });
}

/**
 * The cells of each field in the given rows (all by default), gathered column by column, numbers in the byte order of the
 * machine. Only those rows are read.
 */
export async function readFields(fits: Fits, hdu: Hdu, fields: readonly Field[], rows?: readonly number[]): Promise<Uint8Array<ArrayBuffer>[]> {
  const rowBytes = hdu.stored.header.number('NAXIS1')!;
  const all = hdu.stored.header.number('NAXIS2')!;
  const gathered = fields.map((field) => new Uint8Array(field.width * (rows?.length ?? all)));
  const ranges = [...(rows ? runsIn(rows) : [{ start: 0, length: all }])].map(({ start, length }) => ({ offset: hdu.dataOffset + start * rowBytes, length: length * rowBytes }));
  let row = 0;
  await readRanges(fits.source, Math.max(1, rowBytes), ranges, (bytes) => {
    gatherFields(bytes, rowBytes, fields, gathered, row);
    row += bytes.length / rowBytes;
  });
  return gathered;
}

/** Successive rows together. */
function* runsIn(rows: readonly number[]): Generator<Run> {
  for (let i = 0, end = 0; i < rows.length; i = end) {
    while (end < rows.length && end - i === rows[end]! - rows[i]!) end++;
    yield { start: rows[i]!, length: end - i };
  }
}

/** The heap begins at THEAP, by default right after the rows, and ends with the data. */
export function heapOf(fits: Fits, hdu: Hdu, rowBytes: number): { offset: number; length: number } {
  const integer = integerReader(fits.source, hdu.index, hdu.name, hdu.stored);
  const start = integer('THEAP', { absent: rowBytes, max: hdu.dataLength });
  return { offset: hdu.dataOffset + start, length: hdu.dataLength - start };
}

async function readHeap(fits: Fits, hdu: Hdu, rowBytes: number): Promise<Uint8Array> {
  const { offset, length } = heapOf(fits, hdu, rowBytes);
  return fits.source.read(offset, length);
}

/** Where a variable-length cell is: its number of elements, and its first byte in the heap. */
export interface Descriptor {
  readonly count: number;
  readonly at: number;
}

/** The descriptors in the cells of a variable-length column, as `readFields` gives them. */
export function descriptorsOf(field: Field, cells: Uint8Array, rows: number): Descriptor[] {
  const view = new DataView(cells.buffer, cells.byteOffset, cells.length);
  const read = (byte: number) => (field.descriptor === 4 ? view.getInt32(byte, true) : Number(view.getBigInt64(byte, true)));
  return Array.from({ length: rows }, (_, row) => {
    const byte = row * field.width;
    return field.width === 0 ? { count: 0, at: 0 } : { count: read(byte), at: read(byte + field.descriptor) };
  });
}

/** Throws BadFits for an array that does not lie inside the heap. */
export function checkDescriptor(fits: Fits, hdu: Hdu, field: Field, row: number, { count, at }: Descriptor, heapLength: number): void {
  const bytes = bytesOf(field.type, count);
  if (count === 0 || (count > 0 && at >= 0 && at + bytes <= heapLength)) return;
  const rowWidth = hdu.stored.header.number('NAXIS1')!;
  throw badFits({ source: fits.source, hdu: hdu.index, name: hdu.name, byte: hdu.dataOffset + row * rowWidth + field.start },
    `an array of ${count} elements at byte ${at} of the heap (column ${field.name}, row ${row + 1})`, `an array inside the heap of ${heapLength} bytes`);
}

function readArrays(fits: Fits, hdu: Hdu, field: Field, cells: Uint8Array, rows: number, heap: Uint8Array | null): ColumnValues {
  let total = 0;
  const arrays = descriptorsOf(field, cells, rows).map((descriptor, row) => {
    const { count, at } = descriptor;
    checkDescriptor(fits, hdu, field, row, descriptor, heap?.length ?? 0);
    const length = bytesOf(field.type, count);
    total += length;
    if (total > mostShared * (heap?.length ?? 0)) {
      throw badFits({ source: fits.source, hdu: hdu.index, name: hdu.name, byte: hdu.dataOffset + row * hdu.axes[0]! + field.start },
        `arrays of column ${field.name} that overlap`, 'arrays that share the heap between them');
    }
    return decodeCell(field, (heap ?? noBytes).subarray(at, at + length), count);
  });
  return arrays as ColumnValues;
}

/** Keywords that say how a table is laid out, and the checksums of its bytes. */
const layout = /^(?:XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|CHECKSUM|DATASUM|EXTNAME|EXTVER|COMMENT|HISTORY|CONTINUE|T(?:TYPE|FORM|UNIT|DIM|SCAL|ZERO|NULL|DISP|COMM|BCOL)\d+|)$/;

function metaOf(header: Header): Record<string, CardValue> {
  return Object.fromEntries(header.cards.filter(({ key }) => !layout.test(key)).map(({ key, value }) => [key, value]));
}
