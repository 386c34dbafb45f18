import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { bytesSource, openFits, readCubeSpectra, readImage, readTable } from '../../src/fits/index.js';
import type { Card } from '../../src/fits/index.js';
import type { Table } from '../../src/table/index.js';
import { fileOf, number, written } from './support.js';

const simple = 'SIMPLE  =                    T';
const primary = [simple, number('BITPIX', 8), number('NAXIS', 0), 'EXTEND  =                    T'];
const image = (bitpix: number | string, ...axes: (number | string)[]) => [simple, number('BITPIX', bitpix), number('NAXIS', axes.length), ...axes.map((n, i) => number(`NAXIS${i + 1}`, n))];
const table = (width: number, rows: number, forms: string[], heap = 0) => ["XTENSION= 'BINTABLE'", number('BITPIX', 8), number('NAXIS', 2), number('NAXIS1', width), number('NAXIS2', rows),
  number('PCOUNT', heap), number('GCOUNT', 1), number('TFIELDS', forms.length), ...forms.map((form, i) => `${`TFORM${i + 1}`.padEnd(8)}= '${form}'`), "EXTNAME = 'BINS'"];

/** Everything that can be read of a file is read. */
async function readAll(bytes: Uint8Array): Promise<void> {
  const fits = await openFits(bytesSource(bytes, 'bad.fits'));
  for (const hdu of fits.hdus) {
    if (hdu.kind === 'table') await readTable(fits, hdu);
    else if (hdu.axes.length === 3) await readCubeSpectra(fits, hdu);
    else await readImage(fits, hdu);
  }
}

async function messageOf(bytes: Uint8Array): Promise<string> {
  const error = await readAll(bytes).then(() => new Error('no error'), (error: unknown) => error);
  return isZgradError(error) ? `${error.tag} ${error.message}` : `not ours: ${String(error)}`;
}

