import { volume } from './box.js';
import type { Box } from './box.js';
import { decodeSamples, samplesIn } from './bytes.js';
import type { Samples } from './bytes.js';
import { unquantise } from './dither.js';
import type { Quantisation } from './dither.js';
import { bytesOf, fieldsOf, numbersOf } from './field.js';
import type { Field } from './field.js';
import { gunzipPiece, mostDeflated } from './gzip.js';
import { integerReader } from './hdu.js';
import type { Fits, Hdu } from './hdu.js';
import { badFits } from './problem.js';
import type { Place } from './problem.js';
import { readRanges } from './ranges.js';
import { checkDescriptor, descriptorsOf, heapOf, readFields } from './readtable.js';
import type { Descriptor } from './readtable.js';
import { decodeRice, mostRice } from './rice.js';
import { applyScaling } from './scaling.js';
import type { Scaling } from './scaling.js';

type Values = Float32Array | Float64Array;

const algorithms = ['RICE_1', 'GZIP_1', 'GZIP_2', 'NOCOMPRESS'] as const;
const ditherings = ['NO_DITHER', 'SUBTRACTIVE_DITHER_1', 'SUBTRACTIVE_DITHER_2'] as const;

/** How an image is cut into tiles and packed (FITS standard 4.0, §10). */
interface Packing {
  readonly place: Place;
  readonly algorithm: (typeof algorithms)[number];
  /** Pixels of a whole tile, and tiles, on each axis. */
  readonly tile: readonly number[];
  readonly grid: readonly number[];
  readonly blockSize: number;
  readonly bytePix: 1 | 2 | 4;
  readonly dithering: (typeof ditherings)[number];
  readonly ditherSeed: number;
}

/** Tiles handled together: bounds the memory for their rows and descriptors. */
const batch = 8192;

/** Throws BadFits when the keywords of a tile-compressed image are inconsistent or announce more than the file can hold. */
export function checkTiles(fits: Fits, hdu: Hdu): void {
  const { place, grid } = packingOf(fits, hdu);
  const rows = hdu.stored.header.number('NAXIS2')!;
  const tiles = volume(hdu.axes) === 0 ? 0 : volume(grid);
  if (tiles !== rows) throw badFits({ ...place, byte: hdu.stored.byteOf('NAXIS2') }, `${rows} rows for ${tiles} tiles`, 'a row for each tile');
  if (volume(hdu.axes) > mostDeflated * hdu.dataLength) {
    throw badFits({ ...place, byte: hdu.stored.byteOf('ZNAXIS') }, `an image of [${hdu.axes.join(', ')}] pixels packed in ${hdu.dataLength} bytes`,
      `at most ${mostDeflated} pixels a byte`);
  }
}

