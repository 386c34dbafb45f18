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
  const flux = fluxOfMagnitude(magnitude, pivot) * (wavelength / pivot) ** -1;
  return flux * starLines.reduce((product, { center, depth, sigma }) => product * (1 - depth * Math.exp(-(((wavelength - center) / sigma) ** 2) / 2)), 1);
}

/** Hα, Hβ, Mg b, Na D at rest. */
const starLines = [
  { center: 6562.8, depth: 0.4, sigma: 3 },
  { center: 4861.33, depth: 0.5, sigma: 3.5 },
  { center: 5175, depth: 0.1, sigma: 8 },
  { center: 5893, depth: 0.15, sigma: 3.5 },
];
