import { beforeAll, describe, expect, it } from 'vitest';
import { judgeSampleStatistics, measureNull, measureSampleStatistics, offered, sampleStatisticsSection, trueCorrelations } from '../../validate/sampleStatistics.mjs';

describe('coverage and false positives of samples of 55, a thin slice', () => {
  let slice: Awaited<ReturnType<typeof measureSampleStatistics>>;
  beforeAll(async () => { slice = await measureSampleStatistics({ samples: 100, draws: 200, steps: 150 }); }, 120_000);

  it('finds every interval near what it says', () => {
    expect(slice.samples).toBe(100);
    // 100 samples tell 68 % to 4.7 and 95 % to 2.1: four times that, and what the plain bootstrap misses.
    for (const { name, oneSigma, twoSigma } of slice.coverage.filter((row) => !row.name.includes('flat'))) {
      expect(Math.abs(oneSigma - 68.3), name).toBeLessThan(22);
      expect(Math.abs(twoSigma - 95.4), name).toBeLessThan(12);
    }
    for (const { name, share } of slice.falsePositives) expect(share, name).toBeLessThan(5 + 4 * 2.2);
  });

  it('is judged and reported, every interval that is offered among the rows', () => {
    expect(judgeSampleStatistics(slice).map(({ name }) => name)).toHaveLength(8);
    const names = slice.coverage.map(({ name }) => name);
    for (const name of offered) expect(names).toContain(name);
    expect(sampleStatisticsSection(slice)).toContain("| spearman, Fisher's z |");
  });

  it('does not depend on the number of processes', async () => {
    const wanted = { samples: 30, draws: 20, steps: 20 };
    expect(await measureSampleStatistics({ ...wanted, workers: 1 })).toEqual(await measureSampleStatistics({ ...wanted, workers: 2 }));
  }, 120_000);

  it('knows the correlations of the population', () => {
    const { pearson, spearman, kendall } = trueCorrelations();
    expect(pearson).toBeCloseTo(-0.0495 / Math.hypot(0.0495, 0.06, 0.015), 12);
    expect([Math.abs(spearman) < Math.abs(pearson), Math.abs(kendall) < Math.abs(spearman)]).toEqual([true, true]);
    expect(Object.values(measureNull({ seeds: [1] })[0]!).every((p) => p > 0 && p <= 1)).toBe(true);
  });
});
