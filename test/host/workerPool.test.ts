import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorkerPool, type WorkerPool } from '../../src/host/index.js';

interface Job { readonly factor: number }
interface Task { readonly value?: number; readonly error?: boolean; readonly die?: boolean; readonly dieOnce?: string; readonly read?: string; readonly log?: string; readonly wait?: number }
interface Result { readonly value: number; readonly list: Float64Array }

describe('a pool of workers', () => {
  const pools: WorkerPool<Job, Task, Result>[] = [];
  const told: string[] = [];
  const poolOf = (count: number): WorkerPool<Job, Task, Result> => {
    const pool = createWorkerPool<Job, Task, Result>({
      count, module: new URL('support/worker.mjs', import.meta.url), warn: (text) => told.push(text),
    });
    pools.push(pool);
    return pool;
  };
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close()));
    told.length = 0;
  });
  const values = Array.from({ length: 20 }, (_, value) => ({ value, wait: value % 3 }));
  const collect = async (pool: WorkerPool<Job, Task, Result>, tasks: readonly Task[], factor = 2): Promise<(number | undefined)[]> => {
    const results: (number | undefined)[] = [];
    await pool.run({ factor }, tasks, (task, { value }) => { results[task] = value; }, { nameOf: (task) => `tile ${task}` });
    return results;
  };

  it('does every task once, whatever the number of threads', async () => {
    for (const count of [1, 2, 8]) expect(await collect(poolOf(count), values)).toEqual(values.map(({ value }) => 2 * value));
  });

  it('keeps its threads from one job to the next, which they are told of', async () => {
    const pool = poolOf(2);
    expect(await collect(pool, values)).toEqual(values.map(({ value }) => 2 * value));
    expect(await collect(pool, values, 3)).toEqual(values.map(({ value }) => 3 * value));
  });

  it('tells of a thread that dies and tries its task once more', async () => {
    const flag = join(mkdtempSync(join(tmpdir(), 'zgrad-pool-')), 'died');
    expect(await collect(poolOf(2), [...values, { value: 7, dieOnce: flag }])).toEqual([...values.map(({ value }) => 2 * value), 14]);
    expect(told.join()).toContain('tile 20');
  });

  it('gives up a task that ends its thread twice, naming it, and can be used again', async () => {
    const pool = poolOf(2);
    await expect(collect(pool, [{ value: 1 }, { die: true }, { value: 3 }])).rejects.toMatchObject({ tag: 'WorkerFailed', details: { where: 'tile 1' } });
    expect(await collect(pool, [{ value: 5 }])).toEqual([10]);
  });

  it('passes on what a task throws', async () => {
    await expect(collect(poolOf(2), [{ value: 1 }, { error: true }])).rejects.toMatchObject({ tag: 'BadCube', message: 'here: found this; expected that.' });
  });

  it('passes on what the system says to a task, such as of a full disk', async () => {
    await expect(collect(poolOf(2), [{ value: 1 }, { read: '/nowhere' }])).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/nowhere' });
  });

  it('ends with a result that cannot be taken: closed after it, it begins nothing anew', async () => {
    const log = join(mkdtempSync(join(tmpdir(), 'zgrad-pool-')), 'begun');
    writeFileSync(log, '');
    const pool = poolOf(2);
    const tasks = [{ value: 1, log }, ...Array.from({ length: 5 }, () => ({ value: 1, log, wait: 60_000 }))];
    await expect(pool.run({ factor: 2 }, tasks, () => { throw new Error('full'); })).rejects.toThrow('full');
    // The lane that failed begins no other task; that of the other is ended with its thread.
    await pool.close();
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    expect(readFileSync(log, 'utf8').length).toBeLessThanOrEqual(2);
    expect(told).toEqual([]);
  });

  it('begins no task after it was told to stop', async () => {
    const controller = new AbortController();
    let done = 0;
    const tasks = Array.from({ length: 50 }, () => ({ value: 1, wait: 5 }));
    await expect(poolOf(2).run({ factor: 2 }, tasks, () => { if (++done === 3) controller.abort('SIGINT'); }, { stop: controller.signal })).rejects.toBe('SIGINT');
    expect(done).toBeLessThan(7);
  });
});
