import type { Design } from './design.js';
import { modelOf } from './design.js';

/** Velocities [km/s] to ±900, dispersions to 600: beyond, no rotating gas disc has lines. */
export const bounds = { velocity: 900, square: 600 ** 2 } as const;

/** The normal matrix of velocity and squared dispersion with the linear amplitudes projected out, and its right-hand side. */
export interface Curvature {
  readonly vv: number;
  readonly vs: number;
  readonly ss: number;
  readonly v: number;
  readonly s: number;
}

/**
 * The Gauss–Newton curvature of χ² in the kinematics at solved amplitudes (variable projection with the Jacobian of Kaufman
 * 1975). Fills `coupling` of each design with Xᵀ W ∂m/∂(v, s), which the covariance of the amplitudes needs.
 */
export function curvature(designs: readonly Design[], couplings: readonly Float64Array[], scratch: Float64Array): Curvature {
  let [vv, vs, ss, v, s] = [0, 0, 0, 0, 0];
  designs.forEach((design, d) => {
    if (!design.active) return;
    const { profiles, under, weight, residual, lineCount, size, amplitude, inverse, first, last } = design;
    const coupling = couplings[d]!;
    coupling.fill(0);
    const model = scratch.subarray(0, residual.length);
    modelOf(design, model);
    for (let i = 0; i < residual.length; i++) {
      const w = weight[i]!;
      if (w === 0) continue;
      let jv = 0;
      let js = 0;
      for (let k = 0; k < lineCount; k++) {
        if (i < first[k]! || i >= last[k]!) continue;
        jv += amplitude[k]! * profiles[k]!.byVelocity[i]!;
        js += amplitude[k]! * profiles[k]!.bySquare[i]!;
      }
      if (jv === 0 && js === 0) continue;
      const r = w * (residual[i]! - model[i]!);
      vv += w * jv * jv;
      vs += w * jv * js;
      ss += w * js * js;
      v += jv * r;
      s += js * r;
      for (let a = 0; a < size; a++) {
        const column = a < lineCount ? profiles[a]!.value[i]! : under[a - lineCount]![i]!;
        coupling[a]! += w * column * jv;
        coupling[size + a]! += w * column * js;
      }
    }
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        const q = inverse[a * size + b]!;
        vv -= coupling[a]! * q * coupling[b]!;
        vs -= coupling[a]! * q * coupling[size + b]!;
        ss -= coupling[size + a]! * q * coupling[size + b]!;
      }
    }
  });
  return { vv, vs, ss, v, s };
}

/** Where a minimisation ended. */
export interface Minimum {
  readonly velocity: number;
  /** Squared dispersion [km²/s²]. */
  readonly square: number;
  readonly chi2: number;
  readonly converged: boolean;
  readonly atBound: boolean;
}

/** Steps below this part of the error change nothing that matters. */
const enough = 1e-4;

/**
 * Damped Gauss–Newton steps in velocity and squared dispersion from a start. The square of the dispersion is the parameter
 * because χ² is smooth in it down to zero, where a line is as narrow as the instrument's.
 *
 * @param evaluate sets the kinematics, solves the amplitudes and answers with χ².
 * @param curve the curvature there.
 */
export function minimise(evaluate: (velocity: number, square: number) => number, curve: () => Curvature, velocity: number, square: number): Minimum {
  const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  let chi2 = evaluate(velocity, square);
  let damping = 1e-3;
  for (let turn = 0; turn < 50; turn++) {
    const { vv, vs, ss, v, s } = curve();
    let change = 0;
    for (let attempt = 0; attempt < 10; attempt++) {
      const a = vv * (1 + damping);
      const d = ss * (1 + damping);
      const determinant = a * d - vs * vs;
      if (!(determinant > 0)) break;
      let nextSquare = square + (a * s - vs * v) / determinant;
      let nextVelocity = velocity + (d * v - vs * s) / determinant;
      if (nextSquare < 0 || nextSquare > bounds.square) {
        // Held at the bound, the dispersion no longer shares the step with the velocity.
        nextSquare = clamp(nextSquare, 0, bounds.square);
        nextVelocity = velocity + (v - vs * (nextSquare - square)) / a;
      }
      nextVelocity = clamp(nextVelocity, -bounds.velocity, bounds.velocity);
      const next = evaluate(nextVelocity, nextSquare);
      if (next <= chi2) {
        change = Math.max(Math.abs(nextVelocity - velocity) * Math.sqrt(vv), Math.abs(nextSquare - square) * Math.sqrt(ss));
        [velocity, square, chi2] = [nextVelocity, nextSquare, next];
        damping = Math.max(1e-9, damping / 10);
        break;
      }
      damping *= 10;
    }
    if (change < enough) {
      evaluate(velocity, square);
      return { velocity, square, chi2, converged: true, atBound: Math.abs(velocity) >= bounds.velocity || square >= bounds.square || square <= 0 };
    }
  }
  return { velocity, square, chi2, converged: false, atBound: false };
}
