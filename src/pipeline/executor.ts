import { createWorkerPool, nextTurn, stopwatch, type WorkerPool } from '../host/index.js';
import { arithmetic } from '../kernels/index.js';
import { works, type WorkData, type WorkName, type WorkResult, type WorkTask } from './works.js';

/** Tasks done, and the seconds that workers were at them, all workers together. */
export interface Tally {
  readonly tasks: number;
  readonly busy: number;
}

/** Runs the tasks of one kind of work, on as many threads as there are workers; one worker works in the calling thread. */
export interface Executor {
  readonly workers: number;
  /**
   * @param data what every worker is given before its first task; it must be clonable
   * @param onResult called once per task, in any order
   * @param nameOf a task in words, for messages
   */
  run<K extends WorkName>(
    name: K, data: WorkData<K>, tasks: readonly WorkTask<K>[], onResult: (task: number, result: WorkResult<K>) => void | Promise<void>, nameOf: (task: WorkTask<K>) => string,
  ): Promise<void>;
  /** What was done since it was last asked. */
  tally(): Tally;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** What a worker is told of the tasks to come. */
export interface WorkerJob {
  readonly name: WorkName;
  readonly data: unknown;
  readonly fastMath: boolean;
}

/** The worker's module: built, also when this one runs from its source. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? '../../dist/pipeline/worker.js' : './worker.js', import.meta.url);

/** @param stop aborted: no further task is begun, and `run` rejects with its reason */
export function createExecutor(workers: number, warn: (text: string) => void, stop?: AbortSignal): Executor {
  let [tasksDone, busy] = [0, 0];
  let pool: WorkerPool<WorkerJob, unknown, unknown> | null = null;
  return {
    workers,
    async run<K extends WorkName>(
      name: K, data: WorkData<K>, tasks: readonly WorkTask<K>[], onResult: (task: number, result: WorkResult<K>) => void | Promise<void>, nameOf: (task: WorkTask<K>) => string,
    ) {
      stop?.throwIfAborted();
      if (tasks.length === 0) return;
      if (workers === 1 || tasks.length === 1) {
        const work = await works[name](data);
        for (const [i, task] of tasks.entries()) {
          const seconds = stopwatch();
          await onResult(i, await work(task));
          tasksDone++;
          busy += seconds();
          await nextTurn();
          stop?.throwIfAborted();
        }
        return;
      }
      pool ??= createWorkerPool({ count: workers, module: workerUrl, warn });
      const seconds = await pool.run({ name, data, fastMath: arithmetic() === 'fused' }, tasks, (task, result) => onResult(task, result as WorkResult<K>), { nameOf: (task) => nameOf(tasks[task]!), stop });
      tasksDone += tasks.length;
      busy += seconds;
    },
    tally() {
      const found = { tasks: tasksDone, busy };
      [tasksDone, busy] = [0, 0];
      return found;
    },
    async close() {
      await pool?.close();
      pool = null;
    },
  };
}
