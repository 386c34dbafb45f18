import { evaluatePolynomial, rootsInInterval } from '../numeric/index.js';
import type { LineName } from './lines.js';
import { evaluateRatio, linesOf, ratios, type Ratio } from './ratio.js';
import type { LineFluxes } from './fluxes.js';

/** A polynomial Σ cᵢ (x − pivot)ⁱ. */
export interface Polynomial {
  readonly pivot: number;
  readonly coefficients: readonly number[];
}

/** A polynomial at x. */
export function polynomialAt({ pivot, coefficients }: Polynomial, x: number): number {
  return evaluatePolynomial(coefficients, x - pivot);
}

/** An interval; null is an open end or one that the source does not state. */
export type Range = readonly [number | null, number | null];

/** O/H as a polynomial of a ratio. */
export interface DirectRelation {
  readonly kind: 'direct';
  readonly ratio: Ratio;
  readonly polynomial: Polynomial;
  /** 1σ of the coefficients, where the source gives them. */
  readonly coefficientErrors: readonly number[] | null;
  /** Ratios that the relation was made for. */
  readonly ratioRange: Range;
  /** True for the upper branch of R23 only: at log([N II]/Hα) ≤ −1.1 (Kewley & Ellison 2008) the value is out of range. */
  readonly upperBranchOnly: boolean;
}

/** A ratio as a polynomial of O/H, with the scatter of its logarithm at given O/H. */
export interface RatioPrediction {
  readonly ratio: Ratio;
  readonly polynomial: Polynomial;
  /** 1σ [dex]; null when not known. */
  readonly ratioScatter: number | null;
}

/** Where a ratio is largest inside a domain. */
export interface Maximum {
  readonly oh: number;
  /** The logarithm of the ratio there. */
  readonly ratio: number;
  /** O/H from which the ratio only rises to the maximum, and to which it only falls from it: at an end of the domain one of them is `oh`. */
  readonly from: number;
  readonly to: number;
  /** True where the ratio turns over, false at an end of the domain. */
  readonly turns: boolean;
}

/** A ratio as a polynomial of O/H, to be inverted. */
export interface InverseRelation extends RatioPrediction {
  readonly kind: 'inverse';
  /** O/H between which the root is sought. */
  readonly domain: readonly [number, number];
  readonly maximum: Maximum;
  /** Which side of the maximum holds: always the lower or upper in O/H, or the upper from this log([N II] 6583/Hα) on. */
  readonly branch: 'lower' | 'upper' | { readonly n2: number };
}

/** Several ratios at once: the O/H of maximum likelihood. */
export interface JointRelation {
  readonly kind: 'joint';
  readonly predictions: readonly (RatioPrediction & { readonly ratioScatter: number })[];
  readonly domain: readonly [number, number];
}

/**
 * O/H = a₀ + a₁ log(R3/X) + a₂ log N2 + (a₃ + a₄ log(R3/X) + a₅ log N2) log X with R3 = [O III] 4959+5007/Hβ, N2 =
 * [N II] 6548+6583/Hβ, and X = [O II]/Hβ or [S II]/Hβ; the upper set from log N2 = −0.6 on (Pilyugin & Grebel 2016).
 */
export interface BilinearRelation {
  readonly kind: 'bilinear';
  readonly x: Ratio;
  readonly upper: readonly [number, number, number, number, number, number];
  readonly lower: readonly [number, number, number, number, number, number];
}

/** R23 with the ionisation parameter solved for at once (Kobulnicky & Kewley 2004), upper from log([N II]/Hα) = −1.1 on. */
export interface IterativeRelation {
  readonly kind: 'iterative';
}

export type Relation = DirectRelation | InverseRelation | JointRelation | BilinearRelation | IterativeRelation;

/** An abundance diagnostic as data. */
export interface Calibration {
  readonly name: string;
  readonly relation: Relation;
  /** The lines it needs, those that tell its branches apart included. */
  readonly lines: readonly LineName[];
  /** 12+log(O/H) for which it holds. */
  readonly range: Range;
  /** 1σ scatter of O/H about it [dex]; null when not known, or when it follows from the scatter of the ratio. */
  readonly scatter: number | null;
  /** Whether its lines lie so far apart in wavelength that dust must be undone first. */
  readonly dust: 'needed' | 'insensitive';
  readonly source: string;
  /** True when a number of it was not checked against its source; `note` says which. */
  readonly unverified: boolean;
  readonly note: string | null;
}

