import { lightCentroid, type Cube } from '../cube/index.js';
import { makeDisk, type Disk } from '../disk/index.js';
import { ZgradError } from '../errors/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { pixelToSky, skyOffset, skyToPixel } from '../sky/index.js';
import { binToMap } from '../binning/index.js';
import type { Config } from './resolve.js';
import type { Shape } from './shape.js';

/** The centre that the configuration gives, in zero-based pixels; null when it gives none. Throws BadConfig for one outside the field, or on the sky without coordinates. */
export function givenCentre({ wcs, nx, ny }: Pick<Cube, 'wcs' | 'nx' | 'ny'>, { geometry: { center, centerPixel } }: Config): [number, number] | null {
  const celestial = wcs?.celestial ?? null;
  if (center && !celestial) {
    throw new ZgradError('BadConfig', {
      where: 'geometry.center', found: 'right ascension and declination, but data without celestial coordinates', expected: 'geometry.centerPixel',
    });
  }
  const given = centerPixel ?? (center && skyToPixel(celestial!, center[0], center[1]));
  if (!given) return null;
  const [x, y] = given;
  if (x > -0.5 && y > -0.5 && x < nx - 0.5 && y < ny - 0.5) return [x, y];
  throw new ZgradError('BadConfig', {
    where: center ? 'geometry.center' : 'geometry.centerPixel', found: Number.isFinite(x + y) ? `a centre at pixel (${x.toFixed(1)}, ${y.toFixed(1)})` : 'a centre on the other side of the sky',
    expected: `a centre inside the ${nx} × ${ny} spaxels`,
  });
}

/** The centre in zero-based pixels: as configured, else the source's own, else the centroid of the light. */
function centreOf(maps: LineMaps, config: Config, warnings: string[]): [number, number] {
  const { nx, ny } = maps.binning;
  const given = givenCentre({ wcs: maps.wcs, nx, ny }, config);
  if (given) return given;
  if (maps.origin) return [...maps.origin];
  const centroid = maps.image && lightCentroid(maps.image, nx);
  if (centroid) return [centroid.x, centroid.y];
  const halpha = maps.lines.get('Ha');
  const fromLine = halpha && lightCentroid(binToMap(maps.binning, halpha.flux.map((flux, b) => flux / maps.npix[b]!)), nx);
  if (fromLine) {
    warnings.push('the centre is the centroid of the Hα flux, because there is no image of the continuum; give geometry.center');
    return [fromLine.x, fromLine.y];
  }
  warnings.push('the centre is the middle of the field, because there is no light to find it by; give geometry.center');
  return [(nx - 1) / 2, (ny - 1) / 2];
}

/** Throws BadConfig for a part of the geometry that is neither given nor measured. */
function needed<T>(value: T | null, key: string, what: string, example: string): T {
  if (value !== null) return value;
  throw new ZgradError('BadConfig', {
    where: key, found: 'nothing, and nothing to measure it on', expected: what,
    remedy: `Line maps and sector-binned cubes have no image for isophotes: give it in the configuration, or with --set ${key}=${example}.`,
  });
}

/** The disc of the galaxy from the configuration (see `withShape`), its centre from the light when none is given. Throws BadConfig. */
export function measureGeometry(maps: LineMaps, config: Config, warnings: string[]): Disk {
  const { thickness } = config.geometry;
  const positionAngle = needed(config.geometry.positionAngle, 'geometry.positionAngle', 'the position angle of the major axis [deg]', '48.6');
  const ellipticity = needed(config.geometry.ellipticity, 'geometry.ellipticity', 'the ellipticity 1 - b/a', '0.286');
  const effectiveRadius = needed(config.effectiveRadius, 'effectiveRadius', 'the effective radius', '"0.43 kpc"');
  const [centerX, centerY] = centreOf(maps, config, warnings);
  const [ra, dec] = maps.wcs?.celestial ? pixelToSky(maps.wcs.celestial, centerX, centerY) : [null, null];
  return makeDisk({
    centerX, centerY, ra, dec, positionAngle, ellipticity, thickness, luminosityDistance: config.distance.luminosity, angularDistance: config.distance.angular, effectiveRadius,
  });
}

/** Whether anything of the geometry is left to be measured. */
export const shapeWanted = ({ geometry, effectiveRadius }: Config): boolean => geometry.positionAngle === null || geometry.ellipticity === null || effectiveRadius === null;

/** The configuration with what was measured where it gives nothing; errors of the measurement join those that are given. */
export function withShape(config: Config, shape: Shape): Config {
  const { geometry } = config;
  const given = geometry.errors;
  return {
    ...config,
    effectiveRadius: config.effectiveRadius ?? (shape.effectiveRadius === null ? null : { value: shape.effectiveRadius, unit: 'arcsec' }),
    geometry: {
      ...geometry, positionAngle: geometry.positionAngle ?? shape.positionAngle, ellipticity: geometry.ellipticity ?? shape.ellipticity,
      centerPixel: geometry.center || geometry.centerPixel ? geometry.centerPixel : shape.center,
      errors: {
        center: given?.center || shape.errors.center, positionAngle: given?.positionAngle || shape.errors.positionAngle, ellipticity: given?.ellipticity || shape.errors.ellipticity,
        effectiveRadius: given?.effectiveRadius || (config.effectiveRadius === null ? shape.errors.effectiveRadius : 0),
      },
    },
  };
}

/** Sky offset of a pixel from the disc's centre [arcsec], east and north. */
export function offsetOf(maps: Pick<LineMaps, 'wcs' | 'pixelScale'>, disk: Disk, x: number, y: number): [number, number] {
  if (maps.wcs?.celestial && disk.ra !== null && disk.dec !== null) {
    const [ra, dec] = pixelToSky(maps.wcs.celestial, x, y);
    return skyOffset(ra, dec, disk.ra, disk.dec);
  }
  // Without celestial coordinates the grid is taken as north up, east left.
  return [-(x - disk.centerX) * maps.pixelScale, (y - disk.centerY) * maps.pixelScale];
}
