import { ensureMemory, kernels } from '../kernels/index.js';

/**
 * Values [n] smoothed by a Gaussian of its own width at every pixel: out[i] = Σ values[k] g((k − i)/σ[i]) / Σ g((k − i)/σ[i]), by direct summation. Constants
 * stay constant. Beyond the ends there is nothing, and the weights inside are normalised. A NaN spreads as far as the kernels reach it.
 * Widths below a third of a pixel hardly smooth: the Gaussian is sampled at pixel centres.
 * @param sigma [n] pixels; 0 leaves the value
 * @param half how far the kernels reach [pixels]. Default: five times each pixel's own σ
 */
export function smoothVariable(values: ArrayLike<number>, sigma: ArrayLike<number>, half?: number): Float64Array {
  const n = values.length;
  const wasm = kernels();
  const input = wasm.heapStart();
  ensureMemory(input + 3 * 8 * n);
  const [given, widths, out] = [0, 1, 2].map((k) => new Float64Array(wasm.memory.buffer, input + k * 8 * n, n)) as [Float64Array, Float64Array, Float64Array];
  given.set(values);
  widths.set(sigma);
  wasm.smoothVariable(input, input + 8 * n, n, input + 16 * n, half ?? -1);
  return out.slice();
}
