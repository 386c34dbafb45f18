import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { binToMap, mapToBin } from '../../src/binning/index.js';
import { deproject, inclination } from '../../src/disk/index.js';
import { bytesSource, findHdu, openFits, readPlane, type Card, type Fits, type HduSpec } from '../../src/fits/index.js';
import { maskBits, offeredByMaps, readDapMaps, type LineMaps } from '../../src/linemaps/index.js';
import { pixelToSky, skyOffset } from '../../src/sky/index.js';
import { constants } from '../../src/units/index.js';
import { describePython, describeShared, runPython, shared } from '../support/shared.js';
import { fitsOf, primaryOf, skyCards, stackOf } from './support.js';

const path = shared('data', 'ifu_manga', 'manga-8080-12701-MAPS-VOR10-GAU-MILESHC.fits.gz');

describeShared('The DAP\'s maps of MaNGA 8080-12701 (DR15, Voronoi bins)', () => {
  let fits: Fits;
  let maps: LineMaps;
  beforeAll(async () => {
    fits = await openFits(bytesSource(readFileSync(path), 'manga-8080-12701-MAPS-VOR10-GAU-MILESHC.fits.gz'));
    maps = await readDapMaps(fits);
  });

  it('has the 779 bins, 22 lines by the names of their channels, and what the header tells of the galaxy', () => {
    expect(maps.binning.count).toBe(779);
    expect(maps.binning.repeated).toBe(true);
    expect([...maps.lines.keys()]).toEqual(expect.arrayContaining(['OII3726', 'OII3729', 'Hb', 'OIII5007', 'OI6300', 'Ha', 'NII6583', 'SII6716', 'SII6731']));
    expect(maps.object).toBe('8080-12701');
    expect(maps.redshift).toBeCloseTo(12824.792 / constants.c, 12);
    expect(maps.pixelScale).toBeCloseTo(0.5, 5);
    expect(maps.foregroundCorrected).toBe(true);
    expect(offeredByMaps([fits])).toEqual({
      object: '8080-12701', redshift: 12824.792 / constants.c, positionAngle: 177.40601, ellipticity: 0.162862, effectiveRadius: 9.2366199, seeing: 2.60916, foregroundCorrected: true,
    });
  });

  it('has equivalent widths that are positive in emission, as the file has them', () => {
    const { flux, ew } = maps.lines.get('Ha')!;
    expect(ew!.every((value, b) => value > 0 && flux[b]! > 0)).toBe(true);
    expect(maps.notes).toEqual([]);
  });

  it('gives the radii of SPX_ELLCOO with its position angle and ellipticity in a thin disc, to 0.01″', async () => {
    const ellcoo = (await readPlane(fits, findHdu(fits, 'SPX_ELLCOO'), 0)).data;
    const skycoo = await Promise.all([0, 1].map(async (z) => (await readPlane(fits, findHdu(fits, 'SPX_SKYCOO'), z)).data));
    const { positionAngle, ellipticity } = offeredByMaps([fits]) as { positionAngle: number; ellipticity: number };
    const disk = { positionAngle, inclination: inclination(ellipticity, 0) };
    const celestial = maps.wcs!.celestial!;
    const centre = pixelToSky(celestial, ...maps.origin!);
    let worst = 0;
    let offset = 0;
    for (let i = 0; i < ellcoo.length; i++) {
      const [east, north] = skyOffset(...pixelToSky(celestial, i % 74, Math.floor(i / 74)), ...centre);
      offset = Math.max(offset, Math.hypot(east - skycoo[0]![i]!, north - skycoo[1]![i]!));
      worst = Math.max(worst, Math.abs(deproject(disk, east, north).radius - ellcoo[i]!));
    }
    // The header's pixel of 0.000138889° and float32 maps: 74 pixels of 2e-6″ and less.
    expect(offset).toBeLessThan(0.01);
    expect(worst).toBeLessThan(0.01);
    // Bins lie at the plain mean of their spaxels, the survey's at the mean weighted by the light.
    const lightWeighted = mapToBin(maps.binning, (await readPlane(fits, findHdu(fits, 'BIN_LWELLCOO'), 0)).data, 'first');
    const own = Float64Array.from(maps.x, (x, b) => {
      const [east, north] = skyOffset(...pixelToSky(celestial, x, maps.y[b]!), ...centre);
      return deproject(disk, east, north).radius;
    });
    expect(Math.sqrt(own.reduce((sum, radius, b) => sum + (radius - lightWeighted[b]!) ** 2, 0) / own.length)).toBeLessThan(0.15);
  });

  it('keeps the bits of the mask: spaxels without a model are in no bin, and all bins are good', () => {
    expect(maps.status.every((status) => status === 0)).toBe(true);
    expect(binToMap(maps.binning, maps.status).filter(Number.isFinite).length).toBe(2736);
  });

  it('turns the velocities to another redshift', async () => {
    const other = await readDapMaps(fits, { redshift: 0.043 });
    const z = maps.redshift;
    // The same observed redshift: 1 + z_obs = (1 + z)(1 + v/c).
    for (const b of [0, 100, 778]) expect((1 + 0.043) * (1 + other.velocity[b]! / constants.c)).toBeCloseTo((1 + z) * (1 + maps.velocity[b]! / constants.c), 12);
  });

  describePython('against astropy', () => {
    it('has its sums over bins, errors, equivalent widths, velocity and corrected dispersion', () => {
      const script = `
import sys, json, warnings, numpy as np
from astropy.io import fits
warnings.simplefilter('ignore')
f = fits.open(sys.argv[1]); names = {v.strip(): int(k[1:]) - 1 for k, v in f['EMLINE_GFLUX'].header.items() if k[0] == 'C' and k[1:].isdigit()}
b = f['BINID'].data[3]; ids, first, n = np.unique(b, return_index=True, return_counts=True); k = ids >= 0; first = first[k]; n = n[k]
get = lambda ext, c: f[ext].data[names[c]].ravel()[first].astype(float)
out = {c: [get('EMLINE_GFLUX', c) * n, get('EMLINE_GFLUX_IVAR', c) ** -0.5 * n, get('EMLINE_GEW', c)] for c in ('Ha-6564', 'Hb-4862', 'OIII-5008', 'SII-6732', 'OII-3727')}
out['kin'] = [get('EMLINE_GVEL', 'Ha-6564'), get('EMLINE_GVEL_IVAR', 'Ha-6564') ** -0.5, np.sqrt(get('EMLINE_GSIGMA', 'Ha-6564') ** 2 - get('EMLINE_INSTSIGMA', 'Ha-6564') ** 2)]
print(json.dumps({c: [[None if not np.isfinite(x) else x for x in v] for v in vs] for c, vs in out.items()}))`;
      const peer = runPython<Record<string, (number | null)[][]>>(script, path);
      const agree = (ours: Float64Array, theirs: readonly (number | null)[]): void => {
        expect(ours.length).toBe(theirs.length);
        // The same operations on the same float32 values, in double precision.
        ours.forEach((value, b) => (theirs[b] === null ? expect(value).toBeNaN() : expect(Math.abs(value - theirs[b]!)).toBeLessThanOrEqual(1e-9 * Math.abs(theirs[b]!))));
      };
      for (const [channel, name] of [['Ha-6564', 'Ha'], ['Hb-4862', 'Hb'], ['OIII-5008', 'OIII5007'], ['SII-6732', 'SII6731'], ['OII-3727', 'OII3726']] as const) {
        const { flux, fluxError, ew } = maps.lines.get(name)!;
        [flux, fluxError, ew!].forEach((values, i) => agree(values, peer[channel]![i]!));
      }
      // c(z_obs − z)/(1 + z) about the file's own redshift is a round trip of the value.
      maps.velocity.forEach((value, b) => expect(value).toBeCloseTo(peer['kin']![0]![b]!, 7));
      agree(maps.velocityError, peer['kin']![1]!);
      agree(maps.sigma, peer['kin']![2]!);
    });
  });
});

