import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lightCentroid, whiteLight } from '../../src/cube/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { cubeOf } from './cubes.js';

const [nx, ny] = [60, 50];

/** An inclined exponential disc at (x0, y0), with what else lies in the field. */
function disc(x0: number, y0: number, more: (x: number, y: number) => number = () => 0): Float64Array {
  return Float64Array.from({ length: nx * ny }, (_, i) => {
    const [x, y] = [i % nx, Math.floor(i / nx)];
    const [u, v] = [(x - x0) * 0.8 + (y - y0) * 0.6, ((y - y0) * 0.8 - (x - x0) * 0.6) / 0.6];
    return 100 * Math.exp(-Math.hypot(u, v) / 8) + more(x, y);
  });
}
const star = (x0: number, y0: number, peak: number) => (x: number, y: number) => peak * Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / 4);
const distance = (found: { x: number; y: number } | null, x0: number, y0: number) => Math.hypot(found!.x - x0, found!.y - y0);

describe('lightCentroid', () => {
  it('finds the centre of a disc', () => {
    // The patch's edge is cut along whole pixels.
    expect(distance(lightCentroid(disc(31.3, 24.7), nx), 31.3, 24.7)).toBeLessThan(0.1);
  });

  it('is not drawn away by a star beside the galaxy or a bright one on it', () => {
    expect(distance(lightCentroid(disc(25, 24, star(52, 44, 2000)), nx), 25, 24)).toBeLessThan(0.3);
    // A star ten times brighter than the nucleus, one scale length off, moves it by less than a spaxel.
    expect(distance(lightCentroid(disc(25, 24, star(32, 24, 1000)), nx), 25, 24)).toBeLessThan(1);
  });

  it('stands noise, NaN edges and hot pixels', () => {
    const random = createRandom(3, 'centroid');
    const image = disc(28, 26).map((value, i) => (i % nx < 4 ? Number.NaN : value + 3 * random.normal()));
    image[10 * nx + 50] = 1e6;
    image[40 * nx + 8] = Infinity;
    image[41 * nx + 8] = -1e6;
    expect(distance(lightCentroid(image, nx), 28, 26)).toBeLessThan(0.5);
  });

  it('moves with the image', () => {
    fc.assert(fc.property(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 }), (dx, dy) => {
      expect(distance(lightCentroid(disc(30 + dx, 25 + dy), nx), 30 + dx, 25 + dy)).toBeLessThan(0.2);
    }), { numRuns: 20 });
  });

  it('is the middle of a flat image, the pixel of a lone one, and null in the dark', () => {
    expect(lightCentroid(new Float64Array(nx * ny).fill(2), nx)).toEqual({ x: (nx - 1) / 2, y: (ny - 1) / 2 });
    expect(lightCentroid([0, 0, 5, 0], 2)).toEqual({ x: 0, y: 1 });
    expect(lightCentroid([0, -1, Number.NaN, 0], 2)).toBeNull();
  });
});

describe('whiteLight', () => {
  it('is the mean flux density over the good pixels, in 1e-17', () => {
    const cube = cubeOf(2, 1, 10, (s, k) => (s === 1 && k < 5 ? Number.NaN : s + k), (_, k) => (k === 9 ? 0 : 1), { unit: 1e-16 });
    const image = whiteLight(cube);
    expect(image[0]).toBeCloseTo(10 * 4, 12);
    expect(image[1]).toBeCloseTo(10 * 7.5, 12);
    expect(whiteLight(cube, { range: [5002, 5003] })[0]).toBeCloseTo(20, 12);
    expect(whiteLight(cube, { range: [1, 2] })).toEqual(Float64Array.from([Number.NaN, Number.NaN]));
  });

  it('leaves out the emission lines at a redshift', () => {
    // 5000–5100 Å holds [O III] 5007 at z = 0.01: 5056.9 Å ± 16.9 Å, and 4959 at 5008.5 ± 16.7 Å.
    const inLine = (k: number) => Math.abs(5000 + 1.25 * k - 5056.9) < 16 || Math.abs(5000 + 1.25 * k - 5008.5) < 16;
    const cube = cubeOf(1, 1, 80, (_, k) => (inLine(k) ? 1000 : 1), () => 1);
    expect(whiteLight(cube)[0]).toBeGreaterThan(100);
    expect(whiteLight(cube, { redshift: 0.01 })[0]).toBe(1);
  });

  it('is not changed in other spaxels by bad values in one', () => {
    const clean = cubeOf(3, 1, 8, (s, k) => s + k, () => 1);
    fc.assert(fc.property(fc.nat(2), fc.nat(7), fc.constantFrom(Number.NaN, Infinity, -Infinity), (s, k, value) => {
      const flux = clean.arms[0]!.flux.slice();
      flux[s * 8 + k] = value;
      const image = whiteLight({ ...clean, arms: [{ ...clean.arms[0]!, flux }] });
      for (const other of [0, 1, 2]) if (other !== s) expect(image[other]).toBe(whiteLight(clean)[other]);
      expect(Number.isFinite(image[s])).toBe(true);
    }));
  });
});
