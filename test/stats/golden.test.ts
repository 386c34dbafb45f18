import { expect, it } from 'vitest';
import {
  andersonDarling, binsAt, chiSquareTail, compareMeans, fisherTail, fitLine, fitLineWeighted, fitRepeatedMedian, fitTheilSen, kendall, kolmogorovTail, ksOneSample, ksOneSided, ksTwoSample, kurtosis, mad,
  madToSigma, mannWhitney, normalTail, partialPearson, partialSpearman, pearson, quantiles, ranks, sigmaClip, skewness, spearman, standardDeviation, studentTail, trimmedMean,
} from '../../src/stats/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Stats {
  correlation: {
    name: string; x: number[]; y: number[]; ranks_x: number[]; ranks_y: number[]; spearman: [number, number]; pearson: [number, number]; kendall: [number, number];
    sigma: number[]; theilslopes95: [number, number, number, number]; theilslopes68: [number, number, number, number]; siegel: [number, number];
    wls: { slope: number; intercept: number; cov: [[number, number], [number, number]] };
    linregress: { slope: number; intercept: number; r: number; p: number; stderr: number; intercept_stderr: number };
  }[];
  partial: ({ x: number[]; y: number[]; z: number[]; w: number[] } & Record<'pearson_given_z' | 'pearson_given_zw' | 'spearman_given_z' | 'spearman_given_zw', { r: number; p: number }>)[];
  ks: ({ x: number[]; y: number[]; anderson_ksamp: [number] } & Record<'auto' | 'asymp' | 'less' | 'greater' | 'ks1_norm' | 'mannwhitney' | 'ttest' | 'welch', [number, number]>)[];
  descriptive: { x: number[]; q: number[]; linear: number[]; mad: number; mad_std: number; sigmaclip3: [number, number, number]; std_ddof1: number; skew: number; kurtosis: number; trim_mean: number;
    binned_median: Record<'edges' | 'median' | 'mean' | 'count', number[]> };
  distributions: Record<'t_sf' | 'chi2_sf' | 'norm_sf' | 'f_sf' | 'kolmogorov_sf', number[][]>;
}

/** Statistics to 1e-9 relative (absolute near 0), probabilities to 1e-7 relative: the tolerances of the reference. */
const near = (found: number, expected: number, tolerance = 1e-9) =>
  expect(Math.abs(found - expected), `${found} beside ${expected}`).toBeLessThanOrEqual(tolerance * (Math.abs(expected) || 1));

