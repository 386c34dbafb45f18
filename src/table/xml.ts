import { badTable, shown } from './bad-table.js';

/** A piece of an XML document, in order: the start of an element, its end, or text. */
export type XmlEvent =
  | { readonly kind: 'start'; readonly name: string; readonly attributes: ReadonlyMap<string, string>; readonly line: () => number }
  | { readonly kind: 'end'; readonly name: string; readonly line: () => number }
  | { readonly kind: 'text'; readonly text: string; readonly line: () => number };

const nameHere = /[A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*/y;
const attributeHere = /\s+([A-Za-z_:\u0080-\uffff][\w:.\-\u0080-\uffff]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEndHere = /\s*(\/?)>/y;

/**
 * The elements and the text of an XML 1.0 document, names without their namespace prefix. Strict: every element closes,
 * attributes are quoted and unique, & begins one of the five entities or a character; a document type may be named but
 * not defined (no entities of the document's own).
 * @throws BadTable at the line where the document is not well-formed
 */
export function* readXml(source: string, where: string): Generator<XmlEvent> {
  const text = source.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n');
  const lineAt = (offset: number) => {
    let line = 1;
    for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
  const fail = (offset: number, found: string, expected: string) => badTable(where, lineAt(offset), found, expected);
  /** Matches a sticky pattern at an offset. */
  const match = (pattern: RegExp, offset: number) => {
    pattern.lastIndex = offset;
    return pattern.exec(text);
  };
  const skipTo = (terminator: string, offset: number, what: string) => {
    const close = text.indexOf(terminator, offset);
    if (close < 0) throw fail(offset, `${what} that never ends`, `'${terminator}'`);
    return close;
  };
  const decode = (raw: string, offset: number) => raw.includes('&')
    ? raw.replaceAll(/&([^;&\s]*;)?/g, (all, entity: string | undefined, index: number) => {
      const decoded = decodeEntity(entity);
      if (decoded === undefined) throw fail(offset + index, shown(all), '&amp;, &lt;, &gt;, &quot;, &apos; or the number of a character');
      return decoded;
    })
    : raw;

  const open: string[] = [];
  let at = 0;
  let roots = 0;
  while (at < text.length) {
    const start = at;
    const line = () => lineAt(start);
    if (text[at] !== '<') {
      const next = text.indexOf('<', at);
      at = next < 0 ? text.length : next;
      const raw = text.slice(start, at);
      if (open.length > 0) yield { kind: 'text', text: decode(raw, start), line };
      else if (raw.trim() !== '') throw fail(start + raw.search(/\S/), shown(raw.trim()), 'an XML element');
    } else if (text.startsWith('<!--', at)) {
      at = skipTo('-->', at + 4, 'a comment') + 3;
    } else if (text.startsWith('<![CDATA[', at)) {
      const close = skipTo(']]>', at, 'a CDATA section');
      if (open.length === 0) throw fail(start, 'a CDATA section', 'an XML element');
      yield { kind: 'text', text: text.slice(at + 9, close), line };
      at = close + 3;
    } else if (text.startsWith('<?', at)) {
      at = skipTo('?>', at, 'an instruction') + 2;
    } else if (text.startsWith('<!DOCTYPE', at)) {
      at = skipTo('>', at, 'a document type') + 1;
      if (text.slice(start, at).includes('[')) throw fail(start, 'a document type with definitions of its own', 'none: they are not read');
    } else if (text[at + 1] === '/') {
      const name = match(nameHere, at + 2)?.[0] ?? '';
      const end = match(tagEndHere, at + 2 + name.length);
      const expected = open.pop();
      if (!end || end[1] || name !== expected) {
        throw fail(start, shown(text.slice(at, skipToTagEnd(text, at))), expected === undefined ? 'the end of the document' : `'</${expected}>'`);
      }
      at = tagEndHere.lastIndex;
      yield { kind: 'end', name: localName(name), line };
    } else {
      const name = match(nameHere, at + 1)?.[0];
      if (name === undefined) throw fail(start, shown(text.slice(at, at + 10)), 'the name of an element');
      if (open.length === 0 && roots++ > 0) throw fail(start, `a second element <${name}>`, 'the end of the document');
      at += 1 + name.length;
      const attributes = new Map<string, string>();
      for (let found = match(attributeHere, at); found; found = match(attributeHere, at)) {
        if (attributes.has(found[1]!)) throw fail(at, `the attribute ${found[1]} twice`, 'it once');
        attributes.set(found[1]!, decode((found[2] ?? found[3]!).replaceAll(/[\t\n]/g, ' '), at));
        at = attributeHere.lastIndex;
      }
      const end = match(tagEndHere, at);
      if (!end) throw fail(at, shown(text.slice(at, at + 20)), `an attribute name="value" or the end of the tag <${name}>`);
      at = tagEndHere.lastIndex;
      yield { kind: 'start', name: localName(name), attributes, line };
      if (end[1]) yield { kind: 'end', name: localName(name), line };
      else open.push(name);
    }
  }
  if (open.length > 0) throw fail(text.length, 'the end of the file', `'</${open.at(-1)}>'`);
  if (roots === 0) throw fail(0, 'no element', 'an XML document');
}

function skipToTagEnd(text: string, at: number): number {
  const end = text.indexOf('>', at);
  return end < 0 ? text.length : end + 1;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const entities: Readonly<Record<string, string>> = { 'amp;': '&', 'lt;': '<', 'gt;': '>', 'quot;': '"', 'apos;': "'" };

function decodeEntity(entity: string | undefined): string | undefined {
  const number = /^#(?:x([\da-fA-F]{1,6})|(\d{1,7}));$/.exec(entity ?? '');
  if (!number) return entity !== undefined && Object.hasOwn(entities, entity) ? entities[entity] : undefined;
  const code = number[1] === undefined ? Number(number[2]) : parseInt(number[1], 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Text for between two tags. What XML cannot hold (most control characters, halves of surrogate pairs) becomes U+FFFD. */
export function escapeText(text: string): string {
  return representable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

/** Text for an attribute in double quotes; as `escapeText`, with the line breaks and tabs that a reader would flatten. */
export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

function representable(text: string): string {
  // With the flag u the surrogates match only where they stand alone.
  // eslint-disable-next-line no-control-regex -- these are the characters to find
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
}
