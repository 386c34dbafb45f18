import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { kolmogorovTail, ksOneSampleTail, ksTwoSample } from '../../src/stats/index.js';
import { describePython, runPython } from '../support/shared.js';

describe('ksTwoSample', () => {
  it('gives the hand-checked distance and probabilities of two small samples', () => {
    const test = ksTwoSample([0.1, 0.4, 0.7, 1.2, 1.9], [0.3, 0.8, 1.5, 2.2, 2.4, 3.0, 3.1]);
    expect(test.d).toBeCloseTo(4 / 7, 14);
    expect(test.p).toBeCloseTo(0.2373737374, 10);
    expect(test.pAsymptotic).toBeCloseTo(0.1885325559, 10);
  });

  it('gives the exact probability of D = 23/66 for 33 and 22 points', () => {
    // 1 of the 22, then 13 of the 33, then whichever brings the two distributions together: |22 i − 33 j| ≤ 253.
    const [a, b]: number[][] = [[], [0]];
    for (let place = 1; a.length + b.length < 55; place++) {
      const ahead = 2 * a.length - 3 * b.length;
      (place <= 13 || (ahead < 0 && a.length < 33) || b.length === 22 ? a : b).push(place);
    }
    const test = ksTwoSample(a, b);
    expect(test.d).toBeCloseTo(23 / 66, 14);
    expect(test.p).toBeCloseTo(0.0680580755, 10);
  });

  it('is symmetric, and 1 for equal samples', () => {
    const [a, b] = [[1, 2, 2, 3, 9], [2, 4, 4, 5]];
    expect(ksTwoSample(a, b).p).toBeCloseTo(ksTwoSample(b, a).p, 14);
    expect(ksTwoSample(a, a)).toEqual({ d: 0, p: 1, pAsymptotic: 1 });
    expect(ksTwoSample([1, 2], [3, 4]).d).toBe(1);
    expect(ksTwoSample([1, 2], [3, 4]).p).toBeCloseTo(1 / 3, 14);
  });

  it('is NaN for an empty sample and beside a NaN', () => {
    for (const test of [ksTwoSample([], [1]), ksTwoSample([1], []), ksTwoSample([1, NaN], [1])]) expect(test).toEqual({ d: NaN, p: NaN, pAsymptotic: NaN });
  });

  it('has a uniform probability for samples of one population', () => {
    const random = createRandom(1, 'ks');
    const sample = (n: number) => Float64Array.from({ length: n }, random.normal);
    const p = Array.from({ length: 2000 }, () => ksTwoSample(sample(40), sample(60)).p);
    // A discrete statistic: its probability is at or below 0.1 in at most a tenth of the cases, and not far fewer.
    const share = p.filter((value) => value <= 0.1).length / p.length;
    expect(share).toBeLessThan(0.1 + 4 * Math.sqrt(0.09 / 2000));
    expect(share).toBeGreaterThan(0.06);
  });
});

describe('kolmogorovTail', () => {
  it('joins its two series without a step', () => {
    expect(kolmogorovTail(1 - 1e-12)).toBeCloseTo(kolmogorovTail(1), 11);
    expect(kolmogorovTail(0)).toBe(1);
    expect(kolmogorovTail(0.01)).toBe(1);
    expect(kolmogorovTail(30)).toBe(0);
  });
});

describePython('the distributions of Kolmogorov and Smirnov beside scipy', () => {
  // 1e-7 relative; scipy itself is good to 1e-6 above 140 points (Pelz & Good), our corrected limit beyond 2000 to 1 %.
  it('agree for one sample of 1 to 5000 points and for two samples, ties included', () => {
    const n = [1, 2, 5, 20, 100, 140, 545, 2000, 5000];
    const lambda = [0.3, 0.6, 1, 1.4, 1.9, 2.1, 3, 5];
    const random = createRandom(2, 'ks');
    const pairs = [[3, 4], [33, 22], [50, 50], [200, 37], [500, 400]].map(([a, b], k) => [
      Array.from({ length: a! }, () => Math.round(20 * random.normal()) / (k % 2 ? 20 : 1)),
      Array.from({ length: b! }, () => Math.round(20 * random.normal()) / (k % 2 ? 20 : 1) + 0.3 * k / 4)]);
    const expected = runPython<{ one: number[][]; two: [number, number, number][] }>(`
import json, sys, numpy as np, warnings
from scipy import stats
n, lam, pairs = json.loads(sys.argv[1])
print(json.dumps(dict(one=[[stats.kstwo.sf(l/np.sqrt(k), k) for l in lam] for k in n],
  two=[[*stats.ks_2samp(a, b, method='exact'), stats.ks_2samp(a, b, method='asymp')[1]] for a, b in pairs])))`,
    JSON.stringify([n, lambda, pairs]));
    n.forEach((size, i) => lambda.forEach((l, j) => {
      const [found, p] = [ksOneSampleTail(l / Math.sqrt(size), size), expected.one[i]![j]!];
      const tolerance = l > 2 || size <= 140 ? 1e-7 : size <= 2000 ? 1e-6 : 1e-2;
      expect(Math.abs(found - p), `n ${size}, λ ${l}: ${found} beside ${p}`).toBeLessThanOrEqual(tolerance * p);
    }));
    pairs.forEach(([a, b], k) => {
      const [d, exact, asymptotic] = expected.two[k]!;
      const test = ksTwoSample(a!, b!);
      expect(test.d).toBeCloseTo(d, 12);
      expect(Math.abs(test.p / exact - 1)).toBeLessThan(1e-7);
      expect(Math.abs(test.pAsymptotic / asymptotic - 1)).toBeLessThan(1e-6);
    });
  });
});
