import { binCentres, makeBinning, mapToBin } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { findHdu, hasHdu, type Fits, type Header } from '../fits/index.js';
import { lines } from '../nebula/index.js';
import { skyToPixel } from '../sky/index.js';
import { constants, lineFluxFactor } from '../units/index.js';
import { absent, assembleLines } from './assemble.js';
import { lineOf, type ColumnLine } from './linecolumns.js';
import type { LineMap, LineMaps } from './linemaps.js';
import { maskBits } from './maskbits.js';
import { aboutRedshift, gridOf, intrinsicDispersion, planeOf } from './planes.js';

/** Options of `readDapMaps`. */
export interface DapMapsOptions {
  /** The redshift that the velocities shall refer to. Default: SCINPVEL/c, to which the file's refer. */
  readonly redshift?: number;
  /** Default: PLATEIFU. */
  readonly object?: string;
}

const donotuse = 1 << maskBits.DONOTUSE;

/**
 * Reads the MAPS of the MaNGA Data Analysis Pipeline (Westfall et al. 2019, AJ 158, 231; Belfiore et al. 2019, AJ 158, 160).
 *
 * - Lines are the Gaussian fluxes EMLINE_GFLUX, found by the names of their channels (C01 = 'OII-3727', …), never by number.
 * - Bins are those of the emission-line models (BINID's channel 'Em. line models'; −1 = unused). A bin's spectrum is the mean over
 *   its spaxels and is repeated over them: the bin's flux is npix times the map's.
 * - The status of a bin is the mask of Hα's flux (DAPPIXMASK); a line that is DONOTUSE has no flux there.
 * - Dispersion: EMLINE_GSIGMA with EMLINE_INSTSIGMA taken off in quadrature.
 * - The fluxes are corrected for Galactic dust already; equivalent widths are positive in emission and taken as rest frame.
 *
 * @throws ZgradError 'BadMaps' without a channel of Hα or of the line models' bins, 'MissingHdu'.
 */
