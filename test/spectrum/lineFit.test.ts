import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearAxis, type Lsf } from '../../src/light/index.js';
import { maskBits } from '../../src/linemaps/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';
import { createLineFitter, type LineFit, type Spectrum } from '../../src/spectrum/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';

const muse: Lsf = { kind: 'muse' };
const axis = linearAxis(4750, 1.25, 1760, 'air');
const redshift = 0.005;
/** Ratios of an H II region; fixed doublets at the fitter's own ratios. */
const lines = new Map<LineName, number>([
  ['Hb', 35], ['OIII5007', 60], ['OIII4959', 60 / 2.98], ['HeI5876', 4], ['OI6300', 3], ['OI6364', 3 / 3.13], ['Ha', 100], ['NII6583', 30], ['NII6548', 30 / 2.94],
  ['SII6716', 20], ['SII6731', 14],
]);
const spectrum = (more: Partial<Parameters<typeof simulateSpectrum>[0]> = {}): Spectrum & { model: Float64Array } => {
  const made = simulateSpectrum({ axis, lsf: muse, redshift, lines, velocity: 70, sigma: 35, noise: 0.05, seed: 1, ...more });
  return { axis, lsf: muse, ...made };
};
const arms = [{ axis, lsf: muse }];
const lineOnly = { redshift, continuum: false, absorption: 0 } as const;
const at = (fit: LineFit, name: LineName): number => fit.lines.indexOf(name);

