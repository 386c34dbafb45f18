// Least squares within bounds from normal equations: an active-set method (Lawson & Hanson 1974; for bounds Stark & Parker 1995; on the Gram matrix Bro &
// de Jong 1997) whose Cholesky factor of the free variables grows by a row and shrinks by plane rotations (Gill, Golub, Murray & Saunders 1974).

import { multiplyAdd, sum2 } from './vector';

/** A column whose part clear of the free ones is below this share of its square depends on them. */
const dependent: f64 = 1e-13;
/** A gradient below this share of the terms that it is summed from is rounding. */
const rounding: f64 = 1e-14;

// @ts-ignore: decorator
@inline
function at(array: usize, i: i32): f64 { return load<f64>(array + (<usize>i << 3)); }

// @ts-ignore: decorator
@inline
function set(array: usize, i: i32, value: f64): void { store<f64>(array + (<usize>i << 3), value); }

// @ts-ignore: decorator
@inline
function tag(array: usize, i: i32): i32 { return load<i32>(array + (<usize>i << 2)); }

// @ts-ignore: decorator
@inline
function setTag(array: usize, i: i32, value: i32): void { store<i32>(array + (<usize>i << 2), value); }

/** Σ a_k b_k over any number of values. */
function dot(a: usize, b: usize, n: i32): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  let k: usize = 0;
  const end = <usize>n << 3;
  for (; k + 32 <= end; k += 32) {
    even = multiplyAdd(v128.load(a + k), v128.load(b + k), even);
    odd = multiplyAdd(v128.load(a + k, 16), v128.load(b + k, 16), odd);
  }
  let sum = sum2(f64x2.add(even, odd));
  for (; k < end; k += 8) sum += load<f64>(a + k) * load<f64>(b + k);
  return sum;
}

/** y += factor·a over any number of values. */
function addTo(y: usize, factor: f64, a: usize, n: i32): void {
  const f = f64x2.splat(factor);
  let k: usize = 0;
  const end = <usize>n << 3;
  for (; k + 16 <= end; k += 16) v128.store(y + k, multiplyAdd(f, v128.load(a + k), v128.load(y + k)));
  if (k < end) store<f64>(y + k, load<f64>(y + k) + factor * load<f64>(a + k));
}

/** Appends variable i to the factor of the `count` free ones; false when it depends on them. */
function append(gram: usize, lead: i32, factor: usize, n: i32, size: usize, list: usize, count: i32, i: i32): bool {
  const row = factor + (<usize>(count * n) << 3);
  const own = gram + (<usize>(i * lead) << 3);
  const scale = at(size, i);
  let pivot: f64 = 1;
  for (let k = 0; k < count; k++) {
    const other = factor + (<usize>(k * n) << 3);
    const j = tag(list, k);
    const value = (at(own, j) * scale * at(size, j) - dot(row, other, k)) / at(other, k);
    set(row, k, value);
    pivot -= value * value;
  }
  if (!(pivot > dependent)) return false;
  set(row, count, sqrt(pivot));
  setTag(list, count, i);
  return true;
}

/** Takes number `gone` out of the factor of the `count` free variables. */
function remove(factor: usize, n: i32, list: usize, count: i32, gone: i32): void {
  for (let k = gone + 1; k < count; k++) {
    setTag(list, k - 1, tag(list, k));
    memory.copy(factor + (<usize>((k - 1) * n) << 3), factor + (<usize>(k * n) << 3), <usize>(k + 1) << 3);
  }
  for (let c = gone; c < count - 1; c++) {
    let row = factor + (<usize>(c * n) << 3);
    const a = at(row, c);
    const b = at(row, c + 1);
    const diagonal = sqrt(a * a + b * b);
    const cosine = a / diagonal;
    const sine = b / diagonal;
    set(row, c, diagonal);
    for (let r = c + 1; r < count - 1; r++) {
      row += <usize>n << 3;
      const t = at(row, c);
      const u = at(row, c + 1);
      set(row, c, cosine * t + sine * u);
      set(row, c + 1, cosine * u - sine * t);
    }
  }
}

/** slope = right − G x. */
function gradient(gram: usize, right: usize, n: i32, lead: i32, x: usize, slope: usize): void {
  memory.copy(slope, right, <usize>n << 3);
  for (let j = 0; j < n; j++) if (at(x, j) != 0) addTo(slope, -at(x, j), gram + (<usize>(j * lead) << 3), n);
}

/**
 * Minimises ½xᵀGx − rᵀx within lower ≤ x ≤ upper; ±Infinity for no bound. With `warm` x holds a start within the bounds, of which the values strictly
 * between them are the first free set. Variables are scaled to unit diagonal inside. Columns that depend on free ones stay at their bound (at 0 without one).
 * @param scratch 8·(n² + 5n) bytes
 * @returns rounds, or −1 when they did not suffice or the right-hand side is not finite
 */
