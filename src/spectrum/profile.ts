import { erf } from '../numeric/index.js';

/** A line in the pixels of a window (index 0 = the window's first): value [1/Å] and derivatives by centre and σ [Å]. */
export interface Profile {
  readonly value: Float64Array;
  readonly byCentre: Float64Array;
  readonly bySigma: Float64Array;
}

export function makeProfile(length: number): Profile {
  return { value: new Float64Array(length), byCentre: new Float64Array(length), bySigma: new Float64Array(length) };
}

/** Pixels beyond this many σ get nothing: 6e-7 of the flux lies outside. */
const reach = 5;
const perRoot2Pi = 1 / Math.sqrt(2 * Math.PI);

/**
 * A Gaussian line of unit flux, integrated over the pixels: the mean flux density in each. Writes the pixels first ≤ k < last of
 * the axis at k − from and answers with [first, last].
 */
export function lineProfile(edges: Float64Array, from: number, to: number, centre: number, sigma: number, { value, byCentre, bySigma }: Profile): readonly [number, number] {
  let first = from;
  while (first < to && edges[first + 1]! < centre - reach * sigma) first++;
  let last = first;
  if (first >= to) return [first, last];
  let t0 = (edges[first]! - centre) / sigma;
  let below0 = erf(t0 * Math.SQRT1_2);
  let density0 = Math.exp(-0.5 * t0 * t0) * perRoot2Pi;
  for (const end = centre + reach * sigma; last < to && edges[last]! < end; last++) {
    const t1 = (edges[last + 1]! - centre) / sigma;
    const below1 = erf(t1 * Math.SQRT1_2);
    const density1 = Math.exp(-0.5 * t1 * t1) * perRoot2Pi;
    const perPixel = 1 / (edges[last + 1]! - edges[last]!);
    value[last - from] = 0.5 * (below1 - below0) * perPixel;
    byCentre[last - from] = ((density0 - density1) * perPixel) / sigma;
    bySigma[last - from] = ((t0 * density0 - t1 * density1) * perPixel) / sigma;
    t0 = t1;
    below0 = below1;
    density0 = density1;
  }
  return [first, last];
}
