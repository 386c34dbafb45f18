import { expect, it } from 'vitest';
import { makeAxis, type Lsf } from '../../src/light/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { createLineFitter, type Continuum } from '../../src/spectrum/index.js';
import { constants } from '../../src/units/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Golden {
  readonly x: number[];
  readonly lines: number[];
  readonly z0: number;
  readonly lsf_sigma: number[];
  readonly cases: readonly { readonly y: number[]; readonly err: number[]; readonly p: number[]; readonly perr: number[]; readonly cov: number[][]; readonly chi2: number; readonly dof: number }[];
}

const names: readonly LineName[] = ['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731'];
const free: readonly LineName[] = ['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731'];

describeShared('eight tied lines on a straight line, against scipy\'s least squares', () => {
  const { x, lines, z0, lsf_sigma: lsfSigma, cases } = golden<Golden>('gaussfit.json');
  const axis = makeAxis(x, 'air');
  const lsf: Lsf = { kind: 'table', wavelength: lines.map((λ) => λ * (1 + z0)), fwhm: lsfSigma.map((σ) => σ * constants.fwhmPerSigma) };
  const fitter = createLineFitter([{ axis, lsf }], {
    redshift: z0, lines: names, profile: 'sampled', scaleErrors: false, avoid: [], ratioBounds: [],
    doublets: [{ strong: 'OIII5007', weak: 'OIII4959', ratio: 2.98 }, { strong: 'NII6583', weak: 'NII6548', ratio: 3.05 }],
    wavelengths: Object.fromEntries(names.map((name, i) => [name, lines[i]])),
    groups: [{ name: 'all', range: [x[0]! / (1 + z0) - 1, x[x.length - 1]! / (1 + z0) + 1], lines: names }],
  });
  const zero = new Float64Array(x.length);
  const straightLine: Continuum = { model: [zero], level: [zero], rejected: [new Uint8Array(x.length)], degree: 1 };

  cases.forEach(({ y, err, p, perr, cov, chi2, dof }, k) => {
    it(`finds its parameters to 1e-5, its errors to 1e-5 and its χ² to 1e-8 (case ${k + 1})`, () => {
      const fit = fitter.fit([{ axis, lsf, flux: Float64Array.from(y), variance: Float64Array.from(err, (e) => e * e) }], straightLine);
      const at = free.map((name) => names.indexOf(name));
      // The sign of a dispersion has no meaning.
      const found = [fit.velocity, fit.sigma, ...at.map((i) => fit.flux[i]!)];
      found.forEach((value, i) => expect(Math.abs(value / (i === 1 ? Math.abs(p[i]!) : p[i]!) - 1), `parameter ${i}`).toBeLessThan(1e-5));
      const errors = [fit.velocityError, fit.sigmaError, ...at.map((i) => fit.fluxError[i]!)];
      errors.forEach((value, i) => expect(Math.abs(value / perr[i]! - 1), `error ${i}`).toBeLessThan(1e-5));
      at.forEach((a, i) => at.forEach((b, j) => {
        expect(Math.abs(fit.covariance[a * names.length + b]! - cov[i + 2]![j + 2]!)).toBeLessThan(1e-5 * perr[i + 2]! * perr[j + 2]!);
      }));
      expect(Math.abs(fit.chi2 / chi2 - 1)).toBeLessThan(1e-8);
      expect(fit.dof).toBe(dof);
      expect(fit.status).toBe(0);
    });
  });
});
