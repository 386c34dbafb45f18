import { ZgradError } from '../errors/index.js';
import { createKernels, ensureMemory, fftPlanBytes, fftPlanInit, goodFftLength } from '../kernels/index.js';

/** Fourier transforms of real sequences of one length. */
export interface Fft {
  /** n real values → n/2 + 1 complex ones, real and imaginary part in turn; kernel e^{−iωx}. */
  forward(values: Float64Array): Float64Array;
  /** The way back, with 1/n. */
  inverse(transform: Float64Array): Float64Array;
}

/** Makes the transforms of length n. @throws BadArgument unless n is even, of factors 2, 3 and 5: see `goodFftLength` */
export function createFft(n: number): Fft {
  const good = n >= 2 && Number.isInteger(n) ? goodFftLength(n) : 2;
  if (good !== n) throw new ZgradError('BadArgument', { where: 'Fourier transform', found: `length ${n}`, expected: 'an even length of factors 2, 3 and 5', remedy: `Pad to ${good}.` });
  const kernels = createKernels();
  const plan = kernels.heapStart();
  const real = plan + fftPlanBytes(n);
  const complex = real + 8 * n + 16;
  ensureMemory(complex + 8 * (n + 2), kernels);
  fftPlanInit(kernels, plan, n);
  const [time, frequency] = [new Float64Array(kernels.memory.buffer, real, n), new Float64Array(kernels.memory.buffer, complex, n + 2)];
  return {
    forward(values) {
      time.set(values);
      kernels.rfft(real, complex, n, plan);
      return frequency.slice();
    },
    inverse(transform) {
      frequency.set(transform);
      kernels.irfft(complex, real, n, plan);
      return time.slice();
    },
  };
}
