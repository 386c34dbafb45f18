import type { Delimiter } from './delimited.js';
import { parseEcsv } from './ecsv.js';
import type { Table } from './table.js';
import { parseText } from './text-table.js';
import { parseVotable } from './votable.js';

/**
 * Reads a table of text of any kind by its content: ECSV, VOTable, or lines of fields separated by commas,
 * semicolons, tabs or blanks (what the first line has most of, blanks only when it has none of the others).
 * @param fileName for errors
 * @throws BadTable with the line and what was expected there
 */
export function parseTable(text: string, fileName: string): Table {
  if (/^\ufeff?# ?%ECSV/.test(text)) return parseEcsv(text, fileName);
  if (/^\ufeff?\s*</.test(text)) return parseVotable(text, fileName);
  const line = text.split(/\r\n|\r|\n/).find((line) => /^\ufeff?\s*[^#\s\ufeff]/.test(line)) ?? '';
  const count = (delimiter: Delimiter) => line.split(delimiter).length - 1;
  const delimiter = ([',', ';', '\t'] as const).reduce<Delimiter>((best, next) => count(next) > (best === ' ' ? 0 : count(best)) ? next : best, ' ');
  return parseText(text, delimiter, fileName);
}
