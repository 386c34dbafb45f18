import { median } from '../stats/index.js';
import type { Background } from './background.js';
import { isUsable, type Image } from './image.js';
import type { Segmentation } from './segmentation.js';

/** The image of a point: a Moffat profile (1 + (r/α)²)^−β of this FWHM, or a Gaussian where `beta` is null. */
export interface PointSpread {
  /** [pixels] */
  readonly fwhm: number;
  readonly beta: number | null;
}

/** A source as an image shows it. Pixels are counted from zero. */
export interface Source {
  /** Number in the segmentation, from 1. */
  readonly number: number;
  readonly x: number;
  readonly y: number;
  /** FWHM along the longest and the shortest diameter, of the Gaussian whose weighted moments fit [pixels]; NaN when they do not converge. */
  readonly major: number;
  readonly minor: number;
  /** Direction of the longest diameter [deg], from +x towards +y, −90 to 90. */
  readonly angle: number;
  /** Size (geometric mean of the diameters) over that of a point. */
  readonly sizeRatio: number;
  /** Height of the Gaussian above the light around it, in the image's unit, and that over its error. */
  readonly peak: number;
  readonly significance: number;
  /** Median of the light around the source, above the background. */
  readonly surroundings: number;
  /** Magnitude of the source less that of the light around it in (blue − red), negative = bluer; NaN without colours or without light there. */
  readonly colourExcess: number;
  readonly colourError: number;
}

/** The same field in two other bands, blue and red, for colours: on the same pixels, each with its noise per pixel. */
export interface ColourPair {
  readonly blue: Image;
  readonly red: Image;
  readonly noise: readonly [ArrayLike<number>, ArrayLike<number>];
}

