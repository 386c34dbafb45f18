/** A worker thread of the pipeline. */
import { allowFastMath, serveTasks } from '../host/index.js';
import type { WorkerJob } from './executor.js';
import { works } from './works.js';

serveTasks<WorkerJob, never, unknown>(({ name, data, fastMath }) => {
  if (fastMath) allowFastMath();
  return (works[name] as (data: unknown) => (task: never) => unknown)(data);
});
