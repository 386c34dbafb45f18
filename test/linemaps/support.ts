import { bytesSource, memorySink, openFits, writeFits, type Card, type Fits, type HduSpec } from '../../src/fits/index.js';

/** A north-up grid of `scale` arcsec about (150°, 2°) at the pixel (x, y), counted from zero. */
export const skyCards = (scale: number, x = 0, y = 0): Card[] => [
  { key: 'CTYPE1', value: 'RA---TAN' }, { key: 'CTYPE2', value: 'DEC--TAN' }, { key: 'CUNIT1', value: 'deg' }, { key: 'CUNIT2', value: 'deg' },
  { key: 'CRPIX1', value: x + 1 }, { key: 'CRPIX2', value: y + 1 }, { key: 'CRVAL1', value: 150 }, { key: 'CRVAL2', value: 2 },
  { key: 'CD1_1', value: -scale / 3600 }, { key: 'CD2_2', value: scale / 3600 }, { key: 'CD1_2', value: 0 }, { key: 'CD2_1', value: 0 },
];

/** An opened FITS file of the HDUs. */
export async function fitsOf(hdus: readonly HduSpec[], name: string): Promise<Fits> {
  return openFits(bytesSource(await bytesOf(hdus), name));
}

/** The bytes of a FITS file of the HDUs. */
export async function bytesOf(hdus: readonly HduSpec[]): Promise<Uint8Array> {
  const sink = memorySink();
  await writeFits(sink, hdus);
  return sink.bytes();
}

/** A primary HDU without data. */
export const primaryOf = (...cards: Card[]): HduSpec => ({ kind: 'image', axes: [], data: null, cards });

/** The planes of a cube, each given by its values. */
export const stackOf = (planes: readonly ArrayLike<number>[]): Float32Array => Float32Array.from(planes.flatMap((plane) => Array.from(plane)));
