import type { Cube } from '../cube/index.js';
import { angleBetween, growthCurve, maskSources, measureIsophotalGeometry, skyPositionAngle, type GrowthCurve, type Image, type IsophotalGeometry } from '../image/index.js';
import { pixelToSky, skyToPixel, type CelestialWcs } from '../sky/index.js';
import type { Config } from './resolve.js';

/** The grid of an image on the sky. */
export interface Grid {
  /** Null without coordinates: north is then up and east to the left. */
  readonly celestial: CelestialWcs | null;
  /** Side of a pixel [arcsec]. */
  readonly pixelScale: number;
}

/** What the image of a galaxy says of its shape. */
export interface Shape {
  /** Zero-based pixels of the cube. */
  readonly center: readonly [number, number];
  /** North through east [deg]. */
  readonly positionAngle: number;
  /** That of the isophotes [deg], given or not. */
  readonly isophotesAngle: number;
  readonly ellipticity: number;
  /** Standard errors: centre [arcsec], position angle [deg], effective radius as a fraction. */
  readonly errors: { readonly center: number; readonly positionAngle: number; readonly ellipticity: number; readonly effectiveRadius: number };
  /** [arcsec]; null when no light was found. */
  readonly effectiveRadius: number | null;
  /** What it was measured on, in words. */
  readonly image: string;
  readonly isophotes: IsophotalGeometry;
  readonly growth: GrowthCurve | null;
  /** Where R_e was measured, in words, if not on the same image. */
  readonly growthImage: string;
  /** Sides of a pixel of the cube and of that image [arcsec]. */
  readonly scale: number;
  readonly growthScale: number;
  /** The parts of the geometry that were not given. */
  readonly measured: readonly ('center' | 'positionAngle' | 'ellipticity' | 'effectiveRadius')[];
}

/**
 * Isophotes that end before so many R_e may all be turned by one bar or clump: the scatter along the radius, from which the errors come, does not tell. An R_e that is a lower
 * limit has more of them: of an exponential disc that ends at 1.5 R_e two thirds of R_e are measured.
 */
const [enoughRadii, enoughOfLimit] = [1.5, 2.1];

/** Where the isophotes end [measured R_e], when that is so near that the errors of position angle and ellipticity are too small; null else. */
export function shortIsophotes({ isophotes, scale, measured, effectiveRadius, growth }: Pick<Shape, 'isophotes' | 'scale' | 'measured' | 'effectiveRadius' | 'growth'>): number | null {
  const end = (isophotes.outerRadius * scale) / (effectiveRadius ?? Number.NaN);
  return end < (growth?.status.lowerLimit ? enoughOfLimit : enoughRadii) && measured.some((part) => part === 'positionAngle' || part === 'ellipticity') ? end : null;
}

export type NoShape = { readonly shape: null; readonly reason: string };

/** A wider image for the growth curve. */
export interface WiderImage extends Grid {
  readonly image: Image;
  readonly name: string;
  readonly seeing: number | null;
}

/** Seeing assumed where it is not known [arcsec]: isophotes begin beyond two of it. */
const assumedSeeing = 1;

/**
 * A wider image with what is not the galaxy masked: the cube's verdict where the cube is, points without a word from a spectrum beyond.
 * @param mask of the cube's spaxels, 1 where a source lies
 */
