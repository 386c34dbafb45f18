/** A stream of pseudo-random numbers: the same seed and stream names give the same numbers everywhere. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number 0 … n − 1, each equally likely; n a whole number from 1 to 2³². */
  integer(n: number): number;
  /** Fills an array with whole numbers 0 … n − 1, each equally likely; n a whole number from 1 to 2²⁰. Four times as fast as one by one. */
  integers(n: number, into: Int32Array): void;
}

/**
 * A generator of its own for a seed and a stream, named by strings and numbers ('bootstrap', galaxy, draw).
 * Different seeds or streams give independent sequences, so a result does not depend on the order of the
 * work or on how many workers shared it.
 *
 * xoshiro128** (Blackman & Vigna 2021) seeded by a hash of seed and stream; normal deviates by the polar
 * method (Marsaglia & Bray 1964).
 */
export function createRandom(seed: number, ...stream: readonly (number | string)[]): Random {
  const state = hashWords([seed, ...stream]);
  const next = xoshiro128(state);
  let spare = NaN;

  const uniform = () => {
    const high = next() >>> 5;
    return (high * 0x4000000 + (next() >>> 6)) / 0x20000000000000;
  };

  return {
    uniform,
    normal() {
      if (spare === spare) {
        const kept = spare;
        spare = NaN;
        return kept;
      }
      let u: number, v: number, square: number;
      do {
        u = 2 * uniform() - 1;
        v = 2 * uniform() - 1;
        square = u * u + v * v;
      } while (square >= 1 || square === 0);
      const factor = Math.sqrt(-2 * Math.log(square) / square);
      spare = v * factor;
      return u * factor;
    },
    integer(n) {
      // The numbers above the last whole multiple of n would favour the small remainders: drawn again.
      let word: number, remainder: number;
      do {
        word = next();
        remainder = word % n;
      } while (word - remainder > 0x100000000 - n);
      return remainder;
    },
    integers: (n, into) => fillIntegers(state, n, into),
  };
}

/**
 * Whole numbers below n from the high half of word · n, the few words that would favour some of them drawn again (Lemire
 * 2019). The steps are those of `xoshiro128`, with the state in local variables: this is the inner loop of every bootstrap.
 */
function fillIntegers(state: Int32Array, n: number, into: Int32Array): void {
  let [s0, s1, s2, s3] = state as unknown as [number, number, number, number];
  const uneven = 0x100000000 % n;
  for (let k = 0; k < into.length;) {
    const scaled = Math.imul(s1, 5);
    const word = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    const product = word * n;
    const high = Math.floor(product / 0x100000000);
    if (product - high * 0x100000000 < uneven) continue;
    into[k++] = high;
  }
  state.set([s0, s1, s2, s3]);
}

/** xoshiro128** on a state of four 32-bit words, not all zero: a function that gives the next 32-bit word. */
export function xoshiro128(state: Int32Array): () => number {
  return () => {
    const s1 = state[1]!;
    const scaled = Math.imul(s1, 5);
    const word = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const s2 = state[2]! ^ state[0]!;
    const s3 = state[3]! ^ s1;
    state[1] = s1 ^ s2;
    state[0] = state[0]! ^ s3;
    state[2] = s2 ^ (s1 << 9);
    state[3] = (s3 << 11) | (s3 >>> 21);
    return word;
  };
}

/** Four words from numbers and strings; a tag and a length before each keep ('a','b') and ('ab') apart. */
function hashWords(parts: readonly (number | string)[]): Int32Array {
  const state = Int32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344); // the digits of π, an arbitrary start
  const absorb = (word: number) => {
    state[0] = mix(state[0]! ^ word);
    state[1] = mix(state[1]! + state[0]!);
    state[2] = mix(state[2]! ^ state[1]!);
    state[3] = mix(state[3]! + state[2]!);
    state[0] = state[0]! ^ state[3]!;
  };
  for (const part of parts) {
    if (typeof part === 'number') {
      const bits = new Int32Array(Float64Array.of(part).buffer);
      absorb(1);
      absorb(bits[0]!);
      absorb(bits[1]!);
    } else {
      absorb(2);
      absorb(part.length);
      for (let i = 0; i < part.length; i++) absorb(part.charCodeAt(i));
    }
  }
  if (state.every((word) => word === 0)) state[0] = 1; // the one state that xoshiro cannot leave
  return state;
}

/** The finaliser of MurmurHash3 (Appleby 2011): every bit in changes half the bits out. */
function mix(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
