import { describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { gaussianFilter, gaussianFilter2d, mapCoordinates, medianFilter, medianFilter2d, savitzkyGolay } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Golden {
  readonly savgol: { readonly y: number[]; readonly w7p2: number[]; readonly w9p3d1: number[] };
  readonly medfilt5: number[];
  readonly gaussfilt2d: { readonly im: number[][]; readonly s1_reflect: number[][]; readonly s15_nearest: number[][] };
  readonly medianfilt2d: number[][];
  readonly map_coords: { readonly c: readonly [number[], number[]]; readonly order1: number[]; readonly order3: number[] };
}

describeShared('filters, against scipy', () => {
  const { savgol: { y, w7p2, w9p3d1 }, medfilt5, gaussfilt2d, medianfilt2d, map_coords: places } = golden<Golden>('numerics.json');
  const image = gaussfilt2d.im.flat();
  const [width, height] = [gaussfilt2d.im[0]!.length, gaussfilt2d.im.length];
  const onZeros = [0, 0, ...y, 0, 0]; // the peer's median of a row sees zeros beyond the ends
  it.each([
    ['Savitzky–Golay, 7 pixels, degree 2', savitzkyGolay(y, 7, 2), w7p2],
    ['Savitzky–Golay, 9 pixels, degree 3, slope', savitzkyGolay(y, 9, 3, 1), w9p3d1],
    ['median of 5', medianFilter(onZeros, 5).subarray(2, y.length + 2), medfilt5],
    ['median of 3 × 3', medianFilter2d(image, width, height, 3), medianfilt2d.flat()],
    ['Gaussian, σ 1, reflected', gaussianFilter2d(image, width, height, 1), gaussfilt2d.s1_reflect.flat()],
    ['Gaussian, σ 1.5, nearest', gaussianFilter2d(image, width, height, 1.5, 'nearest'), gaussfilt2d.s15_nearest.flat()],
    ['bilinear places', mapCoordinates(image, width, height, ...places.c, 1), places.order1],
    ['bicubic places', mapCoordinates(image, width, height, ...places.c, 3), places.order3],
  ] as const)('%s: agree to 1e-10', (_, got, wanted) => {
    expect(got.length).toBe(wanted.length);
    got.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-10));
  });
});

describe('filters', () => {
  const values = Float64Array.from({ length: 30 }, (_, i) => Math.sin(i) + (i % 7));

  it('Savitzky–Golay gives a polynomial of its degree and the derivatives back, at the ends too', () => {
    const cubic = Float64Array.from({ length: 12 }, (_, i) => 1 - i + 0.2 * i * i - 0.03 * i ** 3);
    savitzkyGolay(cubic, 7, 3).forEach((value, i) => expect(value).toBeCloseTo(cubic[i]!, 11));
    savitzkyGolay(cubic, 7, 3, 2).forEach((value, i) => expect(value).toBeCloseTo(0.4 - 0.18 * i, 11));
  });

  it.each([[6, 2], [3, 3], [31, 2]])('Savitzky–Golay refuses a window of %i for degree %i', (window, degree) => {
    expect(() => savitzkyGolay(values, window, degree)).toThrow(expect.toSatisfy((error) => isZgradError(error, 'BadArgument')));
  });

  it('a Gaussian keeps a constant and, reflected, the sum; σ = 0 changes nothing; a kernel may be wider than the row', () => {
    gaussianFilter(new Float64Array(9).fill(2), 1.3).forEach((value) => expect(value).toBeCloseTo(2, 14));
    for (const sigma of [0.5, 2, 40]) expect(gaussianFilter(values, sigma).reduce((a, b) => a + b, 0)).toBeCloseTo(values.reduce((a, b) => a + b, 0), 10);
    expect(gaussianFilter(values, 0)).toEqual(values);
  });

  it('medians pass over NaN, Gaussians keep it within their kernel', () => {
    expect(Array.from(medianFilter([1, NaN, 3, 4, NaN, NaN, NaN, 5], 3))).toEqual([1, 2, 3.5, 3.5, 4, NaN, 5, 5]);
    const spoilt = gaussianFilter([1, 1, 1, NaN, 1, 1, 1], 0.5);
    expect(Array.from(spoilt, Number.isNaN)).toEqual([false, true, true, true, true, true, false]);
  });

  it('a plane is its own image at fractional places; beyond the outermost centres there is NaN', () => {
    const plane = Float64Array.from({ length: 20 }, (_, at) => 2 + (at % 5) - 3 * Math.floor(at / 5));
    expect(Array.from(mapCoordinates(plane, 5, 4, [1.25, 3, 3.01, NaN], [2.5, 4, 1, 1], 1))).toEqual([0.75, -3, NaN, NaN]);
    // The mirrored spline bends at the ends, so only the pixels themselves are exact.
    const pixels = mapCoordinates(plane, 5, 4, [0, 1, 2, 3], [0, 3, 1, 4], 3);
    [2, 2, -3, -3].forEach((value, i) => expect(pixels[i]).toBeCloseTo(value, 13));
  });
});
