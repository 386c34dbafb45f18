import { ZgradError } from '../errors/index.js';
import type { Table } from '../table/index.js';
import { blockLength, padded } from './block.js';
import { volume } from './box.js';
import { encodeChecksum, wordSum } from './checksum.js';
import { bitpixOf, encodeSamples } from './encode.js';
import type { ImageValues } from './encode.js';
import { formatCard } from './formatcard.js';
import type { Bitpix } from './hdu.js';
import type { Card } from './header.js';
import type { ByteSink } from './source.js';
import { layOutTable } from './writetable.js';

/** What a written HDU is called and what its header says besides. */
export interface HduLabel {
  /** EXTNAME. */
  readonly name?: string;
  /** EXTVER. */
  readonly version?: number | string;
  /** Further cards; keywords of the data's layout and checksums among them are left out, for they follow from the data. */
  readonly cards?: readonly Card[];
}

/** An image; `axes` fastest first. Without data (null) a header alone. */
export interface ImageSpec extends HduLabel {
  readonly kind: 'image';
  readonly axes: readonly number[];
  readonly data: ImageValues | Int8Array | Uint16Array | Uint32Array | null;
}

/** An image whose values are made piece by piece as they are written, in the order of the file; a piece need hold only until the next is asked for. */
export interface ImagePiecesSpec extends HduLabel {
  readonly kind: 'pieces';
  readonly axes: readonly number[];
  readonly bitpix: Bitpix;
  pieces(): Iterable<ImageValues>;
}

/** A binary table. Strings and cards hold ASCII; of the table's `meta` the strings, numbers and truth values become cards. */
export interface TableSpec extends HduLabel {
  readonly kind: 'table';
  readonly table: Table;
}

export type HduSpec = ImageSpec | ImagePiecesSpec | TableSpec;

/** Values encoded at a time. */
const chunk = 1 << 18;

/**
 * Writes HDUs one after the other with CHECKSUM and DATASUM, and returns the byte at which the next one would begin.
 * The file begins with a primary image without data when the first HDU is a table.
 * @param at the byte of the file that the sink has come to (default 0); from another one on, extensions are appended
 * @throws ZgradError BadArgument when data and axes, or a column and its table, differ in length
 */
export async function writeFits(sink: ByteSink, hdus: Iterable<HduSpec>, at = 0): Promise<number> {
  let offset = at;
  for (const spec of hdus) {
    if (spec.kind === 'table') {
      if (offset === 0) offset = await writeHdu(sink, offset, imageCards(true, 8, []), [], []);
      offset = await writeTable(sink, offset, spec);
    } else if (spec.kind === 'image') {
      offset = await writeImage(sink, offset, spec);
    } else {
      const image = await startImage(sink, { ...spec, at: offset });
      for (const piece of spec.pieces()) await image.write(piece);
      offset = await image.close();
    }
  }
  return offset;
}

async function writeTable(sink: ByteSink, at: number, spec: TableSpec): Promise<number> {
  const { rowBytes, heapBytes, cards, pieces } = layOutTable(`FITS table ${spec.name ?? ''}`, spec.table);
  const structure: Card[] = [
    { key: 'XTENSION', value: 'BINTABLE', comment: 'binary table' },
    { key: 'BITPIX', value: 8 }, { key: 'NAXIS', value: 2 },
    { key: 'NAXIS1', value: rowBytes, comment: 'bytes in a row' }, { key: 'NAXIS2', value: spec.table.length, comment: 'rows' },
    { key: 'PCOUNT', value: heapBytes, comment: 'bytes of variable-length arrays' }, { key: 'GCOUNT', value: 1 },
    cards[0]!, ...nameCards(spec), ...cards.slice(1),
  ];
  return writeHdu(sink, at, structure, otherCards(spec, structure), pieces());
}

async function writeImage(sink: ByteSink, at: number, spec: ImageSpec): Promise<number> {
  const { axes, data } = spec;
  if (data && data.length !== volume(axes)) {
    throw new ZgradError('BadArgument', { where: `FITS image ${spec.name ?? ''}`, found: `${data.length} values`, expected: `the ${volume(axes)} of the axes [${axes.join(', ')}]` });
  }
  const { values, zero } = signed(data ?? new Uint8Array(0));
  const structure = [...imageCards(at === 0, bitpixOf(values), data ? axes : []), ...nameCards(spec),
    ...(zero === 0 ? [] : [{ key: 'BSCALE', value: 1 }, { key: 'BZERO', value: zero, comment: 'unsigned (or signed bytes)' }])];
  return writeHdu(sink, at, structure, otherCards(spec, structure), encoded(values, bitpixOf(values)));
}

function* encoded(values: ImageValues, bitpix: number): Generator<Uint8Array> {
  for (let i = 0; i < values.length; i += chunk) yield encodeSamples(values.subarray(i, i + chunk), bitpix);
}

/** FITS integers of more than a byte are signed and bytes are not; the others are stored with an offset. */
function signed(data: NonNullable<ImageSpec['data']>): { values: ImageValues; zero: number } {
  if (data instanceof Int8Array) return { values: Uint8Array.from(data, (v) => v + 128), zero: -128 };
  if (data instanceof Uint16Array) return { values: Int16Array.from(data, (v) => v - 2 ** 15), zero: 2 ** 15 };
  if (data instanceof Uint32Array) return { values: Int32Array.from(data, (v) => v - 2 ** 31), zero: 2 ** 31 };
  return { values: data, zero: 0 };
}

