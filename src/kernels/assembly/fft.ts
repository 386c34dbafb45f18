// Real Fourier transforms of even length n = 2^a 3^b 5^c through a complex one of length n/2 (Stockham's autosorting passes of radix 4, 2, 3, 5: no bit
// reversal). A complex number is one v128. A plan holds, from its start: the roots exp(−2πik/(n/2)) [n/2], exp(−2πik/n) [n/2], and two work arrays [n/2 + 1].

// @ts-ignore: decorator
@inline
function times(a: v128, w: v128): v128 {
  const re = f64x2.mul(i64x2.shuffle(a, a, 0, 0), w);
  const im = f64x2.mul(i64x2.shuffle(a, a, 1, 1), i64x2.shuffle(w, w, 1, 0));
  return f64x2.add(re, f64x2.mul(im, f64x2(-1, 1)));
}

/** a·(−i). */
// @ts-ignore: decorator
@inline
function turned(a: v128): v128 {
  return f64x2.mul(i64x2.shuffle(a, a, 1, 0), f64x2(1, -1));
}

// @ts-ignore: decorator
@inline
function pass4(x: usize, y: usize, roots: usize, m: i32, s: i32): void {
  const far = <usize>(s * m) << 4;
  const step = <usize>s << 4;
  for (let p = 0; p < m; p++) {
    const w1 = v128.load(roots + (<usize>(p * s) << 4));
    const w2 = v128.load(roots + (<usize>(2 * p * s) << 4));
    const w3 = v128.load(roots + (<usize>(3 * p * s) << 4));
    let from = x + (<usize>(p * s) << 4);
    let to = y + (<usize>(4 * p * s) << 4);
    const end = from + step;
    for (; from < end; from += 16, to += 16) {
      const a = v128.load(from);
      const b = v128.load(from + far);
      const c = v128.load(from + 2 * far);
      const d = v128.load(from + 3 * far);
      const ac = f64x2.add(a, c);
      const amc = f64x2.sub(a, c);
      const bd = f64x2.add(b, d);
      const bmd = turned(f64x2.sub(b, d));
      v128.store(to, f64x2.add(ac, bd));
      v128.store(to + step, times(f64x2.add(amc, bmd), w1));
      v128.store(to + 2 * step, times(f64x2.sub(ac, bd), w2));
      v128.store(to + 3 * step, times(f64x2.sub(amc, bmd), w3));
    }
  }
}

// @ts-ignore: decorator
@inline
function pass2(x: usize, y: usize, roots: usize, m: i32, s: i32): void {
  const far = <usize>(s * m) << 4;
  const step = <usize>s << 4;
  for (let p = 0; p < m; p++) {
    const w = v128.load(roots + (<usize>(p * s) << 4));
    let from = x + (<usize>(p * s) << 4);
    let to = y + (<usize>(2 * p * s) << 4);
    const end = from + step;
    for (; from < end; from += 16, to += 16) {
      const a = v128.load(from);
      const b = v128.load(from + far);
      v128.store(to, f64x2.add(a, b));
      v128.store(to + step, times(f64x2.sub(a, b), w));
    }
  }
}

// @ts-ignore: decorator
@inline
function pass3(x: usize, y: usize, roots: usize, m: i32, s: i32): void {
  const far = <usize>(s * m) << 4;
  const step = <usize>s << 4;
  const half = f64x2.splat(0.5);
  const sine = f64x2.splat(0.8660254037844386);
  for (let p = 0; p < m; p++) {
    const w1 = v128.load(roots + (<usize>(p * s) << 4));
    const w2 = v128.load(roots + (<usize>(2 * p * s) << 4));
    let from = x + (<usize>(p * s) << 4);
    let to = y + (<usize>(3 * p * s) << 4);
    const end = from + step;
    for (; from < end; from += 16, to += 16) {
      const a = v128.load(from);
      const b = v128.load(from + far);
      const c = v128.load(from + 2 * far);
      const sum = f64x2.add(b, c);
      const even = f64x2.sub(a, f64x2.mul(half, sum));
      const odd = turned(f64x2.mul(sine, f64x2.sub(b, c)));
      v128.store(to, f64x2.add(a, sum));
      v128.store(to + step, times(f64x2.add(even, odd), w1));
      v128.store(to + 2 * step, times(f64x2.sub(even, odd), w2));
    }
  }
}

