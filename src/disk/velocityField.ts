/**
 * A velocity field as measured: one entry a bin, scattered or on a grid. Positions are offsets from the galaxy's centre in one
 * unit of length, east and north; the same unit holds for every radius that comes out. Velocities and errors share a unit, km/s.
 *
 * Nothing here knows of the seeing: a velocity is taken for that of the bin's middle. Within about two seeing discs of the centre
 * the true curve rises more steeply than the measured one, and a turnover radius below the seeing's is an upper limit.
 */
export interface VelocityField {
  readonly east: ArrayLike<number>;
  readonly north: ArrayLike<number>;
  readonly velocity: ArrayLike<number>;
  readonly velocityError: ArrayLike<number>;
  /** Other than 0: the bin is left out. Default: none is. */
  readonly masked?: ArrayLike<number>;
  /** Light of the bins, for means weighted by light. Default: all alike. */
  readonly light?: ArrayLike<number>;
  /** Velocity dispersion of the bins, corrected for the instrument; only V/σ needs it. */
  readonly sigma?: ArrayLike<number>;
}

/** Why there is no result: too few bins; no rotation that stands out of the noise; no model that the data determine. */
export type KinematicReason = 'tooFewBins' | 'noRotation' | 'notDetermined';

/** The bins that count, packed. */
export interface UsableBins {
  readonly count: number;
  /** Their places in the field. */
  readonly index: Int32Array;
  readonly east: Float64Array;
  readonly north: Float64Array;
  readonly velocity: Float64Array;
  readonly error: Float64Array;
  readonly light: Float64Array;
}

/** The bins with a place, a velocity and an error above 0 that are not masked; without light they count for nothing in means. */
export function usableBins(field: VelocityField): UsableBins {
  const { east, north, velocity, velocityError, masked, light } = field;
  const kept: number[] = [];
  for (let i = 0; i < velocity.length; i++) {
    const numbers = Number.isFinite(east[i]!) && Number.isFinite(north[i]!) && Number.isFinite(velocity[i]!) && velocityError[i]! < Infinity;
    if (numbers && velocityError[i]! > 0 && !masked?.[i]) kept.push(i);
  }
  const index = Int32Array.from(kept);
  const pack = (values: ArrayLike<number>) => Float64Array.from(index, (i) => values[i]!);
  return {
    count: index.length, index, east: pack(east), north: pack(north), velocity: pack(velocity), error: pack(velocityError),
    light: Float64Array.from(index, (i) => (light ? (light[i]! > 0 && light[i]! < Infinity ? light[i]! : 0) : 1)),
  };
}

/** An ellipse's or thin disc's frame: along and across its major axis. */
export interface DiscFrame {
  /** Of the (receding) major axis [deg], north through east. */
  readonly positionAngle: number;
  /** b/a; cos i of a thin disc. */
  readonly axisRatio: number;
  /** Offset of its centre, east and north. Default (0, 0). */
  readonly centre?: readonly [number, number];
}

/** Offsets along and across the major axis, as `deproject` has them. */
export function alongAcross(east: number, north: number, { positionAngle, centre }: Omit<DiscFrame, 'axisRatio'>): [number, number] {
  const angle = positionAngle * Math.PI / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [x, y] = [east - (centre?.[0] ?? 0), north - (centre?.[1] ?? 0)];
  return [x * sin + y * cos, x * cos - y * sin];
}

/** Radius in the plane and azimuth there [rad] from the major axis, of every bin. */
export function discPlaces(bins: Pick<UsableBins, 'count' | 'east' | 'north'>, frame: DiscFrame): { radius: Float64Array; azimuth: Float64Array } {
  const radius = new Float64Array(bins.count);
  const azimuth = new Float64Array(bins.count);
  const angle = frame.positionAngle * Math.PI / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [x0, y0] = frame.centre ?? [0, 0];
  for (let i = 0; i < bins.count; i++) {
    const x = bins.east[i]! - x0;
    const y = bins.north[i]! - y0;
    const along = x * sin + y * cos;
    const across = x * cos - y * sin;
    radius[i] = Math.sqrt(along * along + (across / frame.axisRatio) ** 2);
    azimuth[i] = Math.atan2(across / frame.axisRatio, along);
  }
  return { radius, azimuth };
}

/**
 * Borders of rings that hold about as many bins each, from 0 to the outermost bin.
 * @param each bins a ring shall hold
 * @param most rings
 */
export function equalRings(radius: Float64Array, each: number, most: number): number[] {
  const sorted = radius.slice().sort();
  const count = Math.max(1, Math.min(most, Math.floor(sorted.length / each)));
  const borders = Array.from({ length: count }, (_, k) => (k ? sorted[Math.floor(k * sorted.length / count)]! : 0));
  return [...borders, (sorted[sorted.length - 1] ?? 0) * (1 + 1e-12)];
}

/** The bins of each ring, borders ascending; a bin on a border belongs to the outer ring. */
export function binsOfRings(radius: Float64Array, borders: readonly number[]): number[][] {
  const rings: number[][] = Array.from({ length: Math.max(0, borders.length - 1) }, () => []);
  for (let i = 0; i < radius.length; i++) {
    let ring = -1;
    while (ring + 1 < borders.length && radius[i]! >= borders[ring + 1]!) ring++;
    rings[ring]?.push(i);
  }
  return rings;
}