export function boxLeastSquares(gram: usize, right: usize, n: i32, lead: i32, lower: usize, upper: usize, x: usize, scratch: usize, warm: i32): i32 {
  const factor = scratch;
  const size = factor + (<usize>(n * n) << 3);
  const slope = size + (<usize>n << 3);
  const step = slope + (<usize>n << 3);
  const list = step + (<usize>n << 3);
  const free = list + (<usize>n << 2);
  const blocked = free + (<usize>n << 2);
  let largest: f64 = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const diagonal = at(gram + (<usize>(i * lead) << 3), i);
    const scale = diagonal > 0 && diagonal < Infinity ? 1 / sqrt(diagonal) : 0;
    set(size, i, scale);
    largest = max(largest, abs(at(right, i)) * scale);
  }
  for (let i = 0; i < n; i++) {
    const low = at(lower, i);
    const high = at(upper, i);
    const bound = low > -Infinity ? low : high < Infinity ? high : 0;
    const start = warm ? min(high, max(low, at(x, i))) : bound;
    const open = at(size, i) > 0 && (warm ? start > low && start < high : low == -Infinity && high == Infinity);
    const added = open && append(gram, lead, factor, n, size, list, count, i);
    set(x, i, added || start <= low || start >= high ? start : bound);
    setTag(free, i, added ? 1 : 0);
    setTag(blocked, i, at(size, i) > 0 && added == open ? 0 : 1);
    if (added) count++;
  }
  if (!(largest < Infinity)) return -1;
  gradient(gram, right, n, lead, x, slope);
  const mostRounds = 10 * n + 50;
  let newest = -1;
  let refined = false;
  for (let round = 0; round < mostRounds; round++) {
    // To the minimum over the free variables; where one crosses its bound on the way, it stays there and the rest goes on without it.
    while (count > 0) {
      for (let k = 0; k < count; k++) {
        const row = factor + (<usize>(k * n) << 3);
        const i = tag(list, k);
        set(step, k, (at(slope, i) * at(size, i) - dot(row, step, k)) / at(row, k));
      }
      for (let k = count - 1; k >= 0; k--) {
        const row = factor + (<usize>(k * n) << 3);
        const value = at(step, k) / at(row, k);
        set(step, k, value);
        addTo(step, -value, row, k);
      }
      let share: f64 = 1;
      let stop = -1;
      for (let k = 0; k < count; k++) {
        const i = tag(list, k);
        const move = at(step, k) * at(size, i);
        set(step, k, move);
        const target = at(x, i) + move;
        if (target >= at(lower, i) && target <= at(upper, i)) continue;
        const part = ((move < 0 ? at(lower, i) : at(upper, i)) - at(x, i)) / move;
        if (part < share || stop < 0) {
          share = part;
          stop = k;
        }
      }
      for (let k = 0; k < count; k++) {
        const i = tag(list, k);
        set(x, i, min(at(upper, i), max(at(lower, i), at(x, i) + share * at(step, k))));
      }
      if (stop < 0) break;
      const stopped = tag(list, stop);
      set(x, stopped, at(step, stop) < 0 ? at(lower, stopped) : at(upper, stopped));
      // Freed because of its gradient, and yet it would leave the box: rounding.
      if (stopped == newest && share == 0) setTag(blocked, stopped, 1);
      for (let k = count - 1; k >= 0; k--) {
        const i = tag(list, k);
        if (i != stopped && (i == newest || (at(x, i) > at(lower, i) && at(x, i) < at(upper, i)))) continue;
        remove(factor, n, list, count, k);
        setTag(free, i, 0);
        count--;
      }
      gradient(gram, right, n, lead, x, slope);
      // Others may be independent now; not for ever, lest rounding go round in a circle.
      if (share > 0 && round < 5 * n) for (let i = 0; i < n; i++) setTag(blocked, i, at(size, i) > 0 ? 0 : 1);
    }
    gradient(gram, right, n, lead, x, slope);
    let terms = largest;
    for (let i = 0; i < n; i++) if (at(size, i) > 0) terms += abs(at(x, i)) / at(size, i);
    // The steepest way off a bound.
    newest = -1;
    for (;;) {
      let steepest = rounding * terms;
      for (let i = 0; i < n; i++) {
        if (tag(free, i) != 0 || tag(blocked, i) != 0) continue;
        const pull = at(slope, i) * at(size, i);
        const inwards = at(x, i) <= at(lower, i) ? (at(x, i) >= at(upper, i) ? 0 : pull) : at(x, i) >= at(upper, i) ? -pull : abs(pull);
        if (inwards > steepest) {
          steepest = inwards;
          newest = i;
        }
      }
      if (newest < 0 || append(gram, lead, factor, n, size, list, count, newest)) break;
      setTag(blocked, newest, 1);
      newest = -1;
    }
    if (newest >= 0) {
      setTag(free, newest, 1);
      count++;
      refined = false;
    } else if (refined) {
      return round;
    } else {
      // One more step from the gradient that the sums now give takes off most of the factor's rounding.
      refined = true;
    }
  }
  return -1;
}
