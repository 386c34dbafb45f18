import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import {
  bcaInterval, benjaminiHochberg, benjaminiYekutieli, binsAt, bootstrapAnyLine, bootstrapLine, completeRows, equalCountBins, explainedScatter, fisherInterval, fitLine, lineBand, minimumScatterCombination, normalQuantile, normalTail,
  oneAndTwoSigma, percentileInterval, studentInterval, studentQuantile, studentTail,
} from '../../src/stats/index.js';

const draw = (n: number) => {
  const random = createRandom(1, 'line', n);
  const x = Float64Array.from({ length: n }, () => 8.5 + random.normal());
  return { x, y: x.map((value) => 1 - 0.1 * value + 0.06 * random.normal()), random };
};

describe('quantiles of distributions', () => {
  it('undo the tails, far out too', () => {
    for (const p of [1e-300, 1e-100, 1e-10, 0.001, 0.2, 0.5]) expect(Math.abs(normalTail(-normalQuantile(p)) / p - 1)).toBeLessThan(1e-10);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13);
    for (const [p, freedom] of [[0.9, 1], [0.975, 53], [0.999, 5], [0.2, 7]] as const) expect(studentTail(-studentQuantile(p, freedom), freedom)).toBeCloseTo(p, 11);
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.228138851964939, 10);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(2), studentQuantile(0.5, 0)]).toEqual([-Infinity, Infinity, NaN, NaN]);
  });
});

describe('intervals', () => {
  it('of percentiles and BCa are the same for draws without bias or skewness', () => {
    const draws = Float64Array.from({ length: 1001 }, (_, i) => normalQuantile((i + 0.5) / 1001));
    const [plain, moved] = [percentileInterval(draws, 0.9), bcaInterval(draws[500]!, draws, Float64Array.of(-1, 0, 1), 0.9)];
    expect(moved[0]).toBeCloseTo(plain[0], 10);
    expect(moved[1]).toBeCloseTo(plain[1], 10);
    // Draws that lie low are moved up.
    expect(bcaInterval(0.5, draws, Float64Array.of(-1, 0, 1), 0.9)[0]).toBeGreaterThan(plain[0]);
  });

  it("of Fisher have the textbook values, and shut at ±1", () => {
    const [low, high] = fisherInterval(0.5, 28, 'pearson', 0.95);
    expect(low).toBeCloseTo(Math.tanh(Math.atanh(0.5) - 1.959963984540054 / 5), 12);
    expect(high).toBeCloseTo(Math.tanh(Math.atanh(0.5) + 1.959963984540054 / 5), 12);
    expect(fisherInterval(1, 10, 'spearman', 0.95)).toEqual([1, 1]);
    expect(fisherInterval(0.5, 3, 'pearson', 0.95)).toEqual([NaN, NaN]);
  });

  it('refuse a level that is no probability', () => {
    for (const level of [0, 1, 68]) expect(() => studentInterval(0, 1, 5, level)).toThrow(/expected a probability between 0 and 1/);
  });
});

describe('bootstrapLine', () => {
  it('has errors and intervals that agree for normal scatter and many points', () => {
    const { x, y, random } = draw(500);
    const { fit, slope, intercept, draws } = bootstrapLine({ x, y, random, draws: 2000 });
    expect([slope.value, intercept.value]).toEqual([expect.closeTo(fit.slope, 12), expect.closeTo(fit.intercept, 11)]);
    for (const [coefficient, textbook] of [[slope, fit.slopeError], [intercept, fit.interceptError]] as const) {
      // 500 points tell the scatter that the two take differently to 5 %, 2000 draws the width to 2 %.
      expect(Math.abs(coefficient.error / textbook - 1)).toBeLessThan(0.12);
      expect(Math.abs(coefficient.hc3Error / textbook - 1)).toBeLessThan(0.12);
      coefficient.intervals.forEach((interval, k) => {
        for (const shape of ['percentile', 'bca', 'studentised', 'hc3', 'student'] as const) {
          const [low, high] = interval[shape];
          expect((high - low) / (2 * (k + 1) * textbook)).toBeGreaterThan(0.85);
          expect((high - low) / (2 * (k + 1) * textbook)).toBeLessThan(1.17);
        }
      });
    }
    const band = lineBand(draws, [7, 8.5, 10]);
    expect(band.middle[1]).toBeCloseTo(fit.intercept + 8.5 * fit.slope, 3);
    expect(band.high[1]! - band.low[1]!).toBeLessThan(band.high[0]! - band.low[0]!);
  });

  it('widens with HC3 where the scatter grows with the distance from the middle, as it should', () => {
    const { x, random } = draw(300);
    const y = x.map((value) => 0.1 * (value - 8.5) * random.normal());
    const { fit, slope } = bootstrapLine({ x, y, random });
    expect(slope.hc3Error / fit.slopeError).toBeGreaterThan(1.4);
    expect(slope.error / fit.slopeError).toBeGreaterThan(1.3);
  });

  it('draws the same lines as any fit of ordinary least squares', () => {
    const { x, y } = draw(30);
    const any = bootstrapAnyLine([x, y], ([u, v]) => fitLine(u!, v!), { random: createRandom(4, 'b'), draws: 50 });
    bootstrapLine({ x, y, random: createRandom(4, 'b'), draws: 50 }).draws.slope.forEach((value, k) => expect(value).toBeCloseTo(any.draws.slope[k]!, 12));
  });

  it('is NaN for points at one x, two points and a NaN', () => {
    const { random } = draw(3);
    for (const [x, y] of [[[0.1, 0.1, 0.1], [1, 2, 3]], [[1, 2], [1, 2]], [[1, 2, 3], [1, NaN, 3]]] as [number[], number[]][]) {
      const { slope } = bootstrapLine({ x, y, random });
      expect(slope.error).toBeNaN();
      expect(slope.intervals[0]!.studentised).toEqual([NaN, NaN]);
    }
  });
});

