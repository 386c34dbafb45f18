import { expect, it } from 'vitest';
import { angleBetween, ellipticalRadius, growthCurve, measureIsophotalGeometry, momentsGeometry, skyPositionAngle, type Image } from '../../src/image/index.js';
import { createRandom } from '../../src/numeric/index.js';
import type { CelestialWcs } from '../../src/sky/index.js';

const galaxy = { x: 80.3, y: 79.6, ellipticity: 0.4, angle: 35 };
const scale = 10;
const effective = 1.67834699 * scale;
const whole = 2 * Math.PI * scale ** 2 * 0.6 * 100;

/** An exponential disc of 100 at its centre, summed at 3 × 3 points a pixel. */
function disc(side: number, shape: typeof galaxy, { noise = 0, level = 0 } = {}): Image {
  const radius = ellipticalRadius(shape);
  const random = createRandom(1, 'disc');
  const fine = [-1 / 3, 0, 1 / 3];
  const data = Float64Array.from({ length: side * side }, (_, i) => {
    let sum = 0;
    for (const dy of fine) for (const dx of fine) sum += Math.exp(-radius((i % side) + dx, Math.floor(i / side) + dy) / scale);
    return level + 100 * sum / 9 + noise * random.normal();
  });
  return { nx: side, ny: side, data, mask: null };
}

it('the geometry of a disc comes back within its errors', () => {
  const { geometry } = measureIsophotalGeometry(disc(161, galaxy, { noise: 0.5, level: 3 }), { psfFwhm: 1 });
  expect(geometry!.source).toBe('isophotes');
  expect(geometry!.status).toEqual({ fromMoments: false, fewIsophotes: false, asymmetric: false, drifting: false });
  // Four errors: chance does not reach them, and the errors are small.
  expect(Math.abs(geometry!.ellipticity - galaxy.ellipticity)).toBeLessThan(4 * geometry!.ellipticityError);
  expect(Math.abs(angleBetween(geometry!.angle, galaxy.angle))).toBeLessThan(4 * geometry!.angleError);
  expect(Math.abs(geometry!.x - galaxy.x)).toBeLessThan(4 * geometry!.xError);
  expect(Math.abs(geometry!.y - galaxy.y)).toBeLessThan(4 * geometry!.yError);
  expect(geometry!.ellipticityError).toBeLessThan(0.02);
});

it('a masked middle is filled with the light of its rim, and said so', () => {
  const image = disc(161, galaxy);
  const radius = ellipticalRadius(galaxy);
  const mask = Uint8Array.from(image.data, (_, i) => (radius(i % 161, Math.floor(i / 161)) < scale / 2 ? 1 : 0));
  const [whole, masked] = [image, { ...image, mask }].map((one) => growthCurve(one, galaxy));
  expect([whole!.status.centreMasked, masked!.status.centreMasked]).toEqual([false, true]);
  // Half a scale length of a disc whose light goes on rising inwards: 1.4 % of the flux is missing.
  expect(masked!.totalFlux / whole!.totalFlux).toBeCloseTo(0.986, 2);
  expect(Math.abs(masked!.effectiveRadius - whole!.effectiveRadius)).toBeLessThan(masked!.effectiveRadiusError);
  expect(masked!.effectiveRadiusError).toBeLessThan(0.05 * effective);
});

it('where there is no galaxy there is no geometry, with the reason', () => {
  const random = createRandom(2, 'empty');
  const empty: Image = { nx: 60, ny: 60, data: Float64Array.from({ length: 3600 }, () => random.normal()), mask: null };
  const answer = measureIsophotalGeometry(empty, { psfFwhm: 4 });
  expect(answer.geometry === null || answer.geometry.status.fromMoments).toBe(true);
  expect(measureIsophotalGeometry({ ...empty, data: empty.data.map(() => NaN) }, { psfFwhm: 4 }).reason).toMatch(/no usable pixel/);
  expect(measureIsophotalGeometry({ nx: 5, ny: 5, data: new Float64Array(25), mask: null }, { psfFwhm: 4 }).reason).toMatch(/smaller/);
  expect(measureIsophotalGeometry({ ...empty, data: new Float64Array(3600) }, { psfFwhm: 4 }).geometry).toBeNull();
});

it('a galaxy in too small a field falls back on moments and says so', () => {
  const { geometry } = measureIsophotalGeometry(disc(17, { ...galaxy, x: 8, y: 8 }), { psfFwhm: 6 });
  expect(geometry === null || geometry.source === 'moments' && geometry.status.fromMoments).toBe(true);
});