export async function readDapMaps(fits: Fits, options: DapMapsOptions = {}): Promise<LineMaps> {
  const where = fits.source.name;
  const primary = fits.hdus[0]!.header;
  const fluxHdu = findHdu(fits, 'EMLINE_GFLUX');
  const [nx, ny] = fluxHdu.axes as [number, number];
  const { wcs, pixelScale } = gridOf(fluxHdu.header, where);

  const binHdu = findHdu(fits, 'BINID');
  const binChannel = channelNamed(binHdu.header, /em.*line.*model/i);
  if (binChannel < 0) throw new ZgradError('BadMaps', { where: `${where}, BINID`, found: 'no channel of the bins of the emission-line models', expected: "'Em. line models' in C1, C2, …" });
  const binning = makeBinning(await planeOf(fits, binHdu, binChannel, nx, ny), nx, ny, { repeated: true, unused: 'negative', where: `${where}, BINID` });
  const { x, y, npix } = binCentres(binning);

  const channels = lineChannels(fluxHdu.header);
  const ha = channels.get('Ha');
  if (ha === undefined) throw new ZgradError('BadMaps', { where: `${where}, EMLINE_GFLUX`, found: 'no channel Ha-6564', expected: 'the channels of the DAP, named by C01, C02, …' });
  const perBin = async (name: string, channel: number): Promise<Float64Array> => mapToBin(binning, await planeOf(fits, findHdu(fits, name), channel, nx, ny), 'first');
  const errorOf = async (name: string, channel: number): Promise<Float64Array> => (await perBin(`${name}_IVAR`, channel)).map(sigmaOfIvar);
  const factor = (lineFluxFactor(fluxHdu.header.string('BUNIT') ?? '') ?? 1e-17) * 1e17;

  const notes: string[] = [];
  const withWidths = hasHdu(fits, 'EMLINE_GEW');
  const measured = new Map<ColumnLine, LineMap>();
  for (const [line, channel] of channels) {
    const mask = await perBin('EMLINE_GFLUX_MASK', channel);
    const kept = (values: Float64Array, scaled: boolean) => values.map((value, b) => (mask[b]! & donotuse ? Number.NaN : scaled ? value * factor * npix[b]! : value));
    measured.set(line, {
      flux: kept(await perBin('EMLINE_GFLUX', channel), true), fluxError: kept(await errorOf('EMLINE_GFLUX', channel), true),
      ew: withWidths ? kept(await perBin('EMLINE_GEW', channel), false) : null,
      ewError: withWidths ? kept(await errorOf('EMLINE_GEW', channel), false) : null,
    });
  }

  const cz = primary.number('SCINPVEL');
  const own = cz === undefined ? options.redshift : cz / constants.c;
  if (own === undefined) throw new ZgradError('BadMaps', { where, found: 'no redshift (SCINPVEL)', expected: 'the redshift that its velocities refer to', remedy: 'Give `redshift`.' });
  const redshift = options.redshift ?? own;
  const unmasked = async (name: string, values: Float64Array): Promise<Float64Array> => {
    const mask = await perBin(`${name}_MASK`, ha);
    return values.map((value, b) => (mask[b]! & donotuse ? Number.NaN : value));
  };
  const velocity = await unmasked('EMLINE_GVEL', aboutRedshift(await perBin('EMLINE_GVEL', ha), own, redshift));
  const observed = await unmasked('EMLINE_GSIGMA', await perBin('EMLINE_GSIGMA', ha));
  const instrument = hasHdu(fits, 'EMLINE_INSTSIGMA') ? await perBin('EMLINE_INSTSIGMA', ha) : absent(binning.count);
  const [ra, dec] = [primary.number('OBJRA'), primary.number('OBJDEC')];
  return {
    object: options.object ?? primary.string('PLATEIFU')?.trim() ?? 'MaNGA galaxy', binning, wcs, pixelScale, x, y, npix, redshift,
    lines: assembleLines(measured, 'The maps have no EMLINE_GEW', notes),
    velocity, velocityError: await errorOf('EMLINE_GVEL', ha), ...intrinsicDispersion(observed, await errorOf('EMLINE_GSIGMA', ha), instrument),
    status: Int32Array.from(await perBin('EMLINE_GFLUX_MASK', ha)),
    image: hasHdu(fits, 'SPX_MFLUX') ? Float64Array.from(await planeOf(fits, findHdu(fits, 'SPX_MFLUX'), 0, nx, ny)) : null,
    ...(ra !== undefined && dec !== undefined && { origin: skyToPixel(wcs.celestial, ra, dec) }),
    provenance: `MaNGA DAP ${primary.string('VERSDAP')?.trim() ?? ''} MAPS ${primary.string('DAPTYPE')?.trim() ?? ''}`.replace(/ +/g, ' ').trim(),
    foregroundCorrected: true, notes,
  };
}

const sigmaOfIvar = (ivar: number): number => (ivar > 0 ? 1 / Math.sqrt(ivar) : Number.NaN);

/** Channels by name: C1 or C01 = 'Ha-6564' is plane 0. */
function channelsOf(header: Header): [number, string][] {
  return header.cards.flatMap(({ key, value }): [number, string][] => (/^C\d{1,2}$/.test(key) ? [[Number(key.slice(1)) - 1, String(value).trim()]] : []));
}

const channelNamed = (header: Header, name: RegExp): number => channelsOf(header).find(([, text]) => name.test(text))?.[0] ?? -1;

/** The plane of each line that has a channel. OIId-3728 is the blend of [O II]. */
function lineChannels(header: Header): Map<ColumnLine, number> {
  const found = channelsOf(header).flatMap(([channel, text]): [ColumnLine, number][] => {
    const line = lines.find(({ dapName }) => dapName === text)?.name ?? (text.startsWith('OIId-') ? 'OII' : lineOf(text));
    return line === null ? [] : [[line, channel]];
  });
  return new Map(found);
}
