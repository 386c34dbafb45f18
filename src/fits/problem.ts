import { ZgradError } from '../errors/index.js';
import type { ByteSource } from './source.js';

/** Where in a FITS file something is wrong. */
export interface Place {
  readonly source: ByteSource;
  /** Number of the HDU, 0 the primary one, with its name when it is known. */
  readonly hdu?: number;
  readonly name?: string;
  readonly byte?: number;
}

/** "file.fits, HDU 2 (STAT), byte 5760". */
export function placeName({ source, hdu, name, byte }: Place): string {
  const unit = hdu === undefined ? '' : `, HDU ${hdu}${name ? ` (${name})` : ''}`;
  return `${source.name}${unit}${byte === undefined ? '' : `, byte ${byte}`}`;
}

/** The one error of a malformed file. */
export function badFits(place: Place, found: string, expected: string, remedy?: string, cause?: unknown): ZgradError {
  return new ZgradError('BadFits', { where: placeName(place), found, expected, ...(remedy ? { remedy } : {}), cause });
}

/** Throws BadArgument when this machine or engine cannot hold an array that large. */
export function allocated<T>(place: Place, what: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new ZgradError('BadArgument', { where: placeName(place), found: what, expected: 'as many values as memory can hold', remedy: 'Read it in parts.', cause });
  }
}
