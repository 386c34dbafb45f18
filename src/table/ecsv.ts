import { badTable, shown } from './bad-table.js';
import { checkedRows, quoteField, splitDelimited, type Row } from './delimited.js';
import { makeTable, type Column, type ColumnValues, type Table } from './table.js';
import {
  arrayColumnValues, columnType, columnValues, formatNumber, parseElement, type Cell, type Element,
} from './types.js';
import { parseYaml, yamlFlow, yamlPair } from './yaml-header.js';

/**
 * A table as ECSV 1.0 (Enhanced Character-Separated Values: Astropy Proposal for Enhancement 6): a YAML header with types,
 * units, descriptions and meta, then lines of fields separated by blanks. A number that is missing is `nan`, arrays are
 * JSON.
 */
export function toEcsv(table: Table): string {
  return [...ecsvBlocks(table)].join('');
}

/** About so many fields stand in a block: long enough for a file, short beside the table. */
const blockFields = 1 << 15;

/** The text of `toEcsv` in pieces, the header first, for tables whose text is too long to be held as a whole. */
export function* ecsvBlocks(table: Table): Generator<string, void, undefined> {
  const types = table.columns.map(columnType);
  const lines = [
    '# %ECSV 1.0', '# ---', '# datatype:',
    ...table.columns.map(({ name, unit, description }, i) => {
      const { element, size } = types[i]!;
      return `# - ${yamlFlow({
        name,
        ...(unit === null ? {} : { unit }),
        datatype: size === undefined ? element : 'string',
        ...(size === undefined ? {} : { subtype: `${element}[${size}]` }),
        ...(description === null ? {} : { description }),
      })}`;
    }),
  ];
  const meta = Object.entries(table.meta);
  if (meta.length > 0) lines.push('# meta:', ...meta.map((pair) => `#   ${yamlPair(pair)}`));
  lines.push('# schema: astropy-2.0', table.columns.map(({ name }) => quoteField(name, ' ')).join(' '));
  yield `${lines.join('\n')}\n`;
  const fields = table.columns.map((column, i) => fieldsOf(column, types[i]!.element));
  const rows = Math.max(1, Math.floor(blockFields / fields.length));
  for (let from = 0; from < table.length; from += rows) {
    let block = '';
    for (let row = from; row < Math.min(from + rows, table.length); row++) block += `${fields.map((field) => field(row)).join(' ')}\n`;
    yield block;
  }
}

/** The fields of a column by row; numbers need no quotes. */
function fieldsOf({ values }: Column, element: Element): (row: number) => string {
  if (ArrayBuffer.isView(values)) return (row) => formatNumber(values[row]!, element);
  return (row) => quoteField(formatCell(values[row]!, element), ' ');
}

function formatCell(value: ColumnValues[number], element: Element): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return formatNumber(value, element);
  if (element === 'string') return JSON.stringify(value);
  return `[${Array.from(value as ArrayLike<number>, (entry) => jsonNumber(formatNumber(entry, element))).join(',')}]`;
}

/** Python's JSON, which astropy reads and writes, knows these names. */
function jsonNumber(text: string): string {
  return text.replace('nan', 'NaN').replace('inf', 'Infinity');
}

/** A column as the header declares it. */
interface Declared {
  readonly name: string;
  readonly unit: string | null;
  readonly description: string | null;
  readonly element: Element;
  /** True for arrays, a JSON list a row. */
  readonly array: boolean;
}

/**
 * Reads ECSV 1.0, blanks or commas between the fields. Whole numbers and truth values with gaps become float64 with NaN;
 * arrays of several dimensions become flat, row-major.
 * @param where the file's name, for errors
 * @throws BadTable with the line and what was expected there
 */