it('adaptive moments find the shape of elliptical isophotes', () => {
  const found = momentsGeometry(disc(161, galaxy), { x: 77, y: 83, sigma: 4 })!;
  // The pixel itself rounds the weighted core by some thousandths.
  expect(Math.abs(found.ellipticity - galaxy.ellipticity)).toBeLessThan(0.01);
  expect(Math.abs(angleBetween(found.angle, galaxy.angle))).toBeLessThan(0.1);
  expect(Math.hypot(found.x - galaxy.x, found.y - galaxy.y)).toBeLessThan(0.02);
});

it('position angles follow north and east of the coordinates, mirrored and turned', () => {
  const base: CelestialWcs = { projection: 'TAN', referencePixel: [0, 0], referenceValue: [150, 2], matrix: [-1, 0, 0, 1], lonPole: 180, latPole: 2 } as unknown as CelestialWcs;
  const turned = (degrees: number, mirrored: boolean) => {
    const [c, s] = [Math.cos(degrees * Math.PI / 180) / 3600, Math.sin(degrees * Math.PI / 180) / 3600];
    return { ...base, matrix: mirrored ? [c, -s, s, c] : [-c, s, s, c] } as unknown as CelestialWcs;
  };
  // North up, east left: PA = angle − 90.
  expect(skyPositionAngle(120, turned(0, false))).toBeCloseTo(30, 8);
  // East to the right: PA = 90 − angle.
  expect(skyPositionAngle(120, turned(0, true))).toBeCloseTo(150, 8);
  const [a, b] = [skyPositionAngle(120, turned(25, false)), skyPositionAngle(145, turned(25, false))];
  expect(Math.abs(angleBetween(b, a))).toBeCloseTo(25, 8);
});

it('half of an exponential disc lies within 1.678 scale lengths, whatever the sky', () => {
  for (const level of [0, 20]) {
    const curve = growthCurve(disc(241, { ...galaxy, x: 120.3, y: 119.6 }, { level }), { ...galaxy, x: 120.3, y: 119.6 });
    expect(curve.status.lowerLimit).toBe(false);
    // Interpolation over one pixel, and an extrapolation of a hundredth of the light.
    expect(Math.abs(curve.effectiveRadius / effective - 1)).toBeLessThan(0.005);
    expect(Math.abs(curve.totalFlux / whole - 1)).toBeLessThan(0.01);
    for (const x of [1, 2, 3]) {
      const share = 1 - (1 + x) * Math.exp(-x);
      // The sky is known to 1e-5 of the centre, which the outer ellipses' area makes thousandths of the light.
      expect(Math.abs(curve.flux[x * scale - 1]! / whole / share - 1)).toBeLessThan(0.005);
    }
  }
});

it('masked pixels are filled with the mean of their annulus, and half a galaxy is seen as a whole one, flagged', () => {
  const image = disc(201, { ...galaxy, x: 100, y: 100 });
  const mask = new Uint8Array(image.data.length);
  for (let y = 105; y < 125; y++) mask.fill(1, y * 201 + 80, y * 201 + 100);
  const place = { ...galaxy, x: 100, y: 100 };
  const masked = growthCurve({ ...image, mask }, place);
  expect(Math.abs(masked.effectiveRadius / effective - 1)).toBeLessThan(0.005);
  expect(masked.status.partlyOutside).toBe(false);
  const half: Image = { nx: 201, ny: 101, data: image.data.slice(100 * 201), mask: null };
  const curve = growthCurve(half, { ...galaxy, x: 100, y: 0 }, { sky: { level: 0, error: 0 } });
  expect(curve.status.partlyOutside).toBe(true);
  // The innermost pixels are cut by the edge: their mean is not that of the whole annulus.
  expect(Math.abs(curve.effectiveRadius / effective - 1)).toBeLessThan(0.02);
});

it('a field that ends near R_e gives a lower limit, flagged', () => {
  const curve = growthCurve(disc(41, { ...galaxy, x: 20, y: 20 }), { ...galaxy, x: 20, y: 20 }, { sky: { level: 0, error: 0 } });
  expect(curve.status.lowerLimit).toBe(true);
  expect(curve.effectiveRadius).toBeLessThan(effective);
});

