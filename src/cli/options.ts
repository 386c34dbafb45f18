import { Command, InvalidArgumentError } from 'commander';
import { createReporter, type Reporter } from '../host/index.js';
import type { ExitStatus } from './exitStatus.js';

/** Sets the exit status of the program. */
export type Done = (status: ExitStatus) => void;

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new InvalidArgumentError('expected a whole number from 0 to 4294967295.');
  return value;
}

/** A count of at least one. */
export function count(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('expected at least 1.');
  return value;
}

/** A command with `--json`, `--quiet`, `--seed` and an example in its help. */
export function command(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option('--json', 'a machine-readable summary on standard output')
    .option('--quiet', 'no progress and no log, only warnings')
    .option('--seed <N>', 'seed of every random number', wholeNumber)
    .addHelpText('after', `\nExample:\n${example.split('\n').map((line) => `  ${line}`).join('\n')}`);
}

/** An option that may be given several times. */
export const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function reporterOf({ quiet }: CommonOptions): Reporter {
  return createReporter({ quiet: quiet === true });
}

/** The result of a command: JSON for machines with `--json`, otherwise text for people (nothing with `--quiet`). */
export function printResult(options: CommonOptions, summary: unknown, text: string): void {
  if (options.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else if (!options.quiet) process.stdout.write(`${text}\n`);
}
