import { Worker, parentPort, workerData } from 'node:worker_threads';
import { ZgradError } from '../errors/index.js';

/** Threads that work on tasks from one queue. */
export interface WorkerPool<Task, Result> {
  /**
   * Runs all tasks; results arrive in any order, each with the number of its task. A task whose thread dies is told of and tried once more on a new thread.
   * @param stop aborted: no further task is begun, and the promise rejects with the signal's reason once those at hand are done
   * @throws ZgradError 'WorkerFailed' when a task ends its thread twice; what a task itself throws.
   */
  run(tasks: readonly Task[], onResult: (task: number, result: Result) => void | Promise<void>, stop?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** Threads. */
  readonly count: number;
  /** The module that calls `serveTasks`. */
  readonly module: URL;
  /** What every thread is told when it starts. */
  readonly data: unknown;
  /** Told of a thread that died. */
  readonly warn: (text: string) => void;
  /** Name of a task for messages. */
  readonly nameOf: (task: number) => string;
}

/** An error on its way between threads, which keeps no more than name, message and stack: what a ZgradError or the system says goes beside it. */
type Failure = { readonly task: number; readonly error: unknown; readonly details?: { readonly tag: ZgradError['tag'] } & ZgradError['details']; readonly system?: Partial<NodeJS.ErrnoException> };
type Answer<Result> = { readonly task: number; readonly result: Result } | Failure;

export function createWorkerPool<Task, Result>({ count, module, data, warn, nameOf }: WorkerPoolOptions): WorkerPool<Task, Result> {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let closed = false;
  const start = (): Worker => {
    const worker = new Worker(module, { workerData: data });
    all.add(worker);
    return worker;
  };

  async function run(tasks: readonly Task[], onResult: (task: number, result: Result) => void | Promise<void>, stop?: AbortSignal): Promise<void> {
    let next = 0;
    const one = (worker: Worker, task: number): Promise<Answer<Result> | 'died'> => new Promise((resolve) => {
      const onMessage = (answer: Answer<Result>): void => settle(answer);
      const onError = (error: Error): void => {
        warn(`a worker failed: ${error.message}`);
        settle('died');
      };
      const onExit = (): void => settle('died');
      const settle = (answer: Answer<Result> | 'died'): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(answer);
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage({ task, input: tasks[task] }, []);
    });
    async function lane(): Promise<void> {
      let worker = idle.pop() ?? start();
      while (next < tasks.length && !stop?.aborted) {
        const task = next++;
        for (let attempt = 1; ; attempt++) {
          const answer = await one(worker, task);
          if (answer !== 'died') {
            if ('error' in answer) {
              next = tasks.length;
              idle.push(worker);
              throw errorOf(answer);
            }
            await onResult(task, answer.result);
            break;
          }
          all.delete(worker);
          // Ended by `close`, because another lane failed.
          if (closed) return;
          if (attempt === 2) {
            next = tasks.length;
            throw new ZgradError('WorkerFailed', {
              where: nameOf(task), found: 'two workers that ended in it', expected: 'a result',
              remedy: 'Give more memory or fewer workers (--memory, --workers); what was finished is kept.',
            });
          }
          warn(`a worker ended in ${nameOf(task)}, which is tried once more`);
          worker = start();
        }
      }
      idle.push(worker);
    }
    await Promise.all(Array.from({ length: Math.min(count, tasks.length) }, lane));
    stop?.throwIfAborted();
  }
  return {
    run,
    async close() {
      closed = true;
      await Promise.all([...all].map((worker) => worker.terminate()));
      all.clear();
      idle.length = 0;
    },
  };
}

function errorOf({ error, details, system }: Failure): unknown {
  if (details) return new ZgradError(details.tag, details);
  return error instanceof Error ? Object.assign(error, system) : error;
}

function failureOf(task: number, error: unknown): Failure {
  if (error instanceof ZgradError) return { task, error: null, details: { ...error.details, cause: undefined, tag: error.tag } };
  if (!(error instanceof Error) || !('syscall' in error)) return { task, error };
  const { code, errno, syscall, path } = error as NodeJS.ErrnoException;
  return { task, error, system: { code, errno, syscall, ...(path !== undefined && { path }) } };
}

/** Called by a worker's module: makes the handler from what the pool gave, then answers task by task. */
export function serveTasks<Data, Task, Result>(make: (data: Data) => ((task: Task) => Result | Promise<Result>) | Promise<(task: Task) => Result | Promise<Result>>): void {
  const port = parentPort!;
  const made = Promise.resolve(workerData as Data).then(make);
  port.on('message', ({ task, input }: { task: number; input: Task }) => {
    void made.then((handler) => handler(input)).then(
      (result) => port.postMessage({ task, result }),
      (error: unknown) => port.postMessage(failureOf(task, error)),
    );
  });
}