function packingOf(fits: Fits, hdu: Hdu): Packing {
  const { stored } = hdu;
  const { header } = stored;
  const place = { source: fits.source, hdu: hdu.index, name: hdu.name };
  const integer = integerReader(fits.source, hdu.index, hdu.name, stored);
  const word = <T extends string>(key: string, known: readonly T[], absent?: T): T => {
    const text = header.string(key)?.trim().toUpperCase().replace('RICE_ONE', 'RICE_1') ?? absent;
    const found = known.find((name) => name === text);
    if (found) return found;
    throw badFits({ ...place, byte: stored.byteOf(key) }, `${key} = ${JSON.stringify(text)}`, `one of ${known.join(', ')}`, 'Uncompress the file with funpack.');
  };
  const parameter = (name: string, absent: number): number => {
    const key = header.cards.find(({ key, value }) => /^ZNAME\d+$/.test(key) && value === name)?.key;
    return key ? integer(key.replace('ZNAME', 'ZVAL'), { absent }) : absent;
  };
  const tile = hdu.axes.map((n, i) => {
    const length = integer(`ZTILE${i + 1}`, { absent: i === 0 ? n : 1 });
    if (length > 0) return length;
    throw badFits({ ...place, byte: stored.byteOf(`ZTILE${i + 1}`) }, `ZTILE${i + 1} = 0`, 'a tile of at least one pixel');
  });
  const blockSize = parameter('BLOCKSIZE', 32);
  const bytePix = parameter('BYTEPIX', 4);
  if ((bytePix !== 1 && bytePix !== 2 && bytePix !== 4) || blockSize < 1 || blockSize > 256) {
    throw badFits({ ...place, byte: stored.byteOf('ZNAME1') }, `Rice blocks of ${blockSize} numbers of ${bytePix} bytes`, 'at most 256 numbers of 1, 2 or 4 bytes');
  }
  if (header.has('ZMASKCMP')) throw badFits({ ...place, byte: stored.byteOf('ZMASKCMP') }, 'a compressed mask of empty pixels', 'none', 'Uncompress the file with funpack.');
  // Integers are not quantised; older files of floats do not say how they were.
  const quantiser = header.string('ZQUANTIZ')?.trim().toUpperCase();
  return {
    place, tile, blockSize, bytePix, algorithm: word('ZCMPTYPE', algorithms),
    grid: hdu.axes.map((n, i) => Math.ceil(n / tile[i]!)),
    dithering: hdu.bitpix > 0 || quantiser === 'NONE' ? 'NO_DITHER' : word('ZQUANTIZ', ditherings, 'NO_DITHER'),
    ditherSeed: integer('ZDITHER0', { absent: 1 }),
  };
}

/** Reads the box of a tile-compressed image into `out`; only the tiles that touch it are fetched and unpacked. */
export async function readTiles(fits: Fits, hdu: Hdu, box: Box, scaling: Scaling, out: Values): Promise<void> {
  if (volume(box.count) === 0) return;
  const packing = packingOf(fits, hdu);
  const fields = fieldsOf(fits.source, hdu);
  const rows: number[] = [];
  for (const row of tilesTouching(box, packing)) {
    rows.push(row);
    if (rows.length === batch) await readBatch(fits, hdu, { packing, fields, box, scaling, out }, rows.splice(0));
  }
  await readBatch(fits, hdu, { packing, fields, box, scaling, out }, rows);
}

interface Task {
  readonly packing: Packing;
  readonly fields: readonly Field[];
  readonly box: Box;
  readonly scaling: Scaling;
  readonly out: Values;
}

/** The columns that can hold a tile, in the order in which they are looked at. */
const holders = ['COMPRESSED_DATA', 'GZIP_COMPRESSED_DATA', 'UNCOMPRESSED_DATA'];

async function readBatch(fits: Fits, hdu: Hdu, task: Task, rows: readonly number[]): Promise<void> {
  const { packing, fields } = task;
  const cells = await readFields(fits, hdu, fields, rows);
  const [rowBytes = 0, tableRows = 0] = [hdu.stored.header.number('NAXIS1'), hdu.stored.header.number('NAXIS2')];
  const heap = heapOf(fits, hdu, rowBytes * tableRows);
  const columns = holders.flatMap((name) => {
    const i = fields.findIndex((field) => field.name.trim().toUpperCase() === name && field.descriptor > 0);
    return i < 0 ? [] : [{ field: fields[i]!, descriptors: descriptorsOf(fields[i]!, cells[i]!, rows.length) }];
  });
  const pieces = rows.map((row, i) => {
    const column = columns.find(({ descriptors }) => descriptors[i]!.count !== 0);
    if (!column) throw badFits({ ...packing.place, byte: hdu.dataOffset + row * rowBytes }, `no data for tile ${row + 1}`, `an array in one of ${holders.join(', ')}`);
    const descriptor = column.descriptors[i]!;
    checkDescriptor(fits, hdu, column.field, row, descriptor, heap.length);
    return { row, field: column.field, descriptor, range: rangeOf(column.field, descriptor, heap.offset) };
  });
  const perTile = quantityReader(hdu, task, cells);
  const longest = pieces.reduce((most, { range }) => Math.max(most, range.length), 1);
  let next = 0;
  await readRanges(fits.source, longest, pieces.map(({ range }) => range), (bytes) => {
    const { row, field, range } = pieces[next]!;
    const extent = extentOf(row, packing, hdu.axes);
    const place = { ...packing.place, byte: range.offset };
    unpackTile(hdu, task, place, field, bytes, extent, perTile(next, row));
    next++;
  });
}

