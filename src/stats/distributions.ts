import { erfc, incompleteBeta, incompleteGammaUpper } from '../numeric/index.js';

/** P(Z > z) of the standard normal distribution. */
export function normalTail(z: number): number {
  return 0.5 * erfc(z / Math.SQRT2);
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

/** P(X > x) of χ² with ν degrees of freedom (Abramowitz & Stegun 26.4.19). */
export function chiSquareTail(x: number, freedom: number): number {
  return incompleteGammaUpper(freedom / 2, x / 2);
}

/** P(X > x) of Fisher's F with (ν₁, ν₂) degrees of freedom (Abramowitz & Stegun 26.6.2). */
export function fisherTail(x: number, freedom1: number, freedom2: number): number {
  return incompleteBeta(freedom2 / 2, freedom1 / 2, freedom2 / (freedom2 + freedom1 * x));
}
