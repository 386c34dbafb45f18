import { describe, expect, it } from 'vitest';
import { refineRedshift } from '../../src/spectrum/index.js';
import { constants } from '../../src/units/index.js';

const bin = (velocity: number, flux: number, fluxError = 1): { velocity: number; flux: Float64Array; fluxError: Float64Array } =>
  ({ velocity, flux: Float64Array.of(Number.NaN, flux), fluxError: Float64Array.of(Number.NaN, fluxError) });
const velocityOf = (z: number | null, redshift: number): number => ((z! - redshift) / (1 + redshift)) * constants.c;
const disc = (brighterSide: number): ReturnType<typeof bin>[] => Array.from({ length: 41 }, (_, k) =>
  bin(30 + 150 * Math.tanh((k - 20) / 8), 100 * Math.exp(-Math.abs(k - 20) / 10) * (k < 20 ? brighterSide : 1)));

describe('the systemic redshift', () => {
  it('is that of a rotating disc, whatever a few wild bins say', () => {
    expect(velocityOf(refineRedshift(disc(1), 0.01), 0.01)).toBeCloseTo(30, 9);
    const wild = [bin(700, 40), bin(Number.NaN, 5000), bin(-600, 500, 200)];
    // One wild bin with 3 % of the light moves one of the two quantiles by some km/s.
    expect(Math.abs(velocityOf(refineRedshift([...disc(1), ...wild], 0.01), 0.01) - 30)).toBeLessThan(8);
  });

  it('hardly minds that one side is twice as bright, where the median would go to that side', () => {
    expect(Math.abs(velocityOf(refineRedshift(disc(2), 0.01), 0.01) - 30)).toBeLessThan(10);
  });

  it('is unknown without well-detected lines', () => {
    expect(refineRedshift([bin(10, 5), bin(20, 9)], 0.01)).toBeNull();
    expect(refineRedshift([], 0.01)).toBeNull();
  });

  it('follows a single bin', () => {
    expect(refineRedshift([bin(299.792458, 50)], 0)).toBeCloseTo(0.001, 12);
  });
});
