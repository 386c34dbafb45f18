import type { SpectralExports } from './wasm.js';

/** Bytes of a plan of `fftPlanInit`. */
export function fftPlanBytes(n: number): number {
  return 16 * (n / 2) * 2 + 2 * (16 * (n / 2) + 16);
}

/** Fills the plan at an address: the roots that `rfft` and `irfft` of length n need. n must be even, of factors 2, 3 and 5. */
export function fftPlanInit(kernels: Pick<SpectralExports, 'memory'>, plan: number, n: number): void {
  const roots = new Float64Array(kernels.memory.buffer, plan, 2 * n);
  const half = n / 2;
  for (let k = 0; k < half; k++) {
    const [whole, real] = [(2 * Math.PI * k) / half, (2 * Math.PI * k) / n];
    roots[2 * k] = Math.cos(whole);
    roots[2 * k + 1] = -Math.sin(whole);
    roots[2 * (half + k)] = Math.cos(real);
    roots[2 * (half + k) + 1] = -Math.sin(real);
  }
}

/** The shortest length ≥ n that transforms fast: even, of factors 2, 3 and 5. */
export function goodFftLength(n: number): number {
  for (let length = 2 * Math.max(1, Math.ceil(n / 2)); ; length += 2) {
    let rest = length;
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
    if (rest === 1) return length;
  }
}
