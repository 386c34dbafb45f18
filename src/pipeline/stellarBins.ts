import { maskBits } from '../linemaps/index.js';
import type { Draws, KeptStars } from './fitStars.js';
import type { StarsScale } from './fitLines.js';
import { standardDeviation } from '../stats/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { constants } from '../units/index.js';

/** A quantity of every bin with its 1σ; the errors are NaN where none are known. */
export interface Measured {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

/** The stars of every bin, from the fit of the continuum; NaN where it could not be fitted. Errors are formal ones, or the scatter of the bootstrap where that was asked for. */
export interface StellarBins {
  /** Number of the bin whose stars were fitted: the bin itself, or that of `continuum.bins`; −1 = none. */
  readonly continuumBin: Int32Array;
  /** c(z_obs − z)/(1 + z) [km/s]. */
  readonly velocity: Measured;
  /** Corrected for instrument and templates [km/s]. */
  readonly sigma: Measured;
  /** Gauss–Hermite moments; null when they were not fitted. */
  readonly h3: Measured | null;
  readonly h4: Measured | null;
  /** E(B−V) of the stars [mag]; null when a multiplicative polynomial was fitted. */
  readonly reddening: Float64Array | null;
  /** Median of flux/error per pixel. */
  readonly signalToNoise: Float64Array;
  readonly reducedChi2: Float64Array;
  /** √(χ²/DOF): what the errors are multiplied by to fit the residuals. */
  readonly errorFactor: Float64Array;
  /** Of residual/model: rms and the 68th, 99th, 100th percentile of its size. */
  readonly rms: Float64Array;
  readonly residual68: Float64Array;
  readonly residual99: Float64Array;
  readonly residual100: Float64Array;
  /** Means of log age [yr] and [M/H], weighted by light at 5000–5500 Å and by mass formed. */
  readonly logAgeLight: Measured;
  readonly metallicityLight: Measured;
  readonly logAgeMass: Measured;
  readonly metallicityMass: Measured;
  /** Living stars and remnants over light in the band [M☉/L☉]. */
  readonly massToLight: Measured;
  /** Living stars and remnants in the bin [M☉]; NaN where the library is not absolute. */
  readonly mass: Measured;
  /** Fractions of light and of mass formed at each age, youngest first. */
  readonly lightHistory: (Float64Array | null)[];
  readonly massHistory: (Float64Array | null)[];
  /** NOVALUE, FITFAILED, NEARBOUND, LOWSNR, LOWCOV (most pixels missing: masses are not trusted). */
  readonly status: Int32Array;
}

/** Below this S/N per pixel the stars are not trusted. */
const leastSignalToNoise = 3;
/** Below this share of the pixels, less than one of two arms, ages and with them masses hang on few features. */
const leastCoverage = 0.4;

/**
 * Solar masses behind a weight of a template in L☉/M☉/Å: F = M L/[4πD_L²(1 + z)], F in 1e-17 erg/s/cm²/Å as observed.
 * @param luminosityDistance [Mpc]
 */
export function massPerWeight(luminosityDistance: number, redshift: number): number {
  return (1e-17 * 4 * Math.PI * (luminosityDistance * constants.megaparsec) ** 2 * (1 + redshift)) / constants.solarLuminosity;
}

export interface StellarRecord {
  readonly bins: StellarBins;
  /**
   * Enters the stars of a bin.
   * @param share of the fitted continuum bin's light that the bin has
   */
  add(b: number, continuumBin: number, stars: KeptStars, draws: Draws, share: StarsScale): void;
}

/** Room for the stars of `count` bins. */
export function createStellarRecord(
  count: number, library: StellarLibrary, options: { readonly moments: 2 | 4; readonly reddened: boolean; readonly pixels: number; readonly luminosityDistance: number; readonly redshift: number },
): StellarRecord {
  const column = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const measured = (): Measured => ({ value: column(), error: column() });
  const perWeight = library.absolute ? massPerWeight(options.luminosityDistance, options.redshift) : Number.NaN;
  const moments = options.moments === 4;
  const bins: StellarBins = {
    continuumBin: new Int32Array(count).fill(-1), velocity: measured(), sigma: measured(), h3: moments ? measured() : null, h4: moments ? measured() : null,
    reddening: options.reddened ? column() : null, signalToNoise: column(), reducedChi2: column(), errorFactor: column(),
    rms: column(), residual68: column(), residual99: column(), residual100: column(),
    logAgeLight: measured(), metallicityLight: measured(), logAgeMass: measured(), metallicityMass: measured(), massToLight: measured(), mass: measured(),
    lightHistory: new Array<Float64Array | null>(count).fill(null), massHistory: new Array<Float64Array | null>(count).fill(null),
    status: new Int32Array(count).fill((1 << maskBits.NOVALUE) | (1 << maskBits.DONOTUSE)),
  };
  const enter = (into: Measured | null, b: number, value: number, error: number): void => {
    if (!into) return;
    into.value[b] = value;
    into.error[b] = error;
  };
  return {
    bins,
    add(b, continuumBin, { kinematics, fit, populations, populationErrors, signalToNoise, errorFactor, residuals }, draws, { scale, scaleError }) {
      const scatter = (of: (draw: Draws[number]) => number, formal: number): number => (draws.length > 1 ? standardDeviation(Float64Array.from(draws, of)) : formal);
      const spread = (of: (draw: Draws[number]['kinematics']) => number, formal: number): number => scatter((draw) => of(draw.kinematics), formal);
      const populationSpread = (name: keyof typeof populationErrors): number => scatter((draw) => draw.populations[name], populationErrors[name]);
      bins.continuumBin[b] = continuumBin;
      enter(bins.velocity, b, kinematics.velocity, spread((one) => one.velocity, kinematics.velocityError));
      enter(bins.sigma, b, kinematics.sigma, spread((one) => one.sigma, kinematics.sigmaError));
      enter(bins.h3, b, kinematics.h3, spread((one) => one.h3, kinematics.h3Error));
      enter(bins.h4, b, kinematics.h4, spread((one) => one.h4, kinematics.h4Error));
      if (bins.reddening) bins.reddening[b] = fit.reddening;
      bins.signalToNoise[b] = signalToNoise;
      bins.reducedChi2[b] = fit.chi2 / fit.dof;
      bins.errorFactor[b] = errorFactor;
      bins.rms[b] = residuals.rms;
      [bins.residual68[b], bins.residual99[b], bins.residual100[b]] = residuals.percentiles;
      bins.status[b] = fit.status & (1 << maskBits.NOVALUE) ? (1 << maskBits.NOVALUE) | (1 << maskBits.DONOTUSE)
        : fit.status | (signalToNoise >= leastSignalToNoise ? 0 : 1 << maskBits.LOWSNR)
          | (fit.used.reduce((sum, use) => sum + use, 0) >= leastCoverage * options.pixels ? 0 : 1 << maskBits.LOWCOV);
      for (const name of ['logAgeLight', 'metallicityLight', 'logAgeMass', 'metallicityMass', 'massToLight'] as const) enter(bins[name], b, populations[name], populationSpread(name));
      enter(bins.mass, b, perWeight * scale * populations.remaining, perWeight * Math.hypot(scale * populationSpread('remaining'), scaleError * populations.remaining));
      bins.lightHistory[b] = populations.lightHistory;
      bins.massHistory[b] = populations.massHistory;
    },
  };
}
