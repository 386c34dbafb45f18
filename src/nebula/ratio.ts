import { doubletSum } from './doublets.js';
import type { LineFluxes } from './fluxes.js';
import type { LineName } from './lines.js';

/** A weighted sum of line fluxes. */
export type LineSum = readonly (readonly [line: LineName, weight: number])[];

/** One sum over another. */
export type Quotient = readonly [numerator: LineSum, denominator: LineSum];

/** A term of a line ratio: weight · log₁₀ of a sum of quotients (nearly always of one). */
export interface RatioTerm {
  readonly weight: number;
  readonly quotients: readonly Quotient[];
}

/** The logarithm of a line ratio, as a sum of terms: O3N2 is log([O III]/Hβ) − log([N II]/Hα). */
export type Ratio = readonly RatioTerm[];

const one = (line: LineName): LineSum => [[line, 1]];

// A doublet of a fixed ratio is its strong line times a constant: the weak line adds no information when it is tied in
// the fit, and only noise when it is not.
const ha = one('Ha');
const hb = one('Hb');
const oiii = one('OIII5007');
const oiiiBoth: LineSum = [['OIII5007', doubletSum('OIII5007')]];
const nii = one('NII6583');
const niiBoth: LineSum = [['NII6583', doubletSum('NII6583')]];
const sii: LineSum = [['SII6716', 1], ['SII6731', 1]];
const oii: LineSum = [['OII3726', 1], ['OII3729', 1]];
const neiii = one('NeIII3869');

const log = (...quotients: Quotient[]): Ratio => [{ weight: 1, quotients }];

/** Σ weightᵢ · ratioᵢ. */
function combine(...parts: readonly (readonly [weight: number, ratio: Ratio])[]): Ratio {
  return parts.flatMap(([weight, ratio]) => ratio.map((term) => ({ weight: weight * term.weight, quotients: term.quotients })));
}

const n2 = log([nii, ha]);
const r3 = log([oiii, hb]);

/**
 * The line ratios of the abundance calibrations, as logarithms. [O II] is 3726 + 3729, [S II] 6716 + 6731; 'Both' is
 * with the weak line of the doublet (strong × 1.336 for [O III], × 1.340 for [N II]).
 */
export const ratios = {
  /** [N II] 6583/Hα */
  n2,
  /** [S II]/Hα */
  s2: log([sii, ha]),
  /** [O III] 5007/Hβ */
  r3,
  /** [O III] 4959+5007/Hβ */
  r3Both: log([oiiiBoth, hb]),
  /** [O II]/Hβ */
  r2: log([oii, hb]),
  /** ([O II] + [O III] 4959+5007)/Hβ */
  r23: log([[...oii, ...oiiiBoth], hb]),
  /** [O III] 5007/[O II] */
  o3o2: log([oiii, oii]),
  /** [O III] 4959+5007/[O II] */
  o32Both: log([oiiiBoth, oii]),
  /** ([O III] 5007/Hβ)/([N II] 6583/Hα) */
  o3n2: combine([1, r3], [-1, n2]),
  /** [O III] 5007/[N II] 6583 */
  oiiiNii: log([oiii, nii]),
  /** [Ne III] 3869/[O II] */
  ne3o2: log([neiii, oii]),
  /** [O III] 5007/Hβ + [S II]/Hα */
  rs32: log([oiii, hb], [sii, ha]),
  /** ([O III] 5007/Hβ)/([S II]/Hα) */
  o3s2: combine([1, r3], [-1, log([sii, ha])]),
  /** log([N II] 6583/[S II]) + 0.264 log([N II] 6583/Hα) */
  n2s2ha: combine([1, log([nii, sii])], [0.264, n2]),
  /** [N II] 6548+6583/Hβ */
  n2Hb: log([niiBoth, hb]),
  /** [S II]/Hβ */
  s2Hb: log([sii, hb]),
} as const satisfies Record<string, Ratio>;

function sumOf(sum: LineSum, fluxes: LineFluxes): number {
  let total = 0;
  for (let i = 0; i < sum.length; i++) total += sum[i]![1] * (fluxes[sum[i]![0]] ?? NaN);
  return total > 0 ? total : NaN;
}

/** The logarithm of a ratio; NaN when a line is missing or a sum is not positive. */
export function evaluateRatio(ratio: Ratio, fluxes: LineFluxes): number {
  let value = 0;
  for (let i = 0; i < ratio.length; i++) {
    const { weight, quotients } = ratio[i]!;
    let sum = 0;
    for (let j = 0; j < quotients.length; j++) sum += sumOf(quotients[j]![0], fluxes) / sumOf(quotients[j]![1], fluxes);
    value += weight * Math.log10(sum);
  }
  return value;
}

/** The lines of ratios, each once. */
export function linesOf(...ratios: readonly Ratio[]): LineName[] {
  const names = ratios.flatMap((ratio) => ratio.flatMap((term) => term.quotients.flatMap((quotient) => quotient.flatMap((sum) => sum.map(([line]) => line)))));
  return [...new Set(names)];
}
