import { ZgradError } from '../errors/index.js';
import type { Lsf, Medium } from '../light/index.js';

/**
 * A library of simple stellar populations (or of stars) on one wavelength grid: what a continuum is fitted with. Spectra
 * are luminosity densities per solar mass formed [L☉/M☉/Å], or relative where the source gives no absolute scale.
 */
export interface StellarLibrary {
  /** As the user named it. */
  readonly name: string;
  /** What it is and where it was published, for reports. */
  readonly source: string;
  /** Computed from simple physics for demonstrations and tests, not from real stars. */
  readonly synthetic: boolean;
  /** Rest frame [Å], ascending; not evenly spaced in every library. */
  readonly wavelength: Float64Array;
  readonly medium: Medium;
  /** FWHM [Å] of the spectra, rest frame. */
  readonly resolution: Lsf;
  /** Initial mass function, as the source names it; null where it is not told. */
  readonly imf: string | null;
  /** Whether spectra are L☉/M☉/Å (true), so that weights are solar masses formed, or in relative units. */
  readonly absolute: boolean;
  /** [n] age [Gyr]; NaN where the library has none (stars). Populations are sorted by metallicity, then age. */
  readonly age: Float64Array;
  /** [n] metallicity [M/H]; NaN where the library has none (stars). */
  readonly metallicity: Float64Array;
  /** [n] living stars plus remnants over the mass formed; NaN where the library has no masses (stars). */
  readonly remaining: Float64Array;
  /** Where `remaining` comes from: a published table, or a factor that stands for it. */
  readonly remainingSource: string;
  /** What was taken on trust about this library (medium, resolution, units …), a sentence each. */
  readonly unverified: readonly string[];
  /** [n][wavelength.length], row-major. */
  readonly flux: Float32Array;
}

/** Wavelengths [Å] from … to, both included. */
export type Range = readonly [number, number];

/**
 * The first wavelength of an ascending grid inside a range, and how many there are.
 * @throws BadArgument when there is none
 */
export function pixelsWithin(wavelength: Float64Array, [from, to]: Range, where: string): { first: number; count: number } {
  const first = wavelength.findIndex((at) => at >= from);
  const last = wavelength.findLastIndex((at) => at <= to);
  if (first < 0 || last < first) {
    throw new ZgradError('BadArgument', {
      where, found: `the range ${from}–${to} Å`, expected: `one that overlaps the library's ${wavelength[0]}–${wavelength.at(-1)} Å`,
    });
  }
  return { first, count: last - first + 1 };
}

/** The library between two wavelengths [Å], both included. @throws BadArgument when nothing is left */
export function cropLibrary(library: StellarLibrary, range: Range): StellarLibrary {
  const { wavelength, flux, age } = library;
  const { first, count } = pixelsWithin(wavelength, range, `templates ${library.name}`);
  const cropped = new Float32Array(age.length * count);
  for (let i = 0; i < age.length; i++) {
    const start = i * wavelength.length + first;
    cropped.set(flux.subarray(start, start + count), i * count);
  }
  return { ...library, wavelength: wavelength.slice(first, first + count), flux: cropped };
}
