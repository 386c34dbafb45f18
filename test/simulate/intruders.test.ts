import { describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { simulateGalaxy, simulatePlanes, type SimulationOptions } from '../../src/simulate/index.js';

const small = { nx: 40, ny: 36, wavelength: { start: 5490, step: 10, count: 3 }, gas: { equivalentWidth: 0, regions: 0 }, geometry: { effectiveRadius: 3 } } as const;

/** The plane of 5500 Å without noise. */
function picture(options: SimulationOptions): Float64Array {
  const planes = simulatePlanes(simulateGalaxy({ ...small, ...options }));
  planes.next();
  return planes.next().value!.model.slice();
}

/** What an option adds to the light: its sum and its centre. */
function added(options: SimulationOptions): { flux: number; x: number; y: number; map: Float64Array } {
  const plain = picture({});
  const map = picture(options).map((value, i) => value - plain[i]!);
  const flux = map.reduce((sum, value) => sum + value, 0);
  const along = (of: (i: number) => number): number => map.reduce((sum, value, i) => sum + value * of(i), 0) / flux;
  return { flux, x: along((i) => i % small.nx), y: along((i) => Math.floor(i / small.nx)), map };
}

/** Flux density of an AB magnitude at 5500 Å [1e-20 erg/s/cm²/Å], f_ν c/λ². */
const fluxOf = (magnitude: number): number => (10 ** (-0.4 * (magnitude + 48.6)) * 2.99792458e18) / 5500 ** 2 / 1e-20;

describe('light that is not the galaxy\'s', () => {
  it('is of several stars, each with its own magnitude', () => {
    const [bright, faint] = [{ x: 9, y: 8, magnitude: 18 }, { x: 30, y: 27, magnitude: 19.5 }];
    const both = added({ star: [bright, faint] });
    const [one, other] = [added({ star: bright }), added({ star: faint })];
    // A star at 5500 Å has the flux of its magnitude; the wings within the field.
    expect(one.flux / fluxOf(18)).toBeCloseTo(1, 3);
    expect(other.flux / one.flux).toBeCloseTo(10 ** (-0.4 * 1.5), 6);
    both.map.forEach((value, i) => expect(value).toBeCloseTo(one.map[i]! + other.map[i]!, 6));
  });

  it('is of a galaxy behind: its magnitude, place, shape and angle', () => {
    const background = { x: 20, y: 17, magnitude: 19, effectiveRadius: 0.8, axisRatio: 0.5, positionAngle: 90, redshift: 0.1 };
    const { flux, x, y, map } = added({ background });
    // The field holds the light within 10 R_e along the major axis and more along the minor one: 97 % to 99 %.
    expect(flux / fluxOf(19)).toBeGreaterThan(0.96);
    expect(flux / fluxOf(19)).toBeLessThan(1);
    expect(x).toBeCloseTo(20, 1);
    expect(y).toBeCloseTo(17, 1);
    // East to west: wider along x.
    expect(map[17 * small.nx + 26]!).toBeGreaterThan(2 * map[23 * small.nx + 20]!);
  });

  it('has absorption lines at the redshift of the galaxy behind, and none at that of the other', () => {
    const background = { x: 20, y: 17, magnitude: 17, effectiveRadius: 0.8, axisRatio: 1, positionAngle: 0, redshift: 0.12 };
    const wavelength = { start: 5300, step: 2.5, count: 400 };
    const simulation = simulateGalaxy({ ...small, stars: { surfaceBrightness: 40 }, wavelength, background });
    const found = Array.from(simulatePlanes(simulation), ({ model }) => model[17 * small.nx + 20]!);
    const at = (angstrom: number): number => found[Math.round((angstrom - 5300) / 2.5)]!;
    const depth = (angstrom: number): number => 1 - (2 * at(angstrom)) / (at(angstrom - 60) + at(angstrom + 60));
    expect(depth(5175 * 1.12)).toBeGreaterThan(0.2);
    expect(depth(4861.3 * 1.12)).toBeGreaterThan(0.12);
    expect(Math.abs(depth(5893 * 1.005))).toBeLessThan(0.02);
  });

  it.each<[string, SimulationOptions]>([
    ['a star without magnitude', { star: { x: 1, y: 2 } as never }],
    ['a star of a word', { star: [{ x: 1, y: 2, magnitude: 'bright' }] as never }],
    ['a galaxy behind with an unknown key', { background: { x: 1, y: 2, magnitude: 20, effectiveRadius: 1, axisRatio: 1, positionAngle: 0, redshift: 0.1, colour: 1 } as never }],
    ['a galaxy behind without size', { background: { x: 1, y: 2, magnitude: 20, effectiveRadius: 0, axisRatio: 1, positionAngle: 0, redshift: 0.1 } }],
    ['a bar without length', { stars: { bar: { share: 0.2, length: 0 } } }],
  ])('is refused as %s', (_, options) => {
    let caught: unknown;
    try {
      simulateGalaxy({ ...small, ...options });
    } catch (error) {
      caught = error;
    }
    expect(isZgradError(caught, 'BadArgument')).toBe(true);
  });
});

describe('a bar', () => {
  const face = { ...small.geometry, inclination: 0, positionAngle: 0 };
  const bar = { share: 0.3, length: 0.9, axisRatio: 0.35, angle: 30 };
  const [plain, barred] = [picture({ geometry: face }), picture({ geometry: face, stars: { bar } })];
  const light = barred.map((value, i) => value - plain[i]!);
  const total = light.reduce((sum, value) => sum + value, 0);

  it('adds its share of the light of the disc', () => {
    // The disc's: 2π h² times the brightness at its centre. The bar is redder: its own colour at 5500 Å observed differs by less than 1 %.
    const disc = 2 * Math.PI * (3 / 1.67834699) ** 2 * fluxOf(20.5);
    expect(Math.abs(total / disc / 0.3 - 1)).toBeLessThan(0.02);
  });

  it('lies at its angle from the major axis, with second moments of its axis ratio', () => {
    let [xx, yy, xy] = [0, 0, 0];
    light.forEach((value, i) => {
      const [x, y] = [(i % small.nx) - 19.5, Math.floor(i / small.nx) - 17.5];
      xx += value * x * x;
      yy += value * y * y;
      xy += value * x * y;
    });
    // North is up and east to the left: an angle of 30° from north through east is 120° from the x axis.
    const fromX = (0.5 * Math.atan2(2 * xy, xx - yy) * 180) / Math.PI;
    expect(Math.abs((((fromX + 360) % 180) - 120))).toBeLessThan(1);
    // ⟨m²⟩ of (1 − m²)^1.5 is 2/7, half of it along each axis; the PSF and the spaxel add to both.
    const psf = (0.8 / 2.35482 / 0.4) ** 2 + 1 / 12;
    const spread = Math.hypot(xx - yy, 2 * xy) / total;
    const [major, minor] = [(xx + yy) / total / 2 + spread / 2 - psf, (xx + yy) / total / 2 - spread / 2 - psf];
    expect(Math.sqrt(major) / ((0.9 * 3) / 0.4 / Math.sqrt(7))).toBeCloseTo(1, 2);
    expect(Math.sqrt(minor / major)).toBeCloseTo(0.35, 2);
  });
});
