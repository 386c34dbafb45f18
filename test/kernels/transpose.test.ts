import { describe, expect, it } from 'vitest';
import { transposePlanes, transposePlanesPlain } from '../../src/kernels/index.js';

/** Planes of big-endian floats whose value tells plane and pixel. */
function planesOf(width: 4 | 8, pixels: number, planes: number): Uint8Array {
  const bytes = new Uint8Array(width * pixels * planes + 3).subarray(3);
  const view = new DataView(bytes.buffer, 3);
  for (let i = 0; i < pixels * planes; i++) {
    const value = i % 17 === 0 ? NaN : Math.sin(i) * 10 ** ((i % 60) - 30);
    if (width === 4) view.setFloat32(4 * i, value);
    else view.setFloat64(8 * i, value);
  }
  return bytes;
}

describe('the transposing kernel', () => {
  for (const width of [4, 8] as const) {
    for (const [pixels, planes] of [[1, 1], [4, 4], [16, 8], [7, 5], [33, 6], [100, 1], [1, 9], [1037, 130]] as const) {
      it(`gives bit for bit what its plain twin gives: ${planes} planes of ${pixels} values of ${width} bytes`, () => {
        const bytes = planesOf(width, pixels, planes);
        const stride = planes + 3;
        const [fast, plain] = [new Float32Array(pixels * stride).fill(-1), new Float32Array(pixels * stride).fill(-1)];
        transposePlanes(bytes, width, pixels, fast, 2, stride);
        transposePlanesPlain(bytes, width, pixels, plain, 2, stride);
        expect(fast.findIndex((value, i) => !Object.is(value, plain[i]))).toBe(-1);
        expect([fast[0], fast[stride - 1]]).toEqual([-1, -1]);
      });
    }
  }
});
