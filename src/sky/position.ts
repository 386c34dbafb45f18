const degree = Math.PI / 180;

/** Angle between two positions [deg] (Vincenty's formula, exact at every separation). */
export function separation(ra1: number, dec1: number, ra2: number, dec2: number): number {
  const [along, across, up] = towards(ra1, dec1, ra2, dec2);
  return Math.atan2(Math.hypot(along, across), up) / degree;
}

/** Position angle of the second position as seen from the first [deg in 0–360], north through east. */
export function positionAngle(ra1: number, dec1: number, ra2: number, dec2: number): number {
  const [along, across] = towards(ra1, dec1, ra2, dec2);
  return (Math.atan2(across, along) / degree + 360) % 360;
}

/** The second direction in the frame of the first: towards north, towards east, along the line of sight. */
function towards(ra1: number, dec1: number, ra2: number, dec2: number): [number, number, number] {
  const dRa = (ra2 - ra1) * degree;
  const sin1 = Math.sin(dec1 * degree);
  const cos1 = Math.cos(dec1 * degree);
  const sin2 = Math.sin(dec2 * degree);
  const cos2 = Math.cos(dec2 * degree);
  return [cos1 * sin2 - sin1 * cos2 * Math.cos(dRa), cos2 * Math.sin(dRa), sin1 * sin2 + cos1 * cos2 * Math.cos(dRa)];
}

/**
 * Offsets on the sky from (ra0, dec0) [arcsec], east and north positive: dE = (α − α₀) cos δ₀, dN = δ − δ₀, the
 * small-field form of Li et al. (2025, eq. 3), not the gnomonic projection. The two differ by about
 * θ² tan δ₀ / 2 (0.005″ for θ = 60″ at δ₀ = 30°).
 */
export function skyOffset(ra: number, dec: number, ra0: number, dec0: number): [number, number] {
  const dRa = ((((ra - ra0 + 180) % 360) + 360) % 360) - 180;
  return [dRa * Math.cos(dec0 * degree) * 3600, (dec - dec0) * 3600];
}

/** The galactic pole of the IAU (Blaauw et al. 1960), carried from B1950 through FK5 to ICRS, and the galactic longitude of the celestial pole [deg]. */
const galacticPole = { ra: 192.85947789477606, dec: 27.128252414968, poleLongitude: 122.93192525541662 };

/**
 * Galactic longitude and latitude [deg] of an ICRS position. The pole is the one that astropy uses; that of the
 * Hipparcos catalogue (192.85948°, 27.12825°, 122.93192°) lies 0.02″ from it.
 */
export function icrsToGalactic(ra: number, dec: number): [number, number] {
  const [along, across, up] = towards(galacticPole.ra, galacticPole.dec, ra, dec);
  return [(galacticPole.poleLongitude - Math.atan2(across, along) / degree + 360) % 360, Math.atan2(up, Math.hypot(along, across)) / degree];
}
