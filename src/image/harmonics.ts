import { invertSymmetric } from '../numeric/index.js';
import type { EllipseSample } from './sampling.js';

/** I(φ) = level + a1 sin φ + b1 cos φ + a2 sin 2φ + b2 cos 2φ, fitted by least squares to a sample of an ellipse. */
export interface Harmonics {
  /** level, a1, b1, a2, b2. */
  readonly coefficients: Float64Array;
  /** Standard errors from the scatter about the fit. */
  readonly errors: Float64Array;
  /** Population standard deviation about the fit. */
  readonly residual: number;
}

const terms = 5;
const row = new Float64Array(terms);

function fillRow(cos: number, sin: number): void {
  row[0] = 1;
  row[1] = sin;
  row[2] = cos;
  row[3] = 2 * sin * cos;
  row[4] = 1 - 2 * sin * sin;
}

function modelAt(coefficients: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < terms; k++) sum += coefficients[k]! * row[k]!;
  return sum;
}

/** Null where there are too few points or they lie too close together to tell the terms apart. */
export function fitHarmonics({ value, cos, sin, count, mean }: EllipseSample): Harmonics | null {
  if (count < terms) return null;
  const matrix = new Float64Array(terms * terms);
  const right = new Float64Array(terms);
  for (let i = 0; i < count; i++) {
    fillRow(cos[i]!, sin[i]!);
    // About the mean, so that squares of a bright level do not swamp the harmonics.
    const intensity = value[i]! - mean;
    for (let k = 0; k < terms; k++) {
      const own = row[k]!;
      right[k]! += own * intensity;
      for (let l = 0; l <= k; l++) matrix[k * terms + l]! += own * row[l]!;
    }
  }
  for (let k = 0; k < terms; k++) for (let l = 0; l < k; l++) matrix[l * terms + k] = matrix[k * terms + l]!;
  const inverse = invertSymmetric(matrix, terms);
  if (!inverse) return null;
  const coefficients = Float64Array.from({ length: terms }, (_, k) => right.reduce((sum, own, l) => sum + own * inverse[k * terms + l]!, 0));
  let squares = 0;
  for (let i = 0; i < count; i++) {
    fillRow(cos[i]!, sin[i]!);
    squares += (value[i]! - mean - modelAt(coefficients)) ** 2;
  }
  coefficients[0]! += mean;
  const variance = count > terms ? squares / (count - terms) : NaN;
  return { coefficients, errors: Float64Array.from({ length: terms }, (_, k) => Math.sqrt(inverse[k * terms + k]! * variance)), residual: Math.sqrt(squares / count) };
}

/** An upper harmonic, A sin nφ + B cos nφ, of what the first and second leave. */
export interface UpperHarmonic { readonly a: number; readonly b: number; readonly aError: number; readonly bError: number }

/** The harmonic of order 3 or 4 of a sample about its lower harmonics; NaN where it cannot be told. */
export function fitUpperHarmonic({ value, cos, sin, count }: EllipseSample, { coefficients }: Harmonics, order: 3 | 4): UpperHarmonic {
  const matrix = new Float64Array(9);
  const right = new Float64Array(3);
  const residuals = new Float64Array(count);
  const rows = new Float64Array(3 * count).fill(1);
  for (let i = 0; i < count; i++) {
    const [c, s] = [cos[i]!, sin[i]!];
    fillRow(c, s);
    residuals[i] = value[i]! - modelAt(coefficients);
    const [cos2, sin2] = [row[4]!, row[3]!];
    rows[3 * i + 1] = order === 3 ? sin2 * c + cos2 * s : 2 * sin2 * cos2;
    rows[3 * i + 2] = order === 3 ? cos2 * c - sin2 * s : 1 - 2 * sin2 * sin2;
    for (let k = 0; k < 3; k++) {
      right[k]! += rows[3 * i + k]! * residuals[i]!;
      for (let l = 0; l < 3; l++) matrix[3 * k + l]! += rows[3 * i + k]! * rows[3 * i + l]!;
    }
  }
  const inverse = count > 3 ? invertSymmetric(matrix, 3) : null;
  if (!inverse) return { a: NaN, b: NaN, aError: NaN, bError: NaN };
  const [level, a, b] = [0, 1, 2].map((k) => right.reduce((sum, own, l) => sum + own * inverse[3 * k + l]!, 0)) as [number, number, number];
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (residuals[i]! - level - a * rows[3 * i + 1]! - b * rows[3 * i + 2]!) ** 2;
  const variance = squares / (count - 3);
  return { a, b, aError: Math.sqrt(variance * inverse[4]!), bError: Math.sqrt(variance * inverse[8]!) };
}
