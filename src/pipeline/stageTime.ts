import { duration, processorClock, stopwatch } from '../host/index.js';
import type { Executor } from './executor.js';

/** A stage of a run: the seconds it took, and what kept it from being shorter. */
export interface StageTime {
  readonly stage: string;
  readonly seconds: number;
  /** Processors that were at work on it, on average. */
  readonly processors: number;
  /** Tasks that the workers shared; 0: one thread did it all. */
  readonly tasks: number;
  /** Share of the time for which the workers had tasks. */
  readonly busy: number;
  /** 'other programs': threads that had work waited for the disk, for memory, or for processors that others were using. */
  readonly limit: 'processors' | 'one thread' | 'disk or other programs';
}

/** Begins to time a stage; called when it has ended. */
export function timeStage(stage: string, executor: Executor): () => StageTime {
  executor.tally();
  const [clock, processor] = [stopwatch(), processorClock()];
  return () => {
    const seconds = clock();
    const processors = processor() / seconds;
    const { tasks, busy: at } = executor.tally();
    const busy = at / seconds / executor.workers;
    // What was done beside the tasks, and by the last of them while the other workers had nothing more to do, is one thread's.
    const threads = tasks > 0 && busy > 0.5 ? executor.workers * busy : 1;
    const limit = processors < 0.8 * threads ? 'disk or other programs' : threads > 1 || executor.workers === 1 ? 'processors' : 'one thread';
    return { stage, seconds, processors, tasks, busy, limit };
  };
}

/** A stage in a line of the log. */
export function stageText({ stage, seconds, processors, tasks, busy, limit }: StageTime, workers: number): string {
  const shared = tasks > 0 ? `${tasks} tasks, ${workers === 1 ? 'one worker' : `${workers} workers ${Math.round(100 * busy)} % busy`}, ` : '';
  return `${stage}: ${duration(seconds)} (${shared}${processors.toFixed(1)} processors; limited by ${limit === 'processors' ? 'the processors' : limit})`;
}
