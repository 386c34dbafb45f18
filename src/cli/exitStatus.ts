import type { ErrorTag, ZgradError } from '../errors/index.js';

/** 0 all well; 1 the run failed; 2 wrong usage or configuration; 3 finished, but some galaxy gave no trusted result. */
export type ExitStatus = 0 | 1 | 2 | 3;

const usageErrors: readonly ErrorTag[] = ['BadConfig', 'BadArgument', 'BadUnit', 'FileNotFound', 'OutputExists'];

/** The exit status that an error stands for. */
export function exitOf(error: ZgradError): ExitStatus {
  return usageErrors.includes(error.tag) ? 2 : 1;
}
