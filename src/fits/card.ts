import type { Card, CardValue } from './header.js';

/** Length of a card in bytes. */
export const cardLength = 80;

/** What a card is that is none: for the error, which knows the place. */
export class BadCard {
  readonly found: string;
  readonly expected: string;
  constructor(found: string, expected: string) {
    this.found = found;
    this.expected = expected;
  }
}

/** Keys whose value is a number by the FITS standard: here a value that is not one spoils the file. */
const numeric = /^(?:BITPIX|Z?NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|BSCALE|BZERO|BLANK|(?:CRVAL|CRPIX|CDELT|CROTA)\d+[A-Z]?|(?:CD|PC)\d+_\d+[A-Z]?|T(?:BCOL|SCAL|ZERO)\d+|Z(?:BITPIX|TILE\d+|SCALE|ZERO|BLANK|DITHER0))$/;

const commentary = new Set(['COMMENT', 'HISTORY', '']);

const numberText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?$/;

function parseValue(key: string, text: string): { value: CardValue; comment?: string } | BadCard {
  const trimmed = text.trim();
  if (trimmed.startsWith("'")) {
    const quoted = /^'((?:[^']|'')*)'\s*(?:\/(.*))?/.exec(trimmed);
    if (!quoted) return new BadCard(`a string without closing quote, ${key} = ${trimmed}`, "a string between two quotes '");
    return withComment(quoted[1]!.replaceAll("''", "'").trimEnd(), quoted[2]);
  }
  const slash = trimmed.indexOf('/');
  const word = (slash < 0 ? trimmed : trimmed.slice(0, slash)).trim();
  const comment = slash < 0 ? undefined : trimmed.slice(slash + 1);
  if (word === '') return withComment(null, comment);
  if (word === 'T' || word === 'F') return withComment(word === 'T', comment);
  if (numberText.test(word)) return withComment(Number(word.replace(/[dD]/, 'e')), comment);
  if (/^[+-]?nan$/i.test(word)) return withComment(NaN, comment);
  if (/^[+-]?inf(?:inity)?$/i.test(word)) return withComment(word.startsWith('-') ? -Infinity : Infinity, comment);
  if (numeric.test(key)) return new BadCard(`${key} = ${word}`, 'a number');
  // Complex numbers, and words that careless writers left unquoted (dates, '*****'): kept as text.
  return withComment(word, comment);
}

function withComment(value: CardValue, comment: string | undefined): { value: CardValue; comment?: string } {
  const text = comment?.trim();
  return text ? { value, comment: text } : { value };
}

/** One card from its 80 characters; keys in capitals, HIERARCH keys without the word HIERARCH. */
export function parseCard(text: string): Card | BadCard {
  const key = text.slice(0, 8).trimEnd().toUpperCase();
  if (commentary.has(key)) return { key, value: text.slice(8).trimEnd() };
  if (key === 'HIERARCH') {
    const equals = text.indexOf('=');
    if (equals > 8) {
      const long = text.slice(8, equals).trim().replace(/\s+/g, ' ').toUpperCase();
      const parsed = parseValue(long, text.slice(equals + 1));
      return parsed instanceof BadCard ? parsed : { key: long, ...parsed };
    }
  } else if (text[8] === '=' || key === 'CONTINUE') {
    const parsed = parseValue(key, text.slice(key === 'CONTINUE' ? 8 : 9));
    return parsed instanceof BadCard ? parsed : { key, ...parsed };
  }
  return { key, value: text.slice(8).trim() };
}

/** Joins a card with the CONTINUE card that follows it; null when the two do not belong together. */
export function joinContinued(card: Card | undefined, next: Card): Card | null {
  if (next.key !== 'CONTINUE' || typeof next.value !== 'string') return null;
  if (typeof card?.value !== 'string' || !card.value.endsWith('&') || commentary.has(card.key)) return null;
  const comment = [card.comment, next.comment].filter(Boolean).join(' ');
  return { key: card.key, value: card.value.slice(0, -1) + next.value, ...(comment ? { comment } : {}) };
}
