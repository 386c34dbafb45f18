import { levenbergMarquardt } from '../numeric/index.js';
import type { UsableBins } from './velocityField.js';
import type { CurveShape } from './rotationCurves.js';

/** Places of the numbers of a rotating thin disc: V_max sin i, ln scale, systemic velocity, PA [rad], cos i, centre east and north. */
export const discParams = { velocity: 0, logScale: 1, systemic: 2, angle: 3, cosine: 4, east: 5, north: 6 } as const;
export const discParamCount = 7;

/**
 * Line-of-sight velocity V_sys + V_max sin i · g(R/scale) cos θ of every bin, cos θ = a/R, a along the major axis, and its
 * derivatives.
 * @param params as `discParams` has them
 * @param model [bins] receives the velocities
 * @param jacobian [bins × 7] row-major, or null
 */
export function rotatingDisc(
  bins: Pick<UsableBins, 'count' | 'east' | 'north'>, shape: CurveShape, params: ArrayLike<number>, model: Float64Array, jacobian: Float64Array | null,
): void {
  const [velocity, logScale, systemic, angle, q, x0, y0] = params as unknown as [number, number, number, number, number, number, number];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const scale = Math.exp(logScale);
  const curve = new Float64Array(2);
  for (let i = 0; i < bins.count; i++) {
    const [x, y] = [bins.east[i]! - x0, bins.north[i]! - y0];
    const [a, b] = [x * sin + y * cos, x * cos - y * sin];
    const radius = Math.sqrt(a * a + (b / q) ** 2) || 1e-12 * scale;
    shape.evaluate(radius / scale, curve);
    const [g, slope] = curve as unknown as [number, number];
    const h = g / radius;
    model[i] = systemic + velocity * h * a;
    if (!jacobian) continue;
    const steep = velocity * a * (slope / scale - h) / radius; // V_max sin i · a · dh/dR
    const byA = velocity * h + steep * a / radius;
    const byB = steep * b / (q * q * radius);
    const at = i * discParamCount;
    jacobian[at] = h * a;
    jacobian[at + 1] = -velocity * (a / radius) * slope * radius / scale;
    jacobian[at + 2] = 1;
    jacobian[at + 3] = byA * b - byB * a;
    jacobian[at + 4] = -steep * b * b / (q * q * q * radius);
    jacobian[at + 5] = -(byA * sin + byB * cos);
    jacobian[at + 6] = -(byA * cos - byB * sin);
  }
}

/** Which numbers of the disc are found, and within which limits. */
export interface DiscFit {
  /** All seven. */
  readonly params: Float64Array;
  /** 7 × 7, of the velocities' errors alone; NaN for numbers that are fixed, on a limit or not determined. */
  readonly covariance: Float64Array;
  /** Σ ((velocity − model)/error)², without `weight`. */
  readonly chi2: number;
  /** Velocities of the model. */
  readonly model: Float64Array;
  readonly converged: boolean;
}

const discParamsFree = {
  positionAngle: [discParams.angle], inclination: [discParams.cosine], systemicVelocity: [discParams.systemic], centre: [discParams.east, discParams.north],
} as const;

/** What of a disc's orientation a fit may find. */
export type FreeGeometry = keyof typeof discParamsFree;

/** Their places among the numbers. */
export function freePlaces(free: readonly FreeGeometry[]): number[] {
  return free.flatMap((name) => discParamsFree[name]);
}

/** Flattest and roundest discs tried: nothing rotates along the sight of a face-on one. */
export const cosineLimits = [0.05, 0.998] as const;

/**
 * The disc that fits best by least squares.
 * @param error [bins] of the velocities
 * @param weight [bins] of their squares besides: errors stay those that the velocities' own make
 */
export function fitDisc(
  bins: Pick<UsableBins, 'count' | 'east' | 'north' | 'velocity'>, shape: CurveShape, error: Float64Array, start: ArrayLike<number>, free: readonly number[],
  options: { readonly weight?: Float64Array; readonly scaleLimits?: readonly [number, number]; readonly centreReach?: number } = {},
): DiscFit {
  const { weight, scaleLimits = [0, Infinity], centreReach = Infinity } = options;
  const { count } = bins;
  const all = Float64Array.from(start);
  const model = new Float64Array(count);
  const slopes = new Float64Array(count * discParamCount);
  const low = [-Infinity, Math.log(scaleLimits[0]), -Infinity, -Infinity, cosineLimits[0], start[5]! - centreReach, start[6]! - centreReach];
  const high = [Infinity, Math.log(scaleLimits[1]), Infinity, Infinity, cosineLimits[1], start[5]! + centreReach, start[6]! + centreReach];
  const root = error.map((sigma, i) => Math.sqrt(weight?.[i] ?? 1) / sigma);
  const n = free.length;
  const evaluate = (params: Float64Array, residuals: Float64Array, jacobian: Float64Array | null) => {
    free.forEach((place, j) => { all[place] = params[j]!; });
    rotatingDisc(bins, shape, all, model, jacobian ? slopes : null);
    for (let i = 0; i < count; i++) {
      residuals[i] = (model[i]! - bins.velocity[i]!) * root[i]!;
      if (jacobian) for (let j = 0; j < n; j++) jacobian[i * n + j] = slopes[i * discParamCount + free[j]!]! * root[i]!;
    }
  };
  const pick = (values: ArrayLike<number>) => free.map((place) => values[place]!);
  const fit = levenbergMarquardt({ residuals: count, evaluate }, pick(all), { lower: pick(low), upper: pick(high), maxIterations: 100, chi2Tolerance: 1e-8, stepTolerance: 1e-8 });
  free.forEach((place, j) => { all[place] = fit.params[j]!; });
  rotatingDisc(bins, shape, all, model, slopes);

  let covariance = fit.covariance;
  if (weight) {
    // With C = (Jᵀ W E⁻² J)⁻¹ the estimate scatters by C (Jᵀ W² E⁻² J) C.
    const meat = new Float64Array(n * n);
    for (let i = 0; i < count; i++) {
      const squared = (weight[i]! / error[i]!) ** 2;
      for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) meat[a * n + b]! += squared * slopes[i * discParamCount + free[a]!]! * slopes[i * discParamCount + free[b]!]!;
    }
    covariance = sandwich(covariance, meat, n);
  }
  const whole = new Float64Array(discParamCount ** 2).fill(NaN);
  free.forEach((a, j) => free.forEach((b, k) => { whole[a * discParamCount + b] = covariance[j * n + k]!; }));
  let chi2 = 0;
  for (let i = 0; i < count; i++) chi2 += ((bins.velocity[i]! - model[i]!) / error[i]!) ** 2;
  return { params: all, covariance: whole, chi2, model, converged: fit.status === 'converged' };
}

/** C M C; a number without variance in C (held by a limit) takes no part. */
function sandwich(outer: Float64Array, inner: Float64Array, n: number): Float64Array {
  const c = outer.map((value) => (Number.isNaN(value) ? 0 : value));
  const product = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) product[a * n + b]! += c[a * n + k]! * inner[k * n + l]! * c[l * n + b]!;
  return product.map((value, k) => (Number.isNaN(outer[k]!) ? NaN : value));
}
