import { factorCholesky, substituteBackward, substituteForward } from '../numeric/index.js';
import type { MomentPenalty } from './momentPenalty.js';
import type { BlendProblem } from './blendProblem.js';
import type { TemplateBlend } from './templateBlend.js';

/** Normal matrix and right-hand side of the parameters once the amplitudes follow. */
export interface Equations {
  readonly complement: Float64Array;
  readonly slopes: Float64Array;
}

/** Normal matrix [n²] of the amplitudes that are not at a bound (`linear` of them), then of all parameters; right-hand side of the parameters. */
export interface Normal {
  readonly matrix: Float64Array;
  readonly n: number;
  readonly linear: number;
  readonly slopes: Float64Array;
}

export interface NormalEquations {
  /** Where the blend stands, its slopes being filled. */
  normal(theta: Float64Array): Normal;
  /** Fills the slopes of the blend and eliminates the amplitudes (Schur complement). */
  system(theta: Float64Array): Equations;
}

export function createNormalEquations(blend: TemplateBlend, { parameters, regularisation }: BlendProblem, penalty: MomentPenalty): NormalEquations {
  const { space: { gram, lead, solution }, additives } = blend;
  const q = parameters.length;
  const additiveSlots = Array.from({ length: additives }, (_, l) => l);

  function normal(theta: Float64Array): Normal {
    const base = blend.width();
    const slots = [...additiveSlots, ...blend.activeSlots(), ...parameters.map((_, k) => base + k)];
    const n = slots.length;
    const matrix = new Float64Array(n * n);
    slots.forEach((a, i) => { for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = gram[a * lead + slots[j]!]!; });
    const slopes = blend.residualSlopes();
    penalty.pull(slopes, theta);
    for (const k of penalty.moments) matrix[(n - q + k) * (n + 1)]! += penalty.stiffness();
    return { matrix, n, linear: n - q, slopes };
  }

  /** Factors the amplitudes' block, made solvable when templates are too much alike. */
  function factorAmplitudes(matrix: Float64Array, n: number, linear: number): Float64Array {
    const block = new Float64Array(linear * linear);
    const tryFactor = (ridge: number): boolean => {
      for (let i = 0; i < linear; i++) for (let j = 0; j <= i; j++) block[i * linear + j] = matrix[i * n + j]! * (i === j ? 1 + ridge : 1);
      return factorCholesky(block, linear);
    };
    for (let ridge = 0; !tryFactor(ridge); ridge = Math.max(1e-12, ridge * 100)) if (ridge > 1) break;
    return block;
  }

  function system(theta: Float64Array): Equations {
    const extra = regularisation ? pulledSlopes() : null;
    blend.fillSlopes();
    const { matrix, n, linear, slopes } = normal(theta);
    const block = factorAmplitudes(matrix, n, linear);
    const complement = new Float64Array(q * q);
    const reduced = parameters.map((_, k) => {
      const row = Float64Array.from({ length: linear }, (_, i) => matrix[(linear + k) * n + i]!);
      substituteForward(block, row, linear);
      return row;
    });
    for (let k = 0; k < q; k++) {
      for (let l = 0; l <= k; l++) {
        let value = matrix[(linear + k) * n + linear + l]!;
        for (let i = 0; i < linear; i++) value -= reduced[k]![i]! * reduced[l]![i]!;
        complement[k * q + l] = complement[l * q + k] = value;
      }
    }
    if (!extra) return { complement, slopes };
    // The amplitudes follow the parameters by −B; what the regularisation holds back of that is taken off.
    const follow = reduced.map((row) => {
      substituteBackward(block, row, linear);
      return row.subarray(additives);
    });
    const times = follow.map((b) => extra.stiff.map((row) => row.reduce((sum, value, j) => sum + value * b[j]!, 0)));
    for (let k = 0; k < q; k++) {
      slopes[k]! += extra.slopes[k]! - follow[k]!.reduce((sum, value, i) => sum + value * extra.pull[i]!, 0);
      for (let l = 0; l < q; l++) complement[k * q + l]! -= follow[k]!.reduce((sum, value, i) => sum + value * times[l]![i]!, 0);
    }
    return { complement, slopes };
  }

  /**
   * Regularised weights are not those of least χ², so that χ² also changes to first order as they follow the parameters, which go to the minimum
   * of χ² alone (smoothing the weights shall not pull the kinematics): RᵀR of the active templates, its pull R w on them, and the slopes of the
   * blend (AᵀA + RᵀR)⁻¹ R w.
   */
  function pulledSlopes(): { stiff: number[][]; pull: number[]; slopes: Float64Array } {
    const active = blend.activeSlots();
    const working = blend.working();
    const stiff = active.map((a) => active.map((b) => blend.stiffness(working[a - additives]!, working[b - additives]!)));
    const pull = stiff.map((row) => row.reduce((sum, value, j) => sum + value * solution[active[j]!]!, 0));
    const slots = [...additiveSlots, ...active];
    const n = slots.length;
    const matrix = Float64Array.from({ length: n * n }, (_, ij) => gram[slots[Math.floor(ij / n)]! * lead + slots[ij % n]!]!);
    const block = factorAmplitudes(matrix, n, n);
    const mixture = Float64Array.from({ length: n }, (_, i) => (i < additives ? 0 : pull[i - additives]!));
    substituteForward(block, mixture, n);
    substituteBackward(block, mixture, n);
    const weights = new Float64Array(blend.width());
    slots.forEach((slot, i) => { weights[slot] = mixture[i]!; });
    blend.fillSlopes(weights);
    return { stiff, pull, slopes: blend.residualSlopes() };
  }

  return { normal, system };
}
