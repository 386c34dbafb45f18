import { locate } from './interpolation.js';

/** A curve of cubics through knots, with a continuous slope. Beyond the ends the outer cubics go on; where its knots are NaN it is NaN. */
export interface PiecewiseCubic {
  /** Slopes at the knots. */
  readonly slopes: Float64Array;
  /** Values at places in any order (fastest when ascending). */
  evaluate(at: ArrayLike<number>): Float64Array;
  /** First derivative. */
  derivative(at: ArrayLike<number>): Float64Array;
  /** ∫ from → to; negative when `to` lies before `from`. */
  integral(from: number, to: number): number;
}

/** The cubics with given values y and slopes at ascending knots x (Hermite's form). */
export function piecewiseCubic(x: ArrayLike<number>, y: ArrayLike<number>, slopes: Float64Array): PiecewiseCubic {
  /** Coefficients of s², s³ in interval i, s counted from its left knot. */
  const bend = (i: number): readonly [number, number] => {
    const h = x[i + 1]! - x[i]!;
    const chord = (y[i + 1]! - y[i]!) / h;
    return [(3 * chord - 2 * slopes[i]! - slopes[i + 1]!) / h, (slopes[i]! + slopes[i + 1]! - 2 * chord) / (h * h)];
  };
  const along = (at: ArrayLike<number>, polynomial: (s: number, i: number) => number): Float64Array => {
    let i = 0;
    return Float64Array.from(at, (place) => {
      i = locate(x, place, i);
      return polynomial(place - x[i]!, i);
    });
  };
  const area = (s: number, i: number): number => {
    const [c, d] = bend(i);
    return s * (y[i]! + s * (slopes[i]! / 2 + s * (c / 3 + s * d / 4)));
  };
  return {
    slopes,
    evaluate: (at) => along(at, (s, i) => {
      const [c, d] = bend(i);
      return s === 0 ? y[i]! : y[i]! + s * (slopes[i]! + s * (c + s * d));
    }),
    derivative: (at) => along(at, (s, i) => {
      const [c, d] = bend(i);
      return slopes[i]! + s * (2 * c + 3 * s * d);
    }),
    integral(from, to) {
      if (to < from) return -this.integral(to, from);
      const [first, last] = [locate(x, from), locate(x, to)];
      let sum = area(to - x[last]!, last) - area(from - x[first]!, first);
      for (let i = first; i < last; i++) sum += area(x[i + 1]! - x[i]!, i);
      return sum;
    },
  };
}
