/** Runs ours and the peer in turns, the peer in Debian's Python on one BLAS thread. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const bench = dirname(fileURLToPath(import.meta.url));
const python = '/usr/bin/python3';
const environment = {
  ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1',
  // Nothing is written beside the sources.
  PYTHONDONTWRITEBYTECODE: '1',
};

/** Versions of the peers; a package that is not installed is null. */
export function peerVersions() {
  const script = `import importlib, json
def version(name):
    try:
        return importlib.import_module(name).__version__
    except ImportError:
        return None
print(json.dumps({name: version(name) for name in ('numpy', 'scipy', 'astropy', 'photutils')}))`;
  const none = { numpy: null, scipy: null, astropy: null, photutils: null };
  if (!existsSync(python)) return none;
  const { status, stdout } = spawnSync(python, ['-c', script], { encoding: 'utf8', env: environment });
  return status === 0 ? JSON.parse(stdout) : none;
}

/** A peer's script as a process that answers requests; `close` ends it. */
export function startPeer(script, ...args) {
  const child = spawn(python, [join(bench, script), ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: environment });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(task, request = {}) {
      child.stdin.write(`${JSON.stringify({ task, ...request })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`the peer ${script} ended while it was asked for '${task}'; its message stands above`);
      return JSON.parse(value);
    },
    async close() {
      const ended = once(child, 'close');
      child.stdin.end();
      await ended;
    },
  };
}

/** Runs Node on a script, or on a program with a peak file, and answers with its standard output and seconds of wall time. */
export async function runNode(args, peakFile) {
  const start = performance.now();
  const child = spawn(process.execPath, peakFile ? ['--import', join(bench, 'peak.mjs'), ...args] : args, {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...(peakFile && { ZGRAD_BENCH_PEAK: peakFile }) },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => { stdout += text; });
  child.stderr.on('data', (text) => { stderr += text; });
  const [status] = await once(child, 'close');
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with status ${status}:\n${stderr}`);
  return { stdout, seconds, peak: peakFile ? Number(readFileSync(peakFile, 'utf8')) : null };
}

/** Seconds of wall time that `work` takes, with what it answers. */
export async function timed(work) {
  const start = performance.now();
  const answer = await work();
  return { answer, seconds: (performance.now() - start) / 1000 };
}

/**
 * One unmeasured round, then ours and the peer in turns, `repeats` times. Each side answers with an object that has
 * `seconds`; the result lists the answers of both (null for a peer that is not there).
 */
export async function inTurns(repeats, ours, peer) {
  const rounds = { ours: [], peer: peer ? [] : null };
  for (let round = 0; round <= repeats; round++) {
    const [mine, theirs] = [await ours(), await peer?.()];
    if (round === 0) continue;
    rounds.ours.push(mine);
    rounds.peer?.push(theirs);
  }
  return rounds;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
