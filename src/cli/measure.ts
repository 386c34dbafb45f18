import type { Command } from 'commander';
import { ZgradError } from '../errors/index.js';
import { allowFastMath, readText } from '../host/index.js';
import { measureGalaxies, measureGalaxy, parseConfigText, parseMemory, readGalaxyTable, setKey, summaryText, tableText, type ConfigTree, type Entry } from '../pipeline/index.js';
import { command, printResult, reporterOf, several, count, type CommonOptions, type Done } from './options.js';

interface MeasureOptions extends CommonOptions {
  readonly out: string;
  readonly config?: string;
  readonly set?: readonly string[];
  readonly galaxies?: string;
  readonly overwrite?: boolean;
  readonly fastMath?: boolean;
  readonly workers?: number;
  readonly memory?: number;
}

/** The configuration file with every `--set` and `--seed` on top. */
async function readConfig(options: MeasureOptions): Promise<ConfigTree> {
  let tree = options.config ? parseConfigText(await readText(options.config), options.config) : {};
  for (const assignment of options.set ?? []) tree = setKey(tree, assignment);
  return options.seed === undefined ? tree : { ...tree, seed: options.seed };
}

async function runMeasure(entry: Entry, files: readonly string[], options: MeasureOptions, done: Done): Promise<void> {
  if (options.fastMath) allowFastMath();
  const reporter = reporterOf(options);
  const tree = await readConfig(options);
  const { workers, memory } = options;
  const shared = { entry, overwrite: options.overwrite === true, reporter, ...(workers !== undefined && { workers }), ...(memory !== undefined && { memory }) };
  if (options.galaxies) {
    if (files.length) {
      throw new ZgradError('BadArgument', { where: 'arguments', found: `both files and --galaxies`, expected: 'one of them' });
    }
    const table = await measureGalaxies({ ...shared, out: options.out, rows: await readGalaxyTable(options.galaxies), tree });
    printResult(options, table, tableText(table));
    done(table.exitStatus);
    return;
  }
  if (!files.length) {
    throw new ZgradError('BadArgument', {
      where: 'arguments', found: 'no file', expected: 'the files of one galaxy, or --galaxies TABLE',
      remedy: `See zgrad ${entry === 'cube' ? 'measure' : 'maps'} --help.`,
    });
  }
  const summary = await measureGalaxy({ ...shared, files, out: options.out, tree, where: options.config ?? 'command line' });
  printResult(options, summary, summaryText(summary));
  done(summary.exitStatus);
}

function withMeasureOptions(made: Command): Command {
  return made
    .argument('[files...]', 'the files of one galaxy')
    .requiredOption('--out <DIR>', 'run directory to make')
    .option('--config <FILE>', 'configuration (YAML); zgrad init writes a commented one that explains every key')
    .option('--set <KEY=VALUE>', 'set one key of the configuration; may be given several times', several)
    .option('--galaxies <TABLE>', 'several galaxies: a row each, with a column `files` and any configuration key')
    .option('--overwrite', 'replace a different run in --out')
    .option('--workers <N>', 'threads; default: SLURM_CPUS_PER_TASK, or all processors. Results do not depend on it', count)
    .option('--memory <SIZE>', 'most that the run may take, such as 3GB; larger cubes stay on disk. Default: three quarters of the memory', parseMemory)
    .option('--fast-math', 'fused multiply-add in the kernels: a little faster, the last digits depend on the processor');
}

export function measureCommand(done: Done): Command {
  return withMeasureOptions(command('measure',
    'From the cube of one galaxy (one file, or the two arms of one) to line maps, abundance maps and gradients.',
    'zgrad measure ADP.2016-06-21.fits --out NGC1705 --set redshift=0.00211 --set distance="5.10 Mpc" --set foreground.ebv=0.008'))
    .addHelpText('after', '\nThe stars under the lines are fitted with the library continuum.templates when it is installed (zgrad templates --help).')
    .action((files: string[], options: MeasureOptions) => runMeasure('cube', files, options, done));
}

export function mapsCommand(done: Done): Command {
  return withMeasureOptions(command('maps',
    'The same chain entered at the line maps of another pipeline: MaNGA DAP, SAMI DR3, Pipe3D (FITS or HDF5), PHANGS-MUSE, GIST/nGIST, or a plain table of line fluxes with positions.',
    'zgrad maps manga-8080-12701-MAPS-VOR10-GAU-MILESHC.fits.gz --out 8080-12701'))
    .action((files: string[], options: MeasureOptions) => runMeasure('maps', files, options, done));
}
