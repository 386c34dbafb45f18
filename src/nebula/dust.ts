import { ccm89, dereddeningFactor, type ExtinctionLaw } from '../light/index.js';
import { balmerRatios } from './doublets.js';
import type { LineFluxes } from './fluxes.js';
import { lines, type LineName } from './lines.js';

/** A(λ)/E(B−V) of each line, at rest in air. */
export type LineExtinction = Readonly<Record<LineName, number>>;

/**
 * A(λ)/E(B−V) of all lines at their rest wavelengths in air.
 * @param law Cardelli, Clayton & Mathis (1989) when not given
 * @param rv total-to-selective extinction; the law's own (3.1, of Calzetti 4.05) when not given
 */
export function lineExtinction(law: ExtinctionLaw = ccm89, rv?: number): LineExtinction {
  return Object.fromEntries(lines.map((line) => [line.name, law(line.air, rv)])) as Record<LineName, number>;
}

const standard = lineExtinction();

/** Colour excess from the ratio of two lines (numerator over denominator): E(B−V) = 2.5/(k_denominator − k_numerator) · log(observed/intrinsic). */
export function colorExcess(
  observed: number, intrinsic: number, numerator: LineName, denominator: LineName, extinction: LineExtinction = standard,
): number {
  const ratio = observed / intrinsic;
  return ratio > 0 && ratio < Infinity ? 2.5 * Math.log10(ratio) / (extinction[denominator] - extinction[numerator]) : NaN;
}

/** Dust in front of a nebula, from its Balmer lines. */
export interface BalmerDust {
  /** E(B−V) ≥ 0 to deredden with; NaN when a line is missing or not positive. */
  readonly ebv: number;
  /** The same before it was cut at zero. Random draws keep it: cut, their mean would be too dusty. */
  readonly ebvRaw: number;
  /** 1σ of `ebvRaw` from the flux errors. */
  readonly ebvError: number;
  /** True when Hα/Hβ is below its dust-free value. */
  readonly negative: boolean;
}

export interface BalmerDustOptions {
  /** Dust-free Hα/Hβ; 2.86 when not given. */
  readonly ratio?: number;
  /** A(λ)/E(B−V) of the lines; Cardelli, Clayton & Mathis (1989) with R_V = 3.1 when not given. */
  readonly extinction?: LineExtinction;
}

/** Dust from the Balmer decrement Hα/Hβ, a screen in front of the gas. Fluxes in any common unit. Never throws. */
export function balmerDust(
  { ha, haError, hb, hbError }: { readonly ha: number; readonly haError: number; readonly hb: number; readonly hbError: number },
  { ratio = balmerRatios.Ha, extinction = standard }: BalmerDustOptions = {},
): BalmerDust {
  const ebvRaw = ha > 0 && hb > 0 ? colorExcess(ha / hb, ratio, 'Ha', 'Hb', extinction) : NaN;
  const perDex = 2.5 / (extinction.Hb - extinction.Ha);
  return {
    ebv: Math.max(0, ebvRaw),
    ebvRaw,
    ebvError: Number.isNaN(ebvRaw) ? NaN : Math.abs(perDex) / Math.LN10 * Math.hypot(haError / ha, hbError / hb),
    negative: ebvRaw < 0,
  };
}

/** The factor that undoes the dust on a line, 10^(0.4 E(B−V) k). */
export function dustFactor(line: LineName, ebv: number, extinction: LineExtinction = standard): number {
  return dereddeningFactor(ebv, extinction[line]);
}

/** Fluxes (or their errors) as they were before the dust: each times its `dustFactor`. */
export function deredden(fluxes: LineFluxes, ebv: number, extinction: LineExtinction = standard): LineFluxes {
  const dereddened: Partial<Record<LineName, number>> = {};
  for (const line of Object.keys(fluxes) as LineName[]) dereddened[line] = fluxes[line]! * dustFactor(line, ebv, extinction);
  return dereddened;
}
