import { transposePlanes } from '../kernels/index.js';
import { ZgradError } from '../errors/index.js';
import type { Fits, Hdu } from './hdu.js';
import { allocated, badFits, placeName } from './problem.js';
import { readImage, scalingOf } from './readimage.js';

/** Bytes of planes in memory at a time (twice: one chunk is read while another is transposed). */
const chunkBytes = 1 << 25;

/**
 * Reads a cube as spectra: value k of spaxel s = x + nx·y at [s × n + k], float32, for the planes z0 ≤ z < z1 (default
 * all). Planes are streamed through the transposing kernel, so that besides the result only a few chunks are held.
 * @throws ZgradError BadFits when the HDU is no cube; BadArgument for planes that it does not have.
 */
export async function readCubeSpectra(fits: Fits, hdu: Hdu, planes: { z0?: number; z1?: number } = {}): Promise<Float32Array> {
  const place = { source: fits.source, hdu: hdu.index, name: hdu.name };
  const [nx = 0, ny = 0, nz = 0, ...rest] = hdu.axes;
  if (hdu.kind !== 'image' || hdu.axes.length < 3 || rest.some((n) => n !== 1)) {
    throw badFits({ ...place, byte: hdu.stored.byteOf('NAXIS') }, `a ${hdu.kind} with axes [${hdu.axes.join(', ')}]`, 'a cube of three axes');
  }
  const { z0 = 0, z1 = nz } = planes;
  if (!(Number.isInteger(z0) && Number.isInteger(z1) && z0 >= 0 && z0 <= z1 && z1 <= nz)) {
    throw new ZgradError('BadArgument', { where: placeName(place), found: `planes ${z0} to ${z1}`, expected: `planes between 0 and ${nz}` });
  }
  const pixels = nx * ny;
  const n = z1 - z0;
  const output = allocated(place, `${pixels * n} values`, () => new Float32Array(pixels * n));
  const { scale, zero } = scalingOf(hdu);
  const stored = hdu.storage === 'image' && hdu.bitpix < 0 && scale === 1 && zero === 0;
  await (stored ? streamStored : streamPhysical)(fits, hdu, pixels, z0, n, output);
  return output;
}

async function streamStored(fits: Fits, hdu: Hdu, pixels: number, z0: number, n: number, output: Float32Array): Promise<void> {
  const width = hdu.bitpix === -32 ? 4 : 8;
  const step = Math.max(1, Math.floor(chunkBytes / (pixels * width)));
  const buffers = [0, 1].map(() => new Uint8Array(Math.min(step, n) * pixels * width));
  const read = (k: number) => {
    const length = Math.min(step, n - k) * pixels * width;
    return fits.source.read(hdu.dataOffset + (z0 + k) * pixels * width, length, buffers[(k / step) % 2]!.subarray(0, length));
  };
  let next = n > 0 ? read(0) : undefined;
  for (let k = 0; next; k += step) {
    const bytes = await next;
    next = k + step < n ? read(k + step) : undefined;
    transposePlanes(bytes, width, pixels, output, k, n);
  }
}

/** Integers, scaled and compressed images: through their physical values. */
async function streamPhysical(fits: Fits, hdu: Hdu, pixels: number, z0: number, n: number, output: Float32Array): Promise<void> {
  const step = Math.max(1, Math.floor(chunkBytes / (pixels * 8)));
  for (let k = 0; k < n; k += step) {
    const count = Math.min(step, n - k);
    const { data } = await readImage(fits, hdu, { start: [0, 0, z0 + k], count: [...hdu.axes.slice(0, 2), count] });
    for (let p = 0; p < pixels; p++) {
      for (let j = 0; j < count; j++) output[p * n + k + j] = data[j * pixels + p]!;
    }
  }
}
