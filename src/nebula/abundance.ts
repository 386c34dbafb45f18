import { invertSymmetric } from '../numeric/index.js';
import { onUpperBranch, polynomialAt, type BilinearRelation, type Calibration, type JointRelation } from './calibration.js';
import { balmerDust, deredden, type BalmerDustOptions } from './dust.js';
import type { LineFluxes } from './fluxes.js';
import { invert, mostLikely, solved, unsolved, type Solution } from './inversion.js';
import { kobulnickyKewley } from './kobulnicky.js';
import type { LineName } from './lines.js';
import { evaluateRatio, ratios } from './ratio.js';

/** The oxygen abundance of one region by one calibration. */
export interface Abundance {
  /** 12+log(O/H); NaN when a line is missing or the ratio lies outside the relation. */
  readonly oh: number;
  /** 1σ from the flux errors; NaN with `oh`, and where the ratio is saturated, for no small change of the fluxes moves it. */
  readonly error: number;
  /** 1σ scatter of the calibration there, in O/H [dex]; NaN when not known. */
  readonly scatter: number;
  readonly flags: AbundanceFlags;
}

export interface AbundanceFlags {
  /** O/H or the ratio lies outside what the calibration was made for. */
  readonly outOfRange: boolean;
  /** The ratio exceeds the calibration's maximum: O/H is where the maximum lies. */
  readonly saturated: boolean;
  /** Two O/H fit and nothing tells them apart. */
  readonly ambiguous: boolean;
}

/** log([N II]/Hα) from which R23 is on its upper branch (Kewley & Ellison 2008). */
const upperR23 = -1.1;
/** log([N II] 6548+6583/Hβ) from which the upper set of Pilyugin & Grebel (2016) holds. */
const upperPilyugin = -0.6;

/** A flux up or down by half its error, for derivatives: small enough to be local, large enough to smooth over a maximum. */
function shifted(fluxes: LineFluxes, errors: LineFluxes, line: LineName, sign: 1 | -1): LineFluxes {
  return { ...fluxes, [line]: fluxes[line]! + sign * 0.5 * errors[line]! };
}

/** Change of a value over ±½σ of one line, so its 1σ from that line; one-sided where the other side is NaN. */
function changeOver1Sigma(up: number, down: number, centre: () => number): number {
  if (Number.isNaN(up) || Number.isNaN(down)) return 2 * ((Number.isNaN(up) ? down : up) - centre()) * (Number.isNaN(up) ? -1 : 1);
  return up - down;
}

function solveBilinear({ x, upper, lower }: BilinearRelation, fluxes: LineFluxes, branchFrom: LineFluxes): number {
  const logX = evaluateRatio(x, fluxes);
  const n2 = evaluateRatio(ratios.n2Hb, fluxes);
  const excitation = evaluateRatio(ratios.r3Both, fluxes) - logX;
  const [a0, a1, a2, a3, a4, a5] = evaluateRatio(ratios.n2Hb, branchFrom) >= upperPilyugin ? upper : lower;
  return a0 + a1 * excitation + a2 * n2 + (a3 + a4 * excitation + a5 * n2) * logX;
}

function solveIterative(fluxes: LineFluxes, branchFrom: LineFluxes): Solution {
  const x = evaluateRatio(ratios.r23, fluxes);
  const y = evaluateRatio(ratios.o32Both, fluxes);
  if (Number.isNaN(x + y)) return unsolved;
  const upper = kobulnickyKewley(x, y, true).oh;
  const lower = kobulnickyKewley(x, y, false).oh;
  if (!(lower <= upper)) return unsolved; // the branches have crossed: no O/H gives so large an R23
  const side = onUpperBranch(upperR23, branchFrom);
  if (side === null) return { ...unsolved, ambiguous: true };
  return solved(side ? upper : lower);
}

/** Inverse of the covariance of the log ratios of a joint relation: scatter of the ratios, and the errors of its lines with what the ratios share. */
function inverseCovariance({ predictions }: JointRelation, lines: readonly LineName[], fluxes: LineFluxes, errors: LineFluxes | null): Float64Array | null {
  const n = predictions.length;
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) covariance[i * n + i] = predictions[i]!.ratioScatter ** 2;
  if (errors) {
    for (const line of lines) {
      const [up, down] = [shifted(fluxes, errors, line, 1), shifted(fluxes, errors, line, -1)];
      const changes = predictions.map(({ ratio }) => changeOver1Sigma(evaluateRatio(ratio, up), evaluateRatio(ratio, down), () => evaluateRatio(ratio, fluxes)));
      if (changes.some((change) => Number.isNaN(change))) continue; // an error that is not known has no weight
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) covariance[i * n + j]! += changes[i]! * changes[j]!;
    }
  }
  return invertSymmetric(covariance, n);
}

function solve(calibration: Calibration, fluxes: LineFluxes, branchFrom: LineFluxes, inverse: Float64Array | null): Solution {
  const { relation } = calibration;
  switch (relation.kind) {
    case 'direct':
      return solved(polynomialAt(relation.polynomial, evaluateRatio(relation.ratio, fluxes)));
    case 'inverse': {
      const upper = typeof relation.branch === 'string' ? relation.branch === 'upper' : onUpperBranch(relation.branch.n2, branchFrom);
      return invert(relation, evaluateRatio(relation.ratio, fluxes), upper);
    }
    case 'joint':
      return inverse ? mostLikely(relation, relation.predictions.map(({ ratio }) => evaluateRatio(ratio, fluxes)), inverse) : unsolved;
    case 'bilinear':
      return solved(solveBilinear(relation, fluxes, branchFrom));
    case 'iterative':
      return solveIterative(fluxes, branchFrom);
  }
}

