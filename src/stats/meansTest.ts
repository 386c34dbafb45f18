import type { Column } from './columns.js';
import { studentTwoSided } from './distributions.js';
import { mean, standardDeviation } from './moments.js';

export interface MeansTest {
  readonly t: number;
  /** Degrees of freedom. */
  readonly freedom: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Whether two samples have one mean: Student's t with a common variance, or Welch's (1947) with one for each. NaN for samples of fewer than two values, without scatter or with a NaN.
 * @param variances `each` when not given
 */
export function compareMeans(a: Column, b: Column, variances: 'common' | 'each' = 'each'): MeansTest {
  const [n, m] = [a.length, b.length];
  const [varA, varB] = [standardDeviation(a) ** 2 / n, standardDeviation(b) ** 2 / m];
  const common = (n * (n - 1) * varA + m * (m - 1) * varB) / (n + m - 2) * (1 / n + 1 / m);
  const variance = variances === 'each' ? varA + varB : common;
  const freedom = variances === 'each' ? variance ** 2 / (varA ** 2 / (n - 1) + varB ** 2 / (m - 1)) : n + m - 2;
  const t = (mean(a) - mean(b)) / Math.sqrt(variance);
  return variance > 0 ? { t, freedom, p: studentTwoSided(t, freedom) } : { t: NaN, freedom: NaN, p: NaN };
}
