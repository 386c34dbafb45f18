import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calzetti00, ccm89, dereddeningFactor, odonnell94, vacuumToAir } from '../../src/light/index.js';
import { describeShared, golden, shared } from '../support/shared.js';

const laws = { ccm89, odonnell94, calzetti00 };
const names = ['ccm89', 'odonnell94', 'calzetti00'] as const;

describeShared('extinction laws against the extinction package', () => {
  it.each(names.flatMap((name) => [2.5, 3.1, 4.05, 5].map((rv) => [name, rv] as const)))('%s at R_V = %s agrees to 1e-10', (name, rv) => {
    const want = golden<Record<string, number[]>>('extinction.json');
    const curve = want[`${name}_rv${rv.toFixed(rv === 4.05 ? 2 : 1)}`]!;
    want['wave']!.forEach((wavelength, i) => {
      // The package gives A(λ) for A_V = 1.
      expect(Math.abs(laws[name](wavelength, rv) / rv - curve[i]!), `${wavelength} Å`).toBeLessThan(1e-10);
    });
  });

  it('reddening a spectrum and taking it back agrees to 1e-10', () => {
    const want = golden<Record<string, number[]>>('extinction.json');
    want['apply_flux_in']!.forEach((flux, i) => {
      const factor = dereddeningFactor(0.7 / 3.1, ccm89(want['wave']![i]!));
      expect(Math.abs(flux * factor / want['remove_ccm89_av0.7_rv3.1']![i]! - 1)).toBeLessThan(1e-10);
      expect(Math.abs(flux / factor / want['apply_ccm89_av0.7_rv3.1']![i]! - 1)).toBeLessThan(1e-10);
    });
  });

  it('the check values at the nebular lines agree to 1e-12', () => {
    const { ch1, ch2 } = JSON.parse(readFileSync(shared('tables', 'check_values.json'), 'utf8')) as {
      ch1: { lines_air_vac: [string, number, number][] };
      ch2: { k_lambda: Record<string, { ccm31: number; od94_31: number; c00_405: number; ccm31_vac: number }> } & Record<string, number | number[]>;
    };
    for (const [name, , vacuum] of ch1.lines_air_vac) {
      // The table rounds its air wavelengths; its k belong to the unrounded ones.
      const air = vacuumToAir(vacuum);
      const want = ch2.k_lambda[name]!;
      expect(ccm89(air)).toBeCloseTo(want.ccm31, 12);
      expect(odonnell94(air)).toBeCloseTo(want.od94_31, 12);
      expect(calzetti00(air)).toBeCloseTo(want.c00_405, 12);
      expect(ccm89(vacuum)).toBeCloseTo(want.ccm31_vac, 12);
    }
    const [a, b] = ch2['ccm_ab_4861.333'] as number[];
    expect(ccm89(4861.333, 4)).toBeCloseTo(4 * a! + b!, 12);
    expect(dereddeningFactor(ch2['EBV_Ha_Hb_obs4.0_int2.86'] as number, ccm89(vacuumToAir(6564.608)))).toBeCloseTo(ch2['deredden_factor_Ha'] as number, 10);
  });
});

describe('extinction laws', () => {
  it('give A_V = R_V E(B−V) in the visual', () => {
    expect(ccm89(1e4 / 1.82)).toBeCloseTo(3.1, 12);
    expect(odonnell94(1e4 / 1.82)).toBeCloseTo(3.1, 12);
    expect(calzetti00(5500)).toBeCloseTo(4.05, 1);
  });

  it('are NaN where they were not measured', () => {
    for (const wavelength of [900, 40000, Number.NaN]) for (const name of names) expect(laws[name](wavelength)).toBeNaN();
  });

  it('no dust changes nothing', () => {
    expect(dereddeningFactor(0, ccm89(5000))).toBe(1);
  });
});
