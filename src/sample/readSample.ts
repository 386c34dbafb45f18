import { plainName } from '../evolution/index.js';
import { makeTable, nearestName, type Column, type Table } from '../table/index.js';
import { unitOrNull } from '../units/index.js';
import { fitUnit, type Conversion } from './columnUnit.js';
import { columnKey, meaningOf, properties, propertyNamed, type Property } from './properties.js';
import { restOnGas } from './readRuns.js';
import { propertyColumn, rowsOf, valuesOf, withColumns, wordsOf, type Note, type Sample } from './sample.js';
import { parseAngle } from './sexagesimal.js';
import { closePairs } from './skyTree.js';

/** Fewer galaxies than this have no statistics. */
export const fewestGalaxies = 5;

/** Two galaxies nearer to each other than this [deg] are taken for one, or a pair that shares a measurement. */
const onePlace = 2 / 3600;

/** What a column of a user's table is: a property or the error of one, and how its numbers become ours. */
interface Reading {
  readonly column: Column;
  readonly property: Property;
  readonly error: boolean;
  readonly linear: boolean;
  readonly unit: string | null;
}

/**
 * A user's table as a sample: columns under canonical names and units, found by name and common synonyms (`properties`); '…_err', 'e_…' and the like are errors. Units come from
 * the table, or from the end of a name ('re_kpc', 'mass [Msun]'); a quantity is turned into its logarithm where the property is one. Columns that are not known here stay as they
 * are. What is wrong with a column, a row or a value is a note, and the rest goes on: a galaxy named twice keeps its first row.
 * @param where names the table in the notes
 */
export function readSample(table: Table, where = 'table'): Sample {
  const notes: Note[] = [];
  const readings = new Map<string, Reading>();
  const others: Column[] = [];
  for (const column of table.columns.map(withoutDashes)) {
    const reading = recognise(column, table);
    if (!reading) {
      others.push(plainColumn(column));
      continue;
    }
    const name = reading.property.name + (reading.error ? 'Error' : '') + (conversionOf(reading)?.name === 'gradientKpc' ? 'Kpc' : '');
    const rival = readings.get(name);
    const better = rival !== undefined && rankOf(reading) < rankOf(rival);
    if (rival) notes.push({ kind: 'conflict', about: name, message: `${where}: columns '${rival.column.name}' and '${column.name}' both mean ${name}; '${(better ? column : rival.column).name}' is used.` });
    if (!rival || better) readings.set(name, reading);
  }

  const columns = new Map<string, Column>();
  // Values before errors: the error of a logarithm needs the value.
  const inOrder = [...readings.values()].sort((a, b) => Number(a.error) - Number(b.error));
  for (const reading of inOrder) {
    const read = readColumn(reading, table.length, columns, where, notes);
    if (read && !columns.has(read.name)) columns.set(read.name, read);
  }
  if (!columns.has('object')) {
    columns.set('object', propertyColumn('object', Array.from({ length: table.length }, (_, i) => `row ${i + 1}`)));
    notes.push({ kind: 'missing', about: 'object', message: `${where}: no column of names; the galaxies are called by their rows.` });
  }
  const known = [...columns.values()];
  const extra = others.filter(({ name }) => !columns.has(name));
  const ordered = [...known.sort((a, b) => placeOf(a.name) - placeOf(b.name)), ...extra];
  const sample = { table: makeTable(ordered, table.meta, where), notes };
  return checkRows(withoutAssumed(gradientPerKpc(radiusInKpc(sample)), where), where);
}

/** Catalogues of the CDS, and tables that astropy writes, say '---' where a number has no unit. */
const withoutDashes = (column: Column): Column => (/^\s*-+\s*$/.test(column.unit ?? '') ? { ...column, unit: null } : column);

/** How plainly a column's name means its property: its own name before the synonyms in their order, so that 'galaxy' goes before 'source'. */
function rankOf({ column, property, error }: Reading): number {
  const own = columnKey(column.name);
  if (own === columnKey(property.name + (error ? 'Error' : ''))) return -1;
  const place = [property.name, ...property.synonyms].findIndex((name) => columnKey(name) === own);
  return place < 0 ? property.synonyms.length + 1 : place;
}

const placeOf = (name: string): number => properties.findIndex((property) => property.name === name.replace(/Error$/, '')) + (name.endsWith('Error') ? 0.5 : 0);

const errorForms = [/^(.+?)[_ ]?(?:err|error|unc|uncertainty|sigma|std)$/i, /^(?:e|err|error|sigma|d)_(.+)$/];

