import { binCentres, makeBinning, type Binning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { readTable, type Fits } from '../fits/index.js';
import { numbers, type Table } from '../table/index.js';
import { lineFluxFactor } from '../units/index.js';
import { absent, assembleLines } from './assemble.js';
import { columnsOf, spaxelTable } from './kinds.js';
import { lineOf, type ColumnLine } from './linecolumns.js';
import type { LineMap, LineMaps } from './linemaps.js';
import { maskBits } from './maskbits.js';

/** Options of `readNgistTables`. */
export interface NgistOptions {
  /** The redshift that the velocities shall refer to; (n)GIST's refer to the one it was given. */
  readonly redshift: number;
  /** Default: the name at the head of the file names. */
  readonly object?: string;
  /** Unit of the fluxes, which are those of the cube that was analysed times Å. Default 1e-20 erg/s/cm² (MUSE). */
  readonly fluxUnit?: string;
  /** Whether the spectra were corrected for Galactic dust. Default false. */
  readonly foregroundCorrected?: boolean;
}

/** The parts of a column's name: GIST's Hb_4861.32_F, nGIST's HB4861_FLUX_ERR. */
const gasColumn = /^(.+?)(?:_(\d{4})(?:\.\d*)?)?_(F|FLUX|FERR|FLUX_ERR|V|VEL|VERR|VEL_ERR|AON)$/;

/**
 * Reads the results of GIST (Bittner et al. 2019, A&A 628, A117) and nGIST: *_table.fits (spaxels X, Y [arcsec] and their BIN_ID) with
 * *_gas_BIN.fits (a row per bin) or *_gas_SPAXEL.fits (a row per spaxel).
 *
 * - Spaxels with a negative BIN_ID were masked and are not used. A bin's spectrum is the sum over its spaxels.
 * - The files have no sky coordinates: the grid is taken as north up, east to the left; X = Y = 0 is the centre.
 * - GandALF without errors: a flux's error is the flux over its amplitude-to-noise ratio. Fluxes are taken as they are, whether or not it fitted dust (EBmV).
 *
 * @throws ZgradError 'BadMaps' when one of the two tables is missing, or their lengths do not fit.
 */
export async function readNgistTables(files: readonly Fits[], options: NgistOptions): Promise<LineMaps> {
  const where = files.map(({ source }) => source.name).join(', ');
  const place = files.find(spaxelTable);
  const gas = files.flatMap((fits) => fits.hdus.filter((hdu) => hdu !== spaxelTable(fits) && columnsOf(hdu).some((name) => lineOfColumn(name, /^(?:F|FLUX)$/))).map((hdu) => ({ fits, hdu })));
  if (!place || gas.length !== 1) {
    throw new ZgradError('BadMaps', {
      where, found: !place ? 'no table of spaxels' : gas.length === 0 ? 'no table of gas' : `${gas.length} tables of gas`, expected: 'NAME_table.fits with NAME_gas_BIN.fits or NAME_gas_SPAXEL.fits',
    });
  }
  const spaxels = await readTable(place, spaxelTable(place)!);
  const { fits, hdu } = gas[0]!;
  const table = await readTable(fits, hdu);
  const scale = place.hdus[0]!.header.number('PIXSIZE') ?? place.hdus.map(({ header }) => header.number('PIXSIZE')).find((value) => value !== undefined);
  if (scale === undefined || !(scale > 0)) throw new ZgradError('BadMaps', { where: place.source.name, found: 'no PIXSIZE', expected: 'the side of a spaxel [arcsec]' });

  const notes = ['The tables have no sky coordinates: north up and east to the left were assumed.'];
  const { binning, origin } = gridOfSpaxels(spaxels, table.length, scale, `${place.source.name} and ${fits.source.name}`);
  // Row b of the gas table is bin b of BIN_ID; a row whose bin has no spaxel is left out.
  const rows = binning.labels;
  const factor = lineFluxFactor(options.fluxUnit ?? '1e-20 erg/s/cm2');
  if (factor === null) throw new ZgradError('BadMaps', { where: 'maps.fluxUnit', found: `'${options.fluxUnit}'`, expected: 'a line flux such as 1e-20 erg/s/cm2' });
  if (options.fluxUnit === undefined) notes.push('The tables do not tell the unit of the fluxes: 1e-20 erg/s/cm² was taken. Give `maps.fluxUnit` otherwise.');
  const column = (line: ColumnLine, suffix: RegExp): Float64Array | null => {
    const found = table.columns.find(({ name }) => lineOfColumn(name, suffix) === line);
    return found ? Float64Array.from(rows, (row) => Number(found.values[row])) : null;
  };

  const measured = new Map<ColumnLine, LineMap>();
  let fromNoise = false;
  for (const line of new Set(table.columns.flatMap(({ name }) => lineOfColumn(name, /^(?:F|FLUX)$/) ?? []))) {
    const flux = column(line, /^(?:F|FLUX)$/)!.map((value) => value * factor * 1e17);
    const error = column(line, /^(?:FERR|FLUX_ERR)$/);
    const amplitude = column(line, /^AON$/);
    if (!error && !amplitude) continue;
    fromNoise ||= !error;
    const fluxError = error ? error.map((value) => value * factor * 1e17) : flux.map((value, b) => value / amplitude![b]!);
    measured.set(line, { flux, fluxError: fluxError.map((value) => (value > 0 ? value : Number.NaN)), ew: null, ewError: null });
  }
  if (fromNoise) notes.push('The fluxes have no errors: each was taken as the flux over its amplitude-to-noise ratio.');
  if (table.columns.some(({ name }) => name.startsWith('EBmV'))) notes.push('GandALF fitted dust of its own (EBmV): its fluxes may be free of it already. Run it without REDDENING where the Balmer decrement shall tell the dust.');
  const strongest = measured.has('Ha') ? 'Ha' : [...measured.keys()][0];
  const kinematic = (suffix: RegExp) => (strongest && column(strongest, suffix)) ?? absent(binning.count);
  return {
    object: options.object ?? (/^(.+?)_(?:table|gas)/.exec(place.source.name)?.[1] ?? place.source.name), binning, wcs: null, pixelScale: scale, ...binCentres(binning), redshift: options.redshift,
    lines: assembleLines(measured, 'The tables have no equivalent widths', notes),
    velocity: kinematic(/^(?:V|VEL)$/), velocityError: kinematic(/^(?:VERR|VEL_ERR)$/),
    // Whether the width of a line holds the instrument's depends on how it was run.
    sigma: absent(binning.count), sigmaError: absent(binning.count),
    status: Int32Array.from({ length: binning.count }, (_, b) => ([...measured.values()].some(({ flux }) => Number.isFinite(flux[b])) ? 0 : 1 << maskBits.NOVALUE)),
    image: lightOf(spaxels, binning, origin, scale), origin, provenance: `(n)GIST tables (${fits.source.name})`, foregroundCorrected: options.foregroundCorrected ?? false, notes,
  };
}

/** The line of a column with such an ending; null for any other. */
function lineOfColumn(name: string, suffix: RegExp): ColumnLine | null {
  const [, text, wavelength = '', ending] = gasColumn.exec(name) ?? [];
  return text !== undefined && suffix.test(ending!) ? lineOf(`${text}${wavelength}`) : null;
}

function pixelsOf(spaxels: Table, origin: readonly [number, number], scale: number): { x: Int32Array; y: Int32Array } {
  const pixel = (name: string, zero: number) => Int32Array.from(numbers(spaxels, name), (value) => Math.round(value / scale + zero));
  return { x: pixel('X', origin[0]), y: pixel('Y', origin[1]) };
}

/** Bins of BIN_ID, or each spaxel alone where the gas table has a row for each. */
function gridOfSpaxels(spaxels: Table, rows: number, scale: number, where: string): { binning: Binning; origin: [number, number] } {
  const least = (name: string) => numbers(spaxels, name).reduce((min, value) => Math.min(min, value), Infinity);
  const origin: [number, number] = [0 - least('X') / scale, 0 - least('Y') / scale];
  const { x, y } = pixelsOf(spaxels, origin, scale);
  const [nx, ny] = [x, y].map((values) => values.reduce((max, value) => Math.max(max, value), 0) + 1) as [number, number];
  const ids = numbers(spaxels, 'BIN_ID');
  const bins = ids.reduce((max, id) => Math.max(max, id), -1) + 1;
  if (rows !== bins && rows !== spaxels.length) {
    throw new ZgradError('BadMaps', { where, found: `${rows} rows of gas for ${bins} bins and ${spaxels.length} spaxels`, expected: 'a row for each bin, or for each spaxel', remedy: 'Give the tables of one run.' });
  }
  const map = new Int32Array(nx * ny).fill(-1);
  ids.forEach((id, row) => { map[y[row]! * nx + x[row]!] = id < 0 ? -1 : rows === bins ? id : row; });
  return { binning: makeBinning(map, nx, ny, { unused: 'negative', where }), origin };
}

function lightOf(spaxels: Table, { nx, ny }: Binning, origin: readonly [number, number], scale: number): Float64Array {
  const image = new Float64Array(nx * ny).fill(Number.NaN);
  const { x, y } = pixelsOf(spaxels, origin, scale);
  numbers(spaxels, 'FLUX').forEach((value, row) => { image[y[row]! * nx + x[row]!] = value; });
  return image;
}
