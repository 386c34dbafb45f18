import { beforeAll, describe, expect, it } from 'vitest';
import { deproject } from '../../src/disk/index.js';
import type { Card, Fits, HduSpec } from '../../src/fits/index.js';
import { isHdf5File, readHdf5Tables } from '../../src/host/index.js';
import { maskBits, readPipe3dCube, readPipe3dTables, type LineMaps } from '../../src/linemaps/index.js';
import { calibrationByName, evaluateOH } from '../../src/nebula/index.js';
import { pixelToSky, skyOffset } from '../../src/sky/index.js';
import { column, makeTable, numbers, type Table } from '../../src/table/index.js';
import { constants } from '../../src/units/index.js';
import { describeShared, shared } from '../support/shared.js';
import { fitsOf, primaryOf, skyCards, stackOf } from './support.js';

const path = shared('data', 'ifu_other', 'NGC4047_allpix.pipe3d.hdf5');

describeShared('The Pipe3D tables of NGC 4047 (EDGE–CALIFA, HDF5)', () => {
  let tables: Map<string, Table>;
  let table: Table;
  let maps: LineMaps;
  beforeAll(async () => {
    tables = await readHdf5Tables(path);
    table = tables.get('flux_elines')!;
    maps = readPipe3dTables(tables, 'NGC4047_allpix.pipe3d.hdf5', { redshift: 0.0114, foregroundCorrected: true });
  });

  it('is told by its first bytes, and read with its units', async () => {
    expect(await isHdf5File(path)).toBe(true);
    expect(await isHdf5File(shared('data', 'ifu_other', 'README_ELINES.txt'))).toBe(false);
    expect([...tables.keys()].sort()).toEqual(['ELINES', 'SFH', 'SSP', 'flux_elines', 'indices']);
    expect(table.length).toBe(5544);
    expect(column(table, 'flux_Halpha')).toMatchObject({ unit: '1e-16 erg / (s cm2)', description: 'Halpha intensity' });
    expect(column(table, 'Name').values[0]).toBe('NGC4047');
    // The number of pixels in which Hα is detected is published with the file.
    const sn = numbers(table, 'flux_Halpha').map((flux, row) => flux / numbers(table, 'e_flux_Halpha')[row]!);
    expect(sn.filter((value) => value > 5).length).toBe(3546);
  });

  it('has every pixel as a bin, fluxes in 1e-17 and velocities about the redshift', () => {
    expect([maps.binning.nx, maps.binning.ny, maps.binning.count]).toEqual([77, 72, 5544]);
    expect(maps.object).toBe('NGC4047');
    const row = numbers(table, 'ix').findIndex((x, i) => x === 41 && numbers(table, 'iy')[i] === 48);
    const b = maps.binning.bin[48 * 77 + 41]!;
    expect(maps.lines.get('Ha')!.flux[b]).toBeCloseTo(10 * numbers(table, 'flux_Halpha')[row]!, 10);
    const cz = numbers(table, 'vel_Halpha')[row]!;
    expect(maps.velocity[b]).toBeCloseTo((cz - 0.0114 * constants.c) / 1.0114, 9);
    expect(maps.lines.get('OII3726')!.flux[b]! + maps.lines.get('OII3729')!.flux[b]!).toBeCloseTo(10 * numbers(table, 'flux_[OII]3727')[row]!, 9);
    expect(maps.sigma.every(Number.isNaN)).toBe(true);
  });

  it('turns the equivalent widths, negative in emission, and says so', () => {
    const given = numbers(table, 'EW_Halpha');
    const { ew, flux } = maps.lines.get('Ha')!;
    const detected = Array.from(ew!.keys()).filter((b) => Number.isFinite(ew![b]) && flux[b]! > 0);
    expect(detected.length).toBeGreaterThan(3500);
    expect(detected.every((b) => ew![b]! > 0 && given[maps.binning.labels[b]!] === -ew![b]!)).toBe(true);
    expect(maps.notes!.join(' ')).toMatch(/negative in emission: their sign was turned.*one blend/);
  });

  it('marks pixels without a flux as NOVALUE', () => {
    const without = numbers(table, 'flux_Halpha').filter(Number.isNaN).length;
    expect(maps.status.filter((status) => status === 1 << maskBits.NOVALUE).length).toBe(without);
    expect(without).toBe(1198);
  });

  it('reproduces the file\'s own abundances, O3N2 and N2 of Marino et al. (2013) of fluxes with their dust, to 1e-6 dex', () => {
    const own = { 'O3N2-M13': numbers(table, 'ZOH'), 'N2-M13': numbers(table, 'ZOH_N2') };
    for (const [name, values] of Object.entries(own)) {
      const calibration = calibrationByName(name)!;
      let compared = 0;
      for (let b = 0; b < maps.binning.count; b++) {
        const theirs = values[maps.binning.labels[b]!]!;
        if (Number.isNaN(theirs)) continue;
        compared++;
        const fluxes = Object.fromEntries([...maps.lines].map(([line, { flux }]) => [line, flux[b]!]));
        // The file holds float32: 8.5 to 4.8e-7.
        expect(Math.abs(evaluateOH(calibration, fluxes) - theirs), `${name} of bin ${b}`).toBeLessThan(1e-6);
      }
      expect(compared).toBe(2780);
    }
  });

  it('gives the file\'s rad_arc with LEDA\'s centre, position angle 99.87° and inclination 41.31°, to the rounding of its coordinates', () => {
    const radius = numbers(table, 'rad_arc');
    const celestial = maps.wcs!.celestial!;
    expect(maps.pixelScale).toBeCloseTo(1, 4);
    let worst = 0;
    let sum = 0;
    for (let b = 0; b < maps.binning.count; b++) {
      const [east, north] = skyOffset(...pixelToSky(celestial, maps.x[b]!, maps.y[b]!), 180.7111065, 48.6362161);
      const difference = deproject({ positionAngle: 99.87, inclination: 41.31027530927659 }, east, north).radius - radius[maps.binning.labels[b]!]!;
      worst = Math.max(worst, Math.abs(difference));
      sum += difference ** 2;
    }
    // float32 right ascensions are rounded to 1.5e-5° (0.036″ on the sky at this declination), and the fit of the grid averages that.
    expect(worst).toBeLessThan(0.05);
    expect(Math.sqrt(sum / maps.binning.count)).toBeLessThan(0.02);
  });

  it('reads ELINES where there is no flux_elines, without equivalent widths and with a cut that is skipped aloud', () => {
    const older = readPipe3dTables(new Map([['ELINES', tables.get('ELINES')!]]), 'older', { redshift: 0.0114 });
    expect([...older.lines.keys()]).toEqual(expect.arrayContaining(['Ha', 'Hb', 'NII6583', 'OIII5007', 'SII6716', 'SII6731']));
    expect(older.lines.get('Ha')!.ew).toBeNull();
    expect(older.velocity.some(Number.isFinite)).toBe(true);
    expect(older.notes!.join(' ')).toMatch(/foreground: none.*no cut in EW\(Hα\) can be applied/);
  });
});

