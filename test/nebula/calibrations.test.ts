import { describe, expect, it } from 'vitest';
import {
  abundance, availableCalibrations, calibrationByName, calibrations, evaluateOH, evaluateRatio, kobulnickyKewley, polynomialAt, ratios,
  type Calibration, type LineFluxes, type LineName,
} from '../../src/nebula/index.js';
import { describeShared } from '../support/shared.js';
import { checkValues } from './check.js';

const named = (name: string): Calibration => calibrationByName(name)!;

/** The logarithm of the ratio that an inverted calibration predicts at 12+log(O/H) = oh. */
function predicted(name: string, oh: number): number {
  const { relation } = named(name);
  if (relation.kind !== 'inverse') throw new Error(`${name} predicts no ratio`);
  return polynomialAt(relation.polynomial, oh);
}

/** Fluxes with the given linear ratios to Hβ and to Hα; Hα = 2.86 Hβ. Sums are split over their lines. */
function fluxesOf(ratio: { oiii?: number; nii?: number; sii?: number; oii?: number; neiii?: number }): LineFluxes {
  const fluxes: Partial<Record<LineName, number>> = { Ha: 2.86, Hb: 1 };
  if (ratio.oiii) fluxes.OIII5007 = ratio.oiii;
  if (ratio.nii) fluxes.NII6583 = ratio.nii;
  if (ratio.sii) Object.assign(fluxes, { SII6716: 0.6 * ratio.sii, SII6731: 0.4 * ratio.sii });
  if (ratio.oii) Object.assign(fluxes, { OII3726: 0.4 * ratio.oii, OII3729: 0.6 * ratio.oii });
  if (ratio.neiii) fluxes.NeIII3869 = ratio.neiii;
  return fluxes;
}

describe('the list of calibrations', () => {
  it('names each once, with a source, its lines and a range in order', () => {
    expect(new Set(calibrations.map((row) => row.name)).size).toBe(calibrations.length);
    for (const { name, source, lines, range: [low, high], unverified, note } of calibrations) {
      expect(source, name).toMatch(/\d{4}/);
      expect(lines.length, name).toBeGreaterThan(1);
      if (low !== null && high !== null) expect(low, name).toBeLessThan(high);
      if (unverified) expect(note, name).toBeTruthy();
    }
  });

  it('holds the names that configurations use', () => {
    const names = [
      'N2S2Ha', 'N2-M13', 'O3N2-M13', 'N2-PP04', 'O3N2-PP04', 'PG16S', 'PG16R', 'M08-O3HbO2Hb', 'M08-R23O3O2', 'J15-O3HbO2Hb', 'J15-R23O3O2',
      'C17-O3HbO2Hb', 'C17-R23O3O2', 'C20',
    ];
    for (const name of names) expect(calibrationByName(name), name).toBeDefined();
    expect(calibrationByName('Strom17')).toBeUndefined();
  });

  it('gives every calibration a value and an error, or says why not, for a solar-like H II region of all lines', () => {
    const fluxes = fluxesOf({ oiii: 1.0, nii: 0.9, sii: 0.8, oii: 2.2, neiii: 0.08 });
    const errors = Object.fromEntries(Object.keys(fluxes).map((line) => [line, 0.02]));
    for (const row of calibrations) {
      const { oh, error, flags } = abundance(row, fluxes, errors);
      if (Number.isNaN(oh)) {
        expect(flags.outOfRange, row.name).toBe(true);
      } else if (!flags.saturated) {
        expect(oh, row.name).toBeGreaterThan(7.8);
        expect(oh, row.name).toBeLessThan(9.3);
        expect(error, row.name).toBeGreaterThan(0);
        expect(error, row.name).toBeLessThan(0.3);
      }
    }
  });

  it('is total: whatever the fluxes, no calibration throws', () => {
    const bad = [NaN, 0, -1, Infinity, 1e-300, 1e300];
    for (const row of calibrations) {
      for (const value of bad) {
        for (const line of row.lines) {
          const fluxes = { ...fluxesOf({ oiii: 1, nii: 0.9, sii: 0.8, oii: 2.2, neiii: 0.1 }), [line]: value };
          const { oh } = abundance(row, fluxes, { Ha: 0.1, Hb: NaN });
          const tells = row.name === 'T04-R23' && (line === 'NII6583' || line === 'Ha'); // only says whether the relation holds
          if (Number.isNaN(value) && !tells) expect(oh, row.name).toBeNaN();
        }
      }
      expect(evaluateOH(row, {})).toBeNaN();
    }
  });
});

