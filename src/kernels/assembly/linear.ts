// Products of columns (n a multiple of 4 values, 16-byte aligned) and small dense solvers.

import { multiplyAdd, sum2 } from './vector';

export function dotProduct(a: usize, b: usize, n: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  const end = a + (<usize>n << 3);
  for (; a < end; a += 32, b += 32) {
    even = multiplyAdd(v128.load(a), v128.load(b), even);
    odd = multiplyAdd(v128.load(a, 16), v128.load(b, 16), odd);
  }
  return sum2(f64x2.add(even, odd));
}

/** Adds to the lower triangle. */
// @ts-ignore: decorator
@inline
function put(out: usize, lead: i32, i: i32, j: i32, value: f64): void {
  if (j > i) return;
  const at = out + (<usize>(i * lead + j) << 3);
  store<f64>(at, load<f64>(at) + value);
}

/** Four columns from i on against two from j on. */
// @ts-ignore: decorator
@inline
function block(columns: usize, stride: usize, n: i32, i: i32, j: i32, out: usize, lead: i32): void {
  const zero = f64x2.splat(0);
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
  let a0 = columns + <usize>i * stride;
  let b0 = columns + <usize>j * stride;
  const a1 = stride, a2 = stride << 1, a3 = a1 + a2;
  const end = a0 + (<usize>n << 3);
  for (; a0 < end; a0 += 16, b0 += 16) {
    const x = v128.load(b0);
    const y = v128.load(b0 + stride);
    let a = v128.load(a0);
    s00 = multiplyAdd(a, x, s00);
    s01 = multiplyAdd(a, y, s01);
    a = v128.load(a0 + a1);
    s10 = multiplyAdd(a, x, s10);
    s11 = multiplyAdd(a, y, s11);
    a = v128.load(a0 + a2);
    s20 = multiplyAdd(a, x, s20);
    s21 = multiplyAdd(a, y, s21);
    a = v128.load(a0 + a3);
    s30 = multiplyAdd(a, x, s30);
    s31 = multiplyAdd(a, y, s31);
  }
  put(out, lead, i, j, sum2(s00));
  put(out, lead, i, j + 1, sum2(s01));
  put(out, lead, i + 1, j, sum2(s10));
  put(out, lead, i + 1, j + 1, sum2(s11));
  put(out, lead, i + 2, j, sum2(s20));
  put(out, lead, i + 2, j + 1, sum2(s21));
  put(out, lead, i + 3, j, sum2(s30));
  put(out, lead, i + 3, j + 1, sum2(s31));
}

/** Values of all columns that stay in the processor's second cache while they are multiplied with each other. */
const cached: i32 = 1 << 16;

/** Dot products of columns from … to − 1 with columns 0 … their own, into both triangles of out. */
export function gram(columns: usize, stride: usize, n: i32, from: i32, to: i32, out: usize, lead: i32): void {
  for (let i = from; i < to; i++) memory.fill(out + (<usize>(i * lead) << 3), 0, <usize>(i + 1) << 3);
  const chunk = max(64, cached / max(1, to) & ~3);
  for (let p = 0; p < n; p += chunk) {
    const part = columns + (<usize>p << 3);
    const length = min(chunk, n - p);
    let i = from;
    for (; i + 4 <= to; i += 4) {
      let j = 0;
      // Up to the block's own last column.
      for (; j + 2 <= i + 4; j += 2) block(part, stride, length, i, j, out, lead);
      // The last one of a block whose number of columns before it is odd.
      if (j < i + 4) put(out, lead, j, j, dotProduct(part + <usize>j * stride, part + <usize>j * stride, length));
    }
    for (; i < to; i++) addDots(part, stride, length, i + 1, part + <usize>i * stride, out + (<usize>(i * lead) << 3));
  }
  for (let i = from; i < to; i++) {
    for (let j = 0; j < i; j++) store<f64>(out + (<usize>(j * lead + i) << 3), load<f64>(out + (<usize>(i * lead + j) << 3)));
  }
}

// @ts-ignore: decorator
@inline
function addTo(at: usize, value: f64): void { store<f64>(at, load<f64>(at) + value); }

