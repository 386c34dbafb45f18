import { rotationVelocity, type RotationModel } from '../../src/disk/index.js';
import { createRandom } from '../../src/numeric/index.js';

export interface RotatorOptions {
  readonly seed?: number;
  readonly bins?: number;
  readonly inclination?: number;
  readonly positionAngle?: number;
  readonly model?: RotationModel;
  /** Of the rotation in the plane. */
  readonly maximum?: number;
  readonly scale?: number;
  /** Errors [km/s], between half and one and a half of it. */
  readonly error?: number;
  /** Whether velocities scatter by their errors. */
  readonly noise?: boolean;
  /** Added to the velocity; azimuth in the plane [rad]. */
  readonly extra?: (radius: number, azimuth: number) => number;
  readonly centre?: readonly [number, number];
}

export const systemic = 17;

/** A thin rotating disc seen in bins scattered evenly over its plane to radius 2. */
export function rotator(options: RotatorOptions = {}) {
  const { seed = 1, bins = 400, inclination = 50, positionAngle = 70, model = 'arctan', maximum = 150, scale = 0.3, error = 5, noise = true, extra = () => 0, centre = [0, 0] } = options;
  const random = createRandom(seed, 'rotator');
  const [i, pa] = [inclination * Math.PI / 180, positionAngle * Math.PI / 180];
  const field = { east: [] as number[], north: [] as number[], velocity: [] as number[], velocityError: [] as number[] };
  for (let k = 0; k < bins; k++) {
    const [radius, azimuth] = [2 * Math.sqrt(random.uniform()), 2 * Math.PI * random.uniform() - Math.PI];
    const [along, across] = [radius * Math.cos(azimuth), radius * Math.sin(azimuth) * Math.cos(i)];
    const sigma = error * (0.5 + random.uniform());
    field.east.push(centre[0] + along * Math.sin(pa) + across * Math.cos(pa));
    field.north.push(centre[1] + along * Math.cos(pa) - across * Math.sin(pa));
    field.velocityError.push(sigma);
    field.velocity.push(systemic + rotationVelocity(model, radius, maximum, scale) * Math.sin(i) * Math.cos(azimuth) + extra(radius, azimuth) + (noise ? sigma * random.normal() : 0));
  }
  return field;
}

/** The same with bins in between that must not count: without velocity, error or place, or masked with wild values. */
export function withHoles(field: ReturnType<typeof rotator>) {
  const wild = [[0.1, 0.1, NaN, 5, 0], [0.1, 0.1, 9999, NaN, 0], [0.1, 0.1, 9999, 0, 0], [NaN, 0.1, 9999, 5, 0], [0.2, 0.1, 9999, 5, 64], [0.2, 0.1, Infinity, 5, 0]];
  const holes = (column: number, values: readonly number[]) => [...wild.slice(0, 3).map((row) => row[column]!), ...values, ...wild.slice(3).map((row) => row[column]!)];
  return {
    east: holes(0, field.east), north: holes(1, field.north), velocity: holes(2, field.velocity), velocityError: holes(3, field.velocityError),
    masked: holes(4, field.velocity.map(() => 0)),
  };
}

/** Difference of two angles, −180 to 180. */
export const turn = (a: number, b: number) => ((((a - b + 180) % 360) + 360) % 360) - 180;
