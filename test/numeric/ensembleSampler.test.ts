import { describe, expect, it } from 'vitest';
import { autocorrelation, autocorrelationTime, createRandom, sampleEnsemble } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

describe('sampleEnsemble', () => {
  const random = () => createRandom(1, 'ensemble');
  const startOf = (walkers: number, d: number) => {
    const { normal } = createRandom(2, 'start');
    return Float64Array.from({ length: walkers * d }, () => normal());
  };

  it('samples a narrow, tilted Gaussian whose axes differ by a factor of 10⁴', () => {
    // u and v are unit normals; x = u, y = 10⁴ (u + 0.1 v).
    const [walkers, steps] = [20, 4000];
    const { samples, acceptance, logProbability } = sampleEnsemble({
      parameters: 2, start: startOf(walkers, 2).map((value, i) => (i % 2 ? 1e4 * value : value)), steps, random: random(),
      logProbability: ([x, y]) => -0.5 * (x! ** 2 + ((y! / 1e4 - x!) / 0.1) ** 2),
    });
    const kept = samples.subarray(2 * walkers * 500);
    const n = kept.length / 2;
    let [xx, xy, yy] = [0, 0, 0];
    for (let k = 0; k < kept.length; k += 2) {
      xx += kept[k]! ** 2 / n;
      xy += kept[k]! * kept[k + 1]! / 1e4 / n;
      yy += (kept[k + 1]! / 1e4) ** 2 / n;
    }
    // 70 000 draws, each remembered for some 30 steps, tell a variance to 3 %: three times that.
    expect(Math.abs(xx - 1)).toBeLessThan(0.09);
    expect(Math.abs(xy - 1)).toBeLessThan(0.09);
    expect(Math.abs(yy - 1.01)).toBeLessThan(0.09);
    expect(acceptance).toBeGreaterThan(0.5);
    expect(autocorrelationTime(kept, steps - 500, walkers, 2)[0]).toBeLessThan(60);
    const [x, y] = samples.subarray(samples.length - 2);
    expect(logProbability[logProbability.length - 1]).toBeCloseTo(-0.5 * (x! ** 2 + ((y! / 1e4 - x!) / 0.1) ** 2), 10);
  });

  it('never goes where the density is 0 or not a number, and repeats itself for the same seed', () => {
    const run = () => sampleEnsemble({ parameters: 1, start: Float64Array.of(0.1, 0.4, 0.6, 0.9), steps: 500, random: random(), logProbability: ([x]) => (x! > 1 ? NaN : x! < 0 ? -Infinity : 0) });
    const { samples } = run();
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...samples)).toBeLessThanOrEqual(1);
    expect(Math.abs(samples.reduce((a, b) => a + b) / samples.length - 0.5)).toBeLessThan(0.1);
    expect(run()).toEqual(run());
  });

  it('refuses too few walkers, an odd number, and a start where the density is 0', () => {
    const problem = { parameters: 2, steps: 1, random: random(), logProbability: () => 0 };
    expect(() => sampleEnsemble({ ...problem, start: startOf(2, 2) })).toThrow(/found 2 walkers for 2 parameters; expected an even number of walkers, at least 4/);
    expect(() => sampleEnsemble({ ...problem, start: startOf(5, 2) })).toThrow(/even number/);
    expect(() => sampleEnsemble({ ...problem, start: startOf(4, 2), logProbability: () => -Infinity })).toThrow(/walker 0 where the density is 0/);
  });
});

describeShared('autocorrelation beside emcee, golden values', () => {
  it('functions and times agree to 1e-8', () => {
    const { chain, integrated_time, function_1d_walker0_param1 } = golden<Record<'integrated_time' | 'function_1d_walker0_param1', number[]> & { chain: number[][] }>('emcee_autocorr.json');
    const times = autocorrelationTime(chain.flat(), 2000, 4, 3);
    integrated_time.forEach((time, c) => expect(Math.abs(times[c]! / time - 1)).toBeLessThan(1e-8));
    const found = autocorrelation(chain.map((step) => step[1]!));
    function_1d_walker0_param1.forEach((value, lag) => expect(found[lag]).toBeCloseTo(value, 8));
  });
});
