import { usableBins, type VelocityField } from './velocityField.js';

/** How much of what the velocities differ is rotation. */
export interface RotatingFraction {
  /** f_rot = 1 − Var(V − V_model)/Var(V), weighted by light; below 0 when the model is worse than a constant. */
  readonly fraction: number;
  /** The same with the variance of the errors taken off both, from 0 to 1; 0 where the errors alone explain how the velocities differ. */
  readonly withoutNoise: number;
  /** √(⟨(V − V_sys)²⟩/⟨σ²⟩), weighted by light (Cappellari et al. 2007); NaN without dispersions. Errors of V are taken off. */
  readonly velocityOverSigma: number;
  readonly bins: number;
}

/**
 * The part of the variance of a velocity field that a model of rotation explains, and V/σ. NaN for fewer than three bins.
 * @param model line-of-sight velocities of the model, one entry a bin of the field
 */
export function rotatingFraction(field: VelocityField, model: ArrayLike<number>): RotatingFraction {
  const { index, velocity, error, light, count } = usableBins(field);
  let [weights, mean, left] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    weights += light[i]!;
    mean += light[i]! * velocity[i]!;
    left += light[i]! * (velocity[i]! - model[index[i]!]!);
  }
  if (count < 3 || !(weights > 0)) return { fraction: NaN, withoutNoise: NaN, velocityOverSigma: NaN, bins: count };
  mean /= weights;
  left /= weights;
  let [total, residual, noise, pressure, sigmaWeight, ordered] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [weight, noiseHere] = [light[i]! / weights, error[i]! ** 2];
    const square = (velocity[i]! - mean) ** 2;
    total += weight * square;
    residual += weight * (velocity[i]! - model[index[i]!]! - left) ** 2;
    noise += weight * noiseHere;
    const sigma = field.sigma?.[index[i]!] ?? NaN;
    if (!(sigma >= 0)) continue;
    sigmaWeight += weight;
    pressure += weight * sigma ** 2;
    ordered += weight * (square - noiseHere);
  }
  return {
    fraction: 1 - residual / total,
    withoutNoise: total > noise ? Math.min(1, Math.max(0, 1 - Math.max(0, residual - noise) / (total - noise))) : 0,
    velocityOverSigma: sigmaWeight > 0 ? Math.sqrt(Math.max(0, ordered) / pressure) : NaN, bins: count,
  };
}
