// Gaussian lines in pixels and their normal equations, for the simultaneous fit of emission lines. One block holds the lines
// of one stretch of spectrum; the caller lays out its arrays (all f64, pixel counts padded to a multiple of 4 with zero
// scale and data):
//   edges[n + 4], scale[n] (root of the weight, over the pixel's width when the profile is integrated), data[n] (times root weight),
//   columns[linear][n] (times root weight; amplitudes first, then fixed ones), range[amplitudes][2] of the pixels that a
//   column reaches, slopes[lines][3][n], kinematic[2 sets][n], line[lines][6] = mean, sigma, share, column, first, last;
//   rate[lines][4] = d mean/dv, d sigma/dv, d sigma/du times flux, and the set of kinematics that the line belongs to.

import { exponential, multiplyAdd } from './vector';

const inverseRoot2Pi: f64 = 0.3989422804014327;

/**
 * Mills' ratio (1 − Φ(u))/φ(u) for 0 ≤ u ≤ 9, to 1e-14: Chebyshev fit in s = 17/9 − (104/9)/(u + 4), as powers of s.
 */
// @ts-ignore: decorator
@inline
function mills(u: v128): v128 {
  const s = f64x2.sub(f64x2.splat(17.0 / 9), f64x2.div(f64x2.splat(104.0 / 9), f64x2.add(u, f64x2.splat(4))));
  const s2 = f64x2.mul(s, s);
  const s4 = f64x2.mul(s2, s2);
  const p0 = f64x2.add(f64x2.splat(0.40358084554502316), f64x2.mul(s, f64x2.splat(-0.4707795295165656)));
  const p2 = f64x2.add(f64x2.splat(0.25302060615480254), f64x2.mul(s, f64x2.splat(-0.09798323261517292)));
  const p4 = f64x2.add(f64x2.splat(0.025279631662667244), f64x2.mul(s, f64x2.splat(-0.0031582507067556775)));
  const p6 = f64x2.add(f64x2.splat(-0.0003333693575163607), f64x2.mul(s, f64x2.splat(0.00016538505266229964)));
  const p8 = f64x2.add(f64x2.splat(3.1591273605668773e-06), f64x2.mul(s, f64x2.splat(-8.23491030200542e-06)));
  const pa = f64x2.add(f64x2.splat(-1.991968386867837e-07), f64x2.mul(s, f64x2.splat(4.595768769826898e-07)));
  const pc = f64x2.add(f64x2.splat(4.0916795831517844e-08), f64x2.mul(s, f64x2.splat(-2.524584155249034e-08)));
  const pe = f64x2.add(f64x2.splat(-5.305870519487241e-09), f64x2.mul(s, f64x2.splat(9.965029228991225e-10)));
  const q0 = f64x2.add(p0, f64x2.mul(s2, p2));
  const q1 = f64x2.add(p4, f64x2.mul(s2, p6));
  const q2 = f64x2.add(p8, f64x2.mul(s2, pa));
  const q3 = f64x2.add(f64x2.add(pc, f64x2.mul(s2, pe)), f64x2.mul(s4, f64x2.splat(4.0048077141328617e-10)));
  return f64x2.add(q0, f64x2.mul(s4, f64x2.add(q1, f64x2.mul(s4, f64x2.add(q2, f64x2.mul(s4, q3))))));
}

