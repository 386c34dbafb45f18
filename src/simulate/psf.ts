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
  const kernels = psf.map(({ weight, sigma }) => ({ weight, kernel: stridedKernel((sigma / pixelScale) * oversample, oversample, margin * oversample) }));
  const rows = new Float64Array(nx * height);
  return (fine, out = new Float64Array(nx * ny)) => {
    out.fill(0);
    for (const { weight, kernel } of kernels) {
      const length = kernel.length;
      const before = (length - oversample) / 2;
      for (let row = 0; row < height; row++) {
        for (let x = 0; x < nx; x++) {
          const from = row * width + (x + margin) * oversample - before;
          let sum = 0;
          for (let t = 0; t < length; t++) sum += kernel[t]! * fine[from + t]!;
          rows[row * nx + x] = sum;
        }
      }
      for (let y = 0; y < ny; y++) {
        for (let t = 0; t < length; t++) {
          const from = ((y + margin) * oversample - before + t) * nx;
          const factor = weight * kernel[t]!;
          for (let x = 0; x < nx; x++) out[y * nx + x]! += factor * rows[from + x]!;
        }
      }
    }
    return out;
  };
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
