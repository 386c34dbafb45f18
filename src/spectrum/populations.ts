import { filterFlux, filters, perFrequency, type FilterName } from '../light/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { constants } from '../units/index.js';

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

/** Stars of one spectrum. Weights are solar masses formed where the library is absolute, up to the distance's factor. */
export interface Populations {
  /** Means of log10 age [yr] and [M/H], weighted by light at 5000–5500 Å and by mass formed. */
  readonly logAgeLight: number;
  readonly metallicityLight: number;
  readonly logAgeMass: number;
  readonly metallicityMass: number;
  /** Living stars and remnants over light in the band [M☉/L☉]. */
  readonly massToLight: number;
  /** [ages] fractions of light and of mass formed, youngest first. */
  readonly lightHistory: Float64Array;
  readonly massHistory: Float64Array;
  /** Sums of the weights: mass formed, and mass in living stars and remnants. */
  readonly formed: number;
  readonly remaining: number;
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
    massToLight: left / band, lightHistory: lightHistory.map((x) => x / shine), massHistory: massHistory.map((x) => x / formed), formed, remaining: left,
  };
}
