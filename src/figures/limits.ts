import { quantile, quantiles } from '../stats/index.js';

export type Limits = readonly [number, number];

/** The finite ones of the values. */
export function finite(values: ArrayLike<number>): number[] {
  const kept: number[] = [];
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i]!)) kept.push(values[i]!);
  return kept;
}

/** Smallest and largest of some finite values, widened by a part of their span; `empty` when there is none. */
export function extent(values: readonly number[], margin: number, empty: Limits): Limits {
  if (!values.length) return empty;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // All values alike: a window around them that still has ticks.
  const span = high - low || Math.abs(low) * 0.1 || 1;
  return [low - margin * span, high + margin * span];
}

/** Limits that leave out a part `tail` of the values at either end: a few wild spaxels do not bleach a map. */
export function robustLimits(values: readonly number[], tail: number, empty: Limits): Limits {
  if (!values.length) return empty;
  return extent(quantiles(values, [tail, 1 - tail]), 0.02, empty);
}

/** Limits symmetric about zero. */
export function symmetricLimits(values: readonly number[], tail: number, empty: Limits): Limits {
  if (!values.length) return empty;
  const half = quantile(values.map(Math.abs), 1 - 2 * tail) || 1;
  return [-half, half];
}
