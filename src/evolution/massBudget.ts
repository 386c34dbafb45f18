import type { Random } from '../numeric/index.js';
import { quantiles } from '../stats/index.js';
import { metalFractions, effectiveYield, type MetalFractionName } from './effectiveYield.js';
import { gasFraction, gasMass, molecularMass } from './gas.js';

/** A mass with its error, on the scale on which that error is symmetric. */
export interface MassInput {
  /** log10 of the mass [Msun] for 'log', the mass [Msun] for 'linear'. */
  readonly value: number;
  /** 1σ on the same scale; null where it is not known. */
  readonly error: number | null;
  readonly scale: 'log' | 'linear';
}

/** What a galaxy's fluxes say, with the draws of its error; a draw in which there is no value is NaN. */
export interface DrawnInput {
  readonly value: number;
  readonly draws: Float64Array;
}

export interface MassBudgetInput {
  readonly stars: MassInput | null;
  /** Atomic hydrogen alone, without helium. */
  readonly atomic: MassInput | null;
  /** Star formation rate [Msun/yr], its logarithm. */
  readonly logSfr: DrawnInput | null;
  /** 12 + log(O/H), drawn together with the star formation rate. */
  readonly oh: DrawnInput | null;
  /** Draws of the masses: as many as the longest of the draws that come in, or `draws`. */
  readonly random: Random;
  /** Where none come in; 1000 when not given. */
  readonly draws?: number;
}

/** A number with its error. */
export interface Estimate {
  /** From the values as they are, without draws. */
  readonly value: number;
  /** Half of the interval; null where no error went in, or where it has no lower end. */
  readonly error: number | null;
  /** 16th and 84th percentile of the draws; the lower end is −∞ where so many draws have no mass at all. */
  readonly interval: readonly [number, number] | null;
}

/** What stars and gas of a galaxy weigh: logarithms of masses [Msun]; null where something is missing. */
export interface MassBudget {
  readonly stars: Estimate | null;
  readonly atomic: Estimate | null;
  readonly molecular: Estimate | null;
  /** Atomic and molecular gas with helium. */
  readonly gas: Estimate | null;
  /** Gas over gas and stars, not a logarithm. */
  readonly fraction: Estimate | null;
  /** Stars and all gas. */
  readonly baryons: Estimate | null;
  /** Stars and atomic gas with helium, without molecules. */
  readonly baryonsAtomic: Estimate | null;
  /** Logarithm of the effective yield by each mass fraction of oxygen per O/H. */
  readonly yields: Readonly<Record<MetalFractionName, Estimate | null>>;
}

/** What is computed in every draw: masses in Msun, NaN where something is missing. */
interface Amounts {
  readonly stars: number;
  readonly atomic: number;
  readonly sfr: number;
  readonly oh: number;
}

/** log10, with −∞ for what a draw took below zero: it counts as smaller than all others. */
const log = (value: number): number => (value <= 0 ? -Infinity : Math.log10(value));
const finite = (value: number): boolean => Number.isFinite(value);
const massOf = (value: number, scale: MassInput['scale']): number => (scale === 'log' ? 10 ** value : value);

function yieldOf({ oh, stars, atomic, sfr }: Amounts, name: MetalFractionName): number {
  const gas = gasMass(atomic, molecularMass(sfr));
  // Without gas a closed box would need no yield; without stars, an infinite one.
  if (gas <= 0) return -Infinity;
  return stars <= 0 ? Infinity : Math.log10(effectiveYield(oh, gasFraction(gas, stars), name));
}

/**
 * Masses of molecular and of all gas, gas fraction, baryonic mass and effective yield of a galaxy (Li et al. 2025, Eqs. 5–7 and Section 3.4), with errors by
 * Monte Carlo through the whole formula: every draw has its own stars, atomic gas, and star formation rate and abundance from the same fluxes, so that what they share
 * is counted as shared. Errors that are not known count as none.
 */
export function massBudget({ stars, atomic, logSfr, oh, random, draws: few = 1000 }: MassBudgetInput): MassBudget {
  const draws = Math.max(logSfr?.draws.length ?? 0, oh?.draws.length ?? 0) || few;
  const mass = (given: MassInput | null, normal: number): number => (given ? massOf(given.value + (given.error ?? 0) * normal, given.scale) : Number.NaN);
  const rate = (value: number): number => (Number.isNaN(value) ? 0 : 10 ** value);
  const centre: Amounts = {
    stars: mass(stars, 0), atomic: mass(atomic, 0), sfr: logSfr && finite(logSfr.value) ? 10 ** logSfr.value : Number.NaN, oh: oh?.value ?? Number.NaN,
  };
  const drawn = Array.from({ length: draws }, (_, d): Amounts => ({
    stars: mass(stars, random.normal()), atomic: mass(atomic, random.normal()),
    sfr: finite(centre.sfr) ? (logSfr!.draws.length ? rate(logSfr!.draws[d]!) : centre.sfr) : Number.NaN,
    oh: oh?.draws.length ? oh.draws[d]! : centre.oh,
  }));
  const estimate = (of: (amounts: Amounts) => number): Estimate | null => {
    const value = of(centre);
    if (!finite(value)) return null;
    const values = drawn.map(of).filter((one) => !Number.isNaN(one));
    if (values.every((one) => one === values[0])) return { value, error: null, interval: null };
    const [low, high] = quantiles(values, [0.16, 0.84]) as [number, number];
    // Between −∞ and a number there is no quantile.
    const interval = [Number.isNaN(low) ? -Infinity : low, high] as const;
    const error = (interval[1] - interval[0]) / 2;
    return { value, error: finite(error) ? error : null, interval };
  };
  const gas = ({ atomic, sfr }: Amounts): number => gasMass(atomic, molecularMass(sfr));
  return {
    stars: estimate((own) => log(own.stars)), atomic: estimate((own) => log(own.atomic)), molecular: estimate((own) => log(molecularMass(own.sfr))),
    gas: estimate((own) => log(gas(own))), fraction: estimate((own) => gasFraction(Math.max(gas(own), 0), Math.max(own.stars, 0))),
    baryons: estimate((own) => log(own.stars + gas(own))), baryonsAtomic: estimate((own) => log(own.stars + gasMass(own.atomic, 0))),
    yields: Object.fromEntries(metalFractions.map(({ name }) => [name, estimate((own) => yieldOf(own, name))])) as unknown as MassBudget['yields'],
  };
}
