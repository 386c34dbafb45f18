import { describe, expect, it } from 'vitest';
import {
  abundance, abundanceThroughDust, balmerDust, calibrationByName, deredden, dustFactor, evaluateOH, polynomialAt, type Calibration,
  type LineFluxes, type LineName,
} from '../../src/nebula/index.js';
import { createRandom, type Random } from '../../src/numeric/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';

const named = (name: string): Calibration => calibrationByName(name)!;

function draw(fluxes: LineFluxes, errors: LineFluxes, random: Random): LineFluxes {
  return Object.fromEntries(Object.entries(fluxes).map(([line, flux]) => [line, flux + errors[line as LineName]! * random.normal()]));
}

const region: LineFluxes = { OII3726: 0.9, OII3729: 1.3, Hb: 1, OIII5007: 1.2, NII6583: 0.7, Ha: 2.86, SII6716: 0.4, SII6731: 0.3 };
const errors: LineFluxes = { OII3726: 0.05, OII3729: 0.05, Hb: 0.03, OIII5007: 0.03, NII6583: 0.03, Ha: 0.04, SII6716: 0.02, SII6731: 0.02 };

describe('abundance', () => {
  it('has the analytic error of N2S2Hα, to the third order in the relative errors', () => {
    const { error } = abundance(named('N2S2Ha'), region, errors);
    const sii = 0.7;
    const analytic = Math.hypot(1.264 * 0.03 / 0.7, Math.hypot(0.02, 0.02) / sii, 0.264 * 0.04 / 2.86) / Math.LN10;
    expect(Math.abs(error / analytic - 1)).toBeLessThan(1e-3); // ±½σ of 4 % is 2 %: third order 4e-4
  });

  it('states the scatter of 3000 draws within 8 %, for relations of every kind', () => {
    for (const name of ['N2S2Ha', 'O3N2-M13', 'PG16S', 'PG16R', 'M08-R23', 'C20-N2', 'KK04-R23', 'M08-R23O3O2', 'C17-O3HbO2Hb', 'C20']) {
      const random = createRandom(3, name);
      const row = named(name);
      const { oh, error } = abundance(row, region, errors);
      const drawn = Array.from({ length: 3000 }, () => evaluateOH(row, draw(region, errors, random), errors));
      expect(Math.abs(standardDeviation(drawn) / error - 1), name).toBeLessThan(0.08); // 1.3 % of it from the number of draws, the rest curvature
      expect(Math.abs(mean(drawn) - oh), name).toBeLessThan(0.2 * error);
    }
  });

  it('flags a value outside the range of its calibration and leaves it as it is', () => {
    const poor = { NII6583: 0.004, Ha: 1 };
    const { oh, flags } = abundance(named('N2-M13'), poor, { NII6583: 1e-4, Ha: 1e-4 });
    expect(oh).toBeCloseTo(8.743 + 0.462 * Math.log10(0.004), 12);
    expect(flags.outOfRange).toBe(true);
    expect(abundance(named('N2-M13'), { NII6583: 0.1, Ha: 1 }, { NII6583: 1e-4, Ha: 1e-4 }).flags.outOfRange).toBe(false);
  });

  it('calls the upper-branch R23 out of range where [N II]/Hα says lower', () => {
    expect(abundance(named('T04-R23'), region, errors).flags.outOfRange).toBe(false);
    expect(abundance(named('T04-R23'), { ...region, NII6583: 0.1 }, errors).flags.outOfRange).toBe(true);
  });

  it('turns the scatter of a ratio into that of O/H by the slope there', () => {
    const row = named('M08-O3O2');
    const oh = 8.4;
    if (row.relation.kind !== 'inverse') throw new Error('M08-O3O2 is inverted');
    const ratio = 10 ** polynomialAt(row.relation.polynomial, oh);
    const { scatter } = abundance(row, { OIII5007: ratio, OII3726: 0.5, OII3729: 0.5 }, {});
    expect(scatter).toBeCloseTo(0.22 / (1.3881 + 2 * 0.3172 * (oh - 8.69)), 2); // the slope over ±½σ against the slope at the point
    expect(abundance(named('C20-N2'), region, errors).scatter).toBe(0.10);
    expect(abundance(named('N2S2Ha'), region, errors).scatter).toBeNaN();
  });
});

