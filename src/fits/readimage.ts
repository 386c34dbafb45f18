import { boxWithin, runsOf, volume } from './box.js';
import type { Box } from './box.js';
import type { Fits, Hdu } from './hdu.js';
import { allocated, badFits, placeName } from './problem.js';
import { readRanges } from './ranges.js';
import type { Range } from './ranges.js';
import { decodePhysical, fitsFloat32 } from './scaling.js';
import type { Scaling } from './scaling.js';
import { checkTiles, readTiles } from './tiles.js';

/** Physical values of a box of an image, fastest axis first. */
export interface Pixels {
  readonly axes: number[];
  readonly data: Float32Array | Float64Array;
}

/**
 * Reads an image, or the box of it that begins at pixel `start` (default the first) and has `count` pixels on each
 * axis (default all that follow); zero-based, fastest axis first. Only the bytes of the box are read. BSCALE and
 * BZERO are applied; BLANK becomes NaN. Float32Array where that is exact (BITPIX −32, unscaled 8 and 16), otherwise
 * Float64Array (which rounds 64-bit integers beyond 2^53).
 * @throws ZgradError BadFits when the HDU is no image or its tiles are corrupt; BadArgument for a box outside the image.
 */
export async function readImage(fits: Fits, hdu: Hdu, part: Partial<Box> = {}): Promise<Pixels> {
  const place = { source: fits.source, hdu: hdu.index, name: hdu.name };
  if (hdu.kind !== 'image') throw badFits({ ...place, byte: hdu.stored.byteOf('XTENSION') }, 'a table', 'an image');
  const box = boxWithin(placeName(place), hdu.axes, part);
  const scaling = scalingOf(hdu);
  if (hdu.storage === 'tiles') checkTiles(fits, hdu);
  const Values = fitsFloat32(hdu.bitpix, scaling) ? Float32Array : Float64Array;
  const data = allocated(place, `${volume(box.count)} values`, () => new Values(volume(box.count)));
  if (hdu.storage === 'tiles') {
    await readTiles(fits, hdu, box, scaling, data);
    return { axes: [...box.count], data };
  }
  const width = Math.abs(hdu.bitpix) / 8;
  let at = 0;
  await readRanges(fits.source, width, rangesOf(hdu, box, width), (bytes) => {
    decodePhysical(bytes, hdu.bitpix, scaling, data, at);
    at += bytes.length / width;
  });
  return { axes: [...box.count], data };
}

/** One plane (the x–y image at pixel z of the third axis), axes [nx, ny]. Reads only that plane. */
export async function readPlane(fits: Fits, hdu: Hdu, z: number): Promise<Pixels> {
  const rest = hdu.axes.slice(2).map((_, i) => (i === 0 ? z : 0));
  const { axes, data } = await readImage(fits, hdu, { start: [0, 0, ...rest], count: [...hdu.axes.slice(0, 2), ...rest.map(() => 1)] });
  return { axes: axes.slice(0, 2), data };
}

/** The spectrum of one spaxel (zero-based x, y) along the third axis, axes [nz]. Reads only its values. */
export async function readSpaxel(fits: Fits, hdu: Hdu, x: number, y: number): Promise<Pixels> {
  const [, , nz = 0] = hdu.axes;
  const { data } = await readImage(fits, hdu, { start: [x, y], count: [1, 1, nz, ...hdu.axes.slice(3).map(() => 1)] });
  return { axes: [nz], data };
}

/** BSCALE, BZERO and, for integers, BLANK (which some tile-compressed files call ZBLANK). */
export function scalingOf({ header, stored, bitpix }: Hdu): Scaling {
  const blank = bitpix > 0 ? header.number('BLANK') ?? stored.header.number('ZBLANK') : undefined;
  return { scale: header.number('BSCALE') ?? 1, zero: header.number('BZERO') ?? 0, blank };
}

function* rangesOf(hdu: Hdu, box: Box, width: number): Generator<Range> {
  for (const { start, length } of runsOf(hdu.axes, box)) yield { offset: hdu.dataOffset + start * width, length: length * width };
}
