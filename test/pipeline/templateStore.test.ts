import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataFolder, describeLibrary, importLibrary, libraryNames, openLibrary } from '../../src/pipeline/index.js';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder('templates');
const spectra = join(folder, 'spectra.ecsv');

beforeAll(() => {
  process.env['ZGRAD_DATA'] = join(folder, 'data');
  writeFileSync(spectra, [
    '# %ECSV 1.0', '# ---', '# datatype:', '# - {name: wavelength, unit: Angstrom, datatype: float64}', '# - {name: one, datatype: float64}',
    '# meta:', '#   medium: air', '#   fwhm: 2.0', 'wavelength one', '5000 1', '5001 2', '5002 3', '',
  ].join('\n'));
});

describe('the folder of libraries', () => {
  it('is $ZGRAD_DATA, else under $XDG_DATA_HOME, else under the home', () => {
    const before = { ...process.env };
    expect(dataFolder()).toBe(join(folder, 'data'));
    process.env['ZGRAD_DATA'] = '';
    process.env['XDG_DATA_HOME'] = '/xdg';
    expect(dataFolder()).toBe('/xdg/zgrad');
    process.env['XDG_DATA_HOME'] = '';
    process.env['HOME'] = '/home/someone';
    expect(dataFolder()).toBe('/home/someone/.local/share/zgrad');
    process.env = before;
  });

  it('holds at first only the built-in library, which has a checksum too', async () => {
    expect(await libraryNames()).toEqual(['synthetic']);
    const { library, path, sha256 } = await openLibrary('synthetic', [4800, 7200]);
    expect(library.synthetic).toBe(true);
    expect(library.wavelength.at(-1)).toBeLessThanOrEqual(7200);
    expect(path).toBeNull();
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await openLibrary('synthetic')).sha256).toBe(sha256);
    expect((await describeLibrary('synthetic')).head.pixels).toBe(6556);
  });

  it('keeps an imported library as one file, whole or not at all, and opens the part asked for', async () => {
    const { path } = await importLibrary([spectra], 'mine');
    expect(path).toBe(join(folder, 'data', 'templates', 'mine.fits'));
    expect(existsSync(`${path}.part`)).toBe(false);
    expect(await libraryNames()).toEqual(['mine', 'synthetic']);
    const opened = await openLibrary('mine', [5000.5, 6000]);
    expect(Array.from(opened.library.flux)).toEqual([2, 3]);
    expect(opened.sha256).toBe(createHash('sha256').update(readFileSync(path!)).digest('hex'));
    await expect(importLibrary([spectra], 'mine')).rejects.toMatchObject({ tag: 'OutputExists' });
    await importLibrary([spectra], 'mine', { overwrite: true });
    await expect(importLibrary([join(folder, 'nothing')], 'other')).rejects.toMatchObject({ tag: 'FileNotFound' });
    expect(await libraryNames()).toEqual(['mine', 'synthetic']);
  });

  it('says which libraries there are when one is missing, and refuses names that are no file name', async () => {
    await expect(openLibrary('mime')).rejects.toThrow(/no library mime; expected one of mine, synthetic .*Did you mean mine\? .*zgrad templates import DIR --name NAME/);
    for (const name of ['synthetic', '../x', '', 'a b']) await expect(importLibrary([spectra], name)).rejects.toMatchObject({ tag: 'BadArgument' });
  });
});
