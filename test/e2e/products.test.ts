import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findHdu, hasHdu, readImage } from '../../src/fits/index.js';
import { maskBits, maskBitMeanings, type MaskBitName } from '../../src/linemaps/index.js';
import { parseWcs, pixelToSky } from '../../src/sky/index.js';
import { column, numbers } from '../../src/table/index.js';
import { temporaryFolder, zgrad, type CliResult } from '../support/cli.js';
import { describeFitsverify, describePython, runPython } from '../support/shared.js';
import { binIds, figureNames, mapOf, products, readRun, sha256, textOf, type FinishedRun } from './support/run.js';
import { small, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('products');
const geometryErrors = 'geometry.errors={center: 0.2 arcsec, positionAngle: 5, ellipticity: 0.05, effectiveRadius: 0.2 arcsec}';

let files: SimulatedFiles;
let done: CliResult;
let run: FinishedRun;
const measure = (name: string): CliResult => zgrad('measure', files.cube, '--out', join(folder, name), '--config', files.config, '--set', geometryErrors);

beforeAll(async () => {
  // Holes of every kind, so that spaxels are unused for many reasons.
  files = await writeSimulated(folder, 'galaxy', { ...small, object: 'Mock 7', blemishes: { edge: 1, deadSpaxels: 5, deadVoxels: 1e-3 }, noise: { sky: 8 }, seed: 7 });
  done = measure('run');
  expect(done.status, done.stderr).toBe(0);
  run = await readRun(join(folder, 'run'));
});

const entries = () => run.gradient.gradients;
const bit = (name: MaskBitName): number => 1 << maskBits[name];

describe('a run leaves', () => {
  it('every product, the figures as SVG, PNG and PDF', () => {
    for (const name of [...products, 'figures/spectra.svg', 'figures/spectra.png', 'figures/spectra.pdf']) expect(existsSync(join(run.out, name)), name).toBe(true);
    for (const name of [...figureNames, 'spectra']) {
      const bytes = (kind: string): Buffer => readFileSync(join(run.out, 'figures', `${name}.${kind}`));
      expect(bytes('svg').toString('utf8')).toMatch(/^(?:<\?xml[^>]*\?>\s*)?<svg [^]*<\/svg>\s*$/);
      expect(bytes('png').subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
      expect(bytes('png').readUInt32BE(16), `${name}.png: width in pixels`).toBeGreaterThan(500);
      expect(bytes('pdf').toString('latin1')).toMatch(/^%PDF-1[^]*%%EOF\s*$/);
    }
  });

  it('nothing half-written', () => {
    const list = spawnSync('find', [run.out, '-name', '*.part'], { encoding: 'utf8' }).stdout;
    expect(list).toBe('');
  });

  it('the same bytes when it is run again', () => {
    expect(measure('again').status).toBe(0);
    for (const name of [...products.filter((one) => one !== 'run.json' && one !== 'report.html'), 'figures/spectra.svg', 'figures/spectra.png', 'figures/spectra.pdf']) {
      expect(sha256(join(folder, 'again', name)), name).toBe(sha256(join(run.out, name)));
    }
  });
});

describe('maps.fits', () => {
  describeFitsverify('under fitsverify', () => {
    it('has no error and no warning', () => {
      const { stdout } = spawnSync('fitsverify', [join(run.out, 'maps.fits')], { encoding: 'utf8' });
      expect(stdout).toMatch(/Verification found 0 warning\(s\) and 0 error\(s\)\./);
    });
  });

  it('ties values, inverse variances and masks by their HDUCLAS keywords', () => {
    const text = (name: string, key: string): string | undefined => findHdu(run.maps, name).header.string(key)?.trim();
    const names = run.maps.hdus.slice(1).map((hdu) => hdu.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      expect(text(name, 'HDUCLASS')).toBe('SDSS');
      expect(text(name, 'HDUCLAS1')).toBe(findHdu(run.maps, name).axes.length > 2 ? 'CUBE' : 'IMAGE');
      const [error, quality, data] = ['ERRDATA', 'QUALDATA', 'SCIDATA'].map((key) => text(name, key));
      if (error) expect([text(error, 'HDUCLAS2'), text(error, 'HDUCLAS3'), text(error, 'SCIDATA')]).toEqual(['ERROR', 'INVMSE', data ?? name]);
      if (quality) expect([text(quality, 'HDUCLAS2'), text(quality, 'HDUCLAS3'), text(quality, 'SCIDATA')]).toEqual(['QUALITY', 'FLAG32BIT', data ?? name]);
      if (data) {
        expect(text(data, 'HDUCLAS2')).toBe('DATA');
        expect(findHdu(run.maps, name).axes).toEqual(findHdu(run.maps, data).axes);
      }
      // A map whose siblings are there names them.
      if (hasHdu(run.maps, `${name}_IVAR`)) expect(error).toBe(`${name}_IVAR`);
      if (hasHdu(run.maps, `${name}_MASK`)) expect(quality).toBe(`${name}_MASK`);
    }
    expect(text('EMLINE_GFLUX', 'BUNIT')).toBe('1E-17 erg/s/cm^2/spaxel');
    expect(text('SPX_MFLUX', 'BUNIT')).toBe('1E-17 erg/s/cm^2/Angstrom/spaxel');
    expect(run.maps.hdus[0]!.header.number('SCINPVEL')).toBeCloseTo(0.005 * 299792.458, 6);
  });

  it('numbers the bins as bins.ecsv does', async () => {
    const id = await binIds(run);
    for (const channel of ['Stellar continua', 'Em. line moments', 'Em. line models', 'Spectral indices']) expect(await mapOf(run, 'BINID', channel)).toEqual(id);
    const { length } = run.bins;
    const [x, y, npix, bin] = ['x', 'y', 'npix', 'bin'].map((name) => numbers(run.bins, name)) as [Float64Array, Float64Array, Float64Array, Float64Array];
    expect(bin).toEqual(Float64Array.from({ length }, (_, b) => b));
    const [nx] = findHdu(run.maps, 'BINID').axes as [number];
    for (let b = 0; b < length; b++) {
      const members = Array.from(id.keys()).filter((i) => id[i] === b);
      expect(members.length).toBe(npix[b]);
      expect(members.reduce((sum, i) => sum + (i % nx), 0) / members.length).toBeCloseTo(x[b]!, 12);
      expect(members.reduce((sum, i) => sum + Math.floor(i / nx), 0) / members.length).toBeCloseTo(y[b]!, 12);
    }
    expect(id.every((b) => b === -1 || (b >= 0 && b < length))).toBe(true);
  });

  it('says of every spaxel that is not used why not, and the counts of run.json agree', async () => {
    const [status, id] = [await mapOf(run, 'STATUS'), await binIds(run)];
    const used = column(run.bins, 'used').values;
    const ofBin = numbers(run.bins, 'status');
    const reasons = (Object.keys(maskBits) as MaskBitName[]).filter((name) => name !== 'DONOTUSE');
    status.forEach((bits, i) => {
      const inUse = id[i]! >= 0 && Boolean(used[id[i]!]);
      expect(Boolean(bits & bit('DONOTUSE')), `spaxel ${i}`).toBe(!inUse);
      if (!inUse) expect(reasons.some((name) => bits & bit(name)), `spaxel ${i} has a reason`).toBe(true);
      if (id[i]! >= 0) expect(bits).toBe(ofBin[id[i]!]);
      else expect(bits).toBe(bit('NOCOV') | bit('DONOTUSE'));
    });
    const { counts } = run.run;
    for (const name of [...reasons, 'DONOTUSE'] as MaskBitName[]) expect(status.filter((bits) => bits & bit(name)).length, name).toBe(counts.byStatus[name] ?? 0);
    expect(status.filter((bits) => !(bits & bit('DONOTUSE'))).length).toBe(counts.usedSpaxels);
    expect(counts.usedBins).toBe(entries()[0]!.bins);
    // The frame of one spaxel and five dead ones, some of which may lie in it or on each other.
    expect(counts.byStatus.NOCOV).toBeGreaterThan(52);
    expect(counts.byStatus.NOCOV).toBeLessThanOrEqual(57);
    expect(counts.byStatus.LOWSNR).toBeGreaterThan(0);
  });
});

/** Every HDU as astropy reads it, five sky positions, the fluxes of Hα by channel name, IVAR against bins.ecsv, and the table. */
const asAstropy = `
import json, math, sys, warnings
import numpy as np
from astropy.io import fits
from astropy.table import Table
from astropy.units import Unit, UnrecognizedUnit
from astropy.wcs import WCS
warnings.simplefilter('error')
out = sys.argv[1]
num = lambda v: None if not np.isfinite(v) else float(v)
hdus, sky = [], []
with fits.open(out + '/maps.fits', checksum=True) as f:
    f.verify('exception')
    for h in f:
        d = h.data
        if d is None:
            hdus.append(dict(name=h.name, axes=[], finite=0, sum=0, weighted=0)); continue
        v = d.astype(float).ravel(); good = np.isfinite(v)
        hdus.append(dict(name=h.name, axes=list(d.shape[::-1]), finite=int(good.sum()), sum=math.fsum(v[good]), weighted=math.fsum((v * np.arange(v.size))[good])))
    w = {h.name: WCS(h.header).celestial for h in f[1:]}['EMLINE_GFLUX']
    sky = [[float(c) for c in w.all_pix2world(x, y, 0)] for x, y in json.loads(sys.argv[2])]
    h = f['EMLINE_GFLUX'].header
    channel = {h['C%02d' % (i + 1)]: i for i in range(h['NAXIS3'])}
    k = channel['Ha-6564']
    ha, ivar = f['EMLINE_GFLUX'].data[k], f['EMLINE_GFLUX_IVAR'].data[k]
    bid = f['BINID'].data[0]
t = Table.read(out + '/bins.ecsv')
flux, err, npix = t['flux_Ha'], t['flux_Ha_err'], t['npix']
worst = [0, 0]; n = 0
for (y, x), b in np.ndenumerate(bid):
    if b < 0 or not np.isfinite(flux[b]) or not err[b] > 0: continue
    n += 1
    worst = [max(worst[0], abs(ha[y, x] * npix[b] / flux[b] - 1)), max(worst[1], abs(ivar[y, x] * (err[b] / npix[b]) ** 2 - 1))]
units = {c: str(t[c].unit) for c in t.colnames if t[c].unit is not None}
strange = [c for c in t.colnames if isinstance(t[c].unit, UnrecognizedUnit)]
columns = {c: dict(finite=int(np.isfinite(v).sum()), sum=math.fsum(v[np.isfinite(v)])) for c in t.colnames for v in [np.asarray(t[c]).astype(float)]}
cgs = float(t['flux_Ha'].unit.to(Unit('erg / (s cm2)')))
print(json.dumps(dict(hdus=hdus, sky=sky, channels=list(channel), compared=n, worst=worst, units=units, strange=strange, columns=columns, cgs=cgs,
    undescribed=[c for c in t.colnames if not t[c].description], meta=dict(object=t.meta['object'], redshift=t.meta['redshift']))))
`;

describePython('astropy', () => {
  const pixels = [[0, 0], [13, 0], [6.5, 6.5], [3, 11], [13, 13]] as const;
  interface Seen {
    readonly hdus: readonly { readonly name: string; readonly axes: number[]; readonly finite: number; readonly sum: number; readonly weighted: number }[];
    readonly sky: readonly (readonly [number, number])[];
    readonly channels: readonly string[];
    readonly compared: number;
    readonly worst: readonly [number, number];
    readonly units: Readonly<Record<string, string>>;
    readonly strange: readonly string[];
    readonly columns: Readonly<Record<string, { readonly finite: number; readonly sum: number }>>;
    readonly cgs: number;
    readonly undescribed: readonly string[];
    readonly meta: { readonly object: string; readonly redshift: number };
  }
  let seen: Seen;
  beforeAll(() => { seen = runPython<Seen>(asAstropy, run.out, JSON.stringify(pixels)); });

  it('reads every HDU, checksums included, with the values of our reader', async () => {
    expect(seen.hdus.map(({ name }) => name)).toEqual(run.maps.hdus.map(({ name }) => name));
    for (const [i, hdu] of run.maps.hdus.entries()) {
      const { name, axes, finite, sum, weighted } = seen.hdus[i]!;
      expect(hdu.axes, name).toEqual(axes);
      if (!axes.length) continue;
      const { data } = await readImage(run.maps, hdu);
      const good = Array.from(data.keys()).filter((k) => Number.isFinite(data[k]));
      expect(good.length, name).toBe(finite);
      // Sums of at most some thousand doubles, in another order: 1e-11 of the sum of the absolute values is ample.
      const scale = good.reduce((total, k) => total + Math.abs(data[k]!), 0);
      expect(Math.abs(good.reduce((total, k) => total + data[k]!, 0) - sum), name).toBeLessThanOrEqual(1e-11 * scale);
      expect(Math.abs(good.reduce((total, k) => total + data[k]! * k, 0) - weighted), name).toBeLessThanOrEqual(1e-11 * scale * data.length);
    }
  });

  it('agrees on the sky positions of five pixels to 1e-9 degrees', () => {
    const { celestial } = parseWcs(findHdu(run.maps, 'EMLINE_GFLUX').header, { where: 'maps.fits' });
    pixels.forEach(([x, y], i) => {
      const [ra, dec] = pixelToSky(celestial!, x, y);
      expect(Math.abs(ra - seen.sky[i]![0])).toBeLessThan(1e-9);
      expect(Math.abs(dec - seen.sky[i]![1])).toBeLessThan(1e-9);
    });
  });

  it('finds Hα by its channel name, with the flux and error of bins.ecsv', () => {
    for (const name of ['Hb-4862', 'OIII-5008', 'Ha-6564', 'NII-6585', 'SII-6718', 'SII-6732']) expect(seen.channels).toContain(name);
    expect(seen.compared).toBeGreaterThan(100);
    // Values pass through the shortest decimal text of a double, which is exact: only the arithmetic rounds.
    expect(seen.worst[0], 'flux').toBeLessThan(1e-12);
    expect(seen.worst[1], 'IVAR = 1/err²').toBeLessThan(1e-12);
  });

  it('reads bins.ecsv with units and descriptions and the values of our reader', () => {
    expect(Object.keys(seen.columns)).toEqual(run.bins.columns.map(({ name }) => name));
    expect(seen.strange).toEqual([]);
    expect(seen.undescribed).toEqual([]);
    expect(seen.cgs).toBeCloseTo(1e-17, 25);
    expect(seen.units).toMatchObject({ ra: 'deg', dec: 'deg', radius_kpc: 'kpc', velocity: 'km / s', sigma_err: 'km / s', ew_Ha: 'Angstrom', ebv: 'mag' });
    for (const [name, { finite, sum }] of Object.entries(seen.columns)) {
      const good = numbers(run.bins, name).filter(Number.isFinite);
      expect(good.length, name).toBe(finite);
      expect(Math.abs(good.reduce((a, b) => a + b, 0) - sum), name).toBeLessThanOrEqual(1e-11 * good.reduce((a, b) => a + Math.abs(b), 0));
    }
    expect(seen.meta).toEqual({ object: 'Mock 7', redshift: 0.005 });
  });
});

describe('bins.ecsv', () => {
  it('has the columns that others rely on', () => {
    const names = run.bins.columns.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['bin', 'label']);
    for (const name of [
      'x', 'y', 'ra', 'dec', 'npix', 'radius_kpc', 'radius_re', 'status', 'flux_Ha', 'flux_Ha_err', 'flux_Hb', 'flux_OIII5007', 'flux_NII6583', 'flux_SII6716', 'flux_SII6731_err',
      'velocity', 'velocity_err', 'sigma', 'sigma_err', 'ew_Ha', 'ebv', 'ebv_err', 'bpt', 'sfr_density', 'oh_N2S2Ha', 'oh_N2S2Ha_err', 'oh_O3N2-M13', 'oh_PG16S',
    ]) expect(names).toContain(name);
  });
});

describe('gradient.json', () => {
  const named = ['N2S2Ha', 'N2-M13', 'O3N2-M13', 'N2-PP04', 'O3N2-PP04', 'PG16S', 'PG16R', 'M08-O3HbO2Hb', 'M08-R23O3O2', 'J15-O3HbO2Hb', 'J15-R23O3O2', 'C17-O3HbO2Hb', 'C17-R23O3O2', 'C20'];

  it('has the shape that others rely on', () => {
    const { gradient } = run;
    expect(gradient.object).toBe('Mock 7');
    expect(gradient.geometry).toMatchObject(Object.fromEntries(
      ['centerX', 'centerY', 'ra', 'dec', 'positionAngle', 'ellipticity', 'inclination', 'thickness', 'effectiveRadiusKpc', 'effectiveRadiusArcsec', 'distanceMpc'].map((key) => [key, expect.any(Number)])));
    expect(gradient.geometry['source']).toBe('given');
    expect(Object.keys(gradient.integrated).sort()).toEqual([
      'bins', 'gasFraction', 'logMbaryon', 'logMbaryonAtomic', 'logMgas', 'logMh2', 'logMhi', 'logMstar', 'logSfr', 'logYeff', 'oh', 'ohInner', 'ohOuter',
    ]);
    expect(gradient.integrated.oh['N2S2Ha']).toEqual([expect.any(Number), expect.any(Number)]);
    for (const one of entries()) {
      const numberOrNull = (value: unknown): boolean => value === null || (typeof value === 'number' && Number.isFinite(value));
      expect(['O/H', 'logSigmaSfr']).toContain(one.quantity);
      expect(one.calibration === null).toBe(one.quantity !== 'O/H');
      expect(['dex/Re', 'dex/kpc']).toContain(one.unit);
      for (const key of ['slope', 'slopeError', 'intercept', 'interceptError', 'composite'] as const) expect(numberOrNull(one[key]), key).toBe(true);
      expect([one.bins, one.draws, one.seed].every(Number.isInteger)).toBe(true);
      for (const key of ['bootstrap', 'blockBootstrap', 'fluxes', 'geometry', 'calibration'] as const) expect(numberOrNull(one.errorBudget[key]), key).toBe(true);
      for (const row of one.profile) expect([row.radius, row.median, row.bins].every(Number.isFinite) && numberOrNull(row.std)).toBe(true);
      expect(one.slope === null).toBe(one.refused !== null);
      if (one.slope === null) continue;
      expect(one.slopeInterval![0]).toBeLessThan(one.slope);
      expect(one.slopeInterval![1]).toBeGreaterThan(one.slope);
      expect(one.range![0]).toBeLessThan(one.range![1]);
    }
  });

  it('has one entry per quantity, calibration and unit, the leading one first, and says why a calibration is absent', () => {
    const keys = entries().map(({ quantity, calibration, unit }) => `${quantity} ${calibration} ${unit}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toBe('O/H N2S2Ha dex/Re');
    expect(keys).toContain('logSigmaSfr null dex/kpc');
    const absent = new Map(run.gradient.absent.map(({ name, reason }) => [name, reason]));
    for (const name of named) expect(keys.includes(`O/H ${name} dex/Re`) !== absent.has(name), name).toBe(true);
    expect(absent.get('PG16R')).toMatch(/\[O II\]/);
  });

  it('has the same gradient in both units, and the whole error budget', () => {
    const re = Number(run.gradient.geometry['effectiveRadiusKpc']);
    for (const one of entries().filter(({ unit, slope }) => unit === 'dex/Re' && slope !== null)) {
      const other = entries().find(({ quantity, calibration, unit }) => unit === 'dex/kpc' && quantity === one.quantity && calibration === one.calibration)!;
      expect(other.slope! * re).toBeCloseTo(one.slope!, 12);
      expect(other.errorBudget.blockBootstrap! * re).toBeCloseTo(one.errorBudget.blockBootstrap!, 12);
      expect(other.intercept).toBe(one.intercept);
      expect(other.profile.map(({ median }) => median)).toEqual(one.profile.map(({ median }) => median));
      for (const key of ['bootstrap', 'blockBootstrap', 'fluxes', 'geometry'] as const) expect(one.errorBudget[key], `${one.calibration} ${key}`).toBeGreaterThan(0);
      expect(one.errorBudget.bootstrap).toBe(one.slopeError);
    }
    expect(entries().find(({ calibration }) => calibration === 'N2-M13')!.errorBudget.calibration).toBeGreaterThan(0);
    // Rings every 0.2 R_e.
    expect(entries()[0]!.profile.slice(0, 3).map(({ radius }) => Math.round(radius * 10))).toEqual([1, 3, 5]);
  });

  it('shows how the slope moves with the cuts, beginning with the slope itself', () => {
    const [configured, ...others] = run.gradient.cuts;
    expect(configured).toMatchObject({ slope: entries()[0]!.slope, slopeError: entries()[0]!.slopeError, bins: entries()[0]!.bins, snLine: 3, minEW: 5, composite: false });
    expect(others.some(({ composite }) => composite)).toBe(true);
    expect(others.filter(({ snLine }) => snLine !== 3).length).toBeGreaterThan(1);
    expect(others.filter(({ minEW }) => minEW !== 5).length).toBeGreaterThan(1);
  });
});

describe('run.json', () => {
  it('records configuration, versions, checksums, seed, stages, memory, counts, warnings and literature', () => {
    const { configuration, versions, inputs, seed, stages, seconds, peakMemoryBytes, warnings, literature, exitStatus } = run.run;
    expect(configuration).toMatchObject({ redshift: 0.005, lines: { minEW: 5, snLine: 3 }, gradient: { draws: 1000 }, effectiveRadius: { value: 4, unit: 'arcsec' } });
    expect(versions).toEqual({ zgrad: expect.stringMatching(/^\d+\.\d+\.\d+/), node: process.versions.node });
    expect(inputs).toEqual({ [files.cube]: sha256(files.cube) });
    expect(seed).toBe(1);
    expect(stages.map(({ stage }) => stage)).toEqual([
      'read cube', 'fit stars', 'fit lines', 'geometry', 'dust, classes, star formation, abundances', 'gradients and errors', 'integrated values, masses', 'velocity field',
      'local relation', 'extent of the field', 'write products',
    ]);
    expect(stages.every((one) => one.seconds >= 0)).toBe(true);
    expect(stages.reduce((sum, one) => sum + one.seconds, 0)).toBeLessThanOrEqual(seconds);
    expect(peakMemoryBytes).toBeGreaterThan(2e7);
    expect(peakMemoryBytes).toBeLessThan(4e9);
    expect(warnings.every((one) => typeof one === 'string')).toBe(true);
    expect(exitStatus).toBe(0);
    const cited = literature.map(({ citation, usedFor }) => `${citation}: ${usedFor}`).join('\n');
    for (const text of [/Dopita.*2016.*N2S2Ha/, /Marino.*2013/, /Cardelli.*1989/, /Kauffmann.*2003/, /Kewley.*2001/, /Bacon.*2017/, /Li et al\. 2025/]) expect(cited).toMatch(text);
  });
});

describe('dictionary.md', () => {
  it('names every column of bins.ecsv, every extension of maps.fits and every status bit', () => {
    const text = textOf(run.out, 'dictionary.md');
    for (const { name, unit, description } of run.bins.columns) expect(text).toContain(`| \`${name}\` | ${unit ?? ''} | ${description} |`);
    for (const { name } of run.maps.hdus.slice(1)) {
      const quantity = name.replace(/_(?:IVAR|MASK)$/, '');
      expect(text, name).toMatch(new RegExp(`^\\| ${quantity} \\| .{10,} \\|$`, 'm'));
    }
    for (const name of Object.keys(maskBits) as MaskBitName[]) expect(text).toContain(`| ${maskBits[name]} | ${name} | ${maskBitMeanings[name]} |`);
  });
});

describe('report.html', () => {
  it('is one self-contained page that leads with the answer', () => {
    const html = textOf(run.out, 'report.html');
    const outside = html.replace(/ xmlns(?::\w+)?="http:\/\/www\.w3\.org\/[^"]*"/g, '');
    expect(outside.match(/https?:\/\//g)).toBeNull();
    expect(outside).not.toMatch(/<(?:link|script|iframe|object)\b/i);
    for (const [, target] of outside.matchAll(/\b(?:src|href)="([^"]*)"/g)) {
      // Pictures are inside; links lead to the files beside the page.
      if (!/^(?:data:|#)/.test(target!)) expect(existsSync(join(run.out, target!)), target).toBe(true);
    }
    expect(outside).not.toMatch(/url\((?!["']?(?:data:|#))/);
    const { slope, slopeError, bins } = entries()[0]!;
    const number = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(3)}`;
    const words = html.replace(/<style>[^]*?<\/style>/g, '').replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
    const answer = words.indexOf(`${number(slope!)} ± ${number(slopeError!)} dex/Re`);
    expect(answer).toBeGreaterThan(0);
    expect(answer).toBeLessThan(300);
    expect(words).toContain(`from ${bins} star-forming bins`);
    expect(words).toContain(sha256(files.cube));
    expect(words).toContain(basename(files.cube));
    expect((html.match(/<svg [^>]*xmlns=/g) ?? []).length, 'figures').toBe(7);
    for (const calibration of ['N2-M13', 'O3N2-PP04', 'PG16S']) expect(words).toContain(calibration);
  });
});

describe('the command', () => {
  it('ends with the answer, the counts by status and where the report is', () => {
    const { slope, slopeError, bins } = entries()[0]!;
    expect(done.stdout).toContain(`Mock 7: gradient of 12+log(O/H) −${Math.abs(slope!).toFixed(3)} ± ${slopeError!.toFixed(3)} dex/R_e`);
    expect(done.stdout).toContain(`from ${bins} star-forming bins; `);
    expect(done.stdout).toMatch(/spaxels by status \(one may have several\): NOCOV \d+/);
    expect(done.stdout).toContain(join(run.out, 'report.html'));
  });
});
