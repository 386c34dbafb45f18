import { ZgradError } from '../errors/index.js';
import { column, numbers, type Table } from '../table/index.js';
import { convert, lineFluxFactor } from '../units/index.js';
import { assembleLines } from './assemble.js';
import { errorColumns, fluxColumn, lineOf, type ColumnLine } from './linecolumns.js';
import type { LineMap, LineMaps } from './linemaps.js';
import { maskBits } from './maskbits.js';
import { placeRows, type Positions } from './positions.js';

/** As many unused columns are named in the note. */
const namedUnused = 8;

/** Options of `readFluxTable`. */
export interface FluxTableOptions {
  /** The redshift that the velocities refer to. */
  readonly redshift: number;
  /** Name of the galaxy. Default: the table's `object` in its metadata, or `where`. */
  readonly object?: string;
  /** Unit of the fluxes and their errors. Default: the units of the columns. */
  readonly fluxUnit?: string;
  /**
   * Side of a spaxel [arcsec]: with the column npix (default 1) it gives the area of a row. Default: the typical
   * distance between neighbouring positions.
   */
  readonly pixelScale?: number;
  /** Whether the fluxes are corrected for Galactic dust. Default false. */
  readonly foregroundCorrected?: boolean;
  /** Name of the file, for messages. Default 'table of line fluxes'. */
  readonly where?: string;
}

/**
 * Reads a plain table of line fluxes into line maps; each row is a bin.
 *
 * - Positions: `ra`, `dec` [deg]; or `dx`, `dy` (also `dra`, `ddec`) [arcsec], east and north of the centre; or `x`, `y`
 *   [pixels from zero].
 * - Fluxes, summed over the row's area: `flux_LINE` with `flux_LINE_err`, or `LINE` with `e_LINE` (and similar). Lines are
 *   recognised in many spellings (see `lineOf`).
 * - Optional: `bin` (a number), `npix` (spaxels of the row), `ew_LINE`, `ew_LINE_err` (rest frame, Å), `velocity`, `velocity_err`
 *   (c(z_obs − z)/(1+z)), `sigma`, `sigma_err` [km/s].
 *
 * Equivalent widths that are mostly negative where Hα is positive are taken as negative in emission and turned.
 *
 * @throws ZgradError 'BadTable' naming a missing column and the nearest one there is; 'BadMaps' for a missing unit, spacing or
 *   position.
 */
