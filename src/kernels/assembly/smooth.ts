// Smoothing by a Gaussian of its own width at every pixel.

import { exponential, multiplyAdd, sum2 } from './vector';

/** Two weights exp(−½(d/σ)²) of pixels d and d + 1 away. */
// @ts-ignore: decorator
@inline
function weights(distance: i32, inverse: v128): v128 {
  const u = f64x2.mul(f64x2.add(f64x2.splat(<f64>distance), f64x2(0, 1)), inverse);
  // Beyond 9σ a weight is below every digit of the sum.
  return exponential(f64x2.pmax(f64x2.mul(f64x2.mul(u, u), f64x2.splat(-0.5)), f64x2.splat(-40.5)));
}

/**
 * out[i] = Σ input[k] g((k − i)/σ[i]) / Σ g((k − i)/σ[i]) over the pixels that are there and not further than `half` from i (5σ[i] for a negative `half`).
 * σ = 0 leaves the value.
 */
export function smoothVariable(input: usize, sigma: usize, n: i32, out: usize, half: i32): void {
  for (let i = 0; i < n; i++) {
    const at = <usize>i << 3;
    const width = load<f64>(sigma + at);
    if (width == 0) {
      store<f64>(out + at, load<f64>(input + at));
      continue;
    }
    const far = half < 0 ? <i32>min(<f64>n, ceil(5 * width)) : half;
    const inverse = f64x2.splat(1 / width);
    let sum = f64x2.splat(0);
    let norm = f64x2.splat(0);
    const last = min(n - 1, i + far);
    let k = max(0, i - far);
    for (; k < last; k += 2) {
      const g = weights(k - i, inverse);
      sum = multiplyAdd(g, v128.load(input + (<usize>k << 3)), sum);
      norm = f64x2.add(norm, g);
    }
    let total = sum2(sum);
    let all = sum2(norm);
    if (k == last) {
      const g = f64x2.extract_lane(weights(k - i, inverse), 0);
      total += g * load<f64>(input + (<usize>k << 3));
      all += g;
    }
    store<f64>(out + at, total / all);
  }
}