/** What a column called 'slope' is the slope of stands in its unit, its description, or beside it: one per kpc in the same table leaves the effective radius. */
function meaningOfSlope({ columns }: Table): ReturnType<typeof meaningOf> {
  const { unit, description } = columns.find(({ name }) => columnKey(name) === 'slope') ?? { unit: null, description: null };
  const said = `${description ?? ''} ${unit ?? ''}`;
  if (/\bkpc\b/i.test(said)) return meaningOf('gradientKpc');
  const beside = columns.some(({ name }) => columnKey(name) === 'slopekpc');
  return beside || /\bR_?e(?:ff)?\b|effective.radi|\barcsec\b/i.test(said) ? meaningOf('gradient') : undefined;
}

function recognise(column: Column, table: Table): Reading | null {
  const known = (name: string) => (columnKey(name) === 'slope' ? meaningOfSlope(table) : meaningOf(name));
  for (const [name, unit] of spellings(column)) {
    const meaning = known(name);
    if (meaning) return { column, ...meaning, error: false, unit: spelledUnit(meaning.property, unit, column) };
  }
  for (const [name, unit] of spellings(column)) {
    for (const form of errorForms) {
      for (const [inner, innerUnit] of spellings({ name: form.exec(name)?.[1] ?? '', unit })) {
        const meaning = known(inner);
        if (meaning && meaning.property.unit !== 'text') return { column, ...meaning, error: true, unit: spelledUnit(meaning.property, innerUnit, column) };
      }
    }
  }
  return null;
}

/** A unit out of a name, where capitals do not count: 'dist_mpc' is in Mpc, not in milliparsecs. */
function spelledUnit({ unit: own, logOf }: Property, unit: string | null, column: Column): string | null {
  if (column.unit !== null || unit === null) return unit;
  return [own, logOf].find((one) => one?.toLowerCase() === unit.toLowerCase()) ?? unit;
}

/** A column's name with its unit; also without the unit that stands at its end. */
function spellings({ name, unit }: { readonly name: string; readonly unit: string | null }): (readonly [string, string | null])[] {
  const bracket = /^(.*?)\s*[[(]([^\])]*)[\])]\s*$/.exec(name);
  const tail = /^(.+)_([A-Za-z]+)$/.exec(name);
  return [
    [name, unit],
    ...(bracket ? [[bracket[1]!, unit ?? bracket[2]!] as const] : []),
    ...(tail && (unitOrNull(tail[2]!) || /^re$/i.test(tail[2]!)) ? [[tail[1]!, unit ?? tail[2]!] as const] : []),
  ];
}

const conversionOf = ({ property, unit, linear }: Reading): Conversion | null => (property.unit === 'text' ? null : fitUnit(property, unit, linear));

const plainColumn = (column: Column): Column => {
  const { values } = column;
  if (ArrayBuffer.isView(values)) return { ...column, values: Float64Array.from(values as ArrayLike<number | bigint>, Number) };
  return typeof values[0] === 'boolean' ? { ...column, values: Float64Array.from(values, Number) } : { ...column, values: Array.from<unknown, string>(values, String) };
};

/** −99, −99.9, −999, −9999 …: numbers that catalogues write for a missing one. */
const missingNumber = /^-99+(?:\.9*0*)?$/;

function readColumn(reading: Reading, rows: number, before: ReadonlyMap<string, Column>, where: string, notes: Note[]): Column | null {
  const { column, property, error, unit } = reading;
  if (property.unit === 'text') return propertyColumn(property.name, Array.from<unknown, string>(column.values, (value) => String(value).trim()));
  const conversion = conversionOf(reading);
  if (!conversion) {
    notes.push({ kind: 'unit', about: property.name, message: `${where}: column '${column.name}' is in '${unit}', which is no unit of ${property.name} [${property.logOf || property.unit || 'a pure number'}]; it is left out.` });
    return null;
  }
  const raw = rawNumbers(column, property, where, notes);
  if (!raw) return null;
  let lost = 0;
  const finite = raw.map((value) => {
    const missing = !Number.isFinite(value) || (property.name !== 'velocity' && missingNumber.test(String(value)));
    if (missing && !Number.isNaN(value)) lost++;
    return missing ? NaN : value;
  });
  if (lost) notes.push({ kind: 'notFinite', about: property.name, message: `${where}: ${lost} of ${rows} values of '${column.name}' are infinite or placeholders such as −99 and count as missing.` });
  const name = conversion.name + (error ? 'Error' : '');
  if (error) return propertyColumn(name, errorNumbers(finite, conversion, before.get(conversion.name)?.values as Float64Array | undefined));
  const logarithm = conversion.logarithm && !alreadyLogarithm(reading, finite);
  if (conversion.logarithm && !logarithm) {
    const why = mostlyNegative(finite) ? 'mostly negative' : `too small for ${property.logOf}`;
    notes.push({ kind: 'unit', about: property.name, message: `${where}: the numbers of '${column.name}' are ${why} and are taken as logarithms.` });
  }
  const without = logarithm ? finite.filter((value) => value <= 0).length : 0;
  if (without) notes.push({ kind: 'notFinite', about: property.name, message: `${where}: ${without} of ${rows} values of '${column.name}' are not above zero, have no logarithm and count as missing.` });
  return propertyColumn(name, finite.map((value) => (logarithm ? (value > 0 ? Math.log10(value * conversion.scale) : NaN) : value * (conversion.logarithm ? 1 : conversion.scale) + conversion.offset)));
}

