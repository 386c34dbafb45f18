import { binCentres, deduplicate, makeBinning, mapToBin, spaxelBinning, type Binning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { findHdu, type Fits } from '../fits/index.js';
import type { LineName } from '../nebula/index.js';
import { fluxDensityFactor, lineFluxFactor } from '../units/index.js';
import { absent, assembleLines } from './assemble.js';
import type { ColumnLine } from './linecolumns.js';
import type { LineMap, LineMaps } from './linemaps.js';
import { maskBits } from './maskbits.js';
import { gridOf, planeOf, type Map2d } from './planes.js';

/** Options of `readSamiMaps`. */
export interface SamiMapsOptions {
  /** The redshift that the survey's velocities refer to. */
  readonly redshift: number;
  /** Default: the number at the head of the file names. */
  readonly object?: string;
  /** Which spectra the maps were fitted to: 'default' (spaxel by spaxel), 'sectors', 'adaptive' or 'annular'. Default: the only kind given. */
  readonly binned?: string;
  /** How many Gaussians were fitted: '1-comp' or 'recom-comp'. Default: the only kind given. */
  readonly components?: string;
  /** The survey's bin numbers per spaxel (BIN_MASK of its cube), 0 = unused. Default: bins are recognised from the values. */
  readonly bins?: ArrayLike<number>;
}

type Quantity = 'OII' | 'velocity' | 'sigma' | 'light' | LineName;

/** The survey's names of its maps, in file names and (in capitals, with _ERR) of their second HDUs. */
const quantities: readonly { readonly file: string; readonly hdu: string | null; readonly quantity: Quantity }[] = [
  { file: 'Halpha', hdu: 'HALPHA', quantity: 'Ha' },
  { file: 'Hbeta', hdu: 'HBETA', quantity: 'Hb' },
  { file: 'NII6583', hdu: 'NII6583', quantity: 'NII6583' },
  { file: 'OI6300', hdu: 'OI6300', quantity: 'OI6300' },
  { file: 'OII3728', hdu: 'OII3726', quantity: 'OII' },
  { file: 'OIII5007', hdu: 'OIII5007', quantity: 'OIII5007' },
  { file: 'SII6716', hdu: 'SII6716', quantity: 'SII6716' },
  { file: 'SII6731', hdu: 'SII6731', quantity: 'SII6731' },
  { file: 'gas-velocity', hdu: 'V', quantity: 'velocity' },
  { file: 'gas-vdisp', hdu: 'VDISP', quantity: 'sigma' },
  { file: 'stellar-velocity', hdu: null, quantity: 'light' },
];

interface MapFile {
  readonly fits: Fits;
  readonly quantity: Quantity;
  readonly object: string | null;
  /** Null for a file without the survey's name. */
  readonly binned: string | null;
  readonly components: string | null;
}

/**
 * Reads the emission-line maps of SAMI Data Release 3 (Croom et al. 2021, MNRAS 505, 991). Files that are no line,
 * gas-velocity or gas-dispersion map (extinction, star formation) are ignored; a stellar-velocity file gives the image of the light.
 *
 * - Plane 0 of a map, the total over the components, is used. Its values are line fluxes, although the unit says per Å.
 * - In binned maps a bin's mean per spaxel is repeated over the bin: the bin's flux is npix times that.
 * - The survey's velocity c(z_obs − z) is divided by 1 + z. Its zero point is off by several km/s.
 * - The fluxes are not corrected for Galactic dust, and there are no equivalent widths (see `LineMaps.notes`).
 *
 * @throws ZgradError 'BadMaps' when no Hα map is there, maps of several kinds are left after `binned` and `components`, two files
 *   hold the same map, sizes differ, or a map varies inside one of `bins`.
 */
export async function readSamiMaps(files: readonly Fits[], options: SamiMapsOptions): Promise<LineMaps> {
  const chosen = choose(files.flatMap((fits) => recognise(fits) ?? []), options);
  const ha = chosen.get('Ha')!;
  const [nx, ny] = ha.fits.hdus[0]!.axes as [number, number];
  const maps = new Map<Quantity, { value: Map2d; error: Map2d; file: MapFile }>();
  for (const [quantity, file] of chosen) {
    maps.set(quantity, {
      file, value: await planeOf(file.fits, findHdu(file.fits, quantity === 'light' ? 'FLUX' : 0), 0, nx, ny),
      error: await planeOf(file.fits, findHdu(file.fits, quantity === 'light' ? 'FLUX_ERR' : 1), 0, nx, ny),
    });
  }
  const gas = [...maps].filter(([quantity]) => quantity !== 'light').map(([, map]) => map);
  const binning = binsOf(gas.flatMap(({ value, error }) => [value, error]), gas[0]!.file, nx, ny, options.bins);
  const { x, y, npix } = binCentres(binning);
  const perBin = (map: Map2d) => mapToBin(binning, map, 'first');

  const notes: string[] = [];
  const measured = new Map<ColumnLine, LineMap>();
  for (const [quantity, { value, error, file }] of maps) {
    if (quantity === 'velocity' || quantity === 'sigma' || quantity === 'light') continue;
    const scale = unitOf(file.fits) * 1e17;
    const sum = (map: Map2d) => perBin(map).map((mean, b) => mean * scale * (binning.repeated ? npix[b]! : 1));
    measured.set(quantity, { flux: sum(value), fluxError: sum(error), ew: null, ewError: null });
  }
  const lines = assembleLines(measured, 'SAMI\'s maps have no equivalent widths', notes);
  const kinematics = (quantity: 'velocity' | 'sigma', scale: number) => {
    const map = maps.get(quantity);
    if (!map) notes.push(`There is no map of the gas ${quantity === 'sigma' ? 'dispersion' : 'velocity'}.`);
    return map ? [map.value, map.error].map((values) => perBin(values).map((value) => value * scale))
      : [absent(binning.count), absent(binning.count)];
  };
  const [velocity, velocityError] = kinematics('velocity', 1 / (1 + options.redshift));
  const [sigma, sigmaError] = kinematics('sigma', 1);
  const { wcs, pixelScale } = gridOf(ha.fits.hdus[0]!.header, ha.fits.source.name);
  const light = maps.get('light');
  return {
    object: options.object ?? ha.object ?? 'SAMI galaxy', binning, wcs, pixelScale, x, y, npix, redshift: options.redshift,
    lines, velocity: velocity!, velocityError: velocityError!, sigma: sigma!, sigmaError: sigmaError!,
    status: Int32Array.from(lines.get('Ha')!.flux, (flux) => (Number.isFinite(flux) ? 0 : 1 << maskBits.NOVALUE)),
    image: light ? Float64Array.from(light.value) : null,
    // The survey centres its grids on the catalogue position; without an image of the light that is the best centre there is.
    ...(!light && { origin: wcs.celestial.referencePixel }),
    provenance: `SAMI Data Release 3 line maps (${kindOf(ha)})`, foregroundCorrected: false, notes,
  };
}

/** What a file holds, by its name or, when it was renamed, by the name of its error HDU; null for what is not used. */
function recognise(fits: Fits): MapFile | null {
  const name = fits.source.name.replace(/^.*[\\/]/, '').replace(/\.fits(?:\.gz)?$/i, '');
  const [, object = null, map, binned = null, components = null] = /^(.+?)_[A-Z]_([A-Za-z0-9-]+)_([a-z]+)_([a-z0-9-]+)$/.exec(name) ?? [];
  const error = fits.hdus[1]?.name.toUpperCase();
  const known = map === undefined ? quantities.find(({ hdu }) => hdu !== null && `${hdu}_ERR` === error) : quantities.find(({ file }) => file === map);
  return known ? { fits, quantity: known.quantity, object, binned, components } : null;
}

/** Whether a file is one of the survey's maps. */
export const isSamiMap = (fits: Fits): boolean => recognise(fits) !== null;

const kindOf = ({ binned, components }: MapFile): string => (binned === null ? 'without the survey\'s file names' : `${binned} ${components}`);

/** One file per quantity, all of one kind of binning and fit. */
function choose(files: readonly MapFile[], { binned, components }: SamiMapsOptions): Map<Quantity, MapFile> {
  const gas = files.filter(({ quantity }) => quantity !== 'light');
  const wanted = gas.filter((file) => (binned ?? file.binned) === file.binned && (components ?? file.components) === file.components);
  const kinds = [...new Set(wanted.map(kindOf))];
  if (kinds.length !== 1) {
    throw new ZgradError('BadMaps', {
      where: 'SAMI line maps', found: kinds.length > 1 ? `maps of several kinds: ${kinds.join(', ')}`
        : gas.length > 0 ? `only maps of the kinds ${[...new Set(gas.map(kindOf))].join(', ')}` : 'no line map',
      expected: kinds.length > 1 ? 'one kind' : gas.length > 0 ? `maps of the kind ${[binned, components].filter(Boolean).join(' ')}` : 'files such as 41144_A_Halpha_sectors_1-comp.fits',
      ...(gas.length > 0 && { remedy: 'Choose with `maps.binned` (default, sectors) and `maps.components` (1-comp, recom-comp).' }),
    });
  }
  const light = files.filter((file) => file.quantity === 'light' && file.binned === wanted[0]!.binned);
  const chosen = new Map<Quantity, MapFile>();
  for (const file of [...wanted, ...light]) {
    const other = chosen.get(file.quantity);
    if (other) {
      throw new ZgradError('BadMaps', { where: `${other.fits.source.name} and ${file.fits.source.name}`, found: 'the same map twice', expected: 'the maps of one galaxy, each once' });
    }
    chosen.set(file.quantity, file);
  }
  if (!chosen.has('Ha')) {
    throw new ZgradError('BadMaps', { where: 'SAMI line maps', found: `the maps ${[...chosen.keys()].join(', ')}`, expected: 'a map of Hα among them' });
  }
  return chosen;
}

/** erg/s/cm² per spaxel of a line map: the survey writes the unit of a flux density for what is a line flux. */
function unitOf(fits: Fits): number {
  const text = fits.hdus[0]!.header.string('BUNIT') ?? '';
  const factor = lineFluxFactor(text) ?? fluxDensityFactor(text);
  if (factor !== null) return factor;
  throw new ZgradError('BadMaps', { where: fits.source.name, found: `the unit '${text}' (BUNIT)`, expected: "a flux such as '10**(-16) erg/s/cm**2/angstrom/pixel'" });
}

function binsOf(maps: readonly Map2d[], file: MapFile, nx: number, ny: number, bins: ArrayLike<number> | undefined): Binning {
  const measured = (i: number) => maps.some((map) => Number.isFinite(map[i]));
  if (file.binned === 'default') {
    if (!bins) return spaxelBinning(nx, ny, measured);
    throw new ZgradError('BadMaps', { where: file.fits.source.name, found: 'bins for maps that were fitted spaxel by spaxel', expected: 'binned maps', remedy: 'Leave `maps.bins` out, or choose `maps.binned`.' });
  }
  const found = deduplicate(maps, nx, ny);
  if (!bins) return found;
  const binning = makeBinning(bins, nx, ny, { repeated: true, where: 'bin map' });
  for (let b = 0; b < binning.count; b++) {
    const members = binning.spaxels.subarray(binning.start[b], binning.start[b + 1]);
    if (members.some((i) => found.bin[i] !== found.bin[members[0]!])) {
      throw new ZgradError('BadMaps', { where: file.fits.source.name, found: `maps that vary inside bin ${binning.labels[b]}`, expected: 'the bins that the maps were made with' });
    }
  }
  return binning;
}
