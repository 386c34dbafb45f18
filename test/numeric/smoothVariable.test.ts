import { expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { gaussianFilter, smoothStretched, smoothVariable } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Golden {
  readonly log_rebin: { readonly lam0: number; readonly dlam: number; readonly spec: number[] };
  readonly varsmooth: { readonly sig: number[]; readonly out: number[] };
  readonly gaussian_filter1d: { readonly sig_pix: number[]; readonly out: number[] };
}

describeShared('a Gaussian of its own width at every pixel, against the reference tool', () => {
  const { log_rebin: { lam0, dlam, spec }, varsmooth, gaussian_filter1d: { sig_pix: sigma, out } } = golden<Golden>('ppxf_util.json');
  it('agrees to 1e-10 (values near 100: 12 digits) with its 13 pixels of kernel and the zeros that it takes beyond the ends', () => {
    const zeros = new Array<number>(13).fill(0);
    const ones = new Array<number>(13).fill(1);
    const got = smoothVariable([...zeros, ...spec, ...zeros], [...ones, ...sigma, ...ones], 13).subarray(13, 13 + spec.length);
    got.forEach((value, i) => expect(Math.abs(value - out[i]!)).toBeLessThan(1e-10));
  });
  it('on a stretched coordinate agrees to 1e-10, its loss by straight lines included', () => {
    const got = smoothStretched(spec.map((_, i) => lam0 + i * dlam), spec, varsmooth.sig);
    got.forEach((value, i) => expect(Math.abs(value - varsmooth.out[i]!)).toBeLessThan(1e-10));
  });
});

it('with one width it is the plain Gaussian filter, away from the ends', () => {
  const values = Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
  const plain = gaussianFilter(values, 1.5);
  const own = smoothVariable(values, new Float64Array(60).fill(1.5), 6);
  for (let i = 6; i < 54; i++) expect(own[i]).toBeCloseTo(plain[i]!, 14);
});

it('constants stay constant to the ends, σ = 0 leaves a value, NaN stays within the kernel', () => {
  const sigma = Float64Array.from({ length: 20 }, (_, i) => i / 10);
  smoothVariable(new Float64Array(20).fill(3), sigma).forEach((value) => expect(value).toBeCloseTo(3, 14));
  const values = Float64Array.from({ length: 20 }, (_, i) => (i === 10 ? NaN : i));
  const smoothed = smoothVariable(values, sigma.fill(0.4));
  expect(Array.from(smoothed, (_, i) => i).filter((i) => Number.isNaN(smoothed[i]!))).toEqual([8, 9, 10, 11, 12]);
  expect(smoothVariable(values, new Float64Array(20))).toEqual(values);
});

it('on a stretched coordinate it is the same Gaussian where the light is smooth over a pixel, for even and uneven pixels', () => {
  const x = Float64Array.from({ length: 400 }, (_, i) => i + 0.2 * Math.sin(i / 30));
  const light = x.map((at) => 2 + Math.sin(at / 15));
  const sigma = x.map((at) => 3 + at / 200);
  const smoothed = smoothStretched(x, light, sigma);
  // The Gaussian of σ takes exp(−σ²/2·15²) off the sine; straight lines and the change of σ over the kernel leave 2e-3.
  for (let i = 30; i < 370; i++) expect(Math.abs(smoothed[i]! - 2 - Math.sin(x[i]! / 15) * Math.exp(-0.5 * (sigma[i]! / 15) ** 2))).toBeLessThan(5e-3);
});

it('a stretched coordinate refuses widths that are not positive', () => {
  for (const sigma of [[1, 0, 1], [1, NaN, 1], [1, 1]]) expect(() => smoothStretched([0, 1, 2], [1, 1, 1], sigma)).toThrow(expect.toSatisfy((error) => isZgradError(error, 'BadArgument')));
});
