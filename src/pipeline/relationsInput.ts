import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ZgradError, isZgradError } from '../errors/index.js';
import { checkReadable, exists, fileDigest, isFolder, readText } from '../host/index.js';
import { fewestGalaxies, joinSamples, li2025, objectsOf, readRuns, readSample, valuesOf, type Note, type RunResult, type Sample } from '../sample/index.js';
import { plainName } from '../evolution/index.js';
import { nearestName, type Table } from '../table/index.js';
import { readAnyTable } from './readAnyTable.js';
import { runFiles } from './runDirectory.js';

/** A sample as it was put together, before anything is derived from it. */
export interface SampleInput {
  readonly sample: Sample;
  /** Checksums of everything that was read, by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Files and directories that could not be read, with the reason. */
  readonly failed: readonly string[];
}

/** A table with columns under the names of the properties that the configuration says they hold. Throws BadConfig for a column that is not there. */
export function renameColumns(table: Table, names: Readonly<Record<string, string | undefined>>, file: string, key: string): Table {
  const renamed = new Map<string, string>();
  const own = table.columns.map(({ name }) => name);
  for (const [property, name] of Object.entries(names)) {
    if (name === undefined) continue;
    if (!own.includes(name)) {
      throw new ZgradError('BadConfig', { where: `${key}.${property}`, found: `'${name}', which is no column of ${basename(file)}`, expected: 'one of its columns', remedy: `Did you mean '${nearestName(name, own)}'?` });
    }
    renamed.set(name, property);
  }
  // A column that already has the name makes way for the one that was asked for.
  const taken = new Set(renamed.values());
  const columns = table.columns.filter(({ name }) => renamed.has(name) || !taken.has(name)).map((column) => ({ ...column, name: renamed.get(column.name) ?? column.name }));
  return { ...table, columns };
}

/** A user's table as a sample. */
export const sampleOfTable = async (file: string, columns: Readonly<Record<string, string | undefined>>, key: string): Promise<Sample> =>
  readSample(renameColumns(await readAnyTable(file), columns, file, key), basename(file));

const isRun = (path: string): Promise<boolean> => exists(join(path, runFiles.gradient));

/** The run directories that a directory is or holds, in order of their names. */
async function runsIn(path: string): Promise<string[]> {
  if (await isRun(path)) return [path];
  const below = (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name)).sort();
  const runs: string[] = [];
  for (const folder of below) if (await isRun(folder)) runs.push(folder);
  if (runs.length) return runs;
  throw new ZgradError('BadArgument', {
    where: path, found: 'a directory without gradient.json, its own or of runs in it', expected: 'a run of zgrad measure or maps, or the directory of several', remedy: 'Give a finished run or a table.',
  });
}

async function readRun(path: string): Promise<RunResult> {
  const part = async (name: string): Promise<unknown> => {
    const file = join(path, name);
    if (!(await exists(file))) {
      throw new ZgradError('FileNotFound', { where: file, found: 'no such file', expected: 'a finished run: run.json is written last', remedy: 'Give the same zgrad measure command again: it goes on where it was.' });
    }
    const text = await readText(file);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new ZgradError('BadTable', { where: file, found: (cause as Error).message, expected: 'JSON as zgrad measure writes it', cause });
    }
  };
  return { where: basename(path), gradient: await part(runFiles.gradient), run: await part(runFiles.run) };
}

/**
 * Runs and tables as one sample, joined by the names of the galaxies: what a run measured comes first, then the tables in their order. An input that cannot be read is told of
 * in `failed`, and the others go on. Throws what was wrong with it when there is no other.
 * @param options.published start from the sample of Li et al. (2025)
 * @param options.columns columns of the tables by property
 */
export async function readSampleInput(
  paths: readonly string[], options: { readonly published: boolean; readonly columns: Readonly<Record<string, string>>; readonly calibration?: string | undefined }, warn: (text: string) => void,
): Promise<SampleInput> {
  const { published, columns, calibration } = options;
  const runs: RunResult[] = [];
  const tables: Sample[] = published ? [li2025] : [];
  const inputs: Record<string, string> = {};
  const failures: ZgradError[] = [];
  const readable: Table[] = [];
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isZgradError(error) || error.tag === 'BadConfig') throw error;
      failures.push(error);
    }
  };
  const unseen = new Set(Object.keys(columns));
  /** Of several tables each has its own of the columns; one that none has is a mistake. */
  const readOne = async (path: string): Promise<Sample> => {
    const table = await readAnyTable(path);
    if (table.length === 0) throw new ZgradError('BadTable', { where: path, found: 'no rows', expected: 'a table with a row for each galaxy' });
    const own = Object.entries(columns).filter(([, name]) => table.columns.some((column) => column.name === name));
    for (const [property] of own) unseen.delete(property);
    readable.push(table);
    return readSample(renameColumns(table, Object.fromEntries(own), path, 'columns'), basename(path));
  };
  const add = async (path: string): Promise<void> => {
    if (!(await exists(path))) await checkReadable(path);
    if (!(await isFolder(path))) {
      tables.push(await readOne(path));
      inputs[basename(path)] = await fileDigest(path);
      return;
    }
    for (const folder of await runsIn(path)) {
      await attempt(async () => {
        runs.push(await readRun(folder));
        for (const name of [runFiles.gradient, runFiles.run]) inputs[join(basename(folder), name)] = await fileDigest(join(folder, name));
      });
    }
  };
  for (const path of paths) await attempt(() => add(path));
  if (failures.length && !runs.length && !tables.length) throw failures[0]!;
  const failed = failures.map(({ message }) => message);
  failed.forEach(warn);
  for (const property of unseen) for (const table of readable) renameColumns(table, { [property]: columns[property] }, 'the tables', 'columns');
  const samples = [...(runs.length ? [readRuns(runs, calibration === undefined ? {} : { calibration })] : []), ...tables];
  const joined = samples.reduce((one, other) => joinSamples(one, other));
  return { sample: { ...joined, notes: [...failed.map(failureNote), ...notesOf(joined), ...twiceMeasured(samples)] }, inputs, failed };
}

const failureNote = (message: string): Note => ({ kind: 'missing', about: 'input', message });

/** Galaxies whose gradient more than one input gives. */
function twiceMeasured(samples: readonly Sample[]): Note[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const sample of samples) {
    const gradients = ['gradient', 'gradientKpc'].flatMap((name) => valuesOf(sample, name) ?? []);
    const own = objectsOf(sample).filter((_, i) => gradients.some((values) => Number.isFinite(values[i]!)));
    for (const name of own) if (seen.has(plainName(name))) twice.add(name);
    for (const name of own) seen.add(plainName(name));
  }
  if (!twice.size) return [];
  const names = [...twice];
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '');
  return [{
    kind: 'duplicate', about: 'gradient', message: `${names.length === 1 ? '1 galaxy has' : `${names.length} galaxies have`} a gradient in more than one input (${shown}): the first value of every column is used, of runs, of --sample, of the tables in their order.`,
  }];
}

/** That a part has few galaxies says nothing of the whole; the whole is counted anew. */
function notesOf({ table, notes }: Sample): Note[] {
  const own = notes.filter(({ kind, about }) => !(kind === 'few' && about === 'sample'));
  return table.length < fewestGalaxies ? [...own, { kind: 'few', about: 'sample', message: `${table.length} galaxies are too few for statistics, which need ${fewestGalaxies}.` }] : own;
}
