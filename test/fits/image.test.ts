import { beforeAll, describe, expect, it } from 'vitest';
import { bytesSource, findHdu, hasHdu, openFits, readCubeSpectra, readImage, readPlane, readSpaxel } from '../../src/fits/index.js';
import { countingSource, fileOf, number, written } from './support.js';

const [nx, ny, nz] = [31, 23, 40];
const value = (x: number, y: number, z: number) => x + 100 * y + 10000 * z;
const data = Float32Array.from({ length: nx * ny * nz }, (_, i) => value(i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)));
let file: Uint8Array;

/** The cube opened, with a count of the bytes read from then on. */
async function opened() {
  const source = countingSource(file);
  const fits = await openFits(source);
  source.count = 0;
  return { source, fits, hdu: findHdu(fits, 'DATA') };
}

describe('reading parts of a cube', () => {
  beforeAll(async () => { file = await written({ kind: 'image', axes: [], data: null }, { kind: 'image', name: 'DATA', axes: [nx, ny, nz], data }); });

  it('opens a file by reading its headers alone', async () => {
    const source = countingSource(file);
    await openFits(source);
    expect(source.count).toBeLessThan(40000);
  });

  it('reads one plane, and only its bytes', async () => {
    const { source, fits, hdu } = await opened();
    const plane = await readPlane(fits, hdu, 17);
    expect(plane.axes).toEqual([nx, ny]);
    expect(plane.data).toEqual(data.slice(17 * nx * ny, 18 * nx * ny));
    expect(source.count).toBe(4 * nx * ny);
  });

  it('reads one spaxel, and only its values', async () => {
    const { source, fits, hdu } = await opened();
    const spectrum = await readSpaxel(fits, hdu, 5, 7);
    expect(spectrum.axes).toEqual([nz]);
    expect([...spectrum.data]).toEqual(Array.from({ length: nz }, (_, z) => value(5, 7, z)));
    expect(source.count).toBe(4 * nz);
  });

  it('reads a sub-cube without the planes outside it', async () => {
    const { source, fits, hdu } = await opened();
    const box = await readImage(fits, hdu, { start: [3, 4, 5], count: [6, 7, 8] });
    expect(box.axes).toEqual([6, 7, 8]);
    expect([...box.data]).toEqual(Array.from({ length: 336 }, (_, i) => value(3 + (i % 6), 4 + (Math.floor(i / 6) % 7), 5 + Math.floor(i / 42))));
    expect(source.count).toBeLessThanOrEqual(4 * 8 * nx * 7);
  });

  it('reads some rows of every plane, the last pixel, an empty box', async () => {
    const { fits, hdu } = await opened();
    expect([...(await readImage(fits, hdu, { start: [0, 22], count: [nx, 1, 2] })).data]).toEqual([0, 1].flatMap((z) => Array.from({ length: nx }, (_, x) => value(x, 22, z))));
    expect([...(await readImage(fits, hdu, { start: [30, 22, 39] })).data]).toEqual([value(30, 22, 39)]);
    expect((await readImage(fits, hdu, { count: [0, 3, 3] })).data).toHaveLength(0);
  });

  it('reads spectra, all of them or some planes, as one block of float32', async () => {
    const { source, fits, hdu } = await opened();
    const spectra = await readCubeSpectra(fits, hdu, { z0: 10, z1: 25 });
    expect(spectra).toEqual(Float32Array.from({ length: nx * ny * 15 }, (_, i) => value(Math.floor(i / 15) % nx, Math.floor(i / 15 / nx), 10 + (i % 15))));
    expect(source.count).toBe(4 * nx * ny * 15);
    expect((await readCubeSpectra(fits, hdu)).length).toBe(data.length);
    expect((await readCubeSpectra(fits, hdu, { z0: 3, z1: 3 })).length).toBe(0);
  });

  it('refuses what lies outside the image', async () => {
    const { fits, hdu } = await opened();
    const refused = { tag: 'BadArgument' };
    await expect(readPlane(fits, hdu, nz)).rejects.toMatchObject(refused);
    await expect(readSpaxel(fits, hdu, -1, 0)).rejects.toMatchObject(refused);
    await expect(readImage(fits, hdu, { start: [0, 0, 0], count: [nx + 1] })).rejects.toMatchObject(refused);
    await expect(readImage(fits, hdu, { start: [0.5] })).rejects.toMatchObject(refused);
    await expect(readCubeSpectra(fits, hdu, { z0: 0, z1: nz + 1 })).rejects.toMatchObject(refused);
    await expect(readCubeSpectra(fits, fits.hdus[0]!)).rejects.toMatchObject({ tag: 'BadFits' });
  });
});

