import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { numbers } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { expectUntrusted, readRun, signalToNoise, type FinishedRun } from './support/run.js';
import { small, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('red-only');
withoutPictures();

describe('a cube from 5800 Å on, without Hβ and [O III]', () => {
  const settings = ['lines.binSN=10', 'continuum.binSN=50', 'gradient.draws=100'].flatMap((one) => ['--set', one]);
  let files: SimulatedFiles;
  let result: CliResult;
  let run: FinishedRun;

  beforeAll(async () => {
    files = await writeSimulated(folder, 'red', { ...small, wavelength: { start: 5800, step: 2.5, count: 480 } });
    const out = join(folder, 'run');
    result = zgrad('measure', files.cube, '--out', out, '--config', files.config, ...settings);
    run = await readRun(out);
  });

  it('is binned by the lines that it holds, and says which', () => {
    expect(result.status, result.stderr).toBe(3);
    const { lines } = (run.run as unknown as { binning: { lines: { method: string; target: number; bins: number; scatter: number } } }).binning;
    expect(lines).toMatchObject({ method: 'power', target: 10 });
    expect(lines.bins).toBeGreaterThan(50);
    expect(run.run.warnings).toContain('the data do not hold Hβ, [O III] 5007: the bins of the lines reach their S/N in Hα, [N II] 6583, [S II] 6716, [S II] 6731 alone');
    for (const line of ['Ha', 'NII6583', 'SII6716', 'SII6731']) expect(signalToNoise(run, line).filter((sn) => sn > 5).length, line).toBeGreaterThan(0.9 * run.bins.length);
    // What is planned is said in the same words.
    const planned = zgrad('plan', files.cube, '--out', join(folder, 'new'), '--config', files.config, ...settings);
    expect(planned.status).toBe(0);
    expect(planned.stdout).toMatch(/not in the data: Hβ \(dust, excitation and bins\); \[O III\] 5007 \(excitation and bins\)/);
  });

  it('has no dust correction, no class and no gradient, for the reason told', () => {
    expectUntrusted(run.out, /^No star-forming bin has a value; .*The data hold no Hβ and no \[O III\] 5007\./);
    expect(numbers(run.bins, 'ebv').every(Number.isNaN)).toBe(true);
    expect(numbers(run.bins, 'used').every((used) => used === 0)).toBe(true);
  });

  it('tells of every calibration that needs a missing line which it needs, and of no other', () => {
    const absent = new Map(run.gradient.absent.map(({ name, reason }) => [name, reason]));
    expect(absent.get('O3N2-M13')).toBe('needs [O III] 5007 and Hβ');
    expect(absent.get('PG16S')).toBe('needs Hβ and [O III] 5007');
    for (const name of ['N2S2Ha', 'N2-M13', 'M08-N2']) {
      expect(absent.has(name), name).toBe(false);
      expect(run.gradient.gradients.some(({ calibration }) => calibration === name), name).toBe(true);
    }
  });
});
