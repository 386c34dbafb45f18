import { describe, expect, it } from 'vitest';
import { colourImage, colourPng } from '../../src/figures/index.js';
import type { Image } from '../../src/image/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { describePython, runPython } from '../support/shared.js';

const image = (nx: number, values: ArrayLike<number>): Image => ({ nx, ny: values.length / nx, data: Float64Array.from(values), mask: null });
type Three = [Image, Image, Image];

describe('an image of three colours', () => {
  it('shows the top row first, black where a band has no value or no light', () => {
    const three = [image(1, [1, 2, 3, -1]), image(1, [1, 2, Number.NaN, -1]), image(1, [1, 2, 3, -1])] as Three;
    const { rgb, width, height } = colourImage(three, { weights: [1, 1, 1], stretch: 4, softening: 0 });
    expect([width, height]).toEqual([1, 4]);
    expect(Array.from(rgb)).toEqual([0, 0, 0, 0, 0, 0, 127, 127, 127, 63, 63, 63]);
  });

  it('keeps the hue of a pixel however bright it is', () => {
    const { rgb } = colourImage([image(3, [4, 40, 4000]), image(3, [2, 20, 2000]), image(3, [1, 10, 1000])], { weights: [1, 1, 1], stretch: 30 });
    for (let p = 0; p < 3; p++) {
      // Bytes are whole numbers.
      expect(Math.abs(rgb[3 * p]! - 2 * rgb[3 * p + 1]!)).toBeLessThanOrEqual(1);
      expect(Math.abs(rgb[3 * p]! - 4 * rgb[3 * p + 2]!)).toBeLessThanOrEqual(3);
    }
    expect(rgb[6]).toBe(255);
  });

  it('balances the three when no weights are given, and is a PNG', () => {
    const three = [image(2, [1, 2, 3, 4]), image(2, [10, 20, 30, 40]), image(2, [0.1, 0.2, 0.3, 0.4])] as Three;
    const { rgb } = colourImage(three);
    for (let p = 0; p < 4; p++) expect(Math.max(...rgb.subarray(3 * p, 3 * p + 3)) - Math.min(...rgb.subarray(3 * p, 3 * p + 3))).toBeLessThanOrEqual(1);
    expect(Array.from(colourPng(three).subarray(0, 4))).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });
});

describePython("against astropy's make_lupton_rgb", () => {
  it('gives the same bytes to 1', () => {
    const random = createRandom(1, 'lupton');
    const bands = [0, 1, 2].map(() => Array.from({ length: 60 }, () => 10 ** (2 * random.uniform()) - 3)) as [number[], number[], number[]];
    const theirs = runPython<number[]>(`
import json, numpy as np
from astropy.visualization import make_lupton_rgb
r, g, b = (np.array(v).reshape(6, 10) for v in ${JSON.stringify(bands)})
print(json.dumps(make_lupton_rgb(r, g, b, minimum=1, stretch=20, Q=6)[::-1].ravel().tolist()))`);
    const { rgb } = colourImage(bands.map((values) => image(10, values)) as Three, { weights: [1, 1, 1], black: 1, stretch: 20, softening: 6 });
    rgb.forEach((value, i) => expect(Math.abs(value - theirs[i]!)).toBeLessThanOrEqual(1));
  });
});
