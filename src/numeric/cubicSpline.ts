import { checkKnots } from './interpolation.js';
import { piecewiseCubic, type PiecewiseCubic } from './piecewiseCubic.js';
import { solveTridiagonal } from './tridiagonal.js';

/**
 * The cubic spline: continuous second derivative (de Boor 1978). A NaN value makes the whole curve NaN.
 * @param x [n] ascending, n ≥ 2
 * @param y [n]
 * @param ends 'not-a-knot' (default): the third derivative is continuous at the second and last but one knot (a parabola through three knots, a line
 *   through two); 'natural': no curvature at the ends
 * @throws BadArgument when the knots do not ascend or y has another length
 */
export function cubicSpline(x: ArrayLike<number>, y: ArrayLike<number>, ends: 'not-a-knot' | 'natural' = 'not-a-knot'): PiecewiseCubic {
  checkKnots(x, y, 2);
  const n = x.length;
  const step = (i: number): number => x[i + 1]! - x[i]!;
  const chord = (i: number): number => (y[i + 1]! - y[i]!) / step(i);
  if (ends === 'not-a-knot' && n < 4) {
    const bend = n === 3 ? (chord(1) - chord(0)) / (x[2]! - x[0]!) : 0;
    return piecewiseCubic(x, y, Float64Array.from({ length: n }, (_, i) => chord(0) + bend * (2 * x[i]! - x[0]! - x[1]!)));
  }
  const [lower, diagonal, upper, right] = [0, 1, 2, 3].map(() => new Float64Array(n)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let i = 1; i < n - 1; i++) {
    lower[i] = step(i);
    diagonal[i] = 2 * (step(i - 1) + step(i));
    upper[i] = step(i - 1);
    right[i] = 3 * (step(i) * chord(i - 1) + step(i - 1) * chord(i));
  }
  const end = n - 1;
  if (ends === 'natural') {
    diagonal[0] = diagonal[end] = 2;
    upper[0] = lower[end] = 1;
    right[0] = 3 * chord(0);
    right[end] = 3 * chord(end - 1);
  } else {
    const [first, second, span] = [step(0), step(1), x[2]! - x[0]!];
    diagonal[0] = second;
    upper[0] = span;
    right[0] = ((first + 2 * span) * second * chord(0) + first * first * chord(1)) / span;
    const [last, before, lastSpan] = [step(end - 1), step(end - 2), x[end]! - x[end - 2]!];
    diagonal[end] = before;
    lower[end] = lastSpan;
    right[end] = ((last + 2 * lastSpan) * before * chord(end - 1) + last * last * chord(end - 2)) / lastSpan;
  }
  return piecewiseCubic(x, y, solveTridiagonal(lower, diagonal, upper, right));
}
