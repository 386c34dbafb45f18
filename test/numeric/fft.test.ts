import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { goodFftLength } from '../../src/kernels/index.js';
import { createFft, createRandom } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

describeShared('the Fourier transform of real values, against numpy', () => {
  const { x, re, im } = golden<{ fft: { x: number[]; re: number[]; im: number[] } }>('numerics.json').fft;
  it('agrees to 1e-12 (sums of 25 values near 1), its odd length by zeros between the values', () => {
    // They repeat the spectrum: its first bins are those of the odd length.
    const spread = new Float64Array(2 * x.length);
    x.forEach((value, i) => { spread[2 * i] = value; });
    const got = createFft(2 * x.length).forward(spread);
    re.forEach((value, k) => expect(Math.hypot(got[2 * k]! - value, got[2 * k + 1]! - im[k]!)).toBeLessThan(1e-12));
  });
});

describe('the Fourier transform of real values', () => {
  it('comes back to 1e-14 and keeps the sum of squares, at any good length', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer(), (least, seed) => {
      const n = goodFftLength(least);
      const random = createRandom(seed, 'fft');
      const values = Float64Array.from({ length: n }, () => random.normal());
      const { forward, inverse } = createFft(n);
      const transform = forward(values);
      inverse(transform).forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThan(1e-13));
      let power = 0;
      for (let k = 0; 2 * k <= n; k++) power += (k === 0 || 2 * k === n ? 1 : 2) * (transform[2 * k]! ** 2 + transform[2 * k + 1]! ** 2);
      expect(power / n / values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 12);
    }), { numRuns: 40 });
  });

  it('finds a wave in its own bin, with the kernel e^{−iωx}', () => {
    const transform = createFft(60).forward(Float64Array.from({ length: 60 }, (_, i) => Math.cos((2 * Math.PI * 7 * i) / 60 + 0.4)));
    transform.forEach((value, at) => expect(Math.abs(value - (at === 14 ? 30 * Math.cos(0.4) : at === 15 ? 30 * Math.sin(0.4) : 0))).toBeLessThan(1e-12));
  });

  it('refuses a length that has other factors', () => {
    for (const n of [0, 3, 14, 22, 2.5, NaN]) expect(() => createFft(n)).toThrow(expect.objectContaining({ tag: 'BadArgument' }));
    try {
      createFft(14);
    } catch (error) {
      expect(isZgradError(error, 'BadArgument') && error.message).toContain('16');
    }
  });
});
