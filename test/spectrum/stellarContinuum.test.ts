import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { fileSource } from '../../src/host/index.js';
import { createKernels } from '../../src/kernels/index.js';
import { linearAxis, lsfSigma, makeAxis, type SpectralAxis } from '../../src/light/index.js';
import { createRandom, legendreBasis, nonNegativeLeastSquares } from '../../src/numeric/index.js';
import { createFullSpectrumFitter } from '../../src/spectrum/fullSpectrum.js';
import { sampleLibrary } from '../../src/spectrum/librarySampling.js';
import { continuumMask } from '../../src/spectrum/pixelMask.js';
import { populationTable } from '../../src/spectrum/populations.js';
import { secondDifferences } from '../../src/spectrum/regularisation.js';
import { createSpectralWorkspace } from '../../src/spectrum/spectralWorkspace.js';
import type { Spectrum } from '../../src/spectrum/spectrum.js';
import { createStellarContinuum, type StellarContinuumOptions } from '../../src/spectrum/stellarContinuum.js';
import { wavelengthOf } from '../../src/spectrum/windows.js';
import { cropLibrary, readLibraryFiles, syntheticLibrary } from '../../src/templates/index.js';
import { describeShared, shared } from '../support/shared.js';

const c = 299792.458;
const redshift = 0.02;
const library = syntheticLibrary();
const lsf = { kind: 'constant', fwhm: 3 } as const;
const truth = { velocity: 45, sigma: 110 };
/** Templates and shares of the light: 13 Gyr at [M/H] −0.2, 0.82 Gyr at 0.3. */
const parts = [[29, 0.7], [36, 0.3]] as const;

/** The stars by direct summation over the library's own samples, averaged over pixels (Simpson). */
function stars({ wavelength, edges }: SpectralAxis): Float64Array {
  const { wavelength: own, flux } = library;
  const n = own.length;
  const blend = Float64Array.from(own, (_, k) => parts.reduce((sum, [t, share]) => sum + (share * flux[t * n + k]!) / flux[t * n + 1900]!, 0));
  const at = (λ: number): number => {
    const rest = λ / (1 + redshift) / (1 + truth.velocity / c);
    const width = rest * Math.sqrt((truth.sigma / c) ** 2 + (lsfSigma(lsf, λ) / λ) ** 2 - (lsfSigma(library.resolution, rest) / rest) ** 2);
    const middle = (rest - own[0]!) / 0.9;
    let [sum, norm] = [0, 0];
    for (let k = Math.ceil(middle - 15); k <= middle + 15; k++) {
      const weight = Math.exp(-0.5 * (((k - middle) * 0.9) / width) ** 2);
      sum += weight * blend[k]!;
      norm += weight;
    }
    return sum / norm;
  };
  return wavelength.map((λ, k) => (at(edges[k]!) + 4 * at(λ) + at(edges[k + 1]!)) / 6);
}

function mock(axis: SpectralAxis, signal: number, seed = 1): Spectrum & { truth: Float64Array } {
  const random = createRandom(seed, 'mock of stars');
  const clean = stars(axis);
  return { axis, lsf, truth: clean, flux: clean.map((value) => value + random.normal() / signal), variance: new Float64Array(clean.length).fill(1 / signal ** 2) };
}

const muse = linearAxis(4750, 1.25, 1800, 'air');

const names = ['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583'] as const;
const fluxes = { Hb: 3, OIII4959: 1 / 2.98, OIII5007: 1, NII6548: 2 / 2.94, Ha: 9, NII6583: 2 } as const;

/** Adds the lines × strength to a spectrum on MUSE's pixels. */
function addLines(flux: Float64Array, strength: number, gas: { velocity: number; sigma: number }): void {
  for (const name of names) {
    const centre = wavelengthOf(name, 'air', redshift) * (1 + gas.velocity / c);
    const width = Math.hypot(lsfSigma(lsf, centre), (centre * gas.sigma) / c);
    for (let k = 0; k < flux.length; k++) {
      for (let part = -2; part <= 2; part++) flux[k]! += ((strength * fluxes[name]) / 5) * Math.exp(-0.5 * ((muse.wavelength[k]! + 0.25 * part - centre) / width) ** 2) / (Math.sqrt(2 * Math.PI) * width);
    }
  }
}

