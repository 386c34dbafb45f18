import { deproject, makeDisk } from '../disk/index.js';
import type { Disk } from '../disk/index.js';
import { cosmology } from '../sky/index.js';
import type { SimulationSettings } from './settings.js';

/** What the disc is at one point of the sky. */
export interface DiscPoint {
  /** Radius in the disc plane [R_e], and angle there from the receding side of the major axis [deg]. */
  readonly radius: number;
  readonly azimuth: number;
  /**
   * Semi-major axis of the ellipse of starlight [R_e]. The stars are as thick as q0 says, so that their light is seen with the axis ratio √((1 − q0²) cos² i + q0²) (Hubble 1926);
   * gas, dust and abundance lie in the middle plane, whose circles are seen with cos i.
   */
  readonly lightRadius: number;
  readonly velocity: number;
  readonly ebv: number;
  readonly oxygen: number;
}

/** The galaxy's centre in zero-based pixels. */
export function centerOf({ center, nx, ny }: SimulationSettings): readonly [number, number] {
  return center ?? [(nx - 1) / 2, (ny - 1) / 2];
}

/** The disc that the settings describe. */
export function diskOf(settings: SimulationSettings): Disk {
  const { geometry, position, redshift } = settings;
  const luminosityDistance = settings.distance ?? cosmology().luminosityDistance(redshift);
  const cosInclination = Math.cos((geometry.inclination * Math.PI) / 180);
  const axisRatio = Math.sqrt(cosInclination ** 2 * (1 - geometry.thickness ** 2) + geometry.thickness ** 2);
  const [centerX, centerY] = centerOf(settings);
  return makeDisk({
    centerX, centerY, ra: position[0], dec: position[1],
    positionAngle: geometry.positionAngle, ellipticity: 1 - axisRatio, thickness: geometry.thickness,
    luminosityDistance, angularDistance: luminosityDistance / (1 + redshift) ** 2,
    effectiveRadius: { value: geometry.effectiveRadius, unit: 'arcsec' },
  });
}

/** Axis ratio of the plane's circles over that of the starlight's ellipses: 1 for a thin disc. */
export function planeOverLight({ geometry }: SimulationSettings, disk: Disk): number {
  return Math.cos((geometry.inclination * Math.PI) / 180) / (1 - disk.ellipticity);
}

/** A function that tells radius, velocity, dust and O/H at sky offsets east and north of the centre [arcsec]. */
export function discAt(settings: SimulationSettings, disk: Disk): (east: number, north: number) => DiscPoint {
  const { geometry, rotation, dust, oxygen } = settings;
  const sinInclination = Math.sin((geometry.inclination * Math.PI) / 180);
  const shrink = planeOverLight(settings, disk);
  return (east, north) => {
    const { radius: arcsec, azimuth } = deproject(disk, east, north);
    const radius = arcsec / geometry.effectiveRadius;
    const [cos, sin] = [Math.cos((azimuth * Math.PI) / 180), Math.sin((azimuth * Math.PI) / 180)];
    const circular = ((2 * rotation.velocity) / Math.PI) * Math.atan(radius / rotation.turnover);
    return {
      radius,
      azimuth,
      lightRadius: radius * Math.hypot(cos, sin * shrink),
      velocity: circular * sinInclination * cos,
      ebv: dust.central * Math.exp(-radius / dust.scale),
      oxygen: oxygen.central + oxygen.slope * radius,
    };
  };
}
