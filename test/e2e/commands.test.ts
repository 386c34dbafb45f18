import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesSource, findHdu, openFits, type HduSpec } from '../../src/fits/index.js';
import { ccm89 } from '../../src/light/index.js';
import { maskBits } from '../../src/linemaps/index.js';
import { lineByName, type LineName } from '../../src/nebula/index.js';
import { checkConfig, type ConfigTree, type MeasureSummary } from '../../src/pipeline/index.js';
import { cubeHdus } from '../../src/simulate/index.js';
import { median } from '../../src/stats/index.js';
import { numbers, parseEcsv, strings } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { expectUntrusted, mapOf, products, readRun, textOf, type FinishedRun } from './support/run.js';
import { everySpaxel, small, writeFitsFile, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('commands');
withoutPictures();
const nx = 14;
const onlyLeading = ['--set', 'abundance.also=[]'];
const noDust = ['--set', 'foreground=none'];

let files: SimulatedFiles;
beforeAll(async () => { files = await writeSimulated(folder, 'good', small); });

/** Measures a cube as configured by its simulation. */
function measure(name: string, cube: string, ...more: string[]): CliResult & { out: string } {
  const out = join(folder, name);
  return { ...zgrad('measure', cube, '--out', out, '--config', files.config, ...onlyLeading, ...more), out };
}

const place = (x: number, y: number): string => `${x},${y}`;

/** A column of a run by spaxel 'x,y', for bins of one spaxel. */
function bySpaxel({ bins }: FinishedRun, name: string): Map<string, number> {
  const [x, y, values] = ['x', 'y', name].map((one) => numbers(bins, one)) as [Float64Array, Float64Array, Float64Array];
  return new Map(Array.from(values, (value, b) => [place(x[b]!, y[b]!), value]));
}

/** What spoils one spaxel changes no other: every column of every spaxel not named is what it was, to the last bit. */
function expectOthersSame(run: FinishedRun, base: FinishedRun, ...except: string[]): void {
  for (const name of ['flux_Ha', 'flux_Ha_err', 'flux_Hb', 'velocity', 'sigma', 'ew_Ha', 'oh_N2S2Ha']) {
    const before = bySpaxel(base, name);
    for (const [spaxel, value] of bySpaxel(run, name)) if (!except.includes(spaxel)) expect(value, `${name} at ${spaxel}`).toBe(before.get(spaxel));
  }
}

describe('every command', () => {
  it.each(['demo', 'init', 'measure', 'maps', 'simulate'])('%s explains itself with an example', (name) => {
    const { status, stdout } = zgrad(name, '--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: zgrad ${name} `));
    expect(stdout).toMatch(new RegExp(`\\nExample:\\n  zgrad ${name} `));
    for (const option of ['--json', '--quiet', '--seed <N>']) expect(stdout).toContain(option);
  });

  it('is listed by zgrad --help, and none at all is wrong usage', () => {
    const { status, stdout } = zgrad('--help');
    expect(status).toBe(0);
    for (const name of ['demo', 'init', 'measure', 'maps', 'simulate']) expect(stdout).toMatch(new RegExp(`\\n  ${name} `));
    expect(zgrad().status).toBe(2);
    expect(zgrad('--version').stdout.trim()).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
  });

  it('prints nothing on standard output when it fails, and refuses a seed that is none', () => {
    const missing = zgrad('measure', join(folder, 'nowhere.fits'), '--out', join(folder, 'x'), '--config', files.config, '--json');
    expect([missing.status, missing.stdout]).toEqual([2, '']);
    const seed = zgrad('measure', files.cube, '--out', join(folder, 'x'), '--seed', 'seven');
    expect(seed.status).toBe(2);
    expect(seed.stderr).toMatch(/--seed.*'seven'.*whole number/);
    const set = zgrad('measure', files.cube, '--out', join(folder, 'x'), '--set', 'redshift');
    expect(set.status).toBe(2);
    expect(set.stderr).toMatch(/--set: found 'redshift'; expected key\.path=value/);
  });
});

describe('zgrad init', () => {
  const path = join(folder, 'start.yaml');

  it('writes a commented configuration that is valid, also with every example uncommented, and its schema', () => {
    const { status, stdout } = zgrad('init', path, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ configuration: path, schema: join(folder, 'start.schema.json') });
    const text = readFileSync(path, 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./start.schema.json');
    expect(() => checkConfig(parseYaml(text) as ConfigTree, path)).not.toThrow();
    const uncommented = text.split('\n').slice(1).map((line) => line.replace(/^(\s*)# ?(\s*\w+: \S|\s*\w+:\s+#)/, '$1$2')).join('\n');
    const everything = parseYaml(uncommented) as ConfigTree;
    for (const key of ['distance', 'seeing', 'seed', 'mask', 'binning', 'cube', 'continuum', 'lines', 'dust', 'starFormation', 'abundance', 'masses', 'gas', 'gradient']) expect(everything).toHaveProperty(key);
    expect(() => checkConfig(everything, path)).not.toThrow();
    const schema = JSON.parse(readFileSync(join(folder, 'start.schema.json'), 'utf8')) as { properties: Record<string, unknown>; additionalProperties: boolean; required: string[] };
    for (const key of Object.keys(everything)) expect(schema.properties).toHaveProperty(key);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(['redshift']);
  });

  it('refuses to overwrite', () => {
    writeFileSync(path, 'mine: true\n');
    const { status, stderr } = zgrad('init', path);
    expect(status).toBe(2);
    expect(stderr).toMatch(/start\.yaml: found an existing file/);
    expect(readFileSync(path, 'utf8')).toBe('mine: true\n');
  });
});

describe('zgrad simulate', () => {
  const settings = ['--set', 'nx=8', '--set', 'ny=6', '--set', 'wavelength.count=40', '--set', 'wavelength.start=6500', '--set', 'oxygen.slope=-0.2'];

  it('writes the cube, its truth and a configuration, the same again for the same seed only', async () => {
    const out = join(folder, 'mock.fits');
    const { status, stdout, stderr } = zgrad('simulate', 'cube', '--out', out, '--quiet', '--json', ...settings, '--seed', '7');
    expect(status, stderr).toBe(0);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ cube: out, truth: join(folder, 'mock-truth.fits'), configuration: join(folder, 'mock.yaml') });
    const cube = await openFits(bytesSource(readFileSync(out), out));
    expect(findHdu(cube, 'DATA').axes).toEqual([8, 6, 40]);
    expect(findHdu(cube, 'STAT').axes).toEqual([8, 6, 40]);
    const truth = await openFits(bytesSource(readFileSync(join(folder, 'mock-truth.fits')), 'truth'));
    expect(truth.hdus[0]!.header.number('SLOPE')).toBe(-0.2);
    for (const name of ['Ha', 'NII6583', 'OH', 'REGIONS']) expect(findHdu(truth, name)).toBeDefined();
    expect(() => checkConfig(parseYaml(textOf(folder, 'mock.yaml')) as ConfigTree, 'mock.yaml')).not.toThrow();
    for (const [name, seed, same] of [['again', '7', true], ['other', '8', false]] as const) {
      expect(zgrad('simulate', 'cube', '--out', join(folder, `${name}.fits`), '--quiet', ...settings, '--seed', seed).status).toBe(0);
      expect(readFileSync(join(folder, `${name}.fits`)).equals(readFileSync(out))).toBe(same);
    }
  });

  it('refuses an existing file and a setting that does not exist', () => {
    const existing = zgrad('simulate', 'cube', '--out', files.cube);
    expect(existing.status).toBe(2);
    expect(existing.stderr).toMatch(/good\.fits: found an existing file/);
    const unknown = zgrad('simulate', 'cube', '--out', join(folder, 'never.fits'), '--set', 'oxygen.slop=1');
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(/simulation\.oxygen\.slop: found an unknown key; expected one of central, slope, scatter/);
    expect(existsSync(join(folder, 'never.fits'))).toBe(false);
  });
});

describe('zgrad measure', () => {
  let base: FinishedRun;
  const many = join(folder, 'many');
  const row = (name: string, file: string, radius: string): string => `${name},${file},0.005,${radius},0.8 arcsec,30,0.279,`;
  const header = 'object,files,redshift,effectiveRadius,seeing,geometry.positionAngle,geometry.ellipticity,lines.minEW';
  const galaxies = (table: string, ...rows: string[]): CliResult => {
    writeFileSync(join(folder, table), `${[header, ...rows].join('\n')}\n`);
    return zgrad('measure', '--galaxies', join(folder, table), '--out', many, ...noDust, ...onlyLeading, ...everySpaxel, '--json');
  };
  const threeRows = [row('good one', 'good.fits', '4 arcsec'), row('too small', 'good.fits', '60 arcsec'), row('missing', 'nowhere.fits', '4 arcsec')];

  beforeAll(async () => {
    const { status, stdout, stderr } = galaxies('galaxies.csv', ...threeRows);
    // One of three failed: that outweighs one without a gradient.
    expect(status, stderr).toBe(1);
    const { outcomes } = JSON.parse(stdout) as { outcomes: { name: string; summary: MeasureSummary | null; failed: string | null }[] };
    expect(outcomes.map(({ name, summary }) => [name, summary?.exitStatus ?? null])).toEqual([['good one', 0], ['too small', 3], ['missing', null]]);
    expect(stderr).toMatch(/1 of 3: good one/);
    expect(stderr).toMatch(/warning: missing failed: .*nowhere\.fits/);
    base = await readRun(join(many, 'good_one'));
  });

  it('--galaxies measures every row, goes on after one that fails, and tabulates results and reasons', () => {
    const table = parseEcsv(textOf(many, 'galaxies.ecsv'), 'galaxies.ecsv');
    expect(strings(table, 'object')).toEqual(['good one', 'too small', 'missing']);
    const [slope, error, block] = ['slope', 'slope_err', 'slope_block_err'].map((name) => numbers(table, name));
    const entry = base.gradient.gradients[0]!;
    expect([slope![0], error![0], block![0]]).toEqual([entry.slope, entry.slopeError, entry.errorBudget.blockBootstrap]);
    expect(slope!.slice(1)).toEqual(Float64Array.of(Number.NaN, Number.NaN));
    const note = strings(table, 'note');
    expect(note[0]).toBe('');
    expect(note[1]).toMatch(/span only .* R_e .*a gradient needs at least 0\.5 R_e/);
    expect(note[2]).toMatch(/nowhere\.fits: found no readable file/);
    for (const name of products) expect(existsSync(join(many, 'good_one', name)), name).toBe(true);
    expectUntrusted(join(many, 'too_small'), /span only/);
    expect(existsSync(join(many, 'missing'))).toBe(false);
  });

  it('--galaxies does nothing twice, and ends with 3 when the worst is a galaxy without a gradient', () => {
    const before = textOf(join(many, 'good_one'), 'run.json');
    const { status, stderr } = galaxies('two.csv', ...threeRows.slice(0, 2));
    expect(status).toBe(3);
    expect(stderr.match(/already holds this run/g)).toHaveLength(2);
    expect(textOf(join(many, 'good_one'), 'run.json')).toBe(before);
  });

  it('--galaxies refuses files beside the table, and a table without rows or without the column files', () => {
    expect(zgrad('measure', files.cube, '--galaxies', join(folder, 'two.csv'), '--out', many).status).toBe(2);
    writeFileSync(join(folder, 'bad.csv'), 'object,file\na,b.fits\n');
    const { status, stderr } = zgrad('measure', '--galaxies', join(folder, 'bad.csv'), '--out', join(folder, 'none'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/no column 'files'.*Did you mean 'file'\?/);
    writeFileSync(join(folder, 'empty.csv'), 'object,files\n');
    expect(zgrad('measure', '--galaxies', join(folder, 'empty.csv'), '--out', join(folder, 'none'))).toMatchObject({ status: 1, stderr: expect.stringMatching(/empty\.csv: found no row/) });
  });

  it('--json prints one JSON document and nothing else on standard output; --seed changes the draws and no measurement', async () => {
    const { status, stdout, stderr, out } = measure('seeded', files.cube, '--json', '--seed', '42');
    expect(status, stderr).toBe(0);
    const summary = JSON.parse(stdout) as MeasureSummary;
    expect(summary).toMatchObject({ object: 'simulated', exitStatus: 0, calibration: 'N2S2Ha', out });
    const run = await readRun(out);
    const [own, other] = [run.gradient.gradients[0]!, base.gradient.gradients[0]!];
    expect(summary.slope).toBe(own.slope);
    expect([run.run.seed, own.seed, other.seed]).toEqual([42, 42, 1]);
    expect(own.slopeError).not.toBe(other.slopeError);
    expect(numbers(run.bins, 'flux_Ha')).toEqual(numbers(base.bins, 'flux_Ha'));
    // The log goes to standard error.
    expect(stderr).toMatch(/MUSE cube of 14 × 14 spaxels/);
  });

  it('--quiet prints no progress; masks of DS9 and of a FITS image take their spaxels away and say so', async () => {
    // DS9 counts pixels from 1: spaxel (6, 6) by an image circle; (9, 4) and its neighbours by a circle on the sky; (3, 8) in the image.
    const { simulation: { settings: { position } } } = files;
    const [dx, dy] = [9 - 6.5, 4 - 6.5];
    const region = join(folder, 'mask.reg');
    writeFileSync(region, '# Region file format: DS9 version 4.1\nglobal color=green\nimage\ncircle(7,7,0.5)\n'
      + `fk5\ncircle(${position[0] - dx * 0.8 / 3600 / Math.cos(position[1] * Math.PI / 180)},${position[1] + dy * 0.8 / 3600},0.9")\n`);
    const image = await writeFitsFile(join(folder, 'mask.fits'), [
      { kind: 'image', axes: [nx, nx], data: Int16Array.from({ length: nx * nx }, (_, i) => Number(i === 8 * nx + 3)) },
    ]);
    const { status, stdout, stderr, out } = measure('masked', files.cube, '--quiet', '--set', `mask=[${region}, ${image}]`);
    expect(status, stderr).toBe(0);
    expect(stdout).toBe('');
    expect(stderr.split('\n').filter((line) => line && !line.startsWith('warning: '))).toEqual([]);
    const run = await readRun(out);
    const status_ = await mapOf(run, 'STATUS');
    const masked = Array.from(status_.keys()).filter((i) => status_[i]! & (1 << maskBits.USERMASK)).map((i) => place(i % nx, Math.floor(i / nx)));
    const wanted = [place(6, 6), place(3, 8), place(9, 4), place(8, 4), place(10, 4), place(9, 3), place(9, 5)];
    expect(new Set(masked)).toEqual(new Set(wanted));
    const spaxels = bySpaxel(run, 'bin');
    for (const one of wanted) {
      expect(spaxels.has(one), one).toBe(false);
      expect(bySpaxel(base, 'bin').has(one), one).toBe(true);
    }
    expect(spaxels.size).toBe(base.bins.length - wanted.length);
    expect(run.run.counts.byStatus.USERMASK).toBe(wanted.length);
    expect(Object.keys(run.run.inputs)).toEqual([files.cube, region, image]);
    expectOthersSame(run, base);
  });

  it('binning.map measures the user\'s own bins', async () => {
    // Blocks of 2 × 2, numbered from 100; the first column of blocks unused.
    const block = Int32Array.from({ length: nx * nx }, (_, i) => (i % nx < 2 ? -1 : 100 + Math.floor((i % nx) / 2) + 7 * Math.floor(i / nx / 2)));
    const map = await writeFitsFile(join(folder, 'bins.fits'), [
      { kind: 'image', axes: [], data: null }, { kind: 'image', name: 'MYBINS', axes: [nx, nx], data: block },
    ]);
    const { status, stderr, out } = measure('binned', files.cube, '--quiet', '--set', `binning={map: ${map}, hdu: MYBINS}`);
    expect(status, stderr).toBe(0);
    const run = await readRun(out);
    expect(run.bins.length).toBe(6 * 7);
    const [label, npix, flux, error] = ['label', 'npix', 'flux_Ha', 'flux_Ha_err'].map((name) => numbers(run.bins, name)) as [Float64Array, Float64Array, Float64Array, Float64Array];
    expect(new Set(label)).toEqual(new Set(Array.from(block).filter((b) => b >= 0)));
    const single = bySpaxel(base, 'flux_Ha');
    label.forEach((number, b) => {
      const members = Array.from(block.keys()).filter((i) => block[i] === number).map((i) => place(i % nx, Math.floor(i / nx))).filter((one) => single.has(one));
      expect(npix[b]).toBe(members.length);
      // The same photons fitted at once and one by one: they differ by the noise that the fits weigh differently.
      const sum = members.reduce((total, one) => total + single.get(one)!, 0);
      expect(Math.abs(flux[b]! - sum), `bin ${number}`).toBeLessThan(3 * error[b]!);
    });
  });

  it('foreground.ebv brightens every line by the extinction of Cardelli, Clayton & Mathis (1989)', async () => {
    const { status, stderr, out } = measure('dusty', files.cube, '--quiet', '--set', 'foreground={ebv: 0.3}');
    expect(status, stderr).toBe(0);
    const run = await readRun(out);
    // [O III] is fitted at a fixed ratio with 4959 Å, which is brightened by 1.2 % more: a tenth of that goes into the common flux.
    for (const [name, within] of [['Ha', 1e-3], ['NII6583', 1e-3], ['Hb', 1e-3], ['OIII5007', 3e-3]] as [LineName, number][]) {
      const factor = 10 ** (0.4 * 0.3 * ccm89(lineByName(name).vacuum * 1.005));
      const [own, other, error] = [numbers(run.bins, `flux_${name}`), numbers(base.bins, `flux_${name}`), numbers(base.bins, `flux_${name}_err`)];
      const bright = Array.from(own.keys()).filter((b) => other[b]! > 20 * error[b]!);
      expect(bright.length, name).toBeGreaterThan(10);
      const relative = Float64Array.from(bright, (b) => own[b]! / other[b]! / factor - 1);
      expect(Math.abs(median(relative)), name).toBeLessThan(within);
      // The lines keep their S/N but not their weights in the common velocity: noise moves each flux by a little of its error.
      bright.forEach((b, i) => expect(Math.abs(relative[i]!), `${name}, bin ${b}`).toBeLessThan(within + (0.2 * error[b]!) / other[b]!));
    }
    expect(run.run.literature.some(({ usedFor }) => /Galactic/.test(usedFor))).toBe(true);
  });

  it('flagged, infinite and missing pixels cost their own spaxel only', async () => {
    const { data, stat, settings: { wavelength } } = files.simulation;
    const plane = nx * nx;
    const at = (x: number, y: number, λ: number): number => Math.round((λ * 1.005 - wavelength.start) / wavelength.step) * plane + y * nx + x;
    const flux = data.slice();
    const variance = stat.slice();
    const dq = new Int32Array(data.length);
    // (6, 6) is flagged throughout; (8, 7) has a cosmic ray beside Hα that DQ marks; (5, 5) lacks a pixel beside Hβ; (4, 8) has no variance in the one that holds most of Hα.
    for (let z = 0; z < wavelength.count; z++) dq[z * plane + 6 * nx + 6] = 1;
    flux[at(8, 7, 6530)] = 1e9;
    dq[at(8, 7, 6530)] = 4;
    flux[at(5, 5, 4850)] = Number.NaN;
    variance[at(4, 8, 6563)] = Number.POSITIVE_INFINITY;
    const hdus: HduSpec[] = cubeHdus({ ...files.simulation, data: flux, stat: variance });
    const cube = await writeFitsFile(join(folder, 'flagged.fits'), [...hdus, { ...hdus[1]!, name: 'DQ', data: dq } as HduSpec]);
    const { status, stderr, out } = measure('flagged', cube, '--quiet');
    expect(status, stderr).toBe(0);
    const run = await readRun(out);
    expect((await mapOf(run, 'STATUS'))[6 * nx + 6]).toBe((1 << maskBits.NOCOV) | (1 << maskBits.DONOTUSE));
    expect(bySpaxel(run, 'bin').has(place(6, 6))).toBe(false);
    const touched = [place(8, 7), place(5, 5)];
    expectOthersSame(run, base, ...touched, place(4, 8));
    // Without the pixel that holds most of a line there is no flux to tell, and the spaxel says so.
    expect(bySpaxel(run, 'flux_Ha').get(place(4, 8))).toBeNaN();
    expect((await mapOf(run, 'STATUS'))[8 * nx + 4]! & (1 << maskBits.DONOTUSE)).not.toBe(0);
    expect((await mapOf(run, 'STATUS'))[8 * nx + 4]! & ((1 << maskBits.LOWCOV) | (1 << maskBits.NOVALUE))).not.toBe(0);
    const [own, other, error] = [bySpaxel(run, 'flux_Ha'), bySpaxel(base, 'flux_Ha'), bySpaxel(base, 'flux_Ha_err')];
    // One pixel of a line or its continuum the less moves the flux by no more than its noise.
    for (const one of touched) expect(Math.abs(own.get(one)! - other.get(one)!), one).toBeLessThan(3 * error.get(one)!);
  });
});

describe('zgrad demo', () => {
  it('measures a simulated galaxy and prints the truth beside the result', () => {
    const out = join(folder, 'demo');
    const { status, stdout, stderr } = zgrad('demo', '--out', out);
    expect(status, stderr).toBe(0);
    const value = (text: RegExp): number => Number(text.exec(stdout)?.[1]?.replace('−', '-'));
    expect(value(/put in, before the seeing +([−+][\d.]+)/)).toBe(-0.15);
    const truth = value(/truth in the same bins, with seeing +([−+][\d.]+)/);
    expect(truth).toBeLessThan(-0.12);
    const [slope, error] = [value(/measured +([−+][\d.]+) ±/), value(/measured +[−+][\d.]+ ± ([\d.]+)/)];
    // Block error, which covers the scatter: 3 σ, and half a unit of the last digit printed.
    expect(Math.abs(slope - truth)).toBeLessThan(3 * error + 0.001);
    expect(stdout).toContain(join(out, 'run', 'report.html'));
    for (const name of products) expect(existsSync(join(out, 'run', name)), name).toBe(true);
  });
});
