import type { Calibration } from '../nebula/index.js';

/** Weights that turn values into their OLS slope: slope = Σ w·value. */
export function slopeWeights(radius: Float64Array): Float64Array {
  const mean = radius.reduce((a, b) => a + b, 0) / radius.length;
  const spread = radius.reduce((sum, r) => sum + (r - mean) ** 2, 0);
  return radius.map((r) => (r - mean) / spread);
}

/** 1σ of the slope, a weighted sum of the bins, from their independent errors. */
export function independentScatter(weights: Float64Array, errors: Float64Array): number {
  return Math.sqrt(weights.reduce((sum, w, i) => sum + (w * errors[i]!) ** 2, 0));
}

/** 1σ of the slope from the calibration: its scatter in every bin, and the error of its own slope where that is published. */
export function calibrationScatter(calibration: Calibration, scatter: Float64Array, slope: number, weights: Float64Array): number | null {
  if (!scatter.every(Number.isFinite)) return null;
  const random = independentScatter(weights, scatter);
  const { relation } = calibration;
  const coefficients = relation.kind === 'direct' && relation.coefficientErrors?.length === 2 ? relation : null;
  const tilt = coefficients ? Math.abs((slope * coefficients.coefficientErrors![1]!) / coefficients.polynomial.coefficients[1]!) : 0;
  return Math.hypot(random, tilt);
}
