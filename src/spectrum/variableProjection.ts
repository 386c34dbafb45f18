import type { SpectralExports } from '../kernels/index.js';
import { covarianceOf, modelsOf, type Covariance, type Models } from './fittedModel.js';
import { createLearntCurvature } from './learntCurvature.js';
import { createMomentPenalty } from './momentPenalty.js';
import { createNormalEquations } from './normalEquations.js';
import { createFreeSteps, createJointSteps } from './parameterSteps.js';
import { scanKinematics } from './scanKinematics.js';
import type { BlendProblem } from './blendProblem.js';
import { createTemplateBlend, type LoadOptions } from './templateBlend.js';

/** The state of a fit: what `minimise` moves. */
export interface VariableProjection {
  /** Starts on a spectrum: data and root weights per pixel (0 where a pixel does not count), penalty on h3 and h4. */
  load(data: Float64Array, rootWeight: Float64Array, options: LoadOptions & { readonly penalty: number }): void;
  /** Weights for given parameters out of all templates; see `TemplateBlend`. */
  solveAll(theta: Float64Array, enough?: number): void;
  /** Takes pixels out of the present fit, which goes on from where it is. */
  leaveOut(list: readonly number[]): void;
  /** Residuals of the present fit over their errors; 0 where a pixel does not count. */
  readonly residual: Float64Array;
  /** The gas of the present fit over the errors of the data. */
  gasSignal(): Float64Array;
  /** The best of some velocities and dispersions of the stars about θ, with the blend of templates that `solveAll` left. */
  scan(theta: Float64Array, velocities: readonly number[], variances: readonly number[]): Float64Array;
  /**
   * To the nearest minimum, over parameters that are free and all templates.
   * @param tolerance it is reached when the next step would lower χ² by less than this times χ²/DOF: steps of √tolerance formal errors
   */
  minimise(theta: Float64Array, free: readonly boolean[], tolerance: number): { readonly theta: Float64Array; readonly converged: boolean };
  readonly chi2: number;
  /** Weights of all templates. */
  weights(): Float64Array;
  additive(): Float64Array;
  /** Covariance of amplitudes (additive, then those of the `active` templates) and parameters, row-major. */
  covariance(theta: Float64Array): Covariance;
  /** Model and the gas alone for every pixel, weighted or not, and with a covariance the 1σ of the model without the gas. `minimise` starts afresh afterwards. */
  models(theta: Float64Array, covariance: Covariance | null): Models;
}

const [mostSteps, mostRounds] = [40, 40];
/** A step that is refused is shortened by at least this damping: less changes none. */
const leastBrake = 1e-2;

/**
 * Non-linear least squares whose amplitudes are solved inside (variable projection: Golub & Pereyra 1973; derivative of Kaufman 1975), by damped
 * Gauss–Newton steps within bounds.
 */
export function createVariableProjection(kernels: SpectralExports, problem: BlendProblem): VariableProjection {
  const { grid, projection, parameters, regularisation } = problem;
  const blend = createTemplateBlend(kernels, problem);
  const { space, additives, rootWeight } = blend;
  const { solution } = space;
  const pixels = projection.first.length;
  const q = parameters.length;
  const penalty = createMomentPenalty(blend, parameters, pixels);
  const equationsOf = createNormalEquations(blend, problem, penalty);
  const curvature = createLearntCurvature(q);
  const stepsOf = regularisation ? createFreeSteps(problem) : createJointSteps(blend, problem, penalty);

  function evaluate(theta: Float64Array): number {
    blend.solve(theta);
    return penalty.objective(theta);
  }

  function descend(start: Float64Array, free: readonly boolean[], degrees: number, tolerance: number): { theta: Float64Array; converged: boolean } {
    let theta = start;
    let best = penalty.objective(theta);
    let damping = 1e-4;
    let seek = true;
    curvature.forget();
    let last: { slopes: Float64Array; delta: Float64Array } | null = null;
    for (let count = 0; count < mostSteps; count++) {
      blend.dropIdle();
      let equations = equationsOf.system(theta);
      if (last) curvature.learn(equations, last.slopes, last.delta);
      last = null;
      const least = (tolerance * best) / degrees;
      const [templates, weights] = [blend.working(), solution.slice(additives, blend.width())];
      let steps = stepsOf(theta, free, equations, curvature.bend, least, seek);
      for (; damping < 1e8; damping = Math.max(10 * damping, leastBrake)) {
        const { delta, predicted, joined } = steps.propose(damping);
        if (!(predicted > least)) {
          steps.restore();
          return { theta, converged: predicted - predicted === 0 };
        }
        const trial = theta.map((value, k) => value + delta[k]!);
        steps.take();
        seek = joined > 0;
        let value = evaluate(trial);
        // The templates in use may be the wrong ones there.
        if (!(value < best) && blend.complete(true) > 0) value = penalty.objective(trial);
        if (value < best) {
          if (best - value > 0.75 * predicted) damping = Math.max(damping / 10, 1e-9);
          last = { slopes: equations.slopes, delta };
          [theta, best] = [trial, value];
          break;
        }
        curvature.forget();
        blend.employ(templates, weights);
        evaluate(theta);
        equations = equationsOf.system(theta);
        steps = stepsOf(theta, free, equations, curvature.bend, least, seek);
      }
      if (!last) return { theta, converged: true };
    }
    return { theta, converged: false };
  }

  return {
    get chi2() { return blend.chi2(); },
    residual: space.residual,
    solveAll: blend.solveAll,
    leaveOut: blend.leaveOut,
    gasSignal() {
      const gas = new Float64Array(pixels);
      for (const slot of blend.activeSlots()) {
        if (!blend.isGas(slot)) continue;
        const [weight, column] = [solution[slot]!, space.column(slot)];
        for (let p = 0; p < pixels; p++) gas[p]! += weight * column[p]!;
      }
      return gas;
    },
    load(data, root, options) {
      penalty.strength = options.penalty;
      blend.load(data, root, options);
    },
    scan: (theta, velocities, variances) => scanKinematics(blend, problem, theta, velocities, variances),
    minimise(start, free, tolerance) {
      let found = { theta: start, converged: true };
      const used = rootWeight.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
      const degrees = Math.max(1, used - q - additives);
      evaluate(start);
      for (let round = 0; round < mostRounds; round++) {
        found = descend(found.theta, free, degrees, tolerance);
        // Joint steps look for templates themselves. What new ones give alone tells little: together with the polynomials it may be hundreds of times as much.
        if (!regularisation || !(blend.complete() > 1e-7 * blend.chi2()) || q === 0) break;
      }
      return found;
    },
    weights() {
      const all = new Float64Array(grid.spectra.length);
      blend.working().forEach((t, j) => { all[t] = solution[additives + j]!; });
      return all;
    },
    additive: () => solution.slice(0, additives),
    covariance: (theta) => covarianceOf(blend, equationsOf, theta),
    models: (theta, covariance) => modelsOf(blend, problem, theta, covariance),
  };
}
