import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { bootstrapCorrelation, correlationProbability, kendall, partialPearson, partialSpearman, pearson, residualsAt, spearman, spearmanExactProbability, standardDeviation } from '../../src/stats/index.js';
import { describePython, runPython } from '../support/shared.js';

function permutations(values: readonly number[]): number[][] {
  return values.length < 2 ? [[...values]] : values.flatMap((first, i) => permutations(values.filter((_, j) => j !== i)).map((rest) => [first, ...rest]));
}

/** Pairs with and without equal values. */
const pairs = (min: number, max: number) => fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), { minLength: min, maxLength: max });
const draw = (n: number, seed = 1) => {
  const random = createRandom(seed, 'pairs');
  const x = Float64Array.from({ length: n }, random.normal);
  const z = x.map((value) => 0.7 * value + random.normal());
  return { x, z, y: x.map((value, i) => -0.5 * value + 0.3 * z[i]! + random.normal()) };
};

describe('kendall', () => {
  it('is what counting all pairs gives, ties included', () => {
    fc.assert(fc.property(pairs(2, 30), (points) => {
      let [excess, untiedX, untiedY] = [0, 0, 0];
      points.forEach(([x, y], i) => points.slice(0, i).forEach(([u, v]) => {
        excess += Math.sign(x - u) * Math.sign(y - v);
        untiedX += Math.abs(Math.sign(x - u));
        untiedY += Math.abs(Math.sign(y - v));
      }));
      const { r } = kendall(points.map(([x]) => x), points.map(([, y]) => y));
      if (untiedX && untiedY) expect(r).toBeCloseTo(excess / Math.sqrt(untiedX * untiedY), 13);
      else expect(r).toBeNaN();
    }));
  });

  it('has the probability of all permutations of six values', () => {
    const x = [1, 2, 3, 4, 5, 6];
    const all = permutations(x).map((y) => Math.abs(kendall(x, y).r));
    for (const y of [[2, 1, 4, 3, 6, 5], [6, 5, 4, 3, 2, 1], [3, 1, 2, 6, 4, 5], [4, 1, 6, 3, 2, 5]]) {
      const { r, p, exact } = kendall(x, y);
      expect(exact).toBe(true);
      expect(p).toBeCloseTo(all.filter((value) => value >= Math.abs(r) - 1e-12).length / all.length, 13);
    }
  });

  it('is exactly ±1 for a perfect order, of a thousand points too', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    expect(kendall(x, x.map((value) => -(value ** 3)))).toMatchObject({ r: -1, exact: true });
    expect(kendall([1, 2], [5, 3])).toEqual({ r: -1, p: 1, exact: true });
  });
});

