import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedLeastSquares, createRandom, nonNegativeLeastSquares } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Case {
  readonly kind: string; readonly m: number; readonly n: number; readonly A_rowmajor: number[][]; readonly b: number[]; readonly x: number[]; readonly rnorm: number;
  readonly bvls_box: { readonly lb: number; readonly ub: number; readonly x: number[]; readonly cost: number } | null;
}

describeShared('non-negative and boxed least squares, against Lawson & Hanson’s program and BVLS', () => {
  const { cases } = golden<{ cases: Case[] }>('nnls.json');
  for (const { kind, m, n, A_rowmajor, b, x, rnorm, bvls_box: box } of cases) {
    // `ssp` has a condition number near 1e9, `under` many solutions.
    const tolerance = kind === 'ssp' ? 1e-4 : 1e-10;
    for (const route of ['auto', 'orthogonal'] as const) {
      it(`case ${kind}, route ${route}: residual to 1e-9, x to ${tolerance}`, () => {
        const fit = nonNegativeLeastSquares(A_rowmajor.flat(), m, n, b, { route });
        expect(fit.converged).toBe(true);
        expect(Math.abs(fit.residualNorm - rnorm)).toBeLessThan(1e-9 * Math.max(1, rnorm));
        if (kind !== 'under') x.forEach((value, i) => expect(Math.abs(fit.x[i]! - value)).toBeLessThan(tolerance));
        if (!box) return;
        const boxed = boundedLeastSquares(A_rowmajor.flat(), m, n, b, new Array<number>(n).fill(box.lb), new Array<number>(n).fill(box.ub), { route });
        expect(boxed.converged).toBe(true);
        // The reference stops at a relative 1e-10 of its cost; ours may only be lower.
        expect(boxed.residualNorm ** 2 / 2 - box.cost).toBeLessThan(1e-9 * box.cost);
        if (kind !== 'ssp') box.x.forEach((value, i) => expect(Math.abs(boxed.x[i]! - value)).toBeLessThan(1e-6));
      });
    }
  }
});

/** A random design with something in common between its columns, and data. */
function design(rows: number, columns: number, key: string): { a: Float64Array; b: Float64Array } {
  const random = createRandom(11, key);
  return { a: Float64Array.from({ length: rows * columns }, () => 0.5 + random.normal()), b: Float64Array.from({ length: rows }, () => 2 * random.normal() + 0.5) };
}

/** Karush–Kuhn–Tucker at x, gradients as a share of |column||b|. */
function worstGradient(a: Float64Array, rows: number, columns: number, b: Float64Array, lower: ArrayLike<number>, upper: ArrayLike<number>, x: Float64Array): number {
  const left = b.map((value, i) => value - x.reduce((sum, factor, j) => sum + factor * a[i * columns + j]!, 0));
  const size = Math.hypot(...b);
  let worst = 0;
  for (let j = 0; j < columns; j++) {
    const column = Float64Array.from({ length: rows }, (_, i) => a[i * columns + j]!);
    const slope = column.reduce((sum, value, i) => sum + value * left[i]!, 0) / (Math.hypot(...column) * size || 1);
    if (x[j]! < upper[j]!) worst = Math.max(worst, slope);
    if (x[j]! > lower[j]!) worst = Math.max(worst, -slope);
  }
  return worst;
}

describe('least squares within bounds', () => {
  const bounds = { positive: [0, Infinity], boxed: [-0.1, 0.2], free: [-Infinity, Infinity], fixed: [0.3, 0.3], below: [-Infinity, 0.05] } as const;

  it('meets the conditions of a minimum on every route, more columns than rows included', () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 20 }), fc.integer(), fc.array(fc.constantFrom(...Object.values(bounds)), { minLength: 20, maxLength: 20 }),
      (rows, columns, seed, kind) => {
        const { a, b } = design(rows, columns, `kkt ${seed}`);
        const [lower, upper] = [kind.slice(0, columns).map(([low]) => low), kind.slice(0, columns).map(([, high]) => high)];
        const fits = (['auto', 'orthogonal'] as const).map((route) => boundedLeastSquares(a, rows, columns, b, lower, upper, { route }));
        for (const { x, converged } of fits) {
          expect(converged).toBe(true);
          x.forEach((value, j) => expect(value >= lower[j]! && value <= upper[j]!).toBe(true));
          // The automatic route leaves 1e-10 at most.
          expect(worstGradient(a, rows, columns, b, lower, upper, x)).toBeLessThan(2e-10);
        }
        expect(Math.abs(fits[0]!.residualNorm - fits[1]!.residualNorm)).toBeLessThan(1e-9 * Math.hypot(...b));
      }), { numRuns: 300 });
  });

  it('takes normal equations where they are good, and turns to orthogonal ones where they have lost half of their digits', () => {
    const { a, b } = design(40, 3, 'nearly the same');
    expect(nonNegativeLeastSquares(a, 40, 3, b).route).toBe('gram');
    // A third column that differs from the mean of the others by 1e-6: its own coefficient is lost in the normal equations.
    const [alike, data] = [a.slice(), b.slice()];
    for (let i = 0; i < 40; i++) {
      alike[3 * i + 2] = (a[3 * i]! + a[3 * i + 1]!) / 2 + 1e-6 * a[3 * i + 2]!;
      data[i] = 0.2 * a[3 * i]! + 0.3 * a[3 * i + 1]! + 0.5 * alike[3 * i + 2]!;
    }
    const fit = nonNegativeLeastSquares(alike, 40, 3, data);
    expect(fit.route).toBe('orthogonal');
    // Rounding times the condition number of 1e6.
    [0.2, 0.3, 0.5].forEach((value, j) => expect(Math.abs(fit.x[j]! - value)).toBeLessThan(1e-8));
  });

  it('scales with its columns over sixty decades', () => {
    const { a, b } = design(50, 12, 'decades');
    const size = (j: number): number => 10 ** (((j * 37) % 61) - 30);
    const scaled = a.map((value, ij) => value * size(ij % 12));
    const [plain, other] = [nonNegativeLeastSquares(a, 50, 12, b), nonNegativeLeastSquares(scaled, 50, 12, b)];
    plain.x.forEach((value, j) => expect(Math.abs(other.x[j]! * size(j) - value)).toBeLessThan(1e-13));
  });

  it('gives NaN for data that are not finite, and nothing to a column of zeros', () => {
    expect(nonNegativeLeastSquares([1, 2], 2, 1, [NaN, 1])).toMatchObject({ x: new Float64Array([NaN]), converged: false });
    expect(nonNegativeLeastSquares([1, Infinity], 2, 1, [0, 1]).x[0]).toBeNaN();
    for (const route of ['auto', 'gram', 'orthogonal'] as const) {
      const { x } = nonNegativeLeastSquares([1, 0, 1, 0], 2, 2, [2, 4], { route });
      expect(x[0]).toBeCloseTo(3, 14);
      expect(x[1]).toBe(0);
      expect(nonNegativeLeastSquares([0, 0], 2, 1, [2, 4], { route })).toMatchObject({ x: new Float64Array([0]), residualNorm: Math.sqrt(20), converged: true });
    }
  });
});
