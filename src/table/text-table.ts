import { badTable } from './bad-table.js';
import { checkedRows, quoteField, splitDelimited, type Delimiter } from './delimited.js';
import { makeTable, type Column, type ColumnValues, type Table } from './table.js';
import { columnType, columnValues, formatNumber, parseInteger, parseNumber, type Element } from './types.js';

/**
 * A table as comma-separated values: a line of names, then one line a row. Units, descriptions and
 * meta are lost; the numbers of an array stand with blanks between them.
 */
export function toCsv(table: Table): string {
  const lines = [table.columns.map(({ name }) => quoteField(name, ',')).join(',')];
  const elements = table.columns.map((column) => columnType(column).element);
  for (let row = 0; row < table.length; row++) {
    lines.push(table.columns.map(({ values }, i) => quoteField(formatCell(values[row]!, elements[i]!), ',')).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function formatCell(value: ColumnValues[number], element: Element): string {
  if (typeof value === 'object') return Array.from<string | number>(value).join(' ');
  return typeof value === 'number' || typeof value === 'bigint' ? formatNumber(value, element) : String(value);
}

/**
 * Reads comma-separated values. Lines that begin with # are passed over; the first line names the columns. A column is
 * numbers when each of its fields is one or is empty, `nan`, `null`, `none`, `NA`, `N/A`, `-` or `--` (missing: NaN).
 * @param where the file's name, for errors
 * @throws BadTable with the line and what was expected there
 */
export function parseCsv(text: string, where: string): Table {
  return parseText(text, ',', where);
}

/**
 * Reads a table of text whose columns are separated by commas, semicolons, tabs or blanks. The names of the columns are the first
 * line, or, when that line already holds numbers, the last comment above it with as many names.
 * @throws BadTable with the line and what was expected there
 */
export function parseText(text: string, delimiter: Delimiter, where: string): Table {
  const { rows, comments } = splitDelimited(text.replace(/^\ufeff/, ''), delimiter, where);
  const [first] = rows;
  if (!first) throw badTable(where, null, 'no line that is not empty or a comment', 'a line of column names and lines of values');
  const commented = comments
    .map((comment) => splitDelimited(comment.replace(/^#+/, ''), delimiter, where).rows[0]?.fields ?? [])
    .findLast((fields) => fields.length === first.fields.length);
  const isNumber = (field: string) => !Number.isNaN(parseNumber(field) ?? NaN);
  const beginsWithData = first.fields.some(isNumber);
  if (beginsWithData && !commented && (delimiter === ' ' || first.fields.every(isNumber))) {
    throw badTable(where, first.line, 'numbers in the first line', 'the names of the columns, or a comment above with as many names');
  }
  const headed = beginsWithData && commented;
  const names = (headed || first.fields).map((name, i) => name || `column${i + 1}`);
  const checked = Array.from(checkedRows(headed ? rows : rows.slice(1), names, where));
  return makeTable(names.map((name, i): Column => ({
    name, unit: null, description: null, values: detectValues(checked.map((row) => row.fields[i]!)),
  })), {}, where);
}

const missing = /^(?:|[+-]?nan|null|none|na|n\/a|--?)$/i;

/** Whole numbers, numbers or truth values when every field is one, otherwise the fields as they are. */
function detectValues(fields: readonly string[]): ColumnValues {
  if (fields.length === 0) return [];
  const truth = (field: string) => /^(?:true|false)$/i.test(field);
  if (fields.every(truth)) return fields.map((field) => field.length === 4);
  for (const element of ['int32', 'int64'] as const) {
    const cells = fields.map((field) => parseInteger(field, element));
    if (!cells.includes(undefined)) return columnValues(element, cells as (number | bigint)[]);
  }
  const cells = fields.map((field) => missing.test(field) ? null : parseNumber(field));
  // A number of so many digits names something: as float64 it would lose some of them.
  const rounded = cells.some((cell, i) => /^\d{16,}$/.test(fields[i]!) && String(cell) !== fields[i]);
  return cells.includes(undefined) || rounded ? fields : columnValues('float64', cells as (number | null)[]);
}
