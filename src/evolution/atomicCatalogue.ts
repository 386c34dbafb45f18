import { ZgradError } from '../errors/index.js';
import type { Column, Table } from '../table/index.js';
import { column, hasColumn, numbers, strings } from '../table/index.js';
import { parseUnit, sameDimension } from '../units/index.js';

/** A catalogue of atomic hydrogen in fixed units. One entry a row; NaN = missing. */
export interface AtomicCatalogue {
  readonly name: string;
  readonly length: number;
  /** The names of each row's galaxy, brought to one spelling by `plainName`. */
  readonly names: readonly (readonly string[])[];
  /** The first of them as written; '' where there is none. */
  readonly label: readonly string[];
  /** [deg] */
  readonly ra: Float64Array;
  readonly dec: Float64Array;
  /** 21-cm flux and its 1σ [Jy km/s]. */
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** log mass and its 1σ [dex(Msun)]. */
  readonly logMass: Float64Array;
  readonly logMassError: Float64Array;
  /** Distance that the mass was computed with [Mpc]. */
  readonly distance: Float64Array;
  /** True where the catalogue says that the hydrogen is that of several galaxies. */
  readonly shared: readonly boolean[];
  /** True where the value is an upper limit. */
  readonly limit: readonly boolean[];
}

/** Columns by what they hold; 'NAME' or 'NAME [unit]'. What is left out is looked for by its usual names. */
export type AtomicColumns = Partial<Record<'name' | 'ra' | 'dec' | 'mass' | 'massError' | 'flux' | 'fluxError' | 'distance' | 'shared' | 'limit', string>>;

/** Usual names of columns, in lower case and without signs. */
const usual = {
  name: ['name', 'galaxy', 'object', 'objname', 'galname', 'othername', 'othernames', 'altname', 'commonname', 'commonnames', 'identifiers'],
  number: ['agc', 'agcnr', 'pgc', 'ugc', 'ngc', 'ic', 'ddo', 'ugca'],
  ra: ['ra', 'radeg', 'raj2000', 'objra', 'raicrs', 'radegj2000', 'rahi'],
  dec: ['dec', 'decdeg', 'dej2000', 'decj2000', 'objdec', 'deicrs', 'de', 'decl', 'decdegj2000', 'dechi'],
  flux: ['hiflux', 'fluxhi', 'fhi', 'shi', 's21', 'f21', 'flux21', 'sint', 'hiint', 'intflux', 'sintp', 'hiint21', 'hifluxjykms', 'hi21flux', 'fluxjykms'],
  mass: ['logmhi', 'lgmhi', 'loghimass', 'logmhimsun', 'logmhimo', 'loghi', 'mhi', 'himass', 'mhimsun', 'masshi'],
  distance: ['distance', 'dist', 'distmpc', 'distancempc', 'd', 'dmpc'],
  shared: ['shared', 'pair', 'confused', 'confusion', 'conflag', 'blend', 'blended'],
} as const;

const plainColumn = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * A galaxy's name in one spelling: 'NGC 1705', 'ngc01705' and 'NGC1705' are one, as are 'ESO 119-G016' and 'ESO119-16'. Leading zeros of a number do not count
 * unless they follow a point.
 */
export function plainName(name: string): string {
  return name.toUpperCase().replace(/^ESO\s*(\d+)\s*-\s*I?[GV]\s*/, 'ESO$1-').replace(/[^A-Z0-9+\-.]/g, '').replace(/(?<![0-9.])0+(?=[0-9])/g, '');
}

function bad(where: string, found: string, expected: string, remedy?: string): ZgradError {
  return new ZgradError('BadTable', { where, found, expected, ...(remedy ? { remedy } : {}) });
}

/** A column that was asked for or has one of the usual names, with its unit ('' = none told). */
interface Found { readonly column: Column; readonly unit: string }

function find(table: Table, given: string | undefined, names: readonly string[], where: string): Found | null {
  if (given !== undefined) {
    const [, name, unit] = /^(.*?)\s*(?:\[(.*)\])?$/s.exec(given)!;
    if (!hasColumn(table, name!)) throw bad(where, `no column '${name}'`, `one of ${table.columns.map((one) => one.name).join(', ')}`);
    const found = column(table, name!);
    return { column: found, unit: unit ?? found.unit ?? '' };
  }
  for (const name of names) {
    const found = table.columns.find((one) => plainColumn(one.name) === name);
    if (found) return { column: found, unit: found.unit ?? '' };
  }
  return null;
}

