import { describe, expect, it } from 'vitest';
import { airToVacuum, linearAxis, lsfSigma, makeAxis, type Lsf, type Medium } from '../../src/light/index.js';
import { createSmoother, sampleLibrary } from '../../src/spectrum/librarySampling.js';
import type { SpectralArm } from '../../src/spectrum/spectrum.js';
import type { StellarLibrary } from '../../src/templates/index.js';

const c = 299792.458;
const perSigma = 2 * Math.sqrt(2 * Math.log(2));
const centres = [4900, 5300, 5700, 6100, 6500];

/** One template of Gaussian lines of the library's own resolution on a level of 1, and one that is constant. */
function library(fwhm: number, medium: Medium = 'air'): StellarLibrary {
  const wavelength = Float64Array.from({ length: 6001 }, (_, k) => 4200 + 0.5 * k);
  const sigma = fwhm / perSigma;
  const lines = Float32Array.from(wavelength, (λ) => 1 + centres.reduce((sum, at) => sum + Math.exp(-0.5 * ((λ - at) / sigma) ** 2), 0));
  const flux = new Float32Array(2 * wavelength.length).fill(1);
  flux.set(lines);
  return {
    name: 'lines', source: 'test', synthetic: true, wavelength, medium, resolution: { kind: 'constant', fwhm }, imf: null, absolute: false,
    age: Float64Array.of(1, 2), metallicity: Float64Array.of(0, 0), remaining: Float64Array.of(1, 1), remainingSource: 'test', unverified: [], flux,
  };
}

/** Centre [ln Å] and variance [km²/s²] of the line nearest to a rest wavelength, by moments. */
function lineMoments({ lnStart, velocityScale, spectra }: ReturnType<typeof sampleLibrary>['grid'], near: number): { centre: number; variance: number; area: number } {
  const at = (Math.log(near) - lnStart) / (velocityScale / c);
  let [area, first, second] = [0, 0, 0];
  for (let i = Math.floor(at) - 40; i <= at + 40; i++) {
    const value = spectra[0]![i]! - 1;
    area += value;
    first += value * (i - at);
    second += value * (i - at) ** 2;
  }
  const mean = first / area;
  return { centre: Math.log(near) + (mean * velocityScale) / c, variance: (second / area - mean ** 2) * velocityScale ** 2, area };
}

const squared = (lsf: Lsf, λ: number): number => ((c * lsfSigma(lsf, λ)) / λ) ** 2;

