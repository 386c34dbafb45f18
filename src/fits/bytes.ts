/**
 * Reverses the bytes of every `width`-byte number in place. FITS is big-endian; every platform that runs
 * JavaScript engines and WebAssembly today is little-endian. `bytes` must begin at a multiple of `width` in its buffer.
 */
export function swapBytes(bytes: Uint8Array, width: number): void {
  if (width === 2) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    for (let i = 0; i < words.length; i++) words[i] = (words[i]! << 8) | (words[i]! >>> 8);
  } else if (width === 4) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    for (let i = 0; i < words.length; i++) words[i] = swapped(words[i]!);
  } else if (width === 8) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    for (let i = 0; i < words.length; i += 2) {
      const low = swapped(words[i]!);
      words[i] = swapped(words[i + 1]!);
      words[i + 1] = low;
    }
  }
}

const swapped = (w: number): number => (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);

/** A typed array over `ArrayBuffer` memory: the numbers of one sample format. */
export type Samples = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

/** Big-endian bytes → numbers of the format BITPIX, in a new array (the bytes are left alone). */
export function decodeSamples(bytes: Uint8Array, bitpix: number): Samples {
  // Not slice(): that of Node's Buffer does not copy.
  const copy = new Uint8Array(bytes);
  swapBytes(copy, Math.abs(bitpix) / 8);
  return samplesIn(copy.buffer, bitpix);
}

/** Memory with numbers of the format BITPIX in the byte order of the machine, as numbers. */
export function samplesIn(memory: ArrayBuffer, bitpix: number): Samples {
  switch (bitpix) {
    case 16: return new Int16Array(memory);
    case 32: return new Int32Array(memory);
    case 64: return new BigInt64Array(memory);
    case -32: return new Float32Array(memory);
    case -64: return new Float64Array(memory);
    default: return new Uint8Array(memory);
  }
}
