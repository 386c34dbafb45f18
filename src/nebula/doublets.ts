import type { LineName } from './lines.js';

/** Two lines from one upper level: their flux ratio is one of transition probabilities. */
export interface FixedDoublet {
  readonly strong: LineName;
  readonly weak: LineName;
  /** Flux of the strong line over that of the weak one. */
  readonly ratio: number;
}

/** Doublets to tie in a fit (transition probabilities as in PyNeb; Luridiana, Morisset & Shaw 2015). */
export const fixedDoublets: readonly FixedDoublet[] = [
  { strong: 'OIII5007', weak: 'OIII4959', ratio: 2.98 },
  { strong: 'NII6583', weak: 'NII6548', ratio: 2.94 },
  { strong: 'OI6300', weak: 'OI6364', ratio: 3.13 },
  { strong: 'SIII9531', weak: 'SIII9069', ratio: 2.47 },
  { strong: 'NeIII3869', weak: 'NeIII3968', ratio: 3.32 },
];

/** Two lines whose ratio measures the electron density: free in a fit, within what any density gives. */
export interface DensityDoublet {
  readonly numerator: LineName;
  readonly denominator: LineName;
  /** Lowest and highest ratio: the limits of high and low density. */
  readonly bounds: readonly [number, number];
}

/** Doublets not to tie but to bound (limits as in PyNeb at 10⁴ K; Luridiana, Morisset & Shaw 2015). */
export const densityDoublets: readonly DensityDoublet[] = [
  { numerator: 'OII3729', denominator: 'OII3726', bounds: [0.35, 1.50] },
  { numerator: 'SII6716', denominator: 'SII6731', bounds: [0.44, 1.46] },
];

/** Flux of a doublet of a fixed ratio over that of its strong line, e.g. ([O III] 4959 + 5007)/5007. */
export function doubletSum(strong: LineName): number {
  return 1 + 1 / fixedDoublets.find((doublet) => doublet.strong === strong)!.ratio;
}

/**
 * Case B fluxes relative to Hβ that zgrad takes for dust-free gas, 10⁴ K and 100 cm⁻³ rounded as is the custom
 * (Storey & Hummer 1995).
 */
export const balmerRatios = { Ha: 2.86, Hb: 1, Hg: 0.468, Hd: 0.259, He: 0.159, H8: 0.105 } as const satisfies
  Partial<Record<LineName, number>>;

/** Case B ratios at other temperatures [K] and densities [cm⁻³] (Storey & Hummer 1995). */
export const caseB: readonly { readonly temperature: number; readonly density: number; readonly Ha: number; readonly Hg: number; readonly Hd: number }[] = [
  { temperature: 5000, density: 100, Ha: 3.04093, Hg: 0.45839, Hd: 0.25148 },
  { temperature: 10000, density: 100, Ha: 2.86316, Hg: 0.46834, Hd: 0.25895 },
  { temperature: 10000, density: 1000, Ha: 2.85691, Hg: 0.46855, Hd: 0.25918 },
  { temperature: 15000, density: 100, Ha: 2.78837, Hg: 0.47291, Hd: 0.26244 },
  { temperature: 20000, density: 100, Ha: 2.74662, Hg: 0.47545, Hd: 0.26433 },
];
