/** Numbers in, none of them changed: an ordinary or a typed array. */
type Sample = ArrayLike<number>;

/** Ascending copy, or null when there is nothing to rank: an empty sample or one that holds a NaN. */
function sorted(values: Sample): Float64Array | null {
  const copy = Float64Array.from(values).sort();
  const last = copy[copy.length - 1];
  return last === undefined || Number.isNaN(last) ? null : copy;
}

/**
 * Quantiles by linear interpolation between order statistics (Hyndman & Fan 1996, type 7; numpy's default).
 * @param probabilities each in [0, 1]
 * @returns one value a probability; NaN for an empty sample, one that holds a NaN, a probability outside 0 to 1
 */
export function quantiles(values: Sample, probabilities: Sample): number[] {
  const order = sorted(values);
  return Array.from(probabilities, (p) => order && p >= 0 && p <= 1 ? interpolate(order, p) : NaN);
}

function interpolate(order: Float64Array, p: number): number {
  const position = p * (order.length - 1);
  const below = Math.floor(position);
  const low = order[below]!;
  const high = order[below + 1] ?? low;
  return position === below || low === high ? low : low + (position - below) * (high - low);
}

/** One quantile, as `quantiles`. */
export function quantile(values: Sample, p: number): number {
  return quantiles(values, [p])[0]!;
}

/** Median; NaN for an empty sample or one that holds a NaN. */
export function median(values: Sample): number {
  return quantile(values, 0.5);
}

/** The factor that turns the MAD of a normal sample into its standard deviation, 1/Φ⁻¹(3/4). */
export const madToSigma = 1.482602218505602;

/**
 * Median absolute deviation from the median, times `scale` (give `madToSigma` for a robust standard deviation).
 * NaN for an empty sample or one that holds a NaN.
 */
export function mad(values: Sample, scale = 1): number {
  const centre = median(values);
  return scale * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}
