import { describe, expect, it } from 'vitest';
import { lineProfile, makeProfile } from '../../src/spectrum/profile.js';

const edges = Float64Array.from({ length: 6 }, (_, i) => 97 + 1.25 * i);

describe('a pixel-integrated Gaussian', () => {
  it('has the tabulated mean flux densities', () => {
    // F = 10, µ = 100.3, σ = 1.1 (Li et al. 2025 chain's check value), to the precision of the table.
    const profile = makeProfile(5);
    lineProfile(edges, 0, 5, 100.3, 1.1, profile);
    const expected = [0.2386919655, 1.6187444571, 3.4018726031, 2.2409463682, 0.4596561240];
    expected.forEach((value, i) => expect(10 * profile.value[i]!).toBeCloseTo(value, 9));
  });

  it('keeps its flux wherever its centre lies in the pixel, however narrow it is', () => {
    const fine = Float64Array.from({ length: 81 }, (_, i) => 50 + 1.25 * i);
    const profile = makeProfile(80);
    for (const sigma of [0.2, 1.1, 3]) {
      for (let shift = 0; shift < 1.25; shift += 0.13) {
        const [first, last] = lineProfile(fine, 0, 80, 100 + shift, sigma, profile);
        let flux = 0;
        for (let k = first; k < last; k++) flux += profile.value[k]! * 1.25;
        // 6e-7 of a Gaussian lies beyond 5σ.
        expect(Math.abs(flux - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it('has the derivatives of its differences', () => {
    const [low, high, own] = [makeProfile(5), makeProfile(5), makeProfile(5)];
    lineProfile(edges, 0, 5, 100.3, 1.1, own);
    const step = 1e-5;
    lineProfile(edges, 0, 5, 100.3 - step, 1.1, low);
    lineProfile(edges, 0, 5, 100.3 + step, 1.1, high);
    own.byCentre.forEach((slope, i) => expect(slope).toBeCloseTo((high.value[i]! - low.value[i]!) / (2 * step), 8));
    lineProfile(edges, 0, 5, 100.3, 1.1 - step, low);
    lineProfile(edges, 0, 5, 100.3, 1.1 + step, high);
    own.bySigma.forEach((slope, i) => expect(slope).toBeCloseTo((high.value[i]! - low.value[i]!) / (2 * step), 8));
  });

  it('is empty outside the axis', () => {
    const [first, last] = lineProfile(edges, 0, 5, 500, 1.1, makeProfile(5));
    expect(last - first).toBe(0);
  });
});
