import { ZgradError } from '../errors/index.js';
import { cardLength } from './card.js';
import type { Card, CardValue } from './header.js';

/** Columns of text in a COMMENT or HISTORY card. */
const textLength = cardLength - 8;

/** FITS headers are printable ASCII; other characters become '?'. */
const ascii = (text: string): string => text.replace(/[^ -~]/gu, '?');

/**
 * A card as lines of 80 characters: one, or several for long text (COMMENT and HISTORY repeated, strings continued with
 * CONTINUE). Keys that are longer than 8 characters or hold others than A–Z, 0–9, - and _ are written with HIERARCH.
 * Numbers are written so that reading gives the same double; NaN and infinities, which FITS cannot say, without value.
 * Comments that do not fit are cut. Throws BadArgument for a key that no card can hold.
 */
export function formatCard({ key, value, comment }: Card): string[] {
  const name = ascii(key).trim().toUpperCase();
  if (name === '' || name === 'COMMENT' || name === 'HISTORY') return commentary(name, String(value ?? ''));
  const standard = /^[A-Z0-9_-]{1,8}$/.test(name);
  const prefix = standard ? `${name.padEnd(8)}= ` : `HIERARCH ${name} = `;
  const note = comment ? ` / ${ascii(comment)}` : '';
  if (typeof value === 'string') return stringLines(key, prefix, ascii(value), note);
  const text = valueText(value);
  if (name.includes('=') || prefix.length + text.length > cardLength) throw unwritable(key);
  return [`${prefix}${standard ? text.padStart(20) : text}${note}`.slice(0, cardLength).padEnd(cardLength)];
}

function unwritable(key: string): ZgradError {
  return new ZgradError('BadArgument', { where: `FITS card ${key}`, found: `a key of ${key.length} characters`, expected: 'a key without = that leaves room for the value' });
}

function commentary(name: string, text: string): string[] {
  const lines = text.split('\n').flatMap((line) => ascii(line).match(new RegExp(`.{1,${textLength}}`, 'g')) ?? ['']);
  return lines.map((line) => (name.padEnd(8) + line).padEnd(cardLength));
}

function valueText(value: Exclude<CardValue, string>): string {
  if (value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (Object.is(value, -0)) return '-0.0';
  // In full, because 2^63 (the BZERO of unsigned 64-bit integers) has to come out exactly.
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 64) return BigInt(value).toString();
  const [mantissa, exponent] = String(value).split('e');
  const digits = mantissa!.includes('.') ? mantissa! : `${mantissa}.0`;
  return exponent === undefined ? digits : `${digits}E${exponent.replace('+', '')}`;
}

function stringLines(key: string, prefix: string, value: string, note: string): string[] {
  const quoted = value.replaceAll("'", "''");
  const single = `${prefix}'${quoted.padEnd(8)}'`;
  if (single.length <= cardLength) {
    return [`${single.padEnd(note ? 30 : 0)}${note}`.slice(0, cardLength).padEnd(cardLength)];
  }
  if (key.includes('=') || prefix.length > cardLength / 2) throw unwritable(key);
  // A doubled quote is one character and stays on one line.
  const characters = quoted.match(/''|[^']/g) ?? [];
  const lines: string[] = [];
  let line = `${prefix}'`;
  for (const character of characters) {
    if (line.length + character.length > cardLength - 2) {
      lines.push(`${line}&'`);
      line = "CONTINUE  '";
    }
    line += character;
  }
  if (note && line.length + 1 + note.length > cardLength) {
    lines.push(`${line}&'`);
    line = "CONTINUE  '";
  }
  return [...lines, `${line}'${note}`.slice(0, cardLength)].map((text) => text.padEnd(cardLength));
}