/** No mass, rate or yield is negative, whatever noise does to a few of them. */
const mostlyNegative = (values: Float64Array): boolean => values.filter((value) => value < 0).length > values.filter((value) => value >= 0).length;

/** A 'mass' without a unit that never reaches 100 is a logarithm, and so is an 'sfr' most of whose numbers are negative. */
const alreadyLogarithm = ({ property, unit }: Reading, values: Float64Array): boolean => !unit && ((property.logOf === 'Msun' && values.every((value) => !(value > 100))) || mostlyNegative(values));

/** An error in the unit of its property; that of a quantity is one of its logarithm. */
function errorNumbers(errors: Float64Array, { logarithm, scale }: Conversion, values: Float64Array | undefined): Float64Array {
  if (!logarithm) return errors.map((value) => value * scale);
  return errors.map((value, i) => (value * scale) / (10 ** (values?.[i] ?? NaN) * Math.LN10));
}

function rawNumbers({ name, values }: Column, property: Property, where: string, notes: Note[]): Float64Array | null {
  if (ArrayBuffer.isView(values)) return Float64Array.from(values as ArrayLike<number | bigint>, Number);
  if (typeof values[0] === 'object') {
    notes.push({ kind: 'text', about: property.name, message: `${where}: column '${name}' holds an array in every row; it is left out.` });
    return null;
  }
  const angle = property.name === 'ra' || property.name === 'dec';
  // Tables out of papers have the printed minus.
  const texts = Array.from<unknown, string>(values, (value) => String(value).trim().replace(/^−|(?<=e)−/i, '-'));
  const found = Float64Array.from(texts, (text) => (angle ? parseAngle(text, property.name === 'ra') : text === '' ? NaN : Number(text)));
  const wrong = texts.filter((text, i) => text !== '' && !/^(?:nan|-+|null|n\/?a)$/i.test(text) && Number.isNaN(found[i]));
  if (wrong.length) notes.push({ kind: 'text', about: property.name, message: `${where}: ${wrong.length} of ${texts.length} entries of '${name}' are no numbers ('${wrong[0]}') and count as missing.` });
  return found;
}

/** Sizes given in arcsec become kpc. */
function radiusInKpc(sample: Sample): Sample {
  const angular = valuesOf(sample, 'effectiveRadiusArcsec');
  if (!angular) return sample;
  const lengths = kpcPerArcsec(sample);
  if (!lengths) return withColumns(sample, [], [{ kind: 'missing', about: 'effectiveRadius', message: 'Effective radii are given as angles, but no distances: they have no length.' }]);
  return withColumns(sample, [propertyColumn('effectiveRadius', angular.map((value, i) => value * lengths[i]!))]);
}

/** With the angular-diameter distance D/(1 + z)²; null without distances. */
function kpcPerArcsec(sample: Sample): Float64Array | null {
  const z = valuesOf(sample, 'redshift');
  return valuesOf(sample, 'distance')?.map((distance, i) => (distance * 1000) / 206264.80624709636 / (1 + Math.max(0, z?.[i] || 0)) ** 2) ?? null;
}

/** Gradients given per arcsec become those per kpc where none was given. */
function gradientPerKpc(sample: Sample): Sample {
  const angular = valuesOf(sample, 'gradientArcsec');
  if (!angular || valuesOf(sample, 'gradientKpc')) return sample;
  const lengths = kpcPerArcsec(sample);
  if (!lengths) return withColumns(sample, [], [{ kind: 'missing', about: 'gradient', message: 'Gradients are given per arcsec, but no distances: they cannot be compared.' }]);
  const errors = valuesOf(sample, 'gradientArcsecError');
  const column = (name: string, values: Float64Array) => propertyColumn(name, values.map((value, i) => value / lengths[i]!));
  return withColumns(sample, [column('gradientKpc', angular), ...(errors ? [column('gradientKpcError', errors)] : [])]);
}

