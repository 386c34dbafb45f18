import { Command, CommanderError } from 'commander';
import { isZgradError } from '../errors/index.js';
import { version } from '../pipeline/index.js';
import { exitOf, type ExitStatus } from './exitStatus.js';
import { demoCommand } from './demo.js';
import { initCommand } from './init.js';
import { mapsCommand, measureCommand } from './measure.js';
import { planCommand } from './plan.js';
import { relationsCommand } from './relations.js';
import { simulateCommand } from './simulate.js';
import { templatesCommand } from './templates.js';

/** Runs the command line and answers with the exit status. Never throws: an unforeseen error is printed with its stack, status 1. */
export async function run(args: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const done = (value: ExitStatus): void => { status = value; };
  const program = new Command('zgrad')
    .description('From an integral-field cube to metallicity maps and a radial metallicity gradient with an honest error.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(zgrad COMMAND --help explains a command with an example)');
  for (const make of [demoCommand, initCommand, measureCommand, mapsCommand, planCommand, relationsCommand, simulateCommand, templatesCommand]) {
    program.addCommand(make(done).exitOverride());
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const fromSystem = systemMessage(error);
    if (fromSystem !== null) {
      process.stderr.write(`zgrad: ${fromSystem}\n`);
      return 1;
    }
    if (!isZgradError(error)) {
      process.stderr.write(`zgrad: unforeseen failure, please report it: ${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    }
    process.stderr.write(`zgrad: ${error.message}\n`);
    return exitOf(error);
  }
  return status;
}

/** What the operating system said of a file, without a stack: a full disk is no fault of the program. Null for any other error. */
function systemMessage(error: unknown): string | null {
  if (!(error instanceof Error) || !('syscall' in error)) return null;
  const { path, message } = error as NodeJS.ErrnoException;
  return `${path ?? 'files'}: found ${message}; expected files that can be read and written. Check the path, its permissions and the space left.`;
}
