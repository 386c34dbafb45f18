/** SAMI 41144 by the survey's catalogue: redshift, photometric centre, position angle, ellipticity and R_e; its maps are not corrected for foreground dust. */
export const sami41144 = {
  object: '41144', redshift: 0.02964, effectiveRadius: '6.85 arcsec', geometry: { positionAngle: 147.2, ellipticity: 0.41, center: [184.470375, -0.657222] }, foreground: 'none',
};
