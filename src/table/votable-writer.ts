import type { Column, ColumnValues, Table } from './table.js';
import { columnType, formatNumber, type Element } from './types.js';
import { toVounit } from './vounit.js';
import { escapeAttribute, escapeText } from './xml.js';

const datatypes: Readonly<Record<Exclude<Element, 'string'>, string>> = {
  bool: 'boolean', uint8: 'unsignedByte', int16: 'short', int32: 'int', int64: 'long', float32: 'float', float64: 'double',
};

/**
 * A table as VOTable 1.4 (Ochsenbein et al. 2019, IVOA Recommendation), TABLEDATA. The meta's `description` becomes the
 * table's; text, numbers and truth values become PARAMs, other entries INFOs with JSON. Characters that XML cannot hold
 * become U+FFFD; strings in arrays lose the blanks at their ends; units are respelled as VOUnits.
 */
export function toVotable(table: Table): string {
  const cells = table.columns.map(cellWriter);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
    '<RESOURCE type="results">',
    '<TABLE>',
  ];
  // The order of the schema: a description, INFOs, PARAMs and FIELDs.
  const order = ['<DES', '<INF', '<PAR'];
  const rank = (line: string) => order.indexOf(line.slice(0, 4));
  lines.push(...Object.entries(table.meta).map(metaElement).toSorted((a, b) => rank(a) - rank(b)));
  for (const column of table.columns) lines.push(fieldElement(column));
  lines.push('<DATA>', '<TABLEDATA>');
  for (let row = 0; row < table.length; row++) {
    lines.push(`<TR>${table.columns.map(({ values }, i) => `<TD>${escapeText(cells[i]!(values[row]!))}</TD>`).join('')}</TR>`);
  }
  lines.push('</TABLEDATA>', '</DATA>', '</TABLE>', '</RESOURCE>', '</VOTABLE>');
  return `${lines.join('\n')}\n`;
}

function element(tag: string, attributes: Readonly<Record<string, string | null>>, content = ''): string {
  const written = Object.entries(attributes).filter(([, value]) => value !== null).map(([name, value]) => ` ${name}="${escapeAttribute(value!)}"`);
  return `<${tag}${written.join('')}${content ? `>${content}</${tag}>` : '/>'}`;
}

function descriptionElement(text: string): string {
  return `<DESCRIPTION>${escapeText(text)}</DESCRIPTION>`;
}

function metaElement([name, value]: [string, unknown]): string {
  if (name === 'description' && typeof value === 'string') return descriptionElement(value);
  switch (typeof value) {
    case 'string': return element('PARAM', { name, datatype: characters([value]), arraysize: '*', value });
    case 'number': return element('PARAM', { name, datatype: 'double', value: voNumber(value, 'float64') });
    case 'boolean': return element('PARAM', { name, datatype: 'boolean', value: String(value) });
    default: return element('INFO', { name, value: JSON.stringify(value) });
  }
}

function fieldElement(column: Column): string {
  const { name, unit, description, values } = column;
  const { element: kind, size } = columnType(column);
  const length = size === undefined ? null : size !== null && size > 1 ? String(size) : '*'; // '1' would be no array
  const texts = kind === 'string' ? (values as readonly (string | readonly string[])[]).flat() : [];
  const type = kind === 'string'
    ? { datatype: characters(texts), arraysize: length === null ? '*' : `${longest(texts)}x${length}` }
    : { datatype: datatypes[kind], arraysize: length };
  const attributes = { name, ...type, unit: unit === null ? null : toVounit(unit) };
  return element('FIELD', attributes, description === null ? '' : descriptionElement(description));
}

/** `char` is seven bits; anything else needs `unicodeChar`. */
function characters(texts: readonly string[]): 'char' | 'unicodeChar' {
  // eslint-disable-next-line no-control-regex -- seven bits, control characters included
  return texts.every((text) => /^[\u0000-\u007f]*$/.test(text)) ? 'char' : 'unicodeChar';
}

function longest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 1);
}

/** How a column's cells are written. */
function cellWriter(column: Column): (value: ColumnValues[number]) => string {
  const { element: kind } = columnType(column);
  const width = kind === 'string' && typeof column.values[0] === 'object' ? longest((column.values as readonly string[][]).flat()) : 0;
  return (value) => {
    if (typeof value === 'object') {
      const entries = Array.from<string | number, string>(value, (entry) => typeof entry === 'string' ? entry.padEnd(width) : voNumber(entry, kind));
      return entries.join(kind === 'string' ? '' : ' ');
    }
    if (typeof value === 'string') return value;
    return typeof value === 'boolean' ? String(value) : voNumber(value, kind);
  };
}

function voNumber(value: number | bigint, kind: Element): string {
  return formatNumber(value, kind).replace('nan', 'NaN').replace('inf', 'Inf');
}
