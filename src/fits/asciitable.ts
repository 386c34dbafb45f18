import type { Column, ColumnValues } from '../table/index.js';
import { integerReader } from './hdu.js';
import type { Fits, Hdu } from './hdu.js';
import { badFits } from './problem.js';
import { readRanges } from './ranges.js';

const int32Digits = 9;

/** The columns of an ASCII table (TABLE extension): strings, Int32Array, Float64Array (empty cells NaN). */
export async function readAsciiTable(fits: Fits, hdu: Hdu): Promise<Column[]> {
  const { source } = fits;
  const { header } = hdu.stored;
  const [width = 0, rows = 0] = hdu.axes;
  const integer = integerReader(source, hdu.index, hdu.name, hdu.stored);
  const decoder = new TextDecoder('latin1');
  const lines: string[] = [];
  await readRanges(source, Math.max(1, width), [{ offset: hdu.dataOffset, length: width * rows }], (bytes) => {
    for (let at = 0; at < bytes.length; at += width) lines.push(decoder.decode(bytes.subarray(at, at + width)));
  });
  return Array.from({ length: integer('TFIELDS', { max: 999 }) }, (_, i) => {
    const n = i + 1;
    const place = { source, hdu: hdu.index, name: hdu.name };
    const form = /^\s*([AIFED])(\d{1,9})(?:\.(\d+))?\s*$/.exec(header.string(`TFORM${n}`)?.toUpperCase() ?? '');
    if (!form) throw badFits({ ...place, byte: hdu.stored.byteOf(`TFORM${n}`) }, `TFORM${n} = ${JSON.stringify(header.get(`TFORM${n}`))}`, 'one of Aw, Iw, Fw.d, Ew.d, Dw.d');
    const start = integer(`TBCOL${n}`) - 1;
    const length = Number(form[2]);
    if (start < 0 || start + length > width) {
      throw badFits({ ...place, byte: hdu.stored.byteOf(`TBCOL${n}`) }, `column ${n} from character ${start + 1} with ${length}`, `a column inside the ${width} characters of a row`);
    }
    const cells = lines.map((line) => line.slice(start, start + length));
    const empty = header.string(`TNULL${n}`)?.trim();
    const scale = header.number(`TSCAL${n}`) ?? 1;
    const zero = header.number(`TZERO${n}`) ?? 0;
    const implied = Number(form[3] ?? 0);
    const number = (cell: string, row: number): number => {
      const text = cell.trim();
      if (empty !== undefined && text === empty) return NaN;
      const value = numberOf(text, form[1] === 'I' ? 0 : implied);
      if (value !== null) return zero + scale * value;
      throw badFits({ ...place, byte: hdu.dataOffset + row * width + start }, JSON.stringify(cell), `a number (column ${n}, row ${row + 1})`);
    };
    const values = (): ColumnValues => {
      if (form[1] === 'A') return cells.map((cell) => cell.replace(/[ \0]+$/, ''));
      const numbers = Float64Array.from(cells, number);
      const small = form[1] === 'I' && length <= int32Digits && scale === 1 && zero === 0;
      return small && !numbers.some(Number.isNaN) ? Int32Array.from(numbers) : numbers;
    };
    return {
      name: header.string(`TTYPE${n}`) ?? `col${n}`, unit: header.string(`TUNIT${n}`) || null,
      description: header.string(`TCOMM${n}`) || null, values: values(),
    };
  });
}

/** A blank field is zero; a float without a decimal point has it before its last `implied` digits (FITS standard §7.2.5). */
function numberOf(text: string, implied: number): number | null {
  if (text === '') return 0;
  const parsed = /^([+-]?(?:\d+(\.?)\d*|(\.)\d+))(?:[EeDd]([+-]?\d+)|([+-]\d+))?$/.exec(text);
  if (!parsed) return /^[+-]?(?:nan|inf(?:inity)?)$/i.test(text) ? Number(text.replace(/inf.*/i, 'Infinity')) : null;
  const point = parsed[2] || parsed[3];
  const exponent = Number(parsed[4] ?? parsed[5] ?? 0) - (point ? 0 : implied);
  return Number(`${parsed[1]}e${exponent}`);
}
