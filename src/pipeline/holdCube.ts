import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { assembleCube, outlineCube, type Cube, type CubeOptions, type CubeOutline } from '../cube/index.js';
import type { Fits } from '../fits/index.js';
import { spaxelBytes } from '../host/index.js';
import type { Executor } from './executor.js';
import { armsOf, type HeldCube, type Rows, type SpaxelLight } from './heldCube.js';

/** Bytes of spectra that one task reads at a time. */
const rowsBytes = 1 << 26;

/** Memory beside the cube: the program, what each worker and each spaxel take. */
const [programBytes, workerBytes, bytesOfSpaxel] = [1e8, 1e8, 4e3];

export interface HoldCubeOptions {
  readonly files: readonly string[];
  readonly options: CubeOptions;
  /** What the run may take [bytes]. */
  readonly memory: number;
  /** The file for the values where memory does not suffice. */
  readonly scratch: string;
  readonly redshift: number;
  readonly executor: Executor;
  readonly progress: (done: number, total: number) => void;
}

/** A cube as it is held, with what was told of every spaxel. */
export interface HeldLight {
  readonly cube: Cube;
  readonly held: HeldCube;
  readonly light: SpaxelLight;
}

/** Rows that one task reads. */
const rowsAtOnce = ({ ny, bytes }: CubeOutline): number => Math.max(1, Math.min(ny, Math.floor((rowsBytes * ny) / bytes)));

/** The first rows of a cube that go into memory: all, or those of so many tasks. */
export function rowsInMemory(outline: CubeOutline, memory: number, workers: number): number {
  const { nx, ny, bytes } = outline;
  const room = memory - programBytes - workers * workerBytes - nx * ny * bytesOfSpaxel;
  if (bytes <= room) return ny;
  const atOnce = rowsAtOnce(outline);
  return Math.max(0, Math.floor((room * ny) / bytes / atOnce) * atOnce);
}

/** Reads a cube, its rows shared among the workers: into shared memory, and what `memory` does not suffice for into a scratch file. Throws BadCube, BadFits, MissingHdu. */
export async function holdCube(opened: readonly Fits[], { files, options, memory, scratch, redshift, executor, progress }: HoldCubeOptions): Promise<HeldLight> {
  const outline = outlineCube(opened, options);
  const { nx, ny } = outline;
  const lengths = outline.arms.map(({ axis }) => axis.wavelength.length);
  const shared = (length: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * length));
  const held = nx * rowsInMemory(outline, memory, executor.workers);
  const values: HeldCube['values'] = { arms: lengths.map((n) => ({ flux: shared(held * n), variance: shared(held * n) })), file: held === nx * ny ? null : { path: scratch, lengths } };
  if (values.file) {
    await mkdir(dirname(scratch), { recursive: true });
    await rm(scratch, { force: true });
    const file = await open(scratch, 'w');
    await file.truncate(nx * ny * spaxelBytes(lengths));
    await file.close();
  }
  const rows = rowsAtOnce(outline);
  const tasks: Rows[] = Array.from({ length: Math.ceil(ny / rows) }, (_, i) => [i * rows, Math.min(ny, (i + 1) * rows)]);
  let done = 0;
  const plane = (): Float64Array => new Float64Array(nx * ny);
  const light: SpaxelLight = { image: plane(), signal: plane(), noise: plane() };
  await executor.run('read', { files, options, values, redshift }, tasks, (task, part) => {
    for (const name of ['image', 'signal', 'noise'] as const) light[name].set(part[name], tasks[task]![0] * nx);
    progress(++done, tasks.length);
  }, ([y0, y1]) => `rows ${y0} to ${y1 - 1} of the cube`);
  const arms = outline.arms.map(({ name, axis, lsf }) => ({ name, axis, lsf }));
  const cube = await assembleCube(outline, armsOf({ arms, values }));
  return { cube, light, held: { nx, ny, unit: cube.unit, sectors: cube.sectors, arms, values } };
}