describe('the continuum by stellar populations', () => {
  it('finds velocity, dispersion and model of stars put in, with errors that fit', () => {
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift });
    const spectrum = mock(muse, 60);
    const { kinematics, model, uncertainty, errorFactor, signalToNoise, fit } = fitter.fit([spectrum]);
    expect(Math.abs(kinematics.velocity - truth.velocity)).toBeLessThan(3 * kinematics.velocityError);
    expect(Math.abs(kinematics.sigma - truth.sigma)).toBeLessThan(3 * kinematics.sigmaError);
    expect(kinematics.velocityError).toBeLessThan(6);
    expect(fit.status).toBe(0);
    expect(Math.abs(errorFactor - 1)).toBeLessThan(0.06);
    expect(Math.abs(signalToNoise / 60 - 1)).toBeLessThan(0.1);
    // Errors of the model are correlated; the whole is within twice them.
    let [pulls, count] = [0, 0];
    for (let k = 0; k < 1700; k++) {
      pulls += ((model[0]![k]! - spectrum.truth[k]!) / uncertainty[0]![k]!) ** 2;
      count++;
    }
    expect(Math.sqrt(pulls / count)).toBeLessThan(2);
  });

  it('without noise the stars come back to a tenth of a km/s and to 3e-4 of the flux', () => {
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift });
    const spectrum = mock(muse, 1e9);
    const { kinematics, model, populations } = fitter.fit([{ ...spectrum, variance: spectrum.variance.fill(1e-4) }]);
    // The mock stretches air wavelengths as they are: 0.07 km/s from what light in vacuum does at this redshift.
    expect(Math.abs(kinematics.velocity - truth.velocity)).toBeLessThan(0.12);
    expect(Math.abs(kinematics.sigma - truth.sigma)).toBeLessThan(0.1);
    for (let k = 10; k < 1750; k++) expect(Math.abs(model[0]![k]! / spectrum.truth[k]! - 1)).toBeLessThan(3e-4);
    // Shares of the light near 5210 Å against those of 5000 to 5500 Å.
    expect(Math.abs(populations.logAgeLight - (0.7 * Math.log10(13e9) + 0.3 * Math.log10(0.82e9)))).toBeLessThan(0.02);
    expect(Math.abs(populations.metallicityLight - (0.7 * -0.2 + 0.3 * 0.3))).toBeLessThan(0.02);
  });

  it('fits both arms of a spectrograph together, and says what it does not model', () => {
    const blue = linearAxis(3750, 1.05, 2000, 'air');
    const red = linearAxis(6240, 0.6, 2000, 'air');
    const fitter = createStellarContinuum([{ axis: blue, lsf }, { axis: red, lsf }], library, { redshift });
    const { kinematics, model, level } = fitter.fit([mock(blue, 40), mock(red, 40, 2)]);
    expect(Math.abs(kinematics.velocity - truth.velocity)).toBeLessThan(3 * kinematics.velocityError);
    expect(Math.abs(kinematics.sigma - truth.sigma)).toBeLessThan(3 * kinematics.sigmaError);
    // Beyond 7200 Å at rest nothing is modelled.
    const beyond = red.wavelength.findIndex((λ) => λ > 7200 * (1 + redshift) + 1);
    expect(model[1]![beyond]).toBeNaN();
    expect(level[1]![beyond]).toBeNaN();
    expect(model[1]![beyond - 5]).toBeGreaterThan(0);
    expect(fitter.covered[1]![beyond]).toBe(0);
  });

  it('a spectrum that lacks an arm keeps its mass and its light: polynomials run over what there is', () => {
    const axes = [linearAxis(3750, 1.05, 2000, 'air'), linearAxis(6240, 0.6, 1700, 'air')];
    const fitter = createStellarContinuum(axes.map((axis) => ({ axis, lsf })), library, { redshift });
    const spectra = axes.map((axis, a) => mock(axis, 40, a));
    const whole = fitter.fit(spectra).populations;
    const blue = fitter.fit(spectra.map((spectrum, a) => (a === 0 ? spectrum : { ...spectrum, variance: spectrum.variance.map(() => 0) })));
    // Over 24 mocks the masses of one arm are 0.03 dex off and scatter by 0.03; with polynomials over both arms it was 0.2 and 0.5.
    expect(Math.abs(Math.log10(blue.populations.remaining / whole.remaining))).toBeLessThan(0.15);
    expect(Math.abs(blue.populations.luminosity / whole.luminosity - 1)).toBeLessThan(0.06);
    expect(blue.fit.used.subarray(2000).every((use) => use === 0)).toBe(true);
    // The red alone has few features: it still converges.
    const red = fitter.fit(spectra.map((spectrum, a) => (a === 1 ? spectrum : { ...spectrum, variance: spectrum.variance.map(() => 0) })));
    expect(red.errorFactor).toBeLessThan(1.1);
    expect(Math.abs(red.kinematics.velocity - truth.velocity)).toBeLessThan(4 * red.kinematics.velocityError);
  });

  it('regularises shares of the light: smooth in them, whatever the units of the templates, and beside the gas', () => {
    const regularisation = secondDifferences([new Set(library.metallicity).size, new Set(library.age).size], 20);
    const brighter = { ...library, flux: library.flux.map((value) => 1024 * value) };
    const spectrum = mock(muse, 60, 5);
    const shares = (weights: Float64Array, light: Float64Array): Float64Array => {
      const own = light.map((value, t) => value * weights[t]!);
      const sum = own.reduce((a, b) => a + b, 0);
      return own.map((value) => value / sum);
    };
    const roughness = (share: Float64Array): number => share.reduce((sum, a, i) => share.reduce((inner, b, j) => inner + a * regularisation[i * share.length + j]! * b, sum), 0);
    const { light } = populationTable(library);
    const run = (templates: typeof library, more: Partial<StellarContinuumOptions>): { share: Float64Array; chi2: number; gas: number | undefined } => {
      const { fit, gasFluxes } = createStellarContinuum([{ axis: muse, lsf }], templates, { redshift, ...more }).fit([spectrum]);
      return { share: shares(fit.weights, light), chi2: fit.chi2 / fit.dof, gas: gasFluxes.get('Ha')?.flux };
    };
    const [free, smooth, scaled] = [run(library, {}), run(library, { regularisation }), run(brighter, { regularisation })];
    expect(roughness(smooth.share)).toBeLessThan(0.05 * roughness(free.share));
    expect(smooth.chi2 / free.chi2).toBeLessThan(1.1);
    scaled.share.forEach((value, t) => expect(Math.abs(value - smooth.share[t]!)).toBeLessThan(1e-3));
    addLines(spectrum.flux, 1, { velocity: 20, sigma: 50 });
    const beside = run(library, { regularisation, gas: { lines: names } });
    expect(roughness(beside.share)).toBeLessThan(0.05 * roughness(free.share));
    expect(Math.abs(beside.gas! / fluxes.Ha - 1)).toBeLessThan(0.03);
  });

  it('has a level without the absorption lines', () => {
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift });
    const { model, level } = fitter.fit([mock(muse, 60)]);
    const hb = muse.wavelength.findIndex((λ) => λ > wavelengthOf('Hb', 'air', redshift));
    expect(model[0]![hb]! / level[0]![hb]!).toBeLessThan(0.9);
    for (let k = 0; k < 1700; k++) expect(Math.abs(level[0]![k]! / model[0]![k]! - 1)).toBeLessThan(0.5);
  });

  it('leaves out a cosmic ray and gaps of zeros, as if they were not there', () => {
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift });
    const spectrum = mock(muse, 60);
    const plain = fitter.fit([spectrum]).kinematics;
    const flux = spectrum.flux.slice();
    flux[500] = 30;
    flux.fill(0, 700, 760);
    const { kinematics, rejected } = fitter.fit([{ ...spectrum, flux }]);
    expect(rejected[0]![500]).toBe(1);
    expect(rejected[0]!.subarray(700, 760).every((one, k) => one === 1 || fitter.covered[0]![700 + k] === 0 || spectrum.flux[700 + k] !== 0)).toBe(true);
    expect(Math.abs(kinematics.velocity - plain.velocity)).toBeLessThan(plain.velocityError);
    expect(Math.abs(kinematics.sigma - plain.sigma)).toBeLessThan(plain.sigmaError);
  });

  it('fits gas with the stars: fluxes of the lines that were put in', () => {
    const spectrum = mock(muse, 60, 3);
    const gas = { velocity: 20, sigma: 50 };
    addLines(spectrum.flux, 1, gas);
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift, gas: { lines: names } });
    const { kinematics, gasKinematics, gasFluxes, model } = fitter.fit([spectrum]);
    for (const name of ['Hb', 'OIII5007', 'Ha', 'NII6583'] as const) {
      const { flux, fluxError } = gasFluxes.get(name)!;
      expect(Math.abs(flux - fluxes[name])).toBeLessThan(3.5 * fluxError);
      expect(fluxError).toBeLessThan(0.3);
    }
    expect(gasFluxes.get('OIII4959')!.flux / gasFluxes.get('OIII5007')!.flux).toBeCloseTo(1 / 2.98, 2);
    expect(Math.abs(gasKinematics!.velocity - gas.velocity)).toBeLessThan(3.5 * gasKinematics!.velocityError);
    expect(Math.abs(gasKinematics!.sigma - gas.sigma)).toBeLessThan(3.5 * gasKinematics!.sigmaError);
    expect(Math.abs(kinematics.velocity - truth.velocity)).toBeLessThan(3 * kinematics.velocityError);
    // The model is that of the stars alone.
    const ha = muse.wavelength.findIndex((λ) => λ > wavelengthOf('Ha', 'air', redshift));
    expect(model[0]![ha]! / spectrum.truth[ha]!).toBeLessThan(1.05);
  });

  it('strong lines with wings leave stars, their model\'s error and the error factor as they are where lines are masked', () => {
    const spectrum = mock(muse, 40, 4);
    addLines(spectrum.flux, 8, { velocity: 20, sigma: 50 });
    addLines(spectrum.flux, 3, { velocity: 20, sigma: 180 });
    const read = (gas: { lines: typeof names } | null): { velocity: number; velocityError: number; errorFactor: number; error: number; level: number } => {
      const { kinematics, errorFactor, uncertainty, level } = createStellarContinuum([{ axis: muse, lsf }], library, { redshift, gas }).fit([spectrum]);
      const ha = muse.wavelength.findIndex((λ) => λ > wavelengthOf('Ha', 'air', redshift));
      return { ...kinematics, errorFactor, error: uncertainty[0]![ha]!, level: level[0]![ha]! };
    };
    const [masked, fitted] = [read(null), read({ lines: names })];
    // What of the wings is below the clip still pulls, by one error here; unclipped they would by twenty.
    expect(Math.abs(fitted.velocity - masked.velocity)).toBeLessThan(1.5 * masked.velocityError);
    // Some 10 % of the lines is not followed, 50 times the noise: it would be in the factor if the lines' pixels were.
    expect(Math.abs(fitted.errorFactor - 1)).toBeLessThan(0.06);
    // The pixels of the lines say a little more of the stars; the gas's own error is 0.03 of the level.
    expect(fitted.error).toBeLessThan(1.1 * masked.error);
    expect(fitted.error / fitted.level).toBeLessThan(0.01);
  });

  it('gas fluxes are those of lines that have moved, and gas is no broader than 500 km/s', () => {
    const spectrum = mock(muse, 60, 3);
    addLines(spectrum.flux, 1, { velocity: 300, sigma: 50 });
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift, gas: { lines: names } });
    const { fit, gasFluxes } = fitter.fit([spectrum]);
    const stretch = Math.exp(fit.components[1]!.velocity / c);
    expect(stretch).toBeGreaterThan(1.0009);
    expect(gasFluxes.get('Hb')!.flux / fit.weights[library.age.length]!).toBeCloseTo(stretch, 12);
    addLines(spectrum.flux, 3, { velocity: 300, sigma: 700 });
    expect(fitter.fit([spectrum]).gasKinematics!.sigma).toBeLessThanOrEqual(500 * (1 + 1e-12));
  });

  it('keeps clear of lines that are not fitted with the stars', () => {
    const spectrum = mock(muse, 40, 6);
    const plain = createStellarContinuum([{ axis: muse, lsf }], library, { redshift, gas: { lines: ['Ha'] } });
    const before = plain.fit([spectrum]).model[0]!.slice();
    addLines(spectrum.flux, 3, { velocity: 0, sigma: 50 });
    const [hb, o3] = (['Hb', 'OIII5007'] as const).map((name) => muse.wavelength.findIndex((λ) => λ > wavelengthOf(name, 'air', redshift)));
    const { model, fit } = plain.fit([spectrum]);
    for (const k of [hb!, o3!]) {
      expect(fit.used[k]).toBe(0);
      expect(Math.abs(model[0]![k]! / before[k]! - 1)).toBeLessThan(0.02);
    }
  });

  it('draws a bootstrap about its solution', () => {
    const fitter = createStellarContinuum([{ axis: muse, lsf }], library, { redshift });
    const { kinematics } = fitter.fit([mock(muse, 40)]);
    const drawn = fitter.resample(40, createRandom(1, 'draws')).map(({ kinematics: { velocity } }) => velocity);
    const mean = drawn.reduce((a, b) => a + b) / 40;
    const spread = Math.sqrt(drawn.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 39);
    // 40 draws know a width to 11 %.
    expect(spread / kinematics.velocityError).toBeGreaterThan(0.6);
    expect(spread / kinematics.velocityError).toBeLessThan(1.5);
    expect(Math.abs(mean - kinematics.velocity)).toBeLessThan(kinematics.velocityError);
  });
});

