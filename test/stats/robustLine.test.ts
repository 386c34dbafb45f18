import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { bootstrapAnyLine, fitLine, fitLineOrthogonal, fitLineTrimmed, fitLineWeighted, fitRepeatedMedian, fitTheilSen, median } from '../../src/stats/index.js';
import { describePython, runPython } from '../support/shared.js';

/** A line of slope −0.1, a share of whose points lie far off. */
function drawLine(n: number, { outliers = 0, round = 0, seed = 1 } = {}) {
  const random = createRandom(seed, 'robust', n);
  const x = Float64Array.from({ length: n }, () => 8.5 + 0.6 * random.normal());
  const y = x.map((value) => 0.8 - 0.1 * value + 0.05 * random.normal() + (random.uniform() < outliers ? 3 + random.normal() + 2 * (value - 8.5) : 0));
  return round ? { x: x.map((v) => Math.round(v * round) / round), y: y.map((v) => Math.round(v * round) / round) } : { x, y };
}

describe('fitTheilSen', () => {
  it('selects the very slopes that sorting all of them gives, with and without equal values', () => {
    for (const [n, round] of [[401, 0], [900, 0], [900, 40], [900, 10], [900, 2]] as const) {
      const { x, y } = drawLine(n, { round });
      const slopes: number[] = [];
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) if (x[i] !== x[j]) slopes.push((y[i]! - y[j]!) / (x[i]! - x[j]!));
      expect(fitTheilSen(x, y).slope).toBeCloseTo(median(slopes), 12);
    }
  });

  it('bears with a quarter of outliers, and its interval is that of a line', () => {
    const { x, y } = drawLine(2000, { outliers: 0.2 });
    expect(Math.abs(fitTheilSen(x, y).slope + 0.1)).toBeLessThan(0.05);
    expect(Math.abs(fitLine(x, y).slope + 0.1)).toBeGreaterThan(0.3);
    const clean = drawLine(2000);
    const { slope, intervals } = fitTheilSen(clean.x, clean.y);
    const [low, high] = intervals[0]!.slope;
    expect(low).toBeLessThan(slope);
    // 1.02 times the least-squares error for normal scatter.
    expect((high - low) / 2 / fitLine(clean.x, clean.y).slopeError).toBeGreaterThan(0.9);
    expect((high - low) / 2 / fitLine(clean.x, clean.y).slopeError).toBeLessThan(1.15);
  });

  it('finds a slope of many points with the exact line among them, and NaN where there is none', () => {
    const x = Array.from({ length: 3000 }, (_, i) => i % 50);
    expect(fitTheilSen(x, x.map((value) => 3 - 2 * value))).toMatchObject({ slope: -2, intercept: 3 });
    for (const [u, v] of [[[], []], [[1], [1]], [[2, 2, 2], [1, 2, 3]], [[1, 2, NaN], [1, 2, 3]]] as [number[], number[]][]) {
      expect(fitTheilSen(u, v).slope).toBeNaN();
      expect(fitRepeatedMedian(u, v).slope).toBeNaN();
    }
  });
});

