import { ascending, sameLength, type Column } from './columns.js';
import type { Correlation } from './correlation.js';
import { normalTail } from './distributions.js';

/** Kendall's correlation; `exact` tells whether p counts the permutations or is the normal limit. */
export interface KendallCorrelation extends Correlation {
  readonly exact: boolean;
}

/** Largest sample whose p is counted when no values are equal. */
const largestExact = 33;

/**
 * Kendall's τ_b, in O(n log n). Without equal values p counts the permutations of up to 33 points, and of more when at
 * most one pair is out of order; otherwise it is the normal limit with the variance for ties (Kendall 1970). NaN for
 * fewer than two points, a constant column or a value that is not a number.
 * @throws BadArgument for columns of unequal length
 */
export function kendall(x: Column, y: Column): KendallCorrelation {
  const n = sameLength("Kendall's correlation", x, y);
  const none = { r: NaN, p: NaN, exact: false };
  const points = kendallPoints(x, y);
  if (!points) return none;
  const ones = new Int32Array(n).fill(1);
  const { excess, r } = kendallOf(points, ones);
  if (Number.isNaN(r)) return none;
  const [tiesX, tiesY] = [tieSums(points.groupX), tieSums(points.rankY)];
  const pairs = n * (n - 1) / 2;
  const discordant = (pairs - excess) / 2;
  const fewer = Math.min(discordant, pairs - discordant);
  if (tiesX.pairs === 0 && tiesY.pairs === 0 && (n <= largestExact || fewer <= 1)) return { r, p: Math.min(1, 2 * inversionsAtMost(fewer, n)), exact: true };
  const ordered = n * (n - 1);
  const variance = (ordered * (2 * n + 5) - tiesX.fives - tiesY.fives) / 18 + 2 * tiesX.pairs * tiesY.pairs / ordered + tiesX.triples * tiesY.triples / (9 * ordered * (n - 2));
  return { r, p: 2 * normalTail(Math.abs(excess) / Math.sqrt(variance)), exact: false };
}

/** P(at most k of the pairs of a random permutation of n are out of order): a mean over where the next element goes, so that all terms are positive. */
function inversionsAtMost(k: number, n: number): number {
  let share = new Float64Array(k + 1);
  share[0] = 1;
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array(k + 1);
    for (let i = 0; i <= k; i++) for (let moved = 0; moved <= Math.min(i, size - 1); moved++) next[i]! += share[i - moved]! / size;
    share = next;
  }
  return share.reduce((a, b) => a + b);
}

/** Sums over groups of t equal values: t(t − 1)/2, t(t − 1)(t − 2) and t(t − 1)(2t + 5). */
function tieSums(group: Int32Array): { pairs: number; triples: number; fives: number } {
  const sizes = new Map<number, number>();
  for (const g of group) sizes.set(g, (sizes.get(g) ?? 0) + 1);
  const sum = { pairs: 0, triples: 0, fives: 0 };
  for (const t of sizes.values()) {
    sum.pairs += t * (t - 1) / 2;
    sum.triples += t * (t - 1) * (t - 2);
    sum.fives += t * (t - 1) * (2 * t + 5);
  }
  return sum;
}

/** Points in ascending order of x with what their rank correlation needs. */
export interface KendallPoints {
  /** [n] the number, from 0, of the distinct x of each point, and that of its y. */
  readonly groupX: Int32Array;
  readonly rankY: Int32Array;
  /** A binary indexed tree (Fenwick 1994) over the y, and how many of each there are. */
  readonly tree: Int32Array;
  readonly countY: Int32Array;
}

/** The points in ascending order of x; null when there are fewer than two or one is not a number. */
export function kendallPoints(x: Column, y: Column): KendallPoints | null {
  const order = ascending(x);
  const n = order.length;
  const [groupX, rankY] = [new Int32Array(n), new Int32Array(n)];
  const sortedY = Float64Array.from(order, (i) => y[i]!);
  let [x0, y0] = [NaN, NaN];
  for (let k = 0; k < n; k++) {
    const value = x[order[k]!]!;
    if (Number.isNaN(value) || Number.isNaN(sortedY[k])) return null;
    groupX[k] = k === 0 ? 0 : groupX[k - 1]! + (value === x0 ? 0 : 1);
    x0 = value;
  }
  let rank = -1;
  for (const k of ascending(sortedY)) {
    if (sortedY[k] !== y0) rank++;
    y0 = sortedY[k]!;
    rankY[k] = rank;
  }
  return n < 2 ? null : { groupX, rankY, tree: new Int32Array(rank + 2), countY: new Int32Array(rank + 1) };
}

/** Pairs in order minus pairs out of order, and τ_b, of a sample with `count[k]` copies of the k-th point. */
export function kendallOf({ groupX, rankY, tree, countY }: KendallPoints, count: Int32Array): { excess: number; r: number } {
  const n = groupX.length;
  tree.fill(0);
  countY.fill(0);
  const upTo = (rank: number) => {
    let sum = 0;
    for (let at = rank + 1; at > 0; at &= at - 1) sum += tree[at]!;
    return sum;
  };
  let [excess, total, pairsX] = [0, 0, 0];
  for (let first = 0; first < n;) {
    let last = first;
    while (last + 1 < n && groupX[last + 1] === groupX[first]) last++;
    let together = 0;
    for (let k = first; k <= last; k++) {
      if (count[k] === 0) continue;
      const below = upTo(rankY[k]! - 1);
      excess += count[k]! * (below - (total - below - countY[rankY[k]!]!));
    }
    for (let k = first; k <= last; k++) {
      if (count[k] === 0) continue;
      together += count[k]!;
      countY[rankY[k]!]! += count[k]!;
      for (let at = rankY[k]! + 1; at < tree.length; at += at & -at) tree[at]! += count[k]!;
    }
    pairsX += together * (together - 1) / 2;
    total += together;
    first = last + 1;
  }
  const pairs = total * (total - 1) / 2;
  let pairsY = 0;
  for (const t of countY) pairsY += t * (t - 1) / 2;
  const r = excess / Math.sqrt((pairs - pairsX) * (pairs - pairsY));
  return { excess, r: pairs > pairsX && pairs > pairsY ? Math.max(-1, Math.min(1, r)) : NaN };
}
