import type { Parameter } from './blendProblem.js';
import type { TemplateBlend } from './templateBlend.js';

/** The penalty on h3 and h4, which draws them to 0 where the data do not ask for them: Σ (r + λ std(r) √(h3² + h4²))² (Cappellari & Emsellem 2004). */
export interface MomentPenalty {
  /** λ, set before a fit. */
  strength: number;
  /** What is minimised: χ² with the penalty. */
  objective(theta: Float64Array): number;
  /** What the penalty adds to the diagonal of h3 and h4. */
  stiffness(): number;
  /** The numbers of the parameters that are held. */
  readonly moments: readonly number[];
  /** Takes its pull off the slopes of χ². */
  pull(slopes: Float64Array, theta: Float64Array): void;
}

export function createMomentPenalty({ space, rootWeight, chi2 }: TemplateBlend, parameters: readonly Parameter[], pixels: number): MomentPenalty {
  const moments = parameters.flatMap(({ of }, k) => (of === 'h3' || of === 'h4' ? [k] : []));
  const sizeOf = (theta: Float64Array): number => Math.sqrt(moments.reduce((sum, k) => sum + theta[k]! ** 2, 0));
  /** Mean and standard deviation of the weighted residuals, and their number. */
  function spread(): { mean: number; deviation: number; count: number } {
    let [sum, count] = [0, 0];
    for (let p = 0; p < pixels; p++) {
      if (rootWeight[p] === 0) continue;
      sum += space.residual[p]!;
      count++;
    }
    return { mean: sum / count, deviation: Math.sqrt(Math.max(0, chi2() / count - (sum / count) ** 2)), count };
  }

  const penalty: MomentPenalty = {
    strength: 0, moments,
    objective(theta) {
      if (penalty.strength === 0 || moments.length === 0) return chi2();
      const { mean, deviation, count } = spread();
      const shift = penalty.strength * deviation * sizeOf(theta);
      return chi2() + count * shift * (2 * mean + shift);
    },
    stiffness() {
      if (penalty.strength === 0) return 0;
      const { deviation, count } = spread();
      return count * (penalty.strength * deviation) ** 2;
    },
    pull(slopes, theta) {
      if (penalty.strength === 0 || moments.length === 0) return;
      const { mean, deviation, count } = spread();
      const size = sizeOf(theta);
      const pull = penalty.strength * deviation * count * ((size > 0 ? mean / size : 0) + penalty.strength * deviation);
      for (const k of moments) slopes[k]! -= pull * theta[k]!;
    },
  };
  return penalty;
}
