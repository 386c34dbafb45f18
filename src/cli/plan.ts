import { Option, type Command } from 'commander';
import { ZgradError } from '../errors/index.js';
import { readText } from '../host/index.js';
import { galaxiesPlanText, planGalaxies, planGalaxy, planText, parseConfigText, parseMemory, readGalaxyTable, setKey, type Entry, type Plan } from '../pipeline/index.js';
import { command, count, printResult, several, type CommonOptions, type Done } from './options.js';

interface PlanOptions extends CommonOptions {
  readonly entry: Entry;
  readonly out: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly galaxies?: string;
  readonly overwrite?: boolean;
  readonly workers?: number;
  readonly memory?: number;
}

async function runPlan(files: readonly string[], options: PlanOptions, done: Done): Promise<void> {
  const { entry, out, config, galaxies, workers, memory, seed } = options;
  const written = config ? parseConfigText(await readText(config), config) : {};
  const set = (options.set ?? []).reduce((tree, assignment) => setKey(tree, assignment), written);
  const tree = seed === undefined ? set : { ...set, seed };
  const shared = { entry, out, tree, overwrite: options.overwrite === true, ...(workers !== undefined && { workers }), ...(memory !== undefined && { memory }) };
  if (galaxies) {
    if (files.length) throw new ZgradError('BadArgument', { where: 'arguments', found: 'both files and --galaxies', expected: 'one of them' });
    const plans = await planGalaxies(await readGalaxyTable(galaxies), shared);
    printResult(options, plans, galaxiesPlanText(plans));
    plans.plans.forEach(({ plan }) => tellQuietly(options, plan));
    done(plans.exitStatus);
    return;
  }
  if (!files.length) {
    throw new ZgradError('BadArgument', { where: 'arguments', found: 'no file', expected: 'the files of one galaxy, or --galaxies TABLE', remedy: 'See zgrad plan --help.' });
  }
  const plan = await planGalaxy({ ...shared, files, where: config ?? 'command line' });
  printResult(options, plan, planText(plan));
  tellQuietly(options, plan);
  done(plan.exitStatus);
}

/** Refusals and warnings are told even with --quiet. */
function tellQuietly({ quiet, json }: PlanOptions, { warnings, problems }: Plan): void {
  if (!quiet || json) return;
  for (const text of [...warnings.map((warning) => `warning: ${warning}`), ...problems.map(({ message }) => `zgrad: ${message}`)]) process.stderr.write(`${text}\n`);
}

export function planCommand(done: Done): Command {
  return command('plan',
    'What zgrad measure or maps would do with the same arguments: checks files, units, wavelengths, resolution, configuration and disk space, and predicts bins, fits, time and memory. Runs nothing and writes nothing; ends with 2 where the measurement would be refused.',
    'zgrad plan ADP.2016-06-21.fits --out NGC1705 --set redshift=0.00211 --memory 8GB')
    .argument('[files...]', 'the files of one galaxy')
    .addOption(new Option('--entry <WHERE>', 'where the chain would be entered: at the cube (zgrad measure), or at line maps (zgrad maps)').choices(['cube', 'maps']).default('cube'))
    .requiredOption('--out <DIR>', 'run directory that would be made')
    .option('--config <FILE>', 'configuration (YAML)')
    .option('--set <KEY=VALUE>', 'set one key of the configuration; may be given several times', several)
    .option('--galaxies <TABLE>', 'several galaxies: a row each, with a column `files` and any configuration key')
    .option('--overwrite', 'as if a different run in --out were to be replaced')
    .option('--workers <N>', 'threads; default: SLURM_CPUS_PER_TASK, or all processors', count)
    .option('--memory <SIZE>', 'most that the run may take, such as 3GB. Default: three quarters of the memory', parseMemory)
    .action((files: string[], options: PlanOptions) => runPlan(files, options, done));
}
