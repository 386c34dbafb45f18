import { ensureMemory, kernels } from './wasm.js';

/** Values transposed at a time: input and output of this many float32 stay in the processor's cache. */
const tile = 1 << 17;
/** Planes transposed at a time: more of them leave so few pixels to a tile that the many short copies take longer than the kernel. */
const deepest = 256;

/**
 * Planes of big-endian floats, one after the other as FITS stores them, → spectra: value k of pixel p of `bytes` goes to
 * output[p × stride + at + k], as float32 in the machine's order.
 * @param width bytes of a value: 4 (float32) or 8 (float64)
 * @param pixels values in a plane; the number of planes is what `bytes` holds
 */
export function transposePlanes(bytes: Uint8Array, width: 4 | 8, pixels: number, output: Float32Array, at: number, stride: number): void {
  const wasm = kernels();
  const planes = bytes.length / (pixels * width);
  const depth = Math.min(planes, deepest);
  const block = Math.min(pixels, Math.max(16, Math.floor(tile / depth) & ~15));
  const input = wasm.heapStart();
  const result = input + block * depth * width;
  ensureMemory(result + block * depth * 4);
  const memory = new Uint8Array(wasm.memory.buffer);
  const spectra = new Float32Array(wasm.memory.buffer, result, block * depth);
  const kernel = width === 4 ? wasm.transposeF32 : wasm.transposeF64;
  for (let first = 0; first < planes; first += depth) {
    const m = Math.min(depth, planes - first);
    for (let p = 0; p < pixels; p += block) {
      const n = Math.min(block, pixels - p);
      for (let k = 0; k < m; k++) {
        const from = ((first + k) * pixels + p) * width;
        memory.set(bytes.subarray(from, from + n * width), input + k * n * width);
      }
      kernel(input, result, n, m, m);
      for (let q = 0; q < n; q++) output.set(spectra.subarray(q * m, (q + 1) * m), (p + q) * stride + at + first);
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
