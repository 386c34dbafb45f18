import { checkKnots } from './interpolation.js';
import { piecewiseCubic, type PiecewiseCubic } from './piecewiseCubic.js';

/**
 * Cubics that rise and fall only where the data do: no overshoot. Slopes are weighted harmonic means of the chords (Fritsch & Butland 1984), at the ends
 * three-point ones kept monotone (Moler 2004). A NaN touches the four intervals around it.
 * @param x [n] ascending, n ≥ 2
 * @param y [n]
 * @throws BadArgument when the knots do not ascend or y has another length
 */
export function pchip(x: ArrayLike<number>, y: ArrayLike<number>): PiecewiseCubic {
  checkKnots(x, y, 2);
  const end = x.length - 1;
  const step = (i: number): number => x[i + 1]! - x[i]!;
  const chord = (i: number): number => (y[i + 1]! - y[i]!) / step(i);
  const endSlope = (own: number, next: number): number => {
    const [h, hNext, m, mNext] = [step(own), step(next), chord(own), chord(next)];
    const slope = ((2 * h + hNext) * m - h * mNext) / (h + hNext);
    if (slope * m <= 0) return 0;
    return m * mNext < 0 && Math.abs(slope) > 3 * Math.abs(m) ? 3 * m : slope;
  };
  return piecewiseCubic(x, y, Float64Array.from({ length: end + 1 }, (_, i) => {
    if (end === 1) return chord(0);
    if (i === 0) return endSlope(0, 1);
    if (i === end) return endSlope(end - 1, end - 2);
    const [left, right] = [chord(i - 1), chord(i)];
    if (left * right <= 0) return 0;
    const [a, b] = [2 * step(i) + step(i - 1), step(i) + 2 * step(i - 1)];
    return (a + b) / (a / left + b / right);
  }));
}
