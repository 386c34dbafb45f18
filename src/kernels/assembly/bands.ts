// Weighted sums over the planes of a cube: the images of its spaxels through filters.

/** Spaxels whose sums stay in the processor's inner cache while planes are added. */
const tile: i32 = 1024;

/** Two spaxels as float64, from big-endian float32 as in a file or from float64 in the machine's order. */
// @ts-ignore: decorator
@inline
function pair<T>(at: usize): v128 {
  if (sizeof<T>() == 8) return v128.load(at);
  const v = v128.load64_zero(at);
  return f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4));
}

/** All bits where v is finite. */
// @ts-ignore: decorator
@inline
function finite(v: v128): v128 { return f64x2.eq(f64x2.sub(v, v), f64x2.splat(0)); }

/** All bits where a variance is finite and positive. */
// @ts-ignore: decorator
@inline
function usable(v: v128): v128 { return v128.and(f64x2.gt(v, f64x2.splat(0)), f64x2.lt(v, f64x2.splat(Infinity))); }

/** All bits where a mask is 0. */
// @ts-ignore: decorator
@inline
function unmasked(at: usize): v128 { return i64x2.extend_low_i32x4_s(i32x4.eq(v128.load64_zero(at), i32x4.splat(0))); }

// @ts-ignore: decorator
@inline
function four(a: v128, b: v128, c: v128, d: v128, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return f64x2.add(f64x2.add(f64x2.add(f64x2.mul(w0, a), f64x2.mul(w1, b)), f64x2.mul(w2, c)), f64x2.mul(w3, d));
}

// @ts-ignore: decorator
@inline
function increase(at: usize, by: v128): void { v128.store(at, f64x2.add(v128.load(at), by)); }

/** Fluxes and variances of four planes and two spaxels into the sums of every band; `at` is the spaxels' place in a row. */
// @ts-ignore: decorator
@inline
function addPair(
  a: v128, b: v128, c: v128, d: v128, va: v128, vb: v128, vc: v128, vd: v128, withVariance: bool, weights: usize, lead: usize, bands: i32, sums: usize, squares: usize, at: usize, row: usize,
): void {
  for (let band = 0, w = weights; band < bands; band++, w += lead, at += row) {
    const w0 = v128.load64_splat(w), w1 = v128.load64_splat(w, 8), w2 = v128.load64_splat(w, 16), w3 = v128.load64_splat(w, 24);
    increase(sums + at, four(a, b, c, d, w0, w1, w2, w3));
    if (withVariance) increase(squares + at, four(va, vb, vc, vd, f64x2.mul(w0, w0), f64x2.mul(w1, w1), f64x2.mul(w2, w2), f64x2.mul(w3, w3)));
  }
}

/** Four planes at most, n1, n2 and n3 values behind the first, of two spaxels at a time. */
function addFour<T>(
  flux: usize, variance: usize, mask: usize, n1: usize, n2: usize, n3: usize, from: i32, to: i32, weights: usize, lead: usize, bands: i32, sums: usize, squares: usize, missing: usize, row: usize,
): void {
  const size = sizeof<T>();
  const one = f64x2.splat(1);
  for (let i = <usize>from, end = <usize>to; i < end; i += 2) {
    const a = pair<T>(flux + i * size), b = pair<T>(flux + (n1 + i) * size), c = pair<T>(flux + (n2 + i) * size), d = pair<T>(flux + (n3 + i) * size);
    let good0 = finite(a), good1 = finite(b), good2 = finite(c), good3 = finite(d);
    if (mask) {
      good0 = v128.and(good0, unmasked(mask + (i << 2)));
      good1 = v128.and(good1, unmasked(mask + ((n1 + i) << 2)));
      good2 = v128.and(good2, unmasked(mask + ((n2 + i) << 2)));
      good3 = v128.and(good3, unmasked(mask + ((n3 + i) << 2)));
    }
    let va = one, vb = one, vc = one, vd = one;
    if (variance) {
      va = pair<T>(variance + i * size);
      vb = pair<T>(variance + (n1 + i) * size);
      vc = pair<T>(variance + (n2 + i) * size);
      vd = pair<T>(variance + (n3 + i) * size);
      good0 = v128.and(good0, usable(va));
      good1 = v128.and(good1, usable(vb));
      good2 = v128.and(good2, usable(vc));
      good3 = v128.and(good3, usable(vd));
    }
    addPair(
      v128.and(a, good0), v128.and(b, good1), v128.and(c, good2), v128.and(d, good3), v128.and(va, good0), v128.and(vb, good1), v128.and(vc, good2), v128.and(vd, good3),
      variance != 0, weights, lead, bands, sums, squares, i << 3, row,
    );
    if (i64x2.all_true(v128.and(v128.and(good0, good1), v128.and(good2, good3)))) continue;
    addPair(
      v128.andnot(one, good0), v128.andnot(one, good1), v128.andnot(one, good2), v128.andnot(one, good3), one, one, one, one, false, weights, lead, bands, missing, squares, i << 3, row,
    );
  }
}

