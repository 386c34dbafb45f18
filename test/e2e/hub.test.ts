import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { maskBits } from '../../src/linemaps/index.js';
import { makeTable, numbers, toCsv } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { describeFitsverify, describeShared, shared } from '../support/shared.js';
import { gradientOf, mapOf, readRun, type FinishedRun } from './support/run.js';
import { small, writeSimulated } from './support/simulated.js';
import { writeConfiguration } from './support/sami41144.js';

const folder = temporaryFolder('hub');
withoutPictures();
/** A cut that takes away a good part of the bins, so that one which is not applied shows. */
const cut = ['--set', 'lines.minEW=40'];
const also = ['--set', 'abundance.also=[N2-M13, O3N2-M13]'];

function maps(name: string, file: string | readonly string[], ...more: string[]): CliResult & { out: string } {
  const out = join(folder, name);
  return { ...zgrad('maps', ...[file].flat(), '--out', out, '--quiet', ...more), out };
}

describe('a table of line fluxes with positions', () => {
  let cube: FinishedRun;
  let config: string;

  beforeAll(async () => {
    const files = await writeSimulated(folder, 'galaxy', small);
    config = files.config;
    const out = join(folder, 'run');
    const result = zgrad('measure', files.cube, '--out', out, '--config', config, '--quiet', ...cut, ...also);
    expect(result.status, result.stderr).toBe(0);
    cube = await readRun(out);
    expect(cube.run.counts.byStatus.LOWEW).toBeGreaterThan(10);
  });

  /** Slopes and errors as the cube gave them: only the positions' way over the sky coordinates rounds. */
  function expectSame(run: FinishedRun): void {
    expect(run.gradient.gradients.map(({ quantity, calibration, unit, bins }) => [quantity, calibration, unit, bins]))
      .toEqual(cube.gradient.gradients.map(({ quantity, calibration, unit, bins }) => [quantity, calibration, unit, bins]));
    run.gradient.gradients.forEach((one, i) => {
      const own = cube.gradient.gradients[i]!;
      for (const key of ['slope', 'slopeError', 'intercept'] as const) expect(Math.abs(one[key]! - own[key]!), `${one.calibration} ${key}`).toBeLessThan(1e-6);
      for (const key of ['bootstrap', 'blockBootstrap', 'fluxes'] as const) expect(Math.abs(one.errorBudget[key]! - own.errorBudget[key]!), `${one.calibration} ${key}`).toBeLessThan(1e-6);
    });
  }

  it('in the form of bins.ecsv gives the gradients of the run it came from, the cut in EW applied', async () => {
    const result = maps('ecsv', join(cube.out, 'bins.ecsv'), '--config', config, '--set', 'maps.pixelScale=0.8 arcsec', ...cut, ...also);
    expect(result.status, result.stderr).toBe(0);
    const run = await readRun(result.out);
    expectSame(run);
    const lowEw = (one: FinishedRun): number => numbers(one.bins, 'status').filter((bits) => bits & (1 << maskBits.LOWEW)).length;
    expect(lowEw(run)).toBe(lowEw(cube));
  });

  describeFitsverify('written as maps.fits', () => {
    it('has no error and no warning under fitsverify', () => {
      const { stdout } = spawnSync('fitsverify', [join(folder, 'ecsv', 'maps.fits')], { encoding: 'utf8' });
      expect(stdout).toMatch(/Verification found 0 warning\(s\) and 0 error\(s\)\./);
    });
  });

  it('in CSV with pixels and no unit needs the scale and the unit, and without EW says that the cut is not applied', async () => {
    const keep = ['x', 'y', ...cube.bins.columns.map(({ name }) => name).filter((name) => /^flux_(?:Ha|Hb|OIII5007|NII6583|SII6716|SII6731)(?:_err)?$/.test(name))];
    const table = join(folder, 'fluxes.csv');
    writeFileSync(table, toCsv(makeTable(keep.map((name) => ({ name, unit: null, description: null, values: numbers(cube.bins, name) })))));
    const { centerX, centerY } = cube.gradient.geometry as { centerX: number; centerY: number };
    const plain = join(folder, 'plain.yaml');
    writeFileSync(plain, `object: from a table
redshift: 0.005
distance: ${cube.gradient.geometry['distanceMpc']} Mpc
effectiveRadius: 4 arcsec
seeing: 0.8 arcsec
geometry: {centerPixel: [${centerX}, ${centerY}], positionAngle: 30, ellipticity: ${cube.gradient.geometry['ellipticity']}}
foreground: none
`);
    const bare = maps('bare', table, '--config', plain, '--set', 'maps.pixelScale=0.8');
    expect(bare.status).toBe(1);
    expect(bare.stderr).toMatch(/fluxes\.csv, column 'flux_\w+': found no unit; .*maps\.fluxUnit/);

    const unit = ['--set', 'maps.fluxUnit=1e-17 erg/s/cm2', '--set', 'maps.pixelScale=0.8'];
    const result = maps('csv', table, '--config', plain, ...unit, ...cut, ...also);
    expect(result.status, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/no column ew_Ha: no cut in EW\(Hα\) can be applied/);
    const run = await readRun(result.out);
    expect(gradientOf(run, 'N2S2Ha').bins).toBeGreaterThan(gradientOf(cube, 'N2S2Ha').bins + 5);
    // The grid is flat, the sky is not: over 6″ that changes a radius of 9″ by a few 1e-6 of R_e.
    const radii = numbers(cube.bins, 'radius_re');
    numbers(run.bins, 'radius_re').forEach((radius, b) => expect(radius).toBeCloseTo(radii[b]!, 5));
    expect((await mapOf(run, 'EMLINE_GFLUX', 'Ha-6564')).filter(Number.isFinite).length).toBe(cube.bins.length);
  });

  it('with a misspelt error column gets the nearest name', () => {
    const table = join(folder, 'misspelt.csv');
    writeFileSync(table, 'x,y,flux_Ha,flux_Ha_eror\n0,0,1,0.1\n1,0,1,0.1\n');
    const result = maps('misspelt', table, '--config', config);
    expect(result.status).toBe(1);
    expect(result.stderr).toMatch(/no column 'flux_Ha_err'.*Did you mean 'flux_Ha_eror'\?/);
  });
});

describeShared('all 56 maps that the survey has of SAMI 41144', () => {
  const all = (): string[] => readdirSync(shared('data', 'ifu_sami', '41144', 'maps')).map((name) => shared('data', 'ifu_sami', '41144', 'maps', name));
  // The object's name is to come from the maps.
  const config = writeConfiguration(folder, { object: undefined });

  it('need the choice of a kind, and then give the gradient', async () => {
    const vague = maps('vague', all(), '--config', config);
    expect(vague.status).toBe(1);
    expect(vague.stderr).toMatch(/maps of several kinds: .*sectors 1-comp.*maps\.binned.*maps\.components/);
    const result = maps('sectors', all(), '--config', config, '--set', 'maps.binned=sectors', '--set', 'maps.components=1-comp', '--set', 'abundance.also=[]');
    expect(result.status, result.stderr).toBe(0);
    // Nothing of Node's own about so many files.
    expect(result.stderr).not.toContain('MaxListeners');
    const run = await readRun(result.out);
    expect(run.gradient.object).toBe('41144');
    const entry = gradientOf(run, 'N2S2Ha');
    expect(Math.abs(entry.slope! + 0.093)).toBeLessThanOrEqual(0.010);
    expect(entry.bins).toBeGreaterThanOrEqual(27);
    expect(entry.bins).toBeLessThanOrEqual(29);
  });
});
