import { factorCholesky } from '../numeric/index.js';
import type { Equations } from './normalEquations.js';

/** The learnt curvature leaves at least this share of Gauss–Newton's in every direction. */
const leastCurvature = 0.1;

/** What Gauss–Newton leaves out of the curvature by the parameters, as learnt on the way. */
export interface LearntCurvature {
  /** [parameters²], to be added to the normal matrix. */
  readonly bend: Float64Array;
  forget(): void;
  /**
   * Residuals times the model's second derivatives, from how the slopes changed over a step, by symmetric rank-one updates (Dennis, Gay & Welsch 1981 in
   * spirit): where the model is not quite right, Gauss–Newton alone goes to the minimum by steps that each leave half the way.
   */
  learn(equations: Equations, before: Float64Array, delta: Float64Array): void;
}

/** @param q the number of parameters */
export function createLearntCurvature(q: number): LearntCurvature {
  const bend = new Float64Array(q * q);
  return {
    bend,
    forget: () => { bend.fill(0); },
    learn({ complement, slopes }, before, delta) {
      const missing = slopes.map((slope, k) => delta.reduce((sum, moved, l) => sum - (complement[k * q + l]! + bend[k * q + l]!) * moved, before[k]! - slope));
      const along = missing.reduce((sum, z, k) => sum + z * delta[k]!, 0);
      let [length, size] = [0, 0];
      for (let k = 0; k < q; k++) {
        const own = complement[k * (q + 1)]!;
        if (!(own > 0)) continue;
        length += missing[k]! ** 2 / own;
        size += own * delta[k]! ** 2;
      }
      if (!(along * along > 1e-8 * length * size)) return;
      for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) bend[k * q + l]! += (missing[k]! * missing[l]!) / along;
      if (!factorCholesky(complement.map((value, kl) => (1 - leastCurvature) * value + bend[kl]!), q)) bend.fill(0);
    },
  };
}
