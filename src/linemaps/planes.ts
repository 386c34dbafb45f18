import { ZgradError } from '../errors/index.js';
import { readPlane, type Fits, type Hdu, type Header } from '../fits/index.js';
import { parseCelestial, pixelScales, type Wcs } from '../sky/index.js';
import { constants } from '../units/index.js';

/** A map of nx·ny values, spaxel = y·nx + x. */
export type Map2d = Float32Array | Float64Array;

/** Plane z of an image, which must be nx × ny as the others. @throws ZgradError 'BadMaps' */
export async function planeOf(fits: Fits, hdu: Hdu, z: number, nx: number, ny: number): Promise<Map2d> {
  if (hdu.kind !== 'image' || hdu.axes[0] !== nx || hdu.axes[1] !== ny) {
    throw new ZgradError('BadMaps', {
      where: `${fits.source.name}, ${hdu.name || `HDU ${hdu.index}`}`, found: `a map of ${hdu.axes.join(' × ')} spaxels`, expected: `${nx} × ${ny} as the map of Hα`,
    });
  }
  return (await readPlane(fits, hdu, z)).data;
}

/** The celestial coordinates of maps and the side of a spaxel [arcsec]. @throws ZgradError 'BadMaps' without coordinates. */
export function gridOf(header: Header, where: string): { wcs: Wcs & { celestial: NonNullable<Wcs['celestial']> }; pixelScale: number } {
  const celestial = parseCelestial(header, { where });
  if (!celestial) throw new ZgradError('BadMaps', { where, found: 'no celestial coordinates', expected: 'those of the survey' });
  const [sx, sy] = pixelScales(celestial);
  return { wcs: { celestial, spectral: null }, pixelScale: Math.sqrt(sx * sy) };
}

/** Velocities [km/s] as c(z_obs − z)/(1 + z) about one redshift, turned to another. */
export function aboutRedshift(velocity: Float64Array, from: number, to: number): Float64Array {
  return velocity.map((v) => (constants.c * ((1 + from) * (1 + v / constants.c) - 1 - to)) / (1 + to));
}

/**
 * Dispersion [km/s] with the instrument's taken off in quadrature, and its error; NaN where the line is narrower than the instrument.
 */
export function intrinsicDispersion(observed: Float64Array, error: Float64Array, instrument: ArrayLike<number>): { sigma: Float64Array; sigmaError: Float64Array } {
  const sigma = observed.map((value, b) => Math.sqrt(value ** 2 - instrument[b]! ** 2));
  return { sigma, sigmaError: sigma.map((value, b) => (error[b]! * observed[b]!) / value) };
}
