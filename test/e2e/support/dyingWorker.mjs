/** Preloaded to let a worker thread die while it has a certain task: as when the system runs out of memory, without a word. ZGRAD_TEST_DEATHS says of which stage and task, and how often. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { isMainThread, parentPort } from 'node:worker_threads';

const { stage, task, times, log } = JSON.parse(process.env['ZGRAD_TEST_DEATHS']);
if (!isMainThread) {
  let current = null;
  const on = parentPort.on.bind(parentPort);
  parentPort.on = (event, act) => on(event, event !== 'message' ? act : (message) => {
    current = message.job?.data.name ?? current;
    if (current === stage && message.task === task && (existsSync(log) ? readFileSync(log).length : 0) < times) {
      appendFileSync(log, '.');
      process.exit(1);
    }
    act(message);
  });
}
