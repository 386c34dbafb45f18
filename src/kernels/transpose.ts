import { ensureMemory, kernels } from './wasm.js';

/** Values transposed at a time: input and output of this many float32 stay in the processor's cache. */
const tile = 1 << 17;

/**
 * Planes of big-endian floats, one after the other as FITS stores them, → spectra: value k of pixel p of `bytes` goes to
 * output[p × stride + at + k], as float32 in the machine's order.
 * @param width bytes of a value: 4 (float32) or 8 (float64)
 * @param pixels values in a plane; the number of planes is what `bytes` holds
 */
export function transposePlanes(bytes: Uint8Array, width: 4 | 8, pixels: number, output: Float32Array, at: number, stride: number): void {
  const wasm = kernels();
  const planes = bytes.length / (pixels * width);
  const block = Math.min(pixels, Math.max(16, Math.floor(tile / planes) & ~15));
  const input = wasm.heapStart();
  const result = input + block * planes * width;
  ensureMemory(result + block * planes * 4);
  const memory = new Uint8Array(wasm.memory.buffer);
  const spectra = new Float32Array(wasm.memory.buffer, result, block * planes);
  const kernel = width === 4 ? wasm.transposeF32 : wasm.transposeF64;
  for (let p = 0; p < pixels; p += block) {
    const n = Math.min(block, pixels - p);
    for (let k = 0; k < planes; k++) {
      const from = (k * pixels + p) * width;
      memory.set(bytes.subarray(from, from + n * width), input + k * n * width);
    }
    kernel(input, result, n, planes, planes);
    for (let q = 0; q < n; q++) {
      const to = (p + q) * stride + at;
      const from = q * planes;
      for (let k = 0; k < planes; k++) output[to + k] = spectra[from + k]!;
    }
  }
}

/** The plain twin of `transposePlanes`. */
export function transposePlanesPlain(bytes: Uint8Array, width: 4 | 8, pixels: number, output: Float32Array, at: number, stride: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const planes = bytes.length / (pixels * width);
  for (let k = 0; k < planes; k++) {
    for (let p = 0; p < pixels; p++) {
      const from = (k * pixels + p) * width;
      output[p * stride + at + k] = width === 4 ? view.getFloat32(from) : view.getFloat64(from);
    }
  }
}