describe('fitRepeatedMedian and fitLineTrimmed', () => {
  it('bear with 40 % of outliers', () => {
    const { x, y } = drawLine(500, { outliers: 0.4 });
    expect(Math.abs(fitRepeatedMedian(x, y).slope + 0.1)).toBeLessThan(0.06);
    const { slope, sigma, used } = fitLineTrimmed({ x, y, random: createRandom(1, 'lts') });
    expect(Math.abs(slope + 0.1)).toBeLessThan(0.015);
    expect(sigma).toBeGreaterThan(0.045);
    expect(sigma).toBeLessThan(0.055);
    expect(used.reduce((a, b) => a + b)).toBeLessThan(310);
    expect(fitLineTrimmed({ x, y, random: createRandom(1, 'lts') })).toEqual(fitLineTrimmed({ x, y, random: createRandom(1, 'lts') }));
  });

  it('has the scatter and the error of ordinary least squares where there are no outliers', () => {
    const { x, y } = drawLine(2000);
    const [trimmed, ordinary] = [fitLineTrimmed({ x, y, random: createRandom(1, 'lts') }), fitLine(x, y)];
    // What is trimmed costs some of the precision, so that the two lines differ by less than the error of either.
    expect(Math.abs(trimmed.slope - ordinary.slope)).toBeLessThan(ordinary.slopeError);
    expect(Math.abs(trimmed.sigma / ordinary.residualStd - 1)).toBeLessThan(0.03);
    expect(Math.abs(trimmed.slopeError / ordinary.slopeError - 1)).toBeLessThan(0.05);
  });

  it('finds an exact line, and NaN where there is none', () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(fitLineTrimmed({ x, y: x.map((value) => (value === 4 ? 99 : 2 * value)), random: createRandom(1, 'lts') })).toMatchObject({ slope: 2, intercept: 0, used: Uint8Array.of(1, 1, 1, 0, 1, 1, 1, 1) });
    for (const [u, v] of [[[1, 2, 3, 4], [1, 2, 3, 4]], [[1, 1, 1, 1, 1], [1, 2, 3, 4, 5]], [[1, 2, 3, 4, NaN], [1, 2, 3, 4, 5]]] as [number[], number[]][]) {
      expect(fitLineTrimmed({ x: u, y: v, random: createRandom(1, 'lts') }).slope).toBeNaN();
    }
  });
});

describe('fitLineOrthogonal', () => {
  it('is the same line with the axes exchanged, and has the error of its bootstrap', () => {
    const random = createRandom(1, 'orthogonal');
    const t = Float64Array.from({ length: 400 }, () => 2 * random.normal());
    const [x, y] = [t.map((value) => value + 0.5 * random.normal()), t.map((value) => 1 - 1.5 * value + 0.5 * random.normal())];
    const line = fitLineOrthogonal(x, y);
    expect(fitLineOrthogonal(y, x).slope).toBeCloseTo(1 / line.slope, 12);
    expect(Math.abs(line.slope + 1.5)).toBeLessThan(4 * line.slopeError);
    const { slopeError, interceptError } = bootstrapAnyLine([x, y], ([u, v]) => fitLineOrthogonal(u!, v!), { random });
    expect(Math.abs(slopeError / line.slopeError - 1)).toBeLessThan(0.1);
    expect(Math.abs(interceptError / line.interceptError - 1)).toBeLessThan(0.1);
    expect(fitLineOrthogonal([1, 2, 3], [2, 4, 6]).slope).toBeCloseTo(2, 14);
    expect(fitLineOrthogonal([0, 0, 1, 1], [0, 1, 0, 1]).slope).toBeNaN();
    expect(fitLineOrthogonal([1, 2, 3], [5, 5, 5]).slope).toBe(0);
  });
});

describe('fitLineWeighted', () => {
  it('is the ordinary line for equal errors and leaves a point of huge error alone', () => {
    const { x, y } = drawLine(30);
    expect(fitLineWeighted(x, y, x.map(() => 0.3)).slope).toBeCloseTo(fitLine(x, y).slope, 13);
    expect(fitLineWeighted([1, 2, 3, 4], [1, 2, 3, 99], [1, 1, 1, 1e9]).slope).toBeCloseTo(1, 12);
    expect(fitLineWeighted([1, 2, 3], [1, 2, 3], [1, 0, 1]).slope).toBeNaN();
    expect(fitLineWeighted([2, 2, 2], [1, 2, 3], [1, 1, 1]).slopeError).toBeNaN();
  });
});

describePython('orthogonal distances beside scipy', () => {
  it('give the same line', () => {
    const { x, y } = drawLine(60);
    const expected = runPython<[number, number]>(`
import json, sys
from scipy import odr
x, y = json.loads(sys.argv[1])
fit = odr.ODR(odr.RealData(x, y), odr.unilinear, beta0=[-0.1, 0.8], maxit=500, sstol=1e-15, partol=1e-15).run()
print(json.dumps(list(fit.beta)))`, JSON.stringify([Array.from(x), Array.from(y)]));
    const line = fitLineOrthogonal(x, y);
    // As far as the iteration of the peer converges.
    expect(line.slope).toBeCloseTo(expected[0], 6);
    expect(line.intercept).toBeCloseTo(expected[1], 5);
  });
});
