import { ZgradError } from '../errors/index.js';
import { padded } from './block.js';
import { gunzipSource, isGzip } from './gzip.js';
import { Header } from './header.js';
import type { Card } from './header.js';
import { badFits } from './problem.js';
import { readHeader } from './readheader.js';
import type { PlacedHeader } from './readheader.js';
import type { ByteSource } from './source.js';

/** One header and data unit of a FITS file. */
export interface Hdu {
  /** Its number in the file, 0 the primary one. */
  readonly index: number;
  readonly kind: 'image' | 'table';
  /** EXTNAME; 'PRIMARY' for a primary HDU without one, '' for an extension without one. */
  readonly name: string;
  /** EXTVER as text, '1' when absent. */
  readonly version: string;
  /** The header; of a tile-compressed image that of the image. */
  readonly header: Header;
  /** NAXIS1, NAXIS2, …, fastest first; [] when there are no data. Of a table: bytes in a row, rows. */
  readonly axes: readonly number[];
  /** BITPIX; of a tile-compressed image that of the image. */
  readonly bitpix: Bitpix;
  readonly dataOffset: number;
  /** Bytes of data, without the padding. */
  readonly dataLength: number;
  /** How the data are laid out; 'other' is an extension of a kind that zgrad does not read. */
  readonly storage: 'image' | 'binary' | 'ascii' | 'tiles' | 'other';
  /** The header as it stands in the file, with the places of its cards. */
  readonly stored: PlacedHeader;
}

/** The sample formats of the standard: unsigned bytes, big-endian integers, IEEE floats. */
export type Bitpix = 8 | 16 | 32 | 64 | -32 | -64;

/** An opened file: its source and its HDUs; no data are read yet. */
export interface Fits {
  readonly source: ByteSource;
  readonly hdus: readonly Hdu[];
}

const bitpixes: readonly number[] = [8, 16, 32, 64, -32, -64];

/**
 * Opens a FITS file: reads the header of every HDU and checks that the data they announce are there. A gzipped file
 * is inflated into memory first. Bytes after the last HDU that are no extension are ignored.
 * @throws ZgradError NotFits when it is no FITS file; BadFits when it is malformed or truncated, naming HDU and byte.
 */
export async function openFits(source: ByteSource): Promise<Fits> {
  const plain = (await isGzip(source)) ? await gunzipSource(source) : source;
  const start = await plain.read(0, Math.min(plain.size, 30));
  if (!/^SIMPLE {2}= *T/i.test(text(start))) {
    throw new ZgradError('NotFits', {
      where: `${source.name}, byte 0`,
      found: start.length === 0 ? 'an empty file' : JSON.stringify(text(start)),
      expected: "a FITS file, which begins with 'SIMPLE  = T'",
    });
  }
  const hdus: Hdu[] = [];
  for (let offset = 0; offset === 0 || (await extensionAt(plain, offset));) {
    const hdu = await readHdu(plain, offset, hdus.length);
    hdus.push(hdu);
    offset = hdu.dataOffset + padded(hdu.dataLength);
  }
  return { source: plain, hdus };
}

const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

async function extensionAt(source: ByteSource, offset: number): Promise<boolean> {
  return offset + 8 <= source.size && text(await source.read(offset, 8)) === 'XTENSION';
}

async function readHdu(source: ByteSource, offset: number, index: number): Promise<Hdu> {
  const stored = await readHeader(source, offset, index);
  const { header, dataOffset } = stored;
  const name = header.string('EXTNAME')?.trim() ?? (index === 0 ? 'PRIMARY' : '');
  const integer = integerReader(source, index, name, stored);
  const bitpix = integer('BITPIX', { one: bitpixes }) as Bitpix;
  const sizes = axesOf(integer, 'NAXIS');
  const groups = sizes[0] === 0 && header.get('GROUPS') === true;
  const pcount = index > 0 || groups ? integer('PCOUNT', { absent: 0 }) : 0;
  const gcount = index > 0 || groups ? integer('GCOUNT', { absent: 1 }) : 1;
  const values = product(groups ? sizes.slice(1) : sizes);
  const dataLength = Math.abs(bitpix) / 8 * gcount * (pcount + values);
  if (!(dataOffset + dataLength <= source.size) && dataLength > 0) {
    throw badFits({ source, hdu: index, name, byte: dataOffset },
      `a header (BITPIX ${bitpix}, axes ${sizes.join(' × ')}, PCOUNT ${pcount}) that announces ${dataLength} bytes of data`,
      `at most the ${Math.max(0, source.size - dataOffset)} bytes that the file still holds`, 'The file is truncated or its header is wrong.');
  }
  const storage = storageOf(header, index);
  const table = storage === 'binary' || storage === 'ascii' || storage === 'tiles';
  if (table && (bitpix !== 8 || sizes.length !== 2)) {
    throw badFits({ source, hdu: index, name, byte: stored.byteOf('BITPIX') },
      `a table with BITPIX ${bitpix} and NAXIS ${sizes.length}`, 'BITPIX 8 and NAXIS 2');
  }
  const common = {
    index, name, version: String(header.get('EXTVER') ?? '1').trim(), dataOffset, dataLength, storage, stored,
  };
  if (storage !== 'tiles') {
    const axes = table || product(sizes) > 0 ? sizes : [];
    return { ...common, kind: storage === 'image' ? 'image' : 'table', header, axes, bitpix };
  }
  const imageBitpix = integer('ZBITPIX', { one: bitpixes }) as Bitpix;
  const imageAxes = axesOf(integer, 'ZNAXIS');
  return {
    ...common, kind: 'image', header: imageHeader(header, imageBitpix, imageAxes), bitpix: imageBitpix,
    axes: product(imageAxes) > 0 ? imageAxes : [],
  };
}