describe('a library sampled for spectra', () => {
  const redshift = 0.01;
  const range = [4700, 6700] as const;
  const lsf: Lsf = { kind: 'table', wavelength: [4700, 6800], fwhm: [3.4, 2.9] };
  const arms: SpectralArm[] = [{ axis: linearAxis(4750, 1.25, 1650, 'air'), lsf }];

  it('has at every place σ² + δ − δ0, with δ what the instrument is wider by and δ0 its least value', () => {
    const { grid, resolution } = sampleLibrary(library(2.51), arms, { redshift, range });
    for (const rest of centres) {
      const own = squared({ kind: 'constant', fwhm: 2.51 }, rest);
      const instrument = squared(lsf, rest * (1 + redshift));
      const { centre, variance } = lineMoments(grid, rest);
      // 1e-3 of the variance: the smoothing itself varies over the line.
      expect(Math.abs(variance / (instrument - resolution) - 1)).toBeLessThan(1e-3);
      expect(variance).toBeGreaterThan(own);
      // A Gaussian in λ is skewed in ln λ by its own relative width; the smoothing follows δ, which changes by 1e-3 a σ.
      expect(Math.abs(centre - Math.log(rest)) * c).toBeLessThan(0.2);
    }
  });

  it('keeps what is constant', () => {
    const { grid } = sampleLibrary(library(2.51), arms, { redshift, range });
    for (const value of grid.spectra[1]!) expect(Math.abs(value - 1)).toBeLessThan(1e-12);
  });

  it('says where the data are sharper than the templates, and by how much at the worst', () => {
    const steep: Lsf = { kind: 'table', wavelength: [4700, 6800], fwhm: [3.0, 2.3] };
    const { resolution, sharper } = sampleLibrary(library(2.51), [{ axis: arms[0]!.axis, lsf: steep }], { redshift, range });
    const deficit = (λ: number): number => squared(steep, λ) - squared({ kind: 'constant', fwhm: 2.51 }, λ / (1 + redshift));
    expect(sharper).toHaveLength(1);
    const [from, to] = sharper[0]!;
    expect(Math.abs(deficit(from))).toBeLessThan(5);
    expect(to).toBeGreaterThan(6700);
    expect(resolution).toBeLessThan(0);
    // To the nearest sample of the grid.
    expect(Math.abs(resolution - deficit(to))).toBeLessThan(2);
    expect(sampleLibrary(library(2.51), arms, { redshift, range }).sharper).toEqual([]);
  });

  it('is carried from air to the vacuum of the data', () => {
    // The same light on vacuum pixels falls on the same places of the grid.
    const air = arms[0]!.axis;
    const rest = air.wavelength.map((λ) => λ / (1 + redshift));
    const vacuum = makeAxis(rest.map((λ) => airToVacuum(λ) * (1 + redshift)), 'vacuum');
    const { grid, projection, covered } = sampleLibrary(library(2.51), [{ axis: vacuum, lsf }], { redshift, range });
    const step = grid.velocityScale / c;
    for (const p of [200, 800, 1400]) {
      expect(covered[p]).toBe(1);
      let place = 0;
      for (let k = 0; k < projection.width; k++) place += projection.weights[p * projection.width + k]! * (projection.first[p]! + k);
      // Pixels' means lie 1e-8 from their centres in ln λ; 0.01 km/s is a hundredth of what one formula for air differs from another.
      expect(Math.abs(grid.lnStart + place * step - Math.log(rest[p]!)) * c).toBeLessThan(0.01);
    }
  });

  it('fits both arms of a spectrograph with one library', () => {
    const blue: SpectralArm = { axis: linearAxis(4750, 1.05, 600, 'air'), lsf: { kind: 'constant', fwhm: 2.66 } };
    const red: SpectralArm = { axis: linearAxis(6250, 0.57, 800, 'air'), lsf: { kind: 'constant', fwhm: 1.59 } };
    const { grid, resolution, sharper, covered } = sampleLibrary(library(2.51), [blue, red], { redshift, range });
    expect(covered).toHaveLength(1400);
    expect(sharper.every(([from]) => from >= 6250)).toBe(true);
    for (const [rest, { lsf: own }] of [[4900, blue], [5300, blue], [6500, red]] as const) {
      const { variance } = lineMoments(grid, rest);
      expect(Math.abs(variance / (squared(own, rest * (1 + redshift)) - resolution) - 1)).toBeLessThan(1e-3);
    }
  });
});

describe('the smoother', () => {
  const n = 400;
  const values = Float64Array.from({ length: n }, (_, i) => 1 + 0.3 * Math.sin(i / 9) - [80.3, 200.6, 318.2].reduce((sum, at) => sum + 0.6 * Math.exp(-0.5 * ((i - at) / 1.7) ** 2), 0));

  it.each([0.3, 4, 40])('is a direct convolution where the variance is %d samples² everywhere', (variance) => {
    const smoothed = createSmoother(new Float64Array(n).fill(variance))(values);
    for (let i = 60; i < n - 60; i++) {
      let [sum, norm] = [0, 0];
      for (let k = -50; k <= 50; k++) {
        const weight = Math.exp((-0.5 * k * k) / variance);
        sum += weight * values[i + k]!;
        norm += weight;
      }
      // Below σ = 0.6 samples the direct sum is coarser than the transform.
      expect(Math.abs(smoothed[i]! - sum / norm)).toBeLessThan(variance < 1 ? 4e-3 : 1e-8);
    }
  });

  it('is a Gaussian of each place\'s variance where that varies', () => {
    const variance = Float64Array.from({ length: n }, (_, i) => (12 * i) / n);
    const smoothed = createSmoother(variance)(values);
    for (let i = 80; i < n - 60; i++) {
      let [sum, norm] = [0, 0];
      for (let k = -30; k <= 30; k++) {
        const weight = Math.exp((-0.5 * k * k) / variance[i]!);
        sum += weight * values[i + k]!;
        norm += weight;
      }
      // Parabolas between spectra one sample² apart, of lines 0.6 deep.
      expect(Math.abs(smoothed[i]! - sum / norm)).toBeLessThan(1e-3);
    }
  });

  it('keeps constants, and everything where there is nothing to do', () => {
    const constant = createSmoother(Float64Array.from({ length: 50 }, (_, i) => i / 5))(new Float64Array(50).fill(2.5));
    for (const value of constant) expect(Math.abs(value - 2.5)).toBeLessThan(1e-12);
    expect([...createSmoother(new Float64Array(n))(values)]).toEqual([...values]);
  });
});
