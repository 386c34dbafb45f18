import { ZgradError } from '../errors/index.js';
import type { Fits, Header } from '../fits/index.js';
import { pixelToSky, skyOffset, skyToPixel, type Wcs } from '../sky/index.js';
import { readMap } from './map.js';
import { parseRegions, type Region } from './regions.js';

/** The grid of spaxels that a mask is made for; a `Cube` is one. */
export interface SpaxelGrid {
  readonly nx: number;
  readonly ny: number;
  readonly wcs: Wcs | null;
  /** Side of a spaxel [arcsec]. */
  readonly pixelScale: number;
  /** Gives the physical coordinates (LTV, LTM) of an image cut out by IRAF; without it they are the image's. */
  readonly header?: Header;
}

/**
 * A mask from a FITS image: 1 where the image is not zero (or NaN). Length nx·ny.
 *
 * @param hdu default: the first image of the grid's size.
 * @throws ZgradError 'BadMask' when there is no image of the grid's size.
 */
export async function maskFromImage(fits: Fits, grid: Pick<SpaxelGrid, 'nx' | 'ny'>, hdu?: number | string): Promise<Uint8Array> {
  return Uint8Array.from(await readMap(fits, grid, 'BadMask', hdu), (value) => (value === 0 ? 0 : 1));
}

/**
 * A mask from the text of a DS9 region file: 1 where a spaxel's centre lies in a shape and in none with a leading '−'. When
 * all shapes have a leading '−' the rest of the field is masked. Length nx·ny.
 *
 * @param where name of the file, for messages.
 * @throws ZgradError 'BadMask' (see `parseRegions`), also for sky coordinates when the grid has none.
 */
export function maskFromRegions(text: string, grid: SpaxelGrid, where: string): Uint8Array {
  const regions = parseRegions(text, where);
  const mask = new Uint8Array(grid.nx * grid.ny).fill(regions.every((region) => region.exclude) ? 1 : 0);
  // Exclusion wins whatever the order of the shapes, as in DS9.
  for (const exclude of [false, true]) {
    for (const region of regions.filter((region) => region.exclude === exclude)) {
      const inside = insideOf(region, grid, where);
      for (let i = 0; i < mask.length; i++) if (inside(i % grid.nx, Math.floor(i / grid.nx))) mask[i] = exclude ? 0 : 1;
    }
  }
  return mask;
}

/** Whether the centre of the zero-based pixel (x, y) lies inside a region. */
function insideOf(region: Region, grid: SpaxelGrid, where: string): (x: number, y: number) => boolean {
  const celestial = grid.wcs?.celestial ?? null;
  const onSky = region.frame === 'sky';
  if (onSky && !celestial) {
    throw new ZgradError('BadMask', {
      where, found: 'sky coordinates', expected: 'image coordinates, because the cube has no celestial coordinates',
      remedy: 'Save the regions from DS9 in image coordinates.',
    });
  }
  const pixels = region.points.map(([a, b]) => (onSky ? skyToPixel(celestial!, a, b) : toZeroBased(a, b, region.frame, grid.header)));
  if (region.shape === 'polygon') return (x, y) => insidePolygon(x, y, pixels);

  const unit = onSky ? 'arcsec' : 'pixel';
  const sizes = region.sizes.map((size) =>
    (size.unit === unit ? size.value : onSky ? size.value * grid.pixelScale : size.value / grid.pixelScale));
  const turn = region.angle * Math.PI / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const inside = insideShape(region.shape, sizes);
  if (!onSky) {
    const [x0, y0] = pixels[0]!;
    return (x, y) => inside((x - x0) * cos + (y - y0) * sin, (y - y0) * cos - (x - x0) * sin);
  }
  const [ra0, dec0] = region.points[0]!;
  return (x, y) => {
    const [ra, dec] = pixelToSky(celestial!, x, y);
    const [east, north] = skyOffset(ra, dec, ra0, dec0);
    return inside(north * sin - east * cos, north * cos + east * sin);
  };
}

function toZeroBased(x: number, y: number, frame: Region['frame'], header?: Header): [number, number] {
  if (frame === 'image' || !header) return [x - 1, y - 1];
  const image = (axis: 1 | 2, p: number) => p * (header.number(`LTM${axis}_${axis}`) ?? 1) + (header.number(`LTV${axis}`) ?? 0);
  return [image(1, x) - 1, image(2, y) - 1];
}

/** The shape about its centre in its own axes (u along the first size). */
function insideShape(shape: Exclude<Region['shape'], 'polygon'>, sizes: readonly number[]): (u: number, v: number) => boolean {
  const [a, b = a] = sizes as [number, number?];
  switch (shape) {
    case 'circle': return (u, v) => u * u + v * v <= a * a;
    case 'annulus': return (u, v) => u * u + v * v >= a * a && u * u + v * v <= b * b;
    case 'ellipse': return (u, v) => (u / a) ** 2 + (v / b) ** 2 <= 1;
    case 'box': return (u, v) => Math.abs(u) <= a / 2 && Math.abs(v) <= b / 2;
  }
}

/** Even–odd rule. */
function insidePolygon(x: number, y: number, corners: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  corners.forEach(([x1, y1], i) => {
    const [x2, y2] = corners[(i + 1) % corners.length]!;
    if ((y1 > y) !== (y2 > y) && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  });
  return inside;
}
