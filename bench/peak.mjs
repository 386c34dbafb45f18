/**
 * The largest resident memory of a process [bytes]. As `node --import bench/peak.mjs program` it writes that number, when the
 * program ends, to the file named by ZGRAD_BENCH_PEAK.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export function peakMemory() {
  // Linux hands the parent's peak on to its children in getrusage's maxRSS, but not in VmHWM.
  const status = '/proc/self/status';
  const kib = existsSync(status) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, 'latin1'))?.[1] : undefined;
  return 1024 * (kib === undefined ? process.resourceUsage().maxRSS : Number(kib));
}

const file = process.env.ZGRAD_BENCH_PEAK;
if (file) process.on('exit', () => writeFileSync(file, String(peakMemory())));
