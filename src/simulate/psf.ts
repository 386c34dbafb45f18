import { logGamma } from '../numeric/index.js';
import { constants } from '../units/index.js';
import type { FineGrid } from './grid.js';

/** A round point-spread function as a sum of Gaussians, each separable: weights add to 1, σ in arcsec. */
export type Psf = readonly { readonly weight: number; readonly sigma: number }[];

/**
 * A Gaussian (beta null) or Moffat PSF of the given FWHM [arcsec].
 *
 * The Moffat profile is an exact mixture of Gaussians, (1 + r²/α²)^−β = ∫ t^(β−1) e^(−t) e^(−t r²/α²) dt / Γ(β);
 * the integral over ln t is taken by the trapezoid rule, which converges exponentially here.
 */
export function makePsf({ fwhm, beta }: { readonly fwhm: number; readonly beta: number | null }): Psf {
  if (beta === null) return [{ weight: 1, sigma: fwhm / constants.fwhmPerSigma }];
  const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
  const step = 0.7;
  const terms: { weight: number; sigma: number }[] = [];
  for (let u = -3.5; u < 2.5; u += step) {
    // The flux of each Gaussian: t^β e^(−t) × σ² ∝ t^(β−1) e^(−t).
    terms.push({ weight: step * Math.exp((beta - 1) * u - Math.exp(u) - logGamma(beta - 1)), sigma: alpha / Math.sqrt(2 * Math.exp(u)) });
  }
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  return terms.map(({ weight, sigma }) => ({ weight: weight / total, sigma }));
}

/** Sums the cells of each spaxel, the PSF left out: the sky as a telescope without seeing would see it. */
export function sumToSpaxels(grid: FineGrid, fine: Float64Array): Float64Array {
  return makeConvolver(grid, [{ weight: 1, sigma: 0 }], 1)(fine);
}

/**
 * A function that convolves a map on the fine grid with the PSF and sums it to spaxels (flux per spaxel, nx·ny).
 * Both are one pass of a kernel with stride `oversample` in each direction. The kernels are cut at the margin and normalised.
 */
export function makeConvolver(grid: FineGrid, psf: Psf, pixelScale: number): (fine: Float64Array, out?: Float64Array) => Float64Array {
  const { nx, ny, oversample, margin, width, height } = grid;
  const kernels = psf.map(({ weight, sigma }) => {
    const kernel = stridedKernel((sigma / pixelScale) * oversample, oversample, margin * oversample);
    return { along: kernel, across: kernel.map((value) => weight * value), before: (kernel.length - oversample) / 2 };
  });
  const rows = new Float64Array(nx * height);
  return (fine, out = new Float64Array(nx * ny)) => {
    out.fill(0);
    for (const { along, across, before } of kernels) {
      rows.fill(0);
      for (let row = 0; row < height; row++) weighted(fine, row * width + margin * oversample - before, oversample, 1, along, rows, row * nx, nx);
      for (let y = 0; y < ny; y++) weighted(rows, ((y + margin) * oversample - before) * nx, 1, nx, across, out, y * nx, nx);
    }
    return out;
  };
}

/**
 * Adds to each of `count` values of `out` the weighted sum over `input` at from + i·stride + t·step, t the place in the kernel.
 * Four sums at a time: one alone would wait for each of its additions.
 */
function weighted(input: Float64Array, from: number, stride: number, step: number, kernel: Float64Array, out: Float64Array, start: number, count: number): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    let at = from + i * stride;
    let [a, b, c, d] = [out[start + i]!, out[start + i + 1]!, out[start + i + 2]!, out[start + i + 3]!];
    for (let t = 0; t < kernel.length; t++, at += step) {
      const factor = kernel[t]!;
      a += factor * input[at]!;
      b += factor * input[at + stride]!;
      c += factor * input[at + 2 * stride]!;
      d += factor * input[at + 3 * stride]!;
    }
    out[start + i] = a;
    out[start + i + 1] = b;
    out[start + i + 2] = c;
    out[start + i + 3] = d;
  }
  for (; i < count; i++) {
    let sum = out[start + i]!;
    for (let t = 0; t < kernel.length; t++) sum += kernel[t]! * input[from + i * stride + t * step]!;
    out[start + i] = sum;
  }
}

/** A normalised Gaussian (σ in cells, reaching 5σ or `reach` cells) convolved with a box of one spaxel, at stride one spaxel. */
function stridedKernel(sigma: number, oversample: number, reach: number): Float64Array {
  const radius = Math.min(reach, Math.ceil(5 * sigma));
  const gaussian = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => (radius === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma))));
  const total = gaussian.reduce((sum, value) => sum + value, 0);
  const kernel = new Float64Array(2 * radius + oversample);
  for (let cell = 0; cell < oversample; cell++) gaussian.forEach((value, i) => { kernel[i + cell]! += value / total; });
  return kernel;
}
