/** A worker for tests: doubles numbers, and does worse when it is asked to. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ZgradError } from '../../../dist/errors/index.js';
import { serveTasks } from '../../../dist/host/index.js';

serveTasks(({ factor }) => async (task) => {
  if (task.error) throw new ZgradError('BadCube', { where: 'here', found: 'this', expected: 'that' });
  if (task.read) readFileSync(task.read);
  if (task.log) appendFileSync(task.log, '.');
  if (task.dieOnce && !existsSync(task.dieOnce)) {
    writeFileSync(task.dieOnce, '');
    process.exit(1);
  }
  if (task.die) process.exit(1);
  if (task.wait) await new Promise((resolve) => { setTimeout(resolve, task.wait); });
  return { value: factor * task.value, list: Float64Array.of(task.value) };
});
