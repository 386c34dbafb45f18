import type { Disk } from '../disk/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { surfaceDensity } from '../nebula/index.js';
import type { NebularBins } from './nebular.js';
import { kpcPerArcsec } from './resolve.js';
import type { Measured, StellarBins } from './stellarBins.js';

/** Stellar masses per area of the disc; NaN where they are not known or not trusted. */
export interface StellarDensities {
  /** log mass of living stars and remnants in the bin [M☉]. */
  readonly logMass: Measured;
  /** log of it per deprojected area [M☉/kpc²]. */
  readonly logSigmaStar: Measured;
  /** log star-formation rate over stellar mass [1/yr]. */
  readonly logSsfr: Measured;
}

const untrusted = (1 << maskBits.NOVALUE) | (1 << maskBits.FITFAILED) | (1 << maskBits.LOWSNR) | (1 << maskBits.LOWCOV);

/** Masses of every bin over its area in the plane of the disc, and the specific star-formation rate. */
export function stellarDensities({ mass, status }: StellarBins, maps: LineMaps, disk: Disk, { logSfr, logSigmaSfrError }: NebularBins): StellarDensities {
  const kpc = kpcPerArcsec(disk.angularDistance);
  const value = mass.value.map((solar, b) => (solar > 0 && !(status[b]! & untrusted) ? solar : Number.NaN));
  const error = value.map((solar, b) => mass.error[b]! / (solar * Math.LN10));
  const logMass = value.map(Math.log10);
  return {
    logMass: { value: logMass, error },
    logSigmaStar: { value: value.map((solar, b) => Math.log10(surfaceDensity(solar, maps.npix[b]! * maps.pixelScale ** 2, kpc, disk.inclination))), error },
    logSsfr: { value: logMass.map((log, b) => logSfr[b]! - log), error: error.map((own, b) => Math.hypot(own, logSigmaSfrError[b]!)) },
  };
}
