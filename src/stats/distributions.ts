import { brent, erfc, evaluatePolynomial, incompleteBeta, incompleteGammaUpper } from '../numeric/index.js';

/** P(Z > z) of the standard normal distribution. */
export function normalTail(z: number): number {
  return 0.5 * erfc(z / Math.SQRT2);
}

/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/**
 * The z with P(Z < z) = p of the standard normal distribution: Hastings's approximation (Abramowitz & Stegun 26.2.23)
 * followed by Halley's steps on the tail, which keep the digits of small p. ±Infinity at 0 and 1, NaN outside.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(p));
  let z = t - evaluatePolynomial([2.515517, 0.802853, 0.010328], t) / evaluatePolynomial([1, 1.432788, 0.189269, 0.001308], t);
  for (let step = 0; step < 3; step++) {
    const miss = (normalTail(z) - p) / normalDensity(z);
    z += miss / (1 - 0.5 * z * miss);
  }
  return -z;
}

/** P(|T| > |t|) of Student's t with ν degrees of freedom (Abramowitz & Stegun 26.7.1). */
export function studentTwoSided(t: number, freedom: number): number {
  return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
}

/** P(T > t) of Student's t with ν degrees of freedom. */
export function studentTail(t: number, freedom: number): number {
  const oneSide = 0.5 * studentTwoSided(t, freedom);
  return t >= 0 ? oneSide : 1 - oneSide;
}

/** The t with P(T < t) = p of Student's t with ν degrees of freedom; NaN for ν ≤ 0 and outside 0 < p < 1. */
export function studentQuantile(p: number, freedom: number): number {
  if (!(p > 0 && p < 1 && freedom > 0)) return NaN;
  if (p < 0.5) return -studentQuantile(1 - p, freedom);
  // Found as the sine of an angle, which goes from 0 to 1 as t goes from 0 to infinity.
  const sine = brent((s) => 0.5 * incompleteBeta(freedom / 2, 0.5, (1 - s) * (1 + s)) - (1 - p), 0, 1);
  return sine * Math.sqrt(freedom / ((1 - sine) * (1 + sine)));
}

/** P(X > x) of χ² with ν degrees of freedom (Abramowitz & Stegun 26.4.19). */
export function chiSquareTail(x: number, freedom: number): number {
  return incompleteGammaUpper(freedom / 2, x / 2);
}

/** P(X > x) of Fisher's F with (ν₁, ν₂) degrees of freedom (Abramowitz & Stegun 26.6.2). */
export function fisherTail(x: number, freedom1: number, freedom2: number): number {
  return incompleteBeta(freedom2 / 2, freedom1 / 2, freedom2 / (freedom2 + freedom1 * x));
}
