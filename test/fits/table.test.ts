import { describe, expect, it } from 'vitest';
import { bytesSource, openFits, readTable } from '../../src/fits/index.js';
import { fileOf, number } from './support.js';

const text = (key: string, value: string) => `${key.padEnd(8)}= '${value}'`;
const primary = { cards: ['SIMPLE  =                    T', number('BITPIX', 8), number('NAXIS', 0)] };
const bytes = (...parts: (string | number[])[]) => Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));

async function columnsOf(kind: string, width: number, rows: number, forms: string[], cards: string[], data: Uint8Array) {
  const heap = data.length - width * rows;
  const structure = [text('XTENSION', kind), number('BITPIX', 8), number('NAXIS', 2), number('NAXIS1', width), number('NAXIS2', rows), number('PCOUNT', heap), number('GCOUNT', 1), number('TFIELDS', forms.length)];
  const fits = await openFits(bytesSource(fileOf(primary, { cards: [...structure, ...forms.map((form, i) => text(`TFORM${i + 1}`, form)), ...cards], data })));
  const table = await readTable(fits, fits.hdus[1]!);
  expect(table.length).toBe(rows);
  return table.columns.map(({ values }) => values);
}

describe('columns of a binary table', () => {
  it('with TNULL have NaN in their empty cells, and keep their type when none is empty', async () => {
    const cards = [number('TNULL1', -1), number('TNULL2', 9), number('TNULL3', 255)];
    const [a, b, c] = await columnsOf('BINTABLE', 7, 2, ['I', 'J', 'B'], cards, bytes([0, 5, 0, 0, 0, 1, 7], [255, 255, 0, 0, 0, 2, 255]));
    expect(a).toEqual(Float64Array.of(5, NaN));
    expect(b).toEqual(Int32Array.of(1, 2));
    expect(c).toEqual(Float64Array.of(7, NaN));
  });

  it('with unsigned and scaled numbers have their values; empty unsigned cells are NaN', async () => {
    const cards = [number('TZERO1', 32768), number('TZERO2', -128), number('TZERO3', 32768), number('TNULL3', 0), number('TSCAL4', '1.D-1'), number('TZERO4', 5), number('TZERO5', '9223372036854775808')];
    const [a, b, c, d, e] = await columnsOf('BINTABLE', 17, 1, ['I', 'B', 'I', 'E', 'K'], cards,
      bytes([0x80, 1], [0], [0, 0], [0x41, 0x20, 0, 0], [0x80, 0, 0, 0, 0, 0, 0, 7]));
    expect([a, b, c, e]).toEqual([Int32Array.of(1), Int16Array.of(-128), Float64Array.of(NaN), Float64Array.of(7)]);
    expect(d).toEqual(Float64Array.of(10 * 0.1 + 5));
  });

  it('of logicals and bits are truth values; several in a row 0 and 1; an undefined logical is false', async () => {
    const [a, b, c, d] = await columnsOf('BINTABLE', 6, 2, ['L', '2L', '1X', '10X'], [], bytes('TFT', [0x80, 0xff, 0xc0], [0], 'FT', [0x7f, 0x80, 0x40]));
    expect(a).toEqual([true, false]);
    expect(b).toEqual([Uint8Array.of(0, 1), Uint8Array.of(0, 1)]);
    expect(c).toEqual([true, false]);
    expect(d).toEqual([Uint8Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 1)]);
  });

  it('of strings end at a zero byte or the last blank; 9A3 and TDIM hold several in a row', async () => {
    const [a, b, c, d] = await columnsOf('BINTABLE', 16, 1, ['4A', '6A3', '6A', '0A'], [text('TDIM3', '(2,3)')], bytes('a b', [0], 'Ha Hb ', 'x y zz'));
    expect([a, b, c, d]).toEqual([['a b'], [['Ha', 'Hb']], [['x', 'y', 'zz']], ['']]);
  });

  it('of variable length hold texts, bits and numbers, also none and with TSCAL', async () => {
    const [a, b, c, d] = await columnsOf('BINTABLE', 32, 2, ['1PA(4)', 'PX(9)', '1QI(2)', '0PD'], [number('TSCAL3', 0.5)],
      bytes([0, 0, 0, 4, 0, 0, 0, 0], [0, 0, 0, 9, 0, 0, 0, 4], [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 6],
        [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 127, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 8], 'line', [0x80, 0x80, 0, 1, 0, 2]));
    expect(a).toEqual(['line', '']);
    expect(b).toEqual([Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1), Uint8Array.of()]);
    expect(c).toEqual([Float64Array.of(0.5, 1), Float64Array.of(1)]);
    expect(d).toEqual([new Float64Array(0), new Float64Array(0)]);
  });

  it('may lie before a gap in front of the heap (THEAP)', async () => {
    const [a] = await columnsOf('BINTABLE', 8, 1, ['1PB(2)'], [number('THEAP', 12)], bytes([0, 0, 0, 2, 0, 0, 0, 1], [9, 9, 9, 9], [1, 2, 3]));
    expect(a).toEqual([Uint8Array.of(2, 3)]);
  });

  it('of thousands of rows keep every bit, wherever in a row the numbers begin', async () => {
    const [rows, width] = [2500, 40];
    const data = Uint8Array.from({ length: rows * width }, (_, i) => (i * 2654435761) >>> 13);
    // A signalling NaN is not to become a quiet one.
    data.set([0x7f, 0xa0, 0, 1], 1100 * width + 3);
    const [a, b, c, d, e, f] = await columnsOf('BINTABLE', width, rows, ['B', 'I', 'E', 'K', 'D', '17A'], [], data);
    const view = new DataView(data.buffer);
    const each = <T>(read: (at: number) => T) => Array.from({ length: rows }, (_, row) => read(row * width));
    const bits = (values: unknown) => [...new Uint32Array((values as Float32Array).buffer)];
    expect(a).toEqual(Uint8Array.from(each((at) => data[at]!)));
    expect(b).toEqual(Int16Array.from(each((at) => view.getInt16(at + 1))));
    expect(bits(c)).toEqual(each((at) => view.getUint32(at + 3)));
    expect(d).toEqual(BigInt64Array.from(each((at) => view.getBigInt64(at + 7))));
    expect(bits(e)).toEqual(each((at) => [view.getUint32(at + 19), view.getUint32(at + 15)]).flat());
    expect((f as string[]).length).toBe(rows);
  });
});

describe('columns of an ASCII table', () => {
  it('have NaN where TNULL stands, zero where nothing stands, and the decimal point that the format implies', async () => {
    const cards = ['TBCOL1', 'TBCOL2', 'TBCOL3'].map((key, i) => number(key, [1, 6, 13][i]!)).concat(text('TNULL1', '***'), number('TSCAL3', 10));
    const [a, b, c] = await columnsOf('TABLE', 18, 3, ['I4', 'F6.2', 'E6.1'], cards, bytes('  12   1250  1.5D1', ' ***         -2E-1', '  -3   1.25  1.5+1'));
    expect(a).toEqual(Float64Array.of(12, NaN, -3));
    expect(b).toEqual(Float64Array.of(12.5, 0, 1.25));
    expect(c).toEqual(Float64Array.of(150, 10 * -0.02, 150));
  });
});
