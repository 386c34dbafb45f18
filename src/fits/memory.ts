import { ZgradError } from '../errors/index.js';
import type { ByteSink, ByteSource } from './source.js';

/** A source over bytes in memory; reads are views, not copies. Throws BadArgument for a range outside the bytes. */
export function bytesSource(bytes: Uint8Array, name = 'memory'): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        throw new ZgradError('BadArgument', {
          where: name, found: `a read of ${length} bytes at byte ${offset}`, expected: `a range inside its ${bytes.length} bytes`,
        });
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A sink into memory: `bytes()` gives what was written so far. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  return {
    async write(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(2 * buffer.length, length + bytes.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
    },
    async patch(offset, bytes) {
      buffer.set(bytes, offset);
    },
    bytes: () => buffer.subarray(0, length),
  };
}
