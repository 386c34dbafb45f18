import { describe, expect, it } from 'vitest';
import { linearAxis } from '../../src/light/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { createContinuumScaler, type Continuum, type Spectrum } from '../../src/spectrum/index.js';

const arms = [4750, 6200].map((start) => ({ axis: linearAxis(start, 1.25, 900, 'air'), lsf: { kind: 'constant', fwhm: 2.5 } as const }));
const bump = (λ: number): number => 1 - 0.4 * Math.exp(-(((λ - 5175) / 20) ** 2)) + 0.2 * Math.sin(λ / 37);
const continuum: Continuum = {
  model: arms.map(({ axis }) => axis.wavelength.map((λ) => 50 * bump(λ))), level: arms.map(({ axis }) => axis.wavelength.map(() => 50)),
  uncertainty: arms.map(({ axis }) => axis.wavelength.map(() => 0.5)), rejected: arms.map(({ axis }) => new Uint8Array(axis.wavelength.length)), degree: 1,
};
const everywhere = new Uint8Array(1800).fill(1);
const [first, last] = [arms[0]!.axis.wavelength[0]!, arms[1]!.axis.wavelength[899]!];
const coordinate = (λ: number): number => (2 * Math.log(λ / first)) / Math.log(last / first) - 1;
/** A part of the bin's light: this level and slope, with Gaussian noise of this σ. */
function part(level: number, slope: number, sigma: number, seed: number): Spectrum[] {
  const random = createRandom(seed, 'scale');
  return arms.map((arm, a) => ({
    ...arm, variance: new Float64Array(900).fill(sigma ** 2 || 1),
    flux: arm.axis.wavelength.map((λ, k) => (level + slope * coordinate(λ)) * continuum.model[a]![k]! + sigma * random.normal()),
  }));
}

describe('the continuum of a bin scaled to a part of it', () => {
  it('finds level and slope of the part, and carries model, level and uncertainty over', () => {
    const scaled = createContinuumScaler(arms)(continuum, everywhere, part(0.25, 0.05, 0, 1))!;
    expect(scaled.scale).toBeCloseTo(0.25, 12);
    for (const k of [0, 450, 899]) {
      const factor = 0.25 + 0.05 * coordinate(arms[1]!.axis.wavelength[k]!);
      expect(scaled.model[1]![k]).toBeCloseTo(factor * continuum.model[1]![k]!, 10);
      expect(scaled.level[1]![k]).toBeCloseTo(factor * 50, 10);
      expect(scaled.uncertainty[1]![k]).toBeCloseTo(factor * 0.5, 10);
    }
  });

  it('is unbiased, and its error is that of the noise', () => {
    const pulls = Array.from({ length: 400 }, (_, seed) => {
      const { scale, scaleError } = createContinuumScaler(arms)(continuum, everywhere, part(0.1, 0.01, 8, seed))!;
      return (scale - 0.1) / scaleError;
    });
    const mean = pulls.reduce((a, b) => a + b, 0) / pulls.length;
    const width = Math.sqrt(pulls.reduce((sum, p) => sum + (p - mean) ** 2, 0) / pulls.length);
    // 400 draws tell the mean to 0.05 and the width to 0.035; clipping at 3σ narrows the noise by 1.5 %.
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(Math.abs(width - 1)).toBeLessThan(0.12);
  });

  it('leaves out what the fit of the bin left out, what is bad, and cosmic rays', () => {
    const spectra = part(0.3, 0, 0.1, 3);
    const used = everywhere.slice();
    used.fill(0, 0, 300);
    spectra[0]!.flux.fill(1e6, 0, 300);
    spectra[0]!.flux[400] = Number.NaN;
    spectra[1]!.variance[10] = 0;
    spectra[1]!.flux[10] = -1e9;
    spectra[1]!.flux[500] = 1e4;
    const scaled = createContinuumScaler(arms)(continuum, used, spectra)!;
    expect(scaled.scale).toBeCloseTo(0.3, 3);
    expect(scaled.rejected[1]![500]).toBe(1);
    expect(scaled.rejected[0]!.subarray(0, 300).includes(1)).toBe(false);
  });

  it('fits the level alone where the part is faint, and says so where there is nothing to go by', () => {
    const faint = createContinuumScaler(arms)(continuum, everywhere, part(0.002, 0.002, 20, 4))!;
    expect(faint.model[0]![0]! / continuum.model[0]![0]!).toBeCloseTo(faint.model[1]![899]! / continuum.model[1]![899]!, 12);
    expect(createContinuumScaler(arms)(continuum, new Uint8Array(1800), part(1, 0, 1, 5))).toBeNull();
    const bad = part(1, 0, 1, 6).map((one) => ({ ...one, flux: one.flux.map(() => Number.NaN) }));
    expect(createContinuumScaler(arms)(continuum, everywhere, bad)).toBeNull();
  });

  it('finds the same from every fourth pixel, within what these tell, and reads no other outside the windows', () => {
    const sparse = createContinuumScaler(arms, [{ arm: 0, from: 100, to: 200 }], 4);
    for (let seed = 0; seed < 20; seed++) {
      const spectra = part(0.1, 0.01, 8, seed);
      const whole = createContinuumScaler(arms)(continuum, everywhere, spectra)!.scale;
      for (const { flux } of spectra) flux.forEach((_, k) => { if (k % 4 !== 0) flux[k] = Number.NaN; });
      const { scale, scaleError, model } = sparse(continuum, everywhere, spectra)!;
      // Of four independent parts one: its scatter about the mean of all is √(3/4) of its error.
      expect(Math.abs(scale - whole) / scaleError).toBeLessThan(3.5 * Math.sqrt(0.75));
      expect(model[0]!.subarray(100, 200).every(Number.isFinite)).toBe(true);
    }
  });
});
