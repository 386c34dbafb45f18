import { plainName } from '../evolution/index.js';
import { makeTable } from '../table/index.js';
import { properties, propertyNamed } from './properties.js';
import { gradients } from './residuals.js';
import { objectsOf, propertyColumn, valuesOf, wordsOf, type Note, type Sample } from './sample.js';

/** What a run left of one galaxy: its gradient.json and run.json, parsed. */
export interface RunResult {
  /** The directory, for the notes. */
  readonly where: string;
  readonly gradient: unknown;
  readonly run: unknown;
}

export interface ReadRunsOptions {
  /** Calibration of the abundances; default: that of the first gradient of O/H, the run's own choice. */
  readonly calibration?: string;
}

type Tree = Readonly<Record<string, unknown>>;

const treeOf = (value: unknown): Tree => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {});
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);
const firstOf = (value: unknown): number => numberOf(Array.isArray(value) ? value[0] : value);

const gradientColumns: Readonly<Record<string, string>> = { 'O/H': 'gradient', logSigmaSfr: 'sfrGradient', logSsfr: 'ssfrGradient', logSigmaStar: 'sigmaStarGradient' };

/** Properties that hang on the mass of atomic hydrogen. */
export const restOnGas = ['logMhi', 'logMgas', 'logMbaryon', 'logYeff'];

/** The galaxies of runs as a sample, one a row: geometry, gradients, integrated values. What a run refused or does not have is missing, with a note that says why. */
export function readRuns(runs: readonly RunResult[], options: ReadRunsOptions = {}): Sample {
  const notes: Note[] = [];
  const rows: Map<string, number | string>[] = [];
  const seen = new Map<string, string>();
  for (const { where, gradient, run } of runs) {
    const row = rowOf(treeOf(gradient), treeOf(run), where, options.calibration, notes);
    const object = String(row.get('object'));
    const before = seen.get(plainName(object));
    if (before !== undefined) {
      notes.push({ kind: 'duplicate', about: object, message: `${where}: '${object}' was already read from ${before}; the first run is used.` });
      continue;
    }
    seen.set(plainName(object), where);
    rows.push(row);
  }
  const found = new Set(rows.flatMap((row) => [...row.keys()]));
  const names = properties.flatMap(({ name }) => [name, `${name}Error`]).filter((name) => found.has(name));
  const columns = names.map((name) => propertyColumn(name, propertyNamed(name)?.unit === 'text'
    ? rows.map((row) => String(row.get(name) ?? ''))
    : Float64Array.from(rows, (row) => Number(row.get(name) ?? NaN))));
  return { table: makeTable(columns, {}, 'runs'), notes };
}

