/** Mass fraction of oxygen in the gas per number ratio O/H, under a name. */
export interface MetalFraction {
  readonly name: string;
  /** Z over O/H by number: 16 X, with the share X of hydrogen in the mass. */
  readonly perOxygen: number;
  readonly source: string;
  /** True for a coefficient that was not checked against its source. */
  readonly unverified: boolean;
}

export const metalFractions = [
  { name: 'L25', perOxygen: 12, source: 'Li et al. 2025, Section 3.4: 16 X with X = 0.75', unverified: false },
  { name: 'PS11', perOxygen: 15.999 / 1.0079 * 0.75, source: 'Peeples & Shankar 2011: (A_O/A_H) X with X = 0.75', unverified: true },
  { name: 'helium', perOxygen: 15.999 / 1.0079 / 1.366, source: '(A_O/A_H)/1.366, helium by mass', unverified: false },
] as const satisfies readonly MetalFraction[];

export type MetalFractionName = (typeof metalFractions)[number]['name'];

/**
 * Mass fraction Z of oxygen in the gas.
 * @param oh 12 + log(O/H)
 * @param normalisation 'L25' when not given
 */
export function metallicity(oh: number, normalisation: MetalFractionName = 'L25'): number {
  return metalFractions.find(({ name }) => name === normalisation)!.perOxygen * 10 ** (oh - 12);
}

/**
 * Effective yield Z/ln(1/µ): the yield that a closed box would need for this metallicity at this gas fraction (Li et al. 2025, Eqs. 5 and 6; Edmunds 1990).
 * Not a number where the gas fraction lies outside (0, 1).
 * @param oh 12 + log(O/H)
 * @param fraction µ, gas over baryons
 * @param normalisation 'L25' when not given
 */
export function effectiveYield(oh: number, fraction: number, normalisation: MetalFractionName = 'L25'): number {
  return fraction > 0 && fraction < 1 ? metallicity(oh, normalisation) / Math.log(1 / fraction) : NaN;
}
