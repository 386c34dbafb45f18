import { basename } from 'node:path';
import type { BandImage, Cube, CubeOptions } from '../cube/index.js';
import { streamBroadband } from '../cube/index.js';
import { ZgradError } from '../errors/index.js';
import type { Fits } from '../fits/index.js';
import { openFitsFile, readText } from '../host/index.js';
import { compareFluxes, isolatedStars, readReferenceImage, type FluxCalibration, type JudgedSource, type ReferenceImage } from '../image/index.js';
import { builtInCurve, chooseCurve, parseFilterCurves, type FilterCurve } from '../light/index.js';
import { pixelToSky } from '../sky/index.js';
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

/**
 * Compares the cube with reference images, band by band, in the central aperture or by isolated stars.
 * @param centre of the galaxy in zero-based pixels of the cube
 * @throws BadConfig for a band without a curve or a cube without coordinates; BadWcs, BadArgument for images without coordinates or zero point
 */
export async function compareWithReference(
  given: Given, opened: readonly Fits[], options: CubeOptions, cube: Pick<Cube, 'wcs' | 'nx' | 'ny' | 'pixelScale'>, centre: readonly [number, number], sources: readonly JudgedSource[], seeing: number,
): Promise<Reference> {
  const wcs = cube.wcs?.celestial;
  if (!wcs) throw new ZgradError('BadConfig', { where: 'reference', found: 'a cube without celestial coordinates', expected: 'a place on the sky for the comparison' });
  const names = Object.keys(given.images);
  if (names.length === 0) throw new ZgradError('BadConfig', { where: 'reference.images', found: 'no image', expected: 'an image for a band, such as {r: galaxy-r.fits}' });
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
