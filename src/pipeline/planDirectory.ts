import { stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkUnlocked, exists, fileDigest, readText } from '../host/index.js';
import type { MeasureRequest } from './measure.js';
import { checkRunDirectory, galaxyFile, galaxyKey, runFiles, stagesFolder } from './runDirectory.js';

/** Files up to this size are read for their checksum or their maps: larger ones would take too long [bytes]. */
export const quickBytes = 1e8;

/** Bytes of the files that are there. */
export const sizeOf = async (files: readonly string[]): Promise<number> => (await Promise.all(files.map((file) => stat(file).then(({ size }) => size, () => 0)))).reduce((a, b) => a + b, 0);

/**
 * Whether the run directory may be used: no other run is at work in it, and what it holds is of the same galaxy. The checksum that tells a galaxy from another is taken of small files only; a run of large files is taken for the same
 * galaxy's when it names the same files, otherwise the user is told.
 */
export async function checkDirectory({ entry, files, out, overwrite }: Pick<MeasureRequest, 'entry' | 'files' | 'out' | 'overwrite'>, warnings: string[]): Promise<void> {
  const unknown = { run: '', galaxy: '' };
  const held = (await Promise.all([join(out, runFiles.run), join(out, stagesFolder, galaxyFile)].map(exists))).some(Boolean);
  if (!held || overwrite) {
    await checkRunDirectory(out, async () => unknown, overwrite);
    await checkUnlocked(out);
    return;
  }
  if (await sizeOf(files) <= quickBytes) {
    const inputs = Object.fromEntries(await Promise.all(files.map(async (path) => [path, await fileDigest(path)] as const)));
    await checkRunDirectory(out, async () => ({ run: '', galaxy: galaxyKey(entry, files, inputs) }), false);
    await checkUnlocked(out);
    warnings.push(`${out} holds a run of this galaxy: what is done there is not done again, and the times below are those of a new run`);
    return;
  }
  await checkUnlocked(out);
  const inputs = (await exists(join(out, runFiles.run))) ? (JSON.parse(await readText(join(out, runFiles.run))) as { inputs?: Record<string, string> }).inputs : undefined;
  const same = inputs !== undefined && files.every((file) => file in inputs);
  warnings.push(same ? `${out} holds a run of files of these names: if they have not changed, what is done there is not done again`
    : `${out} holds a run of this or another galaxy, which only checksums tell: measure refuses another one's`);
}

/** Bytes free for the run directory. */
export async function freeBytes(out: string): Promise<number> {
  let at = resolve(out);
  while (!(await exists(at))) at = dirname(at);
  const { bavail, bsize } = await statfs(at);
  return bavail * bsize;
}
