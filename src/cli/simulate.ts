import { join, parse } from 'node:path';
import { Argument, type Command } from 'commander';
import { ZgradError } from '../errors/index.js';
import { writeFits } from '../fits/index.js';
import { exists, fileSink, writeAtomically } from '../host/index.js';
import { setKey, simulationConfig, type ConfigTree } from '../pipeline/index.js';
import { simulateGalaxy, truthHdus, writeSimulatedCube, type Simulation, type SimulationOptions } from '../simulate/index.js';
import { command, printResult, reporterOf, several, type CommonOptions, type Done } from './options.js';

interface SimulateOptions extends CommonOptions {
  readonly out: string;
  readonly set?: readonly string[];
}

/** The names of what a simulation writes: the cube, its truth, and a configuration to measure it with. */
export function simulationFiles(out: string): { cube: string; truth: string; configuration: string } {
  const { dir, name } = parse(out.replace(/\.gz$/, ''));
  return { cube: out, truth: join(dir, `${name}-truth.fits`), configuration: join(dir, `${name}.yaml`) };
}

/** Writes the cube, the truth and the configuration of a simulated galaxy. */
export async function writeSimulation(out: string, options: SimulationOptions): Promise<{ simulation: Simulation; files: ReturnType<typeof simulationFiles> }> {
  const simulation = simulateGalaxy(options);
  const files = simulationFiles(out);
  const cube = await fileSink(files.cube);
  await writeSimulatedCube(cube, simulation);
  await cube.close();
  const truth = await fileSink(files.truth);
  await writeFits(truth, truthHdus(simulation));
  await truth.close();
  await writeAtomically(files.configuration, simulationConfig(simulation));
  return { simulation, files };
}

export function simulateCommand(_done: Done): Command {
  return command('simulate', 'A mock observation with known truth: a MUSE-format cube, its truth beside it, and a configuration to measure it with.',
    'zgrad simulate cube --out mock.fits --set oxygen.slope=-0.2 --set nx=60 --set ny=60 --seed 7')
    .addArgument(new Argument('<kind>', 'what to simulate').choices(['cube']))
    .requiredOption('--out <FILE>', 'cube to write')
    .option('--set <KEY=VALUE>', 'one setting, e.g. psf.fwhm=0.8; may be given several times', several)
    .action(async (_kind: string, options: SimulateOptions) => {
      if (await exists(options.out)) {
        throw new ZgradError('OutputExists', { where: options.out, found: 'an existing file', expected: 'a new name', remedy: 'Choose another --out or remove it.' });
      }
      const start: ConfigTree = options.seed === undefined ? {} : { seed: options.seed };
      const tree = (options.set ?? []).reduce((at, assignment) => setKey(at, assignment, 'oxygen.slope=-0.2'), start);
      const reporter = reporterOf(options);
      reporter.say(`simulating ${options.out}`);
      const { files } = await writeSimulation(options.out, tree as SimulationOptions);
      printResult(options, files, `wrote ${files.cube}, ${files.truth} and ${files.configuration}\nmeasure it: zgrad measure ${files.cube} --config ${files.configuration} --out RUN`);
    });
}
