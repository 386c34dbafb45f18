import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/pipeline/executor.js';
import { stageText, timeStage, type StageTime } from '../../src/pipeline/stageTime.js';

/** Workers that were at tasks for some share of the time since they were last asked. */
function workersBusy(workers: number, share: number): Executor {
  let asked = performance.now();
  return {
    workers, run: async () => undefined, close: async () => undefined,
    tally: () => {
      const busy = (share * workers * (performance.now() - asked)) / 1000;
      asked = performance.now();
      return { tasks: share > 0 ? 7 : 0, busy };
    },
  };
}

/** The processor at work for some time: long enough that other programs cannot hide it. */
function compute(milliseconds: number): void {
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < 1000 * milliseconds) Math.hypot(1, 2);
}
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

describe('what limits a stage', () => {
  it('is the disk or other programs where its threads wait', async () => {
    const ended = timeStage('read', workersBusy(2, 1));
    await sleep(200);
    expect(ended()).toMatchObject({ stage: 'read', tasks: 7, limit: 'disk or other programs' });
  });

  it('is told with the tasks of the workers and how busy they were', () => {
    const ended = timeStage('fit', workersBusy(2, 0.98));
    compute(50);
    const found = ended();
    // The share is of two clocks that are read one after the other.
    expect(found.busy).toBeCloseTo(0.98, 1);
    expect(found.processors).toBeGreaterThan(0);
  });

  it('is put into a line', () => {
    const time: StageTime = { stage: 'fit stars', seconds: 31, processors: 1.96, tasks: 64, busy: 0.98, limit: 'processors' };
    expect(stageText(time, 2)).toBe('fit stars: 31 s (64 tasks, 2 workers 98 % busy, 2.0 processors; limited by the processors)');
    expect(stageText({ ...time, stage: 'images', seconds: 1.9, processors: 1, tasks: 0, busy: 0, limit: 'one thread' }, 2)).toBe('images: 1.9 s (1.0 processors; limited by one thread)');
    expect(stageText({ ...time, busy: 1 }, 1)).toContain('64 tasks, one worker, ');
  });
});
