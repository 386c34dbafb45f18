import { dirname, isAbsolute, join } from 'node:path';
import { ZgradError, isZgradError } from '../errors/index.js';
import { readText, writeAtomically, type Reporter } from '../host/index.js';
import { makeTable, parseTable, strings, toEcsv, type Column, type Table } from '../table/index.js';
import { setPath, type ConfigTree } from './config.js';
import { measureGalaxy, type Entry, type MeasureRequest } from './measure.js';
import type { MeasureSummary } from './summary.js';

/** A galaxy of the table: its files and its own configuration keys. */
export interface GalaxyRow {
  readonly name: string;
  readonly files: readonly string[];
  readonly keys: Readonly<Record<string, unknown>>;
}

export interface GalaxiesRequest {
  readonly entry: Entry;
  readonly rows: readonly GalaxyRow[];
  /** A run directory for each galaxy is made below this one. */
  readonly out: string;
  /** What all galaxies share; a row's keys come on top. */
  readonly tree: ConfigTree;
  readonly overwrite: boolean;
  readonly workers?: number;
  readonly memory?: number;
  readonly reporter: Reporter;
}

/** One galaxy's result, or why it failed. */
export type GalaxyOutcome = { readonly name: string; readonly summary: MeasureSummary; readonly failed: null } | { readonly name: string; readonly summary: null; readonly failed: string };

export interface GalaxiesSummary {
  readonly outcomes: readonly GalaxyOutcome[];
  readonly table: string;
  readonly exitStatus: 0 | 1 | 3;
}

/** Keys whose values are files. */
const fileKeys = /^(?:mask|binning\.map|maps\.bins|continuum\.bins|foreground\.dustMap|reference\.(?:images|curves)\..+)$/;

/** Reads the table of galaxies: column `files` (several joined by a space) and any configuration key; files are relative to the table. Throws BadTable. */
export async function readGalaxyTable(path: string): Promise<GalaxyRow[]> {
  const table = parseTable(await readText(path), path);
  const files = strings(table, 'files');
  if (!files.length) throw new ZgradError('BadTable', { where: path, found: 'no row', expected: 'a row for each galaxy' });
  const keys = table.columns.filter(({ name }) => name !== 'files');
  const beside = (file: string): string => (isAbsolute(file) ? file : join(dirname(path), file));
  return files.map((list, row) => {
    const own = Object.fromEntries(keys.map(({ name, values }) => [name, values[row] as unknown]).filter(([, value]) => value !== '' && !Number.isNaN(value))
      .map(([name, value]) => [name, fileKeys.test(String(name)) ? beside(String(value)) : value]));
    return {
      name: String(own['object'] ?? `galaxy-${row + 1}`),
      files: list.split(/\s+/).filter(Boolean).map(beside),
      keys: 'object' in own ? { ...own, object: String(own['object']) } : own,
    };
  });
}

/** A folder name for a galaxy. */
const folderOf = (name: string): string => name.replace(/[^\w.+-]+/g, '_');

/** What a row asks of the measurement. @param i the row's number, from 0 */
export function requestOfRow({ name, files, keys }: GalaxyRow, i: number, { tree, out }: Pick<MeasureRequest, 'tree' | 'out'>): Pick<MeasureRequest, 'files' | 'out' | 'tree' | 'where'> {
  return { files, out: join(out, folderOf(name)), tree: Object.entries(keys).reduce((at, [key, value]) => setPath(at, key, value), tree), where: `row ${i + 1} (${name})` };
}

/**
 * Measures every galaxy of a table, one after the other, and writes galaxies.ecsv with a row each. A galaxy that fails is
 * recorded with its reason and the others go on.
 */
export async function measureGalaxies(request: GalaxiesRequest): Promise<GalaxiesSummary> {
  const { rows, reporter, out } = request;
  const outcomes: GalaxyOutcome[] = [];
  for (const [i, row] of rows.entries()) {
    reporter.say(`${i + 1} of ${rows.length}: ${row.name}`);
    try {
      const summary = await measureGalaxy({ ...request, ...requestOfRow(row, i, request) });
      outcomes.push({ name: row.name, summary, failed: null });
    } catch (error) {
      if (!isZgradError(error) || error.tag === 'Interrupted') throw error;
      reporter.warn(`${row.name} failed: ${error.message}`);
      outcomes.push({ name: row.name, summary: null, failed: error.message });
    }
  }
  const table = join(out, 'galaxies.ecsv');
  const shared = hydrogenShared(outcomes);
  shared.forEach((others, i) => { if (others.length) reporter.warn(`${outcomes[i]!.name}: its atomic hydrogen is the same row of ${outcomes[i]!.summary!.masses.hiFrom!.catalogue} as that of ${others.join(', ')}`); });
  await writeAtomically(table, toEcsv(galaxiesTable(outcomes, shared)));
  const exitStatus = outcomes.some(({ failed }) => failed !== null) ? 1 : outcomes.some(({ summary }) => summary?.exitStatus === 3) ? 3 : 0;
  return { outcomes, table, exitStatus };
}

/** For every galaxy the others whose atomic hydrogen is that of the same row of a catalogue. */
function hydrogenShared(outcomes: readonly GalaxyOutcome[]): string[][] {
  const place = ({ summary }: GalaxyOutcome): string | null => (summary?.masses.hiFrom ? `${summary.masses.hiFrom.catalogue} ${summary.masses.hiFrom.row}` : null);
  return outcomes.map((own) => outcomes.filter((other) => other !== own && place(own) !== null && place(other) === place(own)).map(({ name }) => name));
}

