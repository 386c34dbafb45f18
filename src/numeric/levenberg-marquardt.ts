import { factorCholesky, invertSymmetric, substituteBackward, substituteForward } from './cholesky.js';

/** A sum of squares to make small: m residuals of n parameters. */
export interface LeastSquaresProblem {
  /** Number m of residuals. */
  readonly residuals: number;
  /**
   * Writes the residuals (model − data)/error at `params` [n] into `residuals` [m] and, when a Jacobian is given, its
   * entries ∂rᵢ/∂pⱼ into `jacobian` [m × n], row-major. Every entry is to be written.
   */
  evaluate(params: Float64Array, residuals: Float64Array, jacobian: Float64Array | null): void;
}

/** Settings of `levenbergMarquardt`. */
export interface LeastSquaresOptions {
  /** Smallest allowed values [n]. Default: none. */
  readonly lower?: ArrayLike<number>;
  /** Largest allowed values [n]. Default: none. */
  readonly upper?: ArrayLike<number>;
  /** Steps tried before giving up. Default 200. */
  readonly maxIterations?: number;
  /** Done when χ² falls, and was expected to fall, by less than this fraction. Default 1e-12. */
  readonly chi2Tolerance?: number;
  /** Done when the step allowed is this small beside the scaled parameters. Default 1e-10. */
  readonly stepTolerance?: number;
}

/** What `levenbergMarquardt` found. */
export interface LeastSquaresFit {
  /** [n]; inside the bounds. */
  readonly params: Float64Array;
  /**
   * (JᵀJ)⁻¹ [n × n] row-major, of the parameters not held by a bound; rows and columns of those held are NaN, and all
   * are NaN when the data do not determine the parameters.
   */
  readonly covariance: Float64Array;
  readonly chi2: number;
  /** Steps tried. */
  readonly iterations: number;
  /**
   * `converged`; `stalled`: the steps were used up; `degenerate`: converged, but the data do not determine every
   * parameter; `not finite`: the model or the data are not numbers at the start.
   */
  readonly status: 'converged' | 'stalled' | 'degenerate' | 'not finite';
}

/**
 * Least squares by the Levenberg–Marquardt method as a scaled trust region (Moré 1978, the algorithm of MINPACK), on
 * the normal equations. Steps are cut at the bounds; a parameter on a bound is held while χ² falls outwards.
 * Never throws on data.
 * @param start [n] where to begin; put inside the bounds when it is not
 */
export function levenbergMarquardt(
  problem: LeastSquaresProblem, start: ArrayLike<number>, options: LeastSquaresOptions = {},
): LeastSquaresFit {
  const { lower, upper, maxIterations = 200, chi2Tolerance = 1e-12, stepTolerance = 1e-10 } = options;
  const n = start.length;
  const m = problem.residuals;
  const bounded = (value: number, j: number) => Math.min(Math.max(value, lower?.[j] ?? -Infinity), upper?.[j] ?? Infinity);

  const params = Float64Array.from(start, bounded);
  const trial = new Float64Array(n);
  const residuals = new Float64Array(m);
  const trialResiduals = new Float64Array(m);
  const jacobian = new Float64Array(m * n);
  const curvature = new Float64Array(n * n); // JᵀJ
  const gradient = new Float64Array(n); // Jᵀr
  const scale = new Float64Array(n); // the largest norm each column of J has had
  const moved = new Float64Array(n);

  let chi2 = 0;
  let region = NaN; // radius of the trust region, in scaled parameters
  let lambda = 0;
  let iterations = 0;
  let status: LeastSquaresFit['status'] = 'stalled';

  const linearise = () => {
    problem.evaluate(params, residuals, jacobian);
    chi2 = sumOfSquares(residuals);
    normalEquations(jacobian, residuals, curvature, gradient);
    for (let j = 0; j < n; j++) scale[j] = Math.max(scale[j]!, Math.sqrt(curvature[j * n + j]!)) || 1;
  };
  const freeParameters = () => {
    const free: number[] = [];
    for (let j = 0; j < n; j++) {
      const held = (params[j]! <= (lower?.[j] ?? -Infinity) && gradient[j]! >= 0)
        || (params[j]! >= (upper?.[j] ?? Infinity) && gradient[j]! <= 0);
      if (!held) free.push(j);
    }
    return free;
  };

  linearise();
  if (!Number.isFinite(chi2) || !gradient.every(Number.isFinite)) status = 'not finite';

  while (status === 'stalled' && iterations < maxIterations) {
    iterations++;
    if (Number.isNaN(region)) region = 100 * scaledLength(scale, params) || 100;
    const free = freeParameters();
    if (free.length === 0 || chi2 === 0) {
      status = 'converged';
      break;
    }
    const step = trustRegionStep(curvature, gradient, scale, free, region, lambda);
    lambda = step.lambda;
    trial.set(params);
    free.forEach((j, k) => { trial[j] = bounded(params[j]! + step.step[k]!, j); });
    for (let j = 0; j < n; j++) moved[j] = trial[j]! - params[j]!;

    // Relative falls of χ²: what the quadratic model promises and what came of it.
    let slope = 0;
    let bend = 0;
    for (let i = 0; i < n; i++) {
      slope += gradient[i]! * moved[i]!;
      for (let j = 0; j < n; j++) bend += moved[i]! * curvature[i * n + j]! * moved[j]!;
    }
    const promised = -(2 * slope + bend) / chi2;
    problem.evaluate(trial, trialResiduals, null);
    const trialChi2 = sumOfSquares(trialResiduals);
    const fell = trialChi2 < Infinity ? 1 - trialChi2 / chi2 : -Infinity;
    const ratio = promised > 0 ? fell / promised : 0;
    const length = scaledLength(scale, moved);

    if (ratio <= 0.25) {
      // Where the parabola through both χ² and the slope at the start has its minimum.
      const shrink = fell >= 0 ? 0.5 : Math.max(0.1, Math.min(0.5, slope / (2 * slope + fell * chi2)));
      region = shrink * Math.min(region, 10 * length);
      lambda /= shrink;
    } else if (lambda === 0 || ratio >= 0.75) {
      region = 2 * length;
      lambda *= 0.5;
    }
    const accepted = ratio >= 1e-4;
    if (accepted) params.set(trial);
    const settled = Math.abs(fell) <= chi2Tolerance && promised <= chi2Tolerance && ratio <= 2;
    if (settled || region <= stepTolerance * scaledLength(scale, params)) status = 'converged';
    if (accepted) linearise();
  }

  const covariance = covarianceOf(curvature, n, status === 'not finite' ? [] : freeParameters());
  if (status === 'converged' && !covariance.determined) status = 'degenerate';
  return { params, covariance: covariance.matrix, chi2, iterations, status };
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** Euclidean length of D·vector. */
function scaledLength(scale: Float64Array, vector: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < vector.length; j++) sum += (scale[j]! * vector[j]!) ** 2;
  return Math.sqrt(sum);
}