describeShared('the selection of templates', () => {
  it.each(['FCC47_MUSE_spec.dat', 'NGC1796_MUSE_spec.dat'])('%s: χ² is that of non-negative least squares over all of E-MILES, to 1e-8', async (file) => {
    const folder = shared('data', 'templates', 'emiles_ku_basti');
    const files = readdirSync(folder).filter((name) => name.endsWith('.fits'));
    const emiles = cropLibrary(await readLibraryFiles(await Promise.all(files.map((name) => fileSource(`${folder}/${name}`))), 'emiles'), [4500, 7500]);
    const rows = readFileSync(shared('data', 'ifu_muse', 'spectra', file), 'utf8').trim().split('\n').slice(1).map((line) => line.trim().split(/\s+/).map(Number));
    const [axis, own] = [makeAxis(rows.map(([λ]) => λ!), 'air'), { kind: 'muse' } as const];
    const [flux, variance] = [rows.map(([, value]) => value!), rows.map(([, , value]) => value!)];
    const z = 0.004;
    const { grid, projection, covered, resolution } = sampleLibrary(emiles, [{ axis, lsf: own }], { redshift: z, range: [4700, 7200] });
    const mask = continuumMask(axis, z).map((use, p) => use & covered[p]! & (flux[p]! > 0 ? 1 : 0));
    const n = axis.wavelength.length;
    const coordinate = axis.wavelength.map((_, p) => Math.min(1, -1 + p / 1000));
    const degree = 8;
    const fit = createFullSpectrumFitter(grid, projection, { components: [{ kind: 'stars', start: { velocity: 0, sigma: 100 }, resolution }], multiplicative: degree, coordinate }).fit(flux, variance, mask);

    // All columns at the parameters that were found.
    const templates = grid.spectra.length;
    const unit = { ...grid, spectra: grid.spectra.map((spectrum) => spectrum.map((value) => value / spectrum[1000]!)) };
    const space = createSpectralWorkspace(createKernels(), unit, projection, 1, 1, 1);
    const polynomials = legendreBasis(coordinate, degree);
    const scale = space.scale(0);
    for (let p = 0; p < n; p++) scale[p] = fit.used[p] ? (1 + fit.multiplicative.reduce((sum, a, m) => sum + a * polynomials[m + 1]![p]!, 0)) / Math.sqrt(variance[p]!) : 0;
    const sample = grid.velocityScale;
    const { velocity, sigma } = fit.components[0]!;
    space.setLosvd(0, { velocity: velocity / sample, variance: (sigma ** 2 + resolution) / sample ** 2, sigma: sigma / sample, h3: 0, h4: 0 });
    const matrix = new Float64Array(n * templates);
    for (let t = 0; t < templates; t++) {
      space.fill(0, t, 0);
      const column = space.column(0);
      for (let p = 0; p < n; p++) matrix[p * templates + t] = column[p]!;
    }
    const data = Float64Array.from(flux, (value, p) => (fit.used[p] ? value / Math.sqrt(variance[p]!) : 0));
    const direct = nonNegativeLeastSquares(matrix, n, templates, data);
    expect(direct.converged).toBe(true);
    expect(Math.abs(fit.chi2 / direct.residualNorm ** 2 - 1)).toBeLessThan(1e-8);
  });
});
