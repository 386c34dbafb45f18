import { describe, expect, it } from 'vitest';
import { numbers, type Table } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { gradientOf, readRun, type FinishedRun } from './support/run.js';
import { small, writeSimulated } from './support/simulated.js';

const folder = temporaryFolder('fast-math');
withoutPictures();

/** Measures a simulated galaxy, stars and all: every kernel but the byte order's has a part. */
async function measure(name: string, ...options: string[]): Promise<FinishedRun> {
  const { cube, config } = await writeSimulated(folder, name, { ...small, nx: 8, ny: 8, pixelScale: 1.4, oxygen: { slope: -0.2 } });
  const result = zgrad('measure', cube, '--out', `${folder}/${name}`, '--config', config, '--quiet', '--set', 'continuum.templates=synthetic', '--set', 'continuum.method=ssp',
    '--set', 'abundance.also=[]', ...options);
  expect(result.status, result.stderr).toBe(0);
  return readRun(`${folder}/${name}`);
}

const numeric = ({ columns }: Table): string[] => columns.filter(({ values }) => typeof values[0] === 'number').map(({ name }) => name);

describe('zgrad measure --fast-math', () => {
  it('gives what strict mathematics gives to 1e-6 or 0.01 of its error, and run.json says which it was', async () => {
    const [strict, fused] = [await measure('strict'), await measure('fused', '--fast-math')];
    expect([strict.run.arithmetic, fused.run.arithmetic]).toEqual(['strict', 'fused']);
    const names = numeric(strict.bins);
    expect(names).toEqual(expect.arrayContaining(['flux_Ha', 'stellar_velocity', 'ebv']));
    expect(numeric(fused.bins)).toEqual(names);
    let apart = 0;
    for (const name of names) {
      const [own, other] = [numbers(strict.bins, name), numbers(fused.bins, name)];
      const error = names.includes(`${name}_err`) ? numbers(strict.bins, `${name}_err`) : null;
      own.forEach((value, b) => {
        if (value !== other[b] && !(Number.isNaN(value) && Number.isNaN(other[b]))) apart++;
        // Where a sum of thousands of terms is rounded otherwise, a descent stops elsewhere: within 3e-4 of the errors.
        const within = Math.max(1e-6 * Math.abs(value), error && error[b]! > 0 ? 0.01 * error[b]! : 0);
        if (Number.isFinite(value)) expect(Math.abs(other[b]! - value), `${name} of bin ${b}: ${value}`).toBeLessThanOrEqual(within);
        else expect(other[b], `${name} of bin ${b}`).toBe(value);
      });
    }
    // That something differs shows that the fused kernels were at work.
    expect(apart).toBeGreaterThan(0);
    const [own, other] = [strict, fused].map((run) => gradientOf(run, 'N2S2Ha'));
    expect(Math.abs(other!.slope! - own!.slope!)).toBeLessThan(0.01 * own!.slopeError!);
  });
});
