import type { LineFluxes } from './fluxes.js';

/** Base-10 logarithm of a ratio of fluxes; NaN unless both are positive. */
function logRatio(numerator: number | undefined, denominator: number | undefined): number {
  return numerator! > 0 && denominator! > 0 ? Math.log10(numerator! / denominator!) : NaN;
}

/** A demarcation log([O III]5007/Hβ) = slope/(x − pole) + constant: star-forming is left of the pole and below the curve. */
export interface Hyperbola {
  readonly slope: number;
  readonly pole: number;
  readonly constant: number;
}

/** The empirical border of star formation in log([N II]/Hα) (Kauffmann et al. 2003). */
export const kauffmann03: Hyperbola = { slope: 0.61, pole: 0.05, constant: 1.30 };
/** The maximum starburst in log([N II]/Hα) (Kewley et al. 2001). */
export const kewley01: Hyperbola = { slope: 0.61, pole: 0.47, constant: 1.19 };
/** The maximum starburst in log([S II] 6716+6731/Hα) (Kewley et al. 2001). */
export const kewley01Sii: Hyperbola = { slope: 0.72, pole: 0.32, constant: 1.30 };
/** The maximum starburst in log([O I] 6300/Hα) (Kewley et al. 2001). */
export const kewley01Oi: Hyperbola = { slope: 0.73, pole: -0.59, constant: 1.33 };

/** A straight border log([O III]/Hβ) = slope·x + constant between Seyfert nuclei (above) and LINERs. */
export interface SeyfertLine {
  readonly slope: number;
  readonly constant: number;
  readonly unverified?: true;
}

/** In log([S II]/Hα) (Kewley et al. 2006). */
export const seyfertLinerSii: SeyfertLine = { slope: 1.89, constant: 0.76 };
/** In log([O I]/Hα) (Kewley et al. 2006). */
export const seyfertLinerOi: SeyfertLine = { slope: 1.18, constant: 1.30 };
/** In log([N II]/Hα) (Schawinski et al. 2007). */
export const seyfertLinerNii: SeyfertLine = { slope: 1.05, constant: 0.45, unverified: true };

/** log([O III]5007/Hβ) of a demarcation curve at x; −∞ at the pole and beyond it, where the hyperbola changes sign and nothing is star-forming. */
export function demarcation(curve: Hyperbola, x: number): number {
  if (Number.isNaN(x)) return NaN;
  return x < curve.pole ? curve.slope / (x - curve.pole) + curve.constant : -Infinity;
}

/** log([O III]5007/Hβ) of a straight Seyfert–LINER border at x. */
export function seyfertBorder(line: SeyfertLine, x: number): number {
  return line.slope * x + line.constant;
}

/** Codes of the [N II] diagram as they stand in tables and maps. */
export const bptClasses = { none: 0, starForming: 1, composite: 2, agn: 3 } as const;
export type BptClass = (typeof bptClasses)[keyof typeof bptClasses];

/**
 * Class in the [N II] diagram (Baldwin, Phillips & Terlevich 1981): below Kauffmann et al. (2003) star-forming, between it
 * and Kewley et al. (2001) composite, above AGN. A line that is missing or not positive gives `none`. Needs Hb, OIII5007,
 * Ha, NII6583; the ratios are of near wavelengths, so dust matters little.
 */
export function classifyBpt(fluxes: LineFluxes): BptClass {
  const x = logRatio(fluxes.NII6583, fluxes.Ha);
  const y = logRatio(fluxes.OIII5007, fluxes.Hb);
  if (Number.isNaN(x + y)) return bptClasses.none;
  if (y < demarcation(kauffmann03, x)) return bptClasses.starForming;
  return y < demarcation(kewley01, x) ? bptClasses.composite : bptClasses.agn;
}

/** Codes of the [S II] and [O I] diagrams. */
export const excitationClasses = { none: 0, starForming: 1, liner: 2, seyfert: 3 } as const;
export type ExcitationClass = (typeof excitationClasses)[keyof typeof excitationClasses];

