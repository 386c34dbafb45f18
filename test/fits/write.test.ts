import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource, findHdu, memorySink, openFits, readImage, readTable, startImage, writeFits } from '../../src/fits/index.js';
import type { Card, HduSpec } from '../../src/fits/index.js';
import { formatCard } from '../../src/fits/formatcard.js';
import { BadCard, joinContinued, parseCard } from '../../src/fits/card.js';
import type { Table } from '../../src/table/index.js';
import { describeFitsverify, describePython, runPython } from '../support/shared.js';
import { doubles, dump, expectVerified, temporaryFolder, written } from './support.js';
import type { AstropyHdu } from './support.js';

const reopened = async (...specs: HduSpec[]) => openFits(bytesSource(await written(...specs), 'written.fits'));

const long = 'a long text, '.repeat(20).trim();
const cards: Card[] = [
  { key: 'OBJECT', value: "Barnard's galaxy", comment: 'a name' }, { key: 'LONGTEXT', value: long, comment: 'continued' },
  { key: 'QUOTES', value: "''".repeat(60) }, { key: 'EMPTY', value: '' }, { key: 'NOTHING', value: null, comment: 'no value' }, { key: 'FLAG', value: false },
  { key: 'PI', value: Math.PI }, { key: 'TINY', value: 1e-17 }, { key: 'HUGE', value: -1.7976931348623157e308 }, { key: 'COUNT', value: 42 },
  { key: 'ESO TEL AIRM START', value: 1.25, comment: 'hierarchical' }, { key: 'ESO OBS TARG NAME', value: `${long} hierarchical` },
  { key: 'COMMENT', value: 'c'.repeat(100) }, { key: 'HISTORY', value: 'made by a test' }, { key: 'CRVAL1', value: 150.12345678901235 },
];

const images: HduSpec[] = [
  { kind: 'image', axes: [], data: null, cards },
  { kind: 'image', name: 'F32', axes: [3, 2, 2], data: Float32Array.from([1, -2.5, NaN, Infinity, 1e-30, 0, 1, 2, 3, 4, 5, 6]) },
  { kind: 'image', name: 'F64', version: 2, axes: [2, 2], data: Float64Array.of(Math.PI, NaN, -1e-300, 4) },
  { kind: 'image', name: 'I16', axes: [3], data: Int16Array.of(-32768, 0, 32767) },
  { kind: 'image', name: 'I32', axes: [3], data: Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1) },
  { kind: 'image', name: 'I64', axes: [3], data: BigInt64Array.of(-(2n ** 53n), 0n, 2n ** 53n) },
  { kind: 'image', name: 'U8', axes: [5, 1], data: Uint8Array.of(0, 1, 2, 128, 255) },
  { kind: 'image', name: 'I8', axes: [3], data: Int8Array.of(-128, 0, 127) },
  { kind: 'image', name: 'U16', axes: [2], data: Uint16Array.of(0, 65535) },
  { kind: 'image', name: 'U32', axes: [2], data: Uint32Array.of(0, 2 ** 32 - 1) },
];

const table: Table = {
  length: 3,
  meta: { CALIB: 'N2S2Ha', 'a long key of the table': 3, deep: { not: 'written' } },
  columns: [
    { name: 'bin', unit: null, description: 'number of the bin', values: Int32Array.of(0, 1, 2) },
    { name: 'flux', unit: '1e-17 erg/s/cm2', description: null, values: Float64Array.of(1.5, NaN, -Infinity) },
    { name: 'err', unit: null, description: null, values: Float32Array.of(0.1, 0.2, 0.3) },
    { name: 'short', unit: null, description: null, values: Int16Array.of(-1, 0, 1) },
    { name: 'byte', unit: null, description: null, values: Uint8Array.of(0, 128, 255) },
    { name: 'id', unit: null, description: null, values: BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n) },
    { name: 'good', unit: null, description: null, values: [true, false, true] },
    { name: 'name', unit: null, description: null, values: ['NGC 1705', '', 'x'] },
    { name: 'xy', unit: 'arcsec', description: null, values: [[1, 2], [3, 4], [5, 6]] },
    { name: 'ints', unit: null, description: null, values: [Int32Array.of(1, 2), Int32Array.of(3, 4), Int32Array.of(5, 6)] },
    { name: 'spaxels', unit: null, description: null, values: [Int32Array.of(7), Int32Array.of(), Int32Array.of(8, 9, 10)] },
    { name: 'ragged', unit: null, description: null, values: [[1.5], [2.5, 3.5], []] },
    { name: 'lines', unit: null, description: null, values: [['Ha', 'NII6583'], ['Hb', 'OIII'], ['', 'z']] },
  ],
};
const tableSpec: HduSpec = { kind: 'table', name: 'BINS', table, cards: [{ key: 'ORIGIN', value: 'test' }] };

