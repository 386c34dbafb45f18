import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** The folder of test data that is not part of the project. */
export const sharedFolder = resolve(process.env['ZGRAD_SHARED'] ?? '../shared');

const underCi = process.env['CI'] === 'true' || process.env['CI'] === '1';
const saidOnce = new Set<string>();

/** Skips outside CI with a line that says what is missing; under CI the test must run (and then fails for lack of it). */
function needs(present: boolean, what: string) {
  if (present || underCi) return describe;
  if (!saidOnce.has(what)) {
    saidOnce.add(what);
    process.stderr.write(`skipped: these tests need ${what}\n`);
  }
  return describe.skip;
}

/** `describeShared('name', () => …)`: tests that read the folder of test data. */
export const describeShared = needs(existsSync(sharedFolder), `the test data in ${sharedFolder} (set ZGRAD_SHARED)`);

const python = '/usr/bin/python3';

/** `describePython('name', () => …)`: tests that ask Debian's astropy. */
export const describePython = needs(
  spawnSync(python, ['-c', 'import astropy, numpy']).status === 0, 'python3-astropy (apt-get install python3-astropy)');

/** `describeFitsverify`: tests that run Debian's fitsverify. */
export const describeFitsverify = needs(spawnSync('fitsverify', ['-h']).error === undefined, 'fitsverify (apt-get install fitsverify)');

/** `describeChromium`: tests that run Debian's chromium. */
export const describeChromium = needs(spawnSync('chromium', ['--version']).error === undefined, 'chromium (apt-get install chromium)');

export const shared = (...path: string[]): string => join(sharedFolder, ...path);

/** A golden file, parsed; null stands for NaN and "Infinity" for infinity. */
export function golden<T = Record<string, unknown>>(name: string): T {
  return JSON.parse(readFileSync(shared('golden', name), 'utf8')) as T;
}

/** Runs a Python script (Debian's Python) with arguments and returns what it printed as JSON. */
export function runPython<T>(script: string, ...args: string[]): T {
  const done = spawnSync(python, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`python failed: ${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}