const rangeOf = (field: Field, { count, at }: Descriptor, heap: number) => ({ offset: heap + at, length: bytesOf(field.type, count) });

/** The tiles that touch a box, by their rows in the table. */
function* tilesTouching({ start, count }: Box, { tile, grid }: Packing): Generator<number> {
  const first = start.map((s, i) => Math.floor(s / tile[i]!));
  const last = start.map((s, i) => Math.floor((s + count[i]! - 1) / tile[i]!));
  const index = [...first];
  for (;;) {
    yield index.reduceRight((row, k, i) => row * grid[i]! + k, 0);
    let axis = 0;
    while (axis < grid.length && ++index[axis]! > last[axis]!) {
      index[axis] = first[axis]!;
      axis++;
    }
    if (axis === grid.length) return;
  }
}

/** The pixels of a tile; tiles at the edge of the image are cut off. */
function extentOf(row: number, { tile, grid }: Packing, axes: readonly number[]): Box {
  let rest = row;
  const start = grid.map((tiles, i) => {
    const k = rest % tiles;
    rest = Math.floor(rest / tiles);
    return k * tile[i]!;
  });
  return { start, count: axes.map((n, i) => Math.min(tile[i]!, n - start[i]!)) };
}

/** ZSCALE, ZZERO and ZBLANK of each tile: from their columns, otherwise from the keywords. Null: not quantised. */
function quantityReader(hdu: Hdu, { packing, fields }: Task, cells: readonly Uint8Array<ArrayBuffer>[]): (i: number, row: number) => Quantisation | null {
  const { header } = hdu.stored;
  const reader = (key: string): ((i: number) => number) | null => {
    const at = fields.findIndex(({ name, type, descriptor, repeat }) => name.trim().toUpperCase() === key && type in numbersOf && descriptor === 0 && repeat === 1);
    if (at >= 0) {
      const numbers = samplesIn(cells[at]!.buffer, numbersOf[fields[at]!.type as keyof typeof numbersOf][0]);
      return (i) => Number(numbers[i]);
    }
    const value = header.number(key);
    return value === undefined ? null : () => value;
  };
  const [scale, zero, blank] = [reader('ZSCALE'), reader('ZZERO'), reader('ZBLANK')];
  return (i, row) => (hdu.bitpix > 0 || !scale || !zero ? null : {
    method: packing.dithering, scale: scale(i), zero: zero(i), blank: blank?.(i), seed: packing.ditherSeed + row,
  });
}

/** Unpacks a tile to where it lies in the box. */
function unpackTile(hdu: Hdu, { packing, scaling, box, out }: Task, place: Place, field: Field, bytes: Uint8Array, tile: Box, quantisation: Quantisation | null): void {
  const pixels = volume(tile.count);
  // A tile that is a row and lies in the box is unpacked in place.
  const whole = tile.count[0] === pixels && tile.start[0]! >= box.start[0]! && tile.start[0]! + pixels <= box.start[0]! + box.count[0]!;
  const at = whole ? offsetOf(tile.start, box) : 0;
  const values = whole ? out.subarray(at, at + pixels) : out instanceof Float32Array ? new Float32Array(pixels) : new Float64Array(pixels);
  const packed = field.name.trim().toUpperCase() === 'COMPRESSED_DATA';
  if (packed && quantisation) unquantise(integersOf(packing, place, bytes, pixels, [4, 2, 1]) as ArrayLike<number>, quantisation, values);
  else applyScaling(numbersIn(hdu, packing, place, field, bytes, pixels, packed), scaling, values);
  if (!whole) copyTile(values, tile, box, out);
}