function storageOf(header: Header, index: number): Hdu['storage'] {
  if (index === 0) return 'image';
  switch (header.string('XTENSION')?.trim().toUpperCase()) {
    case 'IMAGE': case 'IUEIMAGE': return 'image';
    case 'BINTABLE': case 'A3DTABLE': return header.get('ZIMAGE') === true ? 'tiles' : 'binary';
    case 'TABLE': return 'ascii';
    default: return 'other';
  }
}

/** The number of values; 0 for no axes. An axis of no length beats one of absurd length. */
const product = (axes: readonly number[]): number => (axes.length === 0 || axes.includes(0) ? 0 : axes.reduce((a, b) => a * b, 1));

export type IntegerReader = (key: string, accept?: { absent?: number; one?: readonly number[]; max?: number }) => number;

/** Reads keys whose value must be an integer ≥ 0 (or one of a list); throws BadFits naming the card's byte. */
export function integerReader(source: ByteSource, hdu: number, name: string, stored: PlacedHeader): IntegerReader {
  return (key, { absent, one, max = Number.MAX_SAFE_INTEGER } = {}) => {
    const value = stored.header.get(key);
    if (value === undefined && absent !== undefined) return absent;
    const good = typeof value === 'number' && (one ? one.includes(value) : Number.isInteger(value) && value >= 0 && value <= max);
    if (good) return value;
    throw badFits({ source, hdu, name, byte: stored.byteOf(key) },
      value === undefined ? `no ${key}` : `${key} = ${JSON.stringify(value)}`,
      one ? `${key} one of ${one.join(', ')}` : `${key} an integer from 0 to ${max}`);
  };
}

function axesOf(integer: IntegerReader, key: 'NAXIS' | 'ZNAXIS'): number[] {
  const count = integer(key, { max: 999 });
  return Array.from({ length: count }, (_, i) => integer(`${key}${i + 1}`));
}

/** Keys that describe the table in which a compressed image is stored, not the image. */
const ofTheTable = /^(?:XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|CHECKSUM|DATASUM|T(?:TYPE|FORM|UNIT|DIM|SCAL|ZERO|NULL|DISP|COMM)\d+|Z(?:IMAGE|SIMPLE|TENSION|EXTEND|BLOCKED|BITPIX|NAXIS\d*|TILE\d+|CMPTYPE|NAME\d+|VAL\d+|PCOUNT|GCOUNT|HECKSUM|DATASUM|QUANTIZ|DITHER0|SCALE|ZERO|BLANK|MASKCMP))$/;

function imageHeader(stored: Header, bitpix: number, axes: readonly number[]): Header {
  const structure: Card[] = [
    { key: 'XTENSION', value: 'IMAGE' }, { key: 'BITPIX', value: bitpix }, { key: 'NAXIS', value: axes.length },
    ...axes.map((value, i) => ({ key: `NAXIS${i + 1}`, value })),
  ];
  return new Header([...structure, ...stored.cards.filter(({ key }) => !ofTheTable.test(key))]);
}

function matches(hdu: Hdu, which: number | string, version?: number | string): boolean {
  if (typeof which === 'number') return hdu.index === which;
  const wanted = which.trim().toUpperCase();
  const named = hdu.name.toUpperCase() === wanted || (hdu.index === 0 && wanted === 'PRIMARY');
  return named && (version === undefined || hdu.version.toUpperCase() === String(version).trim().toUpperCase());
}

/** Whether the file has an HDU with this number, or this name (and version). */
export function hasHdu(fits: Fits, which: number | string, version?: number | string): boolean {
  return fits.hdus.some((hdu) => matches(hdu, which, version));
}

/** The HDU with this number, or the first with this name (and version), whatever the case of its letters. Throws MissingHdu. */
export function findHdu(fits: Fits, which: number | string, version?: number | string): Hdu {
  const found = fits.hdus.find((hdu) => matches(hdu, which, version));
  if (found) return found;
  const list = fits.hdus.map(({ index, name, version }) => `${index} ${name || '(no name)'}${version === '1' ? '' : `, version ${version}`}`);
  throw new ZgradError('MissingHdu', {
    where: fits.source.name, found: `the HDUs ${list.join('; ')}`,
    expected: `an HDU ${typeof which === 'number' ? `number ${which}` : `named ${which}`}${version === undefined ? '' : `, version ${version}`}`,
  });
}
