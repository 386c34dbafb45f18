import { describe, expect, it } from 'vitest';
import { clippedMode, estimateBackground, type Image } from '../../src/image/index.js';
import { createRandom } from '../../src/numeric/index.js';

const noisy = (nx: number, ny: number, value: (x: number, y: number) => number, seed = 1): Image => {
  const random = createRandom(seed, 'background');
  return { nx, ny, mask: null, data: Float64Array.from({ length: nx * ny }, (_, i) => value(i % nx, Math.floor(i / nx)) + random.normal()) };
};

describe('the background', () => {
  it('is the level under the sources, and its noise, not moved by stars', () => {
    const random = createRandom(2, 'stars');
    const stars = Array.from({ length: 30 }, () => [200 * random.uniform(), 150 * random.uniform(), 10 ** (1 + 2 * random.uniform())] as const);
    const image = noisy(200, 150, (x, y) => 10 + stars.reduce((sum, [u, v, height]) => sum + height * Math.exp(-((x - u) ** 2 + (y - v) ** 2) / 6), 0));
    const { level, noise } = estimateBackground(image);
    // 1000 pixels a cell: 0.03 by chance, and what the stars' wings add below the clip.
    for (const value of level) expect(Math.abs(value - 10)).toBeLessThan(0.3);
    for (const value of noise) expect(Math.abs(value - 1)).toBeLessThan(0.15);
  });

  it('follows a gradient between the centres of the cells', () => {
    const { level } = estimateBackground(noisy(256, 128, (x, y) => 0.05 * x - 0.02 * y));
    for (let y = 32; y < 96; y += 5) for (let x = 40; x < 216; x += 7) expect(Math.abs(level[y * 256 + x]! - (0.05 * x - 0.02 * y))).toBeLessThan(0.25);
  });

  it('spans cells without usable pixels, and does not use masked or excluded ones', () => {
    const image = noisy(128, 128, (x, y) => (x > 40 && x < 90 && y > 40 && y < 90 ? Number.NaN : x < 30 ? 100 : y < 30 ? 1000 : 5));
    const exclude = Uint8Array.from(image.data, (_, i) => (i % 128 < 30 ? 1 : 0));
    const mask = Uint8Array.from(image.data, (_, i) => (Math.floor(i / 128) < 30 ? 1 : 0));
    const { level } = estimateBackground({ ...image, mask }, { exclude });
    for (const value of level) expect(Math.abs(value - 5)).toBeLessThan(0.3);
  });

  it('is NaN for an image without a usable pixel', () => {
    expect(estimateBackground({ nx: 5, ny: 4, data: new Float64Array(20).fill(Number.NaN), mask: null }).level.every(Number.isNaN)).toBe(true);
  });

  it('takes the mode of a skewed cell and the median of a crowded one', () => {
    // Clipping leaves all of 1, 2, 3, 4, 5: mean = median = mode.
    expect(clippedMode([5, 1, 4, 2, 3], 3).mode).toBe(3);
    // Mean 3.9, median 3, σ 2.8: 0.9 > 0.3 σ.
    expect(clippedMode([2, 2, 3, 3, 9.5], 3).mode).toBe(3);
    expect(clippedMode([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 50], 3)).toEqual({ mode: 1, sigma: 0 });
  });
});
