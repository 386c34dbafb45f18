import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { fitLine, fitLineIndexed, standardDeviation } from '../../src/stats/index.js';

describe('fitLine', () => {
  it('recovers an exact line without scatter', () => {
    const fit = fitLine([0, 1, 2, 4], [8.9, 8.7, 8.5, 8.1]);
    expect(fit.slope).toBeCloseTo(-0.2, 14);
    expect(fit.intercept).toBeCloseTo(8.9, 14);
    expect(fit.slopeError).toBeLessThan(1e-14);
    expect(fit.r).toBeCloseTo(-1, 14);
  });

  it('works the textbook case', () => {
    // Σ residual² = 0.3, Sxx = 5: slope ± √(0.15/5).
    const fit = fitLine([1, 2, 3, 4], [1, 3, 4, 6]);
    expect(fit.slope).toBeCloseTo(1.6, 14);
    expect(fit.intercept).toBeCloseTo(-0.5, 13);
    expect(fit.residualStd).toBeCloseTo(Math.sqrt(0.2 / 2), 13);
    expect(fit.slopeError).toBeCloseTo(Math.sqrt(0.1 / 5), 13);
    expect(fit.interceptError).toBeCloseTo(Math.sqrt(0.1 * (1 / 4 + 2.5 ** 2 / 5)), 13);
  });

  it('keeps its digits far from the origin', () => {
    const fit = fitLine([1e8, 1e8 + 1, 1e8 + 2], [1, 2, 3]);
    expect(fit.slope).toBe(1);
  });

  it('gives a line without errors through two points and NaN through one', () => {
    expect(fitLine([0, 2], [1, 5])).toMatchObject({ slope: 2, intercept: 1, slopeError: NaN, interceptError: NaN, p: NaN, residualStd: NaN });
    for (const [x, y] of [[[], []], [[1], [2]], [[3, 3, 3], [1, 2, 3]], [[1, 2, NaN], [1, 2, 3]]] as [number[], number[]][]) {
      expect(fitLine(x, y)).toMatchObject({ slope: NaN, intercept: NaN, slopeError: NaN });
    }
  });
});

describe('fitLineIndexed', () => {
  it('fits the points that the index names, as often as it names them', () => {
    const random = createRandom(1, 'line');
    const x = Float64Array.from({ length: 30 }, random.uniform);
    const y = x.map((value) => 8.7 - 0.3 * value + 0.05 * random.normal());
    const out = new Float64Array(2);
    for (let draw = 0; draw < 20; draw++) {
      const index = Int32Array.from({ length: 30 }, () => random.integer(30));
      fitLineIndexed(x, y, index, out);
      const fit = fitLine(Array.from(index, (i) => x[i]!), Array.from(index, (i) => y[i]!));
      // One pass over the points loses some of the last digits: at most 30 roundings.
      expect(Math.abs(out[0]! / fit.slope - 1)).toBeLessThan(30 * Number.EPSILON);
      expect(Math.abs(out[1]! / fit.intercept - 1)).toBeLessThan(30 * Number.EPSILON);
    }
  });

  it('bootstraps the textbook error of a slope', () => {
    const random = createRandom(2, 'line');
    const n = 400;
    const x = Float64Array.from({ length: n }, random.uniform);
    const y = x.map((value) => 8.7 - 0.3 * value + 0.05 * random.normal());
    const out = new Float64Array(2);
    const index = new Int32Array(n);
    const slopes = Float64Array.from({ length: 2000 }, () => {
      for (let k = 0; k < n; k++) index[k] = random.integer(n);
      fitLineIndexed(x, y, index, out);
      return out[0]!;
    });
    // 2000 draws give the width to 1.6 %; pairs and residuals differ by a few per cent more.
    expect(standardDeviation(slopes) / fitLine(x, y).slopeError).toBeGreaterThan(0.9);
    expect(standardDeviation(slopes) / fitLine(x, y).slopeError).toBeLessThan(1.1);
  });

  it('is NaN when all the points drawn are one', () => {
    const out = new Float64Array(2);
    fitLineIndexed(Float64Array.of(1, 2), Float64Array.of(1, 2), Int32Array.of(1, 1), out);
    expect(Array.from(out)).toEqual([NaN, NaN]);
  });
});
