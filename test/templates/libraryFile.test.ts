import { describe, expect, it } from 'vitest';
import { bytesSource, memorySink, openFits, writeFits, type Fits } from '../../src/fits/index.js';
import { cropLibrary, readLibrary, readLibraryHead, syntheticLibrary, writeLibrary, type StellarLibrary } from '../../src/templates/index.js';

async function written(library: StellarLibrary): Promise<Fits> {
  const sink = memorySink();
  await writeLibrary(library, sink);
  return openFits(bytesSource(sink.bytes(), 'library.fits'));
}

/** A library of uneven wavelengths, stars and a resolution that varies. */
const odd: StellarLibrary = {
  name: 'odd', source: `a source so long that no card of a header holds it: ${'and so on '.repeat(20)}and ends with 'quotes'`, synthetic: false,
  wavelength: Float64Array.of(4000.1, 4001, 4003, 4010 + 1e-9), medium: 'vacuum', resolution: { kind: 'table', wavelength: [4000, 4005.5], fwhm: [1.1, 2.2] },
  imf: null, absolute: false, age: Float64Array.of(Number.NaN, 2), metallicity: Float64Array.of(Number.NaN, -0.4), remaining: Float64Array.of(Number.NaN, 0.61),
  remainingSource: 'a table', unverified: ['the medium', 'the resolution'], flux: Float32Array.of(1, Number.NaN, 1e-30, 0.1, 5, 6, -7, 8e30),
};

describe('the library file', () => {
  it('gives back what was written, bit for bit', async () => {
    expect(await readLibrary(await written(odd))).toStrictEqual(odd);
    const synthetic = syntheticLibrary();
    expect(await readLibrary(await written(synthetic))).toStrictEqual(synthetic);
  });

  it('reads only the wavelengths asked for, as cropping does', async () => {
    const fits = await written(syntheticLibrary());
    const range = [5000, 5200] as const;
    const read: number[] = [];
    const counting: Fits = { ...fits, source: { ...fits.source, read: (offset, length, into) => { read.push(length); return fits.source.read(offset, length, into); } } };
    const library = await readLibrary(counting, { range });
    expect(library).toStrictEqual(cropLibrary(syntheticLibrary(), range));
    expect(library.wavelength[0]).toBeGreaterThanOrEqual(5000);
    expect(library.wavelength.at(-1)).toBeLessThanOrEqual(5200);
    expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(0.2 * fits.source.size);
  });

  it('tells its head without the spectra', async () => {
    const { flux: _flux, wavelength, ...head } = odd;
    expect(await readLibraryHead(await written(odd))).toStrictEqual({ ...head, range: [wavelength[0], wavelength[3]], pixels: 4 });
  });

  it('refuses a range outside and a file that is none', async () => {
    const fits = await written(odd);
    await expect(readLibrary(fits, { range: [5000, 6000] })).rejects.toThrow('found the range 5000–6000 Å; expected one that overlaps');
    expect(() => cropLibrary(odd, [4001.5, 4002])).toThrow('found the range 4001.5–4002 Å');
    const sink = memorySink();
    await writeFits(sink, [{ kind: 'image', axes: [2], data: new Float32Array(2) }]);
    await expect(readLibrary(await openFits(bytesSource(sink.bytes(), 'other.fits')))).rejects.toThrow('found no keyword ZGLIB');
    await expect(written({ ...odd, resolution: { kind: 'muse' } })).rejects.toThrow('found the resolution of an instrument');
  });
});
