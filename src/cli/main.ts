import { Command, CommanderError } from 'commander';
import { ZgradError, isZgradError, type ErrorTag } from '../errors/index.js';
import { version } from '../pipeline/index.js';
import { demoCommand } from './demo.js';
import { initCommand } from './init.js';
import { mapsCommand, measureCommand } from './measure.js';
import { simulateCommand } from './simulate.js';

/** 0 all well; 1 the run failed; 2 wrong usage or configuration; 3 finished, but some galaxy gave no trusted result. */
export type ExitStatus = 0 | 1 | 2 | 3;

const usageErrors: readonly ErrorTag[] = ['BadConfig', 'BadArgument', 'BadUnit', 'FileNotFound', 'OutputExists'];

/** Runs the command line and answers with the exit status. Never throws: an unforeseen error is printed with its stack, status 1. */
export async function run(args: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const done = (value: ExitStatus): void => { status = value; };
  const program = new Command('zgrad')
    .description('From an integral-field cube to metallicity maps and a radial metallicity gradient with an honest error.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(zgrad COMMAND --help explains a command with an example)');
  for (const make of [demoCommand, initCommand, measureCommand, mapsCommand, simulateCommand]) {
    program.addCommand(make(done).exitOverride());
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!isZgradError(error)) {
      process.stderr.write(`zgrad: unforeseen failure, please report it: ${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    }
    process.stderr.write(`zgrad: ${error.message}\n`);
    return exitOf(error);
  }
  return status;
}

/** The exit status that an error stands for. */
export function exitOf(error: ZgradError): ExitStatus {
  return usageErrors.includes(error.tag) ? 2 : 1;
}
