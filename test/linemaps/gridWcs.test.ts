import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitGrid } from '../../src/linemaps/gridWcs.js';
import { pixelToSky, type CelestialWcs } from '../../src/sky/index.js';

const degree = Math.PI / 180;

/** A TAN grid with spaxels of `scale` arcsec turned by `angle` degrees. */
const tangent = (ra: number, dec: number, scale: number, angle: number): CelestialWcs => {
  const [c, s] = [Math.cos(angle * degree), Math.sin(angle * degree)].map((value) => (value * scale) / 3600) as [number, number];
  return { projection: 'TAN', axes: [0, 1], referencePixel: [11.3, 7.9], referenceValue: [ra, dec], matrix: [-c, s, s, c], lonPole: 180, latPole: 90, frame: 'ICRS' };
};
const grid = { x: Float64Array.from({ length: 400 }, (_, i) => i % 20), y: Float64Array.from({ length: 400 }, (_, i) => Math.floor(i / 20)) };

it('finds the grid behind positions on the sky, whichever way it is turned', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 359.99, noNaN: true }), fc.double({ min: -80, max: 80, noNaN: true }), fc.double({ min: 0.1, max: 3, noNaN: true }), fc.double({ min: 0, max: 360, noNaN: true }), (ra, dec, scale, angle) => {
    const truth = tangent(ra, dec, scale, angle);
    const sky = Array.from(grid.x, (x, i) => pixelToSky(truth, x, grid.y[i]!));
    const found = fitGrid(grid.x, grid.y, Float64Array.from(sky, ([a]) => a), Float64Array.from(sky, ([, d]) => d))!;
    // Another tangent point of the same grid differs by the curvature of the sky over half an arcminute.
    expect(found.pixelScale / scale).toBeCloseTo(1, 6);
    for (const i of [0, 19, 210, 399]) {
      const [a, d] = pixelToSky(found.celestial, grid.x[i]!, grid.y[i]!);
      const along = ((((a - sky[i]![0]) % 360) + 540) % 360 - 180) * Math.cos(dec * degree);
      expect(3600 * Math.hypot(along, d - sky[i]![1])).toBeLessThan(2e-3);
    }
  }), { numRuns: 100 });
});

it('averages the rounding of positions, and leaves out rows without one', () => {
  const truth = tangent(180.7, 48.6, 1, 0);
  const sky = Array.from(grid.x, (x, i) => pixelToSky(truth, x, grid.y[i]!));
  const [ra, dec] = [0, 1].map((axis) => Float64Array.from(sky, (position) => Math.fround(position[axis]!))) as [Float64Array, Float64Array];
  ra[37] = Number.NaN;
  const { celestial, pixelScale } = fitGrid(grid.x, grid.y, ra, dec)!;
  // float32 rounds by 0.03″; of 400 rows the slope keeps 0.03/(√400·5.8).
  expect(Math.abs(pixelScale - 1)).toBeLessThan(1e-3);
  const [a, d] = pixelToSky(celestial, 9.5, 9.5);
  const [ra0, dec0] = pixelToSky(truth, 9.5, 9.5);
  expect(3600 * Math.hypot((a - ra0) * Math.cos(dec0 * degree), d - dec0)).toBeLessThan(5e-3);
});

it('is null for pixels in a line or too few of them', () => {
  const line = Float64Array.of(0, 1, 2, 3);
  expect(fitGrid(line, line, Float64Array.of(10, 10.1, 10.2, 10.3), Float64Array.of(1, 1.1, 1.2, 1.3))).toBeNull();
  expect(fitGrid(line, line, new Float64Array(4).fill(Number.NaN), line)).toBeNull();
});
