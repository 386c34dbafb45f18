import type { Random } from '../numeric/index.js';

/** Kernels reach this many σ. */
const reach = 4;

/**
 * Fills `into` with Gaussian noise of variance 1 (white noise smoothed), correlated between pixels k apart by exp(−k²/2L²).
 * @param correlation L [pixels]
 */
export function smoothNoise(into: Float64Array, correlation: number, random: Random): void {
  const sigma = correlation / Math.SQRT2;
  const half = Math.ceil(reach * sigma);
  const kernel = Float64Array.from({ length: 2 * half + 1 }, (_, k) => Math.exp(-0.5 * ((k - half) / sigma) ** 2));
  const norm = Math.sqrt(kernel.reduce((sum, g) => sum + g * g, 0));
  const white = Float64Array.from({ length: into.length + 2 * half }, () => random.normal());
  for (let i = 0; i < into.length; i++) {
    let sum = 0;
    for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * white[i + k]!;
    into[i] = sum / norm;
  }
}
