import { constants } from '../units/index.js';

/** A star formation rate per luminosity of Hα. */
export interface SfrCalibration {
  readonly name: string;
  /** [Msun/yr per erg/s of dust-free Hα]. */
  readonly coefficient: number;
  /** Initial mass function. */
  readonly imf: string;
  readonly source: string;
  /** True for a coefficient that was not checked against its source. */
  readonly unverified: boolean;
}

export const sfrCalibrations = [
  { name: 'L25', coefficient: 4.4e-42, imf: 'Chabrier (2003)', source: 'Li et al. 2025, Eq. 1 (7.9e-42/1.8)', unverified: false },
  { name: 'W19', coefficient: 4.6e-42, imf: 'Chabrier (2003)', source: 'Wang et al. 2019, Eq. 2 (7.9e-42/1.7)', unverified: false },
  { name: 'K98', coefficient: 7.9e-42, imf: 'Salpeter, 0.1–100 Msun', source: 'Kennicutt 1998', unverified: true },
  { name: 'KE12', coefficient: 10 ** -41.27, imf: 'Kroupa', source: 'Kennicutt & Evans 2012', unverified: true },
] as const satisfies readonly SfrCalibration[];

export type SfrCalibrationName = (typeof sfrCalibrations)[number]['name'];

/**
 * Star formation rate [Msun/yr] from the dust-free luminosity of Hα [erg/s].
 * @param calibration 'L25' (Li et al. 2025) when not given
 */
export function starFormationRate(luminosityHa: number, calibration: SfrCalibrationName = 'L25'): number {
  return luminosityHa * sfrCalibrations.find((row) => row.name === calibration)!.coefficient;
}

/** Luminosity [erg/s] of a flux [erg/s/cm²] at a luminosity distance [Mpc], 4πD²F. */
export function luminosity(flux: number, luminosityDistance: number): number {
  return 4 * Math.PI * (luminosityDistance * constants.megaparsec) ** 2 * flux;
}

/**
 * A quantity per area in the plane of a disc [per kpc²]: what is seen per area on the sky, times cos i.
 * @param quantity of the region, e.g. its star formation rate [Msun/yr]
 * @param area of the region on the sky [arcsec²]
 * @param kpcPerArcsec scale at the galaxy (from the angular-diameter distance)
 * @param inclination [deg], 0 = face-on
 */
export function surfaceDensity(quantity: number, area: number, kpcPerArcsec: number, inclination: number): number {
  return quantity / (area * kpcPerArcsec * kpcPerArcsec) * Math.cos(inclination * Math.PI / 180);
}
