import { describe, expect, it } from 'vitest';
import { bytesSource, memorySink, writeFits } from '../../src/fits/index.js';
import { makeTable, toEcsv, type Table } from '../../src/table/index.js';
import { readLibraryFiles } from '../../src/templates/index.js';

const file = (name: string, text: string) => bytesSource(new TextEncoder().encode(text), name);
const column = (name: string, values: readonly number[], unit: string | null = null) => ({ name, unit, description: null, values: Float64Array.from(values) });

const spectra = (meta: Record<string, unknown>): Table => makeTable([
  column('wavelength', [500, 500.1, 500.2], 'nm'), column('old', [1, 2, 3]), column('young', [4, 5, 6]),
], meta);
const ages = 'template,age,metallicity\nold,10,0\nyoung,0.1,0\n';
const good = { medium: 'vacuum', fwhm: 2.2, imf: 'Chabrier', source: 'a test', absolute: true };

describe('a library in a table', () => {
  it('is read with its companion, sorted by age, its wavelengths in Å', async () => {
    const library = await readLibraryFiles([file('spectra.ecsv', toEcsv(spectra(good))), file('ages.csv', ages), file('readme.txt', 'a text\n')], 'mine');
    expect(library).toMatchObject({ name: 'mine', medium: 'vacuum', imf: 'Chabrier', source: 'a test', absolute: true, resolution: { kind: 'constant', fwhm: 2.2 } });
    expect(Array.from(library.age)).toEqual([0.1, 10]);
    expect(library.wavelength[1]).toBeCloseTo(5001, 9);
    expect(Array.from(library.flux)).toEqual([4, 5, 6, 1, 2, 3]);
    expect(library.remaining[1]).toBe(0.5873);
  });

  it('may be a FITS file of two tables that tells the remaining masses itself', async () => {
    const sink = memorySink();
    await writeFits(sink, [
      { kind: 'table', name: 'SPECTRA', table: spectra({ MEDIUM: 'air', FWHM: 1.5 }) },
      { kind: 'table', name: 'AGES', table: makeTable([{ name: 'template', unit: null, description: null, values: ['young', 'old'] }, column('age', [0.1, 10]), column('metallicity', [0, 0]), column('remaining', [0.8, 0.6])]) },
    ]);
    const library = await readLibraryFiles([bytesSource(sink.bytes(), 'mine.fits')], 'mine');
    expect(library).toMatchObject({ medium: 'air', absolute: false, resolution: { fwhm: 1.5 } });
    expect(Array.from(library.remaining)).toEqual([0.8, 0.6]);
    expect(library.remainingSource).toContain('column `remaining`');
  });

  it('without companion holds templates without ages', async () => {
    const library = await readLibraryFiles([file('spectra.ecsv', toEcsv(spectra(good)))], 'mine');
    expect(library.age.every(Number.isNaN)).toBe(true);
    expect(Array.from(library.flux)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is refused without medium or resolution, with an incomplete companion, or twice', async () => {
    await expect(readLibraryFiles([file('spectra.ecsv', toEcsv(spectra({ medium: 'air' })))], 'mine')).rejects.toThrow('found medium air, fwhm (none)');
    await expect(readLibraryFiles([file('spectra.ecsv', toEcsv(spectra(good))), file('ages.csv', 'template,age,metallicity\nold,10,0\n')], 'mine')).rejects.toThrow('column young');
    await expect(readLibraryFiles([file('a.ecsv', toEcsv(spectra(good))), file('b.ecsv', toEcsv(spectra(good)))], 'mine')).rejects.toThrow('two tables of spectra');
    await expect(readLibraryFiles([], 'mine')).rejects.toThrow('found no files');
  });
});

describe('files that carry the name of a library', () => {
  it('are refused when one is broken', async () => {
    await expect(readLibraryFiles([file('Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits', 'no spectrum')], 'mine')).rejects.toMatchObject({ tag: 'NotFits' });
  });

  it('are refused when they mix mass functions or wavelengths', async () => {
    const spectrum = async (name: string, step: number) => {
      const sink = memorySink();
      await writeFits(sink, [{ kind: 'image', axes: [3], data: new Float32Array(3), cards: [{ key: 'CRVAL1', value: 5000 }, { key: 'CDELT1', value: step }] }]);
      return bytesSource(sink.bytes(), name);
    };
    await expect(readLibraryFiles([await spectrum('Mun1.30Zp0.00T01.0000.fits', 0.9), await spectrum('Mku1.30Zp0.00T01.0000_iTp0.00_baseFe.fits', 0.9)], 'mine'))
      .rejects.toThrow(/MILES un1\.30, Padova 2000, baseFe \(1 file such as .*MILES ku1\.30, BaSTI, baseFe/);
    await expect(readLibraryFiles([await spectrum('Mun1.30Zp0.00T01.0000.fits', 0.9), await spectrum('Mun1.30Zp0.00T02.0000.fits', 0.8)], 'mine'))
      .rejects.toThrow('found 3 wavelengths from 5000 to 5001.6 Å; expected 3 wavelengths from 5000 to 5001.8 Å');
  });
});