interface Moments {
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/**
 * Measures each source with a Gaussian weight that is matched to it until both agree (adaptive moments, Bernstein & Jarvis 2002, §3.1), above the median of the
 * ring of 2 to 3.5 FWHM about it; pixels of other sources are left out.
 */
export function measureSources(image: Image, background: Background, { label, peaks }: Segmentation, point: PointSpread, colours: ColourPair | null = null): Source[] {
  const own = pointSize(point);
  return peaks.map((peak, k): Source => {
    const start = { x: peak % image.nx, y: Math.floor(peak / image.nx) };
    const ring = ringOf(image, label, k + 1, start, point.fwhm);
    const excess = (i: number) => image.data[i]! - background.level[i]!;
    const surroundings = median(ring.map(excess));
    const usable = (i: number) => isUsable(image, i) && (label[i] === 0 || label[i] === k + 1);
    const fit = adaptiveMoments(image.nx, image.ny, (i) => (usable(i) ? excess(i) - surroundings : Number.NaN), start, own);
    const shape = fit ?? { ...start, xx: own, xy: 0, yy: own };
    const matched = matchedHeight(image, shape, (i) => (usable(i) ? excess(i) - surroundings : Number.NaN), background.noise);
    const mid = (shape.xx + shape.yy) / 2;
    const half = Math.hypot((shape.xx - shape.yy) / 2, shape.xy);
    const size = (variance: number) => (fit ? 2.3548 * Math.sqrt(variance) : Number.NaN);
    return {
      number: k + 1, x: shape.x, y: shape.y, major: size(mid + half), minor: size(mid - half),
      angle: (Math.atan2(2 * shape.xy, shape.xx - shape.yy) * 90) / Math.PI,
      sizeRatio: size(Math.sqrt(mid * mid - half * half)) / (2.3548 * Math.sqrt(own)),
      peak: matched.height, significance: matched.height / matched.error, surroundings,
      ...colourOf(shape, usable, ring, colours),
    };
  });
}

/** Usable pixels about a place, 2 to 3.5 FWHM away, of no other source where such are enough. */
function ringOf(image: Image, label: Int32Array, number: number, { x, y }: { x: number; y: number }, fwhm: number): number[] {
  const reach = Math.ceil(3.5 * fwhm);
  const all: number[] = [];
  const free: number[] = [];
  for (let v = Math.max(0, Math.ceil(y - reach)); v <= Math.min(image.ny - 1, y + reach); v++) {
    for (let u = Math.max(0, Math.ceil(x - reach)); u <= Math.min(image.nx - 1, x + reach); u++) {
      const r = Math.hypot(u - x, v - y);
      const i = v * image.nx + u;
      if (r < 2 * fwhm || r > 3.5 * fwhm || !isUsable(image, i)) continue;
      all.push(i);
      if (label[i] === 0 || label[i] === number) free.push(i);
    }
  }
  return free.length >= 0.25 * all.length ? free : all;
}

/** Weighted moments with the weight of their own shape; null when they run away or do not settle. */
function adaptiveMoments(nx: number, ny: number, value: (i: number) => number, start: { x: number; y: number }, size: number): Moments | null {
  const now: Moments = { ...start, xx: size, xy: 0, yy: size };
  for (let step = 0; step < 40; step++) {
    let [sum, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0];
    eachWeight(nx, ny, now, (i, dx, dy, weight) => {
      const f = weight * value(i);
      if (Number.isNaN(f)) return;
      sum += f;
      sx += f * dx;
      sy += f * dy;
      sxx += f * dx * dx;
      sxy += f * dx * dy;
      syy += f * dy * dy;
    });
    if (!(sum > 0)) return null;
    // The product of two equal Gaussians has half their variance.
    const [ex, ey] = [sx / sum, sy / sum];
    const next = { x: now.x + 2 * ex, y: now.y + 2 * ey, xx: 2 * (sxx / sum - ex * ex), xy: 2 * (sxy / sum - ex * ey), yy: 2 * (syy / sum - ey * ey) };
    const change = Math.abs(next.xx - now.xx) + Math.abs(next.yy - now.yy) + Math.abs(next.xy - now.xy);
    Object.assign(now, next);
    const determinant = now.xx * now.yy - now.xy * now.xy;
    if (!(determinant > 0.01 * size * size && now.xx > 0 && now.xx + now.yy < 50 * size) || Math.hypot(now.x - start.x, now.y - start.y) > 2 * Math.sqrt(size) + 1) return null;
    if (change < 1e-3 * size) return now;
  }
  return null;
}

/** Calls with every pixel within 4 σ, its offset and its Gaussian weight. */
function eachWeight(nx: number, ny: number, { x, y, xx, xy, yy }: Moments, use: (i: number, dx: number, dy: number, weight: number) => void): void {
  const determinant = xx * yy - xy * xy;
  const [reachX, reachY] = [4 * Math.sqrt(xx), 4 * Math.sqrt(yy)];
  for (let v = Math.max(0, Math.ceil(y - reachY)); v <= Math.min(ny - 1, y + reachY); v++) {
    for (let u = Math.max(0, Math.ceil(x - reachX)); u <= Math.min(nx - 1, x + reachX); u++) {
      const [dx, dy] = [u - x, v - y];
      const q = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant;
      if (q < 16) use(v * nx + u, dx, dy, Math.exp(-q / 2));
    }
  }
}

function matchedHeight(image: Image, shape: Moments, value: (i: number) => number, noise: ArrayLike<number>): { height: number; error: number } {
  let [light, norm, square] = [0, 0, 0];
  eachWeight(image.nx, image.ny, shape, (i, _dx, _dy, weight) => {
    const f = value(i);
    if (Number.isNaN(f)) return;
    light += weight * f;
    norm += weight * weight;
    square += (weight * noise[i]!) ** 2;
  });
  return { height: light / norm, error: Math.sqrt(square) / norm };
}

function colourOf(shape: Moments, usable: (i: number) => boolean, ring: readonly number[], colours: ColourPair | null): Pick<Source, 'colourExcess' | 'colourError'> {
  if (!colours) return { colourExcess: Number.NaN, colourError: Number.NaN };
  const [blue, red] = ([colours.blue, colours.red] as const).map((image, k) => {
    const around = ring.filter((i) => isUsable(image, i)).map((i) => image.data[i]!);
    const local = median(around);
    const spread = median(around.map((value) => Math.abs(value - local))) * 1.4826;
    const { height, error } = matchedHeight(image, shape, (i) => (usable(i) && isUsable(image, i) ? image.data[i]! - local : Number.NaN), colours.noise[k]!);
    return { ratio: height / local, error: Math.hypot(error / height, (1.2533 * spread) / Math.sqrt(around.length) / local) };
  }) as [{ ratio: number; error: number }, { ratio: number; error: number }];
  const ratio = blue.ratio / red.ratio;
  // A colour needs light in the source and around it in both bands.
  return blue.ratio > 0 && red.ratio > 0
    ? { colourExcess: -2.5 * Math.log10(ratio), colourError: 1.0857 * Math.hypot(blue.error, red.error) }
    : { colourExcess: Number.NaN, colourError: Number.NaN };
}

/** The profile of a point, 1 at its centre. */
export function pointProfile({ fwhm, beta }: PointSpread, r: number): number {
  if (beta === null) return 2 ** -(((2 * r) / fwhm) ** 2);
  return (1 + (2 ** (1 / beta) - 1) * ((2 * r) / fwhm) ** 2) ** -beta;
}

/** What the adaptive moments make of a point [pixels²]: its wings carry a Moffat profile beyond the Gaussian of its FWHM. */
function pointSize(point: PointSpread): number {
  const n = 2 * Math.ceil(4 * point.fwhm) + 1;
  const centre = (n - 1) / 2;
  const gaussian = (point.fwhm / 2.3548) ** 2;
  const fit = adaptiveMoments(n, n, (i) => pointProfile(point, Math.hypot((i % n) - centre, Math.floor(i / n) - centre)), { x: centre, y: centre }, gaussian);
  return fit?.xx ?? gaussian;
}