const cases: [what: string, file: () => Uint8Array, message: RegExp][] = [
  ['an empty file', () => new Uint8Array(0), /^NotFits bad.fits, byte 0: found an empty file; expected a FITS file/],
  ['a text file', () => new TextEncoder().encode('# a table of numbers\n1 2 3\n'.repeat(200)), /^NotFits bad.fits, byte 0: found "# a table/],
  ['SIMPLE = F', () => fileOf({ cards: ['SIMPLE  =                    F', ...primary.slice(1)] }), /^NotFits/],
  ['a gzipped text file', () => gzipSync('# a table'), /^NotFits bad.fits/],
  ['a gzipped file cut short', () => gzipSync(fileOf({ cards: image(8, 2000), data: Uint8Array.from({ length: 2000 }, (_, i) => (i * i) % 251) })).subarray(0, -40), /^BadFits bad.fits, byte 0: found damaged gzipped data/],
  ['a gzipped file with a wrong checksum', () => damaged(gzipSync(fileOf({ cards: primary })), -6), /^BadFits bad.fits, byte \d+: found gzipped data that differ from their own checksum/],
  ['data cut short', () => fileOf({ cards: image(-32, 100, 100), data: new Uint8Array(40000) }).subarray(0, 30000), /^BadFits bad.fits, HDU 0 \(PRIMARY\), byte 2880: found a header \(BITPIX -32, axes 100 × 100, PCOUNT 0\) that announces 40000 bytes of data; expected at most the 27120 bytes/],
  ['data cut short in an extension', () => fileOf({ cards: primary }, { cards: table(8, 1000, ['D']), data: new Uint8Array(8000) }).subarray(0, 9000), /^BadFits bad.fits, HDU 1 \(BINS\), byte 5760: .* announces 8000 bytes/],
  ['a header cut short', () => fileOf({ cards: [...primary, ...Array<string>(40).fill('COMMENT x')] }).subarray(0, 2880), /^BadFits bad.fits, HDU 0, byte 2880: found 36 header cards and no END/],
  ['a header without END before its data', () => fileOf({ cards: primary, data: new Uint8Array(2880) }).map((byte, i) => (i >= 320 && i < 323 ? 32 : byte)), /^BadFits bad.fits, HDU 0, byte 2880: found a byte 0 in a header card/],
  ['a header that claims 10^28 bytes', () => fileOf({ cards: image(-64, 999999999, 999999999, 1250000000) }), /^BadFits bad.fits, HDU 0 \(PRIMARY\), byte 2880: .*announces 9\.99\d*e\+27 bytes/],
  ['axes whose product is infinite', () => fileOf({ cards: image(-64, ...Array<number>(80).fill(999999999)) }), /^BadFits .*announces Infinity bytes/],
  ['a negative axis', () => fileOf({ cards: image(-32, 10, -10) }), /^BadFits bad.fits, HDU 0 \(PRIMARY\), byte 320: found NAXIS2 = -10; expected NAXIS2 an integer from 0/],
  ['an axis that is no whole number', () => fileOf({ cards: image(-32, '1.5') }), /found NAXIS1 = 1.5; expected NAXIS1 an integer/],
  ['an axis that is no number', () => fileOf({ cards: image(-32, '2x') }), /^BadFits bad.fits, HDU 0, byte 240: found NAXIS1 = 2x; expected a number/],
  ['an axis that is text', () => fileOf({ cards: image(-32, "'2'") }), /found NAXIS1 = "2"; expected NAXIS1 an integer/],
  ['a missing axis', () => fileOf({ cards: image(-32, 10, 10).slice(0, -1) }), /found no NAXIS2; expected NAXIS2 an integer/],
  ['NAXIS beyond 999', () => fileOf({ cards: [simple, number('BITPIX', 8), number('NAXIS', 100000)] }), /found NAXIS = 100000; expected NAXIS an integer from 0 to 999/],
  ['BITPIX nonsense', () => fileOf({ cards: image(17, 10) }), /HDU 0 \(PRIMARY\), byte 80: found BITPIX = 17; expected BITPIX one of 8, 16, 32, 64, -32, -64/],
  ['no BITPIX', () => fileOf({ cards: [simple, number('NAXIS', 0)] }), /found no BITPIX/],
  ['a card with a control character', () => fileOf({ cards: [...primary, 'OBJECT  = \'a\u0001b\''] }), /HDU 0, byte 332: found a byte 1 in a header card/],
  ['a string without closing quote', () => fileOf({ cards: [...primary, "OBJECT  = 'NGC 1705"] }), /HDU 0, byte 320: found a string without closing quote, OBJECT = 'NGC 1705; expected a string between two quotes/],
  ['a WCS card that is no number', () => fileOf({ cards: [...primary, 'CRVAL1  = 12:34:56'] }), /HDU 0, byte 320: found CRVAL1 = 12:34:56; expected a number/],
  ['a negative PCOUNT', () => fileOf({ cards: primary }, { cards: table(8, 1, ['D'], -5), data: new Uint8Array(8) }), /HDU 1 \(BINS\), byte 3280: found PCOUNT = -5/],
  ['columns that do not fill the row', () => fileOf({ cards: primary }, { cards: table(10, 2, ['D', 'E']), data: new Uint8Array(20) }), /HDU 1 \(BINS\), byte 3120: found columns of 12 bytes in all \(TFORM1 to TFORM2\); expected the 10 bytes of a row/],
  ['an unknown column format', () => fileOf({ cards: primary }, { cards: table(8, 1, ['Z9']), data: new Uint8Array(8) }), /HDU 1 \(BINS\), byte 3520: found TFORM1 = "Z9"/],
  ['a column format of absurd size', () => fileOf({ cards: primary }, { cards: table(8, 1, ['999999999999999D']), data: new Uint8Array(8) }), /found columns of 7999999999999992 bytes/],
  ['a missing column format', () => fileOf({ cards: primary }, { cards: table(8, 1, ['D']).map((card) => card.replace('TFIELDS =                    1', 'TFIELDS =                    2')), data: new Uint8Array(8) }), /found TFORM2 = undefined/],
  ['too many columns', () => fileOf({ cards: primary }, { cards: table(8, 1, ['D']).map((card) => card.replace('TFIELDS =                    1', 'TFIELDS =                 5000')), data: new Uint8Array(8) }), /found TFIELDS = 5000; expected TFIELDS an integer from 0 to 999/],
  ['rows without bytes', () => fileOf({ cards: primary }, { cards: table(0, 1e15, ['0D']) }), /found 1000000000000000 rows of no bytes/],
  ['an array outside the heap', () => fileOf({ cards: primary }, { cards: table(8, 2, ['1PD(3)'], 24), data: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 8, ...Array<number>(24).fill(0)) }),
    /HDU 1 \(BINS\), byte 5768: found an array of 3 elements at byte 8 of the heap \(column col1, row 2\); expected an array inside the heap of 24 bytes/],
  ['a negative number of elements', () => fileOf({ cards: primary }, { cards: table(8, 1, ['1PD(3)'], 24), data: Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0, ...Array<number>(24).fill(0)) }), /found an array of -1 elements/],
  ['a heap that begins beyond the data', () => fileOf({ cards: primary }, { cards: [...table(8, 1, ['1PD(3)'], 24), number('THEAP', 5000)], data: new Uint8Array(32) }), /found THEAP = 5000; expected THEAP an integer from 0 to 32/],
  ['an ASCII table with a word for a number', () => fileOf({ cards: primary }, { cards: ["XTENSION= 'TABLE'", ...table(8, 1, ['F8.2']).slice(1), number('TBCOL1', 1)], data: new TextEncoder().encode('   word ') }), /byte 5760: found "   word "; expected a number \(column 1, row 1\)/],
  ['an extension of an unknown kind', () => fileOf({ cards: primary }, { cards: ["XTENSION= 'FOREIGN'", ...table(8, 1, ['D']).slice(1)], data: new Uint8Array(8) }), /found an extension of kind "FOREIGN"; expected BINTABLE or TABLE/],
];

