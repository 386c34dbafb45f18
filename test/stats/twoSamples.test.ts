import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { andersonDarling, andersonDarlingTail, compareMeans, ksOneSided, ksTwoSample, mannWhitney, ranks } from '../../src/stats/index.js';

/** All ways to choose `k` of the indices below n. */
function choices(n: number, k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  return Array.from({ length: n - from }, (_, i) => from + i).flatMap((i) => choices(n, k - 1, i + 1).map((rest) => [i, ...rest]));
}

describe('mannWhitney', () => {
  it('has the probability of all ways to part the values, equal ones included', () => {
    for (const values of [[1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 2, 2, 3, 5, 5], [0, 0, 0, 0, 0, 0, 1, 9]]) {
      const all = ranks(values);
      for (const k of [3, 4]) {
        const away = (chosen: readonly number[]) => Math.abs(chosen.reduce((sum, i) => sum + all[i]!, 0) - k * 9 / 2);
        const every = choices(8, k).map(away);
        for (const chosen of [[0, 1, 2, 3], [0, 2, 5, 7], [4, 5, 6, 7]].map((some) => some.slice(0, k))) {
          const a = chosen.map((i) => values[i]!);
          const b = values.filter((_, i) => !chosen.includes(i));
          const expected = every.filter((value) => value >= away(chosen) - 1e-9).length / every.length;
          const test = mannWhitney(a, b);
          expect(test.exact).toBe(true);
          expect(test.p).toBeCloseTo(expected, 12);
          expect(mannWhitney(b, a).p).toBeCloseTo(expected, 12);
          expect(test.u + mannWhitney(b, a).u).toBe(k * (8 - k));
        }
      }
    }
  });

  it('is near its limit for twenty of each, and 1 for one value throughout', () => {
    const random = createRandom(1, 'ranks');
    const [a, b] = [0, 0.5].map((shift) => Float64Array.from({ length: 20 }, () => shift + random.normal()));
    const test = mannWhitney(a!, b!);
    expect(test.exact).toBe(true);
    expect(Math.abs(test.p / test.pAsymptotic - 1)).toBeLessThan(0.03);
    expect(mannWhitney([1, 1], [1, 1, 1]).p).toBe(1);
    expect(mannWhitney([], [1]).p).toBeNaN();
    expect(mannWhitney([1, NaN], [1]).u).toBeNaN();
  });
});

describe('andersonDarling', () => {
  it('has the exact tail of three samples, a series of exponentials, down to 1e-260', () => {
    for (const x of [0.5, 1, 2, 5, 20, 100, 600]) {
      let expected = 0;
      for (let j = 1; j < 40; j++) expected += (j % 2 ? 1 : -1) * (2 * j + 1) * Math.exp(-x * j * (j + 1) / 2);
      expect(Math.abs(andersonDarlingTail(x, 2) / expected - 1), `x = ${x}`).toBeLessThan(1e-9);
    }
  });

  it('has the tabulated percentiles of one and two samples, and a tail without steps', () => {
    // Lewis (1961) and Anderson & Darling (1954), to the digits printed.
    expect(andersonDarlingTail(1.933, 1)).toBeCloseTo(0.1, 4);
    expect(andersonDarlingTail(2.492, 1)).toBeCloseTo(0.05, 4);
    expect(andersonDarlingTail(3.857, 1)).toBeCloseTo(0.01, 3);
    for (const m of [1, 2, 3, 6]) {
      let before = 1;
      for (let x = 0.01; x < 60; x *= 1.07) {
        const p = andersonDarlingTail(x * m, m);
        expect(p).toBeLessThanOrEqual(before + 1e-10);
        before = p;
      }
    }
    expect(andersonDarlingTail(NaN, 1)).toBeNaN();
  });

  it('does not change under monotone maps and exchange of the samples; NaN where there is nothing to compare', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 20 }), fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3, maxLength: 20 }), (a, b) => {
      const cube = (value: number) => value ** 3 - 5;
      const { statistic } = andersonDarling(a, b);
      if (Number.isNaN(statistic)) return;
      expect(andersonDarling(b, a).statistic).toBeCloseTo(statistic, 10);
      expect(andersonDarling(a.map(cube), b.map(cube)).statistic).toBeCloseTo(statistic, 10);
    }));
    for (const samples of [[[1, 2, 3, 4]], [[1, 2, 3, 4], []], [[1, 1], [1, 1]], [[1, NaN], [2, 3]]]) expect(andersonDarling(...samples).p).toBeNaN();
  });

  it('finds two samples of unequal width that differ in no mean', () => {
    const random = createRandom(2, 'widths');
    const [a, b] = [1, 3].map((width) => Float64Array.from({ length: 200 }, () => width * random.normal()));
    expect(andersonDarling(a!, b!).p).toBeLessThan(1e-6);
    expect(compareMeans(a!, b!).p).toBeGreaterThan(0.01);
  });
});

describe('tests of two samples of one population', () => {
  it('cry wolf in 5 of 100 cases', () => {
    const random = createRandom(3, 'null');
    const sample = (n: number) => Float64Array.from({ length: n }, random.normal);
    const p = Array.from({ length: 1000 }, () => {
      const [a, b] = [sample(33), sample(22)];
      return [andersonDarling(a, b).p, mannWhitney(a, b).p, compareMeans(a, b).p, ksTwoSample(a, b).p, ksOneSided(a, b).above.p];
    });
    // 1000 samples tell 5 % to 0.7 %: three of these, and the two exact tests of Kolmogorov and Smirnov stay below it.
    [0, 1, 2, 3, 4].forEach((test) => {
      const share = p.filter((values) => values[test]! < 0.05).length / p.length;
      expect(share).toBeGreaterThan(test < 3 ? 0.029 : 0.012);
      expect(share).toBeLessThan(0.071);
    });
  });
});
