import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openFits, readTable } from '../../src/fits/index.js';
import { fileSource } from '../../src/host/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { li2025, makeSkyTree, nearestOnSky, neighbourDensity, objectsOf, readSample, valuesOf, withDensity, withinOnSky, type NeighbourCatalogue } from '../../src/sample/index.js';
import { separation } from '../../src/sky/index.js';
import { numbers, parseTable, strings } from '../../src/table/index.js';
import { describeShared, shared } from '../support/shared.js';

/** Positions spread evenly over a cap or the sphere. */
function sky(seed: number, n: number, cap = 180) {
  const random = createRandom(seed, 'sky');
  const ra = Float64Array.from({ length: n }, () => 360 * random.uniform());
  const least = Math.cos((cap * Math.PI) / 180);
  const dec = Float64Array.from({ length: n }, () => 90 - (Math.acos(1 - (1 - least) * random.uniform()) * 180) / Math.PI);
  return { ra, dec, velocity: Float64Array.from({ length: n }, () => 3000 * random.uniform()) };
}

describe('the tree of the sky', () => {
  it('finds the neighbours that trying all finds, also at the poles and where right ascension starts again', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom(180, 5), fc.constantFrom(180, 20, 1), (seed, n, k, cap, reach) => {
      const { ra, dec, velocity } = sky(seed, n, cap);
      const tree = makeSkyTree(ra, dec);
      const [r, d] = [ra[0]!, dec[0]!];
      const accept = (i: number) => velocity[i]! < 2000;
      const all = Array.from(ra.keys()).filter(accept).map((index) => ({ index, angle: separation(r, d, ra[index]!, dec[index]!) })).sort((a, b) => a.angle - b.angle).slice(0, k);
      const found = nearestOnSky(tree, r, d, k, accept);
      expect(found.map(({ index }) => index)).toEqual(all.map(({ index }) => index));
      found.forEach(({ angle }, i) => expect(angle).toBeCloseTo(all[i]!.angle, 6));
      expect(withinOnSky(tree, r, d, reach).map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from(ra.keys()).filter((i) => separation(r, d, ra[i]!, dec[i]!) <= reach));
    }), { numRuns: 150 });
  });

  it('leaves out positions that are not numbers', () => {
    expect(nearestOnSky(makeSkyTree([1, NaN, 2], [0, 0, NaN]), 0, 0, 5).map(({ index }) => index)).toEqual([0]);
    expect(nearestOnSky(makeSkyTree([], []), 0, 0, 5)).toEqual([]);
  });
});

describe('the density of neighbours', () => {
  it('is log[(k − 1)/Vol] of the projected distance: 2 Mpc to the fifth gives −0.9231186050', () => {
    const angle = (2 * Math.asin(2 / (2 * 20)) * 180) / Math.PI;
    const catalogue: NeighbourCatalogue = { name: 'ring', ra: [0, 1, 2, 3, 4, angle], dec: [0, 0, 0, 0, 0, 0], velocity: [1000, 1000, 1000, 1000, 1000, 1000] };
    const [own] = neighbourDensity({ ra: [0], dec: [0], velocity: [1000], distance: [20] }, catalogue);
    expect(own!.eta).toBeCloseTo(-0.923118605, 9);
    expect(own!.distance).toBeCloseTo(2, 9);
    expect(own!.neighbour).toBe(5);
    expect(own!.edge).toBe(true);
  });

  it('counts neighbours inside the window of velocity only, and not the galaxy itself', () => {
    const { ra, dec, velocity } = sky(3, 4000);
    const galaxies = { ra: ra.subarray(0, 40), dec: dec.subarray(0, 40), velocity: velocity.subarray(0, 40), distance: new Float64Array(40).fill(15) };
    const found = neighbourDensity(galaxies, { name: 'sphere', ra, dec, velocity }, { k: 4, window: 300 });
    found.forEach(({ neighbour, edge }, i) => {
      const brute = Array.from(ra.keys()).filter((j) => j !== i && Math.abs(velocity[j]! - velocity[i]!) < 300).sort((a, b) => separation(ra[i]!, dec[i]!, ra[a]!, dec[a]!) - separation(ra[i]!, dec[i]!, ra[b]!, dec[b]!));
      expect(neighbour).toBe(brute[3]);
      expect(edge).toBe(velocity[i]! - 300 < Math.min(...velocity) || velocity[i]! + 300 > Math.max(...velocity));
    });
  });

  it('is a lower limit where the survey ends on the sky', () => {
    const { ra, dec, velocity } = sky(4, 6000, 30);
    const catalogue = { name: 'cap', ra, dec, velocity, velocityRange: [-1000, 5000] as const };
    const at = (declination: number) => neighbourDensity({ ra: [120], dec: [declination], velocity: [1500], distance: [20] }, catalogue)[0]!.edge;
    expect(at(85)).toBe(false);
    expect(at(75)).toBe(false);
    expect(at(60.05)).toBe(true);
    expect(at(50)).toBe(true);
  });

  it('is missing where there are too few neighbours or a galaxy has no position', () => {
    const catalogue = { name: 'two', ra: [1, 2], dec: [0, 0], velocity: [100, 100] };
    const found = neighbourDensity({ ra: [0, NaN], dec: [0, 0], velocity: [100, 100], distance: [10, 10] }, catalogue);
    expect(found.map(({ eta }) => eta)).toEqual([NaN, NaN]);
    expect(() => neighbourDensity({ ra: [], dec: [], velocity: [], distance: [] }, catalogue, { k: 1 })).toThrow(/k = 1/);
  });
});

