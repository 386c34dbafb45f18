import { parseEcsv } from './ecsv.js';
import type { Table } from './table.js';
import { parseText } from './text-table.js';
import { parseVotable } from './votable.js';

/**
 * Reads a table of text of any kind by its content: ECSV, VOTable, or lines of fields separated by commas, tabs or blanks.
 * @param fileName for errors
 * @throws BadTable with the line and what was expected there
 */
export function parseTable(text: string, fileName: string): Table {
  if (/^\ufeff?# ?%ECSV/.test(text)) return parseEcsv(text, fileName);
  if (/^\ufeff?\s*</.test(text)) return parseVotable(text, fileName);
  const line = text.split(/\r\n|\r|\n/).find((line) => /^\ufeff?\s*[^#\s\ufeff]/.test(line)) ?? '';
  return parseText(text, line.includes(',') ? ',' : line.includes('\t') ? '\t' : ' ', fileName);
}
