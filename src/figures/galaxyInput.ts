import type { Disk } from '../disk/index.js';

/** What the six-panel figure of a galaxy shows. Maps have nx·ny values, x fastest, first spaxel lower left; NaN = no value. */
export interface GalaxyFigureInput {
  /** Name of the galaxy. */
  readonly title: string;
  readonly nx: number;
  readonly ny: number;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  readonly disk: Disk;
  /** Directions of north and east in pixels, y upwards; null without celestial coordinates (north is then taken as up, east left). */
  readonly north: readonly [number, number] | null;
  readonly east: readonly [number, number] | null;
  /** White light or continuum, any unit; null when there is none. */
  readonly image: Float64Array | null;
  /** A three-colour image, 3·nx·ny bytes red, green, blue per spaxel; it goes before `image`. */
  readonly rgb: Uint8Array | null;
  /** Hα flux [1e-17 erg/s/cm² per spaxel]. */
  readonly haFlux: Float64Array;
  /** Velocity of the gas about the systemic one [km/s]. */
  readonly velocity: Float64Array;
  /** 12 + log(O/H) of the spaxels that enter the gradient. */
  readonly oh: Float64Array;
  /** Name of the calibration of O/H: 'N2S2Ha'. */
  readonly calibration: string;
  /** The bins; arrays of one length. */
  readonly bins: GalaxyBins;
  /** Medians every 0.2 R_e. */
  readonly profile: readonly ProfileRow[];
  /** The fitted line; null when the gradient was refused. */
  readonly line: GradientLine | null;
  /** Why there is no trusted gradient; null when there is one. */
  readonly refused: string | null;
  /** FWHM of the seeing [arcsec]; null when unknown. */
  readonly seeing: number | null;
}

export interface GalaxyBins {
  /** Zero-based pixels. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Deprojected radius in R_e. */
  readonly radiusRe: Float64Array;
  /** 12 + log(O/H) and its error, NaN = none. */
  readonly oh: Float64Array;
  readonly ohError: Float64Array;
  /** log Σ_SFR [M☉/yr/kpc²] */
  readonly logSigmaSfr: Float64Array;
  /** [km/s] */
  readonly velocity: Float64Array;
  readonly velocityError: Float64Array;
  /** Whether the bin enters the gradient; bins that do not, but have O/H, are drawn as open grey circles. */
  readonly used: readonly boolean[];
}

/** One row of the radial profile, radius in R_e (centre of the ring). */
export interface ProfileRow {
  readonly radius: number;
  readonly median: number | null;
  readonly std: number | null;
  readonly bins: number;
}

/** The line 12 + log(O/H) = intercept + slope · R/R_e. */
export interface GradientLine {
  readonly slope: number;
  /** 1σ [dex/R_e] of the bootstrap over bins, and of the one over blocks of the size of the seeing. */
  readonly slopeError: number;
  readonly blockError: number | null;
  readonly intercept: number;
  readonly interceptError: number;
  /** The 1σ band of the bootstrapped lines at some radii [R_e]; without it the band follows from the two errors. */
  readonly band?: { readonly radius: Float64Array; readonly low: Float64Array; readonly high: Float64Array } | null;
}
