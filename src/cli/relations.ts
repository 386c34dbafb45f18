import { Option, type Command } from 'commander';
import { readText } from '../host/index.js';
import { parseConfigText, relateGalaxies, relationsText, setKey } from '../pipeline/index.js';
import { command, count, printResult, reporterOf, several, type CommonOptions, type Done } from './options.js';

interface RelationsCommandOptions extends CommonOptions {
  readonly out: string;
  readonly sample?: 'li2025';
  readonly config?: string;
  readonly set?: readonly string[];
  readonly overwrite?: boolean;
  readonly workers?: number;
}

async function runRelations(paths: readonly string[], options: RelationsCommandOptions, done: Done): Promise<void> {
  const { out, config, seed, workers } = options;
  const written = config ? parseConfigText(await readText(config), config) : {};
  const set = (options.set ?? []).reduce((tree, assignment) => setKey(tree, assignment, 'environment.window="300 km/s"'), written);
  const summary = await relateGalaxies({
    paths, out, tree: seed === undefined ? set : { ...set, seed }, where: config ?? 'command line', published: options.sample !== undefined, overwrite: options.overwrite === true, reporter: reporterOf(options),
    ...(workers !== undefined && { workers }),
  });
  printResult(options, summary, relationsText(summary));
  done(summary.exitStatus);
}

export function relationsCommand(done: Done): Command {
  return command('relations',
    'The relations that a sample of galaxies obeys: gradients against mass, yield, gas, star formation and environment, plain and at fixed mass, with figures and a report. Galaxies come from runs, tables, or both.',
    'zgrad relations runs masses.csv --out relations\nzgrad relations --sample li2025 --out li2025')
    .argument('[inputs...]', 'run directories, directories of runs, tables (CSV, ECSV, VOTable, FITS); joined by the names of the galaxies')
    .requiredOption('--out <DIR>', 'directory to make')
    .addOption(new Option('--sample <NAME>', 'start from a published sample').choices(['li2025']))
    .option('--config <FILE>', 'configuration (YAML): selection, subsets, properties, neighbours, reference, overlays')
    .option('--set <KEY=VALUE>', 'set one key of the configuration; may be given several times', several)
    .option('--overwrite', 'replace what is in --out')
    .option('--workers <N>', 'threads for the statistics and the figures; default: SLURM_CPUS_PER_TASK, or all processors', count)
    .action((inputs: string[], options: RelationsCommandOptions) => runRelations(inputs, options, done));
}
