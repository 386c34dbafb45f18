import { ZgradError } from '../errors/index.js';
import { factorQr } from './qr.js';

/**
 * The Legendre polynomials P₀ … P_degree at x [n], one column [n] each: (k + 1) P_{k+1} = (2k + 1) x P_k − k P_{k−1}. Orthogonal on −1 … 1.
 */
export function legendreBasis(x: ArrayLike<number>, degree: number): Float64Array[] {
  const columns = [new Float64Array(x.length).fill(1)];
  if (degree > 0) columns.push(Float64Array.from(x));
  for (let k = 1; k < degree; k++) {
    const [before, last] = [columns[k - 1]!, columns[k]!];
    columns.push(last.map((p, i) => ((2 * k + 1) * x[i]! * p - k * before[i]!) / (k + 1)));
  }
  return columns;
}

/** Σ cₖ Pₖ(x) by Clenshaw's (1955) recurrence; 0 when there are no coefficients. */
export function evaluateLegendre(coefficients: ArrayLike<number>, x: number): number {
  let [next, afterNext] = [0, 0];
  for (let k = coefficients.length - 1; k >= 0; k--) {
    [next, afterNext] = [coefficients[k]! + (2 * k + 1) / (k + 1) * x * next - (k + 1) / (k + 2) * afterNext, next];
  }
  return next;
}

/**
 * The series c [degree + 1] that minimises Σ (y − Σ cₖ Pₖ(x))²; NaN when x or y are not all finite.
 * @throws BadArgument when there are fewer different x than coefficients
 */
export function fitLegendre(x: ArrayLike<number>, y: ArrayLike<number>, degree: number): Float64Array {
  const n = degree + 1;
  const basis = legendreBasis(x, degree);
  const qr = factorQr(Float64Array.from({ length: x.length * n }, (_, at) => basis[at % n]![Math.floor(at / n)]!), x.length, n);
  if (qr.rank < n) throw new ZgradError('BadArgument', { where: 'Legendre fit', found: `${qr.rank} independent places`, expected: `at least ${n}` });
  return qr.solve(y);
}
