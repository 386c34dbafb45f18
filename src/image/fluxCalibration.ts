import { fluxOfAbMagnitude, perWavelength } from '../light/index.js';
import { pixelScales, skyToPixel, type CelestialWcs } from '../sky/index.js';
import { mad, madToSigma, median } from '../stats/index.js';
import { sumAperture, type Aperture } from './aperture.js';
import type { Image } from './image.js';
import type { JudgedSource } from './sourceMask.js';

/** An image on the sky, with the variance of a pixel where it is known. */
export interface SkyImage extends Image {
  readonly wcs: CelestialWcs;
  readonly variance: Float64Array | null;
}

/** The cube and the reference in one band. */
export interface CommonBand {
  readonly name: string;
  /** The cube's image [1e-17 erg/s/cm²/Å per spaxel], its pivot wavelength [Å], and how much of the filter it covers. */
  readonly cube: SkyImage;
  readonly pivot: number;
  readonly coverage: number;
  /** The reference, and the AB magnitude of a pixel of value 1. */
  readonly reference: SkyImage;
  readonly zeroPoint: number;
}

/** A circle on the sky: degrees, and a radius in arcsec. */
export interface SkyCircle {
  readonly ra: number;
  readonly dec: number;
  readonly radius: number;
}

/** Where the two are compared: the galaxy's centre, all its light counted; or isolated stars, less the light of a ring of 1.5 to 2.5 radii. */
export interface CalibrationPlaces {
  readonly kind: 'centre' | 'stars';
  readonly circles: readonly SkyCircle[];
}

export interface BandFactor {
  readonly name: string;
  readonly pivot: number;
  /** Reference over cube: multiply the cube by it. NaN when no place could be compared. */
  readonly factor: number;
  readonly error: number;
  /** Places compared. */
  readonly places: number;
  /** The cube covers less than 99 % of the filter: the factor holds a colour term, and does not count for the trend. */
  readonly partial: boolean;
}

export interface FluxCalibration {
  readonly kind: CalibrationPlaces['kind'];
  readonly bands: readonly BandFactor[];
  /** Change of the factor per 1000 Å, with its error; null with fewer than two whole bands. */
  readonly trend: { readonly slope: number; readonly error: number } | null;
  readonly warnings: readonly string[];
}

/** A place counts when this much of its circle is usable in both images. */
const leastArea = 0.98;

/**
 * How many times brighter the reference is than the cube, per band: fluxes in the same circle on the sky in both. The reference's AB flux becomes f_λ at
 * the cube's pivot wavelength, so that a source's colour enters only through the difference of the two filters. One place has the error of its
 * pixels' variances; three and more the scatter of their ratios, σ(median) = 1.2533 σ/√n with σ from the median absolute deviation.
 *
 * Seeing differs: a circle about a galaxy's centre should have a radius of at least 3 FWHM of the worse image.
 */
export function compareFluxes(bands: readonly CommonBand[], { kind, circles }: CalibrationPlaces): FluxCalibration {
  const factors = bands.map((band): BandFactor => {
    const unit = perWavelength(fluxOfAbMagnitude(band.zeroPoint), band.pivot) * 1e17;
    const ratios = circles.flatMap((circle) => {
      const cube = fluxIn(band.cube, circle, kind);
      const reference = fluxIn(band.reference, circle, kind);
      if (!cube || !reference || !(cube.flux > 0 && reference.flux > 0)) return [];
      const ratio = (unit * reference.flux) / cube.flux;
      return [{ ratio, error: ratio * Math.hypot(cube.error / cube.flux, reference.error / reference.flux) }];
    });
    const values = ratios.map(({ ratio }) => ratio);
    const factor = median(values);
    const error = values.length >= 3 ? (1.2533 * mad(values, madToSigma)) / Math.sqrt(values.length)
      : Math.sqrt(ratios.reduce((total, { error }) => total + error * error, 0)) / values.length;
    return { name: band.name, pivot: band.pivot, factor, error, places: values.length, partial: band.coverage < 0.99 };
  });
  const whole = factors.filter(({ factor, partial }) => !partial && factor > 0);
  return { kind, bands: factors, trend: trendOf(whole), warnings: warningsOf(factors) };
}

function fluxIn(image: SkyImage, { ra, dec, radius }: SkyCircle, kind: CalibrationPlaces['kind']): { flux: number; error: number } | null {
  const [x, y] = skyToPixel(image.wcs, ra, dec);
  const [sx, sy] = pixelScales(image.wcs);
  const r = radius / Math.sqrt(sx * sy);
  const area = Math.PI * r * r;
  const circle = (a: number, hole = 0): Aperture => ({ kind: 'ellipse', x, y, a, b: a, angle: 0, hole });
  const inside = sumAperture(image, circle(r), image.variance ? { variance: image.variance } : {});
  if (!(inside.area >= leastArea * area)) return null;
  const error = image.variance ? inside.error : 0;
  const flux = (inside.sum * area) / inside.area;
  if (kind === 'centre') return { flux, error };
  const ring = sumAperture(image, circle(2.5 * r, 0.6));
  return ring.area >= area ? { flux: flux - (area * ring.sum) / ring.area, error: error * Math.sqrt(1 + area / ring.area) } : null;
}

/** Straight line through the factors, weighted by their errors (equal weights where a band has none). */
function trendOf(bands: readonly BandFactor[]): FluxCalibration['trend'] {
  if (bands.length < 2) return null;
  const weighted = bands.every(({ error }) => error > 0);
  let [w, x, y, xx, xy] = [0, 0, 0, 0, 0];
  for (const { pivot, factor, error } of bands) {
    const weight = weighted ? 1 / (error * error) : 1;
    const place = pivot / 1000;
    w += weight;
    x += weight * place;
    y += weight * factor;
    xx += weight * place * place;
    xy += weight * place * factor;
  }
  const spread = w * xx - x * x;
  return { slope: (w * xy - x * y) / spread, error: weighted ? Math.sqrt(w / spread) : Number.NaN };
}

function warningsOf(bands: readonly BandFactor[]): string[] {
  return bands.flatMap(({ name, factor, error, places, partial }) => {
    const note = partial ? ` The cube covers ${name} only in part: its colour is in the factor.` : '';
    if (places === 0) return [`Flux calibration in ${name}: no place lies in both images.`];
    return factor < 0.9 || factor > 1.1 ? [`Flux calibration in ${name}: the reference is ${factor.toFixed(3)} ± ${error.toFixed(3)} times the cube, outside 0.9–1.1.${note}`] : [];
  });
}

/** The stars of a field without another source within `distance` pixels, and so far from its edge: fit to compare fluxes. */
export function isolatedStars(sources: readonly JudgedSource[], { nx, ny }: Pick<Image, 'nx' | 'ny'>, distance: number): JudgedSource[] {
  return sources.filter(({ kind, number, x, y }) => kind === 'star' && Math.min(x, y, nx - 1 - x, ny - 1 - y) >= distance
    && sources.every((other) => other.number === number || Math.hypot(other.x - x, other.y - y) > distance));
}
