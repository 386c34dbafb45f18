import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linearAxis, lsfBeforePixel, lsfFwhm, lsfSigma } from '../../src/light/index.js';
import { erf } from '../../src/numeric/index.js';
import { constants } from '../../src/units/index.js';
import { describeShared, shared } from '../support/shared.js';

describeShared('the line-spread function of MUSE', () => {
  it('has the widths of Bacon et al. 2017, to rounding', () => {
    const { ch7 } = JSON.parse(readFileSync(shared('tables', 'check_values.json'), 'utf8')) as {
      ch7: { muse_lsf_fwhm: Record<string, number>; muse_lsf_sigma_kms_6563: number; muse_mosaic_5000: number };
    };
    for (const [wavelength, fwhm] of Object.entries(ch7.muse_lsf_fwhm)) expect(lsfFwhm({ kind: 'muse' }, Number(wavelength))).toBeCloseTo(fwhm, 12);
    expect(lsfFwhm({ kind: 'muse', field: 'mosaic' }, 5000)).toBeCloseTo(ch7.muse_mosaic_5000, 12);
    expect((lsfSigma({ kind: 'muse' }, 6563) / 6563) * constants.c).toBeCloseTo(ch7.muse_lsf_sigma_kms_6563, 8);
  });
});

describe('a line-spread function', () => {
  it('that is constant is the same everywhere, σ = FWHM/2.3548', () => {
    expect(lsfFwhm({ kind: 'constant', fwhm: 2.66 }, 5000)).toBe(2.66);
    expect(lsfSigma({ kind: 'constant', fwhm: 2 * Math.sqrt(2 * Math.LN2) }, 5000)).toBeCloseTo(1, 14);
  });

  it('given as a table is linear between its points and constant beyond them', () => {
    const table = { kind: 'table', wavelength: [4000, 5000, 7000], fwhm: [3, 2, 2.4] } as const;
    const widths = [3000, 4000, 4250, 5000, 6000, 7000, 9000].map((wavelength) => lsfFwhm(table, wavelength));
    [3, 3, 2.75, 2, 2.2, 2.4, 2.4].forEach((width, i) => expect(widths[i]).toBeCloseTo(width, 14));
  });

  it('of a long table is found as fast as of a short one, and a single point holds everywhere', () => {
    const wavelength = Array.from({ length: 20_001 }, (_, i) => 3000 + 0.5 * i);
    const table = { kind: 'table', wavelength, fwhm: wavelength.map((λ) => 2 + ((λ - 3000) / 1e4) ** 2) } as const;
    for (const λ of [3000, 3000.25, 7654.3, 12_999.9, 13_000]) expect(Math.abs(lsfFwhm(table, λ) - 2 - ((λ - 3000) / 1e4) ** 2)).toBeLessThan(1e-9);
    expect(lsfFwhm({ kind: 'table', wavelength: [5000], fwhm: [2.5] }, 4000)).toBe(2.5);
    expect(lsfFwhm({ kind: 'table', wavelength: [], fwhm: [] }, 4000)).toBeNaN();
  });

  it('measured on pixels loses their variance once: what a pixel averages then has the width that was measured', () => {
    const axis = linearAxis(4800, 1.25, 400, 'air');
    const measured = { kind: 'constant', fwhm: 2.6, pixel: 'included' } as const;
    const before = lsfBeforePixel(measured, axis);
    for (const λ of [4700, 4900.3, 5400]) expect(Math.sqrt(lsfSigma(before, λ) ** 2 + 1.25 ** 2 / 12)).toBeCloseTo(lsfSigma(measured, λ), 12);
    // The second moment of that Gaussian averaged over pixels, sampled at their centres.
    const centre = axis.wavelength[200]! + 0.4;
    const sigma = lsfSigma(before, centre) * Math.SQRT2;
    const pixels = axis.wavelength.map((_, k) => (erf((axis.edges[k + 1]! - centre) / sigma) - erf((axis.edges[k]! - centre) / sigma)) / 2);
    const variance = pixels.reduce((sum, value, k) => sum + value * (axis.wavelength[k]! - centre) ** 2, 0);
    expect(Math.sqrt(variance)).toBeCloseTo(lsfSigma(measured, centre), 4);
  });

  it('is itself unless the pixel is included, and cannot be narrower than a pixel that is', () => {
    const axis = linearAxis(4800, 1.25, 10, 'air');
    for (const lsf of [{ kind: 'muse' }, { kind: 'constant', fwhm: 1 }, { kind: 'table', wavelength: [1, 2], fwhm: [1, 2], pixel: 'before' }] as const) expect(lsfBeforePixel(lsf, axis)).toBe(lsf);
    expect(() => lsfBeforePixel({ kind: 'constant', fwhm: 0.8, pixel: 'included' }, axis)).toThrow(/0\.8000 Å FWHM at 4800\.0 Å, with pixels of 1\.250 Å included in it.*more than 0\.8497 Å/);
  });
});
