import { erf } from '../numeric/index.js';

/** Pixels beyond this many σ get nothing: 6e-7 of the flux lies outside. */
const reach = 5;
const inverseRoot2 = Math.SQRT1_2;
const inverseRoot2Pi = 1 / Math.sqrt(2 * Math.PI);

/**
 * A Gaussian line of unit flux in pixels, mean flux density per pixel [1/Å], with its derivatives by the centre and by σ.
 * Integrated over the pixel unless `sampled`. Writes pixels first ≤ k < last of the arrays (index k − from) and returns
 * [first, last].
 */
export function lineProfile(
  edges: Float64Array, from: number, to: number, centre: number, sigma: number, sampled: boolean,
  value: Float64Array, byCentre: Float64Array, bySigma: Float64Array,
): readonly [number, number] {
  let first = from;
  while (first < to && edges[first + 1]! < centre - reach * sigma) first++;
  let last = first;
  if (sampled) {
    for (; last < to && edges[last]! < centre + reach * sigma; last++) {
      const t = ((edges[last]! + edges[last + 1]!) / 2 - centre) / sigma;
      const g = (Math.exp(-0.5 * t * t) * inverseRoot2Pi) / sigma;
      value[last - from] = g;
      byCentre[last - from] = (g * t) / sigma;
      bySigma[last - from] = (g * (t * t - 1)) / sigma;
    }
    return [first, last];
  }
  if (first >= to) return [first, last];
  let t0 = (edges[first]! - centre) / sigma;
  let cumulative0 = erf(t0 * inverseRoot2);
  let density0 = Math.exp(-0.5 * t0 * t0) * inverseRoot2Pi;
  for (; last < to && edges[last]! < centre + reach * sigma; last++) {
    const t1 = (edges[last + 1]! - centre) / sigma;
    const cumulative1 = erf(t1 * inverseRoot2);
    const density1 = Math.exp(-0.5 * t1 * t1) * inverseRoot2Pi;
    const perPixel = 1 / (edges[last + 1]! - edges[last]!);
    value[last - from] = 0.5 * (cumulative1 - cumulative0) * perPixel;
    byCentre[last - from] = ((density0 - density1) * perPixel) / sigma;
    bySigma[last - from] = ((t0 * density0 - t1 * density1) * perPixel) / sigma;
    t0 = t1;
    cumulative0 = cumulative1;
    density0 = density1;
  }
  return [first, last];
}
