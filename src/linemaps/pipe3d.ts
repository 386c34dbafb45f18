import { binCentres, makeBinning, mapToBin, spaxelBinning, type Binning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { hasHdu, findHdu, Header, type Fits, type Hdu } from '../fits/index.js';
import { hasColumn, numbers, strings, type Table } from '../table/index.js';
import { constants, lineFluxFactor } from '../units/index.js';
import { absent, assembleLines } from './assemble.js';
import { fitGrid } from './gridWcs.js';
import { pipe3dHdu } from './kinds.js';
import { lineOf, type ColumnLine } from './linecolumns.js';
import type { LineMap, LineMaps } from './linemaps.js';
import { maskBits } from './maskbits.js';
import { gridOf, planeOf } from './planes.js';

/** Options of the readers of Pipe3D. */
export interface Pipe3dOptions {
  /** The redshift that the velocities shall refer to. */
  readonly redshift: number;
  /** Default: the file's own name of the galaxy. */
  readonly object?: string;
  /** Unit of the fluxes. Default: the file's; 1e-16 erg/s/cm² where it says none. */
  readonly fluxUnit?: string;
  /** Whether the fluxes are corrected for Galactic dust (those of CALIFA's cubes are). Default false. */
  readonly foregroundCorrected?: boolean;
}

/** What Pipe3D measures of a line, by its own names. */
type Quantity = 'flux' | 'e_flux' | 'EW' | 'e_EW' | 'vel' | 'e_vel';

/** Values per bin of a quantity of a line, null where there are none; fluxes in 1e-17 erg/s/cm². */
type Values = (quantity: Quantity, line: ColumnLine) => Float64Array | null;

/**
 * Reads Pipe3D's emission lines (Sánchez et al. 2016, RMxAA 52, 171) from the tables of an EDGE–CALIFA HDF5 file (Wong et al. 2024,
 * ApJS 271, 35): flux_elines, or ELINES without equivalent widths; SSP gives the image of the light. Each row is a spaxel at pixel
 * ix, iy; sky coordinates are fitted to ra_abs, dec_abs, which the file rounds to 0.05″.
 *
 * - Velocities are heliocentric cz. Line widths still hold the instrument's: no dispersion is taken.
 * - Equivalent widths are negative in emission: turned, and taken as rest frame.
 *
 * @throws ZgradError 'BadMaps' without such a table, 'BadTable' for a missing column.
 */
export function readPipe3dTables(tables: ReadonlyMap<string, Table>, where: string, options: Pipe3dOptions): LineMaps {
  const name = ['flux_elines', 'ELINES'].find((one) => tables.has(one));
  if (name === undefined) {
    throw new ZgradError('BadMaps', { where, found: `the tables ${[...tables.keys()].join(', ') || '(none)'}`, expected: 'Pipe3D\'s flux_elines or ELINES' });
  }
  const table = tables.get(name)!;
  const [ix, iy] = [numbers(table, 'ix'), numbers(table, 'iy')];
  const [nx, ny] = [ix, iy].map((places) => places.reduce((most, one) => Math.max(most, one), -1) + 1) as [number, number];
  const spaxels = ix.map((column, row) => iy[row]! * nx + column);
  const map = new Int32Array(nx * ny).fill(-1);
  spaxels.forEach((spaxel, row) => { map[spaxel] = row; });
  const binning = makeBinning(map, nx, ny, { unused: 'negative', where });
  if (binning.count < table.length) throw new ZgradError('BadMaps', { where: `${where}, ${name}`, found: 'two rows of one pixel', expected: 'one row for each ix, iy' });

  const flat = name === 'ELINES';
  const columns: Record<Quantity, RegExp> = flat
    ? { flux: /^(?!e_|Havel)(.+)$/, e_flux: /^e_(.+)$/, EW: /^$/, e_EW: /^$/, vel: /^(Ha)vel$/, e_vel: /^$/ }
    : { flux: /^flux_(.+)$/, e_flux: /^e_flux_(.+)$/, EW: /^EW_(.+)$/, e_EW: /^e_EW_(.+)$/, vel: /^vel_(.+)$/, e_vel: /^e_vel_(.+)$/ };
  const named = (quantity: Quantity, line: ColumnLine) => table.columns.find((column) => {
    const text = columns[quantity].exec(column.name)?.[1];
    return text !== undefined && lineOf(text) === line;
  });
  const values: Values = (quantity, line) => {
    const column = named(quantity, line);
    if (!column) return null;
    const factor = /flux/.test(quantity) ? 1e17 * (lineFluxFactor(options.fluxUnit ?? column.unit ?? '') ?? 1e-16) : 1;
    return numbers(table, column.name).map((value) => value * factor);
  };
  const lines = new Set(table.columns.flatMap(({ name }) => {
    const text = columns.flux.exec(name)?.[1];
    return (text === undefined ? null : lineOf(text)) ?? [];
  }));
  const grid = ['ra_abs', 'dec_abs'].every((name) => hasColumn(table, name)) ? fitGrid(ix, iy, numbers(table, 'ra_abs'), numbers(table, 'dec_abs')) : null;
  if (!grid) throw new ZgradError('BadMaps', { where: `${where}, ${name}`, found: 'no positions on the sky', expected: 'ra_abs and dec_abs of a grid of pixels' });
  const stars = tables.get('SSP');
  const light = stars && hasColumn(stars, 'Vcont_ssp') && stars.length === table.length ? numbers(stars, 'Vcont_ssp') : null;
  const image = light && new Float64Array(nx * ny).fill(Number.NaN);
  if (image) spaxels.forEach((spaxel, row) => { image[spaxel] = light[row]!; });
  const galaxy = hasColumn(table, 'Name') ? strings(table, 'Name')[0]?.trim() : undefined;
  return hub({
    binning, values, lines, image, object: options.object ?? (galaxy || where), options, wcs: { celestial: grid.celestial, spectral: null }, pixelScale: grid.pixelScale,
    provenance: `Pipe3D ${name} (HDF5)`,
  });
}

/**
 * Reads Pipe3D's emission lines from FITS: the cube FLUX_ELINES of a Pipe3D file or flux_elines.GALAXY.cube.fits, whose planes are named
 * by NAME0, NAME1, … ('flux Ha', 'e_EW [NII]6584'; WAVE0, … where there are wavelengths), or the cube of ELINES with DESC_0, TYPE_0, ….
 * Spaxels with SELECT_REG = 0 are not used. Sky coordinates are those of the cube's header, or of the file's first header. For the rest see `readPipe3dTables`.
 *
 * @throws ZgradError 'BadMaps' without a plane of Hα's flux, its error, or sky coordinates.
 */
export async function readPipe3dCube(fits: Fits, options: Pipe3dOptions): Promise<LineMaps> {
  const where = fits.source.name;
  const hdu = pipe3dHdu(fits)!;
  const [nx, ny] = hdu.axes as [number, number];
  const planes = planesOf(hdu);
  const maps = new Map<string, Float64Array>();
  for (const { quantity, line, z } of planes) {
    const key = `${quantity} ${line}`;
    if (!maps.has(key)) maps.set(key, Float64Array.from(await planeOf(fits, hdu, z, nx, ny)));
  }
  const [flux, error] = [maps.get('flux Ha'), maps.get('e_flux Ha')];
  if (!flux || !error) {
    throw new ZgradError('BadMaps', { where: `${where}, ${hdu.name}`, found: `the planes ${planes.slice(0, 8).map(({ quantity, line }) => `${quantity} ${line}`).join(', ') || '(none named)'}`, expected: 'flux Ha and e_flux Ha (NAME0, NAME1, …)' });
  }
  const selected = hasHdu(fits, 'SELECT_REG') ? await planeOf(fits, findHdu(fits, 'SELECT_REG'), 0, nx, ny) : null;
  const binning = spaxelBinning(nx, ny, (i) => Number.isFinite(flux[i]) && error[i]! > 0 && selected?.[i] !== 0);
  const unit = options.fluxUnit ?? hdu.header.string('BUNIT') ?? '';
  const factor = 1e17 * (lineFluxFactor(unit) ?? 1e-16);
  const values: Values = (quantity, line) => {
    const map = maps.get(`${quantity} ${line}`);
    return map ? mapToBin(binning, map, 'first').map((value) => (/flux/.test(quantity) ? value * factor : value)) : null;
  };
  const primary = fits.hdus[0]!.header;
  // The file's first header is that of the cube of spectra.
  const { wcs, pixelScale } = gridOf(new Header([...(hdu.header.has('CTYPE1') ? hdu.header.cards : []), ...primary.cards]), where);
  const ssp = fits.hdus.find(({ name, axes }) => name === 'SSP' && axes[0] === nx && axes[1] === ny);
  return hub({
    binning, values, lines: new Set(planes.filter(({ quantity }) => quantity === 'flux').map(({ line }) => line)), options, wcs, pixelScale,
    image: ssp ? Float64Array.from(await planeOf(fits, ssp, 0, nx, ny)) : null,
    object: options.object ?? (primary.string('OBJECT')?.trim() || where.replace(/^flux_elines\.|\.(?:cube|Pipe3D)?\.?fits.*$/gi, '')), provenance: 'Pipe3D flux_elines (FITS)',
  });
}

/** The planes that hold a quantity of a known line. */
function planesOf(hdu: Hdu): { quantity: Quantity; line: ColumnLine; z: number }[] {
  return Array.from({ length: hdu.axes[2]! }, (_, z) => z).flatMap((z) => {
    const [, quantity, text] = /^(e_flux|e_EW|e_vel|flux|EW|vel) (.+)$/.exec(hdu.header.string(`NAME${z}`)?.trim() ?? '') ?? described(hdu.header, z);
    if (quantity === undefined || text === undefined) return [];
    // Names such as [SII] hold several lines: the wavelength tells which.
    const wave = hdu.header.get(`WAVE${z}`);
    const line = lineOf(text) ?? (wave === undefined ? null : lineOf(`${text}${Math.round(Number(wave))}`));
    return line === null ? [] : [{ quantity: quantity as Quantity, line, z }];
  });
}

/** The cards of ELINES: DESC_6 = 'Halpha emission line', TYPE_6 = 'flux'. */
function described(header: Header, z: number): [string, Quantity, string] | [] {
  const [description = '', type = ''] = ['DESC_', 'TYPE_'].map((key) => header.string(`${key}${z}`)?.trim());
  if (description.startsWith('Halpha velocity')) return [description, 'vel', 'Ha'];
  const text = /^(\S+) emission line/.exec(description)?.[1];
  return text === undefined || !/flux/.test(type) ? [] : [description, /error/.test(type) ? 'e_flux' : 'flux', text];
}

function hub({ binning, values, lines, image, object, options, wcs, pixelScale, provenance }: Pick<LineMaps, 'image' | 'object' | 'wcs' | 'pixelScale' | 'provenance'> & {
  readonly binning: Binning; readonly values: Values; readonly lines: ReadonlySet<ColumnLine>; readonly options: Pipe3dOptions;
}): LineMaps {
  const notes = ['Pipe3D\'s line widths hold the instrument\'s: no gas dispersion was taken.'];
  const nothing = () => absent(binning.count);
  const measured = new Map<ColumnLine, LineMap>();
  for (const line of lines) {
    const error = values('e_flux', line);
    if (error) measured.set(line, { flux: values('flux', line)!, fluxError: error.map((value) => (value > 0 ? value : Number.NaN)), ew: values('EW', line), ewError: values('e_EW', line) });
  }
  if (!options.foregroundCorrected) notes.push('Pipe3D does not say whether the spectra were corrected for Galactic dust (CALIFA\'s are): give `foreground: none` when they were.');
  const { redshift } = options;
  return {
    object, binning, wcs, pixelScale, ...binCentres(binning), redshift, lines: assembleLines(measured, 'The maps have no equivalent widths', notes),
    velocity: (values('vel', 'Ha') ?? nothing()).map((cz) => (cz - constants.c * redshift) / (1 + redshift)),
    velocityError: (values('e_vel', 'Ha') ?? nothing()).map((value) => value / (1 + redshift)),
    sigma: nothing(), sigmaError: nothing(),
    status: Int32Array.from(measured.get('Ha')?.flux ?? nothing(), (flux) => (Number.isFinite(flux) ? 0 : 1 << maskBits.NOVALUE)),
    image, provenance, foregroundCorrected: options.foregroundCorrected ?? false, notes,
  };
}
