import type { Disk } from '../disk/index.js';
import type { MaskedSource } from './maskedSource.js';

/** The isophotes, the growth curve and the masked sources of a galaxy whose geometry was measured. Radii are semi-major axes [arcsec]. */
export interface GeometryFigureInput {
  readonly title: string;
  readonly nx: number;
  readonly ny: number;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  /** What the geometry was measured on: nx·ny values, first spaxel lower left, and its name. */
  readonly image: Float64Array;
  readonly imageName: string;
  /** Directions of north and east in pixels; null without celestial coordinates. */
  readonly north: readonly [number, number] | null;
  readonly east: readonly [number, number] | null;
  /** The adopted geometry. */
  readonly disk: Disk;
  readonly sources: readonly MaskedSource[];
  readonly isophotes: readonly IsophoteRow[];
  /** Standard errors of the adopted shape, 0 where it was given, and the radii that it comes from (null: moments, or all given). */
  readonly ellipticityError: number;
  readonly positionAngleError: number;
  readonly used: readonly [number, number] | null;
  readonly growth: GrowthPanelInput | null;
  /** FWHM of the seeing [arcsec]. */
  readonly seeing: number | null;
  readonly gas: GasMarks;
}

export interface IsophoteRow {
  readonly radius: number;
  readonly ellipticity: number;
  readonly ellipticityError: number;
  /** North through east [deg]. */
  readonly positionAngle: number;
  readonly positionAngleError: number;
  readonly converged: boolean;
}

export interface GrowthPanelInput {
  readonly radius: ArrayLike<number>;
  /** Any unit; the same for the three. */
  readonly flux: ArrayLike<number>;
  readonly fluxError: ArrayLike<number>;
  readonly total: number;
  readonly effectiveRadius: number;
  readonly effectiveRadiusError: number;
  /** The light goes on beyond the image. */
  readonly lowerLimit: boolean;
  /** What it was measured on, when not on the image shown. */
  readonly image: string | null;
}

/** Where the gas peaks [zero-based pixels] and the receding side of its axis, north through east [deg]; null where unknown. */
export interface GasMarks {
  readonly peakX: number | null;
  readonly peakY: number | null;
  readonly peakOffsetArcsec: number | null;
  readonly kinematicPA: number | null;
  readonly kinematicPAError: number | null;
  readonly misalignment: number | null;
}