/** What a row says beside its relation. */
interface About {
  readonly source: string;
  readonly range?: Range;
  readonly scatter?: number;
  readonly dust?: 'insensitive';
  /** What is not verified. */
  readonly unverified?: string;
  readonly note?: string;
}

function calibration(name: string, relation: Relation, lines: readonly LineName[], range: Range, about: About): Calibration {
  return {
    name, relation, lines, range: about.range ?? range, scatter: about.scatter ?? null, dust: about.dust ?? 'needed',
    source: about.source, unverified: about.unverified !== undefined, note: about.unverified ?? about.note ?? null,
  };
}

/** A row O/H = polynomial of a ratio; its range is the image of `ratioRange` unless stated. */
export function direct(
  name: string, ratio: Ratio, coefficients: readonly number[],
  { pivot = 0, coefficientErrors = null, ratioRange = [null, null], upperBranchOnly = false, ...about }: About & {
    readonly pivot?: number; readonly coefficientErrors?: readonly number[] | null; readonly ratioRange?: Range; readonly upperBranchOnly?: boolean;
  },
): Calibration {
  const polynomial = { pivot, coefficients };
  const [a, b] = ratioRange.map((end) => (end === null ? null : polynomialAt(polynomial, end))) as [number | null, number | null];
  const range: Range = a !== null && b !== null && a > b ? [b, a] : [a, b];
  const lines = upperBranchOnly ? linesOf(ratio, ratios.n2) : linesOf(ratio);
  return calibration(name, { kind: 'direct', ratio, polynomial, coefficientErrors, ratioRange, upperBranchOnly }, lines, range, about);
}

/**
 * A row log ratio = polynomial of O/H, inverted inside `domain`.
 * @param branch the side of the maximum that holds, or the family's own polynomial for log([N II]/Hα), whose value at the
 *   maximum tells one side from the other
 */
export function inverse(
  name: string, { ratio, polynomial, ratioScatter }: RatioPrediction, domain: readonly [number, number],
  { branch, ...about }: About & { readonly branch: 'lower' | 'upper' | Polynomial },
): Calibration {
  const maximum = maximumInside(polynomial, domain);
  const fixed = typeof branch === 'string';
  const relation = { kind: 'inverse', ratio, polynomial, ratioScatter, domain, maximum, branch: fixed ? branch : { n2: polynomialAt(branch, maximum.oh) } } as const;
  return calibration(name, relation, fixed ? linesOf(ratio) : linesOf(ratio, ratios.n2), domain, about);
}

/** A row of several ratios at once. */
export function joint(name: string, predictions: JointRelation['predictions'], domain: readonly [number, number], about: About): Calibration {
  return calibration(name, { kind: 'joint', predictions, domain }, linesOf(...predictions.map((one) => one.ratio)), domain, about);
}

/** A row of the bilinear form. */
export function bilinear(name: string, relation: Omit<BilinearRelation, 'kind'>, about: About & { readonly range: Range }): Calibration {
  return calibration(name, { kind: 'bilinear', ...relation }, linesOf(relation.x, ratios.r3Both, ratios.n2Hb), about.range, about);
}

/** The row of Kobulnicky & Kewley (2004). */
export function iterative(name: string, about: About): Calibration {
  return calibration(name, { kind: 'iterative' }, linesOf(ratios.r23, ratios.n2), [null, null], about);
}

/** The highest point of a polynomial inside an interval. */
function maximumInside(polynomial: Polynomial, [low, high]: readonly [number, number]): Maximum {
  const slope = { pivot: polynomial.pivot, coefficients: polynomial.coefficients.slice(1).map((c, i) => c * (i + 1)) };
  const turns = rootsInInterval((x) => polynomialAt(slope, x), low, high).filter((x) => x > low && x < high);
  const points = [low, ...turns, high];
  const heights = points.map((oh) => polynomialAt(polynomial, oh));
  const k = heights.indexOf(Math.max(...heights));
  const oh = points[k]!;
  return { oh, ratio: heights[k]!, from: points[k - 1] ?? oh, to: points[k + 1] ?? oh, turns: k > 0 && k < points.length - 1 };
}

/** True on the upper branch of a two-valued ratio by log([N II] 6583/Hα); null when that cannot be measured. */
export function onUpperBranch(threshold: number, fluxes: LineFluxes): boolean | null {
  const n2 = evaluateRatio(ratios.n2, fluxes);
  return Number.isNaN(n2) ? null : n2 >= threshold;
}
