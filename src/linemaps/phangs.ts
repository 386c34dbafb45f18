import { binCentres, deduplicate, mapToBin, spaxelBinning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { findHdu, hasHdu, type Fits } from '../fits/index.js';
import { lineFluxFactor } from '../units/index.js';
import { absent, assembleLines } from './assemble.js';
import { lineOf, type ColumnLine } from './linecolumns.js';
import type { LineMap, LineMaps } from './linemaps.js';
import { redshiftOfPhangs } from './offered.js';
import { aboutRedshift, gridOf, intrinsicDispersion, planeOf } from './planes.js';

/** Options of `readPhangsMaps`. */
export interface PhangsMapsOptions {
  /** The redshift that the velocities shall refer to. */
  readonly redshift: number;
  /** Default: OBJECT, or the file's name. */
  readonly object?: string;
  /** Unit of the fluxes. Default: BUNIT; 1e-20 erg/s/cm² per spaxel where that cannot be read. */
  readonly fluxUnit?: string;
}

/**
 * Reads the MAPS of the PHANGS-MUSE data analysis pipeline (Emsellem et al. 2022, A&A 659, A191): HDUs HA6562_FLUX, HA6562_FLUX_ERR,
 * HA6562_VEL, HA6562_SIGMA, …, named by ion and air wavelength cut to whole Å. Lines were fitted spaxel by spaxel; NaN is a masked
 * spaxel, `_ERR` a standard deviation.
 *
 * - Fluxes are taken as corrected for Galactic dust, as the survey describes them (not checked on a file of it).
 * - Velocities refer to REDSHIFT of the primary header (to `redshift` where there is none).
 * - Dispersion: HA6562_SIGMA with the instrument's HA6562_SIGMA_CORR taken off in quadrature; NaN without it.
 *
 * @throws ZgradError 'BadMaps' when sizes differ, or when values repeat over bins.
 */
export async function readPhangsMaps(fits: Fits, options: PhangsMapsOptions): Promise<LineMaps> {
  const where = fits.source.name;
  const haHdu = findHdu(fits, 'HA6562_FLUX');
  const [nx, ny] = haHdu.axes as [number, number];
  const { wcs, pixelScale } = gridOf(haHdu.header, where);
  const plane = (name: string) => planeOf(fits, findHdu(fits, name), 0, nx, ny);
  const [flux, error] = [await plane('HA6562_FLUX'), await plane('HA6562_FLUX_ERR')];
  const binning = spaxelBinning(nx, ny, (i) => Number.isFinite(flux[i]) && error[i]! > 0);
  const distinct = deduplicate([flux.map((value, i) => (binning.bin[i]! < 0 ? Number.NaN : value)), error.map((value, i) => (binning.bin[i]! < 0 ? Number.NaN : value))], nx, ny).count;
  // A few equal pairs may be chance; values of bins repeat in most spaxels.
  if (distinct < 0.9 * binning.count) {
    throw new ZgradError('BadMaps', {
      where, found: `${distinct} different values of HA6562_FLUX in ${binning.count} spaxels`, expected: 'lines that were fitted spaxel by spaxel',
      remedy: 'Of binned (n)GIST results give the tables *_table.fits and *_gas_BIN.fits.',
    });
  }
  const { x, y, npix } = binCentres(binning);
  const perBin = async (name: string): Promise<Float64Array | null> => (hasHdu(fits, name) ? mapToBin(binning, await plane(name), 'first') : null);

  const notes = ['The fluxes were taken as corrected for Galactic dust, as the survey describes them.'];
  const measured = new Map<ColumnLine, LineMap>();
  for (const { name, header } of fits.hdus) {
    const bare = /^(.+)_FLUX$/.exec(name)?.[1];
    const line = bare === undefined ? null : lineOf(bare);
    if (line === null || !hasHdu(fits, `${name}_ERR`)) continue;
    const factor = lineFluxFactor(options.fluxUnit ?? header.string('BUNIT') ?? '') ?? 1e-20;
    const scaled = (values: Float64Array) => values.map((value) => value * factor * 1e17);
    measured.set(line, { flux: scaled((await perBin(name))!), fluxError: scaled((await perBin(`${name}_ERR`))!), ew: await perBin(`${bare}_EW`), ewError: await perBin(`${bare}_EW_ERR`) });
  }
  if (options.fluxUnit === undefined && lineFluxFactor(haHdu.header.string('BUNIT') ?? '') === null) notes.push(`The unit '${haHdu.header.string('BUNIT') ?? ''}' cannot be read: fluxes were taken in 1e-20 erg/s/cm² per spaxel. Give \`maps.fluxUnit\` otherwise.`);

  const nothing = () => absent(binning.count);
  const own = redshiftOfPhangs(fits);
  if (own === undefined) notes.push('The file has no REDSHIFT: its velocities were taken as about the redshift given.');
  const corrections = await perBin('HA6562_SIGMA_CORR');
  if (!corrections) notes.push('There is no HA6562_SIGMA_CORR: the dispersion without the instrument is not known.');
  return {
    object: options.object ?? (fits.hdus[0]!.header.string('OBJECT')?.trim() || where.replace(/_MAPS.*$|\.fits.*$/i, '')), binning, wcs, pixelScale, x, y, npix, redshift: options.redshift,
    lines: assembleLines(measured, 'The maps have no equivalent widths', notes),
    velocity: aboutRedshift(await perBin('HA6562_VEL') ?? nothing(), own ?? options.redshift, options.redshift), velocityError: await perBin('HA6562_VEL_ERR') ?? nothing(),
    ...intrinsicDispersion(await perBin('HA6562_SIGMA') ?? nothing(), await perBin('HA6562_SIGMA_ERR') ?? nothing(), corrections ?? nothing()),
    status: new Int32Array(binning.count), image: hasHdu(fits, 'FLUX') ? Float64Array.from(await plane('FLUX')) : null,
    provenance: 'PHANGS-MUSE MAPS', foregroundCorrected: true, notes,
  };
}
