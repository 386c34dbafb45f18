import { swapBytes } from './bytes.js';

/** Arrays that an image can be written from. */
export type ImageValues = Float32Array | Float64Array | Int32Array | Int16Array | Uint8Array | BigInt64Array;

/** BITPIX of an array. */
export function bitpixOf(values: ImageValues): 8 | 16 | 32 | 64 | -32 | -64 {
  if (values instanceof Float32Array) return -32;
  if (values instanceof Float64Array) return -64;
  if (values instanceof Int32Array) return 32;
  if (values instanceof Int16Array) return 16;
  return values instanceof BigInt64Array ? 64 : 8;
}

/** Numbers → big-endian bytes of the format BITPIX, in new memory. */
export function encodeSamples(values: ImageValues, bitpix: number): Uint8Array {
  const stored = converted(values, bitpix);
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  swapBytes(bytes, stored.BYTES_PER_ELEMENT);
  return bytes;
}

function converted(values: ImageValues, bitpix: number): ImageValues {
  if (bitpixOf(values) === bitpix) return values.slice();
  if (bitpix === 64) return BigInt64Array.from(values as ArrayLike<number>, BigInt);
  const numbers = values instanceof BigInt64Array ? Float64Array.from(values, Number) : values;
  switch (bitpix) {
    case -32: return Float32Array.from(numbers);
    case -64: return Float64Array.from(numbers);
    case 32: return Int32Array.from(numbers);
    case 16: return Int16Array.from(numbers);
    default: return Uint8Array.from(numbers);
  }
}