describe('A small file in the layout of the DAP', () => {
  const [nx, ny] = [3, 2];
  const donotuse = 1 << maskBits.DONOTUSE;
  const constant = (value: number) => new Float32Array(nx * ny).fill(value);
  const channels = (...names: string[]): Card[] => names.map((value, i) => ({ key: `C0${i + 1}`, value }));

  /** Spaxels 0–1 and 2–3 share bins of the stars; the lines are fitted spaxel by spaxel (hybrid binning), without spaxel 5. */
  function hybrid(haMask: ArrayLike<number>, hbMask: ArrayLike<number>, more: readonly Card[] = []): Promise<Fits> {
    const image = (name: string, planes: readonly ArrayLike<number>[], cards: readonly Card[] = []): HduSpec => (
      { kind: 'image', name, axes: [nx, ny, planes.length], data: stackOf(planes), cards: [...skyCards(0.5), ...cards] });
    const mask = (name: string): HduSpec => ({ kind: 'image', name, axes: [nx, ny, 3], data: Int32Array.from([...Array.from(haMask), ...Array.from(hbMask), ...constant(0)]) });
    const lines = channels('Ha-6564', 'Hb-4862', 'OIId-3728');
    return fitsOf([
      primaryOf({ key: 'VERSDAP', value: '2.2.1' }, { key: 'DAPTYPE', value: 'HYB10-GAU-MILESHC' }, { key: 'PLATEIFU', value: '1-1' }, { key: 'SCINPVEL', value: 6000 }, ...more),
      { kind: 'image', name: 'BINID', axes: [nx, ny, 2], data: Int32Array.from([0, 0, 1, 1, 2, -1, 3, 4, 5, 6, 7, -1]), cards: [{ key: 'C1', value: 'Binned spectra' }, { key: 'C2', value: 'Em. line models' }] },
      image('EMLINE_GFLUX', [[1, 2, 3, 4, 5, 6], constant(2), constant(3)], [...lines, { key: 'BUNIT', value: '1E-16 erg/s/cm^2/spaxel' }]),
      image('EMLINE_GFLUX_IVAR', [constant(4), constant(16), constant(0)]), mask('EMLINE_GFLUX_MASK'),
      image('EMLINE_GVEL', [constant(50), constant(0), constant(0)]), image('EMLINE_GVEL_IVAR', [constant(1), constant(1), constant(1)]), mask('EMLINE_GVEL_MASK'),
      image('EMLINE_GSIGMA', [[100, 60, 50, 100, 100, 0], constant(1), constant(1)]), image('EMLINE_GSIGMA_IVAR', [constant(0.25), constant(1), constant(1)]), mask('EMLINE_GSIGMA_MASK'),
      image('EMLINE_INSTSIGMA', [constant(60), constant(60), constant(60)]),
    ], 'manga-1-1-MAPS-HYB10.fits');
  }

  it('takes the bins of the line models, the unit of the file, and says that there are no equivalent widths', async () => {
    const maps = await readDapMaps(await hybrid(constant(0), constant(0)));
    expect([...maps.binning.bin]).toEqual([0, 1, 2, 3, 4, -1]);
    expect([...maps.lines.get('Ha')!.flux]).toEqual([10, 20, 30, 40, 50]);
    expect(maps.lines.get('Ha')!.fluxError[0]).toBeCloseTo(5, 12);
    expect([...maps.lines.keys()]).toEqual(['Ha', 'Hb', 'OII3726', 'OII3729']);
    expect(maps.lines.get('Ha')!.ew).toBeNull();
    expect(maps.notes!.join(' ')).toMatch(/no EMLINE_GEW: no cut in EW\(Hα\) can be applied.*one blend/);
  });

  it('takes the instrument off the dispersion in quadrature; a line narrower than the instrument has none', async () => {
    const { sigma, sigmaError } = await readDapMaps(await hybrid(constant(0), constant(0)));
    expect(sigma[0]).toBe(80);
    // σ² = s² − i²: dσ = ds·s/σ.
    expect(sigmaError[0]).toBeCloseTo(2 * 100 / 80, 12);
    expect(sigma[1]).toBe(0);
    expect(sigma[2]).toBeNaN();
  });

  it('keeps the bits of Hα as the status, and drops only the line that is not to be used', async () => {
    const ha = [0, 1 << maskBits.NEARBOUND, donotuse | (1 << maskBits.FITFAILED), 0, 0, 0];
    const maps = await readDapMaps(await hybrid(ha, [donotuse, 0, 0, 0, 0, 0]));
    expect([...maps.status]).toEqual([0, 256, donotuse | 128, 0, 0]);
    expect([...maps.lines.get('Ha')!.flux]).toEqual([10, 20, Number.NaN, 40, 50]);
    expect(maps.lines.get('Hb')!.flux[0]).toBeNaN();
    expect(maps.lines.get('Hb')!.flux[1]).toBe(20);
    expect(maps.velocity[2]).toBeNaN();
    // No line has an error where the inverse variance is zero.
    expect(maps.lines.get('OII3726')!.fluxError.every(Number.isNaN)).toBe(true);
  });
});