/** One row a galaxy: the leading gradient, its errors, masses, and what went wrong. */
function galaxiesTable(outcomes: readonly GalaxyOutcome[], shared: readonly string[][]): Table {
  const numbers = (of: (summary: MeasureSummary) => number | null): Float64Array =>
    Float64Array.from(outcomes, ({ summary }) => (summary ? of(summary) : null) ?? Number.NaN);
  type Whole = Exclude<keyof MeasureSummary['masses'], 'assumption' | 'hiFrom'>;
  const whole = (name: string, unit: string | null, description: string, key: Whole): Column[] => [
    { name, unit, description, values: numbers(({ masses }) => masses[key]?.[0] ?? null) },
    { name: `${name}_err`, unit, description: `1 sigma of ${name}`, values: numbers(({ masses }) => masses[key]?.[1] ?? null) },
  ];
  return makeTable([
    { name: 'object', unit: null, description: 'name of the galaxy', values: outcomes.map(({ name }) => name) },
    { name: 'calibration', unit: null, description: 'abundance calibration', values: outcomes.map(({ summary }) => summary?.calibration ?? '') },
    { name: 'slope', unit: 'dex', description: 'gradient of 12+log(O/H) per effective radius', values: numbers(({ slope }) => slope) },
    { name: 'slope_err', unit: 'dex', description: 'its bootstrap error', values: numbers(({ slopeError }) => slopeError) },
    { name: 'slope_block_err', unit: 'dex', description: 'its error over seeing-sized blocks', values: numbers(({ blockError }) => blockError) },
    { name: 'slope_kpc', unit: 'dex / kpc', description: 'gradient per kpc', values: numbers(({ slopeKpc }) => slopeKpc) },
    { name: 'slope_kpc_err', unit: 'dex / kpc', description: 'its bootstrap error', values: numbers(({ slopeKpcError }) => slopeKpcError) },
    { name: 'bins', unit: null, description: 'star-forming bins used', values: Int32Array.from(outcomes, ({ summary }) => summary?.bins ?? 0) },
    { name: 'radial_range', unit: null, description: 'range of radii that these bins span, in effective radii', values: numbers(({ radialRange }) => radialRange) },
    { name: 'coverage', unit: null, description: 'radius out to which the field covers half of the ellipse, in effective radii', values: numbers(({ extent }) => extent.coverage) },
    { name: 'star_forming_regions', unit: null, description: 'peaks of Ha among the star-forming bins', values: numbers(({ extent }) => extent.starFormingRegions) },
    { name: 'exposure', unit: 's', description: 'EXPTIME of the cube', values: numbers(({ extent }) => extent.exposure) },
    { name: 'absolute_magnitude', unit: 'mag', description: 'AB in the r band, less the foreground dust', values: numbers(({ extent }) => extent.absoluteMagnitude) },
    { name: 'distance', unit: 'Mpc', description: 'luminosity distance', values: numbers(({ distanceMpc }) => distanceMpc) },
    { name: 'effective_radius', unit: 'kpc', description: 'half-light radius along the major axis', values: numbers(({ effectiveRadiusKpc }) => effectiveRadiusKpc) },
    { name: 'composite', unit: null, description: 'share of composite bins', values: numbers(({ composite }) => composite) },
    ...whole('oh', null, '12+log(O/H) of the summed fluxes of the star-forming bins', 'oh'), ...whole('log_sfr', 'dex(Msun / yr)', 'log star-formation rate of the sum', 'logSfr'),
    ...whole('log_mstar', 'dex(Msun)', 'log stellar mass', 'logMstar'), ...whole('log_mhi', 'dex(Msun)', 'log mass of atomic hydrogen', 'logMhi'),
    ...whole('log_mgas', 'dex(Msun)', 'log mass of the gas with helium', 'logMgas'), ...whole('gas_fraction', null, 'gas over gas and stars', 'gasFraction'),
    ...whole('log_mbaryon', 'dex(Msun)', 'log mass of stars and gas', 'logMbaryon'), ...whole('log_yeff', 'dex', 'log effective yield', 'logYeff'),
    { name: 'hi_shared', unit: null, description: 'galaxies with the same atomic hydrogen, or yes where the catalogue flags it', values: outcomes.map(({ summary }, i) => shared[i]!.join(', ') || (summary?.masses.hiFrom?.shared ? 'yes' : '')) },
    { name: 'assumption', unit: null, description: 'what was taken without being known', values: outcomes.map(({ summary }) => summary?.masses.assumption ?? '') },
    { name: 'seconds', unit: 's', description: 'time taken', values: numbers(({ seconds }) => seconds) },
    { name: 'note', unit: null, description: 'why there is no gradient', values: outcomes.map(({ summary, failed }) => failed ?? summary?.refused ?? '') },
  ], {});
}

/** The closing table on a terminal. */
export function tableText({ outcomes, table }: GalaxiesSummary): string {
  return [...outcomes.map(({ name, summary, failed }) => (failed === null ? summary!.answer : `${name}: failed: ${failed}`)), `table: ${table}`].join('\n');
}
