/** Runs killed (SIGKILL) at random moments and resumed: what they leave in the end must be, byte for byte, what an undisturbed run leaves. */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memorySink, writeFits } from '../dist/fits/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { cubeHdus, simulateCube } from '../dist/simulate/index.js';
import { runAll } from './parallel.mjs';

const script = fileURLToPath(new URL('killedRun.mjs', import.meta.url));
const builtLibrary = new URL('../dist/pipeline/index.js', import.meta.url).href;

/** Small, but with several batches of stars and of lines. */
const galaxy = { nx: 20, ny: 20, pixelScale: 0.6, wavelength: { start: 4800, step: 2.5, count: 800 }, redshift: 0.005, geometry: { effectiveRadius: 4 }, noise: { sky: 5 } };
const configuration = {
  redshift: 0.005, distance: '21.6 Mpc', foreground: 'none', continuum: { method: 'ssp', templates: 'synthetic', binSN: 20 }, abundance: { also: [] }, gradient: { draws: 200 },
};

/**
 * Checksums of the products of a run. Left out are run.json, which tells of times, and the results of stages.
 * @param {string} out
 * @returns {Record<string, string>}
 */
export function productDigests(out) {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => name !== 'run.json' && name.split('/')[0] !== 'stages' && statSync(join(out, name)).isFile()).sort();
  return Object.fromEntries(names.map((name) => [name, createHash('sha256').update(readFileSync(join(out, name))).digest('hex')]));
}

/** Begins a run; `ended` gives how many stages it finished, and how it ended. @param {string} library @param {string} cube @param {string} out @param {number} workers */
function begin(library, cube, out, workers) {
  const request = { library, entry: 'cube', files: [cube], out, tree: configuration, where: 'validation', overwrite: false, workers };
  const child = spawn(process.execPath, [script, JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stages = 0;
  let errors = '';
  child.stdout.on('data', (dots) => { stages += dots.length; });
  child.stderr.on('data', (text) => { errors += text; });
  const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, stages, errors }));
  return { child, ended };
}

/** Runs to the end. Throws when it does not end well. */
async function finish(library, cube, out, workers) {
  const { status, errors } = await begin(library, cube, out, workers).ended;
  if (status !== 0) throw new Error(`a resumed run ended with ${status}: ${errors}`);
}

/**
 * Kills runs in one directory after another until as many kills hit as are wanted; a run that ends before its moment comes, and the last of each directory, is compared.
 * @param {{seed: number, kills: number, library: string, cube: string, seconds: number, stages: readonly string[], digests: Record<string, string>}} wanted `seconds`: what an undisturbed run takes
 */
export async function killChain({ seed, kills, library, cube, seconds, stages, digests }) {
  const random = createRandom(seed, 'kills');
  const workers = 1 + (seed % 2);
  const hit = [];
  const different = [];
  let runs = 0;
  let out = '';
  const compare = () => {
    runs++;
    const own = productDigests(out);
    for (const name of new Set([...Object.keys(digests), ...Object.keys(own)])) if (own[name] !== digests[name]) different.push(`${name} of chain ${seed}`);
    rmSync(out, { recursive: true });
    out = '';
  };
  while (hit.length < kills) {
    out ||= mkdtempSync(join(tmpdir(), 'zgrad-killed-'));
    const { child, ended } = begin(library, cube, out, workers);
    // Beside another chain a run takes longer than alone.
    const timer = setTimeout(() => child.kill('SIGKILL'), 1500 * seconds * random.uniform());
    const { status, signal, stages: done, errors } = await ended;
    clearTimeout(timer);
    if (signal === 'SIGKILL') hit.push(done === 0 && !existsSync(join(out, '.lock')) ? 'start, checksums' : stages[done] ?? 'report and run.json');
    else if (status === 0) compare();
    else throw new Error(`a resumed run ended with ${status}: ${errors}`);
  }
  if (out) {
    await finish(library, cube, out, workers);
    compare();
  }
  return { hit, runs, different };
}

/**
 * Kills at random moments, seeded: how many hit which stage, how many runs were resumed to their end, and what of their products differs from those of an undisturbed run.
 * @param {{kills: number, first?: number, workers?: number, progress?: (done: number, count: number) => void, library?: string}} wanted `library`: the module with `measureGalaxy`
 */
export async function measureKills({ kills, first = 1, workers, progress, library = builtLibrary }) {
  const folder = mkdtempSync(join(tmpdir(), 'zgrad-kills-'));
  try {
    const cube = join(folder, 'cube.fits');
    const sink = memorySink();
    await writeFits(sink, cubeHdus(simulateCube(galaxy)));
    writeFileSync(cube, sink.bytes());
    const out = join(folder, 'undisturbed');
    const started = performance.now();
    await finish(library, cube, out, 1);
    const seconds = (performance.now() - started) / 1000;
    const stages = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).stages.map(({ stage }) => stage);
    const digests = productDigests(out);
    // A few kills in a row on the way to one finished run.
    const inRow = 3;
    const items = Array.from({ length: Math.ceil(kills / inRow) }, (_, i) => ({ seed: first + i, kills: Math.min(inRow, kills - i * inRow), library, cube, seconds, stages, digests }));
    const chains = await runAll({ module: new URL(import.meta.url), name: 'killChain', items, workers, progress });
    const hit = chains.flatMap((chain) => chain.hit);
    return {
      kills: hit.length, runs: chains.reduce((sum, chain) => sum + chain.runs, 0), different: chains.flatMap((chain) => chain.different),
      rows: ['start, checksums', ...stages, 'report and run.json'].map((stage) => ({ stage, kills: hit.filter((one) => one === stage).length })),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
