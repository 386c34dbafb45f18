import { ZgradError } from '../errors/index.js';
import { findHdu, readImage, type Fits, type Hdu, type Header } from '../fits/index.js';
import { abMagnitude, perFrequency } from '../light/index.js';
import { parseCelestial, pixelScales, type CelestialWcs } from '../sky/index.js';
import type { Image } from './image.js';

export interface ReferenceImageOptions {
  /** Default: the first image of two axes. */
  readonly hdu?: string | number;
  /** AB magnitude of a pixel of value 1. Default: from the header. */
  readonly zeroPoint?: number;
  /** HDU whose pixels are not to be used where it is not zero. Default: none. */
  readonly mask?: string | number;
  /** HDU of the variance or of the inverse variance of a pixel, in the square of the image's unit. Default: none. */
  readonly variance?: string | number;
  readonly ivar?: string | number;
}

/** What the headers of a reference image tell. */
export interface ReferenceOutline {
  /** The file. */
  readonly name: string;
  readonly wcs: CelestialWcs;
  /** Side of a pixel [arcsec], the geometric mean. */
  readonly pixelScale: number;
  /** AB magnitude of a pixel of value 1, and where it stands. */
  readonly zeroPoint: number;
  readonly zeroPointSource: string;
  readonly nx: number;
  readonly ny: number;
  readonly hdu: Hdu;
}

/** A calibrated image of the field from elsewhere, as a rule wider and deeper than the cube. */
export interface ReferenceImage extends Image, Omit<ReferenceOutline, 'hdu'> {
  /** Variance of `data`; null when it is not known. */
  readonly variance: Float64Array | null;
}

const zeroPointKeys = ['MAGZERO', 'MAGZPT', 'MAGZP', 'ZEROPNT', 'ZEROPOIN', 'ZPT', 'ZP', 'PHOTZP', 'FLUXMAG0'] as const;

/**
 * Size, celestial coordinates and zero point of an image from its headers: the zero point as given; else a keyword (MAGZERO, MAGZPT, ZP and the like); else BUNIT in nanomaggies or
 * janskys (per pixel); else HST's PHOTFLAM and PHOTPLAM.
 *
 * @throws ZgradError 'BadWcs' without celestial coordinates, 'BadArgument' when there is no image of two axes or no zero point, 'MissingHdu'.
 */
export function outlineReferenceImage(fits: Fits, options: Pick<ReferenceImageOptions, 'hdu' | 'zeroPoint'> = {}): ReferenceOutline {
  const name = fits.source.name;
  const hdu = options.hdu === undefined ? fits.hdus.find(({ kind, axes }) => kind === 'image' && axes.length === 2) : findHdu(fits, options.hdu);
  if (hdu?.kind !== 'image' || hdu.axes.length !== 2) {
    throw new ZgradError('BadArgument', { where: name, found: hdu ? `${hdu.name} with axes ${hdu.axes.join(' × ')}` : 'no image', expected: 'an image of two axes' });
  }
  const [nx, ny] = hdu.axes as [number, number];
  const wcs = parseCelestial(hdu.header, { where: `${name}, ${hdu.name}` });
  if (!wcs) throw new ZgradError('BadWcs', { where: `${name}, ${hdu.name}`, found: 'no celestial coordinates', expected: 'an image with RA and DEC axes' });
  const zero = options.zeroPoint === undefined ? zeroPointOf(hdu.header, fits.hdus[0]!.header) : { zeroPoint: options.zeroPoint, zeroPointSource: 'given' };
  if (!zero || !Number.isFinite(zero.zeroPoint)) {
    throw new ZgradError('BadArgument', {
      where: `${name}, ${hdu.name}`, found: `no zero point: none of ${zeroPointKeys.join(', ')}, no BUNIT in nanomaggies or janskys`, expected: 'the AB magnitude of a pixel of value 1',
      remedy: 'Give the zero point of the reference image (reference.zeroPoint).',
    });
  }
  const [sx, sy] = pixelScales(wcs);
  return { name, hdu, nx, ny, wcs, pixelScale: Math.sqrt(sx * sy), ...zero };
}

/**
 * Reads an image with its celestial coordinates and its zero point (see `outlineReferenceImage`).
 *
 * @throws what `outlineReferenceImage` throws, 'BadArgument' when an HDU has another size, 'BadFits'.
 */
export async function readReferenceImage(fits: Fits, options: ReferenceImageOptions = {}): Promise<ReferenceImage> {
  const { hdu, ...outline } = outlineReferenceImage(fits, options);
  const { name, nx, ny } = outline;
  const read = async (which: string | number): Promise<Float64Array> => {
    const other = findHdu(fits, which);
    if (other.kind !== 'image' || other.axes[0] !== nx || other.axes[1] !== ny || other.axes.length !== 2) {
      throw new ZgradError('BadArgument', { where: `${name}, ${which}`, found: `axes ${other.axes.join(' × ')}`, expected: `${nx} × ${ny}, as the image` });
    }
    return Float64Array.from((await readImage(fits, other)).data);
  };
  const mask = options.mask === undefined ? null : Uint8Array.from(await read(options.mask), (value) => (value === 0 ? 0 : 1));
  const variance = options.variance !== undefined ? await read(options.variance) : options.ivar !== undefined ? (await read(options.ivar)).map((value) => (value > 0 ? 1 / value : Number.NaN)) : null;
  return { ...outline, data: Float64Array.from((await readImage(fits, hdu)).data), mask, variance };
}

function zeroPointOf(...headers: readonly Header[]): { zeroPoint: number; zeroPointSource: string } | null {
  const number = (key: string) => headers.map((header) => header.number(key)).find((value) => value !== undefined);
  for (const key of zeroPointKeys) {
    const value = number(key);
    if (value === undefined) continue;
    // HSC gives the counts of magnitude 0.
    return { zeroPoint: key === 'FLUXMAG0' ? 2.5 * Math.log10(value) : value, zeroPointSource: key };
  }
  const unit = headers.map((header) => header.string('BUNIT')?.trim()).find((text) => text);
  // 3631 Jy is magnitude 0 (Oke & Gunn 1983); a nanomaggy 1e-9 of it.
  const janskys = { nanomaggy: 3.631e-6, nanomaggies: 3.631e-6, jy: 1, mjy: 1e-3, ujy: 1e-6, njy: 1e-9 }[(unit ?? '').toLowerCase().replace('µ', 'u')];
  if (janskys !== undefined) return { zeroPoint: -2.5 * Math.log10(janskys / 3631), zeroPointSource: `BUNIT = ${unit}` };
  const [flam, plam] = [number('PHOTFLAM'), number('PHOTPLAM')];
  // f_ν = PHOTFLAM λ²/c at the pivot wavelength.
  return flam !== undefined && plam !== undefined
    ? { zeroPoint: abMagnitude(perFrequency(flam, plam)), zeroPointSource: 'PHOTFLAM, PHOTPLAM' } : null;
}
