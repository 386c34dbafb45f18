import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SimulationOptions } from '../../src/simulate/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { describeShared } from '../support/shared.js';
import { mapOf, readRun, type FinishedRun } from './support/run.js';
import { maskBits } from '../../src/linemaps/index.js';
import { writeSimulated } from './support/simulated.js';
import { redshift, samiArm } from './support/sami41144.js';

const folder = temporaryFolder('geometry');
withoutPictures();
const bare = ['foreground=none', 'continuum.method=local', 'abundance.also=[]', 'gradient.draws=200'].flatMap((one) => ['--set', one]);

/**
 * Five effective radii to the edge of the field. Neither the colour of the stars nor the gas changes along the radius: what r shows has the shape, that of a disc of thickness 0.2,
 * and the effective radius that went in.
 */
const wide: SimulationOptions = {
  nx: 60, ny: 60, pixelScale: 0.5, wavelength: { start: 4750, step: 2.5, count: 880 }, redshift: 0.005, noise: { sky: 8 },
  geometry: { effectiveRadius: 3, inclination: 50, positionAngle: 35 }, gas: { clumpiness: 0 }, stars: { youngShareGradient: 0 },
};

interface MeasuredGeometry {
  readonly source: string;
  readonly measured: readonly string[];
  readonly errors: { readonly center: number; readonly positionAngle: number; readonly ellipticity: number; readonly effectiveRadius: number };
  readonly flags: readonly string[];
  readonly centerX: number;
  readonly centerY: number;
  readonly positionAngle: number;
  readonly ellipticity: number;
  readonly effectiveRadiusArcsec: number;
}

/** Measured with the redshift and nothing else. */
async function measure(name: string, options: SimulationOptions): Promise<{ result: CliResult; read: () => Promise<FinishedRun> }> {
  const { cube } = await writeSimulated(folder, name, options);
  const out = join(folder, `${name}-run`);
  return { result: zgrad('measure', cube, '--out', out, '--set', 'redshift=0.005', ...bare), read: () => readRun(out) };
}

/** Each within 3 σ of what went in; seeded, so this is one draw that cannot change by itself. */
function expectTruth({ gradient }: FinishedRun): void {
  const { source, measured, errors, flags, ...found } = gradient.geometry as unknown as MeasuredGeometry;
  expect(source).toBe('measured');
  expect(measured).toEqual(['center', 'positionAngle', 'ellipticity', 'effectiveRadius']);
  expect(flags.filter((flag) => !['drifting', 'growth partlyOutside'].includes(flag))).toEqual([]);
  expect(Math.abs(found.positionAngle - 35)).toBeLessThan(3 * errors.positionAngle);
  expect(Math.abs(found.ellipticity - (1 - Math.sqrt(0.96 * Math.cos((50 * Math.PI) / 180) ** 2 + 0.04)))).toBeLessThan(3 * errors.ellipticity);
  expect(Math.abs(found.effectiveRadiusArcsec / 3 - 1)).toBeLessThan(3 * errors.effectiveRadius);
  for (const coordinate of [found.centerX, found.centerY]) expect(0.5 * Math.abs(coordinate - 29.5)).toBeLessThan(3 * errors.center);
  // Errors that tell something: none above a tenth of what a spaxel or the shape would be.
  expect(errors.center).toBeLessThan(0.05);
  expect(errors.positionAngle).toBeLessThan(1);
  expect(errors.ellipticity).toBeLessThan(0.02);
  expect(errors.effectiveRadius).toBeLessThan(0.03);
}

describe('a cube with nothing given but its redshift', () => {
  it('gives centre, position angle, ellipticity and effective radius of the galaxy within their errors, adaptive bins, and a gradient with the error of its geometry', async () => {
    const { result, read } = await measure('galaxy', wide);
    expect(result.status, result.stderr).toBe(0);
    const run = await read();
    expectTruth(run);
    expect(run.run.stages.map(({ stage }) => stage)).toEqual([
      'read cube', 'images', 'stars and neighbours', 'isophotes and growth curve', 'bin continuum', 'fit stars', 'bin lines', 'fit lines', 'geometry',
      'dust, classes, star formation, abundances', 'gradients and errors', 'integrated values, masses', 'velocity field', 'local relation', 'extent of the field', 'write products',
    ]);
    expect(run.gradient.gradients[0]!.errorBudget.geometry).toBeGreaterThan(0);
    const { binning, maskedSources } = run.run as unknown as { binning: Record<'continuum' | 'lines', { target: number; bins: number; status: string }>; maskedSources: unknown[] };
    expect(maskedSources).toEqual([]);
    expect(binning).toMatchObject({ continuum: { target: 50, status: 'binned' }, lines: { target: 10, status: 'binned' } });
    expect(binning.lines.bins).toBe(run.bins.length);
    expect(binning.lines.bins).toBeGreaterThan(binning.continuum.bins);
    expect(result.stderr).toContain(`${binning.lines.bins} bins of the lines`);
  }, 120_000);

  it('masks a bright star beside the galaxy and measures the same', async () => {
    const { result, read } = await measure('star', { ...wide, seed: 2, star: { x: 47, y: 20, magnitude: 17.5 } });
    expect(result.status, result.stderr).toBe(0);
    const run = await read();
    expectTruth(run);
    const { maskedSources } = run.run as unknown as { maskedSources: { x: number; y: number; reasons: string[] }[] };
    expect(maskedSources).toHaveLength(1);
    expect(Math.hypot(maskedSources[0]!.x - 47, maskedSources[0]!.y - 20)).toBeLessThan(0.3);
    expect(maskedSources[0]!.reasons.length).toBeGreaterThan(0);
    const status = await mapOf(run, 'STATUS');
    expect(status[20 * 60 + 47]! & (1 << maskBits.FORESTAR)).not.toBe(0);
    expect(run.run.counts.byStatus.FORESTAR).toBe(status.filter((bits) => bits & (1 << maskBits.FORESTAR)).length);
    // Half of a Gaussian's light lies within its FWHM of 1.6 spaxels across: at least that must go.
    expect(run.run.counts.byStatus.FORESTAR).toBeGreaterThan(9);
  }, 120_000);

  it('without a galaxy ends with what cannot be measured and what to give', async () => {
    const { result } = await measure('empty', { ...wide, nx: 30, ny: 30, stars: { surfaceBrightness: 40 }, gas: { equivalentWidth: 0 } });
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/zgrad: geometry: found a geometry that cannot be measured: .*nothing stands out of the noise; expected a galaxy in the field\. Give geometry\.positionAngle, geometry\.ellipticity and effectiveRadius\./);
  });
});

describeShared('a cube that its survey has binned in sectors', () => {
  it('has no isophotes: without geometry the run asks for it', () => {
    const out = join(folder, 'sami');
    const { status, stderr } = zgrad('measure', samiArm('41144', 'blue'), samiArm('41144', 'red'), '--out', out, '--set', `redshift=${redshift}`, ...bare);
    expect(status).toBe(2);
    expect(stderr).toMatch(/geometry\.positionAngle: found nothing.*sector-binned cubes have no image for isophotes: .*--set geometry\.positionAngle=/);
  });
});
