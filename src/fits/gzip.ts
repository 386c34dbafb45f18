import { Gunzip, gunzipSync } from 'fflate';
import { ZgradError } from '../errors/index.js';
import { crc32 } from './crc32.js';
import { bytesSource } from './memory.js';
import { badFits } from './problem.js';
import type { Place } from './problem.js';
import type { ByteSource } from './source.js';

const step = 1 << 20;
/** Deflate shrinks nothing by more than this. */
export const mostDeflated = 1032;

export async function isGzip(source: ByteSource): Promise<boolean> {
  if (source.size < 2) return false;
  const [first, second] = await source.read(0, 2);
  return first === 0x1f && second === 0x8b;
}

/** Inflates a gzipped file (of one or more members) into memory. Throws BadFits when it is damaged. */
export async function gunzipSource(source: ByteSource): Promise<ByteSource> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let crc = 0;
  let member = 0;
  const gunzip = new Gunzip((chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    crc = crc32(chunk, crc);
  });
  gunzip.onmember = () => {
    crc = 0;
    member = size;
  };
  for (let at = 0; at < source.size; at += step) {
    const bytes = await source.read(at, Math.min(step, source.size - at));
    wrapped({ source, byte: at }, () => gunzip.push(bytes, at + step >= source.size));
  }
  // A member ends with the CRC and the length (modulo 2^32) of what it holds.
  const end = await source.read(Math.max(0, source.size - 8), Math.min(8, source.size));
  if (!trailerFits(end, crc, size - member)) {
    throw badFits({ source, byte: Math.max(0, source.size - 8) }, 'gzipped data that differ from their own checksum', 'an undamaged gzip file');
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytesSource(bytes, source.name);
}

function trailerFits(end: Uint8Array, crc: number, length: number): boolean {
  if (end.length < 8) return false;
  const view = new DataView(end.buffer, end.byteOffset, 8);
  return view.getUint32(0, true) === crc && view.getUint32(4, true) === length % 2 ** 32;
}

/**
 * Inflates a gzipped piece whose length must be one of `lengths`, so that nothing larger is ever allocated.
 * Throws BadFits when it is damaged or holds another number of bytes.
 */
export function gunzipPiece(place: Place, bytes: Uint8Array, lengths: readonly number[]): Uint8Array<ArrayBuffer> {
  const length = bytes.length < 18 ? -1 : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  if (!lengths.includes(length) || length > mostDeflated * bytes.length) {
    throw badFits(place, `gzipped data of ${Math.max(0, length)} bytes`, `${[...new Set(lengths)].join(' or ')} bytes`);
  }
  // One byte more than expected tells data that are too long.
  const out = wrapped(place, () => gunzipSync(bytes, { out: new Uint8Array(length + 1) }));
  if (out.length !== length || !trailerFits(bytes.subarray(bytes.length - 8), crc32(out), length)) {
    throw badFits(place, 'gzipped data that differ from their own checksum', 'undamaged gzipped data');
  }
  return out;
}

function wrapped<T>(place: Place, inflate: () => T): T {
  try {
    return inflate();
  } catch (cause) {
    if (cause instanceof ZgradError) throw cause;
    throw badFits(place, `damaged gzipped data (${cause instanceof Error ? cause.message : String(cause)})`, 'an undamaged gzip stream', undefined, cause);
  }
}