describe('a joint calibration', () => {
  const row = named('M08-R23O3O2');
  const predictions = row.relation.kind === 'joint' ? row.relation.predictions : [];
  const at = (oh: number): LineFluxes => {
    const [r23, o3o2] = predictions.map(({ polynomial }) => 10 ** polynomialAt(polynomial, oh));
    const oii = r23! / (1 + o3o2! * (1 + 1 / 2.98));
    return { Hb: 1, OIII5007: o3o2! * oii, OII3726: 0.4 * oii, OII3729: 0.6 * oii };
  };

  it('finds the O/H that made both ratios, on either side of the maximum of R23', () => {
    for (const oh of [7.3, 7.6, 7.9, 8.2, 8.5, 8.8]) expect(evaluateOH(row, at(oh))).toBeCloseTo(oh, 4); // a parabola through a grid of 0.01 dex
  });

  it('weighs the ratios by their scatter and the flux errors', () => {
    const { error, scatter } = abundance(row, at(8.5), { Hb: 0.02, OIII5007: 0.02, OII3726: 0.03, OII3729: 0.03 });
    expect(error).toBeGreaterThan(0);
    expect(scatter).toBeGreaterThan(0.02);
    expect(scatter).toBeLessThan(0.22);
  });

  it('is out of range at an end of the domain', () => {
    expect(abundance(named('J15-R23O3O2'), at(8.9), {}).flags.outOfRange).toBe(true);
  });
});

describe('abundanceThroughDust', () => {
  const ebv = 0.3;
  const dusty = Object.fromEntries(Object.entries(region).map(([line, flux]) => [line, flux / dustFactor(line as LineName, ebv)])) as LineFluxes;
  const dustyErrors = Object.fromEntries(Object.entries(errors).map(([line, error]) => [line, error / dustFactor(line as LineName, ebv)])) as LineFluxes;

  it('gives the value of the dereddened fluxes', () => {
    for (const name of ['N2S2Ha', 'PG16R', 'M08-R23O3O2']) {
      expect(abundanceThroughDust(named(name), dusty, dustyErrors).oh).toBeCloseTo(abundance(named(name), region, errors).oh, 9);
    }
  });

  it('has the error that draws through the dust have, where dereddened errors alone fall short', () => {
    const random = createRandom(5, 'dust');
    const row = named('PG16R');
    const drawn = Array.from({ length: 3000 }, () => {
      const fluxes = draw(dusty, dustyErrors, random);
      const { ebvRaw } = balmerDust({ ha: fluxes.Ha!, haError: 0, hb: fluxes.Hb!, hbError: 0 });
      return evaluateOH(row, deredden(fluxes, ebvRaw));
    });
    const { error } = abundanceThroughDust(row, dusty, dustyErrors);
    expect(Math.abs(standardDeviation(drawn) / error - 1)).toBeLessThan(0.06);
    expect(abundance(row, region, errors).error).not.toBeCloseTo(error, 3);
  });

  it('counts a negative excess as no dust but keeps its share of the error', () => {
    const blue = { ...region, Ha: 2.7 };
    const value = abundanceThroughDust(named('PG16R'), blue, errors);
    expect(value.oh).toBeCloseTo(abundance(named('PG16R'), blue, errors).oh, 12);
    expect(value.error).toBeGreaterThan(abundanceThroughDust(named('PG16R'), blue, { ...errors, Ha: 0 }).error);
  });

  it('is NaN without Hβ', () => {
    const { Hb: _, ...without } = region;
    expect(abundanceThroughDust(named('N2-M13'), without, errors).oh).toBeNaN();
  });
});