describe('what we write and read again', () => {
  it('is the same for images of every type', async () => {
    const fits = await reopened(...images);
    for (const spec of images.slice(1)) {
      if (spec.kind !== 'image') continue;
      const { axes, data } = await readImage(fits, findHdu(fits, spec.name!));
      expect(axes).toEqual(spec.axes);
      expect(Array.from(data)).toEqual(Array.from(spec.data!, Number));
    }
    expect(fits.hdus[0]!.axes).toEqual([]);
    expect(findHdu(fits, 'f64', '2').version).toBe('2');
  });

  it('is the same for cards: long strings, HIERARCH, quotes, undefined and extreme values', async () => {
    const { header } = (await reopened(...images)).hdus[0]!;
    for (const card of cards.filter(({ key }) => key !== 'COMMENT')) {
      expect(header.cards.find(({ key }) => key === card.key)).toEqual(card);
    }
    expect(header.cards.filter(({ key }) => key === 'COMMENT').map(({ value }) => value)).toEqual(['c'.repeat(72), 'c'.repeat(28)]);
  });

  it('is the same for table columns of every type, with units, descriptions and the simple entries of meta', async () => {
    const fits = await reopened(tableSpec);
    const read = await readTable(fits, findHdu(fits, 'BINS'));
    expect(fits.hdus.map(({ name }) => name)).toEqual(['PRIMARY', 'BINS']);
    expect(read.length).toBe(3);
    expect(read.meta).toEqual({ CALIB: 'N2S2Ha', 'A LONG KEY OF THE TABLE': 3, ORIGIN: 'test' });
    for (const [i, column] of table.columns.entries()) {
      const { values, ...rest } = read.columns[i]!;
      expect(rest).toEqual({ name: column.name, unit: column.unit, description: column.description });
      expect(Array.from(values as unknown[], plain), column.name).toEqual(Array.from(column.values as unknown[], plain));
    }
  });

  it('has no rows and no columns when there are none', async () => {
    const empty: Table = { length: 0, meta: {}, columns: [{ name: 'x', unit: null, description: null, values: new Float64Array(0) }, { name: 's', unit: null, description: null, values: [] }] };
    const fits = await reopened({ kind: 'table', name: 'EMPTY', table: empty }, { kind: 'table', table: { length: 0, meta: {}, columns: [] } });
    expect((await readTable(fits, fits.hdus[1]!)).columns.map(({ values }) => values.length)).toEqual([0, 0]);
    expect((await readTable(fits, fits.hdus[2]!)).columns).toEqual([]);
  });

  it('leaves out keywords of the layout among the given cards', async () => {
    const fits = await reopened({ kind: 'image', name: 'A', axes: [1], data: Float32Array.of(1), cards: [{ key: 'NAXIS1', value: 9 }, { key: 'BITPIX', value: 8 }, { key: 'EXTNAME', value: 'B' }, { key: 'CHECKSUM', value: 'x' }] });
    expect(fits.hdus[0]!.header.cards.map(({ key }) => key)).toEqual(['SIMPLE', 'BITPIX', 'NAXIS', 'NAXIS1', 'EXTEND', 'EXTNAME', 'DATASUM', 'CHECKSUM']);
    expect(fits.hdus[0]!.name).toBe('A');
  });

  it('is byte for byte the same when an image is streamed in pieces', async () => {
    const data = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const whole = await written({ kind: 'image', axes: [], data: null }, { kind: 'image', name: 'DATA', axes: [10, 10, 10], data }, tableSpec);
    const sink = memorySink();
    let at = await writeFits(sink, [{ kind: 'image', axes: [], data: null }]);
    const image = await startImage(sink, { name: 'DATA', axes: [10, 10, 10], bitpix: -32, at });
    for (let i = 0; i < 1000; i += 77) await image.write(Float64Array.from(data.subarray(i, i + 77)));
    at = await image.close();
    expect(await writeFits(sink, [tableSpec], at)).toBe(whole.length);
    expect(Buffer.compare(sink.bytes(), whole)).toBe(0);
  });

  it('is byte for byte the same when the pieces of an image are made in the same memory one after the other', async () => {
    const data = Int32Array.from({ length: 12 }, (_, i) => i * i);
    const into = new Int32Array(4);
    const pieces = function* () {
      for (let i = 0; i < 12; i += 4) {
        into.set(data.subarray(i, i + 4));
        yield into;
      }
    };
    const label = { name: 'DATA', axes: [2, 2, 3], cards: [{ key: 'BUNIT', value: 'm' }] };
    const made = await written({ kind: 'pieces', bitpix: 32, pieces, ...label }, tableSpec, { kind: 'pieces', bitpix: 32, pieces, ...label });
    expect(Buffer.compare(made, await written({ kind: 'image', data, ...label }, tableSpec, { kind: 'image', data, ...label }))).toBe(0);
    await expect(written({ kind: 'pieces', bitpix: 32, pieces, axes: [13] })).rejects.toMatchObject({ tag: 'BadArgument' });
  });

  it('is refused when the number of values is not that of the axes, or of the table', async () => {
    await expect(written({ kind: 'image', axes: [2, 2], data: new Float32Array(3) })).rejects.toMatchObject({ tag: 'BadArgument' });
    await expect(written({ kind: 'table', table: { ...table, length: 4 } })).rejects.toMatchObject({ tag: 'BadArgument' });
    const image = await startImage(memorySink(), { axes: [4], bitpix: 16 });
    await image.write(Int16Array.of(1, 2));
    await expect(image.close()).rejects.toMatchObject({ tag: 'BadArgument' });
    await expect(image.write(Int16Array.of(3, 4, 5))).rejects.toMatchObject({ tag: 'BadArgument' });
    await expect(written({ kind: 'image', axes: [], data: null, cards: [{ key: 'a=b', value: 1 }] })).rejects.toMatchObject({ tag: 'BadArgument' });
  });
});

