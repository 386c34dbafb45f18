import { expect, it } from 'vitest';
import { bandLimitedGaussian, erf } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Golden {
  readonly gaussian: {
    readonly ln_lam0: number; readonly step: number; readonly n: number; readonly lines: number[]; readonly fwhm: number; readonly pixel: number[][]; readonly nopixel: number[][];
  };
}

describeShared('a Gaussian built from its transform, against the reference tool', () => {
  const { ln_lam0: start, step, n, lines, fwhm, ...expected } = golden<Golden>('ppxf_util.json').gaussian;
  // The peer takes FWHM/σ as 2.355. Values are below 1: 1e-12.
  it.each(lines.flatMap((λ, l) => [['integrated over pixels', λ, expected.pixel[l]!, true], ['at their centres', λ, expected.nopixel[l]!, false]] as const))(
    '%s, %f Å, on the array and beyond its end: agrees to 1e-12', (_, λ, wanted, integrated) => {
      const got = bandLimitedGaussian(n, (Math.log(λ) - start) / step, fwhm / 2.355 / λ / step, integrated);
      expect(got.length).toBe(wanted.length);
      got.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-12));
    });
});

it('is the Gaussian itself where that has nothing beyond the Nyquist frequency', () => {
  const [centre, sigma] = [30.3, 2.5]; // exp(−π²σ²/2) = 4e-14
  const cumulative = (x: number): number => erf((x - centre) / (sigma * Math.SQRT2)) / 2;
  bandLimitedGaussian(64, centre, sigma).forEach((value, i) => expect(Math.abs(value - (cumulative(i + 0.5) - cumulative(i - 0.5)))).toBeLessThan(1e-13));
  bandLimitedGaussian(64, centre, sigma, false).forEach((value, i) =>
    expect(Math.abs(value - Math.exp(-0.5 * ((i - centre) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI)))).toBeLessThan(1e-13));
});

it('has sum 1 however narrow', () => {
  for (const sigma of [0, 0.2, 0.6, 3]) expect(bandLimitedGaussian(128, 60.4, sigma).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13);
});
