import { availableParallelism, totalmem } from 'node:os';

/** Processors for this run: those that Slurm gave to the task, otherwise all that the system offers. */
export function defaultWorkers(): number {
  const slurm = Number(process.env['SLURM_CPUS_PER_TASK']);
  return Number.isInteger(slurm) && slurm > 0 ? slurm : availableParallelism();
}

/** Memory for this run [bytes]: three quarters of what Slurm, the container or the machine has. */
export function defaultMemory(): number {
  const slurm = Number(process.env['SLURM_MEM_PER_NODE']) * 2 ** 20;
  const constrained = process.constrainedMemory();
  const all = [totalmem(), ...(constrained > 0 ? [constrained] : []), ...(slurm > 0 ? [slurm] : [])];
  return 0.75 * Math.min(...all);
}
