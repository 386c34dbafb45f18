import { parseDocument, type CollectionTag, type ScalarTag } from 'yaml';
import { badTable } from './bad-table.js';

/**
 * A value as YAML on one line, read alike by YAML 1.1 (Python) and 1.2: text in quotes unless it is words, a point and a
 * signed exponent in the numbers that have one.
 */
export function yamlFlow(value: unknown): string {
  switch (typeof value) {
    case 'number': return yamlNumber(value);
    case 'bigint':
    case 'boolean': return String(value);
    case 'string': return yamlText(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(yamlFlow).join(', ')}]`;
      if (ArrayBuffer.isView(value)) return yamlFlow(Array.from(value as unknown as ArrayLike<unknown>));
      return `{${Object.entries(value).map(yamlPair).join(', ')}}`;
    }
    default: return 'null';
  }
}

/** One `key: value`. */
export function yamlPair([key, value]: readonly [string, unknown]): string {
  return `${yamlText(key)}: ${yamlFlow(value)}`;
}

function yamlNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return Object.is(value, -0) ? '-0.0' : String(value).replace(/^(-?\d+)e/, '$1.0e');
}

const words = /^[A-Za-z][\w./()*^+-]*(?: [\w./()*^+-]+)*$/;
const otherwise = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function yamlText(text: string): string {
  if (words.test(text) && !otherwise.test(text)) return text;
  // JSON's quotes are YAML's; YAML wants an escape for some more characters that do not print.
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const float = 'tag:yaml.org,2002:float';

/** Dates, which stay text, and numbers of a kind that would take the name 'e1' for one. */
function passedOver(tag: ScalarTag | CollectionTag): boolean {
  return tag.tag === 'tag:yaml.org,2002:timestamp' || (tag.tag === float && 'format' in tag && tag.format === 'EXP');
}

const exponential: ScalarTag = {
  tag: float, default: true, test: /^[-+]?\d[\d_]*(?:\.[\d_]*)?[eE][-+]?\d+$/, resolve: (text) => Number(text.replaceAll('_', '')),
};

/**
 * Reads a YAML 1.1 document into plain objects, arrays and scalars; tags that are not YAML's own are passed over, dates
 * stay text.
 * @throws BadTable at the line of the first error
 */
export function parseYaml(text: string, where: string): unknown {
  const document = parseDocument(text, {
    version: '1.1', logLevel: 'silent', prettyErrors: false,
    customTags: (tags) => [...tags.filter((tag) => typeof tag === 'string' || !passedOver(tag)), exponential],
  });
  const [error] = document.errors;
  if (error) throw badTable(where, lineAt(text, error.pos[0]), error.message, 'a YAML header', error);
  try {
    return plain(document.toJS());
  } catch (cause) {
    throw badTable(where, null, cause instanceof Error ? cause.message : String(cause), 'a YAML header', cause);
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Ordered maps as objects, at every depth. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, entry]) => [String(key), plain(entry)]));
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
