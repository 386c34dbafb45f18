import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binCentres, binToMap, deduplicate, makeBinning, mapToBin, spaxelBinning } from '../../src/binning/index.js';
import { isZgradError } from '../../src/errors/index.js';

/** Maps of up to 8 × 8 spaxels with bin numbers from 0 to 9, 0 meaning unused. */
const binMaps = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })).chain(([nx, ny]) =>
  fc.tuple(fc.constant(nx), fc.constant(ny), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: nx * ny, maxLength: nx * ny })));

describe('makeBinning', () => {
  it('closes the gaps in the numbers and keeps them as labels', () => {
    const binning = makeBinning([0, 7, 3, 7, 0, 3], 3, 2);
    expect(binning.count).toBe(2);
    expect([...binning.labels]).toEqual([3, 7]);
    expect([...binning.bin]).toEqual([-1, 1, 0, 1, -1, 0]);
    expect([...binning.start]).toEqual([0, 2, 4]);
    expect([...binning.spaxels]).toEqual([2, 5, 1, 3]);
    expect(binning.repeated).toBe(false);
  });

  it('takes −1 alone as unused when bins count from 0', () => {
    const binning = makeBinning([-1, 0, 0, 1], 2, 2, { unused: 'negative' });
    expect([...binning.labels]).toEqual([0, 1]);
    expect([...binning.bin]).toEqual([-1, 0, 0, 1]);
  });

  it('leaves NaN unused', () => {
    expect([...makeBinning([Number.NaN, 2], 2, 1).bin]).toEqual([-1, 0]);
  });

  it('partitions the used spaxels of any map', () => {
    fc.assert(fc.property(binMaps, ([nx, ny, map]) => {
      const binning = makeBinning(map, nx, ny);
      expect([...binning.spaxels].sort((a, b) => a - b)).toEqual(map.flatMap((n, i) => (n > 0 ? [i] : [])));
      for (let b = 0; b < binning.count; b++) {
        for (let j = binning.start[b]!; j < binning.start[b + 1]!; j++) {
          expect(map[binning.spaxels[j]!]).toBe(binning.labels[b]);
        }
      }
    }));
  });

  it('says what size was expected', () => {
    expect(() => makeBinning([1, 2, 3], 2, 2)).toThrow(/found 3 values; expected 2 × 2 = 4/);
    expect(() => makeBinning([1.5], 1, 1, { where: 'bins.fits' })).toThrow(/bins\.fits: found the bin number 1\.5; expected integers/);
  });
});

describe('maps and bins', () => {
  const binning = makeBinning([0, 7, 3, 7, 0, 3], 3, 2);

  it('spreads values per bin over the map', () => {
    expect([...binToMap(binning, [10, 20])]).toEqual([Number.NaN, 20, 10, 20, Number.NaN, 10]);
    expect([...binToMap(binning, [10, 20], -1)]).toEqual([-1, 20, 10, 20, -1, 10]);
  });

  it('gathers a map by mean, sum or first value, the mean and the sum over finite values', () => {
    const map = [99, 1, 2, 3, 99, Number.NaN];
    expect([...mapToBin(binning, map, 'mean')]).toEqual([2, 2]);
    expect([...mapToBin(binning, map, 'sum')]).toEqual([2, 4]);
    expect([...mapToBin(binning, map, 'first')]).toEqual([2, 1]);
    expect([...mapToBin(binning, new Float64Array(6).fill(Number.NaN), 'sum')]).toEqual([Number.NaN, Number.NaN]);
  });

  it('returns what was spread, for any map', () => {
    fc.assert(fc.property(binMaps, ([nx, ny, map]) => {
      const some = makeBinning(map, nx, ny);
      const values = Array.from(some.labels, (label) => label * 1.5);
      for (const how of ['mean', 'first'] as const) {
        const back = mapToBin(some, binToMap(some, values), how);
        back.forEach((value, b) => expect(value).toBeCloseTo(values[b]!, 12));
      }
    }));
  });

  it('finds the centres in zero-based pixels', () => {
    const { x, y, npix } = binCentres(binning);
    expect([...x]).toEqual([2, 0.5]);
    expect([...y]).toEqual([0.5, 0.5]);
    expect([...npix]).toEqual([2, 2]);
  });
});

describe('spaxelBinning', () => {
  it('makes every used spaxel its own bin, labelled with the spaxel number', () => {
    const binning = spaxelBinning(2, 2, (i) => i !== 1);
    expect([...binning.bin]).toEqual([0, -1, 1, 2]);
    expect([...binning.labels]).toEqual([0, 2, 3]);
  });
});

describe('deduplicate', () => {
  it('joins spaxels that agree in all maps and keeps apart those that differ in one', () => {
    const nan = Number.NaN;
    const binning = deduplicate([[nan, 1, 1, 1, nan, 2], [nan, 5, 5, 6, nan, nan]], 3, 2);
    expect([...binning.bin]).toEqual([-1, 0, 0, 1, -1, 2]);
    expect(binning.repeated).toBe(true);
  });

  it('finds the bins of any map that repeats distinct values', () => {
    fc.assert(fc.property(binMaps, ([nx, ny, map]) => {
      const values = map.map((n) => (n > 0 ? Math.sqrt(n) : Number.NaN));
      const found = deduplicate([values], nx, ny);
      const truth = makeBinning(map, nx, ny);
      expect(found.count).toBe(truth.count);
      const partner = new Map<number, number>();
      found.bin.forEach((b, i) => {
        if (!partner.has(b)) partner.set(b, truth.bin[i]!);
        expect(partner.get(b)).toBe(truth.bin[i]);
      });
    }));
  });

  it('refuses maps of different sizes', () => {
    let error: unknown;
    try {
      deduplicate([[1, 2], [1]], 2, 1);
    } catch (caught) {
      error = caught;
    }
    expect(isZgradError(error, 'BadArgument')).toBe(true);
  });
});
