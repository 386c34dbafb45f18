import { factorCholesky, substituteBackward, substituteForward } from '../numeric/index.js';
import type { BlendProblem, Parameter } from './blendProblem.js';
import type { TemplateBlend } from './templateBlend.js';

/**
 * The best of some velocities and squared dispersions of the stars about θ, polynomials and the level of the present blend of templates being free:
 * first of the velocities, then of the dispersions at the best of them.
 */
export function scanKinematics(blend: TemplateBlend, { parameters, components, multiplicative }: BlendProblem, theta: Float64Array, velocities: readonly number[], variances: readonly number[]): Float64Array {
  const { space: { gram, lead, right }, additives } = blend;
  blend.fillSlopes();
  const base = blend.width();
  const slots = [...Array.from({ length: additives }, (_, l) => l), ...blend.activeSlots().filter(blend.isGas), ...Array.from({ length: multiplicative + 1 }, (_, m) => base + m)];
  const n = slots.length;
  const ofStars = ({ of, index }: Parameter): boolean => (of === 'velocity' || of === 'variance') && !components[index]!.gas;
  let best = { chi2: Infinity, theta };
  const attempt = (trial: Float64Array): void => {
    blend.prepare(trial, blend.rootWeight);
    blend.fillBlendTimesPolynomials();
    const matrix = new Float64Array(n * n);
    slots.forEach((a, i) => { for (let j = 0; j <= i; j++) matrix[i * n + j] = gram[a * lead + slots[j]!]!; });
    const amplitudes = Float64Array.from(slots, (slot) => right[slot]!);
    if (!factorCholesky(matrix, n)) return;
    substituteForward(matrix, amplitudes, n);
    const left = blend.dataNorm() ** 2 - amplitudes.reduce((sum, value) => sum + value * value, 0);
    if (!(left < best.chi2)) return;
    substituteBackward(matrix, amplitudes, n);
    const level = amplitudes[n - multiplicative - 1]!;
    if (!(level > 0)) return;
    best = { chi2: left, theta: trial.map((value, k) => (parameters[k]!.of === 'polynomial' ? amplitudes[n - multiplicative - 1 + parameters[k]!.index]! / level : value)) };
  };
  for (const shift of velocities) attempt(theta.map((value, k) => (parameters[k]!.of === 'velocity' && ofStars(parameters[k]!) ? value + shift : value)));
  const middle = best.theta;
  for (const variance of variances) attempt(middle.map((value, k) => (parameters[k]!.of === 'variance' && ofStars(parameters[k]!) ? variance : value)));
  return best.theta.map((value, k) => Math.min(parameters[k]!.upper, Math.max(parameters[k]!.lower, value)));
}
