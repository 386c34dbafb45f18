import { describe, expect, it } from 'vitest';
import { sourceLine } from '../../src/cube/index.js';
import { linearAxis } from '../../src/light/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { cubeOf } from './cubes.js';

/** A disc with lines everywhere, an H II region at (10, 10), a star at (30, 10), a region without continuum at (10, 30); z = 0.01, FWHM 3. */
function field() {
  const random = createRandom(1, 'lines');
  const n = 200;
  const axis = linearAxis(6500, 1.25, n, 'air');
  const profile = axis.wavelength.map((λ) => Math.exp(-0.5 * ((λ - 6562.8 * 1.01) / 1.5) ** 2) / (1.5 * Math.sqrt(2 * Math.PI)));
  const point = (s: number, x: number, y: number) => 2 ** -((((s % 40) - x) ** 2 + (Math.floor(s / 40) - y) ** 2) / 2.25);
  const cube = cubeOf(40, 40, n, (s, k) => {
    const [region, star, bare] = [point(s, 10, 10), point(s, 30, 10), point(s, 10, 30)];
    // Equivalent widths observed: 20 Å in the disc, 60 Å in the region, none in the star.
    return 5 * (1 + 20 * profile[k]!) + 10 * region * (1 + 60 * profile[k]!) + 30 * star + bare * 300 * profile[k]! + 0.5 * random.normal();
  }, () => 0.25);
  return { ...cube, arms: [{ ...cube.arms[0]!, axis }] };
}

describe('the line of a source', () => {
  const cube = field();
  const lineOf = sourceLine(cube, 0.01, 3);

  it('is that of the source alone, not of the disc under it', () => {
    const region = lineOf({ x: 10, y: 10 })!;
    // 60 Å observed is 59.4 Å at rest.
    expect(Math.abs(region.equivalentWidth - 59.4)).toBeLessThan(4 * region.error);
    expect(region.error).toBeLessThan(3);
    const star = lineOf({ x: 30, y: 10 })!;
    expect(Math.abs(star.equivalentWidth)).toBeLessThan(4 * star.error);
    expect(star.error).toBeLessThan(1);
  });

  it('is a significant lower limit where the source has no continuum', () => {
    const bare = lineOf({ x: 10, y: 30 })!;
    expect(bare.equivalentWidth / bare.error).toBeGreaterThan(10);
    expect(bare.equivalentWidth).toBeGreaterThan(50);
  });

  it('is unknown where the cube does not cover it, has bad pixels there, or the source lies outside', () => {
    expect(sourceLine(cube, 0.5, 3)({ x: 10, y: 10 })).toBeNull();
    const bad = { ...cube, arms: [{ ...cube.arms[0]!, variance: cube.arms[0]!.variance.map((v, i) => (Math.abs((i % 200) - 103) < 9 ? 0 : v)) }] };
    expect(sourceLine(bad, 0.01, 3)({ x: 10, y: 10 })).toBeNull();
    expect(lineOf({ x: -100, y: 10 })).toBeNull();
  });
});
