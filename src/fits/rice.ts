/** Bits of the code that says how many low bits follow, the code for 'not compressed', and the bits of a number. */
const layouts = { 1: [3, 6, 8], 2: [4, 14, 16], 4: [5, 25, 32] } as const;

/**
 * The most numbers that this many bytes of a Rice stream can hold: a block of equal numbers takes one code.
 */
export function mostRice(bytes: number, blockSize: number, width: 1 | 2 | 4): number {
  return Math.max(0, Math.ceil((bytes - width) * 8 / layouts[width][0])) * blockSize;
}

/**
 * Decodes RICE_1: differences of successive numbers, folded so that small ones of either sign are small, in blocks that
 * share the number of low bits stored plainly while the high bits are counted in zeros (Rice, Yeh & Miller 1993; FITS
 * standard 4.0, §10.4.1). `width` is the bytes of a number (BYTEPIX). Null when the bytes
 * end too early or hold a code that is none.
 */
export function decodeRice(bytes: Uint8Array, count: number, blockSize: number, width: 1 | 2 | 4): Uint8Array | Int16Array | Int32Array | null {
  const [codeBits, plainCode, numberBits] = layouts[width];
  const out = width === 1 ? new Uint8Array(count) : width === 2 ? new Int16Array(count) : new Int32Array(count);
  let at = 0;
  let word = 0;
  let held = 0;
  let spent = false;
  const take = (bits: number): number => {
    while (held < bits) {
      word = (word << 8) | bytes[at++]!;
      held += 8;
    }
    held -= bits;
    const value = word >>> held;
    word &= (1 << held) - 1;
    return value;
  };
  /** Counts zeros up to the next one, which it takes too. */
  const takeZeros = (): number => {
    let zeros = 0;
    while (word === 0 && at < bytes.length) {
      zeros += held;
      word = bytes[at++]!;
      held = 8;
    }
    spent ||= word === 0;
    const lead = held - (32 - Math.clz32(word));
    held -= lead + 1;
    word &= (1 << held) - 1;
    return zeros + lead;
  };
  let last = 0;
  for (let i = 0; i < width; i++) last = (last << 8) | bytes[at++]!;
  for (let start = 0; start < count; start += blockSize) {
    const end = Math.min(start + blockSize, count);
    const low = take(codeBits) - 1;
    if (low > plainCode) return null;
    for (let i = start; i < end; i++) {
      if (low >= 0) {
        let folded: number;
        if (low !== plainCode) {
          const zeros = takeZeros();
          folded = (zeros << low) | take(low);
        } else {
          folded = numberBits === 32 ? (take(16) << 16) | take(16) : take(numberBits);
        }
        last += folded & 1 ? ~(folded >>> 1) : folded >>> 1;
      }
      out[i] = last;
      last = out[i]!;
    }
    if (spent || at > bytes.length) return null;
  }
  return out;
}