describe('finding an HDU', () => {
  it('goes by number, by name in any case, and by version, which may be a string', async () => {
    const named = (name: string, version: number | string) => ({ kind: 'image', name, version, axes: [1], data: Float32Array.of(1) }) as const;
    const fits = await openFits(bytesSource(await written({ kind: 'image', axes: [], data: null }, named('SCI', 1), named('SCI', 2), named('ERR', 'A'))));
    expect(findHdu(fits, 0).name).toBe('PRIMARY');
    expect(findHdu(fits, 'primary').index).toBe(0);
    expect(findHdu(fits, 'sci').index).toBe(1);
    expect(findHdu(fits, 'SCI', 2).index).toBe(2);
    expect(findHdu(fits, 'SCI', '2').index).toBe(2);
    expect(findHdu(fits, 'err', 'a').index).toBe(3);
    expect([hasHdu(fits, 'SCI', 3), hasHdu(fits, 4), hasHdu(fits, 'ERR')]).toEqual([false, false, true]);
    expect(() => findHdu(fits, 'SCI', 3)).toThrow(/found the HDUs 0 PRIMARY; 1 SCI; 2 SCI, version 2; 3 ERR, version A; expected an HDU named SCI, version 3/);
  });
});

describe('files with the quirks of real ones', () => {
  const pixels = Uint8Array.of(0, 1, 0, 2);

  it('are read: keys in small letters, D exponents, no comments, no EXTEND, cards without blanks, unquoted words, NaN', async () => {
    const bytes = fileOf({
      cards: ['SIMPLE  =                    T', number('BITPIX', 16), number('naxis', 1), number('NAXIS1', 2), 'bscale  = 1.5D0', 'BZERO   =-1.', 'AIRMASS = ****',
        'SEEING  =                  nan', "obs name= 'not a key with equals at column 9'", 'KEY WITHOUT VALUE', 'TEMP    =   12.5/degrees', 'EQUINOX =2000.0', "NAME='abc'", ''],
      data: pixels,
    });
    const fits = await openFits(bytesSource(bytes));
    const { header } = fits.hdus[0]!;
    expect([...(await readImage(fits, fits.hdus[0]!)).data]).toEqual([0.5, 2]);
    expect([header.get('AIRMASS'), header.get('SEEING'), header.get('TEMP'), header.get('EQUINOX')]).toEqual(['****', NaN, 12.5, 2000]);
  });

  it('are read when the last block is not filled up, and when rubbish follows the last HDU', async () => {
    const whole = fileOf({ cards: ['SIMPLE  =                    T', number('BITPIX', 16), number('NAXIS', 1), number('NAXIS1', 2)], data: pixels });
    for (const bytes of [whole.subarray(0, 2884), new Uint8Array([...whole, ...Array<number>(5000).fill(7)]), new Uint8Array([...whole, 0, 0])]) {
      const fits = await openFits(bytesSource(bytes));
      expect(fits.hdus).toHaveLength(1);
      expect([...(await readImage(fits, fits.hdus[0]!)).data]).toEqual([1, 2]);
    }
  });

  it('are read past 4 GiB: an HDU far behind is found by a 53-bit offset', async () => {
    const far = 5 * 2 ** 30;
    const first = fileOf({ cards: ['SIMPLE  =                    T', number('BITPIX', 8), number('NAXIS', 1), number('NAXIS1', far)] });
    const second = await written({ kind: 'image', axes: [], data: null }, { kind: 'image', name: 'FAR', axes: [4], data: Float32Array.of(1, 2, 3, 4) });
    const start = 2880 + Math.ceil(far / 2880) * 2880;
    const tail = second.subarray(2880);
    const source = {
      name: 'far.fits',
      size: start + tail.length,
      async read(offset: number, length: number) {
        const bytes = new Uint8Array(length);
        const [from, base] = offset < start ? [first, 0] : [tail, start];
        bytes.set(from.subarray(offset - base, offset - base + length));
        return bytes;
      },
    };
    const fits = await openFits(source);
    expect([...(await readImage(fits, findHdu(fits, 'FAR'), { start: [1], count: [2] })).data]).toEqual([2, 3]);
    expect([...(await readImage(fits, fits.hdus[0]!, { start: [far - 2], count: [2] })).data]).toEqual([0, 0]);
  });
});