/** Twenty clumps of 0.3 % of the light each along the disc, drawn anew by seed. */
function clumpy(side: number, shape: typeof galaxy, seed: number): Image {
  const image = disc(side, shape);
  const random = createRandom(seed, 'clumps');
  const [cos, sin] = [Math.cos(shape.angle * Math.PI / 180), Math.sin(shape.angle * Math.PI / 180)];
  const data = image.data.map((value) => value + 0.2 * random.normal());
  for (let n = 0; n < 20; n++) {
    const r = -scale * Math.log(random.uniform() * random.uniform());
    const phi = 2 * Math.PI * random.uniform();
    const [u, v] = [r * Math.cos(phi), r * Math.sin(phi) * (1 - shape.ellipticity)];
    const [x, y] = [shape.x + u * cos - v * sin, shape.y + u * sin + v * cos];
    for (let j = Math.max(0, Math.ceil(y - 10)); j < Math.min(side, y + 10); j++) {
      for (let i = Math.max(0, Math.ceil(x - 10)); i < Math.min(side, x + 10); i++) data[j * side + i]! += 0.003 * whole / (8 * Math.PI) * Math.exp(-((i - x) ** 2 + (j - y) ** 2) / 8);
    }
  }
  return { ...image, data };
}

/** The middle of an image. */
function cut({ nx, data }: Image, half: number): Image {
  const side = 2 * half + 1;
  const first = (nx - side) / 2;
  return { nx: side, ny: side, mask: null, data: Float64Array.from({ length: side * side }, (_, i) => data[(Math.floor(i / side) + first) * nx + (i % side) + first]!) };
}

it('R_e of clumpy light in a field that ends early is right within its error, or a lower limit that lies below, flagged', () => {
  const place = { ...galaxy, x: 100, y: 100 };
  let [limits, measured, worst, squares] = [0, 0, 0, 0];
  for (let seed = 1; seed <= 6; seed++) {
    const image = clumpy(201, place, seed);
    const truth = growthCurve(image, place).effectiveRadius;
    for (const half of [17, 25, 33, 42, 50]) {
      const curve = growthCurve(cut(image, half), { ...galaxy, x: half, y: half });
      if (half === 17) expect(curve.status.lowerLimit).toBe(true);
      if (curve.status.lowerLimit) {
        limits++;
        expect(curve.effectiveRadius).toBeLessThan(truth + curve.effectiveRadiusError);
      } else if (!curve.status.contaminated) {
        const pull = (curve.effectiveRadius - truth) / curve.effectiveRadiusError;
        [measured, worst, squares] = [measured + 1, Math.max(worst, Math.abs(pull)), squares + pull ** 2];
      }
    }
  }
  expect(limits).toBeGreaterThanOrEqual(6);
  expect(measured).toBeGreaterThan(10);
  // With pixel noise alone in the error the worst was beyond 7 σ.
  expect(worst).toBeLessThan(4);
  expect(Math.sqrt(squares / measured)).toBeLessThan(1.3);
}, 60_000);

it('the error of the centre does not collapse where clumps drag a few isophotes along', () => {
  const place = { ...galaxy, x: 60, y: 60 };
  const pulls: number[] = [];
  for (let seed = 1; seed <= 12; seed++) {
    const { geometry } = measureIsophotalGeometry(clumpy(121, place, 100 + seed), { psfFwhm: 3 });
    if (!geometry || geometry.status.asymmetric) continue;
    pulls.push((geometry.x - 60) / geometry.xError, (geometry.y - 60) / geometry.yError);
  }
  expect(pulls.length).toBeGreaterThan(12);
  // A score of pulls tells their width to 15 %.
  const width = Math.sqrt(pulls.reduce((sum, own) => sum + own ** 2, 0) / pulls.length);
  expect(width).toBeGreaterThan(0.5);
  expect(width).toBeLessThan(1.5);
}, 60_000);

it('a given centre is kept, and errors of the shape are much as with a free one', () => {
  const image = disc(161, galaxy, { noise: 0.5 });
  const [free, fixed] = [false, true].map((center) => measureIsophotalGeometry(image, { psfFwhm: 1, centre: [galaxy.x, galaxy.y], fixed: { center, ellipticity: false, angle: false } }).geometry!);
  expect([fixed!.x, fixed!.y]).toEqual([expect.closeTo(galaxy.x, 9), expect.closeTo(galaxy.y, 9)]);
  expect(fixed!.ellipticityError / free!.ellipticityError).toBeGreaterThan(0.5);
  expect(fixed!.ellipticityError / free!.ellipticityError).toBeLessThan(2);
});
