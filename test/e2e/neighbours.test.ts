import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRegions } from '../../src/cube/index.js';
import { maskBits } from '../../src/linemaps/index.js';
import type { GradientEntry } from '../../src/pipeline/index.js';
import type { SimulationOptions } from '../../src/simulate/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { gradientOf, mapOf, readRun, textOf, type FinishedRun } from './support/run.js';
import { writeSimulated } from './support/simulated.js';

const folder = temporaryFolder('neighbours');
withoutPictures();

/** Wide enough that a neighbour has sky about it. */
const lonely: SimulationOptions = {
  nx: 40, ny: 40, pixelScale: 0.5, wavelength: { start: 4750, step: 2.5, count: 1000 }, redshift: 0.005, noise: { sky: 6 }, oxygen: { slope: -0.2 },
  geometry: { effectiveRadius: 3, inclination: 45, positionAngle: 30, thickness: 0 },
};
const crowded: SimulationOptions = {
  ...lonely, star: [{ x: 33, y: 9, magnitude: 19 }, { x: 27, y: 27, magnitude: 20.5 }],
  background: { x: 7, y: 30, magnitude: 20, effectiveRadius: 0.8, axisRatio: 0.7, positionAngle: 60, redshift: 0.2 },
};
const places = [...(crowded.star as readonly { x: number; y: number }[]), crowded.background!];

async function measure(name: string, options: SimulationOptions, ...more: string[]): Promise<FinishedRun> {
  const { cube } = await writeSimulated(folder, name, options);
  const out = join(folder, `${name}-run`);
  const settings = ['redshift=0.005', 'foreground=none', 'continuum.method=local', 'abundance.also=[]', 'gradient.draws=200', ...more].flatMap((one) => ['--set', one]);
  const { status, stderr } = zgrad('measure', cube, '--out', out, '--quiet', ...settings);
  expect(status, stderr).toBe(0);
  return readRun(out);
}

describe('a galaxy with a star beside it, one over its disc, and a galaxy behind', () => {
  let [alone, masked, kept]: FinishedRun[] = [];
  beforeAll(async () => {
    alone = await measure('alone', lonely);
    masked = await measure('crowded', crowded);
    kept = await measure('kept', crowded, 'sources=keep');
  });

  it('has them masked, each under its middle, and little else', async () => {
    const status = await mapOf(masked!, 'STATUS');
    const hidden = (x: number, y: number): boolean => (status[y * 40 + x]! & (1 << maskBits.FORESTAR)) !== 0;
    for (const { x, y } of places) expect(hidden(x, y), `${x}, ${y}`).toBe(true);
    expect(hidden(20, 19)).toBe(false);
    const { FORESTAR } = masked!.run.counts.byStatus;
    expect(FORESTAR).toBeGreaterThan(15);
    expect(FORESTAR).toBeLessThan(0.2 * 1600);
    expect(alone!.run.counts.byStatus.FORESTAR ?? 0).toBe(0);
  });

  it('tells of each in run.json, and leaves them as DS9 regions where they are', () => {
    const told = (masked!.run as unknown as { maskedSources: { x: number; y: number; kind: string }[] }).maskedSources;
    expect(told.length).toBe(places.length);
    for (const { kind } of told) expect(['star', 'neighbour']).toContain(kind);
    const regions = parseRegions(textOf(masked!.out, 'mask.reg'), 'mask.reg');
    expect(regions.length).toBe(places.length);
    // Regions count pixels from 1.
    for (const { x, y } of places) expect(Math.min(...regions.map(({ points: [[u, v]] }) => Math.hypot(u! - 1 - x, v! - 1 - y)) as number[])).toBeLessThan(0.7);
    expect(existsSync(join(alone!.out, 'mask.reg'))).toBe(false);
  });

  it('has the gradient and the shape that it has alone, within 1 σ of either, which it would not have if they were kept', () => {
    const [one, other, crowdedOne] = [alone!, masked!, kept!].map((run) => gradientOf(run, 'N2S2Ha')) as [GradientEntry, GradientEntry, GradientEntry];
    const error = Math.min(one.errorBudget.blockBootstrap!, other.errorBudget.blockBootstrap!);
    expect(Math.abs(other.slope! - one.slope!)).toBeLessThan(error);
    expect(Math.abs(crowdedOne.slope! - one.slope!)).toBeGreaterThan(3 * error);
    expect(other.bins).toBeGreaterThan(0.7 * one.bins);
    const shape = ({ gradient: { geometry } }: FinishedRun): Record<string, number> => geometry as Record<string, number>;
    expect(Math.abs(shape(masked!)['ellipticity']! - shape(alone!)['ellipticity']!)).toBeLessThan(0.03);
    expect(Math.abs(shape(masked!)['effectiveRadiusArcsec']! / shape(alone!)['effectiveRadiusArcsec']! - 1)).toBeLessThan(0.05);
  });
});