describe('false discoveries', () => {
  it('have the q-values of the textbook, whatever the order, and leave tests out that were not made', () => {
    const p = [0.041, 0.001, NaN, 0.008, 0.039, 0.6];
    // By hand: 0.6; 0.041·5/4, which is below 0.039·5/3; 0.008·5/2; 0.001·5.
    const q = [0.05125, 0.005, NaN, 0.02, 0.05125, 0.6];
    const near = (found: Float64Array, wanted: readonly number[]) => expect(Array.from(found)).toEqual(wanted.map((value) => (Number.isNaN(value) ? NaN : expect.closeTo(value, 12))));
    near(benjaminiHochberg(p), q);
    const harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5;
    near(benjaminiYekutieli(p), q.map((value) => Math.min(1, value * harmonic)));
    expect(benjaminiHochberg([])).toHaveLength(0);
  });

  it('are found in 5 % of the families of tests of nothing', () => {
    const random = createRandom(1, 'families');
    const wolf = Array.from({ length: 4000 }, () => Math.min(...benjaminiHochberg(Array.from({ length: 12 }, random.uniform))) < 0.05).filter(Boolean).length / 4000;
    // 4000 families tell 5 % to 0.35 %.
    expect(Math.abs(wolf - 0.05)).toBeLessThan(0.011);
  });
});

describe('bins', () => {
  it('hold all finite points once, equally many, in ascending x', () => {
    const x = [5, 1, 4, 2, 3, 7, NaN, 6];
    const bins = equalCountBins(x, x.map((value) => 2 * value), 3);
    expect(bins.map(({ count, range, x: middle, y }) => [count, range, middle, y])).toEqual([[3, [1, 3], 2, 4], [2, [4, 5], 4.5, 9], [2, [6, 7], 6.5, 13]]);
    expect(equalCountBins([1, 2], [1, 2], 3).map(({ count }) => count)).toEqual([1, 1, 0]);
    expect(equalCountBins([], [], 2)[0]!.y).toBeNaN();
    expect(() => equalCountBins([1], [1], 0)).toThrow(/0 bins/);
    expect(binsAt([0, 1, 2, 3], [4, 5, 6, 7], [0, 1, 3]).map(({ rows }) => Array.from(rows))).toEqual([[0], [1, 2, 3]]);
  });
});

describe('minimumScatterCombination', () => {
  it('finds the γ that was put in, by both ways, and is NaN where there is none', () => {
    const random = createRandom(1, 'combination');
    const column = () => Float64Array.from({ length: 300 }, random.normal);
    const [x, extra] = [column(), column()];
    const y = x.map((value, i) => 2 * (value - 1.7 * extra[i]!) + 0.1 * random.normal());
    const { gamma, gammaError, gammaScan, alone, combined } = minimumScatterCombination({ x, extra, y, random });
    expect(Math.abs(gamma + 1.7)).toBeLessThan(4 * gammaError);
    expect(gammaError).toBeLessThan(0.02);
    expect(Math.abs(gammaScan - gamma)).toBeLessThanOrEqual(0.0051);
    expect(combined.scatter).toBeLessThan(alone.scatter / 10);
    for (const other of [x, x.map(() => 0.1), extra.with(0, NaN)]) expect(minimumScatterCombination({ x, extra: other, y, random }).gammaScan).toBeNaN();
  });
});

describe('minimumScatterCombination far out', () => {
  it('scans as far as the closed form lies, and says nothing of a scatter that the errors make', () => {
    const random = createRandom(2, 'combination');
    const column = () => Float64Array.from({ length: 300 }, random.normal);
    const [x, extra] = [column(), column()];
    const { gamma, gammaScan } = minimumScatterCombination({ x, extra, y: x.map((value, i) => value + 12.3 * extra[i]! + 0.1 * random.normal()), random, draws: 20 });
    expect(gamma).toBeCloseTo(12.3, 0);
    expect(Math.abs(gammaScan - gamma)).toBeLessThanOrEqual(0.0051);
    expect(explainedScatter(0.01, 0.009, 0.02)).toBeNaN();
  });
});

describe('completeRows', () => {
  it('keeps the rows that are finite throughout', () => {
    const { columns, rows } = completeRows([1, NaN, 3, 4], [1, 2, Infinity, 4]);
    expect([Array.from(rows), ...columns.map((column) => Array.from(column))]).toEqual([[0, 3], [1, 4], [1, 4]]);
    expect(() => completeRows([1], [1, 2])).toThrow(/columns of 1 and 2 values/);
    expect(oneAndTwoSigma[0]).toBeCloseTo(0.6826894921370859, 14);
  });
});
