/** Arithmetic mean; NaN for an empty sample. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * Standard deviation about the mean.
 * @param missing degrees of freedom taken off the sample size: 1 for a sample's estimate, 0 for the population's;
 *   NaN when none are left
 */
export function standardDeviation(values: ArrayLike<number>, missing = 1): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  const freedom = values.length - missing;
  return freedom > 0 ? Math.sqrt(squares / freedom) : NaN;
}

/** Skewness, the third central moment over the cube of the population's standard deviation. */
export function skewness(values: ArrayLike<number>): number {
  return centralMoment(values, 3) / centralMoment(values, 2) ** 1.5;
}

/** Excess kurtosis, the fourth central moment over the square of the variance, less the 3 of a normal distribution. */
export function kurtosis(values: ArrayLike<number>): number {
  return centralMoment(values, 4) / centralMoment(values, 2) ** 2 - 3;
}

function centralMoment(values: ArrayLike<number>, power: number): number {
  const centre = mean(values);
  return mean(Float64Array.from(values, (value) => (value - centre) ** power));
}

/** Mean without the smallest and the largest part of the values, each `share` of them rounded down; NaN for an empty sample or one that holds a NaN. */
export function trimmedMean(values: ArrayLike<number>, share = 0.1): number {
  const order = Float64Array.from(values).sort();
  const cut = Math.floor(share * order.length);
  return Number.isNaN(order[order.length - 1]) ? NaN : mean(order.subarray(cut, order.length - cut));
}

/** What is left of a sample after clipping. */
export interface Clipped {
  /** The values inside the limits, in their order. */
  readonly kept: Float64Array;
  /** The last limits; a value on a limit is kept. */
  readonly low: number;
  readonly high: number;
}

/**
 * Drops what lies more than `sigmas` population standard deviations from the mean, again and again until nothing
 * more is dropped.
 */
export function sigmaClip(values: ArrayLike<number>, sigmas = 3): Clipped {
  let kept = Float64Array.from(values);
  for (;;) {
    const centre = mean(kept);
    const reach = sigmas * standardDeviation(kept, 0);
    const [low, high] = [centre - reach, centre + reach];
    const inside = kept.filter((value) => value >= low && value <= high);
    if (inside.length === kept.length || !(reach >= 0)) return { kept, low, high };
    kept = inside;
  }
}