describe('spearmanExactProbability', () => {
  it('counts the permutations, with and without equal values', () => {
    for (const [x, y] of [[[1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]], [[1, 1, 2, 3, 5, 5], [4, 2, 2, 7, 9, 1]], [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]]] as [number[], number[]][]) {
      const found = Math.abs(spearman(x, y).r);
      const all = permutations(y).map((some) => Math.abs(spearman(x, some).r));
      expect(spearmanExactProbability(x, y)).toBeCloseTo(all.filter((r) => r >= found - 1e-12).length / all.length, 12);
    }
  });

  it('comes close to the Student limit at twelve points and is NaN beyond, for constant columns and a NaN', () => {
    const { x, y } = draw(12);
    expect(Math.abs(spearmanExactProbability(x, y) / spearman(x, y).p - 1)).toBeLessThan(0.1);
    expect(spearmanExactProbability(draw(13).x, draw(13).y)).toBeNaN();
    expect(spearmanExactProbability([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(spearmanExactProbability([1, NaN, 1], [1, 2, 3])).toBeNaN();
  });
});

describe('rank correlations', () => {
  it('do not change under monotone maps and the same permutation of both columns', () => {
    fc.assert(fc.property(pairs(4, 40), fc.integer(), (points, seed) => {
      const random = createRandom(seed, 'shuffle');
      const shuffled = points.map((point) => ({ point, key: random.uniform() })).sort((a, b) => a.key - b.key).map(({ point }) => point);
      for (const correlate of [spearman, kendall]) {
        const { r, p } = correlate(points.map(([x]) => x), points.map(([, y]) => y));
        const moved = correlate(shuffled.map(([x]) => Math.exp(x / 10)), shuffled.map(([, y]) => -(y ** 3)));
        if (Number.isNaN(r)) expect(moved.r).toBeNaN();
        else {
          expect(moved.r).toBeCloseTo(-r, 12);
          expect(moved.p).toBeCloseTo(p, 9);
        }
      }
    }));
  });
});

describe('partial correlations', () => {
  it('have the textbook value of one control', () => {
    const { x, y, z } = draw(60);
    const [xy, xz, yz] = [spearman(x, y).r, spearman(x, z).r, spearman(y, z).r];
    expect(partialSpearman(x, y, [z]).r).toBeCloseTo((xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz)), 13);
    expect(partialPearson(x, y, [z]).r).toBeCloseTo(pearson(residualsAt(z, x), residualsAt(z, y)).r, 13);
  });

  it('are the plain ones without controls, and with one that is constant or a control already', () => {
    const { x, y, z } = draw(40);
    expect(partialPearson(x, y, []).r).toBeCloseTo(pearson(x, y).r, 14);
    expect(partialSpearman(x, y, [x.map(() => 0.1)]).p).toBeCloseTo(spearman(x, y).p, 13);
    expect(partialPearson(x, y, [z, z.map((value) => 3 * value + 1)]).p).toBeCloseTo(partialPearson(x, y, [z]).p, 10);
  });

  it('are NaN where a control determines one of the two, for too few points and beside a NaN', () => {
    const { x, y, z } = draw(40);
    expect(partialPearson(x, y, [x.map((value) => 2 * value)]).r).toBeNaN();
    expect(partialPearson([1, 2, 4], [2, 1, 5], [[1, 0, 1]]).p).toBeNaN();
    expect(partialSpearman(x, y, [z.with(3, NaN)]).r).toBeNaN();
    expect(partialSpearman(x, x.map(() => 0.1), [z]).r).toBeNaN();
  });
});

describe('bootstrapCorrelation', () => {
  const kinds = ['pearson', 'spearman', 'kendall'] as const;

  it('counts copies as the coefficient of the drawn points does', () => {
    // The draws must be those that plain resampling gives, point by point.
    const rounded = draw(50);
    for (const sample of [rounded, { x: rounded.x.map((v) => Math.round(3 * v)), y: rounded.y.map((v) => Math.round(3 * v)), z: rounded.z }]) {
      for (const kind of kinds) {
        const { draws } = bootstrapCorrelation({ ...sample, kind, draws: 20, random: createRandom(5, 'b') });
        const random = createRandom(5, 'b');
        const order = Array.from(sample.x.keys()).sort((i, j) => sample.x[i]! - sample.x[j]! || i - j);
        const index = new Int32Array(50);
        draws.forEach((value) => {
          random.integers(50, index);
          // Pearson's points stay in their order, the ranks are those of the points in ascending x.
          const rows = Array.from(index, (i) => (kind === 'pearson' ? i : order[i]!));
          const [u, v] = [rows.map((i) => sample.x[i]!), rows.map((i) => sample.y[i]!)];
          expect(value).toBeCloseTo({ pearson, spearman, kendall }[kind](u, v).r, 12);
        });
      }
    }
  });

  it('has the known error of a correlation, and intervals that hold one another', () => {
    const { x, y, z } = draw(400);
    for (const kind of kinds) {
      const { r, error, intervals, n } = bootstrapCorrelation({ x, y, kind, random: createRandom(1, 'b') });
      expect(n).toBe(400);
      // (1 − r²)/√n for Pearson's; the others are near. 1000 draws tell it to 2 %, normal theory to a few per cent.
      const expected = kind === 'kendall' ? Math.sqrt(0.437 / 396) * (1 - r * r) : (1 - r * r) * Math.sqrt((kind === 'spearman' ? 1 + r * r / 2 : 1) / 397);
      expect(error / expected).toBeGreaterThan(0.85);
      expect(error / expected).toBeLessThan(1.15);
      for (const shape of ['percentile', 'bca', 'fisher'] as const) {
        const [one, two] = [intervals[0]![shape], intervals[1]![shape]];
        expect(two[0]).toBeLessThan(one[0]);
        expect(one[0]).toBeLessThan(r);
        expect(one[1]).toBeGreaterThan(r);
        expect(two[1]).toBeGreaterThan(one[1]);
        expect((one[1] - one[0]) / (2 * error)).toBeGreaterThan(0.8);
        expect((one[1] - one[0]) / (2 * error)).toBeLessThan(1.2);
      }
    }
    const partial = bootstrapCorrelation({ x, y, controls: [z], random: createRandom(1, 'b') });
    expect(partial.r).toBe(partialSpearman(x, y, [z]).r);
    expect(standardDeviation(partial.draws)).toBe(partial.error);
  });

  it('gives the same answer for the same seed, and does not depend on the order of the galaxies', () => {
    const { x, y } = draw(55);
    const bootstrap = (u: Float64Array, v: Float64Array) => bootstrapCorrelation({ x: u, y: v, random: createRandom(3, 'b') }).error;
    expect(bootstrap(x, y)).toBe(bootstrap(x, y));
    expect(bootstrap(x.toReversed(), y.toReversed())).toBeCloseTo(bootstrap(x, y), 13);
  });

  it('is NaN for constant columns, too few points and a NaN; refuses columns of unequal length and no draws', () => {
    const random = createRandom(1, 'b');
    for (const [x, y] of [[[1, 1, 1, 1], [1, 2, 3, 4]], [[1, 2], [1, 2]], [[1, 2, NaN], [1, 2, 3]], [[], []]] as [number[], number[]][]) {
      const { r, p, error, draws, intervals } = bootstrapCorrelation({ x, y, random });
      expect([r, p, error, ...intervals.flatMap(({ percentile, bca, fisher }) => [...percentile, ...bca, ...fisher])].every(Number.isNaN)).toBe(true);
      expect(draws).toHaveLength(0);
    }
    expect(() => spearman([1, 2, 3], [1, 2])).toThrow(/pairs of values: found columns of 3 and 2 values/);
    expect(() => bootstrapCorrelation({ x: [1, 2, 3], y: [1, 2], random })).toThrow(/equal length/);
    expect(() => bootstrapCorrelation({ x: [1, 2, 3], y: [1, 2, 4], random, draws: 0 })).toThrow(/at least 1/);
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3]).r).toBeNaN();
  });
});