function numbersIn(hdu: Hdu, packing: Packing, place: Place, field: Field, bytes: Uint8Array, pixels: number, packed: boolean): Samples {
  if (packed && hdu.bitpix > 0) return integersOf(packing, place, bytes, pixels, [1, 2, 4, 8]);
  const width = Math.abs(hdu.bitpix) / 8;
  if (!packed && field.name.trim().toUpperCase() === 'UNCOMPRESSED_DATA') {
    const [bitpix] = numbersOf[field.type in numbersOf ? field.type as keyof typeof numbersOf : 'B'];
    return decodeSamples(exactly(place, bytes, [pixels * Math.abs(bitpix) / 8]), bitpix);
  }
  const algorithm = packed ? packing.algorithm : 'GZIP_1';
  return decodeSamples(plainBytes(algorithm, place, bytes, pixels, [width]), hdu.bitpix);
}

/** Whole numbers: of the width that Rice's BYTEPIX says, or that the length of the unpacked bytes shows. */
function integersOf({ algorithm, blockSize, bytePix }: Packing, place: Place, bytes: Uint8Array, pixels: number, widths: readonly number[]): Samples {
  if (algorithm !== 'RICE_1') {
    const plain = plainBytes(algorithm, place, bytes, pixels, widths);
    return decodeSamples(plain, 8 * plain.length / pixels);
  }
  const numbers = pixels <= mostRice(bytes.length, blockSize, bytePix) ? decodeRice(bytes, pixels, blockSize, bytePix) : null;
  if (!numbers) throw badFits(place, `a Rice-compressed tile of ${bytes.length} bytes that ends too early`, `${pixels} pixels`);
  return numbers;
}

function plainBytes(algorithm: Packing['algorithm'], place: Place, bytes: Uint8Array, pixels: number, widths: readonly number[]): Uint8Array {
  const lengths = widths.map((width) => width * pixels);
  if (algorithm === 'NOCOMPRESS') return exactly(place, bytes, lengths);
  if (algorithm === 'RICE_1') throw badFits(place, 'floats in a Rice-compressed tile without ZSCALE and ZZERO', 'quantised integers');
  const plain = gunzipPiece(place, bytes, lengths);
  return algorithm === 'GZIP_2' ? unshuffled(plain, plain.length / pixels) : plain;
}

function exactly(place: Place, bytes: Uint8Array, lengths: readonly number[]): Uint8Array {
  if (lengths.includes(bytes.length)) return bytes;
  throw badFits(place, `a tile of ${bytes.length} bytes`, `${lengths.join(' or ')} bytes`);
}

/** GZIP_2 stores the first bytes of all numbers, then the second ones, and so on. */
function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const out = new Uint8Array(bytes.length);
  for (let b = 0; b < width; b++) {
    for (let i = 0; i < count; i++) out[i * width + b] = bytes[b * count + i]!;
  }
  return out;
}

/** Copies the part of a tile that lies in the box. */
function copyTile(values: Values, tile: Box, box: Box, out: Values): void {
  const low = tile.start.map((start, i) => Math.max(start, box.start[i]!));
  const count = low.map((start, i) => Math.min(tile.start[i]! + tile.count[i]!, box.start[i]! + box.count[i]!) - start);
  const [inTile, inBox] = [strides(tile), strides(box)];
  const copy = (axis: number, from: number, to: number): void => {
    const n = count[axis]!;
    if (axis === 0) for (let k = 0; k < n; k++) out[to + k] = values[from + k]!;
    else for (let k = 0; k < n; k++) copy(axis - 1, from + k * inTile[axis]!, to + k * inBox[axis]!);
  };
  copy(count.length - 1, offsetOf(low, tile), offsetOf(low, box));
}

/** How far the next pixel on each axis is in a box. */
const strides = ({ count }: Box): number[] => count.map((_, i) => count.slice(0, i).reduce((a, b) => a * b, 1));

const offsetOf = (pixel: readonly number[], { start, count }: Box): number => pixel.reduceRight((sum, p, i) => sum * count[i]! + p - start[i]!, 0);
