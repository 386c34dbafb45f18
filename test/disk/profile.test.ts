import { describe, expect, it } from 'vitest';
import { radialProfile, refuseGradient } from '../../src/disk/index.js';

describe('radialProfile', () => {
  it('gives the middle, median and scatter of each ring that holds bins', () => {
    const profile = radialProfile([0.05, 0.1, 0.15, 0.5, NaN, 0.45], [8.6, 8.5, 8.7, 8.2, 9, NaN]);
    expect(profile).toHaveLength(2);
    expect(profile[0]).toEqual({ radius: expect.closeTo(0.1, 12), median: 8.6, std: expect.closeTo(0.1, 12), bins: 3 });
    expect(profile[1]).toEqual({ radius: expect.closeTo(0.5, 12), median: 8.2, std: NaN, bins: 1 });
  });

  it('is empty without bins and keeps to the step that is asked for', () => {
    expect(radialProfile([], [])).toEqual([]);
    expect(radialProfile([0.1, 0.6, 1.1], [1, 2, 3], 0.5).map((point) => point.radius)).toEqual([0.25, 0.75, 1.25]);
  });
});

describe('refuseGradient', () => {
  it('refuses too few bins and too short a range with the numbers in the sentence', () => {
    expect(refuseGradient({ bins: 9, range: [0, 2] })).toBe('Only 9 star-forming bins have a value; a gradient needs at least 10.');
    expect(refuseGradient({ bins: 1, range: [1, 1] })).toBe('Only 1 star-forming bin has a value; a gradient needs at least 10.');
    expect(refuseGradient({ bins: 0, range: [NaN, NaN] })).toBe('No star-forming bin has a value; a gradient needs at least 10.');
    expect(refuseGradient({ bins: 40, range: [0.1, 0.59] })).toBe(
      'The star-forming bins span only 0.49 R_e (0.10 to 0.59); a gradient needs at least 0.5 R_e.');
  });

  it('trusts what stands on the threshold', () => {
    expect(refuseGradient({ bins: 10, range: [0.25, 0.75] })).toBeNull();
    expect(refuseGradient({ bins: 12, range: [0, 1] }, { minBins: 13 })).toContain('13');
    expect(refuseGradient({ bins: 12, range: [0, 1] }, { minRange: 1.5 })).toContain('1.5 R_e');
  });
});
