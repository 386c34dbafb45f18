import { factorCholesky, substituteBackward, substituteForward } from '../numeric/index.js';
import type { MomentPenalty } from './momentPenalty.js';
import type { Equations } from './normalEquations.js';
import type { BlendProblem } from './blendProblem.js';
import type { TemplateBlend } from './templateBlend.js';

/** Steps from where a fit stands. */
export interface Steps {
  /** A step of the parameters for some damping, by how much it should lower what is minimised, and how many templates joined for it. */
  propose(damping: number): { readonly delta: Float64Array; readonly predicted: number; readonly joined: number };
  /** Takes back what the proposal did to the weights and their matrix. */
  restore(): void;
  /** Makes the templates of the proposal the working ones. */
  take(): void;
}

/**
 * @param least what a step must lower χ² by to be worth its while
 * @param seek whether further templates are looked for even though the step is worth its while without
 * @param bend curvature beside Gauss–Newton's [parameters²]
 */
export type MakeSteps = (theta: Float64Array, free: readonly boolean[], equations: Equations, bend: Float64Array, least: number, seek: boolean) => Steps;

/** Templates are added to a step while they make it better by this share. */
const worthwhile = 0.01;
const mostRounds = 40;

/**
 * Steps within bounds for amplitudes and parameters together: bounded least squares on the normal matrix, so that no weight goes below 0 on the way.
 * Templates that would lower χ² when parameters and other weights follow join in (column generation).
 */
export function createJointSteps(blend: TemplateBlend, { parameters }: BlendProblem, penalty: MomentPenalty): MakeSteps {
  const { space, additives } = blend;
  const { gram, lead, right, solution, lower, upper } = space;
  const q = parameters.length;
  return (theta, free, { complement, slopes }, bend, least, seek) => {
    const base = blend.width();
    const n = base + q;
    const working = blend.working();
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) matrix.set(gram.subarray(i * lead, i * lead + n), i * n);
    const rightSide = right.slice(0, n);
    const here = solution.slice(0, n).fill(0, base);
    const plain = blend.residualSlopes();
    for (let k = 0; k < q; k++) rightSide[base + k]! += slopes[k]! - plain[k]!;
    for (const k of penalty.moments) matrix[(base + k) * (n + 1)]! += penalty.stiffness();
    for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) matrix[(base + k) * n + base + l]! += bend[k * q + l]!;
    /** xᵀGx − 2xᵀr over the first slots. */
    const quadratic = (count: number): number => {
      let value = 0;
      for (let i = 0; i < count; i++) {
        if (solution[i] === 0) continue;
        let sum = -2 * right[i]!;
        for (let j = 0; j < count; j++) sum += gram[i * lead + j]! * solution[j]!;
        value += solution[i]! * sum;
      }
      return value;
    };
    const restore = (): void => {
      for (let i = 0; i < n; i++) gram.set(matrix.subarray(i * n, (i + 1) * n), i * lead);
      right.set(rightSide);
      solution.set(here);
    };
    let joined: number[] = [];
    const propose: Steps['propose'] = (damping) => {
      restore();
      joined = [];
      const level = quadratic(n);
      lower.fill(0, additives, base);
      upper.fill(Infinity, additives, base);
      for (let k = 0; k < q; k++) {
        const slot = base + k;
        gram[slot * lead + slot]! += damping * complement[k * q + k]!;
        lower[slot] = free[k] ? parameters[k]!.lower - theta[k]! : 0;
        upper[slot] = free[k] ? parameters[k]!.upper - theta[k]! : 0;
      }
      space.solve(n, true);
      let value = quadratic(n);
      for (let round = 0; round < mostRounds; round++) {
        if (!seek && level - value > least) break;
        const count = n + joined.length;
        space.subtract(count);
        const missing = blend.violators(joined);
        if (missing.length === 0) break;
        blend.fillBeside(count, missing);
        joined.push(...missing);
        lower.fill(0, count, n + joined.length);
        upper.fill(Infinity, count, n + joined.length);
        solution.fill(0, count, n + joined.length);
        space.solve(n + joined.length, true);
        const last = value;
        value = quadratic(n + joined.length);
        if (!(last - value > Math.max(least, worthwhile * (level - value)))) break;
      }
      const delta = solution.slice(base, n);
      return { delta, predicted: level - value + delta.reduce((sum, moved, k) => sum + damping * complement[k * q + k]! * moved * moved, 0), joined: joined.length };
    };
    return {
      propose,
      restore() {
        restore();
        space.subtract(base);
      },
      take() {
        const all = [...working.map((t, j) => ({ t, weight: solution[additives + j]! })), ...joined.map((t, j) => ({ t, weight: solution[n + j]! }))].filter(({ weight }) => weight > 0);
        blend.employ(all.map(({ t }) => t), all.map(({ weight }) => weight));
      },
    };
  };
}

/** Steps that the amplitudes follow freely, for regularised weights, which mostly stay clear of 0. */
export function createFreeSteps({ parameters }: BlendProblem): MakeSteps {
  const q = parameters.length;

  /** The damped step within the bounds; parameters that lean against a bound stay there. */
  function step(complement: Float64Array, slopes: Float64Array, theta: Float64Array, free: readonly boolean[], bend: Float64Array, damping: number): Float64Array {
    const moving = parameters.flatMap(({ lower: low, upper: high }, k) => (free[k] && !(theta[k]! <= low && slopes[k]! <= 0) && !(theta[k]! >= high && slopes[k]! >= 0) && complement[k * q + k]! > 0 ? [k] : []));
    const delta = new Float64Array(q);
    const n = moving.length;
    const block = Float64Array.from({ length: n * n }, (_, ij) => {
      const at = moving[Math.floor(ij / n)]! * q + moving[ij % n]!;
      return complement[at]! * (ij % (n + 1) === 0 ? 1 + damping : 1) + bend[at]!;
    });
    const values = Float64Array.from(moving, (k) => slopes[k]!);
    if (n === 0 || !factorCholesky(block, n)) return delta;
    substituteForward(block, values, n);
    substituteBackward(block, values, n);
    moving.forEach((k, i) => { delta[k] = Math.min(parameters[k]!.upper, Math.max(parameters[k]!.lower, theta[k]! + values[i]!)) - theta[k]!; });
    return delta;
  }

  return (theta, free, { complement, slopes }, bend) => {
    const propose: Steps['propose'] = (damping) => {
      const delta = step(complement, slopes, theta, free, bend, damping);
      let predicted = 0;
      for (let k = 0; k < q; k++) {
        predicted += 2 * delta[k]! * slopes[k]!;
        for (let l = 0; l < q; l++) predicted -= delta[k]! * (complement[k * q + l]! + bend[k * q + l]!) * delta[l]!;
      }
      return { delta, predicted, joined: 0 };
    };
    return { propose, restore: () => undefined, take: () => undefined };
  };
}