function imageCards(primary: boolean, bitpix: number, axes: readonly number[]): Card[] {
  return [
    primary ? { key: 'SIMPLE', value: true, comment: 'conforms to the FITS standard' } : { key: 'XTENSION', value: 'IMAGE', comment: 'image' },
    { key: 'BITPIX', value: bitpix }, { key: 'NAXIS', value: axes.length },
    ...axes.map((value, i) => ({ key: `NAXIS${i + 1}`, value })),
    ...(primary ? [{ key: 'EXTEND', value: true }] : [{ key: 'PCOUNT', value: 0 }, { key: 'GCOUNT', value: 1 }]),
  ];
}

function nameCards({ name, version }: HduLabel): Card[] {
  const value = typeof version === 'string' && /^\d+$/.test(version) ? Number(version) : version;
  return [...(name ? [{ key: 'EXTNAME', value: name }] : []), ...(value === undefined ? [] : [{ key: 'EXTVER', value }])];
}

const ofTheLayout = /^(?:SIMPLE|XTENSION|EXTEND|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|GROUPS|TFIELDS|THEAP|CHECKSUM|DATASUM|END|CONTINUE|T(?:TYPE|FORM|UNIT|DIM|SCAL|ZERO|NULL|DISP|COMM|BCOL)\d+)$/;

function otherCards({ cards = [] }: HduLabel, structure: readonly Card[]): Card[] {
  const taken = new Set(structure.map(({ key }) => key));
  return cards.filter(({ key }) => !taken.has(key.toUpperCase()) && !ofTheLayout.test(key.toUpperCase()));
}

async function writeHdu(sink: ByteSink, at: number, structure: readonly Card[], others: readonly Card[], pieces: Iterable<Uint8Array>): Promise<number> {
  const unit = await startUnit(sink, at, structure, others);
  for (const piece of pieces) await unit.write(piece);
  return unit.close();
}

/** Says that the header has strings continued over several cards, as HEASARC recommends. */
const longStrings: Card = { key: 'LONGSTRN', value: 'OGIP 1.0', comment: 'long strings are continued' };

/** Writes a header with empty checksums; `close` pads the data and puts the checksums into the header. */
async function startUnit(sink: ByteSink, at: number, structure: readonly Card[], others: readonly Card[]) {
  const given = [structure, others].map((cards) => cards.flatMap(formatCard));
  const continued = given.flat().some((line) => line.startsWith('CONTINUE')) && !others.some(({ key }) => key === 'LONGSTRN');
  const lines = [...given[0]!, ...(continued ? formatCard(longStrings) : []), ...given[1]!];
  const header = (datasum: number, checksum: string): Uint8Array => {
    const sums = [{ key: 'DATASUM', value: String(datasum), comment: 'data unit checksum' }, { key: 'CHECKSUM', value: checksum, comment: 'HDU checksum' }];
    const text = [...lines, ...sums.flatMap(formatCard), 'END'.padEnd(80)].join('');
    return new TextEncoder().encode(text.padEnd(padded(text.length)));
  };
  const open = '0'.repeat(16);
  const first = header(0, open);
  await sink.write(first);
  const sum = wordSum();
  let length = 0;
  return {
    async write(bytes: Uint8Array): Promise<void> {
      sum.add(bytes);
      length += bytes.length;
      await sink.write(bytes);
    },
    async close(): Promise<number> {
      if (length % blockLength !== 0) await sink.write(new Uint8Array(padded(length) - length));
      const whole = wordSum(sum.value());
      whole.add(header(sum.value(), open));
      await sink.patch(at, header(sum.value(), encodeChecksum(whole.value())));
      return at + first.length + padded(length);
    },
  };
}

/** An image whose values are known only bit by bit. */
export interface ImageStream {
  /** The next values, in the order of the file (fastest axis first), converted to the image's format. */
  write(values: ImageValues): Promise<void>;
  /** Pads the data, puts the checksums into the header, and returns the byte at which the next HDU would begin. */
  close(): Promise<number>;
}

/**
 * Begins an image that is written in pieces and never held in memory as a whole: the primary HDU at byte `at` = 0 (the
 * default), otherwise an extension. `write` and `close` throw BadArgument for more or fewer values than the axes have.
 */
export async function startImage(sink: ByteSink, spec: HduLabel & { readonly axes: readonly number[]; readonly bitpix: Bitpix; readonly at?: number }): Promise<ImageStream> {
  const { axes, bitpix, at = 0 } = spec;
  const structure = [...imageCards(at === 0, bitpix, axes), ...nameCards(spec)];
  const unit = await startUnit(sink, at, structure, otherCards(spec, structure));
  const expected = volume(axes);
  let written = 0;
  const check = (good: boolean) => {
    if (!good) throw new ZgradError('BadArgument', { where: `FITS image ${spec.name ?? ''}`, found: `${written} values`, expected: `the ${expected} of the axes [${axes.join(', ')}]` });
  };
  return {
    async write(values) {
      written += values.length;
      check(written <= expected);
      for (const bytes of encoded(values, bitpix)) await unit.write(bytes);
    },
    async close() {
      check(written === expected);
      return unit.close();
    },
  };
}