export function readFluxTable(table: Table, options: FluxTableOptions): LineMaps {
  const { redshift, where = 'table of line fluxes' } = options;
  const notes: string[] = [];
  const used = new Set<string>();
  const read = (name: string): Float64Array => {
    used.add(name);
    return numbers(table, name);
  };
  const optional = (name: string, unit: string): Float64Array => {
    const found = table.columns.find((column) => column.name === name);
    if (!found) return new Float64Array(table.length).fill(Number.NaN);
    const factor = found.unit === null || found.unit === '' ? 1 : convert(1, found.unit, unit);
    return read(name).map((value) => value * factor);
  };

  const fluxes = new Map<ColumnLine, { flux: Float64Array; fluxError: Float64Array }>();
  for (const { name } of table.columns) {
    const line = fluxColumn(name);
    if (line === null) continue;
    if (fluxes.has(line)) throw new ZgradError('BadMaps', { where, found: `a second column of the flux of ${line}, '${name}'`, expected: 'one column per line' });
    const names = errorColumns(name);
    const error = names.find((name) => table.columns.some((column) => column.name === name)) ?? column(table, names[0]!).name;
    fluxes.set(line, { flux: scaled(name), fluxError: scaled(error) });
  }
  // Everything that follows the line maps begins with Hα; the error of `column` names the nearest name there is.
  if (!fluxes.has('Ha')) column(table, 'flux_Ha');

  function scaled(name: string): Float64Array {
    const text = options.fluxUnit ?? column(table, name).unit ?? '';
    const factor = lineFluxFactor(text);
    if (factor === null) {
      throw new ZgradError('BadMaps', {
        where: `${where}, column '${name}'`, found: text === '' ? 'no unit' : `the unit '${text}'`, expected: 'a line flux such as 1e-17 erg/s/cm2',
        remedy: 'Give it as `maps.fluxUnit`.',
      });
    }
    return read(name).map((value) => value * (factor * 1e17));
  }

  const positions = positionsOf(table, read, where);
  const hasNpix = table.columns.some(({ name }) => name === 'npix');
  const npix = hasNpix ? read('npix') : new Float64Array(table.length).fill(1);
  if (options.pixelScale === undefined && npix.some((n) => n > 1)) {
    throw new ZgradError('BadMaps', { where, found: 'rows of several spaxels (npix)', expected: 'the side of a spaxel in arcsec', remedy: 'Give it as `maps.pixelScale`.' });
  }
  const labels = table.columns.some(({ name }) => name === 'bin') ? Int32Array.from(read('bin')) : Int32Array.from({ length: table.length }, (_, row) => row);
  const { hidden, origin, ...placed } = placeRows(positions, labels, options.pixelScale ?? null, where);
  if (options.pixelScale === undefined) notes.push(`The area of a row was taken as the square of the spacing of the positions, ${placed.pixelScale.toPrecision(3)} arcsec.`);
  if (hidden > 0) notes.push(`${hidden} rows lie on the spaxel of another row: they count, but the maps do not show them.`);

  const measured = new Map<ColumnLine, LineMap>([...fluxes].map(([line, flux]) => [line, { ...flux, ...widthsOf(table, line, optional) }]));
  const lines = assembleLines(measured, 'The table has no column ew_Ha', notes);

  const kinematics = {
    velocity: optional('velocity', 'km/s'), velocityError: optional('velocity_err', 'km/s'),
    sigma: optional('sigma', 'km/s'), sigmaError: optional('sigma_err', 'km/s'),
  };
  const unused = table.columns.map(({ name }) => name).filter((name) => !used.has(name));
  const more = unused.length - namedUnused;
  if (unused.length > 0) notes.push(`Columns that were not used: ${unused.slice(0, namedUnused).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`);
  const named = table.meta['object'];
  return {
    object: options.object ?? (typeof named === 'string' ? named : where), ...placed, npix, redshift, lines, ...kinematics,
    status: Int32Array.from(lines.get('Ha')!.flux, (flux, row) => (Number.isFinite(flux + placed.x[row]! + placed.y[row]!) ? 0 : 1 << maskBits.NOVALUE)),
    image: null, provenance: `table of line fluxes (${where})`, foregroundCorrected: options.foregroundCorrected ?? false,
    ...(origin && { origin }), notes,
  };
}

/** ew_LINE and ew_LINE_err. */
function widthsOf(table: Table, line: ColumnLine, optional: (name: string, unit: string) => Float64Array): Pick<LineMap, 'ew' | 'ewError'> {
  const name = table.columns.find(({ name }) => /^ew_/i.test(name) && !/_err$/i.test(name) && lineOf(name.slice(3)) === line)?.name;
  return name === undefined ? { ew: null, ewError: null } : { ew: optional(name, 'Angstrom'), ewError: optional(`${name}_err`, 'Angstrom') };
}

/** Columns that hold positions, by kind; names in small letters. */
const positionColumns: readonly { readonly kind: Positions['kind']; readonly pairs: readonly (readonly [string, string])[]; readonly unit: string | null }[] = [
  { kind: 'sky', pairs: [['ra', 'dec'], ['raj2000', 'dej2000'], ['ra_icrs', 'de_icrs']], unit: 'deg' },
  { kind: 'offset', pairs: [['dx', 'dy'], ['dra', 'ddec'], ['de', 'dn']], unit: 'arcsec' },
  { kind: 'pixel', pairs: [['x', 'y']], unit: null },
];

function positionsOf(table: Table, read: (name: string) => Float64Array, where: string): Positions {
  const actual = (wanted: string) => table.columns.find(({ name }) => name.toLowerCase() === wanted);
  const halves: string[] = [];
  for (const { kind, pairs, unit } of positionColumns) {
    for (const pair of pairs) {
      const found = pair.map(actual);
      if (found.some(Boolean) && !found.every(Boolean)) halves.push(pair[found[0] ? 1 : 0]);
      if (!found.every(Boolean)) continue;
      const [first, second] = found.map((one) => {
        const factor = unit === null || !one!.unit ? 1 : convert(1, one!.unit, unit);
        return read(one!.name).map((value) => value * factor);
      });
      return { kind, first: first!, second: second! };
    }
  }
  if (halves.length > 0) column(table, halves[0]!);
  throw new ZgradError('BadMaps', {
    where, found: `no positions in the columns ${table.columns.map(({ name }) => name).join(', ')}`, expected: 'ra and dec, dx and dy [arcsec], or x and y [pixels]',
  });
}
