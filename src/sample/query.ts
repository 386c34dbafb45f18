import { ZgradError } from '../errors/index.js';
import { nearestName } from '../table/index.js';
import { fitUnit } from './columnUnit.js';
import { meaningOf, columnKey, propertyNamed } from './properties.js';

/** A condition on the columns of a sample, as read from a query. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[]; readonly text: string }
  | { readonly kind: 'not'; readonly part: Condition; readonly text: string }
  | { readonly kind: 'compare'; readonly terms: readonly Term[]; readonly operators: readonly Operator[]; readonly text: string };

/** One side of a comparison: a column, a number in the unit of the column beside it, or a word. */
export type Term =
  | { readonly kind: 'column'; readonly name: string; readonly words: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'word'; readonly value: string };

export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';

/** The columns that a query may name. */
export interface QueryColumn {
  readonly name: string;
  readonly unit: string | null;
  readonly words: boolean;
}

interface Token {
  readonly kind: 'number' | 'name' | 'string' | 'operator' | 'bracket' | 'keyword' | 'end';
  readonly text: string;
  /** What follows a number directly: its unit. */
  readonly unit?: string;
  readonly at: number;
  readonly end: number;
}

type RawTerm = Term | { readonly kind: 'quantity'; readonly value: number; readonly unit: string; readonly text: string } | { readonly kind: 'name'; readonly text: string };

const operators: Readonly<Record<string, Operator>> = { '<': '<', '<=': '<=', '≤': '<=', '>': '>', '>=': '>=', '≥': '>=', '=': '=', '==': '=', '!=': '!=', '<>': '!=', '≠': '!=' };
const example = "a query such as 'distance < 20 Mpc and coverage >= 1 and not environment = cluster'";

