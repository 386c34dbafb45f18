import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { truthOfRun } from '../../src/pipeline/index.js';
import type { SimulationOptions } from '../../src/simulate/index.js';
import { column, numbers } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { expectUntrusted, readRun } from './support/run.js';
import { small, writeFitsFile, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('simulated');
withoutPictures();

function measure(name: string, { cube, config }: SimulatedFiles, ...more: string[]): CliResult & { out: string } {
  const out = join(folder, name);
  return { ...zgrad('measure', cube, '--out', out, '--config', config, '--quiet', '--set', 'abundance.also=[]', ...more), out };
}

describe('a simulated galaxy', () => {
  const steep = new Map<string, { files: SimulatedFiles; out: string }>();

  it.each([[-0.2, 1], [0, 2], [0.12, 3]])('with the slope %f dex/R_e is measured within 3 σ of the truth in the same bins', async (slope, seed) => {
    const files = await writeSimulated(folder, `slope${seed}`, { ...small, seed, oxygen: { slope, scatter: 0.02 }, psf: { fwhm: 1.2 } });
    const { status, stderr, out } = measure(`run${seed}`, files);
    expect(status, stderr).toBe(0);
    steep.set(String(slope), { files, out });
    const run = await readRun(out);
    const truth = await truthOfRun(out, files.simulation);
    expect(truth.putIn).toBe(slope);
    // The seeing of 0.3 R_e flattens the slope, and the scatter of the regions moves it, by a few hundredths at most.
    expect(Math.abs(truth.slope - slope)).toBeLessThan(0.03);
    const [entry] = run.gradient.gradients;
    // The error that counts a seeing disc as one measurement; seeded, so this is one draw that cannot change by itself.
    expect(Math.abs(entry!.slope! - truth.slope)).toBeLessThan(3 * entry!.errorBudget.blockBootstrap!);
    expect(entry!.errorBudget.blockBootstrap!).toBeLessThan(0.03);
    expect(entry!.bins).toBeGreaterThan(100);
  });

  it('of which ten star-forming bins are given has a gradient, of which nine has none', async () => {
    const { files, out } = steep.get('-0.2')!;
    const { bins } = await readRun(out);
    const [radius, x, y] = ['radius_re', 'x', 'y'].map((name) => numbers(bins, name)) as [Float64Array, Float64Array, Float64Array];
    const used = column(bins, 'used').values;
    const rows = Array.from(radius.keys()).filter((b) => used[b] && radius[b]! < 1.5).sort((a, b) => radius[a]! - radius[b]!);
    const ten = Array.from({ length: 10 }, (_, k) => rows[Math.round((k * (rows.length - 1)) / 9)]!);
    const given = async (count: number): Promise<CliResult & { out: string }> => {
      const map = new Int32Array(14 * 14).fill(-1);
      // The innermost goes first: what is left spans more than half of R_e all the same.
      ten.slice(10 - count).forEach((b, k) => { map[y[b]! * 14 + x[b]!] = k; });
      const file = await writeFitsFile(join(folder, `bins${count}.fits`), [{ kind: 'image', axes: [14, 14], data: map }]);
      return measure(`given${count}`, files, '--set', `binning.map=${file}`);
    };
    const enough = await given(10);
    expect(enough.status, enough.stderr).toBe(0);
    expect((await readRun(enough.out)).gradient.gradients[0]).toMatchObject({ bins: 10, refused: null });
    const few = await given(9);
    expect(few.status, few.stderr).toBe(3);
    expectUntrusted(few.out, /^Only 9 star-forming bins have a value; a gradient needs at least 10\./);
  });

  /** Gas only in the middle: a handful of coarse spaxels form stars, over more than half of R_e. */
  const central = (pixelScale: number, radius: number): SimulationOptions => ({
    ...small, nx: 9, ny: 9, pixelScale, psf: { fwhm: 0.5 }, gas: { radius, clumpiness: 0.2 }, oxygen: { slope: -0.2 }, blemishes: { edge: 0, deadSpaxels: 0 },
  });

  it('with gas in just enough of its spaxels has a gradient', async () => {
    const { status, stderr, out } = measure('above', await writeSimulated(folder, 'above', central(1.2, 0.6)));
    expect(status, stderr).toBe(0);
    const { bins } = (await readRun(out)).gradient.gradients[0]!;
    expect(bins).toBeGreaterThanOrEqual(10);
    expect(bins).toBeLessThan(16);
  });

  it('with gas in just too few has none, and the reason counts what is missing', async () => {
    const { status, stderr, out } = measure('below', await writeSimulated(folder, 'below', central(1.4, 0.5)));
    expect(status, stderr).toBe(3);
    expectUntrusted(out, /^Only [5-9] star-forming bins have a value; a gradient needs at least 10\. Of 81 bins, \d+ have EW\(Hα\) below 5 Å/);
  });
});
