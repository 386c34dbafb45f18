import { ZgradError } from '../errors/index.js';
import { constants, type Quantity } from '../units/index.js';

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

/** What a disc is made from. */
export interface DiskInput extends Pick<Disk, 'centerX' | 'centerY' | 'positionAngle' | 'ellipticity' | 'luminosityDistance' | 'angularDistance'> {
  /** null when not given. */
  readonly ra?: number | null;
  readonly dec?: number | null;
  /** 0.2 when not given. */
  readonly thickness?: number;
  /** Effective radius along the major axis, on the sky or in the galaxy. */
  readonly effectiveRadius: Quantity<'arcsec' | 'kpc'>;
}

/**
 * Inclination [deg] of an oblate disc seen with 1 − b/a = `ellipticity`: cos²i = ((b/a)² − q0²)/(1 − q0²), 90° when b/a ≤ q0
 * (Hubble 1926; Li et al. 2025, Eq. 4).
 * @param thickness intrinsic q0 = c/a, 0.2 when not given; 0 is a thin disc, cos i = b/a
 */
export function inclination(ellipticity: number, thickness = 0.2): number {
  const axisRatio = 1 - ellipticity;
  if (axisRatio <= thickness) return 90;
  return Math.acos(Math.sqrt((axisRatio ** 2 - thickness ** 2) / (1 - thickness ** 2))) * 180 / Math.PI;
}

function need(holds: boolean, where: string, found: number, expected: string): void {
  if (!holds) throw new ZgradError('BadArgument', { where: `disc: ${where}`, found: String(found), expected });
}

/**
 * The disc with what follows from its numbers: inclination, and the effective radius on the sky and in kpc (by the
 * angular-diameter distance).
 * @throws ZgradError 'BadArgument' for numbers that no disc has
 */
export function makeDisk(input: DiskInput): Disk {
  const { centerX, centerY, ra = null, dec = null, positionAngle, ellipticity, thickness = 0.2, luminosityDistance, angularDistance, effectiveRadius } = input;
  need(Number.isFinite(centerX), 'centerX', centerX, 'a pixel');
  need(Number.isFinite(centerY), 'centerY', centerY, 'a pixel');
  need(Number.isFinite(positionAngle), 'positionAngle', positionAngle, 'an angle in degrees');
  need(ellipticity >= 0 && ellipticity < 1, 'ellipticity', ellipticity, 'a number from 0 to below 1');
  need(thickness >= 0 && thickness < 1, 'thickness', thickness, 'a number from 0 to below 1');
  for (const [name, value] of Object.entries({ luminosityDistance, angularDistance, effectiveRadius: effectiveRadius.value })) {
    need(value > 0 && value < Infinity, name, value, 'a positive number');
  }
  const kpcPerArcsec = 1000 * angularDistance / constants.arcsecPerRadian;
  const arcsec = effectiveRadius.unit === 'arcsec';
  return {
    centerX, centerY, ra, dec, positionAngle, ellipticity, thickness,
    inclination: inclination(ellipticity, thickness),
    luminosityDistance, angularDistance,
    effectiveRadiusArcsec: arcsec ? effectiveRadius.value : effectiveRadius.value / kpcPerArcsec,
    effectiveRadiusKpc: arcsec ? effectiveRadius.value * kpcPerArcsec : effectiveRadius.value,
  };
}

/**
 * Where a point of the sky lies in the plane of a disc (Li et al. 2025, Eq. 3).
 * @param east, north offset from the centre [arcsec]; east is Δα cos δ
 * @returns radius, a length along the major axis [arcsec], and azimuth [deg] from the major axis towards its side east of north
 *   (−180 to 180). NaN off the major axis of a disc seen edge-on, where any radius projects there.
 */
export function deproject(disk: Pick<Disk, 'positionAngle' | 'inclination'>, east: number, north: number): { radius: number; azimuth: number } {
  const angle = disk.positionAngle * Math.PI / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const major = east * sin + north * cos;
  const minor = east * cos - north * sin;
  const stretched = disk.inclination < 90 ? minor / Math.cos(disk.inclination * Math.PI / 180) : minor === 0 ? 0 : NaN;
  return { radius: Math.hypot(major, stretched), azimuth: Math.atan2(stretched, major) * 180 / Math.PI };
}
