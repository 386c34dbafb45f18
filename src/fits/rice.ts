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
  // Zeros at the end, so that 32 bits can be looked at from any bit; the first 25 of them or more come from the stream.
  const stream = new Uint8Array(bytes.length + 8);
  stream.set(bytes);
  const view = new DataView(stream.buffer);
  let last = view.getInt32(0) >> (32 - numberBits);
  // The next bit: of this byte, after so many bits.
  let at: number = width;
  let shift = 0;
  for (let start = 0; start < count; start += blockSize) {
    const end = Math.min(start + blockSize, count);
    const low = ((view.getInt32(at) << shift) >>> (32 - codeBits)) - 1;
    shift += codeBits;
    at += shift >> 3;
    shift &= 7;
    if (low > plainCode) return null;
    if (low < 0) {
      out.fill(last, start, end);
    } else if (low === plainCode) {
      if (at + (end - start) * width > bytes.length) return null;
      for (let i = start; i < end; i++, at += width) {
        const folded = ((view.getInt32(at) << shift) | (stream[at + 4]! >> (8 - shift))) >>> (32 - numberBits);
        last = (last + unfolded(folded)) | 0;
        out[i] = last;
      }
    } else {
      for (let i = start; i < end; i++) {
        let ahead = view.getInt32(at) << shift;
        let zeros = 0;
        while (ahead >>> 8 === 0) {
          zeros += 24;
          at += 3;
          if (at > bytes.length) return null;
          ahead = view.getInt32(at) << shift;
        }
        const lead = Math.clz32(ahead);
        shift += lead + 1;
        at += shift >> 3;
        shift &= 7;
        // In two steps, for a shift by 32 bits is none.
        const folded = ((zeros + lead) << low) | ((view.getInt32(at) << shift) >>> 1 >>> (31 - low));
        shift += low;
        at += shift >> 3;
        shift &= 7;
        last = (last + unfolded(folded)) | 0;
        out[i] = last;
      }
    }
    if (at + (shift > 0 ? 1 : 0) > bytes.length) return null;
  }
  return out;
}

const unfolded = (folded: number): number => (folded >>> 1) ^ -(folded & 1);
