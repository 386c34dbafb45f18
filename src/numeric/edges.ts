/** What lies beyond the ends of a row a b c d: 'reflect' b a | a b c d | d c, 'nearest' a a | a b c d | d d. */
export type Edges = 'reflect' | 'nearest';

/** The index in 0 … n − 1 that stands for index k. */
export function insideIndex(k: number, n: number, edges: Edges): number {
  if (k >= 0 && k < n) return k;
  if (edges === 'nearest') return k < 0 ? 0 : n - 1;
  const folded = ((k % (2 * n)) + 2 * n) % (2 * n);
  return folded < n ? folded : 2 * n - 1 - folded;
}
