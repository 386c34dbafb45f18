import { describe, expect, it } from 'vitest';
import { airToVacuum, linearAxis, logAxis, sodiumNotch, vacuumToAir } from '../../src/light/index.js';
import { continuumMask } from '../../src/spectrum/index.js';
import { constants } from '../../src/units/index.js';
import { describeShared, golden } from '../support/shared.js';

describeShared('the mask of a continuum fit, against the reference tool', () => {
  const { gaussian, goodpixels } = golden<{ readonly gaussian: { readonly ln_lam0: number; readonly step: number; readonly n: number }; readonly goodpixels: { readonly mask: number[] } }>('ppxf_util.json');
  it('is the same, pixel for pixel, with its lines and its 800 km/s, at the redshift 0.001', () => {
    const axis = logAxis(Math.exp(gaussian.ln_lam0), gaussian.step, gaussian.n, 'air');
    const mask = continuumMask(axis, 0.001, { lines: ['Hb', 'OIII4959', 'OIII5007', 'OI6300'], halfWidth: 800, sky: [] });
    expect(Array.from(mask)).toEqual(goodpixels.mask);
  });
});

describe('continuumMask', () => {
  const axis = linearAxis(5000, 1, 2000, 'air');
  const masked = (mask: Uint8Array): number[] => Array.from(axis.wavelength).filter((_, k) => mask[k] === 0);

  it('keeps clear of a line at its redshift by the half-width on both sides', () => {
    const redshift = 0.02;
    const places = masked(continuumMask(axis, redshift, { lines: ['Ha'], halfWidth: 600, sky: [] }));
    const Ha = vacuumToAir(airToVacuum(6562.795) * (1 + redshift));
    const half = (Ha * 600) / constants.c;
    expect(places[0]).toBe(Math.ceil(Ha - half));
    expect(places[places.length - 1]).toBe(Math.floor(Ha + half));
  });

  it('keeps clear of airglow and telluric bands, in air and in vacuum, and of the notch when asked', () => {
    const places = masked(continuumMask(axis, 0, { lines: [] }));
    for (const λ of [5577, 5892, 6300, 6364, 6900]) expect(places).toContain(λ);
    for (const λ of [5500, 5850, 6500, 6850]) expect(places).not.toContain(λ);
    const inVacuum = continuumMask(linearAxis(5000, 1, 2000, 'vacuum'), 0, { lines: [] });
    expect([5568, 5569, 5588, 5589].map((λ) => inVacuum[λ - 5000])).toEqual([1, 0, 0, 1]); // 5567.3–5587.3 Å in air
    expect(masked(continuumMask(axis, 0, { lines: [], sky: [sodiumNotch] }))).toHaveLength(169);
  });

  it('stays inside what the templates cover', () => {
    const mask = continuumMask(axis, 0.01, { lines: [], sky: [], coverage: { range: [5200, 6500], medium: 'air' } });
    const kept = Array.from(axis.wavelength).filter((_, k) => mask[k] === 1);
    expect([kept[0], kept[kept.length - 1]]).toEqual([5253, 6564]); // 5252.0 and 6565.0 Å, less half a pixel
  });

  it('by default keeps clear of the known lines', () => {
    const mask = continuumMask(axis, 0);
    for (const λ of [5007, 5876, 6563, 6584, 6716, 6731]) expect(mask[λ - 5000]).toBe(0);
  });
});
