import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extinctionLaws, linearAxis, lsfSigma } from '../../src/light/index.js';
import { maskBits } from '../../src/linemaps/index.js';
import { balmerRatios } from '../../src/nebula/index.js';
import { createRandom, erf } from '../../src/numeric/index.js';
import type { Spectrum } from '../../src/spectrum/spectrum.js';
import { createStellarContinuum, type StellarContinuum } from '../../src/spectrum/stellarContinuum.js';
import { wavelengthOf } from '../../src/spectrum/windows.js';
import { cropLibrary, syntheticLibrary, type StellarLibrary } from '../../src/templates/index.js';

const redshift = 0.01;
const lsf = { kind: 'constant', fwhm: 3 } as const;
const axis = linearAxis(4800, 2.5, 240, 'air');
const whole = cropLibrary(syntheticLibrary(), [4600, 5600]);
/** Five ages of one metallicity. */
const library = pick(whole, [20, 22, 24, 26, 28]);

function pick(from: StellarLibrary, templates: readonly number[]): StellarLibrary {
  const n = from.wavelength.length;
  const of = (values: Float64Array): Float64Array => Float64Array.from(templates, (t) => values[t]!);
  const flux = new Float32Array(templates.length * n);
  templates.forEach((t, i) => flux.set(from.flux.subarray(t * n, (t + 1) * n), i * n));
  return { ...from, age: of(from.age), metallicity: of(from.metallicity), remaining: of(from.remaining), flux };
}

const fitterFor = (own: StellarLibrary = library, more = {}) => createStellarContinuum([{ axis, lsf }], own, { redshift, range: [4700, 5450], multiplicative: 3, ...more });

/** Two populations as the program itself sees them, with noise. */
const clean: Spectrum = (() => {
  const random = createRandom(1, 'robust stars');
  const level = library.flux[Math.floor(library.wavelength.length / 2)]!;
  const flux = axis.wavelength.map((λ) => {
    const k = library.wavelength.findIndex((own) => own >= λ / (1 + redshift));
    let sum = 0;
    for (let j = -6; j <= 6; j++) sum += (library.flux[k + j]! + library.flux[3 * library.wavelength.length + k + j]!) * Math.exp(-0.5 * (j / 2.5) ** 2);
    return sum / level + 0.1 * random.normal();
  });
  return { axis, lsf, flux, variance: new Float64Array(axis.wavelength.length).fill(0.01) };
})();

const scaled = (factor: number): Spectrum => ({ ...clean, flux: clean.flux.map((value) => value * factor), variance: clean.variance.map((value) => value * factor * factor) });
const numbersOf = ({ kinematics, signalToNoise, errorFactor, residuals, fit }: StellarContinuum): unknown[] => [{ ...kinematics }, signalToNoise, errorFactor, residuals.rms, [...residuals.percentiles], fit.chi2, fit.status];

describe('the continuum by stellar populations, whatever the data', () => {
  const fitter = fitterFor();
  const plain = structuredClone(numbersOf(fitter.fit([clean])));

  it('answers with a status and never with an exception, and forgets it', () => {
    const bad = fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1, 1e300, -1e300, 1e-300, 5e-324);
    const blemish = fc.record({ from: fc.nat(239), length: fc.oneof(fc.nat(5), fc.nat(240)), inFlux: fc.boolean(), value: bad });
    fc.assert(fc.property(fc.array(blemish, { maxLength: 6 }), fc.constantFrom(1e-30, 1, 1e30), (blemishes, factor) => {
      const { flux, variance } = scaled(factor) as { flux: Float64Array; variance: Float64Array };
      for (const { from, length, inFlux, value } of blemishes) (inFlux ? flux : variance).fill(value, from, from + length);
      const { fit, kinematics, model } = fitter.fit([{ ...clean, flux, variance }]);
      expect(Number.isInteger(fit.status)).toBe(true);
      expect(model[0]).toHaveLength(240);
      // What has no value has a reason.
      if (Number.isNaN(kinematics.velocity)) expect(fit.status & ((1 << maskBits.NOVALUE) | (1 << maskBits.FITFAILED))).not.toBe(0);
    }), { numRuns: 80 });
    expect(numbersOf(fitter.fit([clean]))).toEqual(plain);
  });

  it.each<[string, Partial<Spectrum>]>([
    ['without a good pixel', { variance: new Float64Array(240) }], ['of negative variances', { variance: new Float64Array(240).fill(-1) }],
    ['of one good pixel', { variance: new Float64Array(240).fill(1, 120, 121) }], ['of zeros', { flux: new Float64Array(240) }], ['of NaN', { flux: new Float64Array(240).fill(Number.NaN) }],
  ])('says NOVALUE of a spectrum %s', (_, damage) => {
    const { fit, kinematics, model } = fitter.fit([{ ...clean, ...damage }]);
    expect(fit.status & (1 << maskBits.NOVALUE)).not.toBe(0);
    expect(kinematics.velocity).toBeNaN();
    expect(model[0]!.some((value) => value > 0)).toBe(false);
  });

  it('fits a constant spectrum with its constant, as well as stars with lines can', () => {
    const { fit, model } = fitter.fit([{ ...clean, flux: new Float64Array(240).fill(7), variance: new Float64Array(240).fill(0.01) }]);
    expect(Number.isInteger(fit.status)).toBe(true);
    const fitted = model[0]!.filter(Number.isFinite);
    expect(fitted.reduce((sum, value) => sum + value, 0) / fitted.length / 7).toBeCloseTo(1, 1);
  });

  it('scales with the flux: by powers of two to the last bit, from 1e-30 to 1e30 to rounding', () => {
    const { model } = fitter.fit([clean]);
    const own = model[0]!.slice();
    for (const exponent of [-100, 1, 100]) {
      const other = fitter.fit([scaled(2 ** exponent)]);
      expect(numbersOf(other)).toEqual(plain);
      expect(other.model[0]!.map((value) => value / 2 ** exponent)).toEqual(own);
    }
    for (const factor of [1e-30, 0.3, 1e30]) {
      const { kinematics, model: scaledModel } = fitter.fit([scaled(factor)]);
      // The last step is below 3e-4 of the errors, and may fall on either side of the end.
      const { velocity, velocityError } = plain[0] as StellarContinuum['kinematics'];
      expect(Math.abs(kinematics.velocity - velocity)).toBeLessThan(1e-3 * velocityError);
      own.forEach((value, k) => { if (Number.isFinite(value)) expect(Math.abs(scaledModel[0]![k]! / factor / value - 1)).toBeLessThan(1e-5); });
    }
  });

  it('does not mind the order of the templates', () => {
    const { kinematics, fit } = fitterFor(pick(library, [4, 1, 3, 0, 2])).fit([clean]);
    const { velocity, velocityError, sigma, sigmaError } = plain[0] as StellarContinuum['kinematics'];
    expect(Math.abs(kinematics.velocity - velocity)).toBeLessThan(1e-3 * velocityError);
    expect(Math.abs(kinematics.sigma - sigma)).toBeLessThan(1e-3 * sigmaError);
    expect(Math.abs(fit.chi2 / (plain[5] as number) - 1)).toBeLessThan(1e-6);
  });
});

