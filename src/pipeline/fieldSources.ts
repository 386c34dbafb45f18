import { placeOf, sourceLine, type Arm, type BandImage, type Cube } from '../cube/index.js';
import { maskSources, type JudgedSource, type LineEvidence, type Source } from '../image/index.js';
import { armsOf, type HeldCube } from './heldCube.js';
import type { Config } from './resolve.js';

/** Foreground stars and background galaxies of the field. */
export interface FieldSources {
  /** 1 where one lies. */
  readonly mask: Uint8Array;
  readonly sources: readonly JudgedSource[];
}

/** How far about a source its surroundings are looked at [FWHM]. */
const reach = 4;
/** Moffat's exponent of the seeing. */
const beta = 2.5;

/** The spaxels x0 ≤ x < x1, y0 ≤ y < y1 as a cube of their own, in memory. */
function patchOf(arms: readonly Arm[], nx: number, [x0, x1]: readonly [number, number], [y0, y1]: readonly [number, number]): Pick<Cube, 'nx' | 'ny' | 'arms'> {
  const [width, height] = [x1 - x0, y1 - y0];
  const made = arms.map(({ name, axis, lsf }) => {
    const length = width * height * axis.wavelength.length;
    return { name, axis, lsf, flux: new Float32Array(length), variance: new Float32Array(length) };
  });
  // Spaxel by spaxel, all arms at once: on disk they lie together.
  for (let s = 0; s < width * height; s++) {
    const spaxel = (y0 + Math.floor(s / width)) * nx + x0 + (s % width);
    arms.forEach((arm, a) => {
      const n = arm.axis.wavelength.length;
      const first = placeOf(arm, spaxel);
      made[a]!.flux.set(arm.flux.subarray(first, first + n), s * n);
      made[a]!.variance.set(arm.variance.subarray(first, first + n), s * n);
    });
  }
  return { nx: width, ny: height, arms: made };
}

/**
 * Judges the sources on the image by shape, colour and whether their spectrum, less the light of the ring about them, has lines at the galaxy's redshift.
 * @param bands the image that sources are looked for on, and bluer and redder ones where the cube has them
 */
export function findFieldSources(held: HeldCube, bands: { readonly image: BandImage; readonly blue: BandImage | null; readonly red: BandImage | null }, pixelScale: number, centre: readonly [number, number], config: Config, seeing: number): FieldSources {
  const { nx, ny } = held;
  const fwhm = Math.max(2, seeing / pixelScale);
  const arms = armsOf(held);
  const span = (at: number, size: number): [number, number] => [Math.max(0, Math.floor(at - reach * fwhm)), Math.min(size, Math.ceil(at + reach * fwhm) + 1)];
  const lineOf = ({ x, y }: Source): LineEvidence | null => {
    const [columns, rows] = [span(x, nx), span(y, ny)];
    if (!(columns[1] > columns[0] && rows[1] > rows[0])) return null;
    return sourceLine(patchOf(arms, nx, columns, rows), config.redshift, fwhm)({ x: x - columns[0], y: y - rows[0] });
  };
  const { image, blue, red } = bands;
  const noiseOf = ({ variance }: BandImage): Float64Array => variance.map(Math.sqrt);
  return maskSources(image, { point: { fwhm, beta }, centre, lineOf, ...(blue && red && { colours: { blue, red, noise: [noiseOf(blue), noiseOf(red)] as const } }) });
}
