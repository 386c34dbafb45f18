import { describe, expect, it } from 'vitest';
import { atomicMass, massBudget, type MassBudgetInput } from '../../src/evolution/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { median, quantiles, standardDeviation } from '../../src/stats/index.js';

const random = (seed = 1) => createRandom(seed, 'masses');
const none = new Float64Array(0);
/** NGC1796 by its published masses, star formation and abundance, without errors. */
const ngc1796: MassBudgetInput = {
  stars: { value: 9.14, error: null, scale: 'log' }, atomic: { value: 8.33, error: null, scale: 'log' },
  logSfr: { value: -0.99, draws: none }, oh: { value: 8.76, draws: none }, random: random(),
};
/** The same as it might be measured: errors of 0.1, 0.05, 0.04 and 0.03 dex. */
function measured(seed: number, at = { stars: 9.14, atomic: 8.33, sfr: -0.99, oh: 8.76 }): MassBudgetInput {
  const own = createRandom(seed, 'draws');
  const draws = (value: number, error: number): Float64Array => Float64Array.from({ length: 1000 }, () => value + error * own.normal());
  return {
    stars: { value: at.stars, error: 0.1, scale: 'log' }, atomic: { value: at.atomic, error: 0.05, scale: 'log' },
    logSfr: { value: at.sfr, draws: draws(at.sfr, 0.04) }, oh: { value: at.oh, draws: draws(at.oh, 0.03) }, random: random(seed),
  };
}

