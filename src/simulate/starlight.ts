import { fluxOfAbMagnitude, perWavelength } from '../light/index.js';
import type { BalmerAbsorption, SimulationSettings } from './settings.js';

/** One stellar population: a smooth continuum and the Balmer lines in it. */
export interface Population {
  /** Continuum at a rest-frame wavelength [Å], 1 at 5500 Å. */
  readonly continuum: (wavelength: number) => number;
  readonly absorption: BalmerAbsorption;
}

/** Balmer lines that stars absorb. */
export const absorbedLines = ['Ha', 'Hb', 'Hg', 'Hd'] as const;

/** Stellar metal lines: wavelength in air and equivalent width of old stars [Å]. Mg b, iron, Na D, the calcium triplet. */
export const metalLines = [
  [5167.3, 0.6], [5172.7, 1.0], [5183.6, 1.2], [5269.5, 0.8], [5328.0, 0.6], [5406.0, 0.4], [5890.0, 0.8], [5895.9, 0.6],
  [8498.0, 1.2], [8542.1, 3.0], [8662.1, 2.6],
] as const;

const pivot = 5500;

/** Young stars are blue, old ones red: power laws, so that a fitted local continuum has a known truth. */
export function populations({ stars }: SimulationSettings): { readonly young: Population; readonly old: Population } {
  return {
    young: { continuum: (wavelength) => (wavelength / pivot) ** -1.5, absorption: stars.youngAbsorption },
    old: { continuum: (wavelength) => (wavelength / pivot) ** 0.7, absorption: stars.oldAbsorption },
  };
}

/** Flux density [1e-20 erg/s/cm²/Å] of an AB magnitude at a wavelength [Å]. */
function fluxOfMagnitude(magnitude: number, wavelength: number): number {
  return perWavelength(fluxOfAbMagnitude(magnitude), wavelength) / 1e-20;
}

/** Surface brightness of the disc's centre [1e-20 erg/s/cm²/Å/arcsec²] at rest-frame 5500 Å. */
export function centralBrightness({ stars, redshift }: SimulationSettings): number {
  return fluxOfMagnitude(stars.surfaceBrightness, pivot * (1 + redshift));
}

/** Share of the light that young stars give at a radius in R_e. */
export function youngShareAt({ stars }: SimulationSettings, radius: number): number {
  return Math.min(1, Math.max(0, stars.youngShare + stars.youngShareGradient * radius));
}

/** Flux density of an F-type star in front of the galaxy [1e-20 erg/s/cm²/Å] at an observed wavelength [Å, air]. */
export function starSpectrum(magnitude: number, wavelength: number): number {
  return fluxOfMagnitude(magnitude, pivot) * (wavelength / pivot) ** -1 * absorbed(starLines, wavelength);
}

/** Flux density of a passive galaxy of this AB magnitude at observed 5500 Å [1e-20 erg/s/cm²/Å] at an observed wavelength [Å, air]. */
export function ellipticalSpectrum(magnitude: number, redshift: number, wavelength: number): number {
  const shape = (observed: number) => {
    const rest = observed / (1 + redshift);
    // The break at 4000 Å halves the light on its blue side.
    return (rest / pivot) ** 0.7 * (0.75 + 0.25 * Math.tanh((rest - 4000) / 50)) * absorbed(ellipticalLines, rest);
  };
  return (fluxOfMagnitude(magnitude, pivot) * shape(wavelength)) / shape(pivot);
}

interface AbsorptionLine {
  readonly center: number;
  readonly depth: number;
  readonly sigma: number;
}

/** What absorption lines leave of the light. */
function absorbed(lines: readonly AbsorptionLine[], wavelength: number): number {
  return lines.reduce((product, { center, depth, sigma }) => product * (1 - depth * Math.exp(-(((wavelength - center) / sigma) ** 2) / 2)), 1);
}

/** Ca II K and H, the G band, Hβ, Mg b, Na D. */
const ellipticalLines: readonly AbsorptionLine[] = [
  { center: 3933.7, depth: 0.5, sigma: 8 },
  { center: 3968.5, depth: 0.5, sigma: 8 },
  { center: 4304, depth: 0.25, sigma: 12 },
  { center: 4861.33, depth: 0.15, sigma: 5 },
  { center: 5175, depth: 0.25, sigma: 15 },
  { center: 5893, depth: 0.2, sigma: 6 },
];

/** Hα, Hβ, Mg b, Na D at rest. */
const starLines: readonly AbsorptionLine[] = [
  { center: 6562.8, depth: 0.4, sigma: 3 },
  { center: 4861.33, depth: 0.5, sigma: 3.5 },
  { center: 5175, depth: 0.1, sigma: 8 },
  { center: 5893, depth: 0.15, sigma: 3.5 },
];