/** A table of runs says where it took atomic hydrogen without knowing it: as in runs, what rests on that is left out, for the sample makes its own assumptions. */
function withoutAssumed(sample: Sample, where: string): Sample {
  const assumed = wordsOf(sample, 'assumption');
  const names = restOnGas.flatMap((name) => [name, `${name}Error`]).filter((name) => valuesOf(sample, name));
  const count = assumed?.filter((words) => words !== '').length ?? 0;
  if (!assumed || !count || !names.length) return sample;
  return withColumns(sample, names.map((name) => propertyColumn(name, valuesOf(sample, name)!.map((value, i) => (assumed[i] === '' ? value : Number.NaN)))), [
    { kind: 'assumption', about: 'logMhi', message: `${where}: gas masses, baryonic masses and yields of ${count} galaxies rest on an assumption (column 'assumption') and are left out.` },
  ]);
}

/** Rows of a galaxy that came before are dropped; galaxies at one place and too few of them are noted. */
function checkRows(sample: Sample, where: string): Sample {
  const { table } = sample;
  const names = table.columns.find(({ name }) => name === 'object')!.values as readonly string[];
  const notes: Note[] = [];
  const seen = new Map<string, number>();
  const kept: number[] = [];
  names.forEach((name, i) => {
    const first = seen.get(plainName(name));
    if (first === undefined || name === '') {
      seen.set(plainName(name), i);
      kept.push(i);
    } else notes.push({ kind: 'duplicate', about: name, message: `${where}: '${name}' of row ${i + 1} is already in row ${first + 1} ('${names[first]}'); the first row is used.` });
  });
  const unique = kept.length === names.length ? sample : rowsOf(sample, kept);
  const [ra, dec] = [valuesOf(unique, 'ra'), valuesOf(unique, 'dec')];
  if (ra && dec) {
    const objects = kept.map((i) => names[i]!);
    for (const [i, j] of closePairs(ra, dec, onePlace)) {
      notes.push({ kind: 'position', about: objects[j]!, message: `${where}: '${objects[i]}' and '${objects[j]}' share one position: a pair, whose distance or mass of gas may be shared too, or one galaxy under two names.` });
    }
  }
  if (kept.length < fewestGalaxies) notes.push({ kind: 'few', about: 'sample', message: `${where}: ${kept.length} galaxies are too few for statistics, which need ${fewestGalaxies}.` });
  return { table: unique.table, notes: [...sample.notes, ...notes] };
}

/**
 * What to say of a column that is not there: for a property the user's own column whose name is nearest to one of the property's, for any other name the nearest of all columns; nothing more
 * when none is near.
 */
export function missingColumn(sample: Sample, name: string): Note {
  const property = propertyNamed(name);
  const all = sample.table.columns.map((column) => column.name);
  const columns = property ? all.filter((own) => !propertyNamed(own.replace(/Error$/, ''))) : all;
  // Of a name of two or three letters anything is near.
  const wanted = [name, ...[...property?.synonyms ?? [], ...property?.linear ?? []].filter((own) => columnKey(own).length > 3)];
  const shares = columns.map((own) => Math.max(...wanted.map((other) => shareOfPairs(other, own))));
  const most = Math.max(...shares);
  const near = most >= nearShare ? nearestName(name, columns.filter((_, i) => shares[i] === most)) : undefined;
  return { kind: 'missing', about: name, message: `No column '${name}'.${near === undefined ? '' : ` Is it '${near}'?${property ? ` Rename it to '${name}'.` : ''}`}` };
}

/** Names that share less than this are not taken for one another. */
const nearShare = 0.5;

/** Pairs of neighbouring letters that two names share, of all that they have (Dice 1945): 1 for the same name. */
function shareOfPairs(name: string, other: string): number {
  const pairsOf = (text: string) => new Set(Array.from({ length: Math.max(0, columnKey(text).length - 1) }, (_, i) => columnKey(text).slice(i, i + 2)));
  const [own, others] = [pairsOf(name), pairsOf(other)];
  return (2 * [...own].filter((pair) => others.has(pair)).length) / Math.max(1, own.size + others.size);
}
