import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { binnedMedians, extrapolationLine } from '../../src/sample/index.js';
import { scalingRelations } from '../../src/evolution/index.js';
import { numbers, parseTable } from '../../src/table/index.js';
import { describeShared, shared } from '../support/shared.js';

describe('binned medians', () => {
  it('give back a line with its scatter, whatever outliers and missing values are strewn in', () => {
    const random = createRandom(1, 'reference');
    const x = Float64Array.from({ length: 20_000 }, () => 8 + 2 * random.uniform());
    const y = x.map((value, i) => (i % 100 === 0 ? 20 : i % 101 === 0 ? NaN : 5 + 0.4 * value + 0.1 * random.normal()));
    const bins = binnedMedians(x, y, { width: 0.2 });
    expect(bins.map(({ low }) => Math.round(low * 10) / 10)).toEqual([8, 8.2, 8.4, 8.6, 8.8, 9, 9.2, 9.4, 9.6, 9.8]);
    for (const { x: at, y: middle, band, count, kept } of bins) {
      expect(Math.abs(middle - 5 - 0.4 * at)).toBeLessThan(4 * 0.1 * Math.sqrt(Math.PI / 2 / kept));
      // The slope across the bin adds 0.4 · 0.2/√12 to the scatter; the ends of the band are known to 5 %.
      const sigma = Math.hypot(0.1, 0.4 * 0.2 / Math.sqrt(12));
      expect((band[2] - band[1]) / 2 / sigma).toBeCloseTo(1, 0.9);
      expect((band[3] - band[0]) / 4 / sigma).toBeCloseTo(1, 0.9);
      expect(count - kept).toBeGreaterThan(0.006 * count);
    }
    const [slope, intercept] = extrapolationLine(bins, [8.2, 9]);
    expect(slope).toBeCloseTo(0.4, 1.5);
    expect(intercept + 8 * slope).toBeCloseTo(8.2, 1.5);
  });

  it('leave out bins with few galaxies and begin where they are told to', () => {
    expect(binnedMedians([1, 1, 1, 2.5], [1, 2, 3, 4], { width: 1, fewest: 2, start: 0.5 }).map(({ low, y, count }) => [low, y, count])).toEqual([[0.5, 2, 3]]);
    expect(binnedMedians([], [], { width: 1 })).toEqual([]);
  });
});

describeShared('the mass–metallicity relation of SDSS galaxies', () => {
  it('comes out of the catalogue between 0 and 0.12 dex above Tremonti et al. (2004), whose abundances these are: at z < 0.05 the fibre sees the centres', () => {
    const table = parseTable(readFileSync(shared('data/catalogues/sdss_manga_lines/MM_lg12_4643_sdss_table.csv'), 'utf8'), 'sdss.csv');
    const clean = (name: string) => numbers(table, name).map((value) => (value > 0 ? value : NaN));
    const bins = binnedMedians(clean('Mstarmed_SDSStotlgm'), clean('LOG_OH+12_T04_med'), { width: 0.2 });
    const relation = scalingRelations.find(({ name }) => name === 'MZR Tremonti+04')!;
    expect(bins.length).toBeGreaterThan(5);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(700);
    for (const { x, y } of bins) {
      if (x < relation.range![0]) continue;
      expect(y - relation.value(x), `at ${x}`).toBeLessThan(0.12);
      expect(y - relation.value(x), `at ${x}`).toBeGreaterThan(-0.02);
    }
  });
});