describe('a card', () => {
  it('gives back every double and every text of printable characters', () => {
    const reread = ({ key, value }: Card) => {
      const lines = formatCard({ key, value }).map((line) => {
        expect(line).toHaveLength(80);
        const card = parseCard(line);
        if (card instanceof BadCard) throw new Error(card.found);
        return card;
      });
      return lines.slice(1).reduce((card, next) => joinContinued(card, next)!, lines[0]!).value;
    };
    const key = fc.constantFrom('KEY', 'ESO LONG KEY');
    fc.assert(fc.property(key, fc.double({ noNaN: true, noDefaultInfinity: true }), (key, value) => Object.is(reread({ key, value }), value)));
    fc.assert(fc.property(key, fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), (key, value) => reread({ key, value }) === value.replace(/ +$/, '')), { numRuns: 300 });
  });
});

describePython('what we write, as astropy reads it', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'written.fits');
  const streamed = join(folder, 'streamed.fits');
  const script = `${dump}
warnings.simplefilter('error')
out = [dump(path, checksum=True) for path in sys.argv[1:]]
h = fits.getheader(sys.argv[1])
print(json.dumps(dict(hdus=out, cards={k: h[k] for k in ('OBJECT', 'LONGTEXT', 'EMPTY', 'FLAG', 'PI', 'TINY', 'HUGE', 'COUNT', 'ESO TEL AIRM START', 'ESO OBS TARG NAME', 'CRVAL1')},
  history=list(h['HISTORY']), comment=list(h['COMMENT']), undefined=str(h['NOTHING']) == '')))`;

  it('has valid checksums, the same cards, images and tables, without a warning', async () => {
    writeFileSync(file, await written(...images, tableSpec));
    const sink = memorySink();
    const stream = await startImage(sink, { axes: [3, 5, 7], bitpix: 16, name: 'CUBE' });
    for (let i = 0; i < 105; i += 5) await stream.write(Int16Array.from({ length: 5 }, (_, j) => i + j));
    await stream.close();
    writeFileSync(streamed, sink.bytes());
    const { hdus: [hdus, stream2], cards: read, history, comment } = runPython<{ hdus: AstropyHdu[][]; cards: Record<string, unknown>; history: string[]; comment: string[] }>(script, file, streamed);
    for (const [key, value] of Object.entries(read)) expect(value, key).toEqual(cards.find((card) => card.key === key)!.value);
    expect([history, comment.join('')]).toEqual([['made by a test'], 'c'.repeat(100)]);
    for (const [i, spec] of images.entries()) {
      const hdu = hdus![i]!;
      if (spec.kind !== 'image' || !spec.data) continue;
      expect([hdu.name, hdu.axes]).toEqual([spec.name, spec.axes]);
      expect(doubles(hdu.values!)).toEqual(Float64Array.from(Array.from(spec.data, Number)));
    }
    expect(Array.from(doubles(stream2![0]!.values!))).toEqual(Array.from({ length: 105 }, (_, i) => i));
    const bins = hdus!.at(-1)!;
    expect(bins.columns.map(({ name, unit }) => ({ name, unit }))).toEqual(table.columns.map(({ name, unit }) => ({ name, unit })));
    for (const [i, { values, name }] of table.columns.entries()) {
      expect(bins.columns[i]!.cells.flat().map(asText), name).toEqual(Array.from(values as unknown[], plain).flat().map(asText));
    }
  });
});

describeFitsverify('what we write, as fitsverify judges it', () => {
  const folder = temporaryFolder();

  it('has neither an error nor a warning', async () => {
    // A keyword without value and a WCS without axes are warned of, whoever writes them.
    const primary: HduSpec = { kind: 'image', axes: [], data: null, cards: cards.filter(({ key }) => key !== 'NOTHING' && key !== 'CRVAL1') };
    const file = join(folder, 'verified.fits');
    writeFileSync(file, await written(primary, ...images.slice(1), tableSpec));
    expectVerified(file);
  });
});

const plain = (cell: unknown): unknown => (typeof cell === 'object' ? Array.from(cell as unknown[]) : cell);

/** Numbers as text, as Python writes them. */
function asText(value: unknown): unknown {
  if (typeof value === 'string') return Number.isFinite(Number(value)) && value !== '' ? String(Number(value)) : value.replace(/^nan$/, 'NaN').replace(/^-inf$/, '-Infinity');
  return typeof value === 'bigint' ? String(Number(value)) : typeof value === 'number' ? String(value) : value;
}
