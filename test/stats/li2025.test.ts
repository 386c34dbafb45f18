import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import {
  bootstrapCorrelation, bootstrapLine, completeRows, equalCountBins, explainedScatter, fitLine, minimumScatterCombination, partialSpearman, pearson, residualsAt, spearman,
} from '../../src/stats/index.js';
import { describeShared, shared } from '../support/shared.js';

interface Relation { n: number; slope: number; intercept: number; spearman: number; p: number; pearson: number; scatter_std: number }
type Reproduction = Record<string, Relation> & { partial_spearman_given_logMstar: Record<string, number>; gamma_closed_form_pub_yeff: number; gamma_closed_form_recomp_yeff: number };

/** The columns of Table A.1 of Li et al. (2025) and what follows from them; a blank is NaN, and a missing HI mass is taken for 0 where a name ends in 0. */
function readSample() {
  const lines = readFileSync(shared('tables', 'li2025_table_a1.csv'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(','));
  const column = (name: string) => Float64Array.from(lines.slice(1), (cells) => Number(cells[lines[0]!.indexOf(name)] || NaN));
  const [mass, hi, yield1, sfr, oh, gradient, radius] = ['log_mstar', 'log_mhi', 'log_yeff', 'log_sfr', 'oh12', 'grad_re', 're_kpc'].map(column) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const gas = (hiMass: (i: number) => number) => mass.map((_, i) => Math.log10(1.35 * (hiMass(i) + 10 ** sfr[i]! * 1e9 / 1.4)));
  const gas0 = gas((i) => (Number.isNaN(hi[i]) ? 0 : 10 ** hi[i]!));
  const baryons = (gasMass: Float64Array) => mass.map((m, i) => Math.log10(10 ** m + 10 ** gasMass[i]!));
  const yield0 = mass.map((m, i) => Math.log10(12 * 10 ** (oh[i]! - 12) / Math.log(1 + 10 ** (m - gas0[i]!))));
  const known = <T extends Float64Array>(values: T) => values.map((value, i) => (Number.isNaN(hi[i]) ? NaN : value));
  return {
    mass, hi, yield1, sfr, oh, gradient, gas0, yield0, yieldKnown: known(yield0), gas: known(gas0), baryons0: baryons(gas0), baryons: known(baryons(gas0)), perKpc: gradient.map((g, i) => g / radius[i]!),
    phi: mass.map((m, i) => m - Math.log10(radius[i]!)),
  };
}

describeShared('the statistics of Li et al. (2025) recomputed from its table', () => {
  const sample = readSample;
  const expected = () => JSON.parse(readFileSync(shared('tables', 'li2025_reproduction.json'), 'utf8')) as Reproduction;
  const near = (found: number, value: number, what: string) => expect(Math.abs(found - value), `${what}: ${found} beside ${value}`).toBeLessThanOrEqual(1e-5 * Math.max(Math.abs(value), 1e-3));

  it('lines, correlations, probabilities and scatters are those of the reference to 1e-5', () => {
    const s = sample();
    const combined = (gamma: number, yields: Float64Array) => s.mass.map((m, i) => m + gamma * yields[i]!);
    const rows: Record<string, [Float64Array, Float64Array]> = {
      logMstar_kpc: [s.mass, s.perKpc], logMstar_Re: [s.mass, s.gradient], logMbar_kpc_n55_HI0: [s.baryons0, s.perKpc], logMbar_Re_n55_HI0: [s.baryons0, s.gradient],
      logMbar_kpc_n49: [s.baryons, s.perKpc], logMbar_Re_n49: [s.baryons, s.gradient], logyeff_pub_n49: [s.yield1, s.gradient], logyeff_recomputed_n55_HI0: [s.yield0, s.gradient], phi_Re: [s.phi, s.gradient],
      logMstar_Re_n49: [s.mass.map((m, i) => (Number.isNaN(s.hi[i]) ? NaN : m)), s.gradient], 'mu1.15_pub_n49': [combined(1.15, s.yield1), s.gradient], 'mu1.10_pub_n49': [combined(1.1, s.yield1), s.gradient],
      'mu1.15_recomp_n49': [combined(1.15, s.yieldKnown), s.gradient],
    };
    for (const [name, columns] of Object.entries(rows)) {
      const [x, y] = completeRows(...columns).columns as [Float64Array, Float64Array];
      const [line, rank, reference] = [fitLine(x, y), spearman(x, y), expected()[name]!];
      expect(x).toHaveLength(reference.n);
      near(line.slope, reference.slope, `${name} slope`);
      near(line.intercept, reference.intercept, `${name} intercept`);
      near(rank.r, reference.spearman, `${name} Spearman`);
      expect(Math.abs(rank.p / reference.p - 1)).toBeLessThan(1e-7);
      near(pearson(x, y).r, reference.pearson, `${name} Pearson`);
      near(line.residualStd * Math.sqrt((x.length - 2) / x.length), reference.scatter_std, `${name} scatter`);
    }
  });

  it('partial rank correlations are those of the reference to 1e-5', () => {
    const s = sample();
    const rows = { yeff_pub_n49: s.yield1, yeff_recomp_n55: s.yield0, Mgas_n49: s.gas, Mgas_n55: s.gas0, Mbar_n49: s.baryons, Mbar_n55: s.baryons0, phi: s.phi, sfr: s.sfr, oh: s.oh };
    for (const [name, column] of Object.entries(rows)) {
      const [x, y, z] = completeRows(column, s.gradient, s.mass).columns as [Float64Array, Float64Array, Float64Array];
      near(partialSpearman(x, y, [z]).r, expected().partial_spearman_given_logMstar[name]!, name);
    }
  });

  it('the combination of least scatter is found by the scan at 1.10 and in closed form', () => {
    const s = sample();
    for (const [yields, gamma, scan] of [[s.yield1, expected().gamma_closed_form_pub_yeff, 1.1], [s.yieldKnown, expected().gamma_closed_form_recomp_yeff, 1.11]] as const) {
      const [x, extra, y] = completeRows(s.mass, yields, s.gradient).columns as [Float64Array, Float64Array, Float64Array];
      const found = minimumScatterCombination({ x, extra, y, random: createRandom(1, 'gamma') });
      near(found.gamma, gamma, 'γ');
      expect(found.gammaScan).toBe(scan);
      expect(found.combined.scatter).toBeCloseTo(found.scan.scatter[found.scan.gamma.indexOf(scan)]!, 12);
      near(found.alone.scatter, 0.0682084914122692, 'scatter before');
      // The scatter hardly changes near its least value, so γ is known to a half only.
      expect(found.gammaError).toBeGreaterThan(0.3);
      expect(found.gammaError).toBeLessThan(0.8);
    }
    expect(explainedScatter(0.068, 0.060, 0.006)).toBeCloseTo(0.2231909309, 7);
  });

  it('bootstrap errors are those of the reference within 0.005 at 4000 draws', () => {
    const s = sample();
    const options = () => ({ random: createRandom(1, 'bootstrap'), draws: 4000 });
    for (const [columns, correlationError, slopeError] of [
      // For the yields the reference has 0.132, of few draws: 20 000 draws with scipy's ranks give 0.1374, 0.1242 for the first row, 0.1091 for the second.
      [[s.mass, s.perKpc], 0.127, 0.0154], [[s.mass, s.gradient], 0.11, 0.0163], [[s.yield1, s.gradient], 0.1374, 0.039], [[s.phi, s.gradient], 0.131, 0.022], [[s.yield0, s.gradient], null, 0.033],
    ] as [Float64Array[], number | null, number][]) {
      const [x, y] = completeRows(...columns).columns as [Float64Array, Float64Array];
      if (correlationError !== null) expect(Math.abs(bootstrapCorrelation({ x, y, ...options() }).error - correlationError)).toBeLessThan(0.005);
      expect(Math.abs(bootstrapLine({ x, y, ...options() }).slope.error - slopeError)).toBeLessThan(0.005);
    }
    const [x, y, z] = completeRows(s.yield1, s.gradient, s.mass).columns as [Float64Array, Float64Array, Float64Array];
    expect(Math.abs(bootstrapCorrelation({ x, y, controls: [z], ...options() }).error - 0.106)).toBeLessThan(0.005);
    expect(Math.abs(bootstrapCorrelation({ x: s.phi, y: s.gradient, controls: [s.mass], ...options() }).error - 0.15)).toBeLessThan(0.005);
  });

  it('five bins of eleven have the medians of the reference, and residuals at fixed mass its correlation', () => {
    const s = sample();
    const bins = equalCountBins(s.mass, s.gradient, 5);
    expect(bins.map(({ count, x, y }) => [count, x, y])).toEqual([[11, 7.71, 0.075], [11, 8.2, -0.039], [11, 8.39, -0.018], [11, 8.74, -0.057], [11, 9.14, -0.094]]);
    // About the line of all 55 galaxies, for the 49 that have a yield.
    const [yields, residuals] = completeRows(s.yield1, residualsAt(s.mass, s.gradient)).columns as [Float64Array, Float64Array];
    const residual = spearman(yields, residuals);
    expect(residual.r).toBeCloseTo(-0.406388, 5);
    expect(residual.p).toBeCloseTo(3.76e-3, 5);
    expect(spearman(s.baryons0, residualsAt(s.mass, s.gradient)).r).toBeCloseTo(-0.108153, 5);
  });
});
