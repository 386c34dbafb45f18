import { gaussianFilter2d } from '../numeric/index.js';
import type { Background } from './background.js';
import { isUsable, type Image } from './image.js';

export interface SegmentationOptions {
  /** FWHM of a point source [pixels]. */
  readonly fwhm: number;
  /** Least significance of a pixel after smoothing with the point source [σ]. Default 4. */
  readonly threshold?: number;
  /** Least number of connected pixels. Default half the area of a circle of diameter `fwhm`. */
  readonly minArea?: number;
  /** A peak is a source of its own when it stands this part of its height above the saddle to a higher one (and as many σ as the threshold). Default 0.15. */
  readonly contrast?: number;
}

/** The sources' pixels. */
export interface Segmentation {
  /** Number of the source from 1, 0 for none, per pixel. */
  readonly label: Int32Array;
  /** The pixel of each source's peak; source k has index k − 1. */
  readonly peaks: readonly number[];
  /** Significance of each pixel [σ]: the image less its background, smoothed with the point source; NaN where nothing is known. */
  readonly significance: Float64Array;
}

/**
 * Sources above the background: smoothed with a Gaussian of the point source (the best filter for it), cut at a threshold, split at saddles.
 * Pixels are flooded from the highest down; where two lakes meet, the one with the lower peak stays a source only if that stands high
 * enough above the saddle, else it becomes part of the other (the multi-threshold idea of Bertin & Arnouts 1996, §6, in the limit of infinitely many levels).
 */
export function segment(image: Image, background: Background, { fwhm, threshold = 4, minArea = (Math.PI * fwhm * fwhm) / 8, contrast = 0.15 }: SegmentationOptions): Segmentation {
  const { nx, ny, data } = image;
  const significance = significanceOf(image, background, fwhm / 2.3548);
  const order = Array.from(data.keys()).filter((i) => significance[i]! >= threshold).sort((a, b) => significance[b]! - significance[a]! || a - b);
  const lake = new Int32Array(nx * ny).fill(-1);
  const peak: number[] = [];
  const area: number[] = [];
  const parent: number[] = [];
  // A lake that met a higher one and is a source of its own: its further pixels are its own too.
  const rootOf = (k: number): number => {
    let root = k;
    while (parent[root] !== root) root = parent[root]!;
    return root;
  };
  for (const i of order) {
    const [x, y] = [i % nx, Math.floor(i / nx)];
    const met = new Set<number>();
    let highest = -1;
    for (let v = Math.max(0, y - 1); v <= Math.min(ny - 1, y + 1); v++) {
      for (let u = Math.max(0, x - 1); u <= Math.min(nx - 1, x + 1); u++) {
        const neighbour = v * nx + u;
        if (lake[neighbour]! < 0) continue;
        met.add(rootOf(lake[neighbour]!));
        if (highest < 0 || significance[neighbour]! > significance[highest]!) highest = neighbour;
      }
    }
    if (met.size === 0) {
      lake[i] = peak.length;
      parent.push(peak.length);
      peak.push(i);
      area.push(1);
      continue;
    }
    const level = significance[i]!;
    const main = [...met].reduce((best, k) => (significance[peak[k]!]! > significance[peak[best]!]! ? k : best));
    for (const k of met) {
      const height = significance[peak[k]!]!;
      if (k === main || (height - level >= Math.max(threshold, contrast * height) && area[k]! >= minArea)) continue;
      parent[k] = main;
      area[main]! += area[k]!;
    }
    const owner = rootOf(lake[highest]!);
    lake[i] = owner;
    area[owner]!++;
  }
  const numbers = new Map<number, number>();
  parent.forEach((k, lakeNumber) => {
    if (k === lakeNumber && area[k]! >= minArea) numbers.set(k, numbers.size + 1);
  });
  return {
    label: lake.map((k) => (k < 0 ? 0 : numbers.get(rootOf(k)) ?? 0)),
    peaks: [...numbers.keys()].map((k) => peak[k]!), significance,
  };
}

/** (smoothed image − background)/its noise; unusable pixels count with weight 0. */
function significanceOf(image: Image, { level, noise }: Background, sigma: number): Float64Array {
  const { nx, ny, data } = image;
  const good = Float64Array.from(data, (_, i) => (isUsable(image, i) && noise[i]! > 0 ? 1 / (noise[i]! * noise[i]!) : 0));
  const smooth = (values: Float64Array, width: number) => gaussianFilter2d(values, nx, ny, width);
  const light = smooth(data.map((value, i) => (good[i]! > 0 ? (value - level[i]!) * good[i]! : 0)), sigma);
  // The squared kernel is a Gaussian √2 narrower; the sum of its squares is 1/(4πσ²).
  const spread = smooth(good, sigma / Math.SQRT2);
  const norm = 1 / (2 * sigma * Math.sqrt(Math.PI));
  return light.map((value, i) => (good[i]! > 0 ? value / (norm * Math.sqrt(spread[i]!)) : Number.NaN));
}
