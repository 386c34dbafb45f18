// Byte swap and transposition of a few planes of a cube, as FITS stores them (big-endian, plane after plane), into
// spectra: out[p * stride + k] = plane k, pixel p, as little-endian float32. Four planes times four pixels at a time.

// @ts-ignore: decorator
@inline
function swap4(v: v128): v128 {
  return i8x16.shuffle(v, v, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

// @ts-ignore: decorator
@inline
function swap8(v: v128): v128 {
  return i8x16.shuffle(v, v, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/** Four pixels as native float32. */
// @ts-ignore: decorator
@inline
function load<T>(at: usize): v128 {
  if (sizeof<T>() == 4) return swap4(v128.load(at));
  const low = f32x4.demote_f64x2_zero(swap8(v128.load(at)));
  const high = f32x4.demote_f64x2_zero(swap8(v128.load(at, 16)));
  return i8x16.shuffle(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
}

// @ts-ignore: decorator
@inline
function loadOne<T>(at: usize): f32 {
  if (sizeof<T>() == 4) return reinterpret<f32>(bswap<u32>(load_u32(at)));
  return <f32>reinterpret<f64>(bswap<u64>(load_u64(at)));
}

// @ts-ignore: decorator
@inline
function load_u32(at: usize): u32 { return i32.load(at); }

// @ts-ignore: decorator
@inline
function load_u64(at: usize): u64 { return i64.load(at); }

// @ts-ignore: decorator
@inline
function transpose<T>(input: usize, output: usize, pixels: i32, planes: i32, stride: i32): void {
  const plane = <usize>pixels * sizeof<T>();
  const row = <usize>stride << 2;
  const wholePlanes = planes & ~3;
  const wholePixels = pixels & ~3;
  // Sixteen pixels of float32 fill a cache line of every plane: use it up before going on.
  for (let block = 0; block < wholePixels; block += 16) {
    const blockEnd = min(block + 16, wholePixels);
    for (let k = 0; k < wholePlanes; k += 4) {
      for (let p = block; p < blockEnd; p += 4) {
        const at = input + <usize>k * plane + <usize>p * sizeof<T>();
        const a = load<T>(at);
        const b = load<T>(at + plane);
        const c = load<T>(at + 2 * plane);
        const d = load<T>(at + 3 * plane);
        const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        const ef = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        const gh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        const to = output + <usize>p * row + (<usize>k << 2);
        v128.store(to, i8x16.shuffle(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
        v128.store(to + row, i8x16.shuffle(ab, cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
        v128.store(to + 2 * row, i8x16.shuffle(ef, gh, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
        v128.store(to + 3 * row, i8x16.shuffle(ef, gh, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
      }
    }
  }
  for (let k = 0; k < planes; k++) {
    const first = k < wholePlanes ? wholePixels : 0;
    for (let p = first; p < pixels; p++) {
      f32.store(output + <usize>p * row + (<usize>k << 2), loadOne<T>(input + <usize>k * plane + <usize>p * sizeof<T>()));
    }
  }
}

/** Planes of big-endian float32 at `input` → spectra of float32 at `output`, `stride` values apart. */
export function transposeF32(input: usize, output: usize, pixels: i32, planes: i32, stride: i32): void {
  transpose<f32>(input, output, pixels, planes, stride);
}

/** Planes of big-endian float64 at `input` → spectra of float32 at `output`, `stride` values apart. */
export function transposeF64(input: usize, output: usize, pixels: i32, planes: i32, stride: i32): void {
  transpose<f64>(input, output, pixels, planes, stride);
}
