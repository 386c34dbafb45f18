import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findHdu, readPlane } from '../../src/fits/index.js';
import { openFitsFile, readHdf5Tables } from '../../src/host/index.js';
import { withOffered } from '../../src/pipeline/readMaps.js';
import { fitLine } from '../../src/stats/index.js';
import { numbers } from '../../src/table/index.js';
import { bytesOf, primaryOf, skyCards } from '../linemaps/support.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { describeShared, shared } from '../support/shared.js';
import { gradientOf, readRun, type FinishedRun } from './support/run.js';

const folder = temporaryFolder('maps');
withoutPictures();
/** The calibrations that are compared, and fewer draws than by default, for time. */
const few = ['--set', 'abundance.also=[O3N2-M13, N2-M13]', '--set', 'gradient.draws=300'];

async function run(name: string, file: string, config: string): Promise<{ finished: FinishedRun; stderr: string }> {
  const [out, yaml] = [join(folder, name), join(folder, `${name}.yaml`)];
  writeFileSync(yaml, config);
  const { status, stderr } = zgrad('maps', file, '--out', out, '--config', yaml, ...few);
  expect(status, stderr).toBe(0);
  return { finished: await readRun(out), stderr };
}

describeShared('MaNGA 8080-12701 from the DAP\'s maps', () => {
  const file = shared('data', 'ifu_manga', 'manga-8080-12701-MAPS-VOR10-GAU-MILESHC.fits.gz');
  let finished: FinishedRun;
  beforeAll(async () => {
    // The DAP's own geometry (ECOOPA, ECOOELL, REFF: a thin ellipse), its redshift (SCINPVEL); its fluxes are free of Galactic dust.
    ({ finished } = await run('8080', file, `redshift: 0.0427789
effectiveRadius: 9.2366199 arcsec
seeing: 2.609 arcsec
foreground: none
geometry: {positionAngle: 177.40601, ellipticity: 0.162862, thickness: 0}
`));
  });

  it('has the gradient by N2S2Ha of −0.342 ± 0.010 dex/R_e', () => {
    const { slope, bins } = gradientOf(finished, 'N2S2Ha');
    expect(slope).toBeGreaterThan(-0.352);
    expect(slope).toBeLessThan(-0.332);
    expect(bins).toBe(777);
  });

  it('has the radii of the file\'s SPX_ELLCOO in bins of one spaxel, to 0.002 R_e', async () => {
    const fits = await openFitsFile(file);
    const { data } = await readPlane(fits, findHdu(fits, 'SPX_ELLCOO'), 1);
    const [x, y, npix, radius] = ['x', 'y', 'npix', 'radius_re'].map((name) => numbers(finished.bins, name)) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const alone = Array.from(npix.keys()).filter((b) => npix[b] === 1);
    expect(alone.length).toBeGreaterThan(100);
    // The header rounds the pixel to 2e-6 of itself; the maps are float32.
    for (const b of alone) expect(Math.abs(radius[b]! - data[y[b]! * 74 + x[b]!]!)).toBeLessThan(0.002);
  });

  it('needs nothing but the files: the header offers the galaxy, and what the user says counts', async () => {
    const said: string[] = [];
    const tree = await withOffered([file], { geometry: { ellipticity: 0.2 }, redshift: 0.043 }, said);
    expect(tree).toMatchObject({ object: '8080-12701', redshift: 0.043, effectiveRadius: '9.2366199 arcsec', seeing: '2.60916 arcsec', foreground: 'none', geometry: { ellipticity: 0.2, positionAngle: 177.40601 } });
    expect(said.join()).toMatch(/taken from the header of the maps: object 8080-12701, effectiveRadius 9\.2366199 arcsec/);
  });
});

