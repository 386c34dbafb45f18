import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GalaxiesPlan, Plan } from '../../src/pipeline/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { describeShared, shared } from '../support/shared.js';
import { samiArm, writeConfiguration } from './support/sami41144.js';

const folder = temporaryFolder('plan-command');
withoutPictures();

function planned(...args: string[]): { plan: Plan; status: number | null } {
  const { stdout, stderr, status } = zgrad('plan', ...args, '--json');
  expect(stderr).toBe('');
  return { plan: JSON.parse(stdout) as Plan, status };
}

/** A table of the demonstration's cube and of one that is not there. */
function writeTable(demo: string): string {
  const path = join(folder, 'galaxies.csv');
  writeFileSync(path, `object,files\ngood,${join(demo, 'demo.fits')}\nbad,${join(demo, 'nowhere.fits')}\n`);
  return path;
}

interface Run {
  readonly binning: { readonly continuum: { readonly bins: number }; readonly lines: { readonly bins: number } };
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}

describe('zgrad plan of the demonstration', () => {
  const demo = join(folder, 'demo');
  const args = [join(demo, 'demo.fits'), '--config', join(demo, 'demo.yaml')];
  let run: Run;
  beforeAll(() => {
    expect(zgrad('demo', '--out', demo, '--quiet').stderr).not.toMatch(/zgrad:/);
    run = JSON.parse(readFileSync(join(demo, 'run', 'run.json'), 'utf8')) as Run;
  });

  it('predicts bins and fits within a factor of two, and writes nothing', () => {
    const before = readdirSync(folder);
    const { plan, status } = planned(...args, '--out', join(folder, 'new'));
    expect(status).toBe(0);
    for (const kind of ['continuum', 'lines'] as const) {
      const ratio = plan.bins![kind] / run.binning[kind].bins;
      expect(ratio, kind).toBeGreaterThan(0.5);
      expect(ratio, kind).toBeLessThan(2);
    }
    expect(plan.fits).toMatchObject({ stars: 0, lines: plan.bins!.lines });
    // Memory does not hang on how busy the machine is; time does.
    expect(plan.predicted!.peakMemory / run.peakMemoryBytes).toBeGreaterThan(0.5);
    expect(plan.predicted!.peakMemory / run.peakMemoryBytes).toBeLessThan(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says that a directory holds a run of the galaxy, and nothing against it', () => {
    const { plan, status } = planned(...args, '--out', join(demo, 'run'));
    expect(status).toBe(0);
    expect(plan.warnings.join('\n')).toMatch(/holds a run of this galaxy/);
  });

  it('speaks in words, refuses with status 2 in the words of measure, and takes a table', () => {
    const fine = zgrad('plan', ...args, '--out', join(folder, 'new'));
    expect(fine.status).toBe(0);
    for (const text of ['Demo galaxy: MUSE, 48 × 48 spaxels', 'Hα at 6596 Å in the data', 'of the lines (within a factor of', 'nothing stands against it']) expect(fine.stdout).toContain(text);
    const wrong = ['--set', 'redshift=0.5', '--out', join(folder, 'new')];
    const measured = zgrad('measure', ...args, ...wrong, '--quiet');
    const refused = zgrad('plan', ...args, ...wrong);
    expect(refused.status).toBe(2);
    expect(refused.stdout).toContain(`refused: ${measured.stderr.trim().split('\n').at(-1)!.replace(/^zgrad: /, '')}`);
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect(zgrad('plan', '--out', 'x').status).toBe(2);
    const table = zgrad('plan', '--galaxies', writeTable(demo), '--out', join(folder, 'new'), '--config', join(demo, 'demo.yaml'), '--json');
    const { plans, exitStatus } = JSON.parse(table.stdout) as GalaxiesPlan;
    expect([table.status, exitStatus, plans.map(({ plan }) => plan.exitStatus)]).toEqual([2, 2, [0, 2]]);
  });
});

describeShared('zgrad plan of other pipelines\' data', () => {
  it('sees the sectors of a SAMI cube and asks for its geometry as measure does', () => {
    const cubes = [samiArm('41144', 'blue'), samiArm('41144', 'red')];
    const { plan, status } = planned(...cubes, '--out', join(folder, 'sami'), '--config', writeConfiguration(folder));
    expect(status).toBe(0);
    expect(plan.data!.instrument).toBe('SAMI');
    // measure finds 31; the sample may miss one whose few wavelengths are bad.
    expect(Math.abs(plan.bins!.lines - 31)).toBeLessThanOrEqual(2);
    expect(plan.bins).toMatchObject({ continuum: plan.bins!.lines, within: 1.1 });
    const bare = planned(...cubes, '--out', join(folder, 'sami'), '--set', 'redshift=0.03');
    expect(bare.status).toBe(2);
    expect(bare.plan.problems.map(({ message }) => message.split(':')[0])).toEqual(['geometry.positionAngle', 'geometry.ellipticity', 'effectiveRadius']);
  });

  it('counts the bins of MaNGA maps, whose headers give the rest', () => {
    const { plan, status } = planned(shared('data', 'ifu_manga', 'manga-8080-12701-MAPS-VOR10-GAU-MILESHC.fits.gz'), '--entry', 'maps', '--out', join(folder, 'manga'));
    expect(status).toBe(0);
    expect(plan.bins!.lines).toBeGreaterThan(500);
    expect(plan.warnings.join('\n')).toMatch(/taken from the header of the maps/);
  });
});
