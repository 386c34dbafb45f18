import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lsfFwhm, lsfSigma } from '../../src/light/index.js';
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
});
