/** The whole chain as a user runs it: `zgrad demo`, from the simulated cube to the report. */
import { join } from 'node:path';
import { bench, runNode } from './harness.mjs';

export async function demo({ folder }) {
  const run = await runNode([join(bench, '..', 'bin', 'zgrad.js'), 'demo', '--json', '--out', join(folder, 'demo')], join(folder, 'demo-peak'));
  const { summary } = JSON.parse(run.stdout);
  return [{
    what: 'zgrad demo', rounds: { ours: [run], peer: null }, peer: null,
    note: `a cube simulated, ${summary.counts.bins} bins measured, report written; the start of the process included; once`,
  }];
}
