import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRegions } from '../../src/cube/index.js';
import type { GasGeometry } from '../../src/pipeline/gasGeometry.js';
import { temporaryFolder, zgrad } from '../support/cli.js';
import { readRun, textOf } from './support/run.js';
import { writeSimulated } from './support/simulated.js';

const folder = temporaryFolder('field');

describe('a field with a star, measured with nothing but its redshift', () => {
  it('leaves the star as a DS9 region, figures of geometry, colours and bins, and the axis of the gas beside that of the light', async () => {
    const { cube } = await writeSimulated(folder, 'starry', {
      nx: 48, ny: 48, pixelScale: 0.5, wavelength: { start: 4750, step: 2.5, count: 1400 }, redshift: 0.005, noise: { sky: 6 },
      geometry: { effectiveRadius: 3, inclination: 50, positionAngle: 35, thickness: 0 }, star: { x: 39, y: 12, magnitude: 17.5 },
    });
    const out = join(folder, 'run');
    const settings = ['redshift=0.005', 'foreground=none', 'continuum.method=local', 'abundance.also=[]', 'gradient.draws=100'].flatMap((one) => ['--set', one]);
    const { status, stderr } = zgrad('measure', cube, '--out', out, ...settings);
    expect(status, stderr).toBe(0);
    const [star, ...others] = parseRegions(textOf(out, 'mask.reg'), 'mask.reg');
    expect(others).toEqual([]);
    expect(star).toMatchObject({ shape: 'ellipse', frame: 'image' });
    // Regions count pixels from 1.
    expect(Math.hypot(star!.points[0]![0] - 40, star!.points[0]![1] - 13)).toBeLessThan(0.3);
    for (const figure of ['geometry', 'colour', 'bins']) for (const kind of ['svg', 'png', 'pdf']) expect(existsSync(join(out, 'figures', `${figure}.${kind}`)), `${figure}.${kind}`).toBe(true);
    const report = textOf(out, 'report.html');
    for (const text of ['href="mask.reg"', 'Stars and neighbours in the field', 'Bins of the continuum: S/N 50 per Å near 5500 Å was aimed at']) expect(report).toContain(text);
    const { gas } = (await readRun(out)).gradient.geometry as unknown as { gas: GasGeometry };
    // The receding side is the one that the simulator was told; 3 σ, or a degree for what the bins' shapes do.
    expect(Math.abs(gas.kinematicPA! - 35)).toBeLessThan(Math.max(1, 3 * gas.kinematicPAError!));
    expect(gas.misalignment).toBeLessThan(3);
    expect(gas.peakOffsetArcsec).toBeGreaterThanOrEqual(0);
  }, 120_000);
});
