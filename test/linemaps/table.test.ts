import { describe, expect, it } from 'vitest';
import { lineOf, maskBits, readFluxTable } from '../../src/linemaps/index.js';
import { pixelToSky } from '../../src/sky/index.js';
import { makeTable, type Column } from '../../src/table/index.js';

const number = (name: string, values: readonly number[], unit: string | null = null): Column =>
  ({ name, unit, description: null, values: Float64Array.from(values) });
const flux = '1e-16 erg/s/cm2';
const table = (...columns: Column[]) => makeTable(columns);
const positions = [number('dx', [0, 1, 0, 1], 'arcsec'), number('dy', [0, 0, 1, 1], 'arcsec')];
const ha = [number('flux_Ha', [4, 3, 2, 1], flux), number('flux_Ha_err', [0.4, 0.3, 0.2, 0.1], flux)];
const options = { redshift: 0.01 };

describe('lineOf', () => {
  it('knows a line in the spellings that tables use', () => {
    for (const name of ['Ha', 'HALPHA', 'H_alpha', 'Ha6563', 'Ha-6564']) expect(lineOf(name)).toBe('Ha');
    for (const name of ['NII6583', 'NII6584', '[NII]6583', 'N II 6585', 'nii_6584']) expect(lineOf(name)).toBe('NII6583');
    for (const name of ['SII6716', 'SII6717', 'SII6718']) expect(lineOf(name)).toBe('SII6716');
    for (const name of ['OIII5007', 'OIII5006', 'OIII5008']) expect(lineOf(name)).toBe('OIII5007');
    expect(lineOf('OII3726')).toBe('OII3726');
    for (const name of ['OII3727', 'OII3728', '[OII]3727']) expect(lineOf(name)).toBe('OII');
  });

  it('takes nothing else for a line', () => {
    for (const name of ['x', 'bin', 'velocity', 'ebv', 'NII', 'NII6600', 'oh_N2S2Ha', 'ew_Ha', 'e_Ha', 'flux']) expect(lineOf(name)).toBeNull();
  });
});

