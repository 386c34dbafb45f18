/** What kind of thing went wrong: the literal that callers narrow on. */
export type ErrorTag =
  | 'FileNotFound'
  | 'NotFits'
  | 'BadFits'
  | 'MissingHdu'
  | 'BadTable'
  | 'BadUnit'
  | 'BadWcs'
  | 'BadCube'
  | 'BadMaps'
  | 'BadMask'
  | 'BadConfig'
  | 'BadArgument'
  | 'OutputExists'
  | 'RunInProgress'
  | 'WorkerFailed'
  | 'Interrupted';

/** What is said of a failure: what was found, what was expected, what to do. */
export interface ErrorDetails {
  /** Where: a file, an HDU, a byte, a configuration path. */
  readonly where: string;
  readonly found: string;
  readonly expected: string;
  /** What the user can do about it. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * The one error that zgrad throws: for a bad file, a bad configuration or a bad argument, never for bad
 * data in a spaxel (that gives a status bit). Its message says what was found, what was expected and what to do.
 */
export class ZgradError extends Error {
  readonly tag: ErrorTag;
  readonly details: ErrorDetails;

  constructor(tag: ErrorTag, details: ErrorDetails) {
    const remedy = details.remedy ? ` ${details.remedy}` : '';
    super(`${details.where}: found ${details.found}; expected ${details.expected}.${remedy}`, { cause: details.cause });
    this.name = 'ZgradError';
    this.tag = tag;
    this.details = details;
  }
}

/** True for an error thrown by zgrad (with the given tag, when one is named). */
export function isZgradError(error: unknown, tag?: ErrorTag): error is ZgradError {
  return error instanceof ZgradError && (tag === undefined || error.tag === tag);
}
