import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { ZgradError } from '../errors/index.js';

/** Who works in a directory. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks since the machine's start, which tells it from a later one of the same number; null where the system does not say. */
  readonly started: string | null;
}

const lockName = '.lock';

/** Start time of a process on Linux; null when it does not run or the system does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH') return null;
    throw error;
  }
}

function runs({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === null || startOf(pid) === started;
}

/** The holder written in a lock; null when the lock is gone, undefined when it cannot be understood. */
async function holderOf(path: string): Promise<{ text: string; holder: Holder | undefined } | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
  const match = /^(\d+) (\S+) (\S+)/.exec(text);
  return { text, holder: match ? { pid: Number(match[1]), host: match[2]!, started: match[3] === '-' ? null : match[3]! } : undefined };
}

/**
 * Makes a directory and claims it for this process, so that two runs never write in one place at once. The lock of a process that no longer
 * runs on this machine is taken over. Gives the function that releases it.
 *
 * @throws ZgradError 'RunInProgress' when another process holds it.
 */
export async function lockDirectory(path: string): Promise<() => Promise<void>> {
  await mkdir(path, { recursive: true });
  const lock = join(path, lockName);
  const own = join(path, `${lockName}.${randomUUID()}`);
  await writeFile(own, `${process.pid} ${hostname()} ${startOf(process.pid) ?? '-'} ${randomUUID()}\n`);
  const release = (): Promise<void> => rm(lock, { force: true });
  try {
    for (;;) {
      // A link appears with its content: nobody ever reads a lock that is half written.
      if (await linked(own, lock)) return release;
      const found = await holderOf(lock);
      if (!found) continue;
      refuseLiving(path, lock, found.holder);
      // A dead lock is replaced in one step, by the one process that holds the right to replace just this one.
      const right = `${lock}.${createHash('sha256').update(found.text).digest('hex').slice(0, 16)}`;
      if (await linked(own, right)) {
        const still = (await holderOf(lock))?.text === found.text;
        if (still) await rename(own, lock);
        await rm(right, { force: true });
        if (still) return release;
        continue;
      }
      const other = await holderOf(right);
      if (other) refuseLiving(path, right, other.holder);
      await rm(right, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Whether a directory is free to be claimed. Writes nothing: a moment later it may be taken.
 *
 * @throws ZgradError 'RunInProgress' when another process holds it.
 */
export async function checkUnlocked(path: string): Promise<void> {
  const lock = join(path, lockName);
  const found = await holderOf(lock);
  if (found) refuseLiving(path, lock, found.holder);
}

/** Whether a hard link could be made; false when its name exists. */
async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return false;
    throw error;
  });
}

function refuseLiving(path: string, lock: string, holder: Holder | undefined): void {
  if (!holder || (holder.host === hostname() && !runs(holder))) return;
  throw new ZgradError('RunInProgress', {
    where: path, found: `process ${holder.pid} on ${holder.host} at work in it`, expected: 'a directory that no other run writes to',
    remedy: `Wait for it, or choose another --out; if it does not run any more, remove ${lock}.`,
  });
}