describe('the polynomials', () => {
  it('are inverted to what made them, on every branch', () => {
    for (const row of calibrations) {
      const { relation } = row;
      if (relation.kind !== 'inverse') continue;
      const { from, to, oh: top } = relation.maximum;
      for (let oh = from + 0.02; oh < to; oh += 0.05) {
        if (Math.abs(oh - top) < 0.02) continue; // the slope may vanish there
        const upper = oh > top;
        if (typeof relation.branch === 'string' && (relation.branch === 'upper') !== upper) continue;
        const fluxes = fluxesForRatio(row, polynomialAt(relation.polynomial, oh), upper);
        expect(evaluateOH(row, fluxes), `${row.name} at ${oh}`).toBeCloseTo(oh, 6);
      }
    }
  });

  it('are saturated above the maximum, at its abscissa', () => {
    const rich = fluxesForRatio(named('M08-R23'), 1.0, true);
    const { oh, flags } = abundance(named('M08-R23'), rich, {});
    expect(oh).toBeCloseTo(8.0459, 3);
    expect(flags).toEqual({ saturated: true, ambiguous: false, outOfRange: false });
  });

  it('are ambiguous without [N II], NaN out of range beyond their ends', () => {
    const { NII6583: _, ...blind } = fluxesForRatio(named('M08-R23'), 0.7, true);
    expect(abundance(named('M08-R23'), blind, {})).toMatchObject({ oh: NaN, flags: { ambiguous: true } });
    expect(abundance(named('M08-N2'), { Ha: 1, NII6583: 1e-4 }, {})).toMatchObject({ oh: NaN, flags: { outOfRange: true } });
  });

  it('cover their range on one side or two: every O/H of the range can be found again', () => {
    for (const { name, relation, range: [low, high] } of calibrations) {
      if (relation.kind !== 'inverse') continue;
      const { from, to, oh } = relation.maximum;
      const [least, most] = relation.branch === 'upper' ? [oh, to] : relation.branch === 'lower' ? [from, oh] : [from, to];
      expect(least - low!, name).toBeLessThan(0.4); // the minor side of a ratio that turns near the end of its range is given up
      expect((high ?? most) - most, name).toBeLessThan(0.1);
    }
  });

  it('that end before their ratio turns know regions beyond their end by [N II]', () => {
    const rich = fluxesOf({ nii: 1.0, oii: 1.2 });
    expect(abundance(named('J15-O2Hb'), rich, {})).toMatchObject({ oh: NaN, flags: { outOfRange: true } });
    expect(abundance(named('S24-O2'), rich, {})).toMatchObject({ oh: NaN, flags: { outOfRange: true } });
  });

  it('of R23 take the upper root of a metal-rich and the lower of a metal-poor region', () => {
    const row = named('M08-R23');
    expect(evaluateOH(row, fluxesForRatio(row, 0.7, true))).toBeCloseTo(8.7497428308, 8);
    expect(evaluateOH(row, fluxesForRatio(row, 0.7, false))).toBeCloseTo(7.3688982463, 8);
  });
});

/** Fluxes for which the ratio of an inverted calibration has a given logarithm, [N II]/Hα far on one side of its branches. */
function fluxesForRatio(row: Calibration, logRatio: number, upper: boolean): LineFluxes {
  const { relation } = row;
  if (relation.kind !== 'inverse') throw new Error(row.name);
  const nii = (upper ? 10 ** -0.3 : 10 ** -2.5) * 2.86;
  const ratio = 10 ** logRatio;
  const base = fluxesOf({ nii });
  switch (relation.ratio) {
    case ratios.n2: return { ...base, NII6583: ratio * 2.86 };
    case ratios.s2: return fluxesOf({ nii, sii: ratio * 2.86 });
    case ratios.r3: return fluxesOf({ nii, oiii: ratio });
    case ratios.r3Both: return fluxesOf({ nii, oiii: ratio / (1 + 1 / 2.98) });
    case ratios.r2: return fluxesOf({ nii, oii: ratio });
    case ratios.r23: return fluxesOf({ nii, oii: 0.4 * ratio, oiii: 0.6 * ratio / (1 + 1 / 2.98) });
    case ratios.o3o2: return fluxesOf({ nii, oii: 1, oiii: ratio });
    case ratios.ne3o2: return fluxesOf({ oii: 1, neiii: ratio });
    case ratios.oiiiNii: return fluxesOf({ oiii: ratio, nii: 1 });
    case ratios.o3n2: return fluxesOf({ oiii: ratio, nii: 2.86 });
    case ratios.rs32: return fluxesOf({ nii, oiii: 0.7 * ratio, sii: 0.3 * ratio * 2.86 });
    case ratios.o3s2: return fluxesOf({ nii, oiii: ratio, sii: 2.86 });
    default: throw new Error(row.name);
  }
}

