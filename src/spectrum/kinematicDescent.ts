import { factorCholesky } from '../numeric/index.js';
import { backwardAt, forwardAt } from './triangular.js';

/** Where velocity and dispersion may go [km/s]. */
export interface KinematicBounds {
  readonly velocity: readonly [number, number];
  readonly sigma: readonly [number, number];
}

/** χ² of kinematics, everything else solved. */
export interface KinematicObjective {
  evaluate(velocity: Float64Array, u: Float64Array): number;
  /** Adds to the Gauss–Newton matrix [all × all] and gradient of (v, u) of every set where it was evaluated last. */
  differentiate(velocity: Float64Array, u: Float64Array, curvature: Float64Array, gradient: Float64Array, all: number): void;
}

/** Velocities v [km/s] and squared dispersions u [km²/s²] of sets of lines on their way to the least χ². */
export interface KinematicDescent {
  readonly velocity: Float64Array;
  readonly u: Float64Array;
  /** Lower bound of every u; set before a descent. */
  readonly lowest: Float64Array;
  /** Sets that take part. */
  count: number;
  /** At (v, u); the caller sets that of the start. */
  chi2: number;
  /** Gauss–Newton matrix of (v, u) of all sets, row-major. */
  readonly curvature: Float64Array;
  /** Their covariance; 0 for what was not fitted. */
  readonly covariance: Float64Array;
  /** Whether a parameter (v, u of each set) was fitted. */
  readonly fitted: Uint8Array;
  /** Answers whether it converged. */
  minimise(): boolean;
  /** Fills `curvature`, `fitted` and `covariance` where it stands; nothing is fitted unless `free`. */
  findCovariance(free: boolean): void;
}

const turns = 50;
/** A fit ends when its next step will be this many standard errors. */
const smallStep = 1e-5;

