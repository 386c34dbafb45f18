import { Worker, parentPort } from 'node:worker_threads';
import { ZgradError } from '../errors/index.js';
import { stopwatch } from './resources.js';

/** Threads that work on tasks from one queue. They live until `close`, from one kind of work to the next. */
export interface WorkerPool<Job, Task, Result> {
  /**
   * Runs all tasks of a job; results arrive in any order, each with the number of its task. A task whose thread dies is told of and tried once more on a new thread.
   * @param job what every thread is told before its first task
   * @returns the seconds that threads were at tasks, all threads together
   * @throws ZgradError 'WorkerFailed' when a task ends its thread twice; what a task itself throws.
   */
  run(job: Job, tasks: readonly Task[], onResult: (task: number, result: Result) => void | Promise<void>, options?: RunOptions): Promise<number>;
  close(): Promise<void>;
}

export interface RunOptions {
  /** Name of a task for messages. Default: its number. */
  readonly nameOf?: (task: number) => string;
  /** Aborted: no further task is begun, and the promise rejects with the signal's reason once those at hand are done. */
  readonly stop?: AbortSignal | undefined;
}

export interface WorkerPoolOptions {
  /** Threads. */
  readonly count: number;
  /** The module that calls `serveTasks`. */
  readonly module: URL;
  /** Told of a thread that died. */
  readonly warn: (text: string) => void;
}

/** An error on its way between threads, which keeps no more than name, message and stack: what a ZgradError or the system says goes beside it. */
type Failure = { readonly task: number; readonly error: unknown; readonly details?: { readonly tag: ZgradError['tag'] } & ZgradError['details']; readonly system?: Partial<NodeJS.ErrnoException> };
type Answer<Result> = { readonly task: number; readonly result: Result } | Failure;

/** What a thread is told: a task, and before its first one the job. */
type Order<Job, Task> = { readonly task: number; readonly input: Task; readonly job?: { readonly data: Job } };

export function createWorkerPool<Job, Task, Result>({ count, module, warn }: WorkerPoolOptions): WorkerPool<Job, Task, Result> {
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  let closed = false;
  const start = (): Worker => {
    const worker = new Worker(module);
    all.add(worker);
    worker.on('error', ({ message }) => warn(`a worker failed: ${message}`));
    worker.on('exit', () => {
      all.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    return worker;
  };

  async function run(
    data: Job, tasks: readonly Task[], onResult: (task: number, result: Result) => void | Promise<void>, { nameOf = (task) => `task ${task}`, stop }: RunOptions = {},
  ): Promise<number> {
    let next = 0;
    let busy = 0;
    const told = new Set<Worker>();
    const one = (worker: Worker, task: number): Promise<Answer<Result> | 'died'> => new Promise((resolve) => {
      const onMessage = (answer: Answer<Result>): void => settle(answer);
      const onExit = (): void => settle('died');
      const settle = (answer: Answer<Result> | 'died'): void => {
        worker.off('message', onMessage).off('exit', onExit);
        resolve(answer);
      };
      worker.on('message', onMessage).on('exit', onExit);
      const order: Order<Job, Task> = { task, input: tasks[task]!, ...(!told.has(worker) && { job: { data } }) };
      told.add(worker);
      worker.postMessage(order, []);
    });
    async function lane(): Promise<void> {
      let worker = idle.pop() ?? start();
      while (next < tasks.length && !stop?.aborted) {
        const task = next++;
        for (let attempt = 1; ; attempt++) {
          const seconds = stopwatch();
          const answer = await one(worker, task);
          busy += seconds();
          if (answer !== 'died') {
            if ('error' in answer) {
              next = tasks.length;
              idle.push(worker);
              throw errorOf(answer);
            }
            await onResult(task, answer.result);
            break;
          }
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
    return busy;
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

/** Called by a worker's module: makes a handler from what the pool tells of a job, then answers task by task. */
export function serveTasks<Job, Task, Result>(make: (job: Job) => ((task: Task) => Result | Promise<Result>) | Promise<(task: Task) => Result | Promise<Result>>): void {
  const port = parentPort!;
  let made: Promise<(task: Task) => Result | Promise<Result>>;
  port.on('message', ({ task, input, job }: Order<Job, Task>) => {
    if (job) made = Promise.resolve(job.data).then(make);
    void made.then((handler) => handler(input)).then(
      (result) => port.postMessage({ task, result }),
      (error: unknown) => port.postMessage(failureOf(task, error)),
    );
  });
}
