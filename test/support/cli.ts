import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The user's data folder of the tests: nothing is installed there unless a test installs it. */
let dataFolder = join(tmpdir(), 'zgrad-nothing-installed');
export function useDataFolder(path: string): void {
  dataFolder = path;
}

/** What a user starts. */
export let program = 'bin/zgrad.js';

/** Two test files run at once: a program that is not told how many workers to take takes one, as a batch system would give it. */
const environment = () => ({ SLURM_CPUS_PER_TASK: '1', ...process.env, ZGRAD_DATA: dataFolder });

/** The runs of this file leave PNG and PDF of their figures empty: for tests whose subject is not the pictures. */
export function withoutPictures(): void {
  program = inject('programWithoutPictures') || program;
}

/** Runs the built program as a user would. */
export function zgrad(...args: readonly string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, env: environment() });
  return { status, stdout, stderr };
}

/** Begins the built program and does not wait for it. */
export function beginZgrad(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<CliResult> } {
  const child = spawn(process.execPath, [program, ...args], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => { said.stdout += String(text); });
  child.stderr.on('data', (text) => { said.stderr += String(text); });
  return { child, ended: once(child, 'close').then(([status]) => ({ status: status as number | null, ...said })) };
}

/** A temporary folder that is removed after the tests of the file. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `zgrad-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
