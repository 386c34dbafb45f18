import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { exists, isFolder, readText, writeAtomically } from '../host/index.js';
import { version } from './version.js';

/** The names inside a run directory. */
export const runFiles = {
  run: 'run.json',
  maps: 'maps.fits',
  bins: 'bins.ecsv',
  histories: 'sfh.ecsv',
  gradient: 'gradient.json',
  mask: 'mask.reg',
  dictionary: 'dictionary.md',
  report: 'report.html',
  figures: 'figures',
} as const;

/** Results of stages, kept for the next run of the same galaxy. */
export const stagesFolder = 'stages';
/** In it: which galaxy they belong to, and the cube's spectra where memory does not suffice. */
export const galaxyFile = 'galaxy.json';
export const scratchFile = 'spectra.bin';

/** What makes a run the same run: program, inputs and configuration. */
export function runKey(parts: { readonly version: string; readonly inputs: Record<string, string>; readonly configuration: unknown }): string {
  const { version, inputs, configuration } = parts;
  return createHash('sha256').update(JSON.stringify([version, Object.entries(inputs).sort(), configuration])).digest('hex');
}

/** What runs of the same galaxy share, whatever their configuration: program, files and entry. @param inputs checksums by file */
export const galaxyKey = (entry: string, files: readonly string[], inputs: Readonly<Record<string, string>>): string =>
  runKey({ version, inputs: Object.fromEntries(files.map((path) => [path, inputs[path]!])), configuration: { entry } });

/** Throws BadArgument when the directory cannot be made or written: better before a long measurement than after it. */
export async function checkWritable(path: string): Promise<void> {
  let at = resolve(path);
  while (!(await exists(at))) at = dirname(at);
  const writable = await access(at, constants.W_OK).then(() => true, () => false);
  if (writable && (at === resolve(path) || (await isFolder(at)))) return;
  throw new ZgradError('BadArgument', {
    where: path, found: `${at}, ${writable ? 'which is no folder' : 'where nothing may be written'}`, expected: 'a place for the run directory', remedy: 'Choose another --out.',
  });
}

/** What a run is known by: all that its products hang on, and the galaxy (files, entry, program), whose stages a run with another configuration may take up. */
export interface RunKeys {
  readonly run: string;
  readonly galaxy: string;
}

/** Whether a folder of stages holds no result: that of a run that failed or was killed before its first fit, which costs nobody anything. */
const unclaimed = async (stages: string): Promise<boolean> => (await isFolder(stages)) && (await readdir(stages)).every((name) => name.startsWith(galaxyFile) || name === scratchFile);

/**
 * Whether the directory already holds the finished run of these keys (nothing need be done again) or may be written: `empty`, or `begun` by the same galaxy or to be
 * overwritten. Changes nothing. Throws BadArgument when it cannot be written, OutputExists when it holds anything else and `overwrite` is false.
 * @param keysOf asked for only where something is in the directory
 */
export async function checkRunDirectory(path: string, keysOf: () => Promise<RunKeys>, overwrite: boolean): Promise<'finished' | 'begun' | 'empty'> {
  await checkWritable(path);
  if (!(await exists(path))) return 'empty';
  if (await isFolder(path)) {
    const names = (await readdir(path)).filter((name) => !name.startsWith('.'));
    if (names.length === 0 || (names.length === 1 && names[0] === stagesFolder && (await unclaimed(join(path, stagesFolder))))) return 'empty';
  }
  if (overwrite) return 'begun';
  const keys = await keysOf();
  const runFile = join(path, runFiles.run);
  const previous = (await exists(runFile)) ? (JSON.parse(await readText(runFile)) as { key?: string; galaxy?: string }) : undefined;
  if (previous?.key === keys.run) return 'finished';
  const stages = join(path, stagesFolder, galaxyFile);
  const begun = (await exists(stages)) ? (JSON.parse(await readText(stages)) as { galaxy?: string }).galaxy : undefined;
  if ((previous?.galaxy ?? begun) === keys.galaxy) return 'begun';
  throw new ZgradError('OutputExists', {
    where: path,
    found: previous || begun ? 'the run of another galaxy or version of zgrad' : 'files that are not a zgrad run',
    expected: 'a new or empty directory, or a run of the same galaxy',
    remedy: 'Choose another --out, or give --overwrite to replace it.',
  });
}

/** The folder of a run's stages. */
export const stagesOf = (path: string): string => join(path, stagesFolder);

/** Claims the directory's stages for a galaxy; those of another one are removed. */
export async function claimStages(path: string, galaxy: string): Promise<void> {
  const folder = stagesOf(path);
  const file = join(folder, galaxyFile);
  if ((await exists(file)) && (JSON.parse(await readText(file)) as { galaxy?: string }).galaxy !== galaxy) await rm(folder, { recursive: true, force: true });
  await writeAtomically(file, `${JSON.stringify({ galaxy })}\n`);
}

/** Makes the directory and removes an earlier run's files, and only those: a mistyped --out must not cost the user anything else. */
export async function clearRunDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  // run.json goes first: a directory without it is no finished run.
  await rm(join(path, runFiles.run), { force: true });
  await Promise.all(Object.values(runFiles).map((name) => rm(join(path, name), { recursive: true, force: true })));
}
