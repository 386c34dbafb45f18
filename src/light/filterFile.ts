import { ZgradError } from '../errors/index.js';
import { column, parseTable } from '../table/index.js';
import { convert, sameDimension, parseUnit } from '../units/index.js';
import type { FilterCurve } from './filterCurve.js';

/** The heading of a filter in a collection: its number of lines, then its description. */
const heading = /^\s*(\d+)\s+(\S*[^\s\d.eE+-]\S*.*)$/;

function bad(where: string, found: string, expected: string, remedy?: string): never {
  throw new ZgradError('BadTable', { where, found, expected, remedy });
}

/**
 * The filter curves of a text file: a table of two columns (wavelength in Å, response; blanks or commas; # comments), an ECSV
 * table (its column's unit is believed), or a collection of the photometric-redshift code EAZY (Brammer et al. 2008), FILTER.RES: for each filter a heading of
 * its number of lines and its description, then lines of number, wavelength, response.
 *
 * @param where name of the file; without its folder and extension it names the curve of a table.
 * @throws ZgradError 'BadTable' with the line when it is none of these, for wavelengths that do not ascend or cannot be in Å, for
 *   negative responses, and for a curve that is 0 everywhere.
 */
export function parseFilterCurves(text: string, where: string): FilterCurve[] {
  const name = where.replace(/^.*[/\\]/, '').replace(/\.\w+$/, '');
  if (/^\ufeff?# ?%ECSV/.test(text)) return [fromEcsv(text, where, name)];
  const lines = text.split(/\r?\n/).map((line, i) => ({ text: line.replace(/#.*/, '').trim(), number: i + 1 })).filter((line) => line.text !== '');
  if (lines.length === 0) bad(where, 'no line with numbers', 'a table of wavelengths and responses');
  return heading.test(lines[0]!.text) ? fromCollection(lines, where) : [curve(name, lines.map((line) => fields(line, 2, where)), where)];
}

interface Line {
  readonly text: string;
  readonly number: number;
}

/** The first numbers of a line. */
function fields(line: Line, count: number, where: string): number[] {
  const values = line.text.split(/[\s,;]+/).slice(0, count).map(Number);
  if (values.length < count || !values.every(Number.isFinite)) bad(`${where}, line ${line.number}`, `'${line.text.slice(0, 60)}'`, `${count} numbers`);
  return values;
}

function fromCollection(lines: readonly Line[], where: string): FilterCurve[] {
  const curves: FilterCurve[] = [];
  for (let at = 0; at < lines.length;) {
    const [, count = '', name = ''] = heading.exec(lines[at]!.text) ?? bad(`${where}, line ${lines[at]!.number}`, `'${lines[at]!.text.slice(0, 60)}'`, 'a number of lines and the description of a filter');
    const rows = lines.slice(at + 1, at + 1 + Number(count));
    if (rows.length < Number(count)) bad(`${where}, line ${lines[at]!.number}`, `${rows.length} lines of '${name.trim()}'`, `${count} as its heading says`);
    curves.push(curve(name.trim(), rows.map((row) => fields(row, 3, where).slice(1)), where));
    at += 1 + rows.length;
  }
  return curves;
}

function fromEcsv(text: string, where: string, name: string): FilterCurve {
  const table = parseTable(text, where);
  const [first, second] = table.columns;
  if (!first || !second) bad(where, `${table.columns.length} columns`, 'a column of wavelengths and a column of responses');
  const unit = first.unit ?? 'Angstrom';
  if (!sameDimension(parseUnit(unit, where).dimension, { cm: 1 })) bad(where, `'${unit}' as unit of '${first.name}'`, 'a length');
  const values = (of: typeof first) => Array.from(column(table, of.name).values as ArrayLike<number>, Number);
  const response = values(second);
  return curve(name, values(first).map((λ, i) => [convert(λ, unit, 'Angstrom'), response[i]!]), where);
}

function curve(name: string, rows: readonly (readonly number[])[], where: string): FilterCurve {
  // A few published curves run from red to blue.
  const ascending = rows.length > 1 && rows[0]![0]! > rows.at(-1)![0]! ? rows.toReversed() : rows;
  const wavelength = Float64Array.from(ascending, ([λ]) => λ!);
  const response = Float64Array.from(ascending, ([, t]) => t!);
  const place = `${where}, filter '${name}'`;
  const fall = wavelength.findIndex((λ, k) => !(λ > 0) || (k > 0 && λ < wavelength[k - 1]!));
  if (wavelength.length < 2 || fall >= 0) bad(place, fall >= 0 ? `a wavelength of ${wavelength[fall]} after ${wavelength[fall - 1] ?? 'none'}` : 'one wavelength', 'two or more positive, ascending wavelengths');
  if (wavelength.at(-1)! < 900) {
    bad(place, `wavelengths from ${wavelength[0]} to ${wavelength.at(-1)}`, 'wavelengths in Å', 'Give the curve in Å, or as ECSV with the unit of its column.');
  }
  // The digitised tails of some curves dip below zero by a few 1e-6.
  const floor = -0.01 * response.reduce((most, t) => Math.max(most, t), 0);
  const peak = response.findIndex((t) => !(t >= floor));
  if (peak >= 0 || !(floor < 0)) bad(place, peak >= 0 ? `a response of ${response[peak]} at ${wavelength[peak]} Å` : 'no response above 0', 'responses of 0 and more');
  return { name, wavelength, response: response.map((t) => Math.max(0, t)) };
}

/**
 * One curve of a file: the only one, number `which` (from 1), or the one whose description contains `which`.
 * @throws ZgradError 'BadArgument' when none or more than one is meant.
 */
export function chooseCurve(curves: readonly FilterCurve[], which: string | number | undefined, where: string): FilterCurve {
  const found = which === undefined ? curves
    : typeof which === 'number' ? curves.slice(which - 1, which)
      : curves.filter(({ name }) => name.toLowerCase().includes(which.toLowerCase()));
  if (found.length === 1) return found[0]!;
  throw new ZgradError('BadArgument', {
    where, found: found.length === 0 ? `no filter '${which}' among ${curves.length}` : `${found.length} filters${which === undefined ? '' : ` with '${which}'`}: ${found.slice(0, 4).map(({ name }) => name).join('; ')}${found.length > 4 ? '; …' : ''}`,
    expected: 'one filter', remedy: 'Give its number in the file, or more of its description.',
  });
}