describeShared('statistics beside scipy, golden values', () => {
  const stats = () => golden<Stats>('stats.json');

  it('ranks, Spearman, Pearson and the regression line agree on all six samples', () => {
    expect(stats().correlation).toHaveLength(6);
    for (const sample of stats().correlation) {
      expect(Array.from(ranks(sample.x))).toEqual(sample.ranks_x);
      expect(Array.from(ranks(sample.y))).toEqual(sample.ranks_y);
      const rank = spearman(sample.x, sample.y);
      near(rank.r, sample.spearman[0]);
      // The `perfect` sample has r = 1 and p = 0; the 6.6e-64 printed by scipy is rounding.
      if (sample.name === 'perfect') expect(rank).toEqual({ r: 1, p: 0 });
      else near(rank.p, sample.spearman[1], 1e-7);
      const product = pearson(sample.x, sample.y);
      near(product.r, sample.pearson[0]);
      near(product.p, sample.pearson[1], 1e-7);
      const line = fitLine(sample.x, sample.y);
      near(line.slope, sample.linregress.slope);
      near(line.intercept, sample.linregress.intercept);
      near(line.r, sample.linregress.r);
      near(line.p, sample.linregress.p, 1e-7);
      near(line.slopeError, sample.linregress.stderr);
      near(line.interceptError, sample.linregress.intercept_stderr);
    }
  });

  it("Kendall's correlation, Theil & Sen's and Siegel's lines and the weighted line agree on all six samples", () => {
    for (const { x, y, sigma, kendall: [tau, p], theilslopes95, theilslopes68, siegel, wls } of stats().correlation) {
      const rank = kendall(x, y);
      near(rank.r, tau);
      near(rank.p, p, 1e-7);
      const robust = fitTheilSen(x, y, [0.95, 0.68]);
      [robust.slope, robust.intercept, ...robust.intervals[0]!.slope].forEach((value, i) => near(value, theilslopes95[i]!));
      robust.intervals[1]!.slope.forEach((value, i) => near(value, theilslopes68[i + 2]!));
      const repeated = fitRepeatedMedian(x, y);
      near(repeated.slope, siegel[0]);
      near(repeated.intercept, siegel[1]);
      const weighted = fitLineWeighted(x, y, sigma);
      near(weighted.slope, wls.slope);
      near(weighted.intercept, wls.intercept);
      near(weighted.slopeError ** 2, wls.cov[0][0]);
      near(weighted.interceptError ** 2, wls.cov[1][1]);
      near(weighted.covariance, wls.cov[0][1]);
    }
  });

  it('partial correlations agree for one and two controls', () => {
    expect(stats().partial).toHaveLength(2);
    for (const sample of stats().partial) {
      const { x, y, z, w } = sample;
      for (const [name, found] of [
        ['pearson_given_z', partialPearson(x, y, [z])], ['pearson_given_zw', partialPearson(x, y, [z, w])],
        ['spearman_given_z', partialSpearman(x, y, [z])], ['spearman_given_zw', partialSpearman(x, y, [z, w])],
      ] as const) {
        near(found.r, sample[name].r);
        near(found.p, sample[name].p, 1e-7);
      }
    }
  });

  it('the other tests of two samples agree', () => {
    for (const { x, y, less, greater, ks1_norm, mannwhitney, ttest, welch, anderson_ksamp, auto } of stats().ks) {
      const { above, below } = ksOneSided(x, y);
      near(above.d, greater[0]);
      near(below.d, less[0]);
      // Of the 1000 and 1200 points the reference has the asymptotic one-sided probabilities; half the two-sided one, which is exact there, tells ours right.
      if (x.length < 1000) {
        near(above.p, greater[1], 1e-7);
        near(below.p, less[1], 1e-7);
      } else near(above.p, auto[1] / 2, 1e-7);
      const one = ksOneSample(x, (value) => 1 - normalTail(value));
      near(one.d, ks1_norm[0]);
      // scipy's approximation for more than 140 points is good to 2e-6.
      near(one.p, ks1_norm[1], x.length > 140 ? 2e-6 : 1e-7);
      const rankSum = mannWhitney(x, y);
      near(rankSum.u, mannwhitney[0]);
      near(rankSum.p, mannwhitney[1], 1e-7);
      expect(rankSum.exact).toBe(x.length < 10);
      const [common, each] = [compareMeans(x, y, 'common'), compareMeans(x, y)];
      near(common.t, ttest[0]);
      near(common.p, ttest[1], 1e-7);
      near(each.t, welch[0]);
      near(each.p, welch[1], 1e-7);
      near(andersonDarling(x, y).statistic, anderson_ksamp[0]);
    }
  });

  it('Kolmogorov–Smirnov distances and probabilities agree, exact and asymptotic', () => {
    expect(stats().ks).toHaveLength(4);
    for (const { x, y, auto, asymp } of stats().ks) {
      const test = ksTwoSample(x, y);
      near(test.d, auto[0]);
      near(test.p, auto[1], 1e-7);
      near(test.pAsymptotic, asymp[1], 1e-7);
    }
  });

  it('percentiles, MAD, standard deviation and sigma clipping agree', () => {
    const { x, q, linear, mad: deviation, mad_std, sigmaclip3, std_ddof1 } = stats().descriptive;
    quantiles(x, q.map((percent) => percent / 100)).forEach((value, i) => near(value, linear[i]!));
    near(mad(x), deviation);
    near(mad(x, madToSigma), mad_std);
    near(standardDeviation(x), std_ddof1);
    const { skew, kurtosis: excess, trim_mean, binned_median } = stats().descriptive;
    near(skewness(x), skew);
    near(kurtosis(x), excess);
    near(trimmedMean(x), trim_mean);
    binsAt(x, x.map((value) => value * value), binned_median.edges).forEach((bin, i) => {
      near(bin.y, binned_median.median[i]!);
      near(bin.mean, binned_median.mean[i]!);
      expect(bin.count).toBe(binned_median.count[i]);
    });
    const { kept, low, high } = sigmaClip(x);
    near(low, sigmaclip3[0]);
    near(high, sigmaclip3[1]);
    expect(kept).toHaveLength(sigmaclip3[2]);
  });

  it('the tails of the distributions agree down to 1e-209', () => {
    const { t_sf, chi2_sf, norm_sf, f_sf, kolmogorov_sf } = stats().distributions;
    for (const [t, freedom, p] of t_sf) near(studentTail(t!, freedom!), p!);
    for (const [x, freedom, p] of chi2_sf) near(chiSquareTail(x!, freedom!), p!);
    for (const [z, p] of norm_sf) near(normalTail(z!), p!);
    for (const [x, freedom1, freedom2, p] of f_sf) near(fisherTail(x!, freedom1!, freedom2!), p!);
    for (const [lambda, p] of kolmogorov_sf) near(kolmogorovTail(lambda!), p!);
  });
});