/** @param most the most sets */
export function createKinematicDescent(most: number, bounds: KinematicBounds, { evaluate, differentiate }: KinematicObjective): KinematicDescent {
  const [velocity, u, nextVelocity, nextU, lowest] = [0, 1, 2, 3, 4].map(() => new Float64Array(most)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const [covariance, curvature, normal, bend] = [0, 1, 2, 3].map(() => new Float64Array(4 * most * most)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const [gradient, step, scratch, moved, last] = [0, 1, 2, 3, 4].map(() => new Float64Array(2 * most)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const fitted = new Uint8Array(2 * most);

  const lowOf = (parameter: number): number => (parameter & 1 ? lowest[parameter >> 1]! : bounds.velocity[0]);
  const highOf = (parameter: number): number => (parameter & 1 ? bounds.sigma[1] ** 2 : bounds.velocity[1]);
  const valueOf = (parameter: number): number => (parameter & 1 ? u : velocity)[parameter >> 1]!;

  function differentiateHere(): void {
    const all = 2 * descent.count;
    curvature.fill(0, 0, all * all);
    gradient.fill(0, 0, all);
    differentiate(velocity, u, curvature, gradient, all);
  }

  /** Which parameters a step may move: not those without information, nor those on a bound that want to leave. */
  function chooseFitted(): void {
    const all = 2 * descent.count;
    for (let a = 0; a < all; a++) {
      const outward = (valueOf(a) <= lowOf(a) && gradient[a]! < 0) || (valueOf(a) >= highOf(a) && gradient[a]! > 0);
      fitted[a] = !outward && curvature[a * all + a]! > 0 ? 1 : 0;
    }
  }

  /** The curvature of the fitted parameters, packed, with its diagonal enlarged; factored. Answers how many there are, −1 when degenerate. */
  function factorFitted(damping: number, learnt: boolean): number {
    const all = 2 * descent.count;
    let m = 0;
    for (let a = 0; a < all; a++) if (fitted[a]) scratch[m++] = a;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) {
        const at = scratch[i]! * all + scratch[j]!;
        normal[i * m + j] = curvature[at]! + (learnt ? bend[at]! : 0);
      }
      normal[i * m + i]! += damping * curvature[scratch[i]! * (all + 1)]!;
    }
    return factorCholesky(normal, m) ? m : -1;
  }

  /**
   * What Gauss–Newton leaves out, the residuals times the model's second derivatives, learnt from how the gradient changed over
   * the last step by symmetric rank-one updates (Dennis, Gay & Welsch 1981 in spirit): noisy lines converge in half the steps.
   */
  function learnBend(): void {
    const all = 2 * descent.count;
    let along = 0;
    let length = 0;
    let size = 0;
    for (let a = 0; a < all; a++) {
      let z = last[a]! - gradient[a]!;
      for (let b = 0; b < all; b++) z -= (curvature[a * all + b]! + bend[a * all + b]!) * moved[b]!;
      step[a] = z;
      along += z * moved[a]!;
      const scale = curvature[a * all + a]!;
      length += scale > 0 ? (z * z) / scale : 0;
      size += scale * moved[a]! ** 2;
    }
    if (!(along * along > 1e-8 * length * size)) return;
    for (let a = 0; a < all; a++) for (let b = 0; b < all; b++) bend[a * all + b]! += (step[a]! * step[b]!) / along;
  }

  /** Damped Gauss–Newton steps with a learnt second-order term, and bounds by projection. */
  function minimise(): boolean {
    const all = 2 * descent.count;
    let damping = 1e-4;
    let before = 0;
    bend.fill(0);
    for (let turn = 0; turn < turns; turn++) {
      differentiateHere();
      if (turn > 0) learnBend();
      chooseFitted();
      for (;;) {
        const m = factorFitted(damping, true);
        let change = 0;
        if (m >= 0) {
          for (let i = 0; i < m; i++) step[i] = gradient[scratch[i]!]!;
          forwardAt(normal, step, 0, m);
          backwardAt(normal, step, 0, m);
          nextVelocity.set(velocity);
          nextU.set(u);
          for (let i = 0; i < m; i++) {
            const a = scratch[i]!;
            const value = Math.min(highOf(a), Math.max(lowOf(a), valueOf(a) + step[i]!));
            if (value - value !== 0) return false;
            (a & 1 ? nextU : nextVelocity)[a >> 1] = value;
            change += Math.abs(value - valueOf(a)) * Math.sqrt(curvature[a * all + a]!);
          }
          if (m === 0) return true;
          const next = evaluate(nextVelocity, nextU);
          if (next <= descent.chi2) {
            for (let a = 0; a < all; a++) {
              moved[a] = (a & 1 ? nextU : nextVelocity)[a >> 1]! - valueOf(a);
              last[a] = gradient[a]!;
            }
            velocity.set(nextVelocity);
            u.set(nextU);
            descent.chi2 = next;
            damping = Math.max(1e-12, damping / 10);
            // Steps shrink by a constant factor at least: the next one is known from the last two.
            if (change * Math.min(1, change / before) < smallStep) return true;
            before = change;
            break;
          }
        }
        // No improvement within rounding of χ²: this is the minimum.
        if ((m >= 0 && change < smallStep) || damping > 1e10) {
          evaluate(velocity, u);
          return change < 1e-2;
        }
        // The step failed: back to plain Gauss–Newton, ever shorter.
        bend.fill(0);
        damping *= 10;
      }
    }
    return false;
  }

  function findCovariance(free: boolean): void {
    const all = 2 * descent.count;
    covariance.fill(0);
    differentiateHere();
    if (free) {
      for (let a = 0; a < all; a++) {
        fitted[a] = valueOf(a) > lowOf(a) && valueOf(a) < highOf(a) && curvature[a * all + a]! > 0 ? 1 : 0;
      }
      if (factorFitted(0, false) < 0) for (let a = 1; a < all; a += 2) fitted[a] = 0;
    } else {
      fitted.fill(0);
    }
    const m = free ? factorFitted(0, false) : 0;
    for (let j = 0; j < m; j++) {
      step.fill(0, 0, m);
      step[j] = 1;
      forwardAt(normal, step, 0, m);
      backwardAt(normal, step, 0, m);
      for (let i = 0; i < m; i++) covariance[scratch[i]! * all + scratch[j]!] = step[i]!;
    }
  }

  const descent: KinematicDescent = { velocity, u, lowest, count: 0, chi2: 0, curvature, covariance, fitted, minimise, findCovariance };
  return descent;
}