export function maskedWider(wider: WiderImage, cube: Pick<Cube, 'wcs' | 'nx' | 'ny'>, mask: ArrayLike<number>, centre: readonly [number, number], seeing: number): WiderImage {
  const [own, celestial] = [wider.celestial, cube.wcs?.celestial];
  if (!own || !celestial) return wider;
  const { image } = wider;
  const at = (x: number, y: number): [number, number] => skyToPixel(own, ...pixelToSky(celestial, x, y));
  const [cx, cy] = at(centre[0], centre[1]);
  const fwhm = Math.max(2, (wider.seeing ?? seeing) / wider.pixelScale);
  const found = maskSources(image, { point: { fwhm, beta: 2.5 }, centre: [cx, cy] }).mask;
  const corners = [[0, 0], [cube.nx, 0], [0, cube.ny], [cube.nx, cube.ny]].map(([x, y]) => at(x! - 0.5, y! - 0.5));
  const range = (k: 0 | 1, size: number): [number, number] => [Math.max(0, Math.floor(Math.min(...corners.map((one) => one[k])))), Math.min(size - 1, Math.ceil(Math.max(...corners.map((one) => one[k]))))];
  const [[x0, x1], [y0, y1]] = [range(0, image.nx), range(1, image.ny)];
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const [u, v] = skyToPixel(celestial, ...pixelToSky(own, x, y)).map(Math.round) as [number, number];
      if (u >= 0 && v >= 0 && u < cube.nx && v < cube.ny) found[y * image.nx + x] = mask[v * cube.nx + u] ? 1 : 0;
    }
  }
  const { mask: before } = image;
  return { ...wider, image: { ...image, mask: before ? found.map((one, i) => (one || before[i] ? 1 : 0)) : found } };
}

/** The angle on the pixel grid [deg] from +x towards +y of a position angle: the inverse of `skyPositionAngle`. */
export function pixelAngle(positionAngle: number, celestial: CelestialWcs | null): number {
  if (!celestial) return positionAngle + 90;
  // Position angle is monotonic in the angle, by parity; two steps of a secant suffice for any grid.
  let angle = positionAngle + 90;
  for (let turn = 0; turn < 50; turn++) {
    const off = ((skyPositionAngle(angle, celestial) - positionAngle + 270) % 180) - 90;
    if (Math.abs(off) < 1e-9) break;
    const slope = (((skyPositionAngle(angle + 0.5, celestial) - skyPositionAngle(angle, celestial) + 270) % 180) - 90) / 0.5;
    angle -= off / slope;
  }
  return angle;
}

/**
 * Measures centre, position angle, ellipticity and effective radius of a galaxy on an image of the cube; the effective radius on a wider image where there is one. What the
 * configuration gives is taken as given: the centre holds for the isophotes, the whole geometry for the growth curve.
 */
export function measureShape(image: Image, name: string, cube: Pick<Cube, 'wcs' | 'pixelScale'>, config: Config, seeing: number | null, wider: WiderImage | null): { readonly shape: Shape; readonly reason: null } | NoShape {
  const celestial = cube.wcs?.celestial ?? null;
  const { center, centerPixel, positionAngle, ellipticity } = config.geometry;
  const given = centerPixel ?? (center && celestial ? skyToPixel(celestial, center[0], center[1]) : null);
  const psfFwhm = (seeing ?? assumedSeeing) / cube.pixelScale;
  const found = measureIsophotalGeometry(image, {
    psfFwhm, ...(given && { centre: [given[0], given[1]] as const }),
    ...(given && { fixed: { center: true, ellipticity: false, angle: false } }),
  });
  if (!found.geometry) return { shape: null, reason: found.reason };
  const isophotes = found.geometry;
  const at: readonly [number, number] = given ? [given[0], given[1]] : [isophotes.x, isophotes.y];
  const isophotesAngle = celestial ? skyPositionAngle(isophotes.angle, celestial) : (((isophotes.angle - 90) % 180) + 180) % 180;
  const pa = positionAngle ?? isophotesAngle;
  const flattening = ellipticity ?? isophotes.ellipticity;
  const place = wider?.celestial && celestial ? skyToPixel(wider.celestial, ...pixelToSky(celestial, at[0], at[1])) : null;
  const target = wider && place ? { image: wider.image, grid: wider as Grid, at: place, seeing: wider.seeing } : { image, grid: { celestial, pixelScale: cube.pixelScale } as Grid, at, seeing };
  const growth = growthCurve(target.image, { x: target.at[0], y: target.at[1], ellipticity: flattening, angle: pixelAngle(pa, target.grid.celestial) }, {
    psfFwhm: (target.seeing ?? 0) / target.grid.pixelScale, ellipticityError: ellipticity === null ? isophotes.ellipticityError : 0,
  });
  const radius = growth.effectiveRadius * target.grid.pixelScale;
  const known = radius > 0 && Number.isFinite(radius);
  return {
    shape: {
      center: at, positionAngle: pa, isophotesAngle, ellipticity: flattening,
      errors: {
        center: given ? 0 : Math.hypot(isophotes.xError, isophotes.yError) / Math.SQRT2 * cube.pixelScale, positionAngle: positionAngle === null ? isophotes.angleError : 0,
        ellipticity: ellipticity === null ? isophotes.ellipticityError : 0, effectiveRadius: known ? growth.effectiveRadiusError / growth.effectiveRadius : 0,
      },
      effectiveRadius: known ? radius : null, image: name, isophotes, growth, growthImage: wider && place ? wider.name : name, scale: cube.pixelScale, growthScale: target.grid.pixelScale,
      measured: [...(given ? [] : ['center' as const]), ...(positionAngle === null ? ['positionAngle' as const] : []), ...(ellipticity === null ? ['ellipticity' as const] : []), ...(config.effectiveRadius === null ? ['effectiveRadius' as const] : [])],
    }, reason: null,
  };
}

