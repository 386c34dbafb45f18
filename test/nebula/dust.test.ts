import { describe, expect, it } from 'vitest';
import { calzetti00, odonnell94 } from '../../src/light/index.js';
import { balmerDust, colorExcess, deredden, dustFactor, lineExtinction, lines } from '../../src/nebula/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';
import { describeShared } from '../support/shared.js';
import { checkValues } from './check.js';

const exact = { haError: 0, hbError: 0 };

describe('balmerDust', () => {
  it('finds no dust at Hα/Hβ = 2.86 and keeps a negative excess for error work', () => {
    expect(balmerDust({ ha: 2.86, hb: 1, ...exact }).ebv).toBeCloseTo(0, 12);
    const blue = balmerDust({ ha: 2.6, hb: 1, ...exact });
    expect(blue).toMatchObject({ ebv: 0, negative: true });
    expect(blue.ebvRaw).toBeCloseTo(2.328189809 * Math.log10(2.6 / 2.86), 8);
  });

  it('gives NaN and no flag for a line that is missing, zero or negative', () => {
    for (const bad of [NaN, 0, -1, Infinity]) {
      expect(balmerDust({ ha: bad, hb: 1, ...exact })).toMatchObject({ ebv: NaN, ebvRaw: NaN, ebvError: NaN, negative: false });
      expect(balmerDust({ ha: 1, hb: bad, ...exact }).ebv).toBeNaN();
    }
  });

  it('states the error that noise on the lines makes, to the 2 % that 4000 draws and its linear form allow', () => {
    const random = createRandom(1, 'balmer');
    const [haError, hbError] = [0.08, 0.04];
    const draws = Array.from({ length: 4000 }, () => balmerDust({ ha: 4 + haError * random.normal(), hb: 1 + hbError * random.normal(), haError, hbError }));
    const { ebvError } = balmerDust({ ha: 4, hb: 1, haError, hbError });
    expect(Math.abs(standardDeviation(draws.map((draw) => draw.ebvRaw)) / ebvError - 1)).toBeLessThan(0.04);
  });

  it('is unbiased in its raw value where the clipped one is not: dust-free gas', () => {
    const random = createRandom(2, 'balmer');
    const draws = Array.from({ length: 4000 }, () => balmerDust({ ha: 2.86 + 0.02 * random.normal(), hb: 1 + 0.02 * random.normal(), haError: 0.02, hbError: 0.02 }));
    const { ebvError } = balmerDust({ ha: 2.86, hb: 1, haError: 0.02, hbError: 0.02 });
    expect(Math.abs(mean(draws.map((draw) => draw.ebvRaw)))).toBeLessThan(0.06 * ebvError); // 4000 draws: 0.016, plus the curvature of the logarithm
    expect(mean(draws.map((draw) => draw.ebv))).toBeGreaterThan(0.3 * ebvError);
  });
});

describe('deredden', () => {
  it('undoes a screen of dust exactly', () => {
    const fluxes = { Ha: 3, Hb: 1, NII6583: 0.4 };
    const ebv = 0.27;
    const seen = Object.fromEntries(Object.entries(fluxes).map(([line, flux]) => [line, flux / dustFactor(line as 'Ha', ebv)]));
    const back = deredden(seen, ebv);
    for (const line of ['Ha', 'Hb', 'NII6583'] as const) expect(back[line]).toBeCloseTo(fluxes[line], 12);
  });

  it('leaves unmeasured lines unmeasured', () => {
    expect(deredden({ Ha: NaN, Hb: 1 }, 0.1).Ha).toBeNaN();
    expect(deredden({ Ha: 1 }, 0.1)).not.toHaveProperty('Hb');
    expect(deredden({ Ha: 1 }, NaN).Ha).toBeNaN();
  });
});

describeShared('dust against the check values', () => {
  const relative = 1e-6; // the values were made with air wavelengths of more digits than the list's milliångström
  const close = (value: number, expected: number) => expect(Math.abs(value / expected - 1)).toBeLessThan(relative);

  it('agrees in A(λ)/E(B−V) of every line by three laws', () => {
    const names: Record<string, string> = { Ha: 'Halpha', Hb: 'Hbeta', Hg: 'Hgamma', Hd: 'Hdelta', He: 'Hepsilon', H8: 'H8_3889' };
    const table = checkValues<{ k_lambda: Record<string, { ccm31: number; od94_31: number; c00_405: number }> }>('ch2').k_lambda;
    const [ccm, odonnell, calzetti] = [lineExtinction(), lineExtinction(odonnell94), lineExtinction(calzetti00)];
    for (const { name } of lines) {
      const row = table[names[name] ?? name]!;
      close(ccm[name], row.ccm31);
      close(odonnell[name], row.od94_31);
      close(calzetti[name], row.c00_405);
    }
  });

  it('agrees in E(B−V) from Balmer ratios, its error and what follows from it', () => {
    const ch2 = checkValues<Record<string, number>>('ch2');
    const dust = balmerDust({ ha: 4, hb: 1, haError: 0.08, hbError: 0.05 });
    close(dust.ebv, ch2['EBV_Ha_Hb_obs4.0_int2.86']!);
    close(dust.ebvError, ch2['sigma_EBV_frac_err_Ha0.02_Hb0.05']!);
    close(dustFactor('Ha', dust.ebv), ch2['deredden_factor_Ha']!);
    close(lineExtinction().Ha * dust.ebv, ch2['A_Ha']!);
    close(colorExcess(28.6, 2.86, 'Ha', 'Hb'), ch2['coef_Ha_Hb']!);
    close(colorExcess(0.4, 0.468, 'Hg', 'Hb'), ch2['EBV_Hg_Hb_obs0.40_int0.468']!);
    close(colorExcess(0.4, 0.47, 'Hg', 'Hb'), ch2['EBV_Hg_Hb_obs0.40_int0.47']!);
    close(-colorExcess(4.68, 0.468, 'Hg', 'Hb'), ch2['coef_Hg_Hb']!);
    close(-colorExcess(2.59, 0.259, 'Hd', 'Hb'), ch2['coef_Hd_Hb']!);
  });
});
