import type { Column } from './columns.js';

/**
 * The smallest share of false discoveries at which each of several tests would still count as one (q-values): p · m/rank, made monotone (Benjamini & Hochberg 1995). Right for tests that are
 * independent or positively dependent. A test whose p is NaN was not made: its q is NaN and it does not count.
 */
export function benjaminiHochberg(p: Column): Float64Array {
  return stepUp(p, () => 1);
}

/** The same for tests that depend on one another in any way: times Σ 1/i up to the number of tests (Benjamini & Yekutieli 2001). */
export function benjaminiYekutieli(p: Column): Float64Array {
  return stepUp(p, (tests) => Array.from({ length: tests }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0));
}

function stepUp(p: Column, penalty: (tests: number) => number): Float64Array {
  const made = Array.from(p, (_, i) => i).filter((i) => !Number.isNaN(p[i]!)).sort((i, j) => p[j]! - p[i]!);
  const tests = made.length;
  const factor = tests * penalty(tests);
  const q = new Float64Array(p.length).fill(NaN);
  let least = 1;
  made.forEach((i, k) => {
    least = Math.min(least, p[i]! * factor / (tests - k));
    q[i] = least;
  });
  return q;
}
