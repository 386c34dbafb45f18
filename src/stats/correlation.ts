import { incompleteBeta } from '../numeric/index.js';
import { ascending } from './columns.js';
import { centredSums } from './sums.js';

/** A correlation coefficient with the two-sided probability of one as large from unrelated samples. */
export interface Correlation {
  readonly r: number;
  readonly p: number;
}

/**
 * Ranks from 1, equal values sharing the mean of theirs; a NaN has rank NaN and so has every value beside it,
 * because its place is unknown.
 */
export function ranks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const result = new Float64Array(n);
  const order = ascending(values);
  for (let first = 0; first < n;) {
    let last = first;
    while (last + 1 < n && values[order[last + 1]!] === values[order[first]!]) last++;
    for (let k = first; k <= last; k++) result[order[k]!] = (first + last) / 2 + 1;
    first = last + 1;
  }
  for (let i = 0; i < n; i++) if (Number.isNaN(values[i])) return result.fill(NaN);
  return result;
}

/**
 * Pearson's product-moment correlation; p from Student's t with n − 2 degrees of freedom. NaN for fewer than three
 * points, a constant sample or a value that is not a number.
 * @throws BadArgument for samples of unequal length
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  const { n, xx, yy, xy } = centredSums(x, y);
  if (n < 3 || xx === 0 || yy === 0) return { r: NaN, p: NaN };
  const r = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  return { r, p: correlationProbability(r, n) };
}

/** Spearman's rank correlation: Pearson's of the ranks, equal values sharing their mean rank. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  return pearson(ranks(x), ranks(y));
}

/**
 * Two-sided probability of a correlation at least as large as r among n unrelated pairs: Student's t with
 * t = r √[(n − 2)/(1 − r²)], n − 2 degrees of freedom. NaN for n < 3.
 */
export function correlationProbability(r: number, n: number): number {
  return incompleteBeta((n - 2) / 2, 0.5, (1 - r) * (1 + r));
}