describe('the masses of a galaxy', () => {
  it('are those of the published formulas, without errors where none went in', () => {
    const { molecular, gas, fraction, yields, baryons, baryonsAtomic, stars } = massBudget(ngc1796);
    expect(10 ** molecular!.value / 7.309235659e7).toBeCloseTo(1, 9);
    expect(10 ** gas!.value / 3.872995635e8).toBeCloseTo(1, 9);
    expect(fraction).toEqual({ value: expect.closeTo(0.2191000208, 9), error: null, interval: null });
    expect(yields.L25!.value).toBeCloseTo(-2.342155447, 8);
    // 16·X over (A_O/A_H)·X and over (A_O/A_H)/1.366, with X = 0.75.
    expect(yields.PS11!.value - yields.L25!.value).toBeCloseTo(Math.log10(0.005830914276 / 0.005877345832), 8);
    expect(yields.helium!.value - yields.L25!.value).toBeCloseTo(Math.log10(0.005691473183 / 0.005877345832), 8);
    expect(10 ** baryons!.value / (10 ** 9.14 + 3.872995635e8)).toBeCloseTo(1, 9);
    expect(10 ** baryonsAtomic!.value / (10 ** 9.14 + 1.35 * 10 ** 8.33)).toBeCloseTo(1, 9);
    expect(stars!.value).toBe(9.14);
  });

  it('have errors that agree with propagation where all is nearly linear', () => {
    const small = { ...measured(1), stars: { value: 9.14, error: 0.01, scale: 'log' as const }, atomic: { value: 8.33, error: 0, scale: 'log' as const }, logSfr: { value: -0.99, draws: none }, oh: { value: 8.76, draws: none } };
    const { fraction, yields } = massBudget({ ...small, draws: 20000 });
    // ∂µ/∂ln M* = −µ(1 − µ); ∂ln y/∂ln µ = 1/ln(1/µ). 20 000 draws give the width to 1 %; 3 of that.
    const µ = 0.2191000208;
    const sigma = 0.01 * Math.LN10 * µ * (1 - µ);
    expect(fraction!.error! / sigma).toBeCloseTo(1, 1);
    expect(Math.abs(fraction!.error! / sigma - 1)).toBeLessThan(0.03);
    expect(Math.abs(yields.L25!.error! / (sigma / µ / Math.log(1 / µ) / Math.LN10) - 1)).toBeLessThan(0.03);
  });

  it('have pulls of width 1 about the truth over 300 measurements', () => {
    const truth = massBudget(ngc1796);
    const pulls = { gas: [] as number[], fraction: [] as number[], baryons: [] as number[], yield: [] as number[] };
    for (let seed = 1; seed <= 300; seed++) {
      const noise = createRandom(seed, 'measurement');
      const own = massBudget(measured(seed, { stars: 9.14 + 0.1 * noise.normal(), atomic: 8.33 + 0.05 * noise.normal(), sfr: -0.99 + 0.04 * noise.normal(), oh: 8.76 + 0.03 * noise.normal() }));
      for (const name of ['gas', 'fraction', 'baryons'] as const) pulls[name].push((own[name]!.value - truth[name]!.value) / own[name]!.error!);
      pulls.yield.push((own.yields.L25!.value - truth.yields.L25!.value) / own.yields.L25!.error!);
    }
    // 300 pulls: their width to 4 %, their mean to 6 %; 3 of each.
    for (const [name, own] of Object.entries(pulls)) {
      expect(Math.abs(standardDeviation(own) - 1), name).toBeLessThan(0.12);
      expect(Math.abs(median(own)), name).toBeLessThan(0.22);
    }
  });

  it('have skewed intervals where the error is as large as the mass', () => {
    // A flux of 1.5 ± 1 Jy km/s at 10 Mpc is the only gas: draws below zero count as no gas.
    const flux = { value: atomicMass(1.5, 10), error: atomicMass(1, 10), scale: 'linear' as const };
    const { atomic, yields } = massBudget({ ...ngc1796, atomic: flux, logSfr: { value: -6, draws: none } });
    expect(atomic!.value).toBeCloseTo(Math.log10(3.534e7), 6);
    const [low, high] = atomic!.interval!;
    // log10 of (1.5 ± 0.994)/1.5, the 16–84 % of a normal; 1000 draws give them to 0.05 and 0.02.
    expect(low - atomic!.value).toBeCloseTo(Math.log10(0.506 / 1.5), 0);
    expect(high - atomic!.value).toBeCloseTo(Math.log10(2.494 / 1.5), 1);
    expect(atomic!.value - low).toBeGreaterThan(1.5 * (high - atomic!.value));
    expect(yields.L25!.interval![0]).toBeLessThan(yields.L25!.value);
    const noise = massBudget({ ...ngc1796, atomic: { ...flux, error: atomicMass(2, 10) }, logSfr: { value: -6, draws: none } });
    expect(noise.atomic!.interval![0]).toBe(-Infinity);
    expect(noise.atomic!.error).toBeNull();
  });

  it('count what star formation rate and abundance share', () => {
    const own = createRandom(5, 'shared');
    const deviates = Float64Array.from({ length: 4000 }, () => own.normal());
    const base = { ...ngc1796, stars: { value: 9.14, error: null, scale: 'log' as const }, logSfr: { value: -0.5, draws: deviates.map((z) => -0.5 + 0.1 * z) } };
    const together = massBudget({ ...base, oh: { value: 8.5, draws: deviates.map((z) => 8.5 + 0.05 * z) }, random: random() }).yields.L25!;
    const against = massBudget({ ...base, oh: { value: 8.5, draws: deviates.map((z) => 8.5 - 0.05 * z) }, random: random() }).yields.L25!;
    expect(together.error!).toBeGreaterThan(2 * against.error!);
  });

  it('are missing where something is missing, and only what needs it', () => {
    const dry = massBudget({ ...ngc1796, atomic: null });
    expect(dry).toMatchObject({ atomic: null, gas: null, fraction: null, baryons: null, baryonsAtomic: null, yields: { L25: null, PS11: null, helium: null } });
    expect(dry.molecular).not.toBeNull();
    const zero = massBudget({ ...ngc1796, atomic: { value: 0, error: null, scale: 'linear' } });
    expect(zero.atomic).toBeNull();
    expect(10 ** zero.gas!.value / (1.35 * 7.309235659e7)).toBeCloseTo(1, 9);
    expect(zero.baryonsAtomic!.value).toBeCloseTo(9.14, 9);
    expect(massBudget({ ...ngc1796, logSfr: null })).toMatchObject({ molecular: null, gas: null });
    expect(massBudget({ ...ngc1796, oh: null }).yields.L25).toBeNull();
    expect(massBudget({ ...ngc1796, stars: null })).toMatchObject({ stars: null, fraction: null, baryons: null });
    expect(massBudget({ ...ngc1796, stars: null }).gas).not.toBeNull();
  });

  it('are the same for the same seed', () => {
    expect(massBudget(measured(3))).toEqual(massBudget(measured(3)));
    expect(quantiles([massBudget(measured(3)).gas!.error!], [0.5])[0]).not.toBe(massBudget(measured(4)).gas!.error);
  });
});
