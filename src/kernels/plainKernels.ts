import { boxLeastSquaresPlain } from './plainBox.js';
import { irfftPlain, rfftPlain } from './plainFft.js';
import type { SpectralExports } from './wasm.js';

/**
 * The plain twin of the instances of `createKernels`, with the same exports over a memory of its own: the definitions written out, which tests compare the
 * WebAssembly with, and which can stand in for it.
 */
export function plainKernels(bytes = 65536): SpectralExports {
  let buffer = new ArrayBuffer(bytes);
  const memory = {
    get buffer() { return buffer; },
    grow(pages: number) {
      const before = buffer.byteLength;
      const grown = new ArrayBuffer(before + pages * 65536);
      new Uint8Array(grown).set(new Uint8Array(buffer));
      buffer = grown;
      return before / 65536;
    },
  };
  const floats = (address: number, length: number): Float64Array => new Float64Array(buffer, address, length);
  const dot = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  const columnAt = (columns: number, stride: number, n: number, j: number): Float64Array => floats(columns + j * stride, n);
  return {
    memory,
    heapStart: () => 16,
    rfft: (input, output, n) => rfftPlain(floats(input, n), floats(output, n + 2)),
    irfft: (input, output, n) => irfftPlain(floats(input, n + 2), floats(output, n)),
    losvd(out, n, velocity, variance, sigma, h3, h4) {
      const transfer = floats(out, n + 2);
      for (let k = 0; 2 * k <= n; k++) {
        const ω = (2 * Math.PI * k) / n;
        const y = sigma * ω;
        const H3 = (2 * Math.SQRT2 * y ** 3 - 3 * Math.SQRT2 * y) / Math.sqrt(6);
        const H4 = (4 * y ** 4 - 12 * y ** 2 + 3) / Math.sqrt(24);
        const size = Math.exp((-variance * ω ** 2) / 2);
        const [a, b] = [size * Math.cos(ω * velocity), -size * Math.sin(ω * velocity)];
        transfer[2 * k] = a * (1 + h4 * H4) - b * h3 * H3;
        transfer[2 * k + 1] = 2 * k === n ? 0 : a * h3 * H3 + b * (1 + h4 * H4);
      }
    },
    complexMultiply(a, b, out, count) {
      const [x, y, product] = [floats(a, 2 * count), floats(b, 2 * count), floats(out, 2 * count)];
      for (let k = 0; k < 2 * count; k += 2) {
        const [re, im] = [x[k]! * y[k]! - x[k + 1]! * y[k + 1]!, x[k]! * y[k + 1]! + x[k + 1]! * y[k]!];
        product[k] = re;
        product[k + 1] = im;
      }
    },
    complexAccumulate(out, a, scale, count) {
      const [sum, term] = [floats(out, 2 * count), floats(a, 2 * count)];
      for (let k = 0; k < 2 * count; k++) sum[k]! += scale * term[k]!;
    },
    project(first, weights, width, grid, pixels, scale, out) {
      const [from, factor, values] = [new Int32Array(buffer, first, pixels), floats(scale, pixels), floats(out, pixels)];
      for (let p = 0; p < pixels; p++) values[p] = factor[p]! * dot(floats(weights + 8 * p * width, width), floats(grid + 8 * from[p]!, width));
    },
    projectAdjoint(first, weights, width, pixels, scale, values, grid, gridLength) {
      const [to, factor, value, sums] = [new Int32Array(buffer, first, pixels), floats(scale, pixels), floats(values, pixels), floats(grid, gridLength)];
      const share = floats(weights, pixels * width);
      sums.fill(0);
      for (let p = 0; p < pixels; p++) for (let k = 0; k < width; k++) sums[to[p]! + k]! += factor[p]! * value[p]! * share[p * width + k]!;
    },
    dotProduct: (a, b, n) => dot(floats(a, n), floats(b, n)),
    gram(columns, stride, n, from, to, out, lead) {
      const products = floats(out, (to - 1) * lead + to);
      for (let i = from; i < to; i++) {
        for (let j = 0; j <= i; j++) products[i * lead + j] = products[j * lead + i] = dot(columnAt(columns, stride, n, i), columnAt(columns, stride, n, j));
      }
    },
    columnDots(columns, stride, n, count, y, out) {
      const products = floats(out, count);
      for (let j = 0; j < count; j++) products[j] = dot(columnAt(columns, stride, n, j), floats(y, n));
    },
    combine(columns, stride, n, count, x, out) {
      const [sum, factors] = [floats(out, n), floats(x, count)];
      sum.fill(0);
      for (let j = 0; j < count; j++) {
        const column = columnAt(columns, stride, n, j);
        for (let p = 0; p < n; p++) sum[p]! += factors[j]! * column[p]!;
      }
    },
    multiplyColumns(columns, stride, n, count, factor, out) {
      const factors = floats(factor, n);
      for (let j = 0; j < count; j++) columnAt(out, stride, n, j).set(columnAt(columns, stride, n, j).map((value, p) => value * factors[p]!));
    },
    cholesky(a, n, lead) {
      const rows = Array.from({ length: n }, (_, i) => floats(a + 8 * i * lead, n));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          const value = rows[i]![j]! - dot(rows[i]!.subarray(0, j), rows[j]!);
          if (i === j && !(value > 1e-13 * rows[i]![i]! && value < Infinity)) return i + 1;
          rows[i]![j] = i === j ? Math.sqrt(value) : value / rows[j]![j]!;
        }
      }
      return 0;
    },
    choleskySolve(l, n, lead, b) {
      const [rows, x] = [Array.from({ length: n }, (_, i) => floats(l + 8 * i * lead, n)), floats(b, n)];
      for (let i = 0; i < n; i++) x[i] = (x[i]! - dot(rows[i]!.subarray(0, i), x)) / rows[i]![i]!;
      for (let i = n - 1; i >= 0; i--) {
        for (let k = i + 1; k < n; k++) x[i]! -= rows[k]![i]! * x[k]!;
        x[i]! /= rows[i]![i]!;
      }
    },
    boxLeastSquares(gram, right, n, lead, lower, upper, x, _scratch, warm) {
      return boxLeastSquaresPlain(floats(gram, (n - 1) * lead + n), lead, floats(right, n), floats(lower, n), floats(upper, n), floats(x, n), warm !== 0);
    },
    smoothVariable(input, sigma, n, out, half) {
      const [values, widths, smoothed] = [floats(input, n), floats(sigma, n), floats(out, n)];
      for (let i = 0; i < n; i++) {
        const σ = widths[i]!;
        const far = half < 0 ? Math.ceil(5 * σ) : half;
        let [sum, norm] = [0, 0];
        for (let k = Math.max(0, i - far); k <= Math.min(n - 1, i + far); k++) {
          const weight = Math.exp(-0.5 * ((k - i) / σ) ** 2);
          sum += weight * values[k]!;
          norm += weight;
        }
        smoothed[i] = σ === 0 ? values[i]! : sum / norm;
      }
    },
  };
}
