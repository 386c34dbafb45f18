import { ZgradError } from '../errors/index.js';

/** The error of a malformed table, at a line of a file. */
export function badTable(where: string, line: number | null, found: string, expected: string, cause?: unknown): ZgradError {
  return new ZgradError('BadTable', { where: line === null ? where : `${where}, line ${line}`, found, expected, cause });
}

/** A piece of the file's text for a message: on one line, and not long. */
export function shown(text: string): string {
  const line = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return `'${line.slice(1, -1)}'`;
}