/** Writes Φ(u) and φ(u) of `count` positions, u = (position − mean)/sigma; reads and writes whole pairs. */
function normalAt(position: usize, count: i32, mean: f64, sigma: f64, cumulative: usize, density: usize): void {
  const centre = f64x2.splat(mean);
  const inverse = f64x2.splat(1 / sigma);
  const farthest = f64x2.splat(9);
  const one = f64x2.splat(1);
  for (let i: i32 = 0; i < count; i += 2) {
    const at = <usize>i << 3;
    const u = f64x2.mul(f64x2.sub(v128.load(position + at), centre), inverse);
    const size = f64x2.pmin(f64x2.abs(u), farthest);
    const phi = f64x2.mul(exponential(f64x2.mul(f64x2.mul(size, size), f64x2.splat(-0.5))), f64x2.splat(inverseRoot2Pi));
    const tail = f64x2.mul(phi, mills(size));
    v128.store(cumulative + at, v128.bitselect(f64x2.sub(one, tail), tail, f64x2.gt(u, f64x2.splat(0))));
    v128.store(density + at, phi);
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, first: i32, last: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let i = <usize>first << 3;
  const end = <usize>last << 3;
  for (; i + 32 <= end; i += 32) {
    even = multiplyAdd(v128.load(a + i), v128.load(b + i), even);
    odd = multiplyAdd(v128.load(a + i, 16), v128.load(b + i, 16), odd);
  }
  if (i < end) even = multiplyAdd(v128.load(a + i), v128.load(b + i), even);
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Fixed columns (numbers `amplitudes` to `linear`) against each other and the data; returns data·data. */
export function lineFixed(columns: usize, data: usize, n: i32, amplitudes: i32, linear: i32, normal: usize, right: usize): f64 {
  const stride = <usize>n << 3;
  for (let j = amplitudes; j < linear; j++) {
    const a = columns + <usize>j * stride;
    for (let i = amplitudes; i <= j; i++) {
      store<f64>(normal + (<usize>(j * linear + i) << 3), dot(a, columns + <usize>i * stride, 0, n));
    }
    store<f64>(right + (<usize>j << 3), dot(a, data, 0, n));
  }
  return dot(data, data, 0, n);
}

/**
 * Amplitude columns at the lines' means and sigmas, their slopes, and the rows of the normal matrix (lower triangle) and
 * right-hand side that they enter. `sampled` ≠ 0 takes the profile at the pixel centres, held in `edges` instead.
 */
export function lineColumns(
  edges: usize, scale: usize, data: usize, n: i32, line: usize, lines: i32, columns: usize, amplitudes: i32, linear: i32,
  slopes: usize, scratch: usize, normal: usize, right: usize, sampled: i32, range: usize,
): void {
  const stride = <usize>n << 3;
  const density = scratch + stride + 32;
  memory.fill(columns, 0, <usize>amplitudes * stride);
  for (let l: i32 = 0; l < lines; l++) {
    const own = line + <usize>l * 48;
    const sigma = load<f64>(own, 8);
    const first = <i32>load<f64>(own, 32);
    const last = <i32>load<f64>(own, 40);
    const mean = f64x2.splat(load<f64>(own));
    const inverse = f64x2.splat(1 / sigma);
    const share = f64x2.splat(load<f64>(own, 16));
    const column = columns + <usize>load<f64>(own, 24) * stride;
    const byMean = slopes + <usize>l * 3 * stride;
    const bySigma = byMean + stride;
    const profile = bySigma + stride;
    const start = <usize>first << 3;
    const end = <usize>last << 3;
    // Positions up to and including the edge `last`: one pair more.
    normalAt(edges + start, last - first + 2, load<f64>(own), sigma, scratch + start, density + start);
    for (let i = start; i < end; i += 16) {
      const weight = f64x2.mul(share, v128.load(scale + i));
      const slope = f64x2.mul(weight, inverse);
      const phi0 = v128.load(density + i);
      const u0 = f64x2.mul(f64x2.sub(v128.load(edges + i), mean), inverse);
      let value: v128;
      if (sampled) {
        const g = f64x2.mul(phi0, slope);
        value = g;
        v128.store(byMean + i, f64x2.mul(f64x2.mul(g, u0), inverse));
        v128.store(bySigma + i, f64x2.mul(f64x2.mul(g, f64x2.sub(f64x2.mul(u0, u0), f64x2.splat(1))), inverse));
      } else {
        const phi1 = v128.load(density + i, 8);
        const u1 = f64x2.mul(f64x2.sub(v128.load(edges + i, 8), mean), inverse);
        value = f64x2.mul(weight, f64x2.sub(v128.load(scratch + i, 8), v128.load(scratch + i)));
        v128.store(byMean + i, f64x2.mul(slope, f64x2.sub(phi0, phi1)));
        v128.store(bySigma + i, f64x2.mul(slope, f64x2.sub(f64x2.mul(u0, phi0), f64x2.mul(u1, phi1))));
      }
      v128.store(profile + i, value);
      v128.store(column + i, f64x2.add(v128.load(column + i), value));
    }
  }
  for (let i: i32 = 0; i < amplitudes; i++) {
    let first = n;
    let last: i32 = 0;
    for (let l: i32 = 0; l < lines; l++) {
      const own = line + <usize>l * 48;
      if (<i32>load<f64>(own, 24) !== i) continue;
      first = min(first, <i32>load<f64>(own, 32));
      last = max(last, <i32>load<f64>(own, 40));
    }
    store<i32>(range + (<usize>i << 3), first);
    store<i32>(range + (<usize>i << 3), last, 4);
  }
  for (let i: i32 = 0; i < amplitudes; i++) {
    const a = columns + <usize>i * stride;
    const first = load<i32>(range + (<usize>i << 3));
    const last = load<i32>(range + (<usize>i << 3), 4);
    for (let j = i; j < linear; j++) {
      let low = first;
      let high = last;
      if (j < amplitudes) {
        low = max(low, load<i32>(range + (<usize>j << 3)));
        high = min(high, load<i32>(range + (<usize>j << 3), 4));
      }
      store<f64>(normal + (<usize>(j * linear + i) << 3), dot(a, columns + <usize>j * stride, low, high));
    }
    store<f64>(right + (<usize>i << 3), dot(a, data, first, last));
  }
}

/**
 * The model's derivatives by velocity v and squared dispersion u of every set of kinematics, into rows 2s and 2s + 1 of
 * `kinematic`, and their products into `mixed`[2 sets][linear + 2 sets + 1]: with each column, with the rows up to itself, and
 * with the data.
 */
export function lineKinematics(
  data: usize, n: i32, line: usize, rate: usize, lines: i32, columns: usize, amplitudes: i32, linear: i32, slopes: usize, kinematic: usize, sets: i32,
  mixed: usize, range: usize,
): void {
  const stride = <usize>n << 3;
  const rows = 2 * sets;
  const length = linear + rows + 1;
  memory.fill(kinematic, 0, <usize>rows * stride);
  for (let l: i32 = 0; l < lines; l++) {
    const own = line + <usize>l * 48;
    const its = rate + (<usize>l << 5);
    const meanByV = f64x2.splat(load<f64>(its));
    const sigmaByV = f64x2.splat(load<f64>(its, 8));
    const sigmaByU = f64x2.splat(load<f64>(its, 16));
    const byV = kinematic + 2 * <usize>load<f64>(its, 24) * stride;
    const byU = byV + stride;
    const byMean = slopes + <usize>l * 3 * stride;
    const bySigma = byMean + stride;
    const end = <usize>load<f64>(own, 40) << 3;
    for (let i = <usize>load<f64>(own, 32) << 3; i < end; i += 16) {
      const s = v128.load(bySigma + i);
      const v = f64x2.add(f64x2.mul(v128.load(byMean + i), meanByV), f64x2.mul(s, sigmaByV));
      v128.store(byV + i, f64x2.add(v128.load(byV + i), v));
      v128.store(byU + i, f64x2.add(v128.load(byU + i), f64x2.mul(s, sigmaByU)));
    }
  }
  for (let set: i32 = 0; set < sets; set++) {
    let lowest = n;
    let highest: i32 = 0;
    for (let l: i32 = 0; l < lines; l++) {
      if (<i32>load<f64>(rate + (<usize>l << 5), 24) !== set) continue;
      lowest = min(lowest, <i32>load<f64>(line + <usize>l * 48, 32));
      highest = max(highest, <i32>load<f64>(line + <usize>l * 48, 40));
    }
    for (let row = 2 * set; row < 2 * set + 2; row++) {
      const a = kinematic + <usize>row * stride;
      const into = mixed + (<usize>(row * length) << 3);
      for (let j: i32 = 0; j < linear; j++) {
        let low = lowest;
        let high = highest;
        if (j < amplitudes) {
          low = max(low, load<i32>(range + (<usize>j << 3)));
          high = min(high, load<i32>(range + (<usize>j << 3), 4));
        }
        store<f64>(into + (<usize>j << 3), dot(a, columns + <usize>j * stride, low, high));
      }
      for (let other: i32 = 0; other <= row; other++) {
        store<f64>(into + (<usize>(linear + other) << 3), dot(a, kinematic + <usize>other * stride, lowest, highest));
      }
      store<f64>(into + (<usize>(linear + rows) << 3), dot(a, data, lowest, highest));
    }
  }
}

/** residual = data − Σ solution·columns; returns its sum of squares. */
export function lineResidual(
  columns: usize, data: usize, n: i32, amplitudes: i32, linear: i32, solution: usize, residual: usize, range: usize,
): f64 {
  const stride = <usize>n << 3;
  memory.copy(residual, data, stride);
  for (let j: i32 = 0; j < linear; j++) {
    const a = v128.load_splat<f64>(solution + (<usize>j << 3));
    const column = columns + <usize>j * stride;
    let first: usize = 0;
    let last = stride;
    if (j < amplitudes) {
      first = <usize>load<i32>(range + (<usize>j << 3)) << 3;
      last = <usize>load<i32>(range + (<usize>j << 3), 4) << 3;
    }
    for (let i = first; i < last; i += 16) {
      v128.store(residual + i, f64x2.sub(v128.load(residual + i), f64x2.mul(a, v128.load(column + i))));
    }
  }
  return dot(residual, residual, 0, n);
}
