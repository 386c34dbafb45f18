import { expect, it } from 'vitest';
import {
  chiSquareTail, fisherTail, fitLine, kolmogorovTail, ksTwoSample, mad, madToSigma, normalTail, pearson, quantiles, ranks, sigmaClip,
  spearman, standardDeviation, studentTail,
} from '../../src/stats/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Stats {
  correlation: {
    name: string; x: number[]; y: number[]; ranks_x: number[]; ranks_y: number[]; spearman: [number, number]; pearson: [number, number];
    linregress: { slope: number; intercept: number; r: number; p: number; stderr: number; intercept_stderr: number };
  }[];
  ks: { x: number[]; y: number[]; auto: [number, number]; asymp: [number, number] }[];
  descriptive: { x: number[]; q: number[]; linear: number[]; mad: number; mad_std: number; sigmaclip3: [number, number, number]; std_ddof1: number };
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
      if (sample.name === 'perfect') expect(rank.p).toBeLessThan(1e-60);
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
