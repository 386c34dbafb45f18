import { transposePlanes } from '../kernels/index.js';
import { ZgradError } from '../errors/index.js';
import type { Fits, Hdu } from './hdu.js';
import { allocated, badFits, placeName } from './problem.js';
import { readImage, scalingOf } from './readimage.js';
import { readStrided } from './source.js';

/** Bytes of planes in memory at a time (twice: one chunk is read while another is transposed). */
const chunkBytes = 1 << 25;
/** Planes in memory at a time: from so many on a spectrum is written in long runs, and larger buffers only cost page faults. */
const chunkPlanes = 512;

/** Which part of a cube is read, and whereto. */
export interface CubePart {
  /** The planes z0 ≤ z < z1. Default: all. */
  readonly z0?: number;
  readonly z1?: number;
  /** The rows y0 ≤ y < y1. Default: all. */
  readonly y0?: number;
  readonly y1?: number;
  /** Memory for the result, of its exact length. Default: new. */
  readonly into?: Float32Array;
}

/**
 * Reads a cube, or some of its rows, as spectra: value k of spaxel s = x + nx·(y − y0) at [s × n + k], float32. Planes are streamed through the transposing
 * kernel, so that besides the result only a few chunks are held.
 * @throws ZgradError BadFits when the HDU is no cube; BadArgument for planes or rows that it does not have.
 */
export async function readCubeSpectra(fits: Fits, hdu: Hdu, part: CubePart = {}): Promise<Float32Array> {
  const place = { source: fits.source, hdu: hdu.index, name: hdu.name };
  const [nx = 0, ny = 0, nz = 0, ...rest] = hdu.axes;
  if (hdu.kind !== 'image' || hdu.axes.length < 3 || rest.some((n) => n !== 1)) {
    throw badFits({ ...place, byte: hdu.stored.byteOf('NAXIS') }, `a ${hdu.kind} with axes [${hdu.axes.join(', ')}]`, 'a cube of three axes');
  }
  const { z0 = 0, z1 = nz, y0 = 0, y1 = ny } = part;
  const check = (from: number, to: number, end: number, what: string): void => {
    if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= end) return;
    throw new ZgradError('BadArgument', { where: placeName(place), found: `${what} ${from} to ${to}`, expected: `${what} between 0 and ${end}` });
  };
  check(z0, z1, nz, 'planes');
  check(y0, y1, ny, 'rows');
  const pixels = nx * (y1 - y0);
  const n = z1 - z0;
  const output = part.into ?? allocated(place, `${pixels * n} values`, () => new Float32Array(pixels * n));
  const { scale, zero } = scalingOf(hdu);
  const stored = hdu.storage === 'image' && hdu.bitpix < 0 && scale === 1 && zero === 0;
  await (stored ? streamStored : streamPhysical)(fits, hdu, { nx, ny, y0, y1, z0, n }, output);
  return output;
}

/** The part in whole numbers: columns and rows of the cube, rows read, first plane and number of planes. */
interface Section {
  readonly nx: number;
  readonly ny: number;
  readonly y0: number;
  readonly y1: number;
  readonly z0: number;
  readonly n: number;
}

async function streamStored(fits: Fits, hdu: Hdu, { nx, ny, y0, y1, z0, n }: Section, output: Float32Array): Promise<void> {
  const width = hdu.bitpix === -32 ? 4 : 8;
  const pixels = nx * (y1 - y0);
  const plane = nx * ny * width;
  const length = pixels * width;
  if (length === 0) return;
  const step = Math.max(1, Math.min(chunkPlanes, Math.floor(chunkBytes / length)));
  const buffers = [0, 1].map(() => new Uint8Array(Math.min(step, n) * length));
  const read = async (k: number): Promise<Uint8Array> => {
    const count = Math.min(step, n - k);
    const bytes = buffers[(k / step) % 2]!.subarray(0, count * length);
    await readStrided(fits.source, hdu.dataOffset + (z0 + k) * plane + y0 * nx * width, plane, count, length, bytes);
    return bytes;
  };
  let next = n > 0 ? read(0) : undefined;
  for (let k = 0; next; k += step) {
    const bytes = await next;
    next = k + step < n ? read(k + step) : undefined;
    transposePlanes(bytes, width, pixels, output, k, n);
  }
}

/** Integers, scaled and compressed images: through their physical values. */
async function streamPhysical(fits: Fits, hdu: Hdu, { nx, y0, y1, z0, n }: Section, output: Float32Array): Promise<void> {
  const pixels = nx * (y1 - y0);
  if (pixels === 0) return;
  const step = Math.max(1, Math.floor(chunkBytes / (pixels * 8)));
  for (let k = 0; k < n; k += step) {
    const count = Math.min(step, n - k);
    const { data } = await readImage(fits, hdu, { start: [0, y0, z0 + k], count: [nx, y1 - y0, count] });
    for (let p = 0; p < pixels; p++) {
      for (let j = 0; j < count; j++) output[p * n + k + j] = data[j * pixels + p]!;
    }
  }
}
