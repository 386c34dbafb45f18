import { airToVacuum, skyFeatures, vacuumToAir, type Medium, type SkyFeature, type SpectralAxis } from '../light/index.js';
import { lines as knownLines, type LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import { lineHalfWidth, wavelengthOf } from './windows.js';

export interface ContinuumMaskOptions {
  /** Nebular lines to keep clear of. Default: all known ones. */
  readonly lines?: readonly LineName[];
  /** Half-width about each line [km/s]. Default `lineHalfWidth`. */
  readonly halfWidth?: number;
  /** Default `skyFeatures`, airglow and telluric bands; add `sodiumNotch` for adaptive optics. */
  readonly sky?: readonly SkyFeature[];
  /** Rest wavelengths [Å] that the templates cover, after what the velocity distribution reaches. Default: all. */
  readonly coverage?: { readonly range: readonly [number, number]; readonly medium: Medium };
}

/**
 * Which pixels a fit of the stars may use: those whose centre is clear of nebular lines and of the night sky and that lie wholly inside the templates'
 * coverage.
 * @returns [n] 1 = fit
 */
export function continuumMask({ wavelength, edges, medium }: SpectralAxis, redshift: number, options: ContinuumMaskOptions = {}): Uint8Array {
  const { lines = knownLines.map(({ name }) => name), halfWidth = lineHalfWidth, sky = skyFeatures, coverage } = options;
  const observed = (vacuum: number): number => (medium === 'air' ? vacuumToAir(vacuum) : vacuum);
  const places = lines.map((name) => wavelengthOf(name, medium, redshift));
  const spoilt = sky.map(({ from, to }) => (medium === 'air' ? [from, to] : [airToVacuum(from), airToVacuum(to)]) as [number, number]);
  const [blue, red] = coverage
    ? coverage.range.map((λ) => observed((coverage.medium === 'air' ? airToVacuum(λ) : λ) * (1 + redshift))) as [number, number]
    : [0, Infinity];
  return Uint8Array.from(wavelength, (λ, k) => {
    const clear = edges[k]! >= blue && edges[k + 1]! <= red
      && !places.some((place) => Math.abs(λ / place - 1) < halfWidth / constants.c)
      && !spoilt.some(([from, to]) => λ > from && λ < to);
    return clear ? 1 : 0;
  });
}
