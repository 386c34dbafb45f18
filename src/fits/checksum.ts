/** The ones' complement sum of big-endian 32-bit words that FITS checksums are made of, for bytes that come in pieces. */
export interface WordSum {
  add(bytes: Uint8Array): void;
  /** The sum so far, 0 to 2^32 − 1. */
  value(): number;
}

const words = 2 ** 32;

/** Carries are added at the low end. */
function folded(sum: number): number {
  let rest = sum;
  while (rest >= words) rest = (rest % words) + Math.floor(rest / words);
  return rest;
}

/** A sum that begins at `from`. */
export function wordSum(from = 0): WordSum {
  let sum = from;
  let position = 0;
  return {
    add(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      let i = 0;
      const addByte = () => {
        sum += bytes[i++]! * 256 ** (3 - position);
        position = (position + 1) % 4;
      };
      while (position !== 0 && i < bytes.length) addByte();
      while (i + 4 <= bytes.length) {
        // Halves of so many words stay below 2^31: whole numbers add faster than doubles.
        const end = Math.min(i + (1 << 17), bytes.length - 3);
        let [high, low] = [0, 0];
        for (; i < end; i += 4) {
          const word = view.getInt32(i);
          high = (high + (word >>> 16)) | 0;
          low = (low + (word & 0xffff)) | 0;
        }
        sum = folded(sum + high * 0x10000 + low);
      }
      while (i < bytes.length) addByte();
      sum = folded(sum);
    },
    value: () => sum,
  };
}

const isPunctuation = (code: number): boolean => (code >= 0x3a && code <= 0x40) || (code >= 0x5b && code <= 0x60);

/**
 * The 16 characters of CHECKSUM that bring the sum of the whole HDU to all ones, given its sum with CHECKSUM set to
 * sixteen zeros (FITS standard 4.0, appendix J).
 */
export function encodeChecksum(sum: number): string {
  const complement = words - 1 - sum;
  const ascii = new Array<number>(16);
  for (let i = 0; i < 4; i++) {
    const byte = Math.floor(complement / 256 ** (3 - i)) % 256;
    const quarter = Math.floor(byte / 4) + 0x30;
    const characters = [quarter + (byte % 4), quarter, quarter, quarter];
    // Only letters and digits: a pair with punctuation moves apart, which leaves its sum as it is.
    for (const j of [0, 2]) {
      while (isPunctuation(characters[j]!) || isPunctuation(characters[j + 1]!)) {
        characters[j]!++;
        characters[j + 1]!--;
      }
    }
    characters.forEach((code, j) => { ascii[4 * j + i] = code; });
  }
  // The value begins at byte 11 of its card, one byte before a word.
  return String.fromCharCode(...ascii.map((_, i) => ascii[(i + 15) % 16]!));
}
