/** Spreads seeded work over processes. Results come in the order of the items, so that nothing depends on how many processes ran. */

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('worker.mjs', import.meta.url));

/**
 * Calls an exported function of a module once per item.
 *
 * @template Item, Result
 * @param {{module: URL, name: string, items: readonly Item[], workers?: number, progress?: (done: number, count: number) => void}} work
 *   items and results must survive a structured clone; `workers` defaults to two, or one where there is one core.
 * @returns {Promise<Result[]>}
 */
export async function runAll({ module, name, items, workers = Math.min(2, availableParallelism()), progress = () => {} }) {
  /** @type {Result[]} */
  const results = new Array(items.length);
  let next = 0;
  let done = 0;
  const one = () => /** @type {Promise<void>} */(new Promise((resolve, reject) => {
    const worker = fork(script, [module.href, name], { serialization: 'advanced', execArgv: [] });
    const feed = () => {
      const index = next++;
      worker.send(index < items.length ? { index, item: items[index] } : null);
    };
    worker.on('message', ({ index, result }) => {
      results[index] = result;
      progress(++done, items.length);
      feed();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the process that ran ${name} ended with ${code}; its own message stands above`))));
    feed();
  }));
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, one));
  return results;
}
