import { median, standardDeviation } from '../stats/index.js';

/** One ring of a radial profile. */
export interface ProfilePoint {
  /** Middle of the ring, in the unit of the radii. */
  readonly radius: number;
  readonly median: number;
  /** Standard deviation of the values in the ring; NaN for one value. */
  readonly std: number;
  /** Number of bins in the ring. */
  readonly bins: number;
}

/**
 * Median and scatter in rings of equal width; rings without a bin are left out. Values or radii that are not finite do not
 * count.
 * @param step width of a ring, 0.2 (of R_e) when not given
 */
export function radialProfile(radius: ArrayLike<number>, value: ArrayLike<number>, step = 0.2): ProfilePoint[] {
  const rings = new Map<number, number[]>();
  for (let i = 0; i < radius.length; i++) {
    if (!Number.isFinite(radius[i]!) || !Number.isFinite(value[i]!)) continue;
    const ring = Math.floor(radius[i]! / step);
    rings.set(ring, [...(rings.get(ring) ?? []), value[i]!]);
  }
  return [...rings]
    .sort(([a], [b]) => a - b)
    .map(([ring, values]) => ({ radius: (ring + 0.5) * step, median: median(values), std: standardDeviation(values), bins: values.length }));
}