// @ts-ignore: decorator
@inline
function pass5(x: usize, y: usize, roots: usize, m: i32, s: i32): void {
  const far = <usize>(s * m) << 4;
  const step = <usize>s << 4;
  const c1 = f64x2.splat(0.30901699437494745);
  const c2 = f64x2.splat(-0.8090169943749475);
  const s1 = f64x2.splat(0.9510565162951535);
  const s2 = f64x2.splat(0.5877852522924731);
  for (let p = 0; p < m; p++) {
    const w1 = v128.load(roots + (<usize>(p * s) << 4));
    const w2 = v128.load(roots + (<usize>(2 * p * s) << 4));
    const w3 = v128.load(roots + (<usize>(3 * p * s) << 4));
    const w4 = v128.load(roots + (<usize>(4 * p * s) << 4));
    let from = x + (<usize>(p * s) << 4);
    let to = y + (<usize>(5 * p * s) << 4);
    const end = from + step;
    for (; from < end; from += 16, to += 16) {
      const a = v128.load(from);
      const b = v128.load(from + far);
      const c = v128.load(from + 2 * far);
      const d = v128.load(from + 3 * far);
      const e = v128.load(from + 4 * far);
      const be = f64x2.add(b, e);
      const cd = f64x2.add(c, d);
      const bme = f64x2.sub(b, e);
      const cmd = f64x2.sub(c, d);
      const even1 = f64x2.add(a, f64x2.add(f64x2.mul(c1, be), f64x2.mul(c2, cd)));
      const even2 = f64x2.add(a, f64x2.add(f64x2.mul(c2, be), f64x2.mul(c1, cd)));
      const odd1 = turned(f64x2.add(f64x2.mul(s1, bme), f64x2.mul(s2, cmd)));
      const odd2 = turned(f64x2.sub(f64x2.mul(s2, bme), f64x2.mul(s1, cmd)));
      v128.store(to, f64x2.add(a, f64x2.add(be, cd)));
      v128.store(to + step, times(f64x2.add(even1, odd1), w1));
      v128.store(to + 2 * step, times(f64x2.add(even2, odd2), w2));
      v128.store(to + 3 * step, times(f64x2.sub(even2, odd2), w3));
      v128.store(to + 4 * step, times(f64x2.sub(even1, odd1), w4));
    }
  }
}

/** Complex transform of `length` values at x, with y as work; returns where the result is. */
function transform(x: usize, y: usize, roots: usize, length: i32): usize {
  let left = length;
  let s = 1;
  while (left > 1) {
    let radix = 5;
    if (left % 4 == 0) {
      radix = 4;
      pass4(x, y, roots, left / 4, s);
    } else if (left % 2 == 0) {
      radix = 2;
      pass2(x, y, roots, left / 2, s);
    } else {
      if (left % 3 == 0) {
        radix = 3;
        pass3(x, y, roots, left / 3, s);
      } else {
        pass5(x, y, roots, left / 5, s);
      }
    }
    left /= radix;
    s *= radix;
    const swap = x;
    x = y;
    y = swap;
  }
  return x;
}

/** Fourier transform of n real values, kernel exp(−iωx): n/2 + 1 complex ones. The input is kept. */
export function rfft(input: usize, output: usize, n: i32, plan: usize): void {
  const half = n >> 1;
  const bytes = <usize>half << 4;
  const realRoots = plan + bytes;
  const work = realRoots + bytes;
  memory.copy(work, input, <usize>n << 3);
  const z = transform(work, work + bytes + 16, plan, half);
  v128.store(z + bytes, v128.load(z));
  for (let k = 0; k <= half; k++) {
    const a = v128.load(z + (<usize>k << 4));
    const b = f64x2.mul(v128.load(z + (<usize>(half - k) << 4)), f64x2(1, -1));
    const w = k < half ? v128.load(realRoots + (<usize>k << 4)) : f64x2(-1, 0);
    const even = f64x2.add(a, b);
    const odd = turned(times(f64x2.sub(a, b), w));
    v128.store(output + (<usize>k << 4), f64x2.mul(f64x2.add(even, odd), f64x2.splat(0.5)));
  }
}

/** The inverse of `rfft`, with 1/n. The input is kept. */
export function irfft(input: usize, output: usize, n: i32, plan: usize): void {
  const half = n >> 1;
  const bytes = <usize>half << 4;
  const realRoots = plan + bytes;
  const work = realRoots + bytes;
  const scale = f64x2.splat(1.0 / <f64>n);
  for (let k = 0; k < half; k++) {
    let a = v128.load(input + (<usize>k << 4));
    let b = f64x2.mul(v128.load(input + (<usize>(half - k) << 4)), f64x2(1, -1));
    if (k == 0) {
      // The imaginary parts of the first and the last value belong to no real function.
      a = f64x2.mul(a, f64x2(1, 0));
      b = f64x2.mul(b, f64x2(1, 0));
    }
    const w = f64x2.mul(v128.load(realRoots + (<usize>k << 4)), f64x2(1, -1));
    const even = f64x2.add(a, b);
    const odd = times(f64x2.sub(a, b), w);
    // z = even + i·odd, with real and imaginary parts exchanged: a forward transform then goes back.
    const z = f64x2.sub(even, turned(odd));
    v128.store(work + (<usize>k << 4), i64x2.shuffle(z, z, 1, 0));
  }
  const z = transform(work, work + bytes + 16, plan, half);
  for (let k = 0; k < half; k++) {
    const value = f64x2.mul(v128.load(z + (<usize>k << 4)), scale);
    v128.store(output + (<usize>k << 4), i64x2.shuffle(value, value, 1, 0));
  }
}
