/** The disc of a galaxy on the sky. */
export interface Disk {
  /** Centre in zero-based pixels of the spaxel grid. */
  readonly centerX: number;
  readonly centerY: number;
  /** Centre on the sky [deg]; null without celestial coordinates. */
  readonly ra: number | null;
  readonly dec: number | null;
  /** Position angle of the major axis [deg], north through east. */
  readonly positionAngle: number;
  /** 1 − b/a as seen. */
  readonly ellipticity: number;
  /** Intrinsic thickness q0 = c/a of the disc. */
  readonly thickness: number;
  /** Inclination [deg], 0 = face-on. */
  readonly inclination: number;
  /** Luminosity distance [Mpc] and the angular-diameter distance that belongs to it [Mpc]. */
  readonly luminosityDistance: number;
  readonly angularDistance: number;
  readonly effectiveRadiusArcsec: number;
  readonly effectiveRadiusKpc: number;
}
