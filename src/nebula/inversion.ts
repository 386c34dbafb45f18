import { brent } from '../numeric/index.js';
import { polynomialAt, type InverseRelation, type JointRelation } from './calibration.js';

/** What a relation gives for the fluxes of one region. */
export interface Solution {
  readonly oh: number;
  /** The ratio exceeds the largest that the relation knows: `oh` is where that lies. */
  readonly saturated: boolean;
  /** Two values fit and nothing tells them apart. */
  readonly ambiguous: boolean;
  /** No O/H inside the relation's domain gives the ratio. */
  readonly outside: boolean;
}

export const solved = (oh: number): Solution => ({ oh, saturated: false, ambiguous: false, outside: false });
export const unsolved: Solution = solved(NaN);
const outside: Solution = { ...unsolved, outside: true };

/**
 * The O/H at which a relation predicts a ratio. Above the maximum the abscissa of the maximum, `saturated`; NaN, `outside`,
 * where no O/H on that side of the maximum has the ratio.
 * @param upper on which side of the maximum to look, null = not known (NaN, `ambiguous`)
 */
export function invert({ polynomial, maximum: { oh, ratio: highest, from, to, turns } }: InverseRelation, ratio: number, upper: boolean | null): Solution {
  if (Number.isNaN(ratio)) return unsolved;
  if (ratio > highest) return turns ? { ...solved(oh), saturated: true } : outside;
  if (upper === null) return { ...unsolved, ambiguous: true };
  const difference = (x: number) => polynomialAt(polynomial, x) - ratio;
  const root = upper ? brent(difference, oh, to) : brent(difference, from, oh);
  return Number.isNaN(root) ? outside : solved(root);
}

const step = 0.01;

const grids = new WeakMap<JointRelation, readonly Float64Array[]>();

/** Every log ratio of a relation on a grid over its domain, made once. */
function predictedOnGrid(relation: JointRelation): readonly Float64Array[] {
  let grid = grids.get(relation);
  if (!grid) {
    const { predictions, domain: [low, high] } = relation;
    const length = Math.round((high - low) / step) + 1;
    grid = predictions.map(({ polynomial }) => Float64Array.from({ length }, (_, k) => polynomialAt(polynomial, low + k * step)));
    grids.set(relation, grid);
  }
  return grid;
}

/** The lowest point near x of a function that has a minimum there: two parabolas, the second through points a tenth as far apart. */
function refineMinimum(f: (x: number) => number, x: number, step: number): number {
  for (const h of [step, 0.1 * step]) {
    const [left, middle, right] = [f(x - h), f(x), f(x + h)];
    x += 0.5 * h * (left - right) / (left - 2 * middle + right);
  }
  return x;
}

/**
 * The O/H of maximum likelihood for several log ratios at once, on a grid of 0.01 dex refined by parabolas. NaN, `outside`,
 * when it lies at an end of the domain; `ambiguous` when an O/H more than 0.1 dex away, with a worse one between, fits as well
 * (Δχ² < 1).
 * @param inverseCovariance of the log ratios, measurement and scatter together, row-major
 */
export function mostLikely(relation: JointRelation, ratios: readonly number[], inverseCovariance: Float64Array): Solution {
  const { predictions, domain: [low] } = relation;
  if (ratios.some((ratio) => Number.isNaN(ratio))) return unsolved;
  const n = predictions.length;
  const residual = new Float64Array(n);
  const chi2 = () => {
    let sum = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += residual[i]! * inverseCovariance[i * n + j]! * residual[j]!;
    return sum;
  };
  const predicted = predictedOnGrid(relation);
  const count = predicted[0]!.length;
  const grid = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < n; i++) residual[i] = ratios[i]! - predicted[i]![k]!;
    grid[k] = chi2();
  }
  let best = 0;
  for (let k = 1; k < count; k++) if (grid[k]! < grid[best]!) best = k;
  if (best === 0 || best === count - 1) return outside;
  let rival = false;
  for (let k = 1; k < count - 1; k++) {
    const isMinimum = grid[k]! < grid[k - 1]! && grid[k]! <= grid[k + 1]!;
    if (isMinimum && Math.abs(k - best) * step > 0.1 && grid[k]! < grid[best]! + 1) rival = true;
  }
  const chi2At = (oh: number) => {
    for (let i = 0; i < n; i++) residual[i] = ratios[i]! - polynomialAt(predictions[i]!.polynomial, oh);
    return chi2();
  };
  return { ...solved(refineMinimum(chi2At, low + best * step, step)), ambiguous: rival };
}
