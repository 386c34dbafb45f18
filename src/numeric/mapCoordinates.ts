import { solveTridiagonal } from './tridiagonal.js';

/**
 * An image at fractional places: bilinear (order 1) or by the bicubic B-spline through the pixels (order 3; Unser, Aldroubi & Eden 1993) of the image
 * mirrored about the centres of its outermost pixels. A NaN pixel makes its row and column NaN in order 3, its neighbourhood in order 1.
 * @param image [height × width] row-major, at least 2 × 2
 * @param rows, columns [m] places; (0, 0) is the centre of the first pixel
 * @returns [m], NaN for places beyond the centres of the outermost pixels
 */
export function mapCoordinates(image: ArrayLike<number>, width: number, height: number, rows: ArrayLike<number>, columns: ArrayLike<number>, order: 1 | 3): Float64Array {
  const source = order === 1 ? image : splineCoefficients(image, width, height);
  const mirrored = (k: number, n: number): number => (k < 0 ? -k : k > n - 1 ? 2 * (n - 1) - k : k);
  return Float64Array.from(rows, (row, at) => {
    const column = columns[at]!;
    if (!(row >= 0 && row <= height - 1 && column >= 0 && column <= width - 1)) return Number.NaN;
    const [y, x] = [Math.floor(row), Math.floor(column)];
    const [across, along] = [weights(row - y, order), weights(column - x, order)];
    const first = order === 1 ? 0 : -1;
    let sum = 0;
    for (let j = 0; j < across.length; j++) {
      for (let i = 0; i < along.length; i++) {
        const weight = across[j]! * along[i]!;
        if (weight !== 0) sum += weight * source[mirrored(y + first + j, height) * width + mirrored(x + first + i, width)]!;
      }
    }
    return sum;
  });
}

/** The weights of the 2 or 4 pixels about a place t (0 ≤ t < 1) after a pixel. */
function weights(t: number, order: 1 | 3): readonly number[] {
  if (order === 1) return [1 - t, t];
  const s = 1 - t;
  return [s ** 3 / 6, 2 / 3 - t * t * (1 - t / 2), 2 / 3 - s * s * (1 - s / 2), t ** 3 / 6];
}

/** B-spline coefficients: (c[i−1] + 4 c[i] + c[i+1])/6 are the pixels, along both axes. */
function splineCoefficients(image: ArrayLike<number>, width: number, height: number): Float64Array {
  const out = Float64Array.from(image);
  const filter = (start: number, stride: number, n: number): void => {
    const line = Float64Array.from({ length: n }, (_, i) => 6 * out[start + i * stride]!);
    const [lower, diagonal, upper] = [new Float64Array(n).fill(1), new Float64Array(n).fill(4), new Float64Array(n).fill(1)];
    upper[0] = lower[n - 1] = 2; // mirrored
    solveTridiagonal(lower, diagonal, upper, line).forEach((c, i) => { out[start + i * stride] = c; });
  };
  for (let y = 0; y < height; y++) filter(y * width, 1, width);
  for (let x = 0; x < width; x++) filter(x, width, height);
  return out;
}