describeShared('NGC 4047 from Pipe3D\'s HDF5', () => {
  const file = shared('data', 'ifu_other', 'NGC4047_allpix.pipe3d.hdf5');
  const effectiveRadius = 18.598;
  let finished: FinishedRun;
  let stderr: string;
  beforeAll(async () => {
    // LEDA's centre, position angle and inclination of 41.31° (thin), as the file's rad_arc; CALIFA's cubes are free of Galactic dust.
    ({ finished, stderr } = await run('4047', file, `redshift: 0.0114
effectiveRadius: ${effectiveRadius} arcsec
seeing: 2.68 arcsec
foreground: none
geometry: {center: [180.7111065, 48.6362161], positionAngle: 99.87, ellipticity: ${1 - Math.cos((41.31027530927659 * Math.PI) / 180)}, thickness: 0}
`));
  });

  const column = (name: string): Float64Array => numbers(finished.bins, name);

  it('has the file\'s radii rad_arc to 0.05″', async () => {
    const radius = numbers((await readHdf5Tables(file)).get('flux_elines')!, 'rad_arc');
    const [own, label] = [column('radius_re'), column('label')];
    // Right ascensions in the file are rounded to 0.036″.
    own.forEach((r, b) => expect(Math.abs(r * effectiveRadius - radius[label[b]!]!)).toBeLessThan(0.05));
  });

  /** Slope [dex/″] over the star-forming bins of the run in which every line has S/N ≥ 3, [O III] too. */
  function slopeOf(oh: (b: number) => number): { slope: number; bins: number } {
    const lines = ['Ha', 'Hb', 'NII6583', 'OIII5007', 'SII6716', 'SII6731'].map((name) => [column(`flux_${name}`), column(`flux_${name}_err`)] as const);
    const radius = column('radius_re');
    const used = column('used');
    const chosen = Array.from(radius.keys()).filter((b) => used[b] && lines.every(([flux, error]) => flux[b]! / error[b]! >= 3));
    return { slope: fitLine(chosen.map((b) => radius[b]! * effectiveRadius), chosen.map(oh)).slope, bins: chosen.length };
  }

  it('has the gradient by N2S2Ha of −0.0112 ± 0.0005 dex/″ where [O III] is detected too, with the dust taken off or left', () => {
    const [ha, nii, s1, s2] = ['flux_Ha', 'flux_NII6583', 'flux_SII6716', 'flux_SII6731'].map(column) as [Float64Array, Float64Array, Float64Array, Float64Array];
    const oh = column('oh_N2S2Ha');
    const dereddened = slopeOf((b) => oh[b]!);
    const observed = slopeOf((b) => 8.77 + Math.log10(nii[b]! / (s1[b]! + s2[b]!)) + 0.264 * Math.log10(nii[b]! / ha[b]!));
    expect(dereddened.bins).toBeGreaterThan(1800);
    for (const { slope } of [dereddened, observed]) {
      expect(slope).toBeGreaterThan(-0.0117);
      expect(slope).toBeLessThan(-0.0107);
    }
  });

  it('is steeper by 0.0005 dex/″ with the cuts of zgrad, which keep bins whose upper limit of [O III] is below the curve; a choice by Hβ alone is not', () => {
    const { slope } = gradientOf(finished, 'N2S2Ha');
    expect(slope! / effectiveRadius).toBeGreaterThan(-0.0124);
    expect(slope! / effectiveRadius).toBeLessThan(-0.0117);
    const byHb = finished.gradient.cuts.find((cut) => cut.byHb)!;
    expect(Math.abs(byHb.slope! / effectiveRadius + 0.0112)).toBeLessThan(0.0005);
  });

  it('says what was turned and assumed', () => {
    expect(stderr).toMatch(/equivalent widths of the source are negative in emission: their sign was turned/);
    expect(stderr).toMatch(/line widths hold the instrument's/);
  });
});

describe('Maps of other pipelines', () => {
  const geometry = ['--set', 'redshift=0.0022', '--set', 'effectiveRadius=1 arcsec', '--set', 'geometry.positionAngle=0', '--set', 'geometry.ellipticity=0.2'];

  it('without equivalent widths are measured without that cut, said aloud', async () => {
    const [nx, ny] = [24, 24];
    // An exponential disc of H II regions whose [N II] falls outwards by 0.3 dex per arcsec.
    const at = (i: number) => Math.hypot((i % nx) - 11.5, Math.floor(i / nx) - 11.5) * 0.2;
    const image = (name: string, value: (i: number) => number) => ({
      kind: 'image' as const, name, axes: [nx, ny], data: Float32Array.from({ length: nx * ny }, (_, i) => value(i)),
      cards: [...skyCards(0.2, 11.5, 11.5), { key: 'BUNIT', value: '1e-20 erg/s/cm2/spaxel' }],
    });
    const lines = { HB4861: () => 0.35, OIII5006: () => 0.2, HA6562: () => 1, NII6583: (i: number) => 0.35 * 10 ** (-0.3 * at(i)), SII6716: () => 0.15, SII6730: () => 0.11 };
    const path = join(folder, 'NGC0001_MAPS.fits');
    writeFileSync(path, await bytesOf([
      primaryOf({ key: 'OBJECT', value: 'NGC0001' }, { key: 'REDSHIFT', value: 0.0022 }), image('FLUX', (i) => 1000 * Math.exp(-at(i))),
      ...Object.entries(lines).flatMap(([name, ratio]) => [image(`${name}_FLUX`, (i) => 1e5 * Math.exp(-at(i)) * ratio(i)), image(`${name}_FLUX_ERR`, (i) => 100 * Math.exp(-at(i)) * (1 + 1e-3 * i))]),
    ]));
    const out = join(folder, 'phangs');
    const { status, stderr } = zgrad('maps', path, '--out', out, '--set', 'foreground=none', ...geometry, '--set', 'geometry.thickness=0', ...few);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/no cut in EW\(Hα\) can be applied/);
    const finished = await readRun(out);
    // 8.77 + y with y falling by 1.264 × 0.3 dex per arcsec of the sky; the disc is seen inclined, so its rings are mixed a little.
    expect(gradientOf(finished, 'N2S2Ha').slope).toBeGreaterThan(-0.4);
    expect(gradientOf(finished, 'N2S2Ha').slope).toBeLessThan(-0.3);
  });

  it('in a broken HDF5 file give a clear error', () => {
    const path = join(folder, 'table.hdf5');
    writeFileSync(path, Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0));
    const broken = zgrad('maps', path, '--out', join(folder, 'none'), ...geometry);
    expect(broken.status).toBe(1);
    expect(broken.stderr).toMatch(/table\.hdf5: found what HDF5 cannot read/);
    expect(broken.stderr).not.toMatch(/unforeseen/);
  });
});

describeShared('A file that is no map', () => {
  const geometry = ['--set', 'redshift=0.002', '--set', 'effectiveRadius=1 arcsec', '--set', 'geometry.positionAngle=0', '--set', 'geometry.ellipticity=0.2'];

  it('is refused with the kinds that are read', () => {
    const { status, stderr } = zgrad('maps', shared('data', 'ifu_muse', 'CUBE.fits'), '--out', join(folder, 'none'), ...geometry);
    expect(status).toBe(1);
    expect(stderr).toMatch(/CUBE\.fits: found HDUs .*expected MaNGA DAP MAPS, SAMI DR3 maps, Pipe3D/);
  });

  it('without Hα is refused, too', () => {
    const gist = (name: string) => shared('data', 'ifu_muse', 'gist_NGC0000', `NGC0000Example_${name}.fits`);
    const { status, stderr } = zgrad('maps', gist('table'), gist('gas_BIN'), '--out', join(folder, 'none'), ...geometry);
    expect(status).toBe(1);
    expect(stderr).toMatch(/found the lines Hb, OIII5007; expected Hα among them/);
  });
});