function starburstOrNucleus(x: number, y: number, starburst: Hyperbola, border: SeyfertLine): ExcitationClass {
  if (Number.isNaN(x + y)) return excitationClasses.none;
  if (y < demarcation(starburst, x)) return excitationClasses.starForming;
  return y > seyfertBorder(border, x) ? excitationClasses.seyfert : excitationClasses.liner;
}

/** Class in the [S II] diagram (Veilleux & Osterbrock 1987; borders of Kewley et al. 2001, 2006). Needs Hb, OIII5007, Ha, SII6716, SII6731. */
export function classifySii(fluxes: LineFluxes): ExcitationClass {
  const sulphur = (fluxes.SII6716 ?? NaN) + (fluxes.SII6731 ?? NaN);
  return starburstOrNucleus(logRatio(sulphur, fluxes.Ha), logRatio(fluxes.OIII5007, fluxes.Hb), kewley01Sii, seyfertLinerSii);
}

/** Class in the [O I] diagram (Veilleux & Osterbrock 1987; borders of Kewley et al. 2001, 2006). Needs Hb, OIII5007, OI6300, Ha. */
export function classifyOi(fluxes: LineFluxes): ExcitationClass {
  return starburstOrNucleus(logRatio(fluxes.OI6300, fluxes.Ha), logRatio(fluxes.OIII5007, fluxes.Hb), kewley01Oi, seyfertLinerOi);
}

/** Codes of the WHaN diagram. */
export const whanClasses = { none: 0, starForming: 1, strongAgn: 2, weakAgn: 3, retired: 4, passive: 5 } as const;
export type WhanClass = (typeof whanClasses)[keyof typeof whanClasses];

/**
 * Class in the WHaN diagram (Cid Fernandes et al. 2011) from the equivalent widths of Hα and [N II] 6583 [Å, positive in
 * emission] and the fluxes of Ha and NII6583. Below 3 Å the ratio does not matter: retired, or passive when both widths are
 * below 0.5 Å.
 */
export function classifyWhan({ ewHa, ewNii }: { readonly ewHa: number; readonly ewNii: number }, fluxes: LineFluxes): WhanClass {
  if (Number.isNaN(ewHa)) return whanClasses.none;
  if (ewHa < 3) return ewHa < 0.5 && ewNii < 0.5 ? whanClasses.passive : whanClasses.retired;
  const x = logRatio(fluxes.NII6583, fluxes.Ha);
  if (Number.isNaN(x)) return whanClasses.none;
  if (x < -0.4) return whanClasses.starForming;
  return ewHa > 6 ? whanClasses.strongAgn : whanClasses.weakAgn;
}

/** Codes of the WHaD diagram. */
export const whadClasses = { none: 0, starForming: 1, strongAgn: 2, weakAgn: 3, retired: 4, unknown: 5 } as const;
export type WhadClass = (typeof whadClasses)[keyof typeof whadClasses];

/** Thresholds of the WHaD diagram (Sánchez et al. 2024, A&A 682, A71): equivalent widths of Hα [Å] and its dispersion [km/s]. */
export const whadThresholds = { retired: 3, starForming: 6, strong: 10, dispersion: 57, unverified: true } as const;

/** Class in the WHaD diagram (Sánchez et al. 2024) from EW(Hα) [Å] and σ(Hα) [km/s], corrected for the instrument. */
export function classifyWhad({ ewHa, sigma }: { readonly ewHa: number; readonly sigma: number }): WhadClass {
  if (Number.isNaN(ewHa)) return whadClasses.none;
  if (ewHa < whadThresholds.retired) return whadClasses.retired;
  if (Number.isNaN(sigma)) return whadClasses.none;
  if (sigma > whadThresholds.dispersion) return ewHa > whadThresholds.strong ? whadClasses.strongAgn : whadClasses.weakAgn;
  return ewHa > whadThresholds.starForming ? whadClasses.starForming : whadClasses.unknown;
}
