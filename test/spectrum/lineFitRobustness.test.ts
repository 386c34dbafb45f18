import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearAxis, type Lsf } from '../../src/light/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';
import { createLineFitter, type LineFitOptions, type Spectrum } from '../../src/spectrum/index.js';

const lsf: Lsf = { kind: 'muse' };
const axis = linearAxis(4750, 1.25, 1700, 'air');
const redshift = 0.005;
const lines: readonly LineName[] = ['Hb', 'OIII4959', 'OIII5007', 'OI6300', 'OI6364', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731'];
const fluxes = new Map<LineName, number>([
  ['Hb', 35], ['OIII5007', 60], ['OIII4959', 60 / 2.98], ['OI6300', 3], ['OI6364', 3 / 3.13], ['Ha', 100], ['NII6583', 30], ['NII6548', 30 / 2.94], ['SII6716', 20], ['SII6731', 16],
]);
const clean: Spectrum = { axis, lsf, ...simulateSpectrum({ axis, lsf, redshift, lines: fluxes, velocity: 30, sigma: 40, continuum: 4, noise: 0.6, seed: 1 }) };
const every: Partial<LineFitOptions>[] = [{}, { tie: 'each' }, { tie: 'balmer-forbidden', components: 2 }, { kinematics: { velocity: 0, sigma: 30 } }];
const fitters = every.map((more) => createLineFitter([clean], { redshift, lines, absorption: 0, ...more }));
const numbers = (values: object): number[] => Object.values(values).flatMap((value) => (value instanceof Float64Array || value instanceof Int32Array ? [...value] : typeof value === 'number' ? [value] : []));

describe('the line fit', () => {
  it('keeps a flux to 1e-3 when the line is shifted by 0 to 1 pixel, however narrow', () => {
    // Half a pixel of FWHM to many; the smallest reaches σ = 0.4 pixels.
    for (const fwhm of [1.2, 1.6, 2.6, 5]) {
      const sharp: Lsf = { kind: 'constant', fwhm };
      const one = createLineFitter([{ axis, lsf: sharp }], { redshift, lines: ['Ha'], continuum: false });
      for (let shift = 0; shift <= 1; shift += 0.05) {
        const velocity = ((shift * 1.25) / 6596) * 299792.458;
        const { model, variance } = simulateSpectrum({ axis, lsf: sharp, redshift, lines: new Map([['Ha', 100]]), velocity, sigma: 30, noise: 0.05, seed: 1 });
        const fit = one.fit([{ axis, lsf: sharp, flux: model, variance }]);
        expect(Math.abs(fit.flux[0]! / 100 - 1), `${fwhm} Å, ${shift.toFixed(2)}`).toBeLessThan(1e-3);
      }
    }
  });

  it('answers any spectrum with a status and never with an exception, and forgets it', () => {
    const before = fitters.map((one) => one.fit([clean]));
    const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1e300, -1e300, 1e-300, 5e-324);
    const blemish = fc.record({ from: fc.nat(1699), length: fc.oneof(fc.nat(20), fc.nat(1700)), flux: fc.boolean(), value: bad });
    fc.assert(fc.property(fc.array(blemish, { maxLength: 8 }), fc.array(fc.nat(1699), { maxLength: 400 }), fc.constantFrom(1e-30, 1, 1e30), (blemishes, holes, scale) => {
      const [flux, variance] = [clean.flux.map((value) => value * scale), clean.variance.map((value) => value * scale * scale)];
      for (const { from, length, flux: inFlux, value } of blemishes) (inFlux ? flux : variance).fill(value, from, from + length);
      for (const k of holes) flux[k] = Number.NaN;
      fitters.forEach((one, k) => {
        const fit = one.fit([{ ...clean, flux, variance }]);
        // What has no value has a reason.
        fit.lines.forEach((name, i) => { if (Number.isNaN(fit.flux[i]!)) expect(fit.lineStatus[i] || fit.status, name).not.toBe(0); });
        if (Number.isNaN(fit.velocity)) expect(fit.status).not.toBe(0);
        if (k === 0) expect(one.fit([clean])).toEqual(before[0]);
      });
    }), { numRuns: 150, seed: 7 });
    fitters.forEach((one, k) => expect(one.fit([clean])).toEqual(before[k]));
  });

  it('says of a constant spectrum, of one without a good pixel and of one without pixels at the lines that there is nothing', () => {
    for (const one of fitters) {
      for (const value of [0, 5, -5]) {
        const fit = one.fit([{ ...clean, flux: new Float64Array(1700).fill(value) }]);
        fit.flux.forEach((flux, i) => expect(Math.abs(flux) || 0).toBeLessThan(1e-6 * (fit.fluxError[i]! || Infinity) + 1e-9));
      }
      const masked = one.fit([{ ...clean, variance: new Float64Array(1700) }]);
      expect([masked.flux, masked.fluxError, masked.ew].every((values) => values.every(Number.isNaN))).toBe(true);
      expect(masked.status).not.toBe(0);
    }
    const single = { axis: linearAxis(6596, 1.25, 2, 'air'), lsf };
    const fit = createLineFitter([single], { redshift, lines }).fit([{ ...single, flux: Float64Array.of(1, 2), variance: Float64Array.of(1, 1) }]);
    expect(fit.flux.every(Number.isNaN)).toBe(true);
    expect(fit.lineStatus.every((status) => status !== 0)).toBe(true);
  });

  it('scales with the flux: by powers of two to the last bit, by other numbers to rounding', () => {
    const scaled = (factor: number): Spectrum => ({ ...clean, flux: clean.flux.map((value) => value * factor), variance: clean.variance.map((value) => value * factor * factor) });
    fitters.forEach((one) => {
      const fit = one.fit([clean]);
      for (const exponent of [-100, -30, 1, 40, 100]) {
        const other = one.fit([scaled(2 ** exponent)]);
        for (const name of ['flux', 'fluxError', 'sum', 'sumError', 'upperLimit'] as const) expect(other[name].map((value) => value / 2 ** exponent), name).toEqual(fit[name]);
        for (const name of ['ew', 'ewError', 'lineVelocity', 'lineSigma', 'amplitudeOverNoise', 'lineStatus'] as const) expect(other[name], name).toEqual(fit[name]);
        expect(other.chi2).toBe(fit.chi2);
      }
      for (const factor of [1e-30, 0.3, 7e11, 1e30]) {
        const other = one.fit([scaled(factor)]);
        // The last step of the fit is a hundred-thousandth of an error, and may fall on either side of the end.
        fit.flux.forEach((flux, i) => { if (Number.isFinite(flux)) expect(Math.abs(other.flux[i]! / factor - flux)).toBeLessThan(1e-5 * fit.fluxError[i]!); });
        expect(Math.abs(other.velocity - fit.velocity)).toBeLessThan(1e-5 * fit.velocityError + 1e-12);
        expect(other.status).toBe(fit.status);
      }
    });
  });

  it('does not mind the order of the lines', () => {
    for (const more of every) {
      const shuffled = [...lines].reverse();
      const [one, two] = [createLineFitter([clean], { redshift, lines, ...more }).fit([clean]), createLineFitter([clean], { redshift, lines: shuffled, ...more }).fit([clean])];
      for (const name of lines) {
        const [i, j] = [one.lines.indexOf(name), two.lines.indexOf(name)];
        for (const of of ['flux', 'fluxError', 'ew', 'lineVelocity', 'lineSigma', 'lineStatus'] as const) expect(two[of][j], `${of} of ${name}`).toBe(one[of][i]);
      }
      expect(numbers({ chi2: two.chi2, velocity: two.velocity, sigma: two.sigma })).toEqual(numbers({ chi2: one.chi2, velocity: one.velocity, sigma: one.sigma }));
    }
  });
});
