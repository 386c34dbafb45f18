import { sameLength, type Column } from './columns.js';
import { ranks } from './correlation.js';

/** Largest sample whose permutations are counted: 2¹² sets of values placed, each with a distribution of the sum. */
const largest = 12;

/**
 * Two-sided probability, over all n! permutations of y, of a Spearman correlation at least as far from 0 as the sample's; equal values are allowed.
 * For up to 12 points, where Student's t is not yet good; NaN for more, fewer than two, a constant column or a value that is not a number.
 * @throws BadArgument for columns of unequal length
 */
export function spearmanExactProbability(x: Column, y: Column): number {
  const n = sameLength("Spearman's correlation", x, y);
  if (n < 2 || n > largest) return NaN;
  // Twice the distance of mid-ranks from their mean: whole numbers.
  const [u, v] = [x, y].map((column) => Array.from(ranks(column), (rank) => Math.round(2 * rank - n - 1)));
  const found = Math.abs(u!.reduce((sum, a, i) => sum + a * v![i]!, 0));
  if (Number.isNaN(found) || u!.every((a) => a === 0) || v!.every((b) => b === 0)) return NaN;
  // The share of the ways to place the values of a set beside the first u that give each sum.
  let shares = new Map<number, Map<number, number>>([[0, new Map([[0, 1]])]]);
  for (let i = 0; i < n; i++) {
    const next = new Map<number, Map<number, number>>();
    for (const [set, sums] of shares) {
      for (let j = 0; j < n; j++) {
        if (set & (1 << j)) continue;
        const wider = set | (1 << j);
        let into = next.get(wider);
        if (!into) next.set(wider, into = new Map());
        for (const [sum, share] of sums) {
          const value = sum + u![i]! * v![j]!;
          into.set(value, (into.get(value) ?? 0) + share / (n - i));
        }
      }
    }
    shares = next;
  }
  let p = 0;
  for (const [sum, share] of shares.get(2 ** n - 1)!) if (Math.abs(sum) >= found) p += share;
  return Math.min(1, p);
}
