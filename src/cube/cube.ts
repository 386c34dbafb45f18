import type { Header } from '../fits/index.js';
import type { Lsf, SpectralAxis } from '../light/index.js';
import type { Wcs } from '../sky/index.js';

/** One spectral arm of a cube, with its own sampling and resolution. Arrays are spectrum-major: index = spaxel·n + k. */
export interface Arm {
  /** 'blue', 'red', or 'full'. */
  readonly name: string;
  readonly axis: SpectralAxis;
  readonly lsf: Lsf;
  /** Flux density per spaxel in units of `Cube.unit`; NaN where there is none. */
  readonly flux: Float32Array;
  /** Variance of `flux`; a pixel counts only where this is finite and positive. */
  readonly variance: Float32Array;
  /**
   * Place of a spaxel's first pixel in `flux` and `variance`, which are to be taken after it: of a cube that stays on disk they hold one spaxel, which `at` reads. Default: spaxel·n.
   */
  readonly at?: (spaxel: number) => number;
}

/** Place of a spaxel's first pixel in the arrays of an arm, which are to be taken after it. Both hold until the place of another spaxel is asked for. */
export function placeOf({ at, axis }: Pick<Arm, 'at' | 'axis'>, spaxel: number): number {
  return at ? at(spaxel) : spaxel * axis.wavelength.length;
}

/** A reduced integral-field cube. Spaxel (x, y), counted from zero, has the number y·nx + x. */
export interface Cube {
  readonly instrument: 'MUSE' | 'SAMI' | 'MaNGA' | 'generic';
  readonly object: string | null;
  readonly nx: number;
  readonly ny: number;
  readonly arms: readonly Arm[];
  /** Multiply a flux by this to get erg/s/cm²/Å per spaxel (1e-20 for MUSE, 1e-16 for SAMI). */
  readonly unit: number;
  /** Celestial coordinates, or null when the header has none. */
  readonly wcs: Wcs | null;
  /** Side of a spaxel [arcsec] (geometric mean of the two sides). */
  readonly pixelScale: number;
  /** FWHM of the seeing [arcsec] if the header tells, and where it was found. */
  readonly seeing: { readonly fwhm: number; readonly source: string } | null;
  /**
   * Sector numbers per spaxel (0 = unused) where the cube is already binned: every spaxel of a sector holds the sector's mean
   * spectrum per spaxel and the variance of that mean. From the survey's bin map or from the repeating spectra; else null.
   */
  readonly sectors: Int32Array | null;
  /** The header of the flux, the primary header's cards behind it. */
  readonly header: Header;
  /** Sentences for the user about what was assumed when reading. */
  readonly warnings: readonly string[];
}
