import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { exists, readText } from '../host/index.js';
import { drawDemoRelation, measureGalaxy, parseConfigText, signed, summaryText, truthOfRun } from '../pipeline/index.js';
import { command, printResult, reporterOf, type CommonOptions, type Done } from './options.js';
import { writeSimulation } from './simulate.js';

interface DemoOptions extends CommonOptions {
  readonly out: string;
}

/** The galaxy of the demonstration: the simulator's default with a gradient steep enough to see. */
const demoGalaxy = { object: 'Demo galaxy', oxygen: { slope: -0.15 } } as const;

export function demoCommand(done: Done): Command {
  return command('demo', 'Simulate a galaxy whose metallicity gradient is known, measure it, and print the truth beside the result.', 'zgrad demo --out zgrad-demo')
    .option('--out <DIR>', 'folder to make', 'zgrad-demo')
    .action(async (options: DemoOptions) => {
      const reporter = reporterOf(options);
      const run = join(options.out, 'run');
      const cube = join(options.out, 'demo.fits');
      reporter.say(`simulating a galaxy: ${cube}`);
      const { simulation, files } = await writeSimulation(cube, { ...demoGalaxy, ...(options.seed !== undefined && { seed: options.seed }) });
      // The demonstration's own earlier run, of whatever version, is its to replace.
      if (await exists(run)) await rm(run, { recursive: true });
      const summary = await measureGalaxy({
        entry: 'cube', files: [files.cube], out: run, tree: parseConfigText(await readText(files.configuration), files.configuration), where: files.configuration,
        overwrite: false, reporter,
      });
      const truth = await truthOfRun(run, simulation);
      const relation = await drawDemoRelation(options.out, run, simulation);
      const text = [
        summaryText(summary), '',
        'truth and result, 12+log(O/H) in dex/R_e (N2S2Ha)',
        `  put in, before the seeing          ${signed(truth.putIn)}`,
        `  truth in the same bins, with seeing ${signed(truth.slope)}`,
        `  measured                           ${summary.slope === null ? 'none' : signed(summary.slope)} ± ${(summary.blockError ?? summary.slopeError)?.toFixed(3) ?? '–'}`,
        `  (measured − truth)/error           ${summary.slope === null ? '–' : signed((summary.slope - truth.slope) / (summary.blockError ?? summary.slopeError!), 2)}`,
        '', `open ${join(run, 'report.html')}`, `and ${relation.file}: ${relation.caption}`,
      ].join('\n');
      printResult(options, { summary, truth, files, relation }, text);
      done(summary.exitStatus);
    });
}
