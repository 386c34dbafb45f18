import type { Binning } from '../binning/index.js';
import type { LineName } from '../nebula/index.js';
import type { Wcs } from '../sky/index.js';

/** One emission line in every bin. Arrays have the length of the binning; NaN = not measured. */
export interface LineMap {
  /** Line flux [1e-17 erg/s/cm²], summed over the bin, corrected for foreground dust only. */
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** Rest-frame equivalent width [Å], positive in emission; null when the source has none. */
  readonly ew: Float64Array | null;
  readonly ewError: Float64Array | null;
}

/**
 * The hub: emission-line fluxes with errors per bin. The cube chain makes them; other pipelines' maps are read
 * straight into them; everything after the hub serves every instrument.
 */
export interface LineMaps {
  readonly object: string;
  readonly binning: Binning;
  /** Celestial coordinates of the spaxel grid; null for a source without (positions are then offsets, see `skyOffset`). */
  readonly wcs: Wcs | null;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  /** Bin centres, zero-based pixels: plain mean over the bin's spaxels. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Spaxels per bin. */
  readonly npix: Float64Array;
  /** The redshift that velocities refer to. */
  readonly redshift: number;
  readonly lines: ReadonlyMap<LineName, LineMap>;
  /** Gas kinematics [km/s], c(z_obs − z)/(1+z); dispersion corrected for the instrument. */
  readonly velocity: Float64Array;
  readonly velocityError: Float64Array;
  readonly sigma: Float64Array;
  readonly sigmaError: Float64Array;
  /** DAPPIXMASK bits per bin. */
  readonly status: Int32Array;
  /** White-light or line-free continuum flux per spaxel (any unit) for the centroid and the picture; null when none. */
  readonly image: Float64Array | null;
  /** Where the numbers come from, in a sentence. */
  readonly provenance: string;
  readonly foregroundCorrected: boolean;
  /**
   * The zero-based pixel that the source itself takes for the galaxy's centre: that of offset (0, 0) for a source of offsets
   * (the grid then has north up and east to the left), or that of the catalogue position.
   */
  readonly origin?: readonly [number, number];
  /** Sentences for the user: what the source lacks and what was assumed when reading it. */
  readonly notes?: readonly string[];
}