describe('the line fit', () => {
  it('finds noise-free lines to a thousandth, wherever they fall in the pixels', () => {
    const fitter = createLineFitter(arms, lineOnly);
    for (let velocity = -60; velocity <= 60; velocity += 7) {
      const { model, ...data } = spectrum({ velocity });
      const fit = fitter.fit([{ ...data, flux: model }]);
      // The mock evaluates the instrument's width at the shifted line, the fit at the systemic one: 4e-4 at 60 km/s.
      for (const [name, flux] of lines) expect(Math.abs(fit.flux[at(fit, name)]! / flux - 1), name).toBeLessThan(1e-3);
      expect(fit.velocity).toBeCloseTo(velocity, 1);
      expect(fit.sigma).toBeCloseTo(35, 0);
    }
  });

  it('has errors that are right: pulls of fluxes and kinematics have mean 0 and width 1', () => {
    const fitter = createLineFitter(arms, lineOnly);
    const fixed = createLineFitter(arms, { ...lineOnly, kinematics: { velocity: 70, sigma: 35 } });
    const pulls: Record<string, number[]> = {};
    const add = (name: string, value: number): void => { (pulls[name] ??= []).push(value); };
    const draws = 400;
    for (let seed = 0; seed < draws; seed++) {
      const data = spectrum({ seed, noise: 1 });
      const free = fitter.fit([data]);
      const held = fixed.fit([data]);
      for (const name of ['Ha', 'NII6583', 'SII6716', 'Hb', 'OIII5007'] as const) {
        const i = at(free, name);
        add(`${name} free`, (free.flux[i]! - lines.get(name)!) / free.fluxError[i]!);
        add(`${name} fixed`, (held.flux[i]! - lines.get(name)!) / held.fluxError[i]!);
      }
      add('velocity', (free.velocity - 70) / free.velocityError);
      add('sigma', (free.sigma - 35) / free.sigmaError);
    }
    for (const [name, values] of Object.entries(pulls)) {
      // 400 draws: the standard error of the width is 0.035, of the mean 0.05; three of them. σ is not quite Gaussian at this S/N.
      expect(standardDeviation(values), name).toBeGreaterThan(0.9);
      expect(standardDeviation(values), name).toBeLessThan(name === 'sigma' ? 1.2 : 1.1);
      expect(Math.abs(mean(values)), name).toBeLessThan(0.15);
    }
  });

  it('is unbiased on a continuum, with the error of the continuum in that of the lines', () => {
    const fitter = createLineFitter(arms, { redshift, absorption: 0 });
    const pulls: number[] = [];
    const widths: number[] = [];
    for (let seed = 0; seed < 300; seed++) {
      const fit = fitter.fit([spectrum({ seed, noise: 0.8, continuum: 4 })]);
      const i = at(fit, 'Ha');
      pulls.push((fit.flux[i]! - 100) / fit.fluxError[i]!);
      widths.push((fit.ew[i]! - 100 / 4 / (1 + redshift)) / fit.ewError[i]!);
    }
    // 300 draws: standard errors 0.06 of the mean and 0.04 of the width; three of them.
    for (const values of [pulls, widths]) {
      expect(Math.abs(mean(values))).toBeLessThan(0.18);
      expect(standardDeviation(values)).toBeGreaterThan(0.88);
      expect(standardDeviation(values)).toBeLessThan(1.12);
    }
  });

  it('gives back what the stars absorb', () => {
    const without = createLineFitter(arms, { redshift, absorption: 0 });
    const corrected = createLineFitter(arms, { redshift, absorption: 1.5 });
    const data = spectrum({ noise: 0.01, continuum: 10 });
    const [a, b] = [without.fit([data]), corrected.fit([data])];
    const gain = (name: LineName): number => (b.flux[at(b, name)]! - a.flux[at(a, name)]!) / (10 * (1 + redshift));
    // What a gas line loses to an absorption of 1.5 Å as wide as itself is nearly all of it.
    for (const name of ['Ha', 'Hb'] as const) {
      expect(gain(name), name).toBeGreaterThan(1.1);
      expect(gain(name), name).toBeLessThan(1.5);
    }
    // Through the width that all lines share, the others follow a little.
    expect(Math.abs(gain('OIII5007'))).toBeLessThan(0.1);
  });

  it('sums the same flux without a profile', () => {
    const fit = createLineFitter(arms, lineOnly).fit([spectrum({ noise: 0.3 })]);
    for (const name of ['Ha', 'NII6583', 'SII6716', 'OIII5007'] as const) {
      const i = at(fit, name);
      // ±3σ hold 99.73 % of a Gaussian, and whole pixels a little more or less.
      expect(Math.abs(fit.sum[i]! - lines.get(name)!)).toBeLessThan(0.02 * lines.get(name)! + 4 * fit.sumError[i]!);
      expect(fit.sumError[i]! / fit.fluxError[i]!).toBeGreaterThan(0.9);
    }
  });

  it('fits two arms of different sampling and resolution together', () => {
    const blue = { axis: linearAxis(4700, 1.05, 500, 'air'), lsf: { kind: 'constant', fwhm: 2.66 } as Lsf };
    const red = { axis: linearAxis(6250, 0.596, 1100, 'air'), lsf: { kind: 'constant', fwhm: 1.59 } as Lsf };
    const data = [blue, red].map((arm, seed) => ({ ...arm, ...simulateSpectrum({ ...arm, redshift, lines, velocity: -120, sigma: 30, noise: 0.5, seed }) }));
    const fit = createLineFitter([blue, red], lineOnly).fit(data);
    expect(Math.abs(fit.velocity + 120)).toBeLessThan(4 * fit.velocityError);
    expect(Math.abs(fit.sigma - 30)).toBeLessThan(4 * fit.sigmaError);
    for (const name of ['Hb', 'OIII5007', 'Ha', 'SII6731'] as const) {
      const i = at(fit, name);
      expect(Math.abs(fit.flux[i]! - lines.get(name)!), name).toBeLessThan(4 * fit.fluxError[i]!);
    }
  });

  it('finds lines 500 km/s away from a wrong redshift', () => {
    const fit = createLineFitter(arms, lineOnly).fit([spectrum({ velocity: 500, noise: 0.5 })]);
    expect(Math.abs(fit.velocity - 500)).toBeLessThan(5 * fit.velocityError + 1);
    expect(fit.status).toBe(0);
  });

  it('says of noise that nothing was detected, and still gives unbiased fluxes', () => {
    const fitter = createLineFitter(arms, { redshift, absorption: 0 });
    const pulls: number[] = [];
    let detected = 0;
    for (let seed = 0; seed < 200; seed++) {
      const fit = fitter.fit([spectrum({ lines: new Map(), seed, noise: 1, continuum: 5 })]);
      if (!(fit.status & (1 << maskBits.LOWSNR))) detected++;
      else {
        expect(fit.velocity).toBeNaN();
        pulls.push(fit.flux[at(fit, 'Ha')]! / fit.fluxError[at(fit, 'Ha')]!);
      }
    }
    expect(detected).toBeLessThan(10);
    expect(Math.abs(mean(pulls))).toBeLessThan(0.25);
    expect(standardDeviation(pulls)).toBeLessThan(1.2);
  });

  it('gives each line outside the data its bit and measures the others', () => {
    const short = linearAxis(6400, 1.25, 320, 'air');
    const data = simulateSpectrum({ axis: short, lsf: muse, redshift, lines, velocity: 10, sigma: 30, noise: 0.2, seed: 3 });
    const fit = createLineFitter([{ axis: short, lsf: muse }], lineOnly).fit([{ axis: short, lsf: muse, ...data }]);
    expect(fit.lineStatus[at(fit, 'Hb')]! & (1 << maskBits.NOCOV)).toBeTruthy();
    expect(fit.flux[at(fit, 'Hb')]).toBeNaN();
    expect(fit.flux[at(fit, 'Ha')]! / 100).toBeCloseTo(1, 1);
  });

  it('tells which lines fall on a sky feature', () => {
    // At z = 0.02964 [S II] lies in the O2 B band.
    const fitter = createLineFitter([{ axis: linearAxis(6240, 0.596, 2048, 'air'), lsf: muse }], { redshift: 0.02964 });
    expect(fitter.skyAt('SII6716')).toContain('B band');
    expect(fitter.skyAt('Ha')).toBeNull();
  });

  it('is not dragged by a cosmic ray beside a line or by a pixel of absurdly small variance', () => {
    const fitter = createLineFitter(arms, lineOnly);
    const data = spectrum({ noise: 0.5 });
    const clean = fitter.fit([data]);
    const k = axis.wavelength.findIndex((λ) => λ > 6563 * 1.005 + 9);
    const hit = Float64Array.from(data.flux);
    hit[k]! += 200;
    const struck = fitter.fit([{ ...data, flux: hit }]);
    const wrong = Float64Array.from(data.variance);
    const low = Float64Array.from(data.flux);
    wrong[k] = 1e-7;
    low[k] = -3;
    const trusting = fitter.fit([{ ...data, flux: low, variance: wrong }]);
    for (const fit of [struck, trusting]) {
      expect(Math.abs(fit.velocity - clean.velocity)).toBeLessThan(clean.velocityError);
      for (const name of ['Ha', 'NII6583', 'Hb'] as const) expect(Math.abs(fit.flux[at(fit, name)]! - clean.flux[at(clean, name)]!), name).toBeLessThan(clean.fluxError[at(clean, name)]!);
    }
  });

  it('never throws on garbage, and a fit depends on nothing but its own spectrum', () => {
    const fitter = createLineFitter(arms, { redshift });
    const data = spectrum({ noise: 0.5, continuum: 3 });
    const before = fitter.fit([data]);
    const bad = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1, 1e300, 1e-300);
    fc.assert(fc.property(fc.array(fc.record({ from: fc.nat(1759), length: fc.nat(900), flux: fc.boolean(), value: bad }), { maxLength: 6 }), (blemishes) => {
      const [flux, variance] = [Float64Array.from(data.flux), Float64Array.from(data.variance)];
      for (const { from, length, flux: inFlux, value } of blemishes) (inFlux ? flux : variance).fill(value, from, from + length);
      const fit = fitter.fit([{ ...data, flux, variance }]);
      expect(fit.flux).toHaveLength(fit.lines.length);
      expect(fitter.fit([data])).toEqual(before);
    }), { numRuns: 60, seed: 5 });
    const empty = fitter.fit([{ ...data, flux: data.flux.map(() => Number.NaN) }]);
    expect(empty.status & (1 << maskBits.NOCOV)).toBeTruthy();
    expect([...empty.flux].every(Number.isNaN)).toBe(true);
  });

  it('gives the same bytes in any order of bins', () => {
    const random = createRandom(4);
    const bins = Array.from({ length: 6 }, (_, seed) => spectrum({ seed, noise: 0.3 + random.uniform(), continuum: 2 }));
    const [one, two] = [createLineFitter(arms, { redshift }), createLineFitter(arms, { redshift })];
    const forward = bins.map((bin) => one.fit([bin]));
    const backward = [...bins].reverse().map((bin) => two.fit([bin])).reverse();
    expect(backward).toEqual(forward);
  });
});