const damaged = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = new Uint8Array(bytes);
  copy[(at + copy.length) % copy.length]! ^= 0x55;
  return copy;
};

describe('a malformed file gives one error that names HDU, byte and what was expected', () => {
  for (const [what, file, message] of cases) {
    it(`for ${what}`, async () => {
      const bytes = file();
      const before = process.memoryUsage().arrayBuffers;
      const start = performance.now();
      expect(await messageOf(bytes)).toMatch(message);
      expect(performance.now() - start).toBeLessThan(2000);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e7);
    });
  }
});

/** A tile-compressed image of 4 × 4 pixels in rows of tiles, written as the table that it is. */
function tiles({ tiles, columns = {}, cards = [] }: { tiles: Uint8Array[]; columns?: Record<string, Float64Array>; cards?: Card[] }): Promise<Uint8Array> {
  const table: Table = {
    length: tiles.length,
    meta: {},
    columns: [{ name: 'COMPRESSED_DATA', values: [...tiles] }, ...Object.entries(columns).map(([name, values]) => ({ name, values }))].map((column) => ({ unit: null, description: null, ...column })),
  };
  const all: Card[] = [{ key: 'ZIMAGE', value: true }, { key: 'ZBITPIX', value: 16 }, { key: 'ZNAXIS', value: 2 }, { key: 'ZNAXIS1', value: 4 }, { key: 'ZNAXIS2', value: 4 }, { key: 'ZCMPTYPE', value: 'GZIP_1' }];
  return written({ kind: 'table', name: 'PACKED', table, cards: [...cards, ...all.filter(({ key }) => !cards.some((card) => card.key === key))] });
}

const rowOf = (y: number): Uint8Array => Uint8Array.from({ length: 8 }, (_, i) => (i % 2 ? 4 * y + (i >> 1) : 0));
const packedRows = [0, 1, 2, 3].map((y) => new Uint8Array(gzipSync(rowOf(y), { level: y === 0 ? 0 : 9 })));

