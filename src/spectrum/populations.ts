import { filterFlux, filters, perFrequency, type FilterName } from '../light/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { constants } from '../units/index.js';
import { combinationError, type WeightCovariance } from './fullSpectrum.js';

/** What the templates of a library stand for, each once. */
export interface PopulationTable {
  /** log10 of the age [yr]. */
  readonly logAge: Float64Array;
  readonly metallicity: Float64Array;
  /** Mean f_λ between 5000 and 5500 Å, which light fractions refer to. */
  readonly light: Float64Array;
  /** Luminosity in the band [L☉ of the band per M☉ formed]; NaN where the library is not absolute or does not span the band. */
  readonly luminosity: Float64Array;
  readonly remaining: Float64Array;
}

/** What the weights of a fit say, but for the histories. */
export interface PopulationMeans {
  /** Means of log10 age [yr] and [M/H], weighted by light at 5000–5500 Å and by mass formed. */
  readonly logAgeLight: number;
  readonly metallicityLight: number;
  readonly logAgeMass: number;
  readonly metallicityMass: number;
  /** Living stars and remnants over light in the band [M☉/L☉]. */
  readonly massToLight: number;
  /** Sums of the weights: mass formed, mass in living stars and remnants, luminosity in the band. */
  readonly formed: number;
  readonly remaining: number;
  readonly luminosity: number;
}

/** Stars of one spectrum. Weights are solar masses formed where the library is absolute, up to the distance's factor. */
export interface Populations extends PopulationMeans {
  /** [ages] fractions of light and of mass formed, youngest first. */
  readonly lightHistory: Float64Array;
  readonly massHistory: Float64Array;
}

const lightBand = [5000, 5500] as const;
/** Ten parsec [cm]. */
const tenParsec = 10 * constants.parsec;

/** Light and luminosity of every template. @param band Default r. */
export function populationTable(library: StellarLibrary, band: FilterName = 'r'): PopulationTable {
  const { wavelength, age, metallicity, remaining, absolute } = library;
  const n = wavelength.length;
  const filter = filters[band];
  const rows = Array.from(age, (_, t) => library.flux.subarray(t * n, (t + 1) * n));
  return {
    logAge: age.map((gyr) => 9 + Math.log10(gyr)), metallicity, remaining,
    light: Float64Array.from(rows, (row) => {
      let [sum, count] = [0, 0];
      for (let k = 0; k < n; k++) {
        if (wavelength[k]! < lightBand[0] || wavelength[k]! > lightBand[1]) continue;
        sum += row[k]!;
        count++;
      }
      return sum / count;
    }),
    luminosity: Float64Array.from(rows, (row) => {
      if (!absolute) return Number.NaN;
      const { flux, pivot } = filterFlux(filter, wavelength, row);
      const seen = (flux * constants.solarLuminosity) / (4 * Math.PI * tenParsec ** 2);
      const magnitude = -2.5 * Math.log10(perFrequency(seen, pivot)) - constants.abZeroPoint;
      return 10 ** (-0.4 * (magnitude - filter.sun));
    }),
  };
}

/** The ages of the templates, each once, youngest first, log10 [yr]. */
export function populationAges({ logAge }: Pick<PopulationTable, 'logAge'>): Float64Array {
  return Float64Array.from(new Set(logAge)).sort();
}

/** What the weights of a fit say about the stars; NaN where all of them are 0. */
export function readPopulations({ logAge, metallicity, light, luminosity, remaining }: PopulationTable, weights: ArrayLike<number>): Populations {
  const ages = populationAges({ logAge });
  const [lightHistory, massHistory] = [new Float64Array(ages.length), new Float64Array(ages.length)];
  let [shine, formed, left, band] = [0, 0, 0, 0];
  const sums = { ageLight: 0, metalLight: 0, ageMass: 0, metalMass: 0 };
  for (let t = 0; t < logAge.length; t++) {
    const mass = weights[t]!;
    if (mass === 0) continue;
    const own = mass * light[t]!;
    shine += own;
    formed += mass;
    left += mass * remaining[t]!;
    band += mass * luminosity[t]!;
    sums.ageLight += own * logAge[t]!;
    sums.metalLight += own * metallicity[t]!;
    sums.ageMass += mass * logAge[t]!;
    sums.metalMass += mass * metallicity[t]!;
    const a = ages.indexOf(logAge[t]!);
    lightHistory[a]! += own;
    massHistory[a]! += mass;
  }
  return {
    logAgeLight: sums.ageLight / shine, metallicityLight: sums.metalLight / shine, logAgeMass: sums.ageMass / formed, metallicityMass: sums.metalMass / formed,
    massToLight: left / band, lightHistory: lightHistory.map((x) => x / shine), massHistory: massHistory.map((x) => x / formed), formed, remaining: left, luminosity: band,
  };
}

/**
 * 1σ of what the weights say, by linear propagation of their covariance; NaN where it gives nothing, for all templates in use have the same age, say.
 * Templates that positivity keeps at 0 are taken as known to be there. Against the scatter of mocks (two populations, S/N 30 per pixel, some six of 40 or 128
 * templates in use) the median error is 0.85 to 1.4 times as large, mostly 1.1 times, for those in use could not go below 0 either. (Wild bootstrap: 0.8 to 1.3.)
 * Where few templates are left it may be far too small: the pulls of mass-weighted means, which are biased too, have widths up to 2.6.
 * @param found of `readPopulations`
 */
export function populationErrors({ logAge, metallicity, light, luminosity, remaining }: PopulationTable, found: PopulationMeans, weights: ArrayLike<number>, covariance: WeightCovariance): PopulationMeans {
  const stars = logAge.length;
  // What rounding alone leaves of a quantity of this size is no error.
  const error = (coefficient: (t: number) => number, size = 1): number => {
    const own = combinationError(covariance, (t) => (t < stars ? coefficient(t) : 0));
    return own > 1e-10 * size ? own : Number.NaN;
  };
  const shine = light.reduce((sum, own, t) => sum + weights[t]! * own, 0);
  return {
    logAgeLight: error((t) => (light[t]! * (logAge[t]! - found.logAgeLight)) / shine),
    metallicityLight: error((t) => (light[t]! * (metallicity[t]! - found.metallicityLight)) / shine),
    logAgeMass: error((t) => (logAge[t]! - found.logAgeMass) / found.formed),
    metallicityMass: error((t) => (metallicity[t]! - found.metallicityMass) / found.formed),
    massToLight: error((t) => (remaining[t]! - found.massToLight * luminosity[t]!) / found.luminosity, found.massToLight),
    formed: error(() => 1, found.formed), remaining: error((t) => remaining[t]!, found.remaining), luminosity: error((t) => luminosity[t]!, found.luminosity),
  };
}
