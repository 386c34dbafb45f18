/**
 * The fixed sequence of random numbers of subtractive dithering: Park & Miller's generator, seed 1 (FITS standard 4.0,
 * appendix I), as float32.
 */
const randoms = new Float32Array(10000);
for (let i = 0, seed = 1; i < randoms.length; i++) {
  seed = (16807 * seed) % 2147483647;
  randoms[i] = seed / 2147483647;
}

/** How floats were quantised: value = zero + scale × (integer − random + 1/2), or without the random number and the half. */
export interface Quantisation {
  readonly method: 'NO_DITHER' | 'SUBTRACTIVE_DITHER_1' | 'SUBTRACTIVE_DITHER_2';
  readonly scale: number;
  readonly zero: number;
  /** The integer that stands for NaN. */
  readonly blank: number | undefined;
  /** ZDITHER0 plus the number of the tile (0 the first): where the random sequence begins. */
  readonly seed: number;
}

/** The integer that stands for exactly zero in SUBTRACTIVE_DITHER_2. */
const exactZero = -2147483646;

/** Quantised integers → floats, into `out`. */
export function unquantise(integers: ArrayLike<number>, { method, scale, zero, blank, seed }: Quantisation, out: Float32Array | Float64Array): void {
  const dithered = method !== 'NO_DITHER';
  let start = (((seed - 1) % randoms.length) + randoms.length) % randoms.length;
  let next = Math.floor(randoms[start]! * 500);
  for (let i = 0; i < integers.length; i++) {
    const integer = integers[i]!;
    if (integer === blank) out[i] = NaN;
    else if (integer === exactZero && method === 'SUBTRACTIVE_DITHER_2') out[i] = 0;
    else out[i] = (dithered ? integer - randoms[next]! + 0.5 : integer) * scale + zero;
    if (++next === randoms.length) {
      start = (start + 1) % randoms.length;
      next = Math.floor(randoms[start]! * 500);
    }
  }
}
