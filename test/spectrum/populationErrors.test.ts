import { describe, expect, it } from 'vitest';
import { linearAxis } from '../../src/light/index.js';
import { createRandom, interpolateLinear } from '../../src/numeric/index.js';
import { createStellarContinuum, type StellarContinuum } from '../../src/spectrum/stellarContinuum.js';
import { median, standardDeviation } from '../../src/stats/index.js';
import { syntheticLibrary } from '../../src/templates/index.js';

describe('formal errors of masses, ages and metallicities', () => {
  const arm = { axis: linearAxis(4750, 1.25, 1900, 'air'), lsf: { kind: 'constant', fwhm: 3 } } as const;
  const library = syntheticLibrary();
  const fitter = createStellarContinuum([arm], library, { redshift: 0.01 });
  const n = library.wavelength.length;
  const noise = 1 / 40;
  /** The fitter's own model of two populations, which the mocks are made of. */
  const truth = ((): Float64Array => {
    const blend = library.wavelength.map((_, k) => [[29, 0.7], [36, 0.3]].reduce((sum, [t, share]) => sum + (share! * library.flux[t! * n + k]!) / library.flux[t! * n + 1900]!, 0));
    const flux = interpolateLinear(library.wavelength, blend, arm.axis.wavelength.map((λ) => λ / 1.01));
    return fitter.fit([{ ...arm, flux, variance: new Float64Array(1900).fill(noise ** 2) }]).model[0]!.map((value) => (value > 0 ? value : 0));
  })();
  const random = createRandom(3, 'mocks');
  const once = (): StellarContinuum => fitter.fit([{ ...arm, flux: truth.map((value) => value + noise * random.normal()), variance: new Float64Array(1900).fill(noise ** 2) }]);
  const mocks = Array.from({ length: 40 }, () => {
    const { populations, populationErrors } = once();
    return { populations, populationErrors };
  });
  const names = ['logAgeLight', 'metallicityLight', 'logAgeMass', 'metallicityMass', 'massToLight', 'formed', 'remaining', 'luminosity'] as const;

  it.each(names)('%s: the median is the scatter of mocks within a half, which 40 of them tell to 11 %', (name) => {
    const scatter = standardDeviation(Float64Array.from(mocks, ({ populations }) => populations[name]));
    const ratio = median(Float64Array.from(mocks, ({ populationErrors }) => populationErrors[name])) / scatter;
    expect(ratio).toBeGreaterThan(0.67);
    expect(ratio).toBeLessThan(1.5);
  });

  it('are those of the wild bootstrap within a factor 1.7, in the median over three mocks and eight quantities', () => {
    const ratios = Array.from({ length: 3 }, () => {
      const { populationErrors } = once();
      const draws = fitter.resample(25, random);
      return names.map((name) => populationErrors[name] / standardDeviation(Float64Array.from(draws, ({ populations }) => populations[name])));
    }).flat();
    expect(Math.abs(Math.log(median(Float64Array.from(ratios))))).toBeLessThan(Math.log(1.7));
  });

  it('halve with the noise, nearly', () => {
    const variance = new Float64Array(1900).fill(noise ** 2);
    const pattern = truth.map(() => random.normal());
    const at = (share: number): StellarContinuum => {
      const found = fitter.fit([{ ...arm, flux: truth.map((value, k) => value + share * noise * pattern[k]!), variance: variance.map((v) => v * share ** 2) }]);
      return { ...found, populationErrors: { ...found.populationErrors } };
    };
    // The templates in use change a little with the noise; the light hardly depends on them.
    const ratio = at(0.25).populationErrors.luminosity / at(0.125).populationErrors.luminosity;
    expect(ratio).toBeGreaterThan(1.5);
    expect(ratio).toBeLessThan(2.7);
  });
});
