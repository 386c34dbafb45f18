import { describe, expect, it } from 'vitest';
import { measureSources, pointProfile, segment, type Background, type Image, type PointSpread } from '../../src/image/index.js';
import { createRandom } from '../../src/numeric/index.js';

const size = 80;
const flat = (noise = 1): Background => ({ level: new Float64Array(size * size), noise: new Float64Array(size * size).fill(noise) });
const imageOf = (value: (x: number, y: number) => number, noise = 0, seed = 1): Image => {
  const random = createRandom(seed, 'segments');
  return { nx: size, ny: size, mask: null, data: Float64Array.from({ length: size * size }, (_, i) => value(i % size, Math.floor(i / size)) + noise * random.normal()) };
};
const gauss = (x0: number, y0: number, height: number, a: number, b = a, turn = 0) => (x: number, y: number) => {
  const [u, v] = [(x - x0) * Math.cos(turn) + (y - y0) * Math.sin(turn), (y - y0) * Math.cos(turn) - (x - x0) * Math.sin(turn)];
  return height * Math.exp(-0.5 * ((u / a) ** 2 + (v / b) ** 2));
};

describe('segmentation', () => {
  it('splits two stars at their saddle and leaves one with a shoulder whole', () => {
    const two = segment(imageOf((x, y) => gauss(30, 40, 100, 2)(x, y) + gauss(40, 40, 60, 2)(x, y)), flat(), { fwhm: 4 });
    expect(two.peaks).toEqual([40 * size + 30, 40 * size + 40]);
    expect([two.label[40 * size + 33], two.label[40 * size + 38], two.label[0]]).toEqual([1, 2, 0]);
    const one = segment(imageOf((x, y) => gauss(30, 40, 100, 2)(x, y) + gauss(34, 40, 30, 2)(x, y)), flat(), { fwhm: 4 });
    expect(one.peaks.length).toBe(1);
  });

  it('has few false sources: none in 20 fields of noise at 5 σ', () => {
    for (let seed = 0; seed < 20; seed++) expect(segment(imageOf(() => 0, 1, seed), flat(), { fwhm: 4, threshold: 5 }).peaks).toEqual([]);
  });

  it('has the significance of the best filter: that of the noise is 1', () => {
    const { significance } = segment(imageOf(() => 0, 3, 7), flat(3), { fwhm: 4 });
    const rms = Math.sqrt(significance.reduce((sum, value) => sum + value * value, 0) / significance.length);
    // 6400 pixels, of which about 200 are independent: 5 %; the edges are reflected.
    expect(Math.abs(rms - 1)).toBeLessThan(0.15);
  });

  it('drops what is too small, and steps over bad pixels', () => {
    const image = imageOf((x, y) => (x === 20 && y === 20 ? 30 : 0) + gauss(50, 50, 50, 3)(x, y));
    image.data[51 * size + 50] = Number.NaN;
    const { peaks, label, significance } = segment(image, flat(), { fwhm: 2, minArea: 12 });
    expect(peaks.length).toBe(1);
    expect(label[51 * size + 50]).toBe(0);
    expect(significance[51 * size + 50]).toBeNaN();
  });
});

describe('the measures of a source', () => {
  it('of a Gaussian are its own, whatever lies under it', () => {
    const image = imageOf((x, y) => 20 + 0.1 * x + gauss(40.3, 38.6, 50, 4, 2, 0.5)(x, y));
    const [source] = measureSources(image, flat(0.1), segment(image, { ...flat(0.1), level: new Float64Array(size * size).fill(24) }, { fwhm: 4 }), { fwhm: 4, beta: null });
    // The slope of the ground, 0.1 a pixel, shifts the centre by 0.1.
    expect(Math.abs(source!.x - 40.3)).toBeLessThan(0.15);
    expect(Math.abs(source!.y - 38.6)).toBeLessThan(0.15);
    expect(Math.abs(source!.major / 2.3548 - 4)).toBeLessThan(0.4);
    expect(Math.abs(source!.minor / 2.3548 - 2)).toBeLessThan(0.1);
    expect(Math.abs(source!.angle - (0.5 * 180) / Math.PI)).toBeLessThan(2);
    expect(Math.abs(source!.surroundings - 24)).toBeLessThan(0.7);
  });

  it.each<PointSpread>([{ fwhm: 3, beta: null }, { fwhm: 4, beta: 2.5 }, { fwhm: 5, beta: 4 }])('of a point say that it is one: %j', (point) => {
    const image = imageOf((x, y) => 1000 * pointProfile(point, Math.hypot(x - 40.4, y - 39.7)), 1);
    const found = measureSources(image, flat(), segment(image, flat(), { fwhm: point.fwhm, threshold: 20 }), point);
    expect(found.length).toBe(1);
    // The ring takes a little of a Moffat profile's wings off.
    expect(Math.abs(found[0]!.sizeRatio - 1)).toBeLessThan(0.05);
    expect(found[0]!.minor / found[0]!.major).toBeGreaterThan(0.97);
  });

  it('have colours against the light around them', () => {
    const point = { fwhm: 4, beta: null };
    const make = (factor: number, seed: number) => imageOf((x, y) => 10 + factor * gauss(40, 40, 40, 1.7)(x, y), 0.1, seed);
    const [blue, red] = [make(0.5, 3), make(1, 4)];
    const noise = new Float64Array(size * size).fill(0.1);
    const background = { level: new Float64Array(size * size).fill(10), noise };
    const [source] = measureSources(red, background, segment(red, background, { fwhm: 4 }), point, { blue, red, noise: [noise, noise] });
    // Half as bright in the blue: 0.753 mag redder.
    expect(Math.abs(source!.colourExcess - 0.7526)).toBeLessThan(4 * source!.colourError);
    expect(source!.colourError).toBeLessThan(0.02);
  });
});
