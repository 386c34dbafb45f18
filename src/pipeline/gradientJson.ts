import type { Disk } from '../disk/index.js';
import type { Gradients } from './gradients.js';

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** gradient.json: redshift as given and as the lines have it, the disc, every gradient, the effect of the cuts, and the integrated values. Numbers are finite; missing = null. */
export function gradientJson(object: string, redshift: { readonly given: number; readonly refined: number | null }, disk: Disk, { gradients, cuts, absent, integrated }: Gradients): Record<string, unknown> {
  return {
    object, redshift,
    geometry: {
      centerX: disk.centerX, centerY: disk.centerY, ra: disk.ra, dec: disk.dec,
      positionAngle: disk.positionAngle, ellipticity: disk.ellipticity, inclination: finite(disk.inclination), thickness: disk.thickness,
      effectiveRadiusKpc: disk.effectiveRadiusKpc, effectiveRadiusArcsec: disk.effectiveRadiusArcsec,
      distanceMpc: disk.luminosityDistance, angularDistanceMpc: disk.angularDistance, source: 'given',
    },
    gradients, cuts, absent, integrated,
  };
}
