import { insideIndex } from './edges.js';

/**
 * The running median over a window (odd) of values [n], reflected at the ends (b a | a b c). NaN is passed over; a window of nothing else gives NaN.
 * The middle of an even number of values is the mean of the two.
 */
export function medianFilter(values: ArrayLike<number>, window: number): Float64Array {
  return medianFilter2d(values, values.length, 1, window, 1);
}

/** The same over an image [height × width] row-major, in a window of so many columns and rows (both odd; a square one unless said). */
export function medianFilter2d(image: ArrayLike<number>, width: number, height: number, columns: number, rows = columns): Float64Array {
  const [halfX, halfY] = [columns >> 1, rows >> 1];
  const box = new Float64Array((2 * halfX + 1) * (2 * halfY + 1));
  return Float64Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    let n = 0;
    for (let j = y - halfY; j <= y + halfY; j++) {
      for (let i = x - halfX; i <= x + halfX; i++) {
        const value = image[insideIndex(j, height, 'reflect') * width + insideIndex(i, width, 'reflect')]!;
        if (!Number.isNaN(value)) box[n++] = value;
      }
    }
    const order = box.subarray(0, n).sort();
    return n === 0 ? Number.NaN : n % 2 === 1 ? order[n >> 1]! : (order[n / 2 - 1]! + order[n / 2]!) / 2;
  });
}
