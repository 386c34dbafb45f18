import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom, factorQr, singularValues } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

describeShared('least squares and singular values, against numpy', () => {
  const { A, b, x, sv } = golden<{ readonly lstsq: { readonly A: number[][]; readonly b: number[]; readonly x: number[]; readonly sv: number[] } }>('numerics.json').lstsq;
  const [m, n] = [A.length, A[0]!.length];
  it('both agree to 1e-10', () => {
    const qr = factorQr(A.flat(), m, n);
    expect(qr.rank).toBe(n);
    qr.solve(b).forEach((value, j) => expect(Math.abs(value - x[j]!)).toBeLessThan(1e-10));
    singularValues(A.flat(), m, n).forEach((value, j) => expect(Math.abs(value - sv[j]!)).toBeLessThan(1e-10));
  });
});

const matrix = (m: number, n: number, seed: number): Float64Array => {
  const random = createRandom(seed, 'matrix');
  return Float64Array.from({ length: m * n }, random.normal);
};

it('the residual is orthogonal to every column, whatever the scale', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(12), fc.nat(1000), fc.constantFrom(1e-30, 1, 1e30), (n, more, seed, scale) => {
    const m = n + more;
    const A = matrix(m, n, seed).map((a) => a * scale);
    const b = matrix(m, 1, seed + 1);
    const x = factorQr(A, m, n).solve(b);
    const residual = b.map((value, i) => x.reduce((sum, c, j) => sum - c * A[i * n + j]!, value));
    for (let j = 0; j < n; j++) expect(Math.abs(residual.reduce((sum, r, i) => sum + r * A[i * n + j]! / scale, 0))).toBeLessThan(1e-11 * m);
  }));
});

it('keeps what the normal equations lose: a Hilbert matrix of condition 1e10 to 1e-5', () => {
  const n = 8;
  const A = Float64Array.from({ length: n * n }, (_, at) => 1 / (1 + (at % n) + Math.floor(at / n)));
  const b = Float64Array.from({ length: n }, (_, i) => A.subarray(i * n, (i + 1) * n).reduce((a, c) => a + c, 0));
  factorQr(A, n, n).solve(b).forEach((value) => expect(Math.abs(value - 1)).toBeLessThan(1e-5));
});

it('sees that a column depends on others, and solves without it', () => {
  const A = matrix(9, 4, 3);
  for (let i = 0; i < 9; i++) A[i * 4 + 2] = 2 * A[i * 4]! - A[i * 4 + 1]!;
  const qr = factorQr(A, 9, 4);
  expect(qr.rank).toBe(3);
  const b = Float64Array.from({ length: 9 }, (_, i) => A[i * 4]! + A[i * 4 + 3]!);
  const x = qr.solve(b);
  b.forEach((value, i) => expect(x.reduce((sum, c, j) => sum + c * A[i * 4 + j]!, 0)).toBeCloseTo(value, 12));
  expect(Array.from(x).filter((c) => c === 0)).toHaveLength(1);
  expect(singularValues(A, 9, 4)[3]).toBeLessThan(1e-14);
});

it('singular values: of a diagonal, of the transposed, of huge, tiny, zero and broken matrices', () => {
  expect(Array.from(singularValues([0, -3, 0, 1, 0, 0], 2, 3))).toEqual([3, 1]);
  const A = matrix(6, 4, 5);
  const transposed = Float64Array.from({ length: 24 }, (_, at) => A[(at % 6) * 4 + Math.floor(at / 6)]!);
  const values = singularValues(A, 6, 4);
  singularValues(transposed, 4, 6).forEach((value, j) => expect(value).toBeCloseTo(values[j]!, 13));
  for (const scale of [1e-200, 1e200]) singularValues(A.map((a) => a * scale), 6, 4).forEach((value, j) => expect(value / scale).toBeCloseTo(values[j]!, 13));
  expect(values.reduce((sum, s) => sum + s * s, 0)).toBeCloseTo(A.reduce((sum, a) => sum + a * a, 0), 11);
  expect(Array.from(singularValues(new Float64Array(4), 2, 2))).toEqual([0, 0]);
  expect(Array.from(singularValues([1, 0, 0, NaN], 2, 2))).toEqual([NaN, NaN]);
});

it('solutions of a matrix that is not finite are NaN', () => {
  expect(Array.from(factorQr([1, NaN, 1, 2], 2, 2).solve([1, 2]))).toEqual([NaN, NaN]);
});
