import { describe, expect, it } from 'vitest';
import { linearAxis, type Lsf } from '../../src/light/index.js';
import type { LineName } from '../../src/nebula/index.js';
import { createRandom, type Random } from '../../src/numeric/index.js';
import { simulateSpectrum } from '../../src/simulate/index.js';
import { createLineFitter, type Continuum, type LineFitOptions, type Spectrum } from '../../src/spectrum/index.js';
import { smoothNoise } from '../../src/spectrum/smoothNoise.js';
import { mean, standardDeviation } from '../../src/stats/index.js';

const lsf: Lsf = { kind: 'muse' };
const axis = linearAxis(4780, 1.25, 140, 'air');
const n = axis.wavelength.length;
const redshift = 0.005;
const flat = (value: number): Float64Array => new Float64Array(n).fill(value);
const level = 10;
const truth = 60;
/** Half of the light is missing in the middle of Hβ, over the width that stars have. */
const trough = axis.wavelength.map((λ) => 5 * Math.exp(-0.5 * ((λ - 4861.33 * (1 + redshift)) / 2.5) ** 2));
const mocks = 400;
const draws = 20;

interface Mock {
  readonly spectrum: Spectrum;
  readonly continuum?: Continuum;
}

const emission = (noise: number, seed: number, lines: readonly [LineName, number][] = [['Hb', truth]]): Spectrum => (
  { axis, lsf, ...simulateSpectrum({ axis, lsf, redshift, lines: new Map(lines), velocity: 20, sigma: 40, noise, seed, continuum: level }) }
);

/** True scatter of Hβ over the mocks, and the mean errors of both kinds. */
function scatterOf(make: (seed: number, random: Random) => Mock, options: Partial<LineFitOptions> = {}) {
  const fitter = createLineFitter([{ axis, lsf }], { redshift, lines: ['Hb'], absorption: 0, ...options });
  const random = createRandom(7, 'mocks');
  const rows = Array.from({ length: mocks }, (_, seed) => {
    const { spectrum, continuum } = make(seed, random);
    const fit = fitter.fit([spectrum], continuum);
    const { standardDeviation: drawn } = fitter.monteCarlo([spectrum], continuum, draws, createRandom(seed, 'draws'));
    return { flux: fit.flux[0]!, ew: fit.ew[0]!, formal: fit.fluxError[0]!, formalEw: fit.ewError[0]!, drawn: drawn.flux[0]!, drawnEw: drawn.ew[0]! };
  });
  const of = (name: keyof typeof rows[number]): number[] => rows.map((row) => row[name]);
  const rms = (values: number[]): number => Math.sqrt(mean(values.map((value) => value * value)));
  return { flux: standardDeviation(of('flux')), ew: standardDeviation(of('ew')), drawn: rms(of('drawn')), drawnEw: rms(of('drawnEw')), formal: rms(of('formal')), formalEw: rms(of('formalEw')) };
}

// 400 mocks: the scatter itself is known to 3.5 %.
const within = (ratio: number, words: string): void => {
  expect(ratio, words).toBeGreaterThan(0.9);
  expect(ratio, words).toBeLessThan(1.1);
};

describe('Monte-Carlo errors', () => {
  it('hold the error of a given continuum: they are the true scatter on strong absorption under Hβ, and the formal error', () => {
    const relative = 0.15;
    const found = scatterOf((seed, random) => {
      const spectrum = emission(0.7, seed);
      const off = 1 + relative * random.normal();
      const continuum: Continuum = { model: [trough.map((depth) => level - depth)], level: [flat(level)], rejected: [new Uint8Array(n)], degree: 1, uncertainty: [trough.map((depth) => relative * depth)] };
      return { spectrum: { ...spectrum, flux: spectrum.flux.map((value, k) => value - off * trough[k]!) }, continuum };
    });
    within(found.drawn / found.flux, 'drawn / true');
    within(found.drawn / found.formal, 'drawn / formal');
    // The noise alone would make it 2.2.
    expect(found.drawn).toBeGreaterThan(4);
  });

  it('hold the error of the level of a given continuum in the equivalent width', () => {
    const found = scatterOf((seed, random) => {
      const off = 1 + 0.05 * random.normal();
      return { spectrum: emission(0.3, seed), continuum: { model: [flat(level)], level: [flat(level * off)], rejected: [new Uint8Array(n)], degree: 1, uncertainty: [flat(0.05 * level)] } };
    });
    within(found.drawnEw / found.formalEw, 'drawn / formal');
  });

  it('hold the error of the local continuum, which is fitted anew to every draw', () => {
    const found = scatterOf((seed) => ({ spectrum: emission(1, seed) }));
    within(found.drawn / found.flux, 'drawn / true');
    within(found.drawn / found.formal, 'drawn / formal');
    within(found.drawnEw / found.ew, 'drawn / true, equivalent width');
  });

  it('hold the scatter beside the lines that is correlated over their width', () => {
    const found = scatterOf((seed, random) => {
      const spectrum = emission(0.7, seed);
      const features = new Float64Array(n);
      smoothNoise(features, 2, random);
      return { spectrum: { ...spectrum, flux: spectrum.flux.map((value, k) => value + 0.9 * features[k]!) } };
    });
    within(found.drawn / found.formal, 'drawn / formal');
  });

  it('have the continuum as it was where its uncertainty is not given', () => {
    const continuum: Continuum = { model: [flat(level)], level: [flat(level)], rejected: [new Uint8Array(n)], degree: -1 };
    const found = scatterOf((seed) => ({ spectrum: emission(1, seed), continuum }));
    within(found.drawn / found.flux, 'drawn / true');
    expect(continuum.model[0]!.every((value) => value === level)).toBe(true);
  });

  it('leave a given continuum as it was, and come from the random numbers alone', () => {
    const continuum: Continuum = { model: [trough.map((depth) => level - depth)], level: [flat(level)], rejected: [new Uint8Array(n)], degree: 1, uncertainty: [trough.map((depth) => 0.1 * depth + 0.01)] };
    const before = structuredClone(continuum);
    const fitter = createLineFitter([{ axis, lsf }], { redshift, lines: ['Hb'] });
    const data = [emission(1, 1)];
    const once = fitter.monteCarlo(data, continuum, 5, createRandom(1, 'a'));
    fitter.fit([emission(5, 2)]);
    expect(fitter.monteCarlo(data, continuum, 5, createRandom(1, 'a'))).toEqual(once);
    expect(continuum).toEqual(before);
  });
});

describe('smooth noise', () => {
  it('has variance 1 and the correlation asked for', () => {
    const values = new Float64Array(200_000);
    smoothNoise(values, 5, createRandom(1, 'smooth'));
    for (const [lag, expected] of [[0, 1], [2, Math.exp(-0.08)], [5, Math.exp(-0.5)], [20, Math.exp(-8)]] as const) {
      let sum = 0;
      for (let i = lag; i < values.length; i++) sum += values[i]! * values[i - lag]!;
      // 200 000 pixels in patches of about 9: 22 000 independent ones.
      expect(Math.abs(sum / (values.length - lag) - expected)).toBeLessThan(0.03);
    }
  });
});
