import { existsSync, readFileSync } from 'node:fs';

/** The largest resident memory of this process so far [bytes]. */
export function peakMemory(): number {
  // Linux hands the parent's peak on to its children in getrusage's maxRSS, but not in VmHWM.
  const status = '/proc/self/status';
  const kib = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'latin1'))?.[1] : undefined;
  return 1024 * (kib === undefined ? process.resourceUsage().maxRSS : Number(kib));
}

/** A clock for the seconds that a stage takes. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

/** A clock for the seconds of all processors that this process, with its threads, was at work. */
export function processorClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
}

/** Bytes in words: '312 MB', '2.65 GB'. */
export function byteCount(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