function rowOf(json: Tree, run: Tree, where: string, wanted: string | undefined, notes: Note[]): Map<string, number | string> {
  const row = new Map<string, number | string>();
  const object = typeof json['object'] === 'string' ? json['object'] : where;
  row.set('object', object);
  const put = (name: string, value: unknown, error?: unknown): void => {
    if (Number.isFinite(numberOf(value))) row.set(name, value as number);
    if (Number.isFinite(numberOf(error))) row.set(`${name}Error`, error as number);
  };
  const redshift = treeOf(json['redshift']);
  put('redshift', redshift['refined'] ?? redshift['given']);
  const geometry = treeOf(json['geometry']);
  for (const name of ['ra', 'dec', 'positionAngle', 'ellipticity', 'inclination']) put(name, geometry[name]);
  put('distance', geometry['distanceMpc']);
  put('effectiveRadius', geometry['effectiveRadiusKpc']);

  const entries = (Array.isArray(json['gradients']) ? json['gradients'] : []).map(treeOf);
  const calibration = wanted ?? entries.find((entry) => entry['quantity'] === 'O/H')?.['calibration'];
  let any = false;
  for (const entry of entries) {
    const column = gradientColumns[String(entry['quantity'])];
    if (!column || (column === 'gradient' && entry['calibration'] !== calibration)) continue;
    const perKpc = entry['unit'] === 'dex/kpc';
    if (perKpc && column !== 'gradient') continue;
    any ||= column === 'gradient';
    put(perKpc ? 'gradientKpc' : column, entry['slope'], entry['slopeError']);
    if (column === 'gradient' && !perKpc) {
      put('starFormingBins', entry['bins']);
      const range = Array.isArray(entry['range']) ? entry['range'] : [];
      put('radialRange', numberOf(range[1]) - numberOf(range[0]));
    }
    if (typeof entry['refused'] === 'string' && !perKpc) notes.push({ kind: 'missing', about: object, message: `${where}: no ${column}: ${entry['refused']}` });
  }
  if (!any) notes.push({ kind: 'missing', about: object, message: `${where}: no gradient of O/H${wanted === undefined ? '' : ` by ${wanted}`}.` });

  const integrated = treeOf(json['integrated']);
  const masses = treeOf(json['masses']);
  // What a run assumed of the gas is not measured: the sample makes its own assumptions, side by side.
  const assumed = typeof masses['assumption'] === 'string' ? masses['assumption'] : null;
  if (assumed !== null) notes.push({ kind: 'assumption', about: object, message: `${where}: gas mass, baryonic mass and yield of the run rest on an assumption (${assumed}) and are left out.` });
  if (treeOf(treeOf(masses['atomicFrom'])['match'])['shared'] === true) notes.push({ kind: 'assumption', about: object, message: `${where}: its atomic hydrogen is shared with another galaxy and is an upper limit.` });
  for (const [name, value] of Object.entries(integrated)) {
    if (!propertyNamed(name) || (assumed !== null && restOnGas.includes(name))) continue;
    const own = Array.isArray(value) || typeof value === 'number' ? value : treeOf(value)[String(calibration)];
    put(name, firstOf(own), Array.isArray(own) ? own[1] : undefined);
  }
  for (const [name, value] of Object.entries(treeOf(json['extent']))) if (propertyNamed(name)) put(name, value);
  const kinematics = treeOf(json['kinematics']);
  if (typeof kinematics['class'] === 'string') row.set('velocityClass', kinematics['class']);
  const warnings = Array.isArray(run['warnings']) ? run['warnings'].length : 0;
  if (warnings) notes.push({ kind: 'missing', about: object, message: `${where}: the run gave ${warnings} warnings (run.json).` });
  return row;
}

/**
 * Runs and a table as one sample: a galaxy in both keeps what its run measured, the table fills what the run lacks; galaxies of one alone are kept. Matched by name ('NGC 1705' is 'ngc1705').
 */
export function joinSamples(runs: Sample, table: Sample): Sample {
  // A galaxy without a name is none that another input could hold too.
  const place = new Map(objectsOf(table).map((name, i) => [plainName(name), i] as const).filter(([name]) => name !== ''));
  const fromRuns = objectsOf(runs);
  const partner = fromRuns.map((name) => place.get(plainName(name)) ?? -1);
  const taken = new Set(partner);
  const alone = objectsOf(table).map((_, i) => i).filter((i) => !taken.has(i));
  const names = [...new Set([...runs.table.columns, ...table.table.columns].map(({ name }) => name))];
  const columns = names.map((name) => {
    const [first, second] = [runs.table.columns.find((column) => column.name === name), table.table.columns.find((column) => column.name === name)];
    const basis = second ?? first!;
    if (basis.values instanceof Float64Array) {
      const [a, b] = [first?.values as Float64Array | undefined, basis === second ? basis.values : undefined];
      // An error belongs to its value, and a gradient in one unit to that in the other: the table's is not put beside a value of the run.
      const quantity = name.replace(/Error$/, '');
      const together = (gradients as readonly string[]).includes(quantity) ? gradients : [quantity];
      const own = together.map((one) => valuesOf(runs, one));
      const values = [...fromRuns.map((_, i) => (own.some((given) => Number.isFinite(given?.[i])) ? a?.[i] : b?.[partner[i]!]) ?? NaN), ...alone.map((i) => b?.[i] ?? NaN)];
      return { ...basis, values: Float64Array.from(values) };
    }
    const [a, b] = [wordsOf(runs, name), wordsOf(table, name)];
    return { ...basis, values: [...fromRuns.map((_, i) => a?.[i] || (b?.[partner[i]!] ?? '')), ...alone.map((i) => b?.[i] ?? '')] };
  });
  return { table: makeTable(columns, { ...table.table.meta, ...runs.table.meta }, 'sample'), notes: [...runs.notes, ...table.notes] };
}