describe('a tile-compressed image', () => {
  const read = async (bytes: Uint8Array) => {
    const fits = await openFits(bytesSource(bytes));
    return [...(await readImage(fits, fits.hdus[1]!)).data];
  };

  it('is read with its keywords alone, and with tiles that are not compressed', async () => {
    expect(await read(await tiles({ tiles: packedRows }))).toEqual(Array.from({ length: 16 }, (_, i) => i));
    // Two tiles of three rows and one, so that their lengths differ.
    const plain = [Uint8Array.of(...rowOf(0), ...rowOf(1), ...rowOf(2)), rowOf(3)];
    expect(await read(await tiles({ tiles: plain, cards: [{ key: 'ZCMPTYPE', value: 'NOCOMPRESS' }, { key: 'ZTILE1', value: 4 }, { key: 'ZTILE2', value: 3 }] }))).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it('takes ZSCALE, ZZERO and ZBLANK from the keywords when there are no such columns', async () => {
    const scaled = await tiles({ tiles: packedRows, cards: [{ key: 'ZBITPIX', value: -32 }, { key: 'ZSCALE', value: 0.5 }, { key: 'ZZERO', value: -1 }, { key: 'ZBLANK', value: 3 }] });
    expect(await read(scaled)).toEqual(Array.from({ length: 16 }, (_, i) => (i === 3 ? NaN : i / 2 - 1)));
    const integers = await tiles({ tiles: packedRows, cards: [{ key: 'ZBLANK', value: 15 }] });
    expect((await read(integers)).slice(13)).toEqual([13, 14, NaN]);
  });

  it.each([
    ['tiles of a wrong length', { tiles: packedRows.map((tile, y) => (y === 1 ? new Uint8Array(gzipSync(new Uint8Array(6))) : tile)) }, /HDU 1 \(PACKED\), byte \d+: found gzipped data of 6 bytes; expected 4 or 8 or 16 or 32 bytes/],
    ['a damaged tile', { tiles: packedRows.map((tile, y) => (y === 2 ? damaged(tile, 12) : tile)) }, /HDU 1 \(PACKED\), byte \d+: found (?:damaged gzipped data|gzipped data that differ)/],
    ['an empty tile', { tiles: [packedRows[0]!, packedRows[1]!, new Uint8Array(0), packedRows[3]!] }, /found no data for tile 3/],
    ['a wrong number of tiles', { tiles: packedRows.slice(1) }, /found 3 rows for 4 tiles/],
    ['a Rice stream that ends early', { tiles: [...packedRows.slice(0, 3), Uint8Array.of(0, 0, 0, 1, 0x30)], cards: [{ key: 'ZCMPTYPE', value: 'RICE_1' }] }, /Rice-compressed tile of \d+ bytes that ends too early/],
    ['an unknown algorithm', { tiles: packedRows, cards: [{ key: 'ZCMPTYPE', value: 'PLIO_1' }] }, /found ZCMPTYPE = "PLIO_1"; expected one of RICE_1, GZIP_1, GZIP_2, NOCOMPRESS. Uncompress the file with funpack/],
    ['an image of absurd size', { tiles: packedRows.slice(0, 1).concat(new Uint8Array(3)), cards: [{ key: 'ZNAXIS1', value: 2e9 }, { key: 'ZNAXIS2', value: 2e9 }, { key: 'ZTILE2', value: 1e9 }] }, /found an image of \[2000000000, 2000000000\] pixels packed in \d+ bytes/],
    ['tiles of no pixels', { tiles: packedRows, cards: [{ key: 'ZTILE1', value: 0 }] }, /found ZTILE1 = 0/],
  ])('with %s is refused', async (_, parts, message) => {
    expect(await messageOf(await tiles(parts))).toMatch(message);
  });
});

describe('random damage to a valid file', () => {
  let files: Uint8Array[] = [];
  beforeAll(async () => {
    const rows: Table = {
      length: 3, meta: {},
      columns: [{ name: 'a', values: Float64Array.of(1, 2, 3) }, { name: 'b', values: ['x', 'y', 'z'] }, { name: 'c', values: [[1], [2, 3], []] }, { name: 'd', values: [true, false, true] }]
        .map((column) => ({ unit: null, description: null, ...column })),
    };
    const cube = { kind: 'image', name: 'CUBE', axes: [3, 4, 5], data: Int16Array.from({ length: 60 }, (_, i) => i), cards: [{ key: 'BLANK', value: 7 }] } as const;
    const mixed = await written({ kind: 'image', axes: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, cube, { kind: 'table', name: 'T', table: rows });
    const quantised = await tiles({ tiles: packedRows, columns: { ZSCALE: Float64Array.of(1, 2, 3, 4), ZZERO: Float64Array.of(1, 2, 3, 4) }, cards: [{ key: 'ZBITPIX', value: -32 }] });
    const rice = await tiles({ tiles: [1, 2, 3, 4].map((v) => Uint8Array.of(0, 0, 0, v, ...Array<number>(v + 8).fill(0x0f))), cards: [{ key: 'ZCMPTYPE', value: 'RICE_1' }, { key: 'ZBITPIX', value: 32 }] });
    const ascii = fileOf({ cards: primary }, { cards: ["XTENSION= 'TABLE'", ...table(8, 2, ['F5.2', 'A3']).slice(1), number('TBCOL1', 1), number('TBCOL2', 6)], data: new TextEncoder().encode(' 1.50abc-2.25de ') });
    files = [mixed, quantised, rice, ascii, new Uint8Array(gzipSync(mixed))];
    for (const file of files) await readAll(file);
  });

  const survives = async (bytes: Uint8Array) => {
    const error = await readAll(bytes).then(() => null, (error: unknown) => error);
    if (error !== null && !isZgradError(error)) throw error;
  };
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), byte: fc.integer({ min: 0, max: 255 }) });

  it('throws nothing but our error: bytes changed anywhere', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(4), fc.array(edit, { minLength: 1, maxLength: 8 }), async (which, edits) => {
      const bytes = new Uint8Array(files[which]!);
      for (const { at, byte } of edits) bytes[Math.floor(at * bytes.length)] = byte;
      await survives(bytes);
    }), { numRuns: 1500, seed: 1 });
  });

  it('throws nothing but our error: digits, quotes and blanks changed in the cards', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(3), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'0123456789-.T\' EDPQKXL(')), { minLength: 1, maxLength: 5 }), async (which, edits) => {
      const bytes = new Uint8Array(files[which]!);
      const cards = [...bytes.keys()].filter((i) => bytes[i]! > 32 && bytes[i]! < 127);
      for (const [at, character] of edits) bytes[cards[at % cards.length]!] = character.charCodeAt(0);
      await survives(bytes);
    }), { numRuns: 1500, seed: 2 });
  });

  it('throws nothing but our error: cut off anywhere', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(4), fc.double({ min: 0, max: 1, noNaN: true }), async (which, at) => {
      await survives(files[which]!.slice(0, Math.floor(at * files[which]!.length)));
    }), { numRuns: 300, seed: 3 });
  });
});