/** A given position angle may differ by so much [deg] from that of the isophotes, whose ellipticity is then adopted. */
const notTurned = 10;

/** What the user should know of a measured shape. */
export function shapeWarnings(shape: Shape, config: Config): string[] {
  const { isophotes: { source, status, asymmetry }, growth, effectiveRadius, growthImage } = shape;
  const short = shortIsophotes(shape);
  const turned = config.geometry.ellipticity === null ? Math.abs(angleBetween(shape.isophotesAngle, shape.positionAngle)) : 0;
  const ownShape = config.geometry.positionAngle === null || config.geometry.ellipticity === null;
  return [
    ...(ownShape && source === 'moments' ? ['no isophote converged: position angle and ellipticity are those of the moments of the light'] : []),
    ...(ownShape && status.fewIsophotes && source === 'isophotes' ? ['the geometry comes from fewer than five isophotes: its errors are poorly known'] : []),
    ...(ownShape && status.asymmetric ? [`${Math.round(100 * asymmetry)} % of the light has no counterpart across the centre: a star or a neighbour that is not masked, or a disturbed galaxy; check the geometry`] : []),
    ...(short !== null ? [`the isophotes end at ${short.toFixed(1)} of the measured R_e: a bar or a clump may turn them all, and the error of the position angle be too small by half`] : []),
    ...(turned > notTurned ? [`the isophotes lie at ${shape.isophotesAngle.toFixed(0)}°, ${turned.toFixed(0)}° from the given position angle: the ellipticity is that along their own axis; give geometry.ellipticity too`] : []),
    ...(ownShape && status.drifting ? ['ellipticity or position angle drift along the radius (a bar, a warp, a neighbour)'] : []),
    ...(config.effectiveRadius === null && effectiveRadius !== null && growth!.status.lowerLimit ? [`the light of the galaxy goes on beyond ${growthImage}: the effective radius is a lower limit; give effectiveRadius or a wider reference image`] : []),
    ...(config.effectiveRadius === null && effectiveRadius !== null && growth!.status.contaminated ? [`the growth curve of ${growthImage} holds light that is not the galaxy's (a star or a neighbour that is not masked): check the effective radius`] : []),
    ...(config.effectiveRadius === null && effectiveRadius !== null && growth!.status.centreMasked ? [`the middle of the galaxy is masked: the growth curve of ${growthImage} takes the light at the rim of the mask for it; give effectiveRadius where the light has a cusp`] : []),
    ...(config.effectiveRadius === null && effectiveRadius !== null && growth!.status.skyAssumed && !growth!.status.lowerLimit ? ['the level of the sky could not be measured about the galaxy: 0 was taken'] : []),
  ];
}
