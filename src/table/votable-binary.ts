import { badTable } from './bad-table.js';
import type { Field, RowCell } from './votable-field.js';
import type { Cell } from './types.js';

const truths: Readonly<Record<string, boolean>> = { T: true, t: true, 1: true, F: false, f: false, 0: false };

/**
 * The rows of a VOTable's BINARY stream, or of BINARY2, in which every row begins with one bit a field that says
 * whether its cell is missing.
 * @param base64 the stream's text
 * @param line where the stream begins in the file
 * @throws BadTable when the text is not base64 or ends within a row
 */
export function readBinary(base64: string, fields: readonly Field[], flagged: boolean, where: string, line: number): RowCell[][] {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(base64.replaceAll(/\s+/g, '')), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw badTable(where, line, 'a stream that is not base64', 'the characters A–Z, a–z, 0–9, + and /', cause);
  }
  const view = new DataView(bytes.buffer);
  const rows: RowCell[][] = [];
  let at = 0;

  const take = (length: number) => {
    if (!(length <= bytes.length - at)) {
      const found = `a stream of ${bytes.length} bytes that ends within row ${rows.length + 1}`;
      throw badTable(where, line, found, `${length} bytes more from byte ${at}`);
    }
    at += length;
    return at - length;
  };
  const takeText = (characters: number, characterBytes: number) => {
    const start = take(characters * characterBytes);
    let text = '';
    if (characterBytes === 1) text = new TextDecoder().decode(bytes.subarray(start, at));
    else for (let i = start; i < at; i += 2) text += String.fromCharCode(view.getUint16(i));
    const end = text.indexOf('\0');
    return end < 0 ? text : text.slice(0, end);
  };
  const takeElement = (field: Field): Cell => {
    switch (field.element) {
      case 'bool': {
        const byte = bytes[take(1)]!;
        return field.bits ? byte !== 0 : truths[String.fromCharCode(byte)] ?? null;
      }
      case 'uint8': return bytes[take(1)]!;
      case 'int16': return view.getInt16(take(2));
      case 'int32': return view.getInt32(take(4));
      case 'int64': return view.getBigInt64(take(8));
      case 'float32': return view.getFloat32(take(4));
      case 'float64': return view.getFloat64(take(8));
      case 'string': return takeText(field.width ?? view.getUint32(take(4)), field.characterBytes);
    }
  };
  const takeCell = (field: Field): RowCell => {
    const one = () => {
      const cell = takeElement(field);
      return cell === field.missing ? null : cell;
    };
    if (field.size === undefined) return one();
    const count = field.size ?? view.getUint32(take(4)) * field.itemSize;
    if (field.bits) {
      const start = take(Math.ceil(count / 8));
      return Array.from({ length: count }, (_, i) => (bytes[start + (i >> 3)]! & (0x80 >> (i & 7))) !== 0);
    }
    const cells: Cell[] = [];
    for (let i = 0; i < count; i++) cells.push(one());
    return cells;
  };

  while (at < bytes.length && fields.length > 0) {
    const flags = flagged ? take(Math.ceil(fields.length / 8)) : 0;
    rows.push(fields.map((field, i) => {
      const cell = takeCell(field);
      const isMissing = flagged && (bytes[flags + (i >> 3)]! & (0x80 >> (i & 7))) !== 0;
      return !isMissing ? cell : field.size === undefined ? null : (cell as readonly Cell[]).map(() => null);
    }));
  }
  return rows;
}