describe('gas fitted with the stars', () => {
  it('in the ratios of case B has the dust that was put in front of it', () => {
    const wide = linearAxis(4200, 1.25, 2000, 'air');
    const names = ['Hg', 'Hb', 'Ha'] as const;
    const dust = 0.4;
    // Cardelli, Clayton & Mathis (1989), R_V 3.1: A(λ)/E(B−V) at Hγ, Hβ and Hα.
    const curve = { Hg: 4.17, Hb: 3.61, Ha: 2.53 } as const;
    const random = createRandom(2, 'case B');
    const broad = cropLibrary(syntheticLibrary(), [3900, 7000]);
    const stars = (λ: number): number => broad.flux[25 * broad.wavelength.length + Math.round((λ / (1 + redshift) - broad.wavelength[0]!) / 0.9)]!;
    const flux = wide.wavelength.map((λ) => {
      let sum = 0;
      for (let j = -8; j <= 8; j++) sum += (stars(λ + 0.7 * j) / stars(5500)) * Math.exp(-0.5 * (j / 3.5) ** 2) * 0.114;
      for (const name of names) {
        const centre = wavelengthOf(name, 'air', redshift);
        const width = Math.hypot(lsfSigma(lsf, centre), (centre * 60) / 299792.458);
        sum += 20 * balmerRatios[name] * 10 ** (-0.4 * dust * curve[name]) * (erf((λ + 0.625 - centre) / (width * Math.SQRT2)) - erf((λ - 0.625 - centre) / (width * Math.SQRT2))) / 2.5;
      }
      return sum + 0.02 * random.normal();
    });
    const { gasFluxes, fit } = createStellarContinuum([{ axis: wide, lsf }], pick(broad, [21, 25, 29]), { redshift, range: [4150, 6700], gas: { lines: names, balmer: 'caseB' } })
      .fit([{ axis: wide, lsf, flux, variance: flux.map(() => 4e-4) }]);
    expect(fit.gasReddening).toBeGreaterThan(dust - 0.03);
    expect(fit.gasReddening).toBeLessThan(dust + 0.03);
    // A flux is what would be seen without the dust.
    for (const name of names) expect(Math.abs(gasFluxes.get(name)!.flux - 20 * balmerRatios[name])).toBeLessThan(3 * gasFluxes.get(name)!.fluxError);
  });
});

describe('a reddening curve instead of the polynomial', () => {
  it.each(['calzetti00', 'ccm89'] as const)('%s: the dust that was put in, with the stars', (law) => {
    const wide = linearAxis(4200, 2.5, 900, 'air');
    const broad = cropLibrary(syntheticLibrary(), [3900, 6700]);
    const random = createRandom(3, law);
    const at = (λ: number): number => broad.flux[25 * broad.wavelength.length + Math.round((λ / (1 + redshift) - broad.wavelength[0]!) / 0.9)]!;
    const flux = wide.wavelength.map((λ) => {
      let [sum, norm] = [0, 0];
      for (let j = -12; j <= 12; j++) {
        const weight = Math.exp(-0.5 * (j / 4) ** 2);
        sum += weight * at(λ + 0.7 * j);
        norm += weight;
      }
      return (sum / norm / at(5500)) * 10 ** (-0.4 * 0.3 * extinctionLaws[law](λ / (1 + redshift))) + 0.005 * random.normal();
    });
    const { fit, populations } = createStellarContinuum([{ axis: wide, lsf }], pick(broad, [21, 23, 25, 27, 29]), { redshift, range: [4150, 6350], multiplicative: 0, reddening: law })
      .fit([{ axis: wide, lsf, flux, variance: flux.map(() => 2.5e-5) }]);
    // Age and dust make up for each other in part.
    expect(Math.abs(fit.reddening - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(populations.logAgeLight - 9 - Math.log10(broad.age[25]!))).toBeLessThan(0.06);
  });
});