/**
 * 12+log(O/H) alone, for many draws. Never throws; NaN as in `abundance`.
 * @param fluxes dereddened, any common unit
 * @param errors weigh the ratios of a joint calibration; without them only the calibration's scatter does
 */
export function evaluateOH(calibration: Calibration, fluxes: LineFluxes, errors: LineFluxes | null = null): number {
  const { relation } = calibration;
  return solve(calibration, fluxes, fluxes, relation.kind === 'joint' ? inverseCovariance(relation, calibration.lines, fluxes, errors) : null).oh;
}

/**
 * The oxygen abundance of one region with its error and flags. Errors of the lines are independent and propagated by
 * differences over ±½σ of each flux; the branch of a two-valued ratio is that of the fluxes as they are. Never throws.
 * @param fluxes dereddened, any common unit
 * @param errors 1σ, dereddened as the fluxes
 */
export function abundance(calibration: Calibration, fluxes: LineFluxes, errors: LineFluxes): Abundance {
  return propagate(calibration, calibration.lines, { centre: fluxes, errors, moved: (line, sign) => shifted(fluxes, errors, line, sign) });
}

/**
 * As `abundance`, from fluxes still behind the galaxy's own dust: the dust follows from Hα/Hβ of the same region, and its
 * error goes into that of O/H with what it shares with the lines. A negative E(B−V) counts as zero, but not in the error.
 * What all calibrations of a region share is computed once.
 * @param fluxes as observed (corrected for foreground dust), `Ha` and `Hb` among them
 */
export function abundancesThroughDust(fluxes: LineFluxes, errors: LineFluxes, options: BalmerDustOptions = {}): (calibration: Calibration) => Abundance {
  const rawEbv = ({ Ha = NaN, Hb = NaN }: LineFluxes) => balmerDust({ ha: Ha, haError: 0, hb: Hb, hbError: 0 }, options).ebvRaw;
  const raw = rawEbv(fluxes);
  const ebv = Math.max(0, raw);
  const intrinsic = (drawn: LineFluxes): LineFluxes => deredden(drawn, ebv + rawEbv(drawn) - raw, options.extinction);
  const known = new Map<string, LineFluxes>();
  const region: Region = {
    centre: intrinsic(fluxes),
    errors: deredden(errors, ebv, options.extinction),
    moved: (line, sign) => {
      const key = `${sign}${line}`;
      const before = known.get(key);
      if (before) return before;
      const found = intrinsic(shifted(fluxes, errors, line, sign));
      known.set(key, found);
      return found;
    },
  };
  return (calibration) => propagate(calibration, [...new Set<LineName>([...calibration.lines, 'Ha', 'Hb'])], region);
}

/** As `abundancesThroughDust`, by one calibration. */
export function abundanceThroughDust(calibration: Calibration, fluxes: LineFluxes, errors: LineFluxes, options: BalmerDustOptions = {}): Abundance {
  return abundancesThroughDust(fluxes, errors, options)(calibration);
}

/** What a region sends out: its fluxes as a calibration takes them. */
interface Region {
  readonly centre: LineFluxes;
  readonly errors: LineFluxes;
  /** The fluxes when one line as measured is half its error up or down. */
  readonly moved: (line: LineName, sign: 1 | -1) => LineFluxes;
}

/** @param lines whose errors count */
function propagate(calibration: Calibration, lines: readonly LineName[], { centre, errors, moved }: Region): Abundance {
  const { relation } = calibration;
  const inverse = relation.kind === 'joint' ? inverseCovariance(relation, calibration.lines, centre, errors) : null;
  const { oh, outside, saturated, ambiguous } = solve(calibration, centre, centre, inverse);
  const at = (line: LineName, sign: 1 | -1): number => solve(calibration, moved(line, sign), centre, inverse).oh;
  let variance = 0;
  for (const line of lines) variance += changeOver1Sigma(at(line, 1), at(line, -1), () => oh) ** 2;
  return {
    oh,
    error: Number.isNaN(oh) || saturated ? NaN : Math.sqrt(variance),
    scatter: scatterAt(calibration, centre, oh),
    flags: { outOfRange: outside || isOutOfRange(calibration, centre, oh), saturated, ambiguous },
  };
}

function scatterAt({ relation, scatter }: Calibration, fluxes: LineFluxes, oh: number): number {
  if (Number.isNaN(oh)) return NaN;
  if (scatter !== null) return scatter;
  if (relation.kind === 'inverse' && relation.ratioScatter !== null) {
    const ratio = evaluateRatio(relation.ratio, fluxes);
    const at = (sign: 1 | -1) => invert(relation, ratio + sign * 0.5 * relation.ratioScatter!, oh >= relation.maximum.oh).oh;
    return Math.abs(at(1) - at(-1));
  }
  if (relation.kind === 'joint') {
    let information = 0;
    for (const { polynomial, ratioScatter } of relation.predictions) {
      information += ((polynomialAt(polynomial, oh + 0.005) - polynomialAt(polynomial, oh - 0.005)) / 0.01 / ratioScatter) ** 2;
    }
    return 1 / Math.sqrt(information);
  }
  return NaN;
}

function isOutOfRange({ relation, range: [low, high] }: Calibration, fluxes: LineFluxes, oh: number): boolean {
  if ((low !== null && oh < low) || (high !== null && oh > high)) return true;
  return relation.kind === 'direct' && relation.upperBranchOnly && onUpperBranch(upperR23, fluxes) !== true;
}
