import { ZgradError } from '../errors/index.js';
import { Header, readImage, type Fits, type Hdu } from '../fits/index.js';
import { parseCelestial } from './header.js';
import { icrsToGalactic, positionAngle, separation } from './position.js';
import type { CelestialWcs } from './wcs.js';

/** The opened maps of Schlegel, Finkbeiner & Davis (1998): E(B−V) about the north and the south galactic pole. */
export interface DustMaps {
  readonly north: Fits;
  readonly south: Fits;
}

/** The names under which the maps are distributed. */
export const dustMapFiles = { north: 'SFD_dust_4096_ngp.fits', south: 'SFD_dust_4096_sgp.fits' } as const;

export interface DustMapOptions {
  /**
   * 'SF11' multiplies by 0.86, the recalibration of Schlafly & Finkbeiner (2011), which goes with the law of Fitzpatrick (1999) at R_V = 3.1.
   * Default 'SFD98', the maps as they are.
   */
  readonly scale?: 'SFD98' | 'SF11';
}

/** Galactic reddening towards a place, and where it was read. */
export interface GalacticReddening {
  /** E(B−V) [mag]; NaN where the map has no value. */
  readonly ebv: number;
  /** Galactic longitude and latitude [deg]. */
  readonly l: number;
  readonly b: number;
  /** The zero-based pixel in the map, and the map's file. */
  readonly pixel: readonly [number, number];
  readonly file: string;
}

const degree = Math.PI / 180;
const recalibration = 0.86;

/**
 * E(B−V) towards an ICRS position [deg] from the maps of Schlegel, Finkbeiner & Davis (1998, appendix C): b ≥ 0 in the northern one, bilinear between
 * the four nearest pixels, those beyond the edge counted as the edge. Only these pixels are read.
 *
 * @throws ZgradError 'BadWcs' when the header's coordinates are not those of the published maps, to 0.01 pixels at the place asked for; 'BadFits' when
 *   there is no square image.
 */
export async function galacticReddening(maps: DustMaps, ra: number, dec: number, { scale = 'SFD98' }: DustMapOptions = {}): Promise<GalacticReddening> {
  const [l, b] = icrsToGalactic(ra, dec);
  const fits = b >= 0 ? maps.north : maps.south;
  const hdu = squareImage(fits);
  const pixel = dustMapPixel(l, b, hdu.axes[0]);
  const [x, y] = headerPixel(hdu.header, fits.source.name, l, b);
  if (!(Math.hypot(x - pixel[0], y - pixel[1]) < 0.01)) {
    throw new ZgradError('BadWcs', {
      where: fits.source.name, found: `pixel (${x}, ${y}) for l = ${l}°, b = ${b}° by its header`, expected: `(${pixel.join(', ')}), as in the map of this hemisphere by Schlegel, Finkbeiner & Davis`,
      remedy: `Give the folder with the original ${dustMapFiles.north} and ${dustMapFiles.south}.`,
    });
  }
  const ebv = await bilinear(fits, hdu, pixel);
  return { ebv: scale === 'SF11' ? recalibration * ebv : ebv, l, b, pixel, file: fits.source.name };
}

/** The zero-based pixel of a galactic position [deg] in the map of its hemisphere, `size` pixels wide (Lambert's zenithal equal-area projection). */
export function dustMapPixel(l: number, b: number, size = 4096): [number, number] {
  const hemisphere = b >= 0 ? 1 : -1;
  const radius = (size / 2) * Math.sqrt(1 - hemisphere * Math.sin(b * degree));
  const centre = (size - 1) / 2;
  return [radius * Math.cos(l * degree) + centre, -hemisphere * radius * Math.sin(l * degree) + centre];
}

type SquareHdu = Hdu & { readonly axes: readonly [number, number] };

function squareImage(fits: Fits): SquareHdu {
  const hdu = fits.hdus.find((hdu): hdu is SquareHdu => hdu.kind === 'image' && hdu.axes.length === 2 && hdu.axes[0] === hdu.axes[1]);
  if (hdu) return hdu;
  throw new ZgradError('BadFits', { where: fits.source.name, found: 'no square image', expected: `a dust map such as ${dustMapFiles.north}` });
}

/** The pixel by the header's own coordinates: the linear part as for any zenithal projection, then Calabretta & Greisen (2002, eq. 69). */
function headerPixel(header: Header, where: string, l: number, b: number): [number, number] {
  const types = [1, 2].map((axis) => header.string(`CTYPE${axis}`)?.trim() ?? '');
  if (!types.every((type) => /^GL(?:ON|AT)-ZEA$/.test(type))) {
    throw new ZgradError('BadWcs', { where, found: `the axes '${types.join("', '")}'`, expected: 'GLON-ZEA and GLAT-ZEA' });
  }
  // Where a key comes twice the first counts.
  const linear = new Header([...types.map((type, i) => ({ key: `CTYPE${i + 1}`, value: type.replace('ZEA', 'ARC') })), ...header.cards]);
  const { referenceValue: [lon, lat], referencePixel, matrix: [a, c, d, e], lonPole } = parseCelestial(linear, { where }) as CelestialWcs;
  const radius = (2 * Math.sin((separation(lon, lat, l, b) * degree) / 2)) / degree;
  const phi = (lonPole - positionAngle(lon, lat, l, b)) * degree;
  const [xi, eta] = [radius * Math.sin(phi), -radius * Math.cos(phi)];
  const determinant = a * e - c * d;
  return [referencePixel[0] + (e * xi - c * eta) / determinant, referencePixel[1] + (a * eta - d * xi) / determinant];
}

async function bilinear(fits: Fits, hdu: SquareHdu, [x, y]: readonly [number, number]): Promise<number> {
  const last = hdu.axes[0] - 1;
  const [left, below] = [Math.floor(x), Math.floor(y)];
  const clamp = (index: number) => Math.min(last, Math.max(0, index));
  const start = [clamp(left), clamp(below)] as const;
  const count = [clamp(left + 1) - start[0] + 1, clamp(below + 1) - start[1] + 1] as const;
  const { data } = await readImage(fits, hdu, { start, count });
  const at = (i: number, j: number) => data[Math.min(j, count[1] - 1) * count[0] + Math.min(i, count[0] - 1)]!;
  const [u, v] = [x - left, y - below];
  return (1 - u) * (1 - v) * at(0, 0) + u * (1 - v) * at(1, 0) + (1 - u) * v * at(0, 1) + u * v * at(1, 1);
}
