import { describe, expect, it } from 'vitest';
import { besselScaled } from '../../src/numeric/index.js';

describe('besselScaled', () => {
  // I0, I1, K0, K1 of scipy.special.
  it.each([
    [1, 1.2660658777520082, 0.5651591039924851, 0.42102443824070834, 0.6019072301972346],
    [0.01, 1.0000250001562505, 0.005000062500260418, 4.721244730161095, 99.97389411829624],
    [5, 27.239871823604442, 24.33564214245053, 0.0036910983340425942, 0.004044613445452164],
  ])('agrees with scipy at x = %d', (x, i0, i1, k0, k1) => {
    const found = besselScaled(x);
    const [rise, fall] = [Math.exp(x), Math.exp(-x)];
    for (const [value, wanted] of [[found.i0 * rise, i0], [found.i1 * rise, i1], [found.k0 * fall, k0], [found.k1 * fall, k1]]) {
      expect(Math.abs(value! / wanted! - 1)).toBeLessThan(1e-13);
    }
  });

  it('does not jump where one formula takes over from another', () => {
    // Over a relative step of 1e-9 the functions change by some 1e-9.
    for (const x of [1, 30]) {
      const [below, above] = [besselScaled(x * (1 - 5e-10)), besselScaled(x * (1 + 5e-10))];
      for (const name of ['i0', 'i1', 'k0', 'k1'] as const) expect(Math.abs(above[name] / below[name] - 1)).toBeLessThan(2e-9);
    }
  });

  it('is one over the root of what it should be far out, and NaN where K is not defined', () => {
    const { i0, k0 } = besselScaled(1e6);
    expect(i0 * k0 * 2e6).toBeCloseTo(1, 10);
    expect(besselScaled(0).k0).toBeNaN();
    expect(besselScaled(-1).i0).toBeNaN();
  });
});