/** curvature ← JᵀJ, gradient ← Jᵀr. */
function normalEquations(jacobian: Float64Array, residuals: Float64Array, curvature: Float64Array, gradient: Float64Array): void {
  const n = gradient.length;
  curvature.fill(0);
  gradient.fill(0);
  for (let i = 0, row = 0; i < residuals.length; i++, row += n) {
    for (let j = 0; j < n; j++) {
      const entry = jacobian[row + j]!;
      if (entry === 0) continue; // a line touches few pixels
      gradient[j]! += entry * residuals[i]!;
      for (let k = 0; k <= j; k++) curvature[j * n + k]! += entry * jacobian[row + k]!;
    }
  }
  for (let j = 0; j < n; j++) for (let k = 0; k < j; k++) curvature[k * n + j] = curvature[j * n + k]!;
}

/**
 * The step of the free parameters that minimises the quadratic model inside |D·step| ≤ region, to 10 % of the radius:
 * (JᵀJ + λD²) step = −Jᵀr, with λ from Newton's iteration on 1/|D·step| (Hebden 1973, Moré 1978).
 */
function trustRegionStep(
  curvature: Float64Array, gradient: Float64Array, scale: Float64Array, free: readonly number[], region: number, guess: number,
): { step: Float64Array; lambda: number } {
  const n = gradient.length;
  const f = free.length;
  const factor = new Float64Array(f * f);
  const z = new Float64Array(f); // D·step
  const w = new Float64Array(f);

  const length = (lambda: number) => {
    for (let a = 0; a < f; a++) {
      const i = free[a]!;
      for (let b = 0; b <= a; b++) factor[a * f + b] = curvature[i * n + free[b]!]! / (scale[i]! * scale[free[b]!]!);
      factor[a * f + a]! += lambda;
      z[a] = -gradient[i]! / scale[i]!;
    }
    if (!factorCholesky(factor, f)) return NaN;
    substituteForward(factor, z, f);
    substituteBackward(factor, z, f);
    return Math.sqrt(sumOfSquares(z));
  };
  /** (|z|/|L⁻¹z|)² (|z| − region)/region, Newton's change of λ; `length` has left z and the factor L. */
  const newton = (size: number) => {
    w.set(z);
    substituteForward(factor, w, f);
    return size * size / sumOfSquares(w) * (size - region) / region;
  };

  let lambda = 0;
  let size = length(0);
  if (!(size <= 1.1 * region)) {
    let low = Number.isNaN(size) ? 0 : newton(size);
    let high = Math.sqrt(free.reduce((sum, j) => sum + (gradient[j]! / scale[j]!) ** 2, 0)) / region;
    lambda = Math.min(Math.max(guess, low), high) || Math.max(low, 1e-3 * high);
    for (let round = 0; round < 20; round++) {
      size = length(lambda);
      if (Math.abs(size - region) <= 0.1 * region) break;
      if (Number.isNaN(size)) {
        low = Math.max(low, lambda);
        lambda = Math.max(2 * lambda, 1e-3 * high);
        continue;
      }
      if (size > region) low = Math.max(low, lambda);
      else high = Math.min(high, lambda);
      const next = lambda + newton(size);
      lambda = next > low && next < high ? next : Math.max(0.5 * (low + high), 1e-3 * high);
    }
  }
  return { step: z.map((value, a) => value / scale[free[a]!]!), lambda };
}

/** The inverse of the free block of JᵀJ in a matrix of NaN; not determined when that block is singular. */
function covarianceOf(curvature: Float64Array, n: number, free: readonly number[]): { matrix: Float64Array; determined: boolean } {
  const f = free.length;
  const block = new Float64Array(f * f);
  free.forEach((i, a) => free.forEach((j, b) => { block[a * f + b] = curvature[i * n + j]!; }));
  const inverse = invertSymmetric(block, f);
  const matrix = new Float64Array(n * n).fill(NaN);
  if (inverse) free.forEach((i, a) => free.forEach((j, b) => { matrix[i * n + j] = inverse[a * f + b]!; }));
  return { matrix, determined: inverse !== null };
}
