import { describe, expect, it } from 'vitest';
import { createRandom, invertSymmetric, solveCholesky } from '../../src/numeric/index.js';

/** B Bᵀ + 1 of a random n × n matrix B: positive definite. */
function positiveDefinite(n: number): Float64Array {
  const random = createRandom(1, 'positive definite', n);
  const B = Float64Array.from({ length: n * n }, random.normal);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = i === j ? 1 : 0;
    for (let k = 0; k < n; k++) sum += B[i * n + k]! * B[j * n + k]!;
    return sum;
  });
}

describe('solveCholesky', () => {
  it('solves 4x + 2y = 2, 2x + 3y = 5', () => {
    const x = solveCholesky([4, 2, 2, 3], [2, 5], 2)!;
    expect(x[0]).toBeCloseTo(-0.5, 14);
    expect(x[1]).toBeCloseTo(2, 14);
  });

  // Condition numbers here stay below 1e3, so 1e-11 leaves two digits of margin.
  it('solves random systems and changes neither matrix nor right-hand side', () => {
    for (const n of [1, 2, 5, 12, 30]) {
      const A = positiveDefinite(n);
      const truth = Float64Array.from({ length: n }, (_, i) => i - 2);
      const b = truth.map((_, i) => truth.reduce((sum, t, j) => sum + A[i * n + j]! * t, 0));
      const [keptA, keptB] = [A.slice(), b.slice()];
      const x = solveCholesky(A, b, n)!;
      for (let i = 0; i < n; i++) expect(Math.abs(x[i]! - truth[i]!)).toBeLessThan(1e-11 * n);
      expect(A).toEqual(keptA);
      expect(b).toEqual(keptB);
    }
  });

  it('gives null for a singular, an indefinite and a NaN matrix', () => {
    for (const A of [[1, 1, 1, 1], [1, 2, 2, 1], [0, 0, 0, 1], [1, NaN, NaN, 1], [1e30, 1e30, 1e30, 1e30]]) {
      expect(solveCholesky(A, [1, 1], 2)).toBeNull();
      expect(invertSymmetric(A, 2)).toBeNull();
    }
  });

  it('judges singularity whatever the units', () => {
    expect(solveCholesky([1e40, 0, 0, 1e-40], [1e40, 1e-40], 2)).toEqual(Float64Array.of(1, 1));
  });
});

describe('invertSymmetric', () => {
  it('gives the unit matrix when multiplied back', () => {
    const n = 8;
    const A = positiveDefinite(n);
    const inverse = invertSymmetric(A, n)!;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += A[i * n + k]! * inverse[k * n + j]!;
        expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-11);
      }
    }
  });
});
