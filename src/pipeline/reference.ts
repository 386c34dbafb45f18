import { basename } from 'node:path';
import type { BandImage, Cube, CubeOptions } from '../cube/index.js';
import { streamBroadband } from '../cube/index.js';
import { ZgradError } from '../errors/index.js';
import type { Fits } from '../fits/index.js';
import { openFitsFile, readText } from '../host/index.js';
import { compareFluxes, isolatedStars, outlineReferenceImage, readReferenceImage, type FluxCalibration, type JudgedSource, type ReferenceImage } from '../image/index.js';
import { builtInCurve, chooseCurve, parseFilterCurves, type FilterCurve } from '../light/index.js';
import { pixelToSky, skyToPixel, type CelestialWcs } from '../sky/index.js';
import type { Config } from './resolve.js';
import type { WiderImage } from './shape.js';

type Given = NonNullable<Config['reference']>;

/** What reference images say of the cube. */
export interface Reference {
  readonly calibration: FluxCalibration;
  /** What the cube is multiplied by; 1 unless that was asked for. */
  readonly applied: number;
  /** The image for the growth curve. */
  readonly wider: WiderImage;
  /** AB magnitude of a count of that image. */
  readonly zeroPoint: number;
}

/** Radius of the central aperture [FWHM of the seeing, at least arcsec]. */
const [apertureSeeing, leastAperture] = [4, 3] as const;

async function curveOf(band: string, { curves }: Given): Promise<FilterCurve> {
  const file = curves[band];
  if (file !== undefined) return chooseCurve(parseFilterCurves(await readText(file), file), undefined, file);
  const builtIn = builtInCurve(band);
  if (builtIn) return builtIn;
  throw new ZgradError('BadConfig', { where: `reference.images.${band}`, found: `the band ${band}, of which no curve is known`, expected: 'g, r, i, box:FROM-TO, or a file in reference.curves', remedy: `Give reference.curves.${band}.` });
}

const placeOf = ({ wcs }: Pick<Cube, 'wcs'>): CelestialWcs => {
  if (wcs?.celestial) return wcs.celestial;
  throw new ZgradError('BadConfig', { where: 'reference', found: 'a cube without celestial coordinates', expected: 'a place on the sky for the comparison' });
};

interface Field {
  readonly nx: number;
  readonly ny: number;
  readonly celestial: CelestialWcs;
}

/** Whether the middle, a corner or the middle of a side of one field lies in the other. */
function reaches(one: Field, other: Field): boolean {
  return [0, 0.5, 1].some((u) => [0, 0.5, 1].some((v) => {
    const [x, y] = skyToPixel(other.celestial, ...pixelToSky(one.celestial, u * one.nx - 0.5, v * one.ny - 0.5));
    return x >= -0.5 && y >= -0.5 && x <= other.nx - 0.5 && y <= other.ny - 0.5;
  }));
}

/**
 * Checks from headers alone that the reference images can be compared with a cube: better before a long measurement than after it.
 *
 * @throws ZgradError 'FileNotFound', 'NotFits', 'BadWcs' and 'BadArgument' for images without coordinates or zero point, 'BadConfig' for none at all, for one elsewhere on the sky, a band without a
 *   curve, or a cube without coordinates.
 */
export async function checkReference(given: Given | undefined, cube: Pick<Cube, 'wcs' | 'nx' | 'ny'>): Promise<void> {
  if (!given) return;
  const field = { nx: cube.nx, ny: cube.ny, celestial: placeOf(cube) };
  const images = Object.entries(given.images);
  if (images.length === 0) throw new ZgradError('BadConfig', { where: 'reference.images', found: 'no image', expected: 'an image for a band, such as {r: galaxy-r.fits}' });
  for (const [band, path] of images) {
    await curveOf(band, given);
    const { nx, ny, wcs } = outlineReferenceImage(await openFitsFile(path), given);
    const image = { nx, ny, celestial: wcs };
    if (reaches(image, field) || reaches(field, image)) continue;
    const [[ra, dec], [other, otherDec]] = [image, field].map((one) => pixelToSky(one.celestial, one.nx / 2, one.ny / 2)) as [[number, number], [number, number]];
    throw new ZgradError('BadConfig', {
      where: `reference.images.${band}`, found: `${path} about RA ${ra.toFixed(4)}°, Dec ${dec.toFixed(4)}°, where the cube is not`, expected: `an image of the field of the cube, about RA ${other.toFixed(4)}°, Dec ${otherDec.toFixed(4)}°`,
    });
  }
}

/**
 * Compares the cube with reference images, band by band, in the central aperture or by isolated stars.
 * @param centre of the galaxy in zero-based pixels of the cube
 * @throws what `checkReference` throws; BadConfig when a factor is to be applied and there is none
 */
export async function compareWithReference(
  given: Given, opened: readonly Fits[], options: CubeOptions, cube: Pick<Cube, 'wcs' | 'nx' | 'ny' | 'pixelScale'>, centre: readonly [number, number], sources: readonly JudgedSource[], seeing: number,
): Promise<Reference> {
  const wcs = placeOf(cube);
  const names = Object.keys(given.images);
  const images: ReferenceImage[] = [];
  for (const name of names) images.push(await readReferenceImage(await openFitsFile(given.images[name]!), given.zeroPoint === undefined ? {} : { zeroPoint: given.zeroPoint }));
  const curves = await Promise.all(names.map((name) => curveOf(name, given)));
  const own: BandImage[] = await streamBroadband(opened, curves, options);
  const circle = (x: number, y: number, radius: number): { ra: number; dec: number; radius: number } => {
    const [ra, dec] = pixelToSky(wcs, x, y);
    return { ra, dec, radius };
  };
  const radius = Math.max(leastAperture, apertureSeeing * seeing);
  const stars = given.compare === 'stars' ? isolatedStars(sources, cube, (3 * seeing) / cube.pixelScale) : [];
  const circles = given.compare === 'stars' ? stars.map(({ x, y }) => circle(x, y, 1.5 * seeing)) : [circle(centre[0], centre[1], radius)];
  const calibration = compareFluxes(names.map((name, b) => ({
    name, cube: { ...own[b]!, wcs }, pivot: own[b]!.pivot, coverage: own[b]!.coverage, reference: images[b]!, zeroPoint: images[b]!.zeroPoint,
  })), { kind: given.compare, circles });
  const widest = Math.max(0, names.indexOf('r'));
  const factor = calibration.bands[widest]!.factor;
  if (given.apply && !(factor > 0)) {
    throw new ZgradError('BadConfig', { where: 'reference.apply', found: `no factor in ${names[widest]}: nothing could be compared`, expected: 'an overlap of cube and image', remedy: 'Set reference.apply=false, or compare in the centre.' });
  }
  const image = images[widest]!;
  return {
    calibration, applied: given.apply ? factor : 1, zeroPoint: image.zeroPoint,
    wider: { image, name: `the ${names[widest]} image ${basename(given.images[names[widest]!]!)}`, celestial: image.wcs, pixelScale: image.pixelScale, seeing: null },
  };
}
