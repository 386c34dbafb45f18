import { setFlagsFromString } from 'node:v8';
import { useFastMath } from '../kernels/index.js';

/**
 * Kernels with fused multiply-add from now on, in this thread: a little faster, and results that depend on the processor. To be called before anything is
 * computed.
 * @throws BadArgument where the engine has no relaxed SIMD, or kernels are in use already
 */
export function allowFastMath(): void {
  // Node 20 knows relaxed SIMD behind this flag; newer ones have it on and ignore it.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  useFastMath();
}
