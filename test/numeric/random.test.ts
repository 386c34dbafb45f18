import { describe, expect, it } from 'vitest';
import { createRandom, erfc } from '../../src/numeric/index.js';
import { xoshiro128 } from '../../src/numeric/random.js';

const draw = (n: number, next: () => number) => Float64Array.from({ length: n }, next);
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Correlation times √n: about N(0, 1) for independent samples. */
function correlationSigmas(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  x.forEach((value, i) => {
    xx += (value - mx) ** 2;
    yy += (y[i]! - my) ** 2;
    xy += (value - mx) * (y[i]! - my);
  });
  return xy / Math.sqrt(xx * yy) * Math.sqrt(x.length);
}

/** √n times the Kolmogorov–Smirnov distance from a distribution: above 1.95 in one case of a thousand. */
function ksStatistic(values: Float64Array, cumulative: (x: number) => number): number {
  const n = values.length;
  let distance = 0;
  values.slice().sort().forEach((value, i) => {
    const p = cumulative(value);
    distance = Math.max(distance, (i + 1) / n - p, p - i / n);
  });
  return distance * Math.sqrt(n);
}

describe('xoshiro128', () => {
  it('gives the published first words of the state 1, 2, 3, 4', () => {
    const next = xoshiro128(Int32Array.of(1, 2, 3, 4));
    expect(Array.from({ length: 10 }, next)).toEqual(
      [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]);
  });
});

describe('createRandom', () => {
  it('gives the same numbers for the same seed and stream, today and tomorrow', () => {
    const first = createRandom(42, 'bootstrap', 7);
    const second = createRandom(42, 'bootstrap', 7);
    expect(draw(50, first.normal)).toEqual(draw(50, second.normal));
    const random = createRandom(1, 'a');
    // Written down once: a change here changes every seeded result.
    expect([random.uniform(), random.normal(), random.integer(1000)]).toMatchInlineSnapshot(`
      [
        0.4229067830095251,
        -0.8219102420172836,
        431,
      ]
    `);
  });

  it('keeps apart seeds and streams that look alike', () => {
    const firsts = [
      createRandom(1), createRandom(2), createRandom(-1), createRandom(1.5), createRandom(1, ''), createRandom(1, 'a'), createRandom(1, 'b'),
      createRandom(1, 'ab'), createRandom(1, 'a', 'b'), createRandom(1, 1), createRandom(1, '1'), createRandom(1, 0, 1), createRandom(1, 1, 0),
      createRandom(0), createRandom(0, 0), createRandom(2 ** 32), createRandom(2 ** 53),
    ].map((random) => random.uniform());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  // Fixed seeds: the limits of 4 σ (or 1e-3) hold once and for all.
  it('draws uniform numbers in [0, 1) with the right moments and distribution', () => {
    const n = 100_000;
    const values = draw(n, createRandom(3, 'uniform').uniform);
    expect(values.every((u) => u >= 0 && u < 1)).toBe(true);
    expect(Math.abs(mean(values) - 0.5) * Math.sqrt(12 * n)).toBeLessThan(4);
    expect(Math.abs(mean(values.map((u) => (u - 0.5) ** 2)) - 1 / 12) * Math.sqrt(180 * n)).toBeLessThan(4);
    expect(ksStatistic(values, (u) => u)).toBeLessThan(1.95);
  });

  it('draws normal numbers with the right first four moments and distribution', () => {
    const n = 100_000;
    const values = draw(n, createRandom(4, 'normal').normal);
    const moment = (k: number) => mean(values.map((z) => z ** k));
    // Sampling variances of the moments of N(0, 1): 1, 2, 15, 96, each over n.
    expect(Math.abs(moment(1)) * Math.sqrt(n)).toBeLessThan(4);
    expect(Math.abs(moment(2) - 1) * Math.sqrt(n / 2)).toBeLessThan(4);
    expect(Math.abs(moment(3)) * Math.sqrt(n / 15)).toBeLessThan(4);
    expect(Math.abs(moment(4) - 3) * Math.sqrt(n / 96)).toBeLessThan(4);
    expect(ksStatistic(values, (z) => 0.5 * erfc(-z / Math.SQRT2))).toBeLessThan(1.95);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('gives each whole number below n the same chance', () => {
    for (const n of [1, 2, 7, 1000]) {
      const random = createRandom(5, 'integer', n);
      const counts = new Float64Array(n);
      for (let i = 0; i < 100 * n; i++) counts[random.integer(n)]!++;
      const chi2 = counts.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
      expect(Math.abs(chi2 - (n - 1))).toBeLessThanOrEqual(4 * Math.sqrt(2 * (n - 1)));
    }
  });

  it('favours no remainder when n is not far below 2³²', () => {
    // A plain remainder of a 32-bit word would fall in the lower half of 3·2³⁰ two times in three.
    const random = createRandom(6);
    let low = 0;
    for (let i = 0; i < 10_000; i++) if (random.integer(3 * 2 ** 30) < 1.5 * 2 ** 30) low++;
    expect(Math.abs(low - 5000) / 50).toBeLessThan(4);
  });

  it('fills an array with whole numbers that are equally likely, and goes on from there', () => {
    for (const n of [1, 2, 7, 1000, 2 ** 20]) {
      const random = createRandom(6, 'integers', n);
      const drawn = new Int32Array(200_000);
      random.integers(n, drawn);
      expect(drawn.every((value) => value >= 0 && value < n)).toBe(true);
      // χ² over at most 1000 cells, within four standard deviations.
      const cells = Math.min(n, 1000);
      const counts = new Float64Array(cells);
      for (const value of drawn) counts[Math.floor((value * cells) / n)]!++;
      const expected = drawn.length / cells;
      const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(Math.abs(chi2 - (cells - 1))).toBeLessThanOrEqual(4 * Math.sqrt(2 * (cells - 1)) + 1e-9);
    }
    const [filled, stepped] = [createRandom(7), createRandom(7)];
    filled.integers(16, new Int32Array(50));
    for (let k = 0; k < 50; k++) stepped.integer(16);
    expect(filled.uniform()).toBe(stepped.uniform());
  });

  it('gives independent streams: neighbouring names, neighbouring seeds, and successive numbers', () => {
    const n = 20_000;
    for (const [a, b] of [
      [createRandom(7, 'draw', 1), createRandom(7, 'draw', 2)],
      [createRandom(7), createRandom(8)],
      [createRandom(7, 'x'), createRandom(7, 'y')],
    ] as const) expect(Math.abs(correlationSigmas(draw(n, a.normal), draw(n, b.normal)))).toBeLessThan(4);
    const values = draw(n + 1, createRandom(9).uniform);
    expect(Math.abs(correlationSigmas(values.slice(1), values.slice(0, n)))).toBeLessThan(4);
  });

  it('has uniform first numbers over many streams', () => {
    expect(ksStatistic(Float64Array.from({ length: 20_000 }, (_, i) => createRandom(10, 'bin', i).uniform()), (u) => u)).toBeLessThan(1.95);
    expect(ksStatistic(Float64Array.from({ length: 20_000 }, (_, i) => createRandom(i).normal()), (z) => 0.5 * erfc(-z / Math.SQRT2))).toBeLessThan(1.95);
  });
});