describe('availableCalibrations', () => {
  const optical: LineName[] = ['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731'];
  const { available, absent } = availableCalibrations(optical);

  it('splits the list in two', () => {
    expect(available.length + absent.length).toBe(calibrations.length);
    expect(available.map((row) => row.name)).toEqual(expect.arrayContaining(['N2S2Ha', 'N2-M13', 'O3N2-M13', 'PG16S', 'C20', 'C20-RS32']));
  });

  it('says which lines the others need', () => {
    const reason = (name: string) => absent.find((row) => row.name === name)?.reason;
    expect(reason('PG16R')).toBe('needs [O II] 3726+3729');
    expect(reason('M08-R23O3O2')).toBe('needs [O II] 3726+3729');
    expect(availableCalibrations(['Ha']).absent.find((row) => row.name === 'N2S2Ha')?.reason).toBe('needs [N II] 6583 and [S II] 6716+6731');
    expect(availableCalibrations([]).absent.find((row) => row.name === 'C17-R3')?.reason).toBe('needs [O III] 5007, Hβ, [N II] 6583 and Hα');
  });
});

describeShared('the calibrations against the check values', () => {
  type PerOh = Record<string, number>;
  const ch4 = () => checkValues<Record<string, PerOh & number & [number, number]>>('ch4');
  const digits = 9; // the values are computed in double precision from the same coefficients

  it('agree in every predicted ratio', () => {
    const same: Record<string, string> = {
      M08_R23: 'M08-R23', M08_N2Ha: 'M08-N2', M08_O3Hb: 'M08-O3Hb', M08_O3O2: 'M08-O3O2', M08_O2Hb: 'M08-O2Hb', M08_O3N2: 'M08-O3N2',
      M08_Ne3O2: 'M08-Ne3O2', J15_O3Hb: 'J15-O3Hb', J15_O2Hb: 'J15-O2Hb', J15_R23: 'J15-R23', J15_O3O2: 'J15-O3O2', C17_R2: 'C17-R2',
      C17_R3: 'C17-R3', C17_O32: 'C17-O32', C17_R23: 'C17-R23', C17_N2: 'C17-N2', C17_O3N2: 'C17-O3N2', C20_R2: 'C20-R2', C20_R3: 'C20-R3',
      C20_O32: 'C20-O32', C20_R23: 'C20-R23', C20_N2: 'C20-N2', C20_O3N2: 'C20-O3N2', C20_S2: 'C20-S2', C20_RS32: 'C20-RS32',
      C20_O3S2: 'C20-O3S2', B18_R23: 'B18-R23', B18_O3: 'B18-O3', S24_O3: 'S24-O3', S24_O2: 'S24-O2', S24_R23: 'S24-R23', S24_O32: 'S24-O32',
      S24_Ne3O2: 'S24-Ne3O2',
    };
    for (const [key, name] of Object.entries(same)) {
      for (const [oh, value] of Object.entries(ch4()[key]!)) expect(predicted(name, Number(oh)), `${name} at ${oh}`).toBeCloseTo(value, digits);
    }
  });

  it('agree in the maxima', () => {
    for (const key of Object.keys(ch4()).filter((key) => key.endsWith('_peak'))) {
      const [oh, ratio] = ch4()[key]!;
      const { relation } = named(key.replace('_peak', '').replace('_', '-'));
      if (relation.kind !== 'inverse') throw new Error(key);
      if (key === 'J15_O2Hb_peak') {
        expect(relation.maximum).toMatchObject({ oh: 8.4, turns: false }); // the turn lies above the range of the relation
        continue;
      }
      expect(relation.maximum.oh, key).toBeCloseTo(oh, 5); // the table's abscissa is rounded to 1e-6
      expect(relation.maximum.ratio, key).toBeCloseTo(ratio, digits);
    }
  });

  it('agree in N2S2Hα, linear and full', () => {
    const fluxes = { NII6583: 0.15, SII6716: 0.2, SII6731: 0.15, Ha: 1 };
    const { y, linear, poly } = ch4()['D16_NII0.15_SII0.35_Ha1'] as unknown as Record<string, number>;
    expect(evaluateRatio(ratios.n2s2ha, fluxes)).toBeCloseTo(y!, digits);
    expect(evaluateOH(named('N2S2Ha'), fluxes)).toBeCloseTo(linear!, digits);
    expect(evaluateOH(named('N2S2Ha-full'), fluxes)).toBeCloseTo(poly!, digits);
  });

  it('agree in the N2 and O3N2 calibrations', () => {
    const values = ch4() as unknown as Record<string, number> & Record<string, Record<string, number>>;
    const n2 = { NII6583: 0.1, Ha: 1 };
    const o3n2 = { OIII5007: 10 ** 0.2, Hb: 1, NII6583: 0.1, Ha: 1 };
    expect(evaluateOH(named('N2-PP04'), n2)).toBeCloseTo(values['PP04_N2_-1.0']!['lin']!, digits);
    expect(evaluateOH(named('N2-PP04-cubic'), n2)).toBeCloseTo(values['PP04_N2_-1.0']!['cubic']!, digits);
    expect(evaluateOH(named('O3N2-PP04'), o3n2)).toBeCloseTo(values['PP04_O3N2_1.2'] as unknown as number, digits);
    expect(evaluateOH(named('N2-M13'), n2)).toBeCloseTo(values['M13_N2_-1.0'] as unknown as number, digits);
    expect(evaluateOH(named('O3N2-M13'), o3n2)).toBeCloseTo(values['M13_O3N2_1.2'] as unknown as number, digits);
  });

  it('agree in the R and S calibrations of Pilyugin & Grebel', () => {
    const values = ch4() as unknown as Record<string, number>;
    const both = (r3: number, n2: number) => ({ Ha: 2.86, Hb: 1, OIII5007: r3 / (1 + 1 / 2.98), NII6583: n2 / (1 + 1 / 2.94) });
    const r = (r2: number, r3: number, n2: number) => evaluateOH(named('PG16R'), { ...both(r3, n2), OII3726: 0.4 * r2, OII3729: 0.6 * r2 });
    const s = (s2: number, r3: number, n2: number) => evaluateOH(named('PG16S'), { ...both(r3, n2), SII6716: 0.6 * s2, SII6731: 0.4 * s2 });
    expect(r(2, 5, 0.15)).toBeCloseTo(values['PG16_R_lower_R2=2.0_R3=5.0_N2=0.15']!, digits);
    expect(r(2, 1, 0.8)).toBeCloseTo(values['PG16_R_upper_R2=2.0_R3=1.0_N2=0.80']!, digits);
    expect(s(0.5, 5, 0.15)).toBeCloseTo(values['PG16_S_lower_S2=0.5_R3=5.0_N2=0.15']!, digits);
    expect(s(0.9, 1, 0.8)).toBeCloseTo(values['PG16_S_upper_S2=0.9_R3=1.0_N2=0.80']!, digits);
  });

  it('agree in the linear relations of Bian et al.', () => {
    const values = ch4()['B18_lin'] as unknown as Record<string, number>;
    const sum = 1 + 1 / 2.98;
    // Evaluated at N2 = −1, O3N2 = 1.5, O32 = 0.3, Ne3O2 = −0.6.
    expect(evaluateOH(named('B18-N2'), { NII6583: 0.1, Ha: 1 })).toBeCloseTo(values['N2']!, digits);
    expect(evaluateOH(named('B18-O3N2'), { OIII5007: 10 ** 0.5, Hb: 1, NII6583: 0.1, Ha: 1 })).toBeCloseTo(values['O3N2']!, digits);
    expect(evaluateOH(named('B18-O32'), { OIII5007: 10 ** 0.3 / sum, OII3726: 0.5, OII3729: 0.5 })).toBeCloseTo(values['O32']!, digits);
    expect(evaluateOH(named('B18-Ne3O2'), { NeIII3869: 10 ** -0.6, OII3726: 0.5, OII3729: 0.5 })).toBeCloseTo(values['Ne3O2']!, digits);
  });

  it('agree in Kobulnicky & Kewley and in the roots of the polynomials', () => {
    const { up, low } = ch4()['KK04_R23=0.7_O32=0.3'] as unknown as Record<'up' | 'low', { oh: number; logq: number }>;
    expect(kobulnickyKewley(0.7, 0.3, true).oh).toBeCloseTo(up.oh, digits);
    expect(kobulnickyKewley(0.7, 0.3, true).logQ).toBeCloseTo(up.logq, digits);
    expect(kobulnickyKewley(0.7, 0.3, false).oh).toBeCloseTo(low.oh, digits);
    expect(kobulnickyKewley(0.7, 0.3, false).logQ).toBeCloseTo(low.logq, digits);
    const r3 = named('C20-R3');
    const [, , upper] = ch4()['C20_R3_inverse_log0.50_all_roots'] as unknown as number[];
    expect(evaluateOH(r3, fluxesForRatio(r3, 0.5, true))).toBeCloseTo(upper!, digits);
    expect(evaluateOH(r3, fluxesForRatio(r3, 0.5, false))).toBeNaN(); // its lower root, 7.486, lies outside the range
  });
});
