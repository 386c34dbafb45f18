import { insideIndex, type Edges } from './edges.js';

/** The kernel ends at this many σ, rounded to whole pixels. */
const reach = 4;

/**
 * Values [n] smoothed by a sampled Gaussian of σ [pixels] normalised to 1, cut at 4 σ. A NaN spreads over the kernel.
 * @param edges Default 'reflect'.
 */
export function gaussianFilter(values: ArrayLike<number>, sigma: number, edges: Edges = 'reflect'): Float64Array {
  return smoothRows(values, values.length, 1, sigma, edges);
}

/** An image [height × width] row-major smoothed the same way along both axes. @param edges Default 'reflect'. */
export function gaussianFilter2d(image: ArrayLike<number>, width: number, height: number, sigma: number, edges: Edges = 'reflect'): Float64Array {
  const once = transpose(smoothRows(image, width, height, sigma, edges), width, height);
  return transpose(smoothRows(once, height, width, sigma, edges), height, width);
}

function smoothRows(image: ArrayLike<number>, width: number, height: number, sigma: number, edges: Edges): Float64Array {
  if (sigma === 0) return Float64Array.from(image);
  const half = Math.floor(reach * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * half + 1 }, (_, k) => Math.exp(-0.5 * ((k - half) / sigma) ** 2));
  const norm = kernel.reduce((a, b) => a + b, 0);
  const out = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = -half; k <= half; k++) sum += kernel[k + half]! * image[y * width + insideIndex(x + k, width, edges)]!;
      out[y * width + x] = sum / norm;
    }
  }
  return out;
}

function transpose(image: Float64Array, width: number, height: number): Float64Array {
  return image.map((_, at) => image[(at % height) * width + Math.floor(at / height)]!);
}
