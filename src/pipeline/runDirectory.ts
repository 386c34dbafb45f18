import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { exists, isFolder, readText } from '../host/index.js';

/** The names inside a run directory. */
export const runFiles = {
  run: 'run.json',
  maps: 'maps.fits',
  bins: 'bins.ecsv',
  gradient: 'gradient.json',
  dictionary: 'dictionary.md',
  report: 'report.html',
  figures: 'figures',
} as const;

/** What makes a run the same run: program, inputs and configuration. */
export function runKey(parts: { readonly version: string; readonly inputs: Record<string, string>; readonly configuration: unknown }): string {
  const { version, inputs, configuration } = parts;
  return createHash('sha256').update(JSON.stringify([version, Object.entries(inputs).sort(), configuration])).digest('hex');
}

/**
 * Whether the directory already holds the finished run of this key (nothing need be done again) or is free to be written. Changes
 * nothing. Throws OutputExists when it holds anything else and `overwrite` is false.
 */
export async function checkRunDirectory(path: string, key: string, overwrite: boolean): Promise<'finished' | 'free'> {
  if (overwrite || !(await exists(path)) || (await isFolder(path) && (await readdir(path)).length === 0)) return 'free';
  const runFile = join(path, runFiles.run);
  const previous = (await exists(runFile)) ? (JSON.parse(await readText(runFile)) as { key?: string }) : undefined;
  if (previous?.key === key) return 'finished';
  throw new ZgradError('OutputExists', {
    where: path,
    found: previous ? 'the run of another galaxy, configuration or version of zgrad' : 'files that are not a finished zgrad run',
    expected: 'a new or empty directory, or the same run',
    remedy: 'Choose another --out, or give --overwrite to replace it.',
  });
}

/** Makes the directory and removes an earlier run's files, and only those: a mistyped --out must not cost the user anything else. */
export async function clearRunDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await Promise.all(Object.values(runFiles).map((name) => rm(join(path, name), { recursive: true, force: true })));
}
