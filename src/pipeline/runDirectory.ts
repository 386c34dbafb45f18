import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { exists, isFolder, readText } from '../host/index.js';

/** The names inside a run directory. */
export const runFiles = {
  run: 'run.json',
  maps: 'maps.fits',
  bins: 'bins.ecsv',
  histories: 'sfh.ecsv',
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

/** Throws BadArgument when the directory cannot be made or written: better before a long measurement than after it. */
async function checkWritable(path: string): Promise<void> {
  let at = resolve(path);
  while (!(await exists(at))) at = dirname(at);
  const writable = await access(at, constants.W_OK).then(() => true, () => false);
  if (writable && (at === resolve(path) || (await isFolder(at)))) return;
  throw new ZgradError('BadArgument', {
    where: path, found: `${at}, ${writable ? 'which is no folder' : 'where nothing may be written'}`, expected: 'a place for the run directory', remedy: 'Choose another --out.',
  });
}

/**
 * Whether the directory already holds the finished run of this key (nothing need be done again) or is free to be written. Changes
 * nothing. Throws BadArgument when it cannot be written, OutputExists when it holds anything else and `overwrite` is false.
 */
export async function checkRunDirectory(path: string, key: string, overwrite: boolean): Promise<'finished' | 'free'> {
  await checkWritable(path);
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
