import { swapBytes } from './bytes.js';
import type { Samples } from './bytes.js';
import { decodeSamples } from './bytes.js';

/** physical = zero + scale × stored; a stored integer equal to `blank` is no value (NaN). */
export interface Scaling {
  readonly scale: number;
  readonly zero: number;
  readonly blank: number | undefined;
}

/** Whether float32 holds every physical value exactly: float32 samples and small integers, unscaled. */
export const fitsFloat32 = (bitpix: number, { scale, zero }: Scaling): boolean =>
  scale === 1 && zero === 0 && (bitpix === -32 || bitpix === 8 || bitpix === 16);

const unsigned64 = 2 ** 63;

/** Stored numbers → physical values, from `at` on in `out`. */
export function applyScaling(samples: Samples, { scale, zero, blank }: Scaling, out: Float32Array | Float64Array, at = 0): void {
  if (samples instanceof BigInt64Array) {
    // In doubles, stored + 2^63 would lose the low bits of the unsigned numbers that this convention means.
    const whole = scale === 1 && zero === unsigned64;
    const offset = whole ? BigInt(unsigned64) : 0n;
    for (let i = 0; i < samples.length; i++) {
      const stored = Number(samples[i]!);
      out[at + i] = stored === blank ? NaN : whole ? Number(samples[i]! + offset) : stored * scale + zero;
    }
  } else if (scale === 1 && zero === 0 && blank === undefined) {
    out.set(samples, at);
  } else if (samples instanceof Float32Array || samples instanceof Float64Array) {
    for (let i = 0; i < samples.length; i++) out[at + i] = samples[i]! * scale + zero;
  } else {
    for (let i = 0; i < samples.length; i++) out[at + i] = samples[i] === blank ? NaN : samples[i]! * scale + zero;
  }
}

/** Big-endian bytes → physical values, from `at` on in `out`. */
export function decodePhysical(bytes: Uint8Array, bitpix: number, scaling: Scaling, out: Float32Array | Float64Array, at: number): void {
  const plain = scaling.scale === 1 && scaling.zero === 0;
  if (plain && bitpix === -8 * out.BYTES_PER_ELEMENT) {
    const target = new Uint8Array(out.buffer, out.byteOffset + at * out.BYTES_PER_ELEMENT, bytes.length);
    target.set(bytes);
    swapBytes(target, out.BYTES_PER_ELEMENT);
  } else {
    applyScaling(decodeSamples(bytes, bitpix), scaling, out, at);
  }
}
