import { createWorkerPool, nextTurn } from '../host/index.js';
import { arithmetic } from '../kernels/index.js';
import { works, type WorkData, type WorkName, type WorkResult, type WorkTask } from './works.js';

/** Runs the tasks of one kind of work, on as many threads as there are workers; one worker works in the calling thread. */
export interface Executor {
  readonly workers: number;
  /**
   * @param data what every worker is given when it starts; it must be clonable
   * @param onResult called once per task, in any order
   * @param nameOf a task in words, for messages
   */
  run<K extends WorkName>(
    name: K, data: WorkData<K>, tasks: readonly WorkTask<K>[], onResult: (task: number, result: WorkResult<K>) => void | Promise<void>, nameOf: (task: WorkTask<K>) => string,
  ): Promise<void>;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly name: WorkName;
  readonly data: unknown;
  readonly fastMath: boolean;
}

/** The worker's module: built, also when this one runs from its source. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? '../../dist/pipeline/worker.js' : './worker.js', import.meta.url);

/** @param stop aborted: no further task is begun, and `run` rejects with its reason */
export function createExecutor(workers: number, warn: (text: string) => void, stop?: AbortSignal): Executor {
  return {
    workers,
    async run(name, data, tasks, onResult, nameOf) {
      stop?.throwIfAborted();
      if (tasks.length === 0) return;
      if (workers === 1 || tasks.length === 1) {
        const work = await works[name](data);
        for (const [i, task] of tasks.entries()) {
          await onResult(i, await work(task));
          await nextTurn();
          stop?.throwIfAborted();
        }
        return;
      }
      const start: WorkerStart = { name, data, fastMath: arithmetic() === 'fused' };
      const pool = createWorkerPool<typeof tasks[number], Parameters<typeof onResult>[1]>({ count: workers, module: workerUrl, data: start, warn, nameOf: (task) => nameOf(tasks[task]!) });
      try {
        await pool.run(tasks, onResult, stop);
      } finally {
        await pool.close();
      }
    },
  };
}
