import { describe, expect, it } from 'vitest';
import { makeAxis, vacuumToAir } from '../../src/light/index.js';
import { lineByName } from '../../src/nebula/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';

describe('a simulated spectrum', () => {
  const axis = makeAxis(Float64Array.from({ length: 200 }, (_, k) => 6480 + 1.25 * k), 'air');
  const options = { axis, lsf: { kind: 'constant', fwhm: 2.5 }, redshift: 0.002, lines: new Map([['Ha', 100], ['NII6583', 30]] as const), noise: 0.5, seed: 3 } as const;

  it('integrates to the line fluxes over the continuum', () => {
    const { model } = simulateSpectrum({ ...options, continuum: 7, sigma: 30 });
    expect(model.reduce((sum, value) => sum + (value - 7) * 1.25, 0)).toBeCloseTo(130, 9);
  });

  it('puts the line at (1+z)(1+v/c)', () => {
    const { model } = simulateSpectrum({ ...options, lines: new Map([['Ha', 100]]), velocity: 80 });
    let [flux, first] = [0, 0];
    model.forEach((value, k) => { flux += value; first += value * axis.wavelength[k]!; });
    // The centroid of pixel-integrated light is that of the line.
    expect(first / flux).toBeCloseTo(vacuumToAir(lineByName('Ha').vacuum * 1.002) * (1 + 80 / 299792.458), 4);
  });

  it('has noise of the variance that it states', () => {
    let [sum, square] = [0, 0];
    const draws = 100;
    for (let seed = 0; seed < draws; seed++) {
      const { flux, model, variance } = simulateSpectrum({ ...options, seed });
      flux.forEach((value, k) => { const pull = (value - model[k]!) / Math.sqrt(variance[k]!); sum += pull; square += pull * pull; });
    }
    const n = draws * 200;
    // Four standard errors of the mean, 1/√n, and of the variance, √(2/n).
    expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(square / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });
});
