import type { Column } from './columns.js';
import { ranks } from './correlation.js';
import { normalTail } from './distributions.js';

export interface MannWhitneyTest {
  /** Pairs in which the value of the first sample is the larger one, equal ones counted half. */
  readonly u: number;
  /** Two-sided probability of a U as far from its mean: exact, equal values included, for samples that are small enough, the normal limit beyond. */
  readonly p: number;
  /** The normal limit with the variance for ties and the continuity correction of ½. */
  readonly pAsymptotic: number;
  readonly exact: boolean;
}

/** Additions that counting may take: some twenty values in each sample, where the limit is good to a per cent. */
const mostWork = 1e6;

/** The Mann–Whitney (1947) test, also called Wilcoxon's rank-sum test. NaN when a sample is empty or holds a NaN; with one value throughout p is 1. */
export function mannWhitney(a: Column, b: Column): MannWhitneyTest {
  const [n, m] = [a.length, b.length];
  const together = ranks([...Array.from(a), ...Array.from(b)]);
  const total = n + m;
  if (n === 0 || m === 0 || Number.isNaN(together[0])) return { u: NaN, p: NaN, pAsymptotic: NaN, exact: false };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += together[i]!;
  const u = sum - n * (n + 1) / 2;
  const sizes = new Map<number, number>();
  for (const rank of together) sizes.set(rank, (sizes.get(rank) ?? 0) + 1);
  const ties = [...sizes.values()].reduce((cubes, t) => cubes + t * (t * t - 1), 0);
  const deviation = Math.sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))));
  const away = Math.abs(u - n * m / 2);
  const pAsymptotic = deviation > 0 ? Math.min(1, 2 * normalTail((away - 0.5) / deviation)) : 1;
  const few = Math.min(n, m);
  const exact = total * few * 2 * n * m <= mostWork;
  return { u, p: exact ? countedProbability(together, few, 2 * away) : pAsymptotic, pAsymptotic, exact };
}

/**
 * The share of the ways to choose `few` of the ranks for which twice the distance of their U from its mean is at least `distance`. Ranks join in ascending order; each of those chosen so far may be the
 * rank that joins, which makes all terms positive.
 */
function countedProbability(together: Float64Array, few: number, distance: number): number {
  const total = together.length;
  const doubled = Array.from(together, (rank) => Math.round(2 * rank)).sort((i, j) => i - j);
  // Twice the sum of `k` ranks less the least it can be, k(k + 1): from 0 to 2 · few · many, or little more with ties.
  const width = 2 * few * (total - few) + 1;
  /** share[k][s]: probability that k of the ranks so far are chosen, with sum s. */
  const share = Array.from({ length: few + 1 }, () => new Float64Array(width));
  share[0]![0] = 1;
  doubled.forEach((rank, joined) => {
    const left = total - joined;
    for (let k = Math.min(few - 1, joined); k >= -1; k--) {
      // From k + 1 chosen: this one is not; from k chosen: this one is.
      const [into, from] = [share[k + 1]!, k >= 0 ? share[k]! : null];
      const stays = (left - (few - k - 1)) / left;
      const joins = (few - k) / left;
      const gain = rank - 2 * (k + 1);
      for (let s = width - 1; s >= 0; s--) {
        const before = s - gain;
        into[s] = into[s]! * Math.max(0, stays) + (from && before >= 0 && before < width ? from[before]! * joins : 0);
      }
    }
  });
  const middle = few * (total - few);
  return Math.min(1, share[few]!.reduce((sum, value, s) => sum + (Math.abs(s - middle) >= distance - 1e-9 ? value : 0), 0));
}
