import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { exists, writeAtomically } from '../host/index.js';

/**
 * Results of stages, kept in the run directory under what they depend on: the inputs' checksums, the stage's own configuration, the stages before it and the
 * program. Whatever changes one of these changes the name, so that nothing stale is ever read.
 */
export interface StageCache {
  /** The name of a result: the stage's name and a digest of all that it depends on. */
  key(stage: string, ...dependsOn: readonly unknown[]): string;
  /** The file of a result, for `readStored`; null where results are kept in memory. */
  fileOf(key: string): string | null;
  /** A stored result; null when there is none or its file is damaged. Structured-clone types: typed arrays, maps, plain objects. */
  read<T>(key: string): Promise<T | null>;
  /** Stores a result; its name appears only when it is complete. */
  write(key: string, value: unknown): Promise<void>;
  /** The stored result, or that of the work, which is stored. */
  stage<T>(key: string, work: () => T | Promise<T>): Promise<T>;
  /** Removes the results that this run has not used. */
  prune(): Promise<void>;
}

const digestLength = 32;

const digestOf = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** A result as stored; null when the file is damaged. */
export async function readStored<T>(path: string): Promise<T | null> {
  const bytes = await readFile(path);
  const content = bytes.subarray(digestLength);
  return bytes.length > digestLength && Buffer.compare(digestOf(content), bytes.subarray(0, digestLength)) === 0 ? (deserialize(content) as T) : null;
}

function keyOf(program: string, stage: string, dependsOn: readonly unknown[]): string {
  return `${stage}-${createHash('sha256').update(JSON.stringify([program, stage, ...dependsOn])).digest('hex').slice(0, 24)}`;
}

/** Results kept in memory for one measurement. */
export function createMemoryCache(): StageCache {
  const values = new Map<string, unknown>();
  return {
    key: (stage, ...dependsOn) => keyOf('', stage, dependsOn),
    fileOf: () => null,
    read: async <T>(key: string) => (values.get(key) as T | undefined) ?? null,
    write: async (key, value) => { values.set(key, value); },
    stage: async (_, work) => work(),
    prune: async () => values.clear(),
  };
}

/**
 * @param folder of the results
 * @param program digest of the program
 * @param warn told of damaged results
 */
export function createStageCache(folder: string, program: string, warn: (text: string) => void): StageCache {
  const used = new Set<string>();
  const fileOf = (key: string): string => join(folder, key);
  const cache: StageCache = {
    key: (stage, ...dependsOn) => keyOf(program, stage, dependsOn),
    fileOf,
    async read<T>(key: string) {
      used.add(key);
      if (!(await exists(fileOf(key)))) return null;
      const value = await readStored<T>(fileOf(key));
      if (value === null) warn(`${fileOf(key)} is damaged and is made anew`);
      return value;
    },
    async write(key, value) {
      used.add(key);
      const content = serialize(value);
      await writeAtomically(fileOf(key), Buffer.concat([digestOf(content), content]));
    },
    async stage<T>(key: string, work: () => T | Promise<T>) {
      const stored = await cache.read<T>(key);
      if (stored !== null) return stored;
      const value = await work();
      await cache.write(key, value);
      return value;
    },
    async prune() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => { if (error.code === 'ENOENT') return []; throw error; });
      await Promise.all(names.filter((name) => name.includes('-') && !used.has(name)).map((name) => rm(join(folder, name), { recursive: true, force: true })));
    },
  };
  return cache;
}