/** out_j += column_j · y. */
function addDots(columns: usize, stride: usize, n: i32, count: i32, y: usize, out: usize): void {
  let j = 0;
  for (; j + 4 <= count; j += 4, out += 32) {
    let s0 = f64x2.splat(0), s1 = f64x2.splat(0), s2 = f64x2.splat(0), s3 = f64x2.splat(0);
    let a = columns + <usize>j * stride;
    const end = a + (<usize>n << 3);
    for (let at = y; a < end; a += 16, at += 16) {
      const v = v128.load(at);
      s0 = multiplyAdd(v128.load(a), v, s0);
      s1 = multiplyAdd(v128.load(a + stride), v, s1);
      s2 = multiplyAdd(v128.load(a + 2 * stride), v, s2);
      s3 = multiplyAdd(v128.load(a + 3 * stride), v, s3);
    }
    addTo(out, sum2(s0));
    addTo(out + 8, sum2(s1));
    addTo(out + 16, sum2(s2));
    addTo(out + 24, sum2(s3));
  }
  for (; j < count; j++, out += 8) addTo(out, dotProduct(columns + <usize>j * stride, y, n));
}

/** out_j = column_j · y. */
export function columnDots(columns: usize, stride: usize, n: i32, count: i32, y: usize, out: usize): void {
  memory.fill(out, 0, <usize>count << 3);
  addDots(columns, stride, n, count, y, out);
}

/** out = Σ x_j column_j. */
export function combine(columns: usize, stride: usize, n: i32, count: i32, x: usize, out: usize): void {
  memory.fill(out, 0, <usize>n << 3);
  const end = out + (<usize>n << 3);
  for (let j = 0; j < count; j++) {
    const factor = load<f64>(x + (<usize>j << 3));
    if (factor == 0) continue;
    const f = f64x2.splat(factor);
    let a = columns + <usize>j * stride;
    for (let at = out; at < end; at += 16, a += 16) v128.store(at, multiplyAdd(f, v128.load(a), v128.load(at)));
  }
}

/** Columns out_j = column_j · factor, value by value; both have the same stride. */
export function multiplyColumns(columns: usize, stride: usize, n: i32, count: i32, factor: usize, out: usize): void {
  const bytes = <usize>n << 3;
  for (let j = 0; j < count; j++, columns += stride, out += stride) {
    for (let k: usize = 0; k < bytes; k += 16) v128.store(out + k, f64x2.mul(v128.load(columns + k), v128.load(factor + k)));
  }
}

/** Lower triangle of a ← L with L Lᵀ = a, row by row; 0, or the number of the pivot (from 1) that has lost all its digits. */
export function cholesky(a: usize, n: i32, lead: i32): i32 {
  const stride = <usize>lead << 3;
  for (let i = 0; i < n; i++) {
    const row = a + <usize>i * stride;
    for (let j = 0; j <= i; j++) {
      const other = a + <usize>j * stride;
      let s = f64x2.splat(0);
      let k = 0;
      for (; k + 2 <= j; k += 2) s = multiplyAdd(v128.load(row + (<usize>k << 3)), v128.load(other + (<usize>k << 3)), s);
      let sum = sum2(s);
      if (k < j) sum += load<f64>(row + (<usize>k << 3)) * load<f64>(other + (<usize>k << 3));
      const diagonal = load<f64>(row + (<usize>j << 3));
      const value = diagonal - sum;
      if (j < i) {
        store<f64>(row + (<usize>j << 3), value / load<f64>(other + (<usize>j << 3)));
      } else {
        if (!(value > smallestPivot * diagonal && value < Infinity)) return i + 1;
        store<f64>(row + (<usize>j << 3), sqrt(value));
      }
    }
  }
  return 0;
}

/** b ← (L Lᵀ)⁻¹ b. */
export function choleskySolve(l: usize, n: i32, lead: i32, b: usize): void {
  const stride = <usize>lead << 3;
  for (let i = 0; i < n; i++) {
    let sum = load<f64>(b + (<usize>i << 3));
    const row = l + <usize>i * stride;
    for (let k = 0; k < i; k++) sum -= load<f64>(row + (<usize>k << 3)) * load<f64>(b + (<usize>k << 3));
    store<f64>(b + (<usize>i << 3), sum / load<f64>(row + (<usize>i << 3)));
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = l + <usize>i * stride;
    const value = load<f64>(b + (<usize>i << 3)) / load<f64>(row + (<usize>i << 3));
    store<f64>(b + (<usize>i << 3), value);
    for (let k = 0; k < i; k++) store<f64>(b + (<usize>k << 3), load<f64>(b + (<usize>k << 3)) - value * load<f64>(row + (<usize>k << 3)));
  }
}

/** A column whose part clear of the others is below this share of its square depends on them. */
const smallestPivot: f64 = 1e-13;
