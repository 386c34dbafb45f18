import { createFft } from './fft.js';

/**
 * A Gaussian of sum 1 on n pixels, built from its analytic transform exp(−σ²ω²/2 − iωx), times sin(ω/2)/(ω/2) when each pixel holds the mean over its
 * width: what stays true to sum, place and width when it is convolved further in Fourier space, even where σ is below a pixel. The price for cutting the
 * transform at the pixels' Nyquist frequency is ringing, of exp(−π²σ²/2) and less.
 * @param n pixels; the transform is as long as the next power of two
 * @param centre pixel, fractional, 0 for the middle of the first
 * @param sigma [pixels]
 * @param integrated Default true: mean over each pixel; false: at its centre
 */
export function bandLimitedGaussian(n: number, centre: number, sigma: number, integrated = true): Float64Array {
  const length = 2 ** Math.ceil(Math.log2(n));
  const transform = new Float64Array(length + 2);
  for (let k = 0; k <= length / 2; k++) {
    const ω = (2 * Math.PI * k) / length;
    const size = Math.exp(-0.5 * (sigma * ω) ** 2) * (integrated && k > 0 ? Math.sin(ω / 2) / (ω / 2) : 1);
    transform[2 * k] = size * Math.cos(ω * centre);
    transform[2 * k + 1] = -size * Math.sin(ω * centre);
  }
  transform[length + 1] = 0; // a real signal has no imaginary part at the Nyquist frequency
  return createFft(length).inverse(transform).subarray(0, n);
}
