import { describe, expect, it } from 'vitest';
import { blockBootstrap, fitGradient, localRelation } from '../../src/disk/index.js';
import { createRandom, gaussianFilter2d } from '../../src/numeric/index.js';
import { fitLine, mean, spearman, standardDeviation } from '../../src/stats/index.js';

const size = 24;
const fwhm = 3;

/** Two quantities on a grid: trends with radius, scatter of which a share is common to both; white or smoothed by the seeing. */
function field(seed: number, common: number, smoothed: boolean) {
  const random = createRandom(seed, 'local');
  const noise = () => {
    const white = Float64Array.from({ length: size * size }, () => random.normal());
    return smoothed ? gaussianFilter2d(white, size, size, fwhm / 2.3548).map((value) => value * 2 * Math.sqrt(Math.PI) * fwhm / 2.3548) : white;
  };
  const [shared, a, b] = [noise(), noise(), noise()];
  const x = Array.from({ length: size * size }, (_, i) => i % size);
  const y = Array.from({ length: size * size }, (_, i) => Math.floor(i / size));
  const radius = x.map((v, i) => Math.hypot(v - 11.5, y[i]! - 11.5) / 6);
  const mix = (own: Float64Array, sign: number, i: number) => Math.sqrt(common) * sign * shared[i]! + Math.sqrt(1 - common) * own[i]!;
  return {
    x, y, radius, seeing: fwhm,
    first: radius.map((r, i) => 8.7 - 0.2 * r + 0.05 * mix(a, 1, i)), second: radius.map((r, i) => -1.5 - 0.7 * r + 0.2 * mix(b, -1, i)),
  };
}

describe('localRelation', () => {
  it('takes the trends off: unrelated residuals of two falling profiles do not correlate, anticorrelated ones do', () => {
    const unrelated = field(1, 0, false);
    const found = localRelation({ ...unrelated, random: createRandom(1) });
    expect(spearman(unrelated.first, unrelated.second).r).toBeGreaterThan(0.7); // what radius alone makes
    expect(Math.abs(found.correlation)).toBeLessThan(4 / size); // 4σ of 576 bins
    expect(found.firstSlope).toBeCloseTo(-0.2, 1);
    const related = localRelation({ ...field(1, 0.5, false), random: createRandom(1) });
    // Spearman's of a binormal pair with r = −0.5: (6/π) asin(−0.25) = −0.483; 576 bins know it to 0.035.
    expect(Math.abs(related.correlation + 0.483)).toBeLessThan(0.11);
    expect(related.probability).toBeLessThan(1e-10);
  });

  it('has ±1 and hardly an error for residuals that are each other', () => {
    const { first, radius, ...rest } = field(2, 0, false);
    const found = localRelation({ ...rest, first, radius, second: first.map((v, i) => 3 * v + radius[i]!), random: createRandom(1) });
    expect(found.correlation).toBeCloseTo(1, 12);
    expect(found.error).toBeLessThan(1e-6);
  });

  // 60 fields know a width to 9 %; the error of a correlation of some 30 seeing discs is itself known to some 15 %.
  it.each([['white', 0, false], ['white, related', 0.5, false], ['smoothed by the seeing', 0, true], ['smoothed by the seeing, related', 0.5, true]])(
    'has pulls of width 0.8 to 1.3: %s', (_, common, smoothed) => {
      const truth = -6 / Math.PI * Math.asin(common / 2);
      const found = Array.from({ length: 60 }, (__, seed) => localRelation({ ...field(seed, common, smoothed), random: createRandom(seed, 'draws'), draws: 100 }));
      const width = standardDeviation(found.map(({ correlation, error }) => (correlation - truth) / error));
      expect(width).toBeGreaterThan(0.8);
      expect(width).toBeLessThan(1.3);
      const plain = standardDeviation(found.map(({ correlation, plainError }) => (correlation - truth) / plainError));
      if (smoothed) expect(plain).toBeGreaterThan(1.8); // single bins are that much too sure
      else expect(Math.abs(mean(found.map(({ error, plainError }) => error / plainError)) - 1)).toBeLessThan(0.15);
    });

  it('leaves out bins without a value and does not depend on the unit of the sky', () => {
    const base = field(3, 0.3, true);
    const once = localRelation({ ...base, random: createRandom(1) });
    const holes = localRelation({
      ...base, x: [...base.x, 5, NaN], y: [...base.y, 5, 1], radius: [...base.radius, 1, 1], first: [...base.first, NaN, 99], second: [...base.second, 1, 1], random: createRandom(1),
    });
    expect(holes).toEqual(once);
    const arcsec = localRelation({ ...base, x: base.x.map((v) => 0.25 * v), y: base.y.map((v) => 0.25 * v), seeing: 0.75, random: createRandom(1) });
    expect(arcsec.error).toBeCloseTo(once.error, 6);
  });

  it('says why there is none', () => {
    const base = field(4, 0, false);
    const few = { x: base.x.slice(0, 9), y: base.y.slice(0, 9), radius: base.radius.slice(0, 9), first: base.first.slice(0, 9), second: base.second.slice(0, 9), seeing: 3 };
    expect(localRelation({ ...few, random: createRandom(1) })).toMatchObject({ correlation: NaN, reason: expect.stringContaining('at least 10') });
    expect(localRelation({ ...base, seeing: NaN, random: createRandom(1) })).toMatchObject({ error: NaN, reason: 'The seeing is not known.' });
    expect(localRelation({ ...base, seeing: 30, random: createRandom(1) }).reason).toContain('blocks');
    expect(localRelation({ ...base, second: base.second.map(() => 1), random: createRandom(1) }).reason).toContain('do not scatter');
  });
});

describe('gradients of other logarithms', () => {
  it('finds that of an exponential disc of star formation, −R_e/(R_d ln 10), and its error in blocks', () => {
    // R_e = 1.678 R_d: Σ ∝ exp(−R/R_d) falls by 0.7289 dex per R_e.
    const { x, y, radius, second } = field(5, 0, true);
    const exact = fitGradient({ radius, value: radius.map((r) => Math.log10(0.03 * Math.exp(-1.6783469900 * r))), random: createRandom(1) });
    expect(exact.slope).toBeCloseTo(-1.67834699 / Math.LN10, 10);
    expect(10 ** exact.intercept).toBeCloseTo(0.03, 10);
    const noisy = fitGradient({ radius, value: second, random: createRandom(1) });
    const blocks = blockBootstrap({ radius, value: second, x, y, seeing: fwhm, random: createRandom(2), plainError: noisy.slopeError });
    expect(Math.abs(noisy.slope + 0.7)).toBeLessThan(3 * blocks.slopeError);
    expect(blocks.slopeError).toBeGreaterThan(2 * noisy.slopeError);
    expect(noisy.slope).toBeCloseTo(fitLine(radius, second).slope, 2);
  });
});