describePython('probabilities of correlations beside scipy', () => {
  it('agree to 1e-7 of themselves, down to 1e-300', () => {
    const cases = [3, 5, 20, 55, 300, 1000, 10000].flatMap((n) => [0.001, 0.1, 0.5, 0.9, 0.99, 0.999999].map((r) => [r, n]));
    const expected = runPython<number[]>(`
import json, sys
from scipy.special import betainc
print(json.dumps([float(betainc((n - 2) / 2, 0.5, (1 - r) * (1 + r))) for r, n in json.loads(sys.argv[1])]))`, JSON.stringify(cases));
    let smallest = 1;
    cases.forEach(([r, n], i) => {
      const p = correlationProbability(r!, n!);
      if (p > 1e-300) {
        smallest = Math.min(smallest, p);
        expect(Math.abs(p / expected[i]! - 1), `r ${r}, n ${n}`).toBeLessThan(1e-7);
      }
    });
    expect(smallest).toBeLessThan(1e-200);
  });

  it("of Kendall's agree, counted and in the limit, with equal values too", () => {
    const samples = [5, 12, 33, 34, 120].flatMap((n) => [1, 6].map((round, k) => {
      const { x, y } = draw(n, n);
      return [x, y].map((column) => Array.from(column, (value) => (k ? Math.round(value * round) : value)));
    }));
    const expected = runPython<[number, number][]>(`
import json, sys
from scipy.stats import kendalltau
print(json.dumps([list(map(float, kendalltau(x, y))) for x, y in json.loads(sys.argv[1])]))`, JSON.stringify(samples));
    samples.forEach(([x, y], i) => {
      const { r, p } = kendall(x!, y!);
      expect(r).toBeCloseTo(expected[i]![0], 12);
      expect(Math.abs(p / expected[i]![1] - 1)).toBeLessThan(1e-7);
    });
  });
});
