import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { mad, madToSigma, mean, median, quantile, quantiles, sigmaClip, standardDeviation } from '../../src/stats/index.js';

describe('quantiles', () => {
  it('interpolate linearly between order statistics', () => {
    quantiles([1, 2, 4, 7, 11], [0.16, 0.5, 0.84]).forEach((value, i) => expect(value).toBeCloseTo([1.64, 4, 8.44][i]!, 13));
    expect(quantile([11, 1, 7, 4, 2], 0)).toBe(1);
    expect(quantile([11, 1, 7, 4, 2], 1)).toBe(11);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([5])).toBe(5);
  });

  it('keep infinities where they are', () => {
    expect(median([-Infinity, Infinity, 1])).toBe(1);
    expect(median([1, Infinity, Infinity])).toBe(Infinity);
    expect(quantile([1, Infinity], 0)).toBe(1);
  });

  it('are NaN for an empty sample, beside a NaN and outside 0 to 1', () => {
    expect(median([])).toBeNaN();
    expect(median([1, NaN, 2])).toBeNaN();
    expect(quantile([1, 2], 1.1)).toBeNaN();
    expect(quantile([1, 2], -0.1)).toBeNaN();
    expect(mad([1, NaN])).toBeNaN();
  });

  it('leave the sample as it was', () => {
    const sample = Float64Array.of(3, 1, 2);
    median(sample);
    mad(sample);
    expect(Array.from(sample)).toEqual([3, 1, 2]);
  });

  it('do not decrease with the probability and stay inside the sample', () => {
    fc.assert(fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e200, max: 1e200 }), { minLength: 1 }), fc.double({ noNaN: true, min: 0, max: 1 }), fc.double({ noNaN: true, min: 0, max: 1 }),
      (sample, p, q) => {
        const [low, high] = quantiles(sample, [Math.min(p, q), Math.max(p, q)]) as [number, number];
        const slack = 1e-12 * Math.max(...sample.map(Math.abs));
        return low <= high + slack && low >= Math.min(...sample) - slack && high <= Math.max(...sample) + slack;
      }));
  });
});

describe('mean, standard deviation and MAD', () => {
  it('give the textbook values', () => {
    const sample = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(sample)).toBe(5);
    expect(standardDeviation(sample, 0)).toBe(2);
    expect(standardDeviation(sample)).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(mad([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(mad([1, 1, 2, 2, 4, 6, 9], madToSigma)).toBe(madToSigma);
  });

  it('are NaN when the sample is too small', () => {
    expect(mean([])).toBeNaN();
    expect(standardDeviation([])).toBeNaN();
    expect(standardDeviation([3])).toBeNaN();
    expect(standardDeviation([3], 0)).toBe(0);
  });
});

describe('sigmaClip', () => {
  it('drops an outlier and then the one it hid', () => {
    const sample = [...Array.from({ length: 40 }, (_, i) => i % 2), 1000, 8];
    const { kept, low, high } = sigmaClip(sample);
    expect(kept).toHaveLength(40);
    expect([low, high]).toEqual([-1, 2]);
  });

  it('keeps a constant sample, an empty one, and drops nothing beside a NaN', () => {
    expect(sigmaClip([2, 2, 2]).kept).toHaveLength(3);
    expect(sigmaClip([]).kept).toHaveLength(0);
    expect(sigmaClip([1, NaN, 3])).toMatchObject({ low: NaN, high: NaN });
    expect(sigmaClip([1, NaN, 3]).kept).toHaveLength(3);
  });
});
