import { badTable } from './bad-table.js';
import { makeTable, type Table } from './table.js';
import { columnOf, fieldOf, parseTextCell, type Field, type RowCell } from './votable-field.js';
import { readBinary } from './votable-binary.js';
import { readXml } from './xml.js';

/**
 * Reads the first TABLE of a VOTable (Ochsenbein et al. 2019, IVOA Recommendation; versions 1.1 to 1.5), serialised as
 * TABLEDATA, BINARY or BINARY2. The table's DESCRIPTION, PARAMs and INFOs become its meta. Whole numbers and truth
 * values with gaps become float64 with NaN; arrays of several dimensions become flat.
 * @param where the file's name, for errors
 * @throws BadTable with the line and what was expected there
 */
export function parseVotable(text: string, where: string): Table {
  const path: string[] = [];
  const fields: Field[] = [];
  const meta: Record<string, unknown> = {};
  let rows: RowCell[][] = [];
  let row: RowCell[] = [];
  let tables = 0;
  let content = '';
  let attributes: ReadonlyMap<string, string> = new Map();
  let description: string | null = null;
  let missing: string | undefined;
  let began = 0;

  for (const event of readXml(text, where)) {
    const line = event.line;
    if (event.kind === 'text') {
      content += event.text;
      continue;
    }
    const parent = event.kind === 'start' ? path.at(-1) : path.at(-2);
    if (event.kind === 'start') {
      path.push(event.name);
      content = '';
      if (path.length === 1 && event.name !== 'VOTABLE') throw badTable(where, line(), `<${event.name}>`, '<VOTABLE>');
      if (event.name === 'TABLE') tables++;
      if (tables !== 1) continue;
      switch (event.name) {
        case 'FIELD':
        case 'PARAM':
          ({ attributes } = event);
          [description, missing, began] = [null, undefined, line()];
          break;
        case 'VALUES':
          missing = event.attributes.get('null');
          break;
        case 'INFO':
          if (parent === 'TABLE') meta[event.attributes.get('name') ?? 'INFO'] = event.attributes.get('value') ?? '';
          break;
        case 'STREAM':
          began = line();
          if (event.attributes.has('href') || event.attributes.get('encoding') !== 'base64') {
            throw badTable(where, began, 'a STREAM that is elsewhere or not in base64', 'the data within, encoding="base64"');
          }
          break;
        case 'FITS':
          throw badTable(where, line(), 'data serialised as FITS', 'TABLEDATA, BINARY or BINARY2');
        default:
      }
      continue;
    }

    path.pop();
    if (tables !== 1) continue;
    switch (event.name) {
      case 'DESCRIPTION':
        if (parent === 'TABLE') meta['description'] = content.trim();
        else description = content.trim();
        break;
      case 'FIELD':
        fields.push(fieldOf(attributes, description, missing, where, began));
        break;
      case 'PARAM': {
        if (parent !== 'TABLE') break;
        const field = fieldOf(attributes, description, missing, where, began);
        const value = parseTextCell(attributes.get('value') ?? '', field, where, () => began);
        meta[field.name] = typeof value === 'bigint' ? Number(value) : value;
        break;
      }
      case 'TD': {
        const field = fields[row.length];
        if (!field) throw badTable(where, line(), `more than ${fields.length} cells in a row`, 'one for every FIELD');
        row.push(parseTextCell(content, field, where, line));
        break;
      }
      case 'TR':
        if (row.length !== fields.length) throw badTable(where, line(), `${row.length} cells in a row`, `${fields.length}, one for every FIELD`);
        rows.push(row);
        row = [];
        break;
      case 'STREAM':
        rows = readBinary(content, fields, parent === 'BINARY2', where, began);
        break;
      default:
    }
  }
  if (tables === 0) throw badTable(where, null, 'no <TABLE>', 'one');
  return makeTable(fields.map((field, i) => columnOf(field, rows.map((cells) => cells[i]!))), meta, where);
}
