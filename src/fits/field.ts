import { integerReader } from './hdu.js';
import type { Hdu } from './hdu.js';
import { badFits } from './problem.js';
import type { Place } from './problem.js';
import type { ByteSource } from './source.js';

/** The types of a binary-table column: logical, bits, bytes, integers, characters, floats, complex. */
export type FieldType = 'L' | 'X' | 'B' | 'I' | 'J' | 'K' | 'A' | 'E' | 'D' | 'C' | 'M';

/** One column of a binary table, as its keywords describe it. */
export interface Field {
  readonly name: string;
  readonly unit: string | null;
  readonly description: string | null;
  readonly type: FieldType;
  /** Elements in a cell; of a variable-length column, which has its own number in each row, 1. */
  readonly repeat: number;
  /** First byte in the row, and bytes. */
  readonly start: number;
  readonly width: number;
  /** Bytes of the two numbers of a heap descriptor: P has 4, Q 8, other columns 0. */
  readonly descriptor: 0 | 4 | 8;
  /** Characters in each string of a column that holds several of them in a row. */
  readonly substring: number | null;
  readonly scale: number;
  readonly zero: number;
  readonly blank: number | undefined;
}

/** BITPIX of the numbers of a type and how many of them make an element. */
export const numbersOf: Readonly<Record<Exclude<FieldType, 'L' | 'X' | 'A'>, readonly [bitpix: number, parts: number]>> = {
  B: [8, 1], I: [16, 1], J: [32, 1], K: [64, 1], E: [-32, 1], D: [-64, 1], C: [-32, 2], M: [-64, 2],
};

/** Bytes of `repeat` elements. */
export function bytesOf(type: FieldType, repeat: number): number {
  if (type === 'X') return Math.ceil(repeat / 8);
  if (type === 'L' || type === 'A') return repeat;
  const [bitpix, parts] = numbersOf[type];
  return repeat * parts * Math.abs(bitpix) / 8;
}

/** The columns of a binary table. Throws BadFits for an unknown format or when their widths do not add up to NAXIS1. */
export function fieldsOf(source: ByteSource, hdu: Hdu): Field[] {
  const { stored, name } = hdu;
  const { header } = stored;
  const count = integerReader(source, hdu.index, name, stored)('TFIELDS', { max: 999 });
  const fields: Field[] = [];
  let start = 0;
  for (let n = 1; n <= count; n++) {
    const place = { source, hdu: hdu.index, name, byte: stored.byteOf(`TFORM${n}`) };
    const format = formatOf(place, header.get(`TFORM${n}`), n);
    fields.push({
      ...format,
      name: header.string(`TTYPE${n}`) ?? `col${n}`,
      unit: header.string(`TUNIT${n}`) || null,
      description: header.string(`TCOMM${n}`) || null,
      start,
      substring: format.type === 'A' ? format.substring ?? firstOf(header.string(`TDIM${n}`)) : null,
      scale: header.number(`TSCAL${n}`) ?? 1,
      zero: header.number(`TZERO${n}`) ?? 0,
      blank: header.number(`TNULL${n}`),
    });
    start += format.width;
  }
  if (start !== hdu.stored.header.number('NAXIS1')) {
    throw badFits({ source, hdu: hdu.index, name, byte: stored.byteOf('NAXIS1') },
      `columns of ${start} bytes in all (TFORM1 to TFORM${count})`, `the ${header.number('NAXIS1')} bytes of a row that NAXIS1 says`);
  }
  return fields;
}

function formatOf(place: Place, text: unknown, n: number): Pick<Field, 'type' | 'repeat' | 'width' | 'descriptor' | 'substring'> {
  const parsed = typeof text === 'string' ? /^\s*(\d{0,15})([LXBIJKAEDCM]|[PQ](?=[LXBIJKAEDCM]))(.*)$/.exec(text.toUpperCase()) : null;
  if (!parsed) {
    throw badFits(place, `TFORM${n} = ${JSON.stringify(text)}`, 'a repeat count and a type, one of L X B I J K A E D C M P Q (as in 16A)');
  }
  const [, digits, letter, rest] = parsed;
  const repeat = digits === '' ? 1 : Number(digits);
  if (letter === 'P' || letter === 'Q') {
    // A repeat count of 0 is allowed and leaves no descriptor in the row.
    const descriptor = letter === 'P' ? 4 : 8;
    if (repeat > 1) throw badFits(place, `TFORM${n} = ${JSON.stringify(text)}`, 'at most one array descriptor in a row');
    return { type: rest![0] as FieldType, repeat, width: repeat * 2 * descriptor, descriptor, substring: null };
  }
  const type = letter as FieldType;
  const each = type === 'A' ? Number(/^\d+/.exec(rest!)?.[0] ?? 0) : 0;
  return { type, repeat, width: bytesOf(type, repeat), descriptor: 0, substring: each > 0 && each < repeat ? each : null };
}

/** The first number of a TDIM such as '(8,3)', when there are at least two: the length of each string. */
function firstOf(dim: string | undefined): number | null {
  const first = /^\s*\(\s*(\d+)\s*,/.exec(dim ?? '')?.[1];
  return first && Number(first) > 0 ? Number(first) : null;
}
