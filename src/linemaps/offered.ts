import { constants } from '../units/index.js';
import { hasHdu, type Fits } from '../fits/index.js';
import { isDapMaps, isPhangsMaps } from './kinds.js';

/** What the headers of maps say of the galaxy itself: defaults for what the user does not give. */
export interface OfferedGalaxy {
  readonly object?: string;
  readonly redshift?: number;
  /** Of the major axis, north through east [deg]. */
  readonly positionAngle?: number;
  /** 1 − b/a. */
  readonly ellipticity?: number;
  /** Along the major axis [arcsec]. */
  readonly effectiveRadius?: number;
  /** FWHM [arcsec]. */
  readonly seeing?: number;
  /** True where the fluxes are already corrected for Galactic dust. */
  readonly foregroundCorrected?: boolean;
}

/**
 * Reads what the headers of another pipeline's FITS maps offer; empty where they say nothing of the galaxy.
 *
 * - MaNGA DAP: PLATEIFU, SCINPVEL (cz), ECOOPA, ECOOELL, REFF (the NASA-Sloan Atlas's elliptical Petrosian fit), RFWHM.
 * - PHANGS-MUSE: OBJECT, REDSHIFT.
 */
export function offeredByMaps(files: readonly Fits[]): OfferedGalaxy {
  const [first] = files;
  if (!first || files.length > 1) return {};
  const header = first.hdus[0]!.header;
  if (isDapMaps(first)) {
    const cz = header.number('SCINPVEL');
    return defined({
      object: header.string('PLATEIFU')?.trim(), redshift: cz === undefined ? undefined : cz / constants.c, positionAngle: header.number('ECOOPA'),
      ellipticity: header.number('ECOOELL'), effectiveRadius: header.number('REFF'), seeing: header.number('RFWHM'), foregroundCorrected: true,
    });
  }
  if (isPhangsMaps(first)) return defined({ object: header.string('OBJECT')?.trim() || undefined, redshift: redshiftOfPhangs(first), foregroundCorrected: true });
  return {};
}

/** The redshift that the velocities of PHANGS maps refer to: REDSHIFT, written as a redshift or as a velocity in km/s. */
export function redshiftOfPhangs(fits: Fits): number | undefined {
  const value = fits.hdus[0]!.header.number('REDSHIFT') ?? (hasHdu(fits, 'HA6562_FLUX') ? fits.hdus.find(({ name }) => name === 'HA6562_FLUX')!.header.number('REDSHIFT') : undefined);
  return value !== undefined && Math.abs(value) > 20 ? value / constants.c : value;
}

type Loose<T> = { [K in keyof T]: T[K] | undefined };

function defined(offered: Loose<OfferedGalaxy>): OfferedGalaxy {
  return Object.fromEntries(Object.entries(offered).filter(([, value]) => value !== undefined)) as OfferedGalaxy;
}