describe('Pipe3D tables', () => {
  it('that are no emission lines, or hold a pixel twice, are refused', () => {
    const stars = makeTable([{ name: 'ix', unit: null, description: null, values: Int32Array.of(0) }]);
    expect(() => readPipe3dTables(new Map([['SSP', stars]]), 'x.hdf5', { redshift: 0 })).toThrow(/x\.hdf5: found the tables SSP; expected Pipe3D's flux_elines or ELINES/);
    const twice = makeTable(['ix', 'iy', 'flux_Halpha'].map((name) => ({ name, unit: null, description: null, values: Float64Array.of(1, 1) })));
    expect(() => readPipe3dTables(new Map([['flux_elines', twice]]), 'x.hdf5', { redshift: 0 })).toThrow(/two rows of one pixel/);
  });
});

describe('A small FITS cube in the layout of Pipe3D', () => {
  const [nx, ny] = [3, 2];
  const ramp = (factor: number) => Float32Array.from({ length: nx * ny }, (_, i) => factor * (i + 1));
  /** Names as in the documented header: one for each quantity of each line, some lines without a wavelength in the name. */
  const planes: readonly (readonly [name: string, wave: string, values: Float32Array])[] = [
    ['flux [OII]3727', '3727.00', ramp(3)], ['flux [SII]', '4069.17', ramp(9)], ['flux Hb', '4861.36', ramp(1)], ['flux [OI]', '6300.30', ramp(0.1)], ['flux Ha', '6562.68', ramp(3)], ['flux [NII]6584', '6583.41', ramp(1)],
    ['vel Ha', '6562.68', ramp(1000)], ['disp Ha', '6562.68', ramp(5)], ['EW Ha', '6562.68', ramp(-10)], ['EW Hb', '4861.36', ramp(-2)],
    ['e_flux [OII]3727', '3727.00', ramp(0.1)], ['e_flux Hb', '4861.36', ramp(0.1)], ['e_flux [OI]', '6300.30', ramp(0.1)], ['e_flux Ha', '6562.68', Float32Array.of(0.1, 0.1, 0, 0.1, 0.1, 0.1)], ['e_flux [NII]6584', '6583.41', ramp(0.1)],
    ['e_vel Ha', '6562.68', ramp(1)], ['e_EW Ha', '6562.68', ramp(0.5)],
  ];
  const cube = (name: string, chosen: typeof planes, cards: readonly Card[]): HduSpec => ({
    kind: 'image', name, axes: [nx, ny, chosen.length], data: stackOf(chosen.map(([, , values]) => values)),
    cards: [...chosen.flatMap(([text, wave], z): Card[] => [{ key: `NAME${z}`, value: text }, { key: `WAVE${z}`, value: wave }]), ...cards],
  });

  const whole = (): Promise<Fits> => fitsOf([
    primaryOf({ key: 'OBJECT', value: 'NGC 1' }, ...skyCards(0.5)),
    { kind: 'image', name: 'SSP', axes: [nx, ny, 2], data: stackOf([ramp(7), ramp(8)]) },
    cube('FLUX_ELINES', planes, []),
    { kind: 'image', name: 'SELECT_REG', axes: [nx, ny], data: Float32Array.of(1, 1, 1, 1, 1, 0) },
  ], 'manga-1-1.Pipe3D.cube.fits');

  it('finds lines by name and, where a name is shared, by wavelength; unselected spaxels and those without an error are not used', async () => {
    const maps = await readPipe3dCube(await whole(), { redshift: 0.01 });
    expect([...maps.binning.bin]).toEqual([0, 1, -1, 2, 3, -1]);
    expect([...maps.lines.keys()].sort()).toEqual(['Ha', 'Hb', 'NII6583', 'OI6300', 'OII3726', 'OII3729']);
    // 1e-16 without a unit card; the values are float32.
    expect(maps.lines.get('Ha')!.flux[1]).toBeCloseTo(60, 4);
    expect(maps.lines.get('OI6300')!.flux[2]).toBeCloseTo(4, 4);
    expect(maps.object).toBe('NGC 1');
    expect(maps.pixelScale).toBeCloseTo(0.5, 9);
    expect(maps.image![0]).toBe(7);
  });

  it('turns equivalent widths and velocities', async () => {
    const maps = await readPipe3dCube(await whole(), { redshift: 0.01 });
    expect([...maps.lines.get('Ha')!.ew!]).toEqual([10, 20, 40, 50]);
    expect(maps.lines.get('Hb')!.ew![0]).toBe(2);
    expect(maps.lines.get('Ha')!.ewError![0]).toBe(0.5);
    expect(maps.velocity[0]).toBeCloseTo((1000 - 0.01 * constants.c) / 1.01, 9);
  });

  it('reads the cube of lines alone, with the unit that the user gives', async () => {
    const file = await fitsOf([{ ...cube('', planes.filter(([name]) => !name.includes('EW')), skyCards(1)), kind: 'image' } as HduSpec], 'flux_elines.NGC4047.cube.fits.gz');
    const maps = await readPipe3dCube(file, { redshift: 0.01, fluxUnit: '1e-17 erg/s/cm2' });
    expect(maps.object).toBe('NGC4047');
    expect(maps.lines.get('Ha')!.flux[0]).toBeCloseTo(3, 6);
    expect(maps.notes!.join(' ')).toMatch(/no cut in EW/);
  });

  it('reads the older cube of ELINES by its descriptions', async () => {
    const described = [['Halpha velocity', 'velocity', ramp(1000)], ['Velocity dispersion plus instrumenta one', 'velocity', ramp(6)], ['Halpha emission line', 'flux', ramp(3)], ['[NII]6583 emission line', 'flux', ramp(1)],
      ['Halpha emission line', 'error flux', ramp(0.1)], ['[NII]6583 emission line', 'error flux', ramp(0.2)]] as const;
    const file = await fitsOf([{
      kind: 'image', axes: [nx, ny, described.length], data: stackOf(described.map(([, , values]) => values)),
      cards: [...skyCards(1), ...described.flatMap(([text, type], z): Card[] => [{ key: `DESC_${z}`, value: ` ${text}` }, { key: `TYPE_${z}`, value: ` ${type}` }])],
    }], 'IC0480.ELINES.cube.fits');
    const maps = await readPipe3dCube(file, { redshift: 0 });
    expect([...maps.lines.keys()]).toEqual(['Ha', 'NII6583']);
    expect(maps.lines.get('NII6583')!.fluxError[1]).toBeCloseTo(4, 6);
    expect(maps.velocity[1]).toBe(2000);
  });

  it('without a plane of Hα and its error is refused', async () => {
    const file = await fitsOf([cube('', planes.slice(0, 3), skyCards(1)) as HduSpec], 'flux_elines.X.cube.fits');
    await expect(readPipe3dCube(file, { redshift: 0 })).rejects.toThrow(/found the planes flux OII, flux Hb; expected flux Ha and e_flux Ha/);
  });
});
