import { ZgradError } from '../errors/index.js';
import { hasHdu, type Fits, type Hdu } from '../fits/index.js';
import { isSamiMap } from './sami.js';

/** Other pipelines' FITS products that are read. */
export type MapsKind = 'dap' | 'phangs' | 'pipe3d' | 'ngist' | 'sami';

/** What can be read, for messages. */
export const supportedMaps = 'MaNGA DAP MAPS, SAMI DR3 maps, Pipe3D (the FITS cube of flux_elines, or HDF5), PHANGS-MUSE MAPS, GIST or nGIST tables (*_table.fits with '
  + '*_gas_BIN.fits), or one table of line fluxes with positions (ECSV, VOTable, CSV)';

/** The DAP's MAPS: its emission-line channels under the DAP's own header. zgrad's maps.fits has the same channels but holds sums over bins. */
export const isDapMaps = (fits: Fits): boolean =>
  ['EMLINE_GFLUX', 'BINID'].every((name) => hasHdu(fits, name)) && ['VERSDAP', 'DAPTYPE', 'DAPFRMT'].some((key) => fits.hdus[0]!.header.has(key));

export const isPhangsMaps = (fits: Fits): boolean => ['HA6562_FLUX', 'HA6562_FLUX_ERR'].every((name) => hasHdu(fits, name));

/** The HDU of Pipe3D's cube of emission lines, whose planes are named by the cards NAME0, NAME1, … (or DESC_0, …); null when there is none. */
export function pipe3dHdu(fits: Fits): Hdu | null {
  const named = ({ kind, axes, header }: Hdu) => kind === 'image' && axes.length === 3
    && (header.string('NAME0')?.trim().startsWith('flux ') || /velocity|emission line/.test(header.string('DESC_0') ?? ''));
  return fits.hdus.find((hdu) => hdu.name === 'FLUX_ELINES' && named(hdu)) ?? fits.hdus.find(named) ?? null;
}

/** Names of the columns of a table HDU, from its header. */
export function columnsOf(hdu: Hdu): string[] {
  return hdu.kind === 'table' ? hdu.header.cards.filter(({ key }) => /^TTYPE\d+$/.test(key)).map(({ value }) => String(value).trim()) : [];
}

/** The HDU of the (n)GIST table of spaxels and their bins; null when there is none. */
export const spaxelTable = (fits: Fits): Hdu | null => fits.hdus.find((hdu) => ['BIN_ID', 'XBIN', 'NSPAX'].every((name) => columnsOf(hdu).includes(name))) ?? null;

/**
 * Tells whose maps these files are, from their contents.
 *
 * @throws ZgradError 'BadMaps' naming all that can be read when it is none of them.
 */
export function mapsKind(files: readonly Fits[]): MapsKind {
  const [first] = files;
  if (first && files.length === 1) {
    if (isDapMaps(first)) return 'dap';
    if (isPhangsMaps(first)) return 'phangs';
    if (pipe3dHdu(first)) return 'pipe3d';
  }
  if (files.some(spaxelTable)) return 'ngist';
  if (files.some(isSamiMap)) return 'sami';
  const own = first !== undefined && hasHdu(first, 'EMLINE_GFLUX');
  throw new ZgradError('BadMaps', {
    where: files.map(({ source }) => source.name).join(', ') || 'maps',
    found: own ? 'emission-line maps without the header of the MaNGA DAP' : `HDUs ${[...new Set(files.flatMap(({ hdus }) => hdus.map(({ index, name }) => name || String(index))))].slice(0, 12).join(', ')}`,
    expected: supportedMaps,
    remedy: own ? 'The maps.fits of a zgrad run are results: start from what they were measured from.' : 'Give several MaNGA, PHANGS or Pipe3D galaxies as rows of a table (--galaxies).',
  });
}
