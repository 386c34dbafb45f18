import { readFileSync } from 'node:fs';
import { shared } from '../support/shared.js';

/** One chapter of the check values of the literature's formulae, computed in double precision. */
export function checkValues<T>(chapter: string): T {
  return (JSON.parse(readFileSync(shared('tables', 'check_values.json'), 'utf8')) as Record<string, unknown>)[chapter] as T;
}
