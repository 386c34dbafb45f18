import { badTable, shown } from './bad-table.js';

/** What separates the fields of a line: blanks in any number, or one comma, semicolon or tab. */
export type Delimiter = ' ' | ',' | ';' | '\t';

/** A line of fields (or several, when a quoted field holds line breaks), with the number of its first line. */
export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** The fields of a text and the lines that are comments. */
export interface Delimited {
  readonly rows: readonly Row[];
  /** Comment lines above the first row, without their #. */
  readonly comments: readonly string[];
}

/**
 * Splits a text into rows of fields. Lines that begin with # and empty lines are passed over; a field in double quotes
 * may hold delimiters, line breaks and doubled quotes; blanks around a field are not part of it.
 * @param firstLine the number of the text's first line in its file
 * @throws BadTable when a quote is not closed, or is followed by something else than a delimiter
 */
export function splitDelimited(text: string, delimiter: Delimiter, where: string, firstLine = 1): Delimited {
  const rows: Row[] = [];
  const comments: string[] = [];
  const end = text.length;
  let at = 0;
  let line = firstLine;

  const skipBlanks = () => {
    while (text[at] === ' ' || (text[at] === '\t' && delimiter !== '\t')) at++;
  };
  const atLineEnd = () => at >= end || text[at] === '\n' || text[at] === '\r';
  const passLineEnd = () => {
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    line++;
  };
  const quotedField = () => {
    const opened = line;
    let field = '';
    at++;
    for (;;) {
      const close = text.indexOf('"', at);
      if (close < 0) throw badTable(where, opened, 'a quote that is never closed', 'a closing "');
      field += text.slice(at, close);
      at = close + 1;
      if (text[at] !== '"') break;
      field += '"';
      at++;
    }
    line += countLineEnds(field);
    skipBlanks();
    if (!atLineEnd() && text[at] !== delimiter && !(delimiter === ' ' && /\s/.test(text[at - 1]!))) {
      throw badTable(where, line, `${shown(text.slice(at, at + 10))} after a closing quote`, 'a delimiter or the end of the line');
    }
    return field;
  };
  const plainField = () => {
    const start = at;
    if (delimiter === ' ') while (!atLineEnd() && text[at] !== ' ' && text[at] !== '\t') at++;
    else while (!atLineEnd() && text[at] !== delimiter) at++;
    return text.slice(start, at).trimEnd();
  };

  while (at < end) {
    skipBlanks();
    if (atLineEnd()) {
      passLineEnd();
      continue;
    }
    if (text[at] === '#') {
      const start = at + 1;
      while (!atLineEnd()) at++;
      if (rows.length === 0) comments.push(text.slice(start, at));
      continue;
    }
    const row = { line, fields: [] as string[] };
    for (;;) {
      skipBlanks();
      if (atLineEnd() && delimiter === ' ') break;
      row.fields.push(text[at] === '"' ? quotedField() : plainField());
      if (delimiter !== ' ') {
        if (atLineEnd()) break;
        at++;
      }
    }
    rows.push(row);
  }
  return { rows, comments };
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** The lines in order, each checked to have as many fields as there are names. */
export function* checkedRows(rows: Iterable<Row>, names: readonly string[], where: string): Generator<Row> {
  for (const row of rows) {
    if (row.fields.length !== names.length) {
      throw badTable(where, row.line, `${row.fields.length} fields`, `${names.length}, one for each of ${names.join(', ')}`);
    }
    yield row;
  }
}

/** A field as it has to stand in the file: in quotes when it would otherwise read as something else. */
export function quoteField(field: string, delimiter: Delimiter): string {
  const plain = field !== '' && !field.startsWith('#') && !/["\s]/.test(field) && !field.includes(delimiter);
  return plain ? field : `"${field.replaceAll('"', '""')}"`;
}