describe('readFluxTable', () => {
  it('reads offsets and fluxes with their units, each row a bin', () => {
    const maps = readFluxTable(table(number('bin', [11, 12, 13, 14]), ...positions, ...ha), options);
    expect([...maps.lines.get('Ha')!.flux]).toEqual([40, 30, 20, 10]);
    maps.lines.get('Ha')!.fluxError.forEach((error, i) => expect(error).toBeCloseTo(4 - i, 12));
    expect([...maps.binning.labels]).toEqual([11, 12, 13, 14]);
    expect(maps.wcs).toBeNull();
    // North up, east left: dx = 1 east of the centre is one pixel to the left of it.
    expect(maps.origin).toEqual([1, 0]);
    expect([...maps.x]).toEqual([1, 0, 1, 0]);
    expect([...maps.y]).toEqual([0, 0, 1, 1]);
    expect([maps.binning.nx, maps.binning.ny]).toEqual([2, 2]);
    expect([...maps.binning.bin]).toEqual([1, 0, 3, 2]);
    expect(maps.pixelScale).toBeCloseTo(1, 12);
    expect([...maps.npix]).toEqual([1, 1, 1, 1]);
    expect(maps.velocity.every(Number.isNaN)).toBe(true);
    expect(maps.notes).toContainEqual(expect.stringMatching(/no column ew_Ha/));
  });

  it('reads bare names with e_ errors and takes the unit from the options', () => {
    const maps = readFluxTable(table(...positions, number('Halpha', [4, 3, 2, 1]), number('e_Halpha', [1, 1, 1, 1]), number('NII6584', [1, 1, 1, 1]), number('NII6584_err', [1, 1, 1, 1])),
      { ...options, fluxUnit: '1e-15 erg s-1 cm-2' });
    expect(maps.lines.get('Ha')!.flux[0]).toBeCloseTo(400, 10);
    expect(maps.lines.get('NII6583')!.fluxError[3]).toBeCloseTo(100, 10);
  });

  it('reads sky positions onto a grid with coordinates', () => {
    const [ra0, dec0, step] = [150, 30, 0.5 / 3600];
    const grid = Array.from({ length: 12 }, (_, i) => [i % 4, Math.floor(i / 4)] as const);
    const maps = readFluxTable(table(
      number('RA', grid.map(([i]) => ra0 + i * step / Math.cos(dec0 * Math.PI / 180)), 'deg'), number('Dec', grid.map(([, j]) => dec0 + j * step), 'deg'),
      number('flux_Ha', grid.map(() => 1), flux), number('flux_Ha_err', grid.map(() => 1), flux)), options);
    expect(maps.pixelScale).toBeCloseTo(0.5, 6);
    expect([maps.binning.nx, maps.binning.ny]).toEqual([4, 3]);
    expect(maps.binning.spaxels.length).toBe(12);
    for (const i of [0, 5, 11]) {
      const [ra, dec] = pixelToSky(maps.wcs!.celestial!, maps.x[i]!, maps.y[i]!);
      expect((ra - ra0) * Math.cos(dec0 * Math.PI / 180) / step).toBeCloseTo(grid[i]![0], 6);
      expect((dec - dec0) / step).toBeCloseTo(grid[i]![1], 6);
      // The nearest spaxel is the row's own.
      expect(maps.binning.bin[Math.round(maps.y[i]!) * 4 + Math.round(maps.x[i]!)]).toBe(i);
    }
  });

  it('reads pixel positions when the side of a pixel is given', () => {
    const columns = [number('x', [3, 4.4]), number('y', [2, 2]), number('flux_Ha', [1, 1], flux), number('flux_Ha_err', [1, 1], flux), number('npix', [1, 3])];
    const maps = readFluxTable(table(...columns), { ...options, pixelScale: 0.2 });
    expect([maps.binning.nx, maps.binning.ny]).toEqual([5, 3]);
    expect([...maps.x]).toEqual([3, 4.4]);
    expect([...maps.npix]).toEqual([1, 3]);
    expect(() => readFluxTable(table(...columns.slice(0, 4)), options)).toThrow(/positions in pixels; expected the side of a pixel.*`maps\.pixelScale`/);
    expect(() => readFluxTable(table(...columns), options)).toThrow(/rows of several spaxels \(npix\).*`maps\.pixelScale`/);
  });

  it('keeps rows that share a spaxel and says that the maps do not show them', () => {
    const maps = readFluxTable(table(number('dx', [0, 0.1, 5]), number('dy', [0, 0, 0]), number('flux_Ha', [1, 2, 3], flux), number('flux_Ha_err', [1, 1, 1], flux)),
      { ...options, pixelScale: 1 });
    expect(maps.binning.count).toBe(3);
    expect([...maps.lines.get('Ha')!.flux]).toEqual([10, 20, 30]);
    expect(maps.binning.start[2]! - maps.binning.start[1]!).toBe(0);
    expect(maps.notes).toContainEqual(expect.stringMatching(/^1 rows lie on the spaxel of another row/));
  });

  it('reads equivalent widths and kinematics, turning widths that are negative in emission', () => {
    const maps = readFluxTable(table(...positions, ...ha, number('ew_Ha', [-20, -30, 1, -5], 'Angstrom'), number('ew_Ha_err', [1, 1, 1, 1]),
      number('velocity', [10, 20, 30, 40], 'km/s'), number('velocity_err', [1, 1, 1, 1])), options);
    expect([...maps.lines.get('Ha')!.ew!]).toEqual([20, 30, -1, 5]);
    expect([...maps.lines.get('Ha')!.ewError!]).toEqual([1, 1, 1, 1]);
    expect([...maps.velocity]).toEqual([10, 20, 30, 40]);
    expect(maps.notes).toContainEqual(expect.stringMatching(/sign was turned/));
  });

  it('divides the blend of [O II] so that flux and error add up', () => {
    const maps = readFluxTable(table(...positions, ...ha, number('OII3727', [4, 4, 4, 4], flux), number('e_OII3727', [1, 1, 1, 1], flux)), options);
    const [a, b] = [maps.lines.get('OII3726')!, maps.lines.get('OII3729')!];
    expect(a.flux[0]! + b.flux[0]!).toBeCloseTo(40, 12);
    expect(Math.hypot(a.fluxError[0]!, b.fluxError[0]!)).toBeCloseTo(10, 12);
  });

  it('marks rows without a flux or a position', () => {
    const maps = readFluxTable(table(number('dx', [0, 1, Number.NaN]), number('dy', [0, 0, 0]), number('flux_Ha', [1, Number.NaN, 1], flux), number('flux_Ha_err', [1, 1, 1], flux)), options);
    expect([...maps.status]).toEqual([0, 1 << maskBits.NOVALUE, 1 << maskBits.NOVALUE]);
  });

  it('names a missing column and the nearest one there is', () => {
    expect(() => readFluxTable(table(...positions, ha[0]!, number('flux_Ha_er', [1, 1, 1, 1], flux)), options)).toThrow(/no column 'flux_Ha_err'.*Did you mean 'flux_Ha_er'\?/);
    expect(() => readFluxTable(table(...positions, number('flux_Hq', [1, 1, 1, 1], flux)), options)).toThrow(/no column 'flux_Ha'.*Did you mean 'flux_Hq'\?/);
    expect(() => readFluxTable(table(positions[0]!, number('dz', [1, 1, 1, 1]), ...ha), options)).toThrow(/no column 'dy'.*Did you mean 'd[xz]'\?/);
    expect(() => readFluxTable(table(...ha), options)).toThrow(/no positions in the columns flux_Ha, flux_Ha_err; expected ra and dec/);
  });

  it('wants a unit, and one of a line flux', () => {
    expect(() => readFluxTable(table(...positions, number('Ha', [1, 1, 1, 1]), number('e_Ha', [1, 1, 1, 1])), options)).toThrow(/column 'Ha': found no unit.*`maps\.fluxUnit`/);
    expect(() => readFluxTable(table(...positions, number('Ha', [1, 1, 1, 1], 'Jy'), number('e_Ha', [1, 1, 1, 1], 'Jy')), options)).toThrow(/the unit 'Jy'; expected a line flux/);
  });

  it('says which columns it did not use', () => {
    expect(readFluxTable(table(...positions, ...ha, number('age', [1, 1, 1, 1])), options).notes).toContainEqual('Columns that were not used: age.');
  });
});
