// The line-of-sight velocity distribution in Fourier space, and its way from templates to pixels.

import { multiplyAdd, sum2 } from './vector';

/** Frequencies between which the rotation exp(−iωV) is carried on by multiplication before it is computed anew. */
const renew: i32 = 32;

/**
 * Transfer function at ω = 2πk/n, k = 0 … n/2: exp(−iωV − variance ω²/2)[1 + h3 (−i)³H3(σω) + h4 (−i)⁴H4(σω)], H3(y) = (2√2y³ − 3√2y)/√6,
 * H4(y) = (4y⁴ − 12y² + 3)/√24 (van der Marel & Franx 1993). The value at n/2 is made real.
 */
export function losvd(out: usize, n: i32, velocity: f64, variance: f64, sigma: f64, h3: f64, h4: f64): void {
  const half = n >> 1;
  const step = 2 * Math.PI / <f64>n;
  const turnRe = Math.cos(step * velocity);
  const turnIm = -Math.sin(step * velocity);
  // exp(−u(k+1)²/2) = exp(−uk²/2)·exp(−uk)·exp(−u/2), u = variance·step².
  const u = variance * step * step;
  const ratio = Math.exp(-u);
  let re: f64 = 1, im: f64 = 0, gauss: f64 = 1, slope: f64 = 1;
  const moments = h3 != 0 || h4 != 0;
  for (let k = 0; k <= half; k++) {
    if (k % renew == 0) {
      const angle = step * velocity * <f64>k;
      re = Math.cos(angle);
      im = -Math.sin(angle);
      gauss = Math.exp(-0.5 * u * <f64>k * <f64>k);
      slope = Math.exp(-u * (<f64>k + 0.5));
    }
    let a = gauss * re;
    let b = gauss * im;
    if (moments) {
      const y = sigma * step * <f64>k;
      const y2 = y * y;
      const real = 1 + h4 * (4 * y2 * y2 - 12 * y2 + 3) / Math.sqrt(24);
      const imaginary = h3 * Math.SQRT2 * y * (2 * y2 - 3) / Math.sqrt(6);
      const x = a * real - b * imaginary;
      b = a * imaginary + b * real;
      a = x;
    }
    store<f64>(out + (<usize>k << 4), a);
    store<f64>(out + (<usize>k << 4), k == half ? 0 : b, 8);
    const x = re * turnRe - im * turnIm;
    im = re * turnIm + im * turnRe;
    re = x;
    gauss *= slope;
    slope *= ratio;
  }
}

/** out = a·b for complex values. */
export function complexMultiply(a: usize, b: usize, out: usize, count: i32): void {
  const end = a + (<usize>count << 4);
  const sign = f64x2(-1, 1);
  for (; a < end; a += 16, b += 16, out += 16) {
    const x = v128.load(a);
    const y = v128.load(b);
    const re = f64x2.mul(i64x2.shuffle(x, x, 0, 0), y);
    const im = f64x2.mul(i64x2.shuffle(x, x, 1, 1), i64x2.shuffle(y, y, 1, 0));
    v128.store(out, f64x2.add(re, f64x2.mul(im, sign)));
  }
}

/** out += scale·a for complex values and a real scale. */
export function complexAccumulate(out: usize, a: usize, scale: f64, count: i32): void {
  const end = a + (<usize>count << 4);
  const factor = f64x2.splat(scale);
  for (; a < end; a += 16, out += 16) v128.store(out, f64x2.add(v128.load(out), f64x2.mul(factor, v128.load(a))));
}

/** out[p] = scale[p] Σ_k weights[p·width + k] grid[first[p] + k]. */
export function project(first: usize, weights: usize, width: i32, grid: usize, pixels: i32, scale: usize, out: usize): void {
  const bytes = <usize>width << 3;
  for (let p = 0; p < pixels; p++) {
    const from = grid + (<usize>load<i32>(first + (<usize>p << 2)) << 3);
    let pair = f64x2.splat(0);
    let k: usize = 0;
    for (; k + 16 <= bytes; k += 16) pair = multiplyAdd(v128.load(weights + k), v128.load(from + k), pair);
    let sum = sum2(pair);
    if (k < bytes) sum += load<f64>(weights + k) * load<f64>(from + k);
    weights += bytes;
    store<f64>(out + (<usize>p << 3), sum * load<f64>(scale + (<usize>p << 3)));
  }
}

/** The adjoint of `project`: grid = Σ_p scale[p] values[p] weights[p·width + k] at first[p] + k. */
export function projectAdjoint(first: usize, weights: usize, width: i32, pixels: i32, scale: usize, values: usize, grid: usize, gridLength: i32): void {
  memory.fill(grid, 0, <usize>gridLength << 3);
  for (let p = 0; p < pixels; p++) {
    const to = grid + (<usize>load<i32>(first + (<usize>p << 2)) << 3);
    const value = load<f64>(values + (<usize>p << 3)) * load<f64>(scale + (<usize>p << 3));
    for (let k = 0; k < width; k++, weights += 8) {
      const at = to + (<usize>k << 3);
      store<f64>(at, load<f64>(at) + value * load<f64>(weights));
    }
  }
}
