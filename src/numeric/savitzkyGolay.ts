import { ZgradError } from '../errors/index.js';
import { factorQr } from './qr.js';

/**
 * Each value, or a derivative there [per pixel], of the polynomial fitted to the window about it (Savitzky & Golay 1964); within half a window of an end, of
 * the polynomial of the outermost window. A NaN spreads over half a window.
 * @param window odd, more than `degree`, at most as many as there are values
 * @param derivative Default 0: the smoothed value.
 * @throws BadArgument for a window that does not fit
 */
export function savitzkyGolay(values: ArrayLike<number>, window: number, degree: number, derivative = 0): Float64Array {
  const n = values.length;
  if (!(window % 2 === 1 && window > degree && window <= n)) {
    throw new ZgradError('BadArgument', { where: 'Savitzky–Golay window', found: `${window}`, expected: `an odd number above the degree ${degree} and at most the ${n} values` });
  }
  const half = window >> 1;
  const terms = degree + 1;
  const place = (i: number): number => (i - half) / Math.max(1, half); // −1 … 1: powers of like size
  const qr = factorQr(Float64Array.from({ length: window * terms }, (_, at) => place(Math.floor(at / terms)) ** (at % terms)), window, terms);
  const coefficients = Array.from({ length: window }, (_, i) => qr.solve(Float64Array.from({ length: window }, (_, j) => Number(i === j))));
  /** What each value of the window weighs in the result at its pixel `at`. */
  const weights = Array.from({ length: window }, (_, at) => coefficients.map((c) => {
    let sum = 0;
    for (let k = derivative; k <= degree; k++) {
      let factor = 1;
      for (let f = k; f > k - derivative; f--) factor *= f;
      sum += c[k]! * factor * place(at) ** (k - derivative);
    }
    return sum / Math.max(1, half) ** derivative;
  }));
  return Float64Array.from({ length: n }, (_, i) => {
    const from = Math.min(Math.max(i - half, 0), n - window);
    return weights[i - from]!.reduce((sum, weight, j) => sum + weight * values[from + j]!, 0);
  });
}
