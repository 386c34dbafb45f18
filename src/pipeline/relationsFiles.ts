import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { exists, isFolder, readText } from '../host/index.js';
import { checkWritable } from './runDirectory.js';

/** The names inside a directory of relations. */
export const relationsFiles = { relations: 'relations.json', sample: 'sample.ecsv', selection: 'selection.ecsv', report: 'report.html', figures: 'figures' } as const;

/** What makes two directories of relations the same: program, inputs and configuration. */
export const relationsKey = (...parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** Throws BadArgument where nothing can be written, OutputExists where the directory holds anything but the same relations and is not to be overwritten. */
export async function checkRelationsDirectory(path: string, key: string, overwrite: boolean): Promise<void> {
  await checkWritable(path);
  const file = join(path, relationsFiles.relations);
  // What an end on the way left, or nothing at all.
  const unfinished = async (): Promise<boolean> => !(await exists(file)) && (await readdir(path)).every((name) => name.startsWith('.') || Object.values<string>(relationsFiles).includes(name));
  if (overwrite || !(await exists(path)) || ((await isFolder(path)) && (await unfinished()))) return;
  const before = (await exists(file)) ? (JSON.parse(await readText(file)) as { key?: string }).key : undefined;
  if (before === key) return;
  throw new ZgradError('OutputExists', {
    where: path, found: before === undefined ? 'files that are not relations' : 'relations of another sample, configuration or version of zgrad', expected: 'a new or empty directory',
    remedy: 'Choose another --out, or give --overwrite to replace them.',
  });
}

/** Makes the directory and removes earlier relations, and only those. */
export async function clearRelationsDirectory(path: string): Promise<void> {
  await mkdir(join(path, relationsFiles.figures), { recursive: true });
  await rm(join(path, relationsFiles.relations), { force: true });
  for (const name of await readdir(join(path, relationsFiles.figures))) if (/\.(?:svg|png|pdf)$/.test(name)) await rm(join(path, relationsFiles.figures, name));
  for (const name of [relationsFiles.sample, relationsFiles.selection, relationsFiles.report]) await rm(join(path, name), { force: true });
}
