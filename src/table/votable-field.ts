import { badTable, shown } from './bad-table.js';
import type { Column } from './table.js';
import { arrayColumnValues, columnValues, parseElement, type Cell, type Element } from './types.js';

/** A FIELD or PARAM of a VOTable: what one cell holds. */
export interface Field {
  readonly name: string;
  readonly unit: string | null;
  readonly description: string | null;
  readonly element: Element;
  /** Elements in a cell: undefined for one, null when each cell says how many; several dimensions make their product. */
  readonly size: number | null | undefined;
  /** Elements that one item of a cell of changing size counts for. */
  readonly itemSize: number;
  /** Of text, the characters in an element (null: any number) and the bytes of a character. */
  readonly width: number | null;
  readonly characterBytes: number;
  /** True of truth values that are single bits, eight to a byte of a binary stream. */
  readonly bits: boolean;
  /** The value that stands for a missing one. */
  readonly missing: Cell | undefined;
}

const elements: Readonly<Record<string, Element>> = {
  boolean: 'bool', bit: 'bool', unsignedByte: 'uint8', short: 'int16', int: 'int32', long: 'int64', float: 'float32', double: 'float64',
  char: 'string', unicodeChar: 'string',
};

/** What a FIELD's attributes declare. */
export function fieldOf(
  attributes: ReadonlyMap<string, string>, description: string | null, missing: string | undefined, where: string, line: number,
): Field {
  const name = attributes.get('name') ?? attributes.get('ID');
  if (name === undefined) throw badTable(where, line, 'a FIELD or PARAM without a name', 'name="…"');
  const datatype = attributes.get('datatype') ?? '';
  const element = elements[datatype];
  if (element === undefined) throw badTable(where, line, `datatype '${datatype}' of '${name}'`, `one of ${Object.keys(elements).join(', ')}`);
  const arraysize = attributes.get('arraysize')?.trim() ?? '';
  if (!/^(?:[1-9]\d*(?:x[1-9]\d*)*(?:x?\*)?|\*)?$/.test(arraysize)) {
    throw badTable(where, line, `arraysize '${arraysize}' of '${name}'`, "sizes from 1 joined by 'x', the last of them possibly '*'");
  }
  // 'n*' is at most n: a size that changes. Of text the first size is the length of one string.
  const sizes = arraysize.replace(/\d+\*$/, '*').split('x').map((size) => size === '*' ? null : Number(size || 1));
  const width = element === 'string' ? sizes.shift()! : 1;
  const fixed = sizes.filter((size) => size !== null).reduce((product, size) => product * size, 1);
  const single = element === 'string' ? sizes.length === 0 : arraysize === '' || arraysize === '1';
  return {
    name, description, element, width,
    unit: attributes.get('unit') || null,
    size: single ? undefined : sizes.includes(null) ? null : fixed,
    itemSize: sizes.includes(null) ? fixed : 1,
    characterBytes: datatype === 'unicodeChar' ? 2 : 1,
    bits: datatype === 'bit',
    missing: missing === undefined ? undefined : parseElement(missing.trim(), element),
  };
}

/** A cell of a row: one value, or the list of an array. */
export type RowCell = Cell | readonly Cell[];

/** A cell from its text; `line` counts the lines only for an error. */
export function parseTextCell(text: string, field: Field, where: string, line: () => number): RowCell {
  const { element, size, width, name } = field;
  if (element === 'string') {
    if (size === undefined) return text;
    const length = width || 1;
    return Array.from({ length: Math.ceil(text.length / length) }, (_, i) => text.slice(i * length, (i + 1) * length).trimEnd());
  }
  // Bits need no blanks between them.
  const words = text.match(field.bits ? /\S/g : /\S+/g) ?? [];
  const cells = words.map((word) => {
    const hexadecimal = /^0x[\da-f]+$/i.test(word) && element !== 'bool' ? String(BigInt(word)) : word;
    const cell = word === '?' && element === 'bool' ? null : parseElement(hexadecimal, element);
    if (cell === undefined) throw badTable(where, line(), `${shown(word)} in column '${name}'`, `a value of type ${element}`);
    return cell === field.missing ? null : cell;
  });
  if (size === undefined && cells.length > 1) throw badTable(where, line(), `${cells.length} values in a cell of column '${name}'`, 'one');
  if (size === undefined) return cells[0] ?? null;
  if (size !== null && cells.length !== size && cells.length > 0) {
    throw badTable(where, line(), `${cells.length} values in a cell of column '${name}'`, String(size));
  }
  return cells;
}

/** The column of a field from its cells, one a row. */
export function columnOf({ name, unit, description, element, size }: Field, cells: readonly RowCell[]): Column {
  const values = size === undefined
    ? columnValues(element, cells as readonly Cell[])
    : arrayColumnValues(element, cells as readonly (readonly Cell[])[]);
  return { name, unit, description, values };
}
