import { describe, expect, it } from 'vitest';
import { linearAxis, type Lsf } from '../../src/light/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';
import { createLineFitter, createLocalContinuum, findWindows, type Continuum, type Spectrum } from '../../src/spectrum/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';

const lsf: Lsf = { kind: 'muse' };
const axis = linearAxis(6300, 1.25, 420, 'air');
const redshift = 0.005;
const windows = findWindows([{ axis, lsf }], { redshift, lines: ['NII6548', 'Ha', 'NII6583'] });
const at = (λ: number): number => axis.wavelength.findIndex((one) => one > λ * (1 + redshift));
const line = (λ: number): number => 20 + (λ - 6600) / 50;
const straight = (): Float64Array => axis.wavelength.map(line);
const ones = (): Float64Array => new Float64Array(420).fill(1);
const fitLevel = (flux: Float64Array, variance: Float64Array, absorption = 0): Continuum => createLocalContinuum([{ axis, lsf }], windows, { redshift, absorption }).fit([{ axis, lsf, flux, variance }]);

describe('the local continuum', () => {
  it('is the straight line under lines, cosmic rays and missing pixels', () => {
    const flux = straight();
    for (const λ of [6548, 6563, 6583]) flux[at(λ)]! += 500;
    flux[at(6520)]! += 1e6;
    flux[at(6620)]! -= 400;
    flux[at(6625)] = Number.NaN;
    const { level, rejected } = fitLevel(flux, ones());
    const [{ from, to }] = windows as [typeof windows[number]];
    for (let k = from; k < to; k++) expect(Math.abs(level[0]![k]! - line(axis.wavelength[k]!))).toBeLessThan(1e-9);
    expect(rejected[0]![at(6520)]).toBe(1);
    expect(rejected[0]![at(6620)]).toBe(1);
    expect(level[0]![from - 1]).toBeNaN();
  });

  it('has the level of Poisson counts, also where the variance is estimated from the counts', () => {
    const counts = 20;
    const random = createRandom(2, 'counts');
    const levels = Array.from({ length: 300 }, () => {
      const flux = Float64Array.from({ length: 420 }, () => {
        let [k, product] = [-1, 1];
        do {
          k++;
          product *= random.uniform();
        } while (product > Math.exp(-counts));
        return k;
      });
      return fitLevel(flux, flux.map((n) => Math.max(1, n))).level[0]![at(6563)]!;
    });
    // 300 spectra: standard error 0.05 % of the level. Inverse variances of single pixels would give 19 counts, the median 19.7.
    expect(Math.abs(mean(levels) / counts - 1)).toBeLessThan(0.004);
  });

  it('keeps a constant where one side of the lines is missing, and is unknown where all is', () => {
    const flux = straight().fill(Number.NaN, 0, at(6500)).fill(7, at(6500));
    flux.fill(Number.NaN, 0, at(6590));
    expect(fitLevel(flux, ones()).level[0]![at(6563)]).toBeCloseTo(7, 12);
    expect(fitLevel(flux.fill(Number.NaN), ones()).level[0]![at(6563)]).toBeNaN();
  });

  it('rejects what lies beyond three robust standard deviations, turn by turn, and nothing else', () => {
    const random = createRandom(4, 'clip');
    const [window] = windows as [typeof windows[number]];
    const coordinate = (k: number): number => (axis.wavelength[k]! - axis.wavelength[window.from]!) / 50;
    let clippedOnes = 0;
    for (let draw = 0; draw < 100; draw++) {
      const flux = straight().map((value) => value + random.normal() * (random.uniform() < 0.03 ? 4 : 1));
      const { rejected } = fitLevel(flux, ones());
      let used = [...window.role.keys()].filter((i) => window.role[i] === 1);
      for (let turn = 0; turn < 8; turn++) {
        const [xs, ys] = [used.map((i) => coordinate(window.from + i)), used.map((i) => flux[window.from + i]!)];
        const [mx, my] = [mean(xs), mean(ys)];
        const slope = xs.reduce((sum, x, k) => sum + (x - mx) * ys[k]!, 0) / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
        const off = xs.map((x, k) => Math.abs(ys[k]! - my - slope * (x - mx)));
        const limit = 3 * 1.482602218505602 * [...off].sort((a, b) => a - b)[off.length >> 1]!;
        const kept = used.filter((_, k) => !(off[k]! > limit));
        if (kept.length === used.length) break;
        used = kept;
      }
      for (const [i, role] of window.role.entries()) {
        const out = rejected[0]![window.from + i]!;
        expect(out).toBe(role === 1 && !used.includes(i) ? 1 : 0);
        clippedOnes += out;
      }
    }
    expect(clippedOnes).toBeGreaterThan(100);
  });

  it('absorbs the equivalent width that it is told, where it is told', () => {
    const { model, level } = fitLevel(straight(), ones(), 1.5);
    let width = 0;
    for (let k = at(6545); k < at(6581); k++) width += (1 - model[0]![k]! / level[0]![k]!) * 1.25;
    // Pixel sums of a Gaussian of σ 1.7 Å in pixels of 1.25 Å are exact to 1e-8; the range holds all of it.
    expect(width / (1 + redshift)).toBeCloseTo(1.5, 6);
    const local = createLocalContinuum([{ axis, lsf }], windows, { redshift, absorption: 1.5 });
    const moved = local.fit([{ axis, lsf, flux: straight(), variance: ones() }]);
    const centre = (): number => {
      let [sum, moment] = [0, 0];
      for (let k = at(6535); k < at(6591); k++) {
        const share = 1 - moved.model[0]![k]! / moved.level[0]![k]!;
        sum += share;
        moment += share * axis.wavelength[k]!;
      }
      return moment / sum;
    };
    const before = centre();
    local.moveAbsorption(230);
    expect((centre() / before - 1) * 299792.458).toBeCloseTo(230, 3);
  });

  it('can be replaced by another: known exactly, it costs the lines no error', () => {
    const lines = new Map([['Ha', 60], ['NII6583', 20], ['NII6548', 20 / 2.94]] as const);
    const options = { redshift, lines: ['NII6548', 'Ha', 'NII6583'], scaleErrors: false, kinematics: { velocity: 20, sigma: 35 } } as const;
    const fitter = createLineFitter([{ axis, lsf }], { ...options, absorption: 0 });
    const known: Continuum = { model: [straight()], level: [straight()], rejected: [new Uint8Array(420)], degree: -1 };
    const pulls: number[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const { flux, variance } = simulateSpectrum({ axis, lsf, redshift, lines, velocity: 20, sigma: 35, noise: 1, seed });
      const spectrum: Spectrum = { axis, lsf, flux: flux.map((value, k) => value + line(axis.wavelength[k]!)), variance };
      const [local, given] = [fitter.fit([spectrum]), fitter.fit([spectrum], known)];
      expect(given.fluxError[1]).toBeLessThan(local.fluxError[1]!);
      expect(Math.abs(given.ew[1]! - given.flux[1]! / (line(6563 * (1 + redshift)) * (1 + redshift)))).toBeLessThan(1e-3 * Math.abs(given.ew[1]!));
      pulls.push((given.flux[1]! - 60) / given.fluxError[1]!);
    }
    // 200 draws: standard errors 0.07 of the mean, 0.05 of the width; three of them.
    expect(Math.abs(mean(pulls))).toBeLessThan(0.21);
    expect(Math.abs(standardDeviation(pulls) - 1)).toBeLessThan(0.15);
  });

  it('tells with larger errors that the continuum scatters more than its variance', () => {
    const random = createRandom(3, 'scatter');
    const flux = straight().map((value) => value + 3 * random.normal());
    const [scaled, plain] = [true, false].map((scaleErrors) => createLineFitter([{ axis, lsf }], { redshift, scaleErrors, kinematics: { velocity: 0, sigma: 40 } }).fit([{ axis, lsf, flux, variance: ones() }]));
    const i = scaled!.lines.indexOf('Ha');
    // About 90 continuum pixels, clipped at 3σ: the scatter of 3 is known to 10 %.
    expect(scaled!.fluxError[i]! / plain!.fluxError[i]!).toBeGreaterThan(2.4);
    expect(scaled!.fluxError[i]! / plain!.fluxError[i]!).toBeLessThan(3.5);
    expect(scaled!.chi2 / scaled!.dof).toBeGreaterThan(5);
  });
});