function tokenise(text: string, where: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const sticky = new RegExp(pattern, 'yiu');
    sticky.lastIndex = at;
    return sticky.exec(text);
  };
  for (;;) {
    at += take(/\s*/)![0].length;
    if (at >= text.length) return [...tokens, { kind: 'end', text: 'the end', at, end: at }];
    const push = (kind: Token['kind'], length: number, own = text.slice(at, at + length), unit?: string): void => {
      tokens.push({ kind, text: own, at, end: at + length, ...(unit === undefined ? {} : { unit }) });
      at += length;
    };
    // A number goes with the unit behind it: no keyword, and no name that an operator follows ('3 < x').
    const number = take(/([+\-−]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\s*(?!(?:and|or|not)\b)([\p{L}°"″′%☉⊙Å][^\s<>=!≤≥≠()]*(?:\s+(?!(?:and|or|not)\b)[\p{L}☉⊙Å][^\s<>=!≤≥≠()]*)*))?/u);
    const quoted = take(/'([^']*)'|"([^"]*)"/);
    const operator = take(/<=|>=|==|!=|<>|[<>=≤≥≠]/);
    const bracket = take(/[()]/);
    const name = take(/[\p{L}_][\p{L}\d_.:-]*/u);
    if (number) push('number', number[0].length, number[1]!.replace('−', '-'), number[2] ?? '');
    else if (quoted) push('string', quoted[0].length, quoted[1] ?? quoted[2]!);
    else if (operator) push('operator', operator[0].length);
    else if (bracket) push('bracket', 1);
    else if (name) push(/^(?:and|or|not)$/i.test(name[0]) ? 'keyword' : 'name', name[0].length);
    else throw new ZgradError('BadConfig', { where, found: `'${text[at]}' at character ${at + 1} of '${text}'`, expected: example });
  }
}

/**
 * Reads a query: comparisons (`< <= > >= = !=`, also chained: `5 Mpc < distance < 20 Mpc`) of columns with numbers in any unit that fits, or with words, joined by `and`, `or`, `not` and
 * brackets. Columns go by their names or synonyms; a word that is no column is text, with quotes where it holds spaces.
 * @param where names the query in an error, e.g. its place in the configuration
 * @throws BadConfig where it cannot be read, names no column (the nearest is suggested) or a unit does not fit
 */
export function parseQuery(text: string, columns: readonly QueryColumn[], where = 'selection'): Condition {
  const tokens = tokenise(text, where);
  let next = 0;
  const peek = (): Token => tokens[next]!;
  const isWord = (word: string): boolean => peek().kind === 'keyword' && peek().text.toLowerCase() === word;
  const fail = (expected: string): never => {
    throw new ZgradError('BadConfig', { where, found: `${peek().kind === 'end' ? 'the end' : `'${peek().text}'`} at character ${peek().at + 1} of '${text}'`, expected, remedy: `Write for example ${example}.` });
  };
  const textFrom = (start: Token): string => text.slice(start.at, tokens[next - 1]!.end);
  const join = (kind: 'and' | 'or', part: () => Condition): Condition => {
    const start = peek();
    const parts = [part()];
    while (isWord(kind)) {
      next++;
      parts.push(part());
    }
    return parts.length === 1 ? parts[0]! : { kind, parts, text: textFrom(start) };
  };
  const either = (): Condition => join('or', both);
  const both = (): Condition => join('and', one);
  const one = (): Condition => {
    const start = peek();
    if (isWord('not')) {
      next++;
      return { kind: 'not', part: one(), text: textFrom(start) };
    }
    if (start.kind === 'bracket' && start.text === '(') {
      next++;
      const inner = either();
      if (peek().text !== ')') fail("a ')'");
      next++;
      return inner;
    }
    return comparison();
  };
  const term = (): RawTerm => {
    const token = peek();
    next++;
    if (token.kind === 'number') return { kind: 'quantity', value: Number(token.text), unit: token.unit!, text: text.slice(token.at, token.end) };
    if (token.kind === 'string') return { kind: 'word', value: token.text };
    if (token.kind === 'name') return { kind: 'name', text: token.text };
    next--;
    return fail('a column, a number or a word');
  };
  const comparison = (): Condition => {
    const start = peek();
    const terms = [term()];
    const used: Operator[] = [];
    while (peek().kind === 'operator') {
      used.push(operators[peek().text]!);
      next++;
      terms.push(term());
    }
    if (!used.length) fail("an operator such as '<'");
    return { kind: 'compare', terms: resolve(terms, columns, where), operators: used, text: textFrom(start) };
  };
  const condition = either();
  if (peek().kind !== 'end') fail("'and', 'or' or the end");
  return condition;
}

function columnOf(name: string, columns: readonly QueryColumn[]): QueryColumn | undefined {
  const meant = meaningOf(name);
  return columns.find((column) => column.name === name) ?? columns.find((column) => columnKey(column.name) === columnKey(name))
    ?? (meant && !meant.linear ? columns.find((column) => column.name === meant.property.name) : undefined);
}

/** Names to columns, quantities to the unit of the column that they are compared with, other names to words. */
function resolve(terms: readonly RawTerm[], columns: readonly QueryColumn[], where: string): Term[] {
  const named = terms.map((term) => (term.kind === 'name' ? columnOf(term.text, columns) : undefined));
  const against = named.find((column) => column !== undefined);
  if (!against) {
    const first = terms.find((term) => term.kind === 'name')?.text;
    const names = columns.map((column) => column.name);
    const nearest = first === undefined ? undefined : nearestName(first, names);
    throw new ZgradError('BadConfig', {
      where, found: first === undefined ? 'a comparison without a column' : `no column '${first}'`, expected: `one of ${names.join(', ')}`, ...(nearest ? { remedy: `Did you mean '${nearest}'?` } : {}),
    });
  }
  return terms.map((term, i): Term => {
    const column = named[i];
    if (column) return { kind: 'column', name: column.name, words: column.words };
    if (term.kind === 'name' || term.kind === 'word') {
      const value = term.kind === 'name' ? term.text : term.value;
      if (!against.words) throw new ZgradError('BadConfig', { where, found: `'${value}' beside the column of numbers '${against.name}'`, expected: 'a number or a column' });
      return { kind: 'word', value };
    }
    if (term.kind !== 'quantity') return term;
    if (against.words) throw new ZgradError('BadConfig', { where, found: `${term.text} beside the column of words '${against.name}'`, expected: 'a word' });
    return { kind: 'number', value: inUnitOf(against, term, where) };
  });
}

function inUnitOf(column: QueryColumn, { value, unit, text }: { readonly value: number; readonly unit: string; readonly text: string }, where: string): number {
  if (unit === '' || unit === column.unit) return value;
  const base = column.name.replace(/Error$/, '');
  const property = propertyNamed(base) ?? { name: base, unit: column.unit, label: base, description: base, synonyms: [] };
  const conversion = fitUnit(property, unit, false);
  if (!conversion || conversion.name !== base) {
    throw new ZgradError('BadConfig', { where, found: `${text} for '${column.name}'`, expected: `a number in ${property.logOf || column.unit || 'no unit'}, or in a unit that converts to it` });
  }
  const scaled = value * conversion.scale;
  return (conversion.logarithm ? Math.log10(scaled) : scaled) + conversion.offset;
}