describeShared('the galaxies within 50 Mpc', () => {
  it('give the published sample its densities, the same as trying all, and the Virgo cluster the highest', async () => {
    const fits = await openFits(await fileSource(shared('data/galaxy_lists/catalog_short.fits')));
    const table = await readTable(fits, fits.hdus[1]!);
    const catalogue = readSample(table, 'catalog_short.fits');
    const [ra, dec, velocity] = ['ra', 'dec', 'velocity'].map((name) => valuesOf(catalogue, name)!) as [Float64Array, Float64Array, Float64Array];
    expect(ra.length).toBeGreaterThan(15_000);
    const objects = objectsOf(catalogue);
    const sample = withDensity(li2025, { name: '50MGC', ra, dec, velocity, objects });
    const eta = valuesOf(sample, 'density')!;
    const names = objectsOf(li2025);
    const [own, own2] = [valuesOf(li2025, 'ra')!, valuesOf(li2025, 'dec')!];
    const z = valuesOf(li2025, 'redshift')!;
    const far = valuesOf(li2025, 'distance')!;
    names.forEach((name, i) => {
      const angles = Array.from(ra.keys()).filter((j) => Math.abs(velocity[j]! - z[i]! * 299792.458) < 500).map((j) => ({ angle: separation(own[i]!, own2[i]!, ra[j]!, dec[j]!), key: objects[j]! }))
        .filter(({ angle, key }) => angle * 3600 >= 30 && key.replace(/\s|(?<!\d)0+/g, '').toLowerCase() !== name.replace(/(?<!\d)0+/g, '').toLowerCase()).map(({ angle }) => angle).sort((a, b) => a - b);
      const d = 2 * far[i]! * Math.sin((angles[4]! * Math.PI) / 360);
      expect(eta[i], name).toBeCloseTo(Math.log10(3 * 4 / (4 * Math.PI * d ** 3)), 6);
    });
    const order = names.toSorted((a, b) => eta[names.indexOf(b)]! - eta[names.indexOf(a)]!);
    expect(order.slice(0, 8).some((name) => /^(IC3476|NGC4383|FCC)/.test(name))).toBe(true);
    expect(eta.every(Number.isFinite)).toBe(true);
    expect(sample.notes.map(({ message }) => message)[0]).toBe('Neighbours come from 50MGC: k = 5, |Δv| < 500 km/s.');
  });

  it('as a list with sexagesimal positions reads as well', () => {
    const table = parseTable(readFileSync(shared('data/galaxy_lists/NGC.csv'), 'utf8'), 'NGC.csv');
    const list = readSample(table, 'NGC.csv');
    const i = objectsOf(list).indexOf('NGC1705');
    expect(valuesOf(list, 'ra')![i]).toBeCloseTo(73.556, 2);
    expect(valuesOf(list, 'dec')![i]).toBeCloseTo(-53.361, 2);
    expect(valuesOf(list, 'velocity')![i]).toBeCloseTo(633, -1);
    expect(strings(table, 'Name').length).toBe(table.length);
    expect(numbers(table, 'MajAx').length).toBe(table.length);
  });
});