export function parseEcsv(text: string, where: string): Table {
  const headerText = /^\ufeff?(?:#[^\r\n]*(?:\r\n|\r|\n))*/.exec(text)![0];
  const [version, ...lines] = headerText.split(/\r\n|\r|\n/);
  if (!/^\ufeff?# ?%ECSV \d/.test(version!)) throw badTable(where, 1, shown(text.split(/[\r\n]/, 1)[0]!), "'# %ECSV 1.0'");
  // An empty line in place of the first keeps the numbers of the lines.
  const header = parseYaml(['', ...lines.map((line) => line.replace(/^# ?/, ''))].join('\n'), where);
  const { columns, delimiter, meta } = readHeader(header, where);

  const { rows: [names, ...rows] } = splitDelimited(text.slice(headerText.length), delimiter, where, lines.length + 1);
  const expected = columns.map(({ name }) => name);
  if (names?.fields.length !== expected.length || !expected.every((name, i) => name === names.fields[i])) {
    const found = names?.fields.join(' ') ?? 'no line of column names';
    throw badTable(where, names?.line ?? lines.length + 1, found, `the names of the header: ${expected.join(' ')}`);
  }
  const checked = Array.from(checkedRows(rows, expected, where));
  return makeTable(columns.map((declared, i): Column => {
    const { name, unit, description, element, array } = declared;
    const values = array
      ? arrayColumnValues(element, checked.map((row) => parseArray(row.fields[i]!, declared, row, where)))
      : columnValues(element, checked.map((row) => parseCell(row.fields[i]!, declared, row, where)));
    return { name, unit, description, values };
  }), meta, where);
}

function readHeader(header: unknown, where: string) {
  const { datatype, delimiter = ' ', meta = {} } = (header ?? {}) as Record<string, unknown>;
  if (!Array.isArray(datatype)) throw badTable(where, null, "no list 'datatype' in the header", 'one entry for every column');
  if (delimiter !== ' ' && delimiter !== ',') throw badTable(where, null, `delimiter ${yamlFlow(delimiter)}`, "' ' or ','");
  // astropy notes here how to build coordinates and times from columns: of no use without astropy's classes.
  const { __serialized_columns__: _, ...kept } = mergeMeta(meta);
  return { columns: datatype.map((entry) => readDeclared(entry, where)), delimiter: delimiter as ' ' | ',', meta: kept };
}

/** An ordered map arrives as one object, or as a list of objects with one key each. */
function mergeMeta(meta: unknown): Record<string, unknown> {
  if (Array.isArray(meta)) return Object.assign({}, ...meta.map(mergeMeta)) as Record<string, unknown>;
  return typeof meta === 'object' && meta !== null ? meta as Record<string, unknown> : { meta };
}

const elements: Readonly<Record<string, Element>> = {
  bool: 'bool', int8: 'int16', int16: 'int16', int32: 'int32', int64: 'int64', uint8: 'uint8', uint16: 'int32', uint32: 'int64',
  uint64: 'int64', float16: 'float32', float32: 'float32', float64: 'float64', float128: 'float64', string: 'string',
};

function readDeclared(entry: unknown, where: string): Declared {
  const { name, datatype, subtype, unit = null, description = null } = (entry ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string') throw badTable(where, null, `a column without a name: ${yamlFlow(entry)}`, "'name' and 'datatype'");
  // Objects of any kind (subtype json) stay the text that they are in the file.
  const array = typeof subtype === 'string' && subtype !== 'json' ? /^(\w+)(?:\[.*\])?$/.exec(subtype)?.[1] : undefined;
  const element = elements[array ?? String(datatype)];
  if (element === undefined) {
    const odd = array === undefined ? `datatype ${yamlFlow(datatype)}` : `subtype ${yamlFlow(subtype)}`;
    throw badTable(where, null, `${odd} of column '${name}'`, `one of ${Object.keys(elements).join(', ')}`);
  }
  // Older files give a unit as an object, !astropy.units.Unit {unit: km}.
  const unitText = typeof unit === 'object' && unit !== null ? (unit as Record<string, unknown>)['unit'] : unit;
  return {
    name, element, array: array !== undefined,
    unit: unitText === null || unitText === undefined ? null : String(unitText),
    description: description === null ? null : String(description),
  };
}

function parseCell(field: string, { name, element }: Declared, row: Row, where: string): Cell {
  if (element === 'string') return field;
  if (field === '') return null;
  const value = parseElement(field, element);
  if (value === undefined) throw badTable(where, row.line, `${shown(field)} in column '${name}'`, `a value of type ${element}`);
  return value;
}

function parseArray(field: string, { name, element }: Declared, row: Row, where: string): Cell[] {
  if (field === '') return [];
  const failed = (cause?: unknown) =>
    badTable(where, row.line, `${shown(field)} in column '${name}'`, `a JSON list of ${element}`, cause);
  let list: unknown;
  try {
    // JSON itself has no words for these; 1e999 overflows to infinity. Text keeps what it quotes.
    list = JSON.parse(element === 'string' ? field : field.replaceAll('NaN', 'null').replaceAll('Infinity', '1e999'));
  } catch (cause) {
    throw failed(cause);
  }
  if (!Array.isArray(list)) throw failed();
  const cells = list.flat(Infinity) as unknown[];
  const fits = (cell: unknown) => cell === null || typeof cell === (element === 'string' ? 'string' : element === 'bool' ? 'boolean' : 'number');
  if (!cells.every(fits)) throw failed();
  return cells as Cell[];
}