/** The error of a column stands beside it as e_X, eX, X_err, err_X … */
function findError(table: Table, given: string | undefined, of: Found, where: string): Found | null {
  const base = plainColumn(of.column.name);
  return find(table, given, [`e${base}`, `${base}err`, `${base}error`, `err${base}`, `error${base}`, `${base}unc`, `sigma${base}`], where);
}

const empty = (length: number): Float64Array => new Float64Array(length).fill(Number.NaN);

/** 'dex(Msun)', 'log(Msun)' and '[solMass]' (VizieR) are logarithms. */
const isLogUnit = (unit: string): boolean => /^(?:dex\b|log|lg|\[)/i.test(unit.trim());

/** The factor from a unit to another; throws BadUnit for one of another kind. */
function factor(unit: string, to: string, where: string): number {
  const [own, wanted] = [parseUnit(unit, where), parseUnit(to, where)];
  if (sameDimension(own.dimension, wanted.dimension)) return own.scale / wanted.scale;
  throw new ZgradError('BadUnit', { where, found: `the unit '${unit}'`, expected: to === 'Msun' ? `a mass, such as 'Msun' or 'dex(Msun)'` : `a unit like '${to}'`, remedy: 'Give the right column in gas.catalogues, as columns: {mass: NAME [unit]} or {flux: NAME [unit]}.' });
}

/** log mass and error [dex]. A column without unit is a logarithm where its name says so or no value could be a mass. */
function readMasses(table: Table, mass: Found, error: Found | null, where: string): { value: Float64Array; error: Float64Array } {
  const place = `${where}: column '${mass.column.name}'`;
  const own = numbers(table, mass.column.name);
  const isLog = isLogUnit(mass.unit) || (mass.unit === '' && (/^l(?:o)?g/i.test(mass.column.name) || own.every((value) => !(value > 20))));
  if (!isLog) {
    const scale = mass.unit === '' ? 1 : factor(mass.unit, 'Msun', place);
    const linear = own.map((value) => (value > 0 ? value * scale : Number.NaN));
    const errors = error ? numbers(table, error.column.name) : null;
    return { value: linear.map(Math.log10), error: errors ? errors.map((one, i) => (one * scale) / (linear[i]! * Math.LN10)) : empty(table.length) };
  }
  const wrong = own.find((value) => value > 20 || value < 0);
  if (wrong !== undefined) throw new ZgradError('BadUnit', { where: place, found: `the logarithm ${wrong}`, expected: 'logarithms of masses in Msun between 0 and 20', remedy: 'Give the column with its unit in gas.catalogues: columns: {mass: NAME [Msun]}.' });
  return { value: own, error: error ? numbers(table, error.column.name) : empty(table.length) };
}

/** Degrees: numbers, '05:23:11.2', '05 23 11.2' or '05h23m11.2s'; hours where the column is of text and `perHour` is 15. */
function readAngles(found: Found | null, table: Table, perHour: 15 | 1, where: string): Float64Array {
  if (!found) return empty(table.length);
  const text = strings(table, found.column.name);
  const hours = /^(?:h|hms|"h:m:s")/i.test(found.unit) && perHour === 15;
  return Float64Array.from(text, (one) => {
    if (one.trim() === '') return Number.NaN;
    const plain = Number(one);
    if (!Number.isNaN(plain)) return hours ? plain * 15 : plain;
    const parts = /^([+\-−]?)\s*(\d+)\s*[:hd°\s]\s*(\d+)\s*[:m'′\s]\s*(\d+(?:\.\d*)?)\s*[s"″]?$/.exec(one.trim());
    if (!parts) throw bad(`${where}: column '${found.column.name}'`, `'${one}'`, 'degrees, or hours/degrees, minutes and seconds');
    const size = Number(parts[2]) + Number(parts[3]) / 60 + Number(parts[4]) / 3600;
    return (/[-−]/.test(parts[1]!) ? -size : size) * (/\d\s*d/.test(one) ? 1 : perHour);
  });
}

/** Whether a cell says yes: true, a number other than 0, or a word that is not no. */
const saysYes = (value: unknown): boolean => value === true || (typeof value === 'number' && value !== 0 && !Number.isNaN(value))
  || (typeof value === 'string' && !/^\s*(?:|0|no?|f|false|-+|nan|none|null)\s*$/i.test(value));

/**
 * Finds the columns of a catalogue of atomic hydrogen and brings them into fixed units: names or positions, 21-cm fluxes or masses, their errors, the distance
 * behind the masses, and flags.
 * @param where the catalogue's name, for messages and the record
 * @throws BadTable where neither flux nor mass, or neither name nor position is found; BadUnit for a unit that is not that of a mass or a line flux
 */
export function readAtomicCatalogue(table: Table, where: string, columns: AtomicColumns = {}): AtomicCatalogue {
  const { length } = table;
  const listed = table.columns.map(({ name }) => name).join(', ');
  const nameColumns = columns.name !== undefined ? [find(table, columns.name, [], where)!] : usual.name.map((name) => find(table, undefined, [name], where)).filter((one) => one !== null);
  const numbered = columns.name !== undefined ? [] : usual.number.map((name) => find(table, undefined, [name], where)).filter((one) => one !== null);
  const [ra, dec] = [find(table, columns.ra, usual.ra, where), find(table, columns.dec, usual.dec, where)];
  if (!nameColumns.length && !numbered.length && !(ra && dec)) throw bad(where, `the columns ${listed}`, 'a name, or right ascension and declination, to find galaxies by', 'Give gas.catalogues with columns: {name: …} or {ra: …, dec: …}.');
  const [flux, mass] = [find(table, columns.flux, usual.flux, where), find(table, columns.mass, usual.mass, where)];
  if (!flux && !mass) throw bad(where, `the columns ${listed}`, 'a mass of atomic hydrogen or a 21-cm flux', 'Give gas.catalogues with columns: {mass: NAME [dex]} or {flux: NAME [Jy km/s]}.');

  const scale = flux ? factor(flux.unit || 'Jy km/s', 'Jy km/s', `${where}: column '${flux.column.name}'`) : 1;
  const fluxError = flux && findError(table, columns.fluxError, flux, where);
  const masses = mass ? readMasses(table, mass, findError(table, columns.massError, mass, where), where) : { value: empty(length), error: empty(length) };
  const distance = find(table, columns.distance, usual.distance, where);
  const far = distance ? factor(distance.unit || 'Mpc', 'Mpc', `${where}: column '${distance.column.name}'`) : 1;
  const shared = find(table, columns.shared, usual.shared, where);
  const base = plainColumn((flux ?? mass)!.column.name);
  const limit = find(table, columns.limit, [`l${base}`, `${base}limit`, `limit${base}`, 'upperlimit'], where);
  const written = Array.from({ length }, (): string[] => []);
  for (const { column: { name } } of nameColumns) strings(table, name).forEach((text, row) => written[row]!.push(...text.split(/[,;|]/).map((one) => one.trim()).filter(Boolean)));
  for (const { column: { name } } of numbered) {
    const prefix = name.toUpperCase().replace(/[^A-Z]|NR$/g, '');
    strings(table, name).forEach((text, row) => { if (text) written[row]!.push(text.toUpperCase().startsWith(prefix) ? text : `${prefix}${text}`); });
  }
  return {
    name: where, length, names: written.map((own) => own.map(plainName)), label: written.map((own) => own[0] ?? ''),
    ra: readAngles(ra, table, 15, where), dec: readAngles(dec, table, 1, where),
    flux: flux ? numbers(table, flux.column.name).map((value) => value * scale) : empty(length), fluxError: fluxError ? numbers(table, fluxError.column.name).map((value) => value * scale) : empty(length),
    logMass: masses.value, logMassError: masses.error,
    distance: distance ? numbers(table, distance.column.name).map((value) => value * far) : empty(length),
    shared: Array.from({ length }, (_, row) => shared !== null && saysYes(shared.column.values[row])),
    limit: Array.from({ length }, (_, row) => limit !== null && saysYes(limit.column.values[row])),
  };
}
