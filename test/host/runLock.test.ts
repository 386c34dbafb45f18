import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkUnlocked, lockDirectory } from '../../src/host/index.js';

const folder = (): string => mkdtempSync(join(tmpdir(), 'zgrad-lock-'));

describe('the lock of a run directory', () => {
  it('is held by one at a time and leaves nothing behind', async () => {
    const path = join(folder(), 'run');
    const release = await lockDirectory(path);
    await expect(lockDirectory(path)).rejects.toMatchObject({ tag: 'RunInProgress', message: expect.stringContaining(`process ${process.pid}`) });
    await release();
    await (await lockDirectory(path))();
    expect(readdirSync(path)).toEqual([]);
  });

  it('can be asked for without a trace', async () => {
    const path = join(folder(), 'run');
    await checkUnlocked(path);
    expect(existsSync(path)).toBe(false);
    const release = await lockDirectory(path);
    await expect(checkUnlocked(path)).rejects.toMatchObject({ tag: 'RunInProgress', message: expect.stringContaining(`process ${process.pid}`) });
    expect(readdirSync(path)).toEqual(['.lock']);
    await release();
    await checkUnlocked(path);
    // A dead one does not count, and is left to whoever takes it over.
    writeFileSync(join(path, '.lock'), `${process.pid} ${hostname()} 1\n`);
    await checkUnlocked(path);
    expect(readdirSync(path)).toEqual(['.lock']);
  });

  it('goes to exactly one of many that want it at once, also when a dead one lies there', async () => {
    const path = folder();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    writeFileSync(join(path, '.lock'), `${gone.pid} ${hostname()} 1\n`);
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => lockDirectory(path)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(path)).toEqual(['.lock']);
  });

  it('of a process on another machine is never taken over', async () => {
    const path = folder();
    writeFileSync(join(path, '.lock'), '1 elsewhere -\n');
    await expect(lockDirectory(path)).rejects.toMatchObject({ tag: 'RunInProgress', message: expect.stringContaining('elsewhere') });
  });

  it('is told from that of a later process with the same number', async () => {
    const path = folder();
    writeFileSync(join(path, '.lock'), `${process.pid} ${hostname()} 1\n`);
    await (await lockDirectory(path))();
  });

  it('that nobody can read is taken for a dead one', async () => {
    const path = folder();
    writeFileSync(join(path, '.lock'), '');
    await (await lockDirectory(path))();
  });
});
