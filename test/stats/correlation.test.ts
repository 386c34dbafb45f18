import { describe, expect, it } from 'vitest';
import { correlationProbability, pearson, ranks, spearman } from '../../src/stats/index.js';

describe('ranks', () => {
  it('share the mean rank among equals', () => {
    expect(Array.from(ranks([3, 1, 3, 2]))).toEqual([3.5, 1, 3.5, 2]);
    expect(Array.from(ranks([7, 7, 7]))).toEqual([2, 2, 2]);
    expect(Array.from(ranks([-0, 0, -Infinity, Infinity]))).toEqual([2.5, 2.5, 1, 4]);
    expect(ranks([])).toHaveLength(0);
  });

  it('are unknown beside a NaN', () => {
    expect(Array.from(ranks([1, NaN, 2]))).toEqual([NaN, NaN, NaN]);
  });
});

describe('spearman', () => {
  it('gives the hand-checked coefficient and probability of a small sample with a tie', () => {
    const { r, p } = spearman([1, 2, 3, 4, 5, 6, 7, 8], [2.1, 1.9, 3.5, 3.0, 5.2, 4.8, 4.8, 7.0]);
    expect(r).toBeCloseTo(0.8742671711966791, 13);
    expect(p).toBeCloseTo(0.004512385603651026, 13);
  });

  it('is 1 with p = 0 for a perfect order', () => {
    expect(spearman([1, 2, 3, 4], [1, 4, 9, 16])).toEqual({ r: 1, p: 0 });
    expect(spearman([1, 2, 3, 4], [4, 3, 2, -1])).toEqual({ r: -1, p: 0 });
  });
});

describe('pearson', () => {
  it('is NaN for fewer than three points, for a constant sample and beside a NaN', () => {
    for (const [x, y] of [[[], []], [[1, 2], [3, 4]], [[1, 1, 1], [1, 2, 3]], [[1, 2, NaN], [1, 2, 3]]] as [number[], number[]][]) {
      expect(pearson(x, y).r).toBeNaN();
      expect(pearson(x, y).p).toBeNaN();
      expect(spearman(x, y).p).toBeNaN();
    }
  });

  it('never passes 1 by rounding', () => {
    const x = Array.from({ length: 50 }, (_, i) => 1e8 + i / 3);
    expect(Math.abs(pearson(x, x.map((value) => 3 * value - 1)).r)).toBeLessThanOrEqual(1);
  });
});

describe('correlationProbability', () => {
  // The published coefficients have two digits, the probabilities were recomputed to four: half a unit of the last.
  it.each([
    [-0.56, 55, 8.770e-6], [-0.47, 55, 2.940e-4], [-0.49, 55, 1.463e-4], [-0.58, 55, 3.471e-6],
    [-0.37, 55, 5.429e-3], [-0.37, 49, 8.878e-3], [-0.46, 55, 4.103e-4], [-0.68, 49, 7.711e-8],
  ])('of r = %f among %i is %f', (r, n, p) => {
    expect(Math.abs(correlationProbability(r, n) / p - 1)).toBeLessThan(5e-4);
  });

  it('is NaN for two points', () => {
    expect(correlationProbability(0.5, 2)).toBeNaN();
  });
});
