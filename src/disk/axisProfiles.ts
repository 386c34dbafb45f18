import { spearman } from '../stats/index.js';
import { alongAcross, usableBins, type VelocityField } from './velocityField.js';

/** A step of a profile along an axis. */
export interface AxisPoint {
  /** Middle of the step, signed: positive on the receding side, or on the side of the minor axis 90° east of it. */
  readonly offset: number;
  /** Mean weighted by 1/error², less the systemic velocity, with its 1σ from the errors. */
  readonly velocity: number;
  readonly error: number;
  readonly bins: number;
}

/** Velocities in a slit. */
export interface AxisProfile {
  readonly points: readonly AxisPoint[];
  /** Spearman's correlation of velocity and offset over the bins in the slit, and its two-sided probability; NaN for fewer than three. */
  readonly correlation: number;
  readonly probability: number;
  readonly bins: number;
}

export interface AxisProfileOptions {
  /** Receding side of the major axis [deg], north through east. */
  readonly positionAngle: number;
  readonly systemicVelocity: number;
  readonly centre?: readonly [number, number];
  /** Half of the slit's width. */
  readonly halfWidth: number;
  /** Length of a step. Default: the slit's width. */
  readonly step?: number;
}

/** Velocities along the major and the minor axis, each in a slit; steps without a bin are left out. */
export function axisProfiles(field: VelocityField, options: AxisProfileOptions): { readonly major: AxisProfile; readonly minor: AxisProfile } {
  const { systemicVelocity, halfWidth, step = 2 * halfWidth } = options;
  const bins = usableBins(field);
  const slit = (turn: number): AxisProfile => {
    const offsets: number[] = [];
    const velocities: number[] = [];
    const steps = new Map<number, { sum: number; weight: number; bins: number }>();
    for (let i = 0; i < bins.count; i++) {
      const [along, across] = alongAcross(bins.east[i]!, bins.north[i]!, { ...options, positionAngle: options.positionAngle + turn });
      if (Math.abs(across) > halfWidth) continue;
      const velocity = bins.velocity[i]! - systemicVelocity;
      offsets.push(along);
      velocities.push(velocity);
      const weight = 1 / bins.error[i]! ** 2;
      const k = Math.floor(along / step + 0.5);
      const cell = steps.get(k) ?? { sum: 0, weight: 0, bins: 0 };
      steps.set(k, { sum: cell.sum + weight * velocity, weight: cell.weight + weight, bins: cell.bins + 1 });
    }
    const points = [...steps].toSorted(([a], [b]) => a - b)
      .map(([k, cell]) => ({ offset: k * step, velocity: cell.sum / cell.weight, error: 1 / Math.sqrt(cell.weight), bins: cell.bins }));
    const { r, p } = spearman(offsets, velocities);
    return { points, correlation: r, probability: p, bins: offsets.length };
  };
  return { major: slit(0), minor: slit(90) };
}
