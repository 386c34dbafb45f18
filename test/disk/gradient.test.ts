import { describe, expect, it } from 'vitest';
import { fitGradient } from '../../src/disk/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { fitLine, mean, standardDeviation } from '../../src/stats/index.js';

/** Bins on a line of slope −0.1 with normal scatter 0.05. */
function bins(n: number, seed: number) {
  const random = createRandom(seed, 'bins');
  const radius = Float64Array.from({ length: n }, () => 2 * random.uniform());
  return { radius, value: radius.map((r) => 8.6 - 0.1 * r + 0.05 * random.normal()) };
}

describe('fitGradient', () => {
  it('gives back a line without scatter exactly, with no error', () => {
    const radius = [0.1, 0.4, 0.8, 1.1, 1.7];
    const fit = fitGradient({ radius, value: radius.map((r) => 8.7 - 0.2 * r), random: createRandom(1) });
    expect(fit.slope).toBeCloseTo(-0.2, 12);
    expect(fit.intercept).toBeCloseTo(8.7, 12);
    expect(fit.slopeError).toBeLessThan(1e-12);
    expect(fit).toMatchObject({ bins: 5, range: [0.1, 1.7] });
  });

  it('has the error of ordinary least squares when the scatter is normal and even, to 8 %', () => {
    const { radius, value } = bins(400, 2);
    const line = fitLine(radius, value);
    const fit = fitGradient({ radius, value, random: createRandom(3), draws: 2000 });
    // 2000 draws know the deviation to 1.6 %; a bootstrap of 400 bins scatters by about 5 % about the textbook error.
    expect(Math.abs(fit.slopeError / line.slopeError - 1)).toBeLessThan(0.08);
    expect(Math.abs(fit.interceptError / line.interceptError - 1)).toBeLessThan(0.08);
    expect(Math.abs(fit.slope - line.slope)).toBeLessThan(0.1 * line.slopeError);
    expect((fit.slopeInterval[1] - fit.slopeInterval[0]) / 2 / fit.slopeError).toBeCloseTo(1, 1);
  });

  it('has pulls of width one about the truth: 200 galaxies of 40 bins', () => {
    const pulls = Array.from({ length: 200 }, (_, seed) => {
      const { slope, slopeError } = fitGradient({ ...bins(40, seed), random: createRandom(seed, 'bootstrap'), draws: 200 });
      return (slope + 0.1) / slopeError;
    });
    expect(Math.abs(mean(pulls))).toBeLessThan(0.2); // 200 pulls: 0.07
    expect(standardDeviation(pulls)).toBeGreaterThan(0.87); // 0.05, and 200 draws
    expect(standardDeviation(pulls)).toBeLessThan(1.18);
  });

  it('depends on nothing but bins and seed', () => {
    const sample = bins(30, 4);
    const once = fitGradient({ ...sample, random: createRandom(7, 'a') });
    expect(fitGradient({ ...sample, random: createRandom(7, 'a') })).toEqual(once);
    expect(fitGradient({ ...sample, random: createRandom(8, 'a') }).slopeError).not.toBe(once.slopeError);
  });

  it('leaves out bins that are not finite', () => {
    const { radius, value } = bins(30, 5);
    const holes = fitGradient({ radius: [...radius, NaN, 1, Infinity], value: [...value, 8, NaN, 8], random: createRandom(1) });
    expect(holes).toEqual(fitGradient({ radius, value, random: createRandom(1) }));
  });

  it('skips draws at one radius, and gives NaN where no line can be drawn', () => {
    const three = fitGradient({ radius: [0, 0, 1], value: [8, 8.1, 8], random: createRandom(1), draws: 500 });
    expect(three.draws).toBeLessThan(500); // (2/3)³ + (1/3)³ of the draws hold one radius only
    expect(three.draws).toBeGreaterThan(280);
    expect(three.slopeError).toBeGreaterThan(0);
    for (const radius of [[], [1], [1, 2], [1, 1, 1, 1]]) {
      const none = fitGradient({ radius, value: radius.map(() => 8.5), random: createRandom(1), draws: 20 });
      expect(none).toMatchObject({ slope: NaN, slopeError: NaN, intercept: NaN, draws: 0 });
    }
  });
});