/** Four values as stored. */
// @ts-ignore: decorator
@inline
function quad(at: usize): v128 {
  const v = v128.load(at);
  return i8x16.shuffle(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

// @ts-ignore: decorator
@inline
function lower(v: v128): v128 { return f64x2.promote_low_f32x4(v); }

// @ts-ignore: decorator
@inline
function upper(v: v128): v128 { return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 0)); }

/** As `addFour` for stored float32 without a mask: four spaxels at a time where all their voxels are good, which a few sums tell. */
function addFourStored(
  flux: usize, variance: usize, n1: usize, n2: usize, n3: usize, from: i32, to: i32, weights: usize, lead: usize, bands: i32, sums: usize, squares: usize, missing: usize, row: usize,
): void {
  const zero = f32x4.splat(0);
  const endless = f32x4.splat(Infinity);
  let s = from;
  for (; s + 4 <= to; s += 4) {
    const at = <usize>s << 2;
    const a = quad(flux + at), b = quad(flux + (n1 << 2) + at), c = quad(flux + (n2 << 2) + at), d = quad(flux + (n3 << 2) + at);
    const flat = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    let good = f32x4.eq(f32x4.sub(flat, flat), zero);
    let va = zero, vb = zero, vc = zero, vd = zero;
    if (variance) {
      va = quad(variance + at);
      vb = quad(variance + (n1 << 2) + at);
      vc = quad(variance + (n2 << 2) + at);
      vd = quad(variance + (n3 << 2) + at);
      const least = f32x4.min(f32x4.min(va, vb), f32x4.min(vc, vd));
      const most = f32x4.max(f32x4.max(va, vb), f32x4.max(vc, vd));
      good = v128.and(good, v128.and(f32x4.gt(least, zero), f32x4.lt(most, endless)));
    }
    if (!i32x4.all_true(good)) {
      addFour<f32>(flux, variance, 0, n1, n2, n3, s, s + 4, weights, lead, bands, sums, squares, missing, row);
      continue;
    }
    const into = <usize>s << 3;
    addPair(lower(a), lower(b), lower(c), lower(d), lower(va), lower(vb), lower(vc), lower(vd), variance != 0, weights, lead, bands, sums, squares, into, row);
    addPair(upper(a), upper(b), upper(c), upper(d), upper(va), upper(vb), upper(vc), upper(vd), variance != 0, weights, lead, bands, sums, squares, into + 16, row);
  }
  if (s < to) addFour<f32>(flux, variance, 0, n1, n2, n3, s, to, weights, lead, bands, sums, squares, missing, row);
}

// @ts-ignore: decorator
@inline
function addPlanes<T>(flux: usize, variance: usize, mask: usize, spaxels: i32, planes: i32, weights: usize, bands: i32, sums: usize, squares: usize, missing: usize): void {
  const lead = <usize>((planes + 3) & ~3) << 3;
  const row = <usize>((spaxels + 1) & ~1) << 3;
  for (let from = 0; from < spaxels; from += tile) {
    const to = min(from + tile, spaxels);
    for (let k = 0; k < planes; k += 4) {
      const n = <usize>spaxels;
      const skip = <usize>k * n;
      // Planes that are not there have no weight; the first one stands for them.
      const n1 = k + 1 < planes ? n : 0;
      const n2 = k + 2 < planes ? n << 1 : 0;
      const n3 = k + 3 < planes ? n * 3 : 0;
      const f = flux + skip * sizeof<T>();
      const v = variance ? variance + skip * sizeof<T>() : 0;
      const w = weights + (<usize>k << 3);
      if (sizeof<T>() == 4 && mask == 0) addFourStored(f, v, n1, n2, n3, from, to, w, lead, bands, sums, squares, missing, row);
      else addFour<T>(f, v, mask ? mask + (skip << 2) : 0, n1, n2, n3, from, to, w, lead, bands, sums, squares, missing, row);
    }
  }
}

/**
 * Adds planes to the sums of every band: Σ w f and Σ w² v of the voxels whose flux is finite, whose variance (where `variance` is not 0) is finite and
 * positive and whose mask (int32 in any order of bytes, where `mask` is not 0) is 0; Σ w of the others. Weights: [bands × planes rounded up to four], 0
 * beyond the planes; sums: [bands × spaxels rounded up to two]. Behind every array lie 8 bytes that may be read. This one: big-endian float32.
 */
export function addPlanesF32(flux: usize, variance: usize, mask: usize, spaxels: i32, planes: i32, weights: usize, bands: i32, sums: usize, squares: usize, missing: usize): void {
  addPlanes<f32>(flux, variance, mask, spaxels, planes, weights, bands, sums, squares, missing);
}

/** The same of float64 in the machine's order. */
export function addPlanesF64(flux: usize, variance: usize, mask: usize, spaxels: i32, planes: i32, weights: usize, bands: i32, sums: usize, squares: usize, missing: usize): void {
  addPlanes<f64>(flux, variance, mask, spaxels, planes, weights, bands, sums, squares, missing);
}
