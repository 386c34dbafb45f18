import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outlineCube, placeOf } from '../../src/cube/index.js';
import { openFitsFile, spaxelBytes } from '../../src/host/index.js';
import { armsOf, makeReadWork, type HeldCube } from '../../src/pipeline/heldCube.js';
import { rowsInMemory } from '../../src/pipeline/holdCube.js';
import { small, writeSimulated } from '../e2e/support/simulated.js';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder('held');
const { cube } = await writeSimulated(folder, 'good', small);
const outline = outlineCube([await openFitsFile(cube)]);
const lengths = outline.arms.map(({ axis }) => axis.wavelength.length);

/** Every spectrum of the cube, asked for in an order that goes to and fro, with so many rows in memory. */
async function spectraWith(rows: number): Promise<number[][]> {
  const { nx, ny } = outline;
  const path = join(folder, `${rows}.bin`);
  const values: HeldCube['values'] = {
    arms: lengths.map((n) => ({ flux: new Float32Array(rows * nx * n), variance: new Float32Array(rows * nx * n) })), file: rows === ny ? null : { path, lengths },
  };
  const file = openSync(path, 'w');
  ftruncateSync(file, nx * ny * spaxelBytes(lengths));
  closeSync(file);
  const read = await makeReadWork({ files: [cube], options: {}, values, redshift: 0.01 });
  for (let y = 0; y < ny; y++) await read([y, y + 1]);
  const arms = armsOf({ arms: outline.arms, values });
  const last = nx * ny - 1;
  return Array.from({ length: nx * ny }, (_, i) => (i % 2 === 0 ? i : last - i)).map((spaxel) => arms.flatMap((arm, a) => {
    const at = placeOf(arm, spaxel);
    return [...arm.flux.subarray(at, at + lengths[a]!), ...arm.variance.subarray(at, at + lengths[a]!)];
  }));
}

describe('a cube that is held', () => {
  it('has the same spectra in memory, in a file, and in both', async () => {
    const whole = await spectraWith(outline.ny);
    for (const rows of [0, 1, outline.ny - 2]) expect(await spectraWith(rows)).toEqual(whole);
  });

  it('goes into memory whole where it fits beside program and workers, else by tasks of whole rows, never above what it may take', () => {
    const large = { ...outline, nx: 300, ny: 300, bytes: 300 * 300 * 3681 * 8 };
    expect(rowsInMemory(large, large.bytes + 7e8, 2)).toBe(300);
    const some = rowsInMemory(large, 3e9, 2);
    expect(some).toBeGreaterThan(200);
    expect((some * large.bytes) / 300).toBeLessThan(3e9 - 6.5e8);
    expect(rowsInMemory(large, 6.6e8, 2)).toBe(0);
    expect(rowsInMemory(large, 1e8, 2)).toBe(0);
  });
});
