import { logGamma } from '../numeric/index.js';

/** The two-sample Kolmogorov–Smirnov test. */
export interface KsTest {
  /** Largest distance between the two cumulative distributions. */
  readonly d: number;
  /** Two-sided probability of a distance as large: exact up to n·m = 10⁷, the asymptotic one beyond. */
  readonly p: number;
  /** Probability from the one-sample distribution at the effective size nm/(n + m), rounded. */
  readonly pAsymptotic: number;
}

const largestExact = 1e7;

/** Two-sample Kolmogorov–Smirnov test, two-sided; NaN when a sample is empty or holds a NaN. */
export function ksTwoSample(a: ArrayLike<number>, b: ArrayLike<number>): KsTest {
  const { n, m, above, below } = distances(a, b);
  const distance = Math.max(above, below);
  if (Number.isNaN(distance)) return { d: NaN, p: NaN, pAsymptotic: NaN };
  const d = distance / (n * m);
  const pAsymptotic = ksOneSampleTail(d, Math.max(1, Math.round(n * m / (n + m))));
  return { d, p: n * m <= largestExact ? exactTail(distance, n, m, true) : pAsymptotic, pAsymptotic };
}

/** n·m times how far the cumulative distribution of `a` is above and below that of `b` at most: whole numbers; NaN when a sample is empty or holds a NaN. */
function distances(a: ArrayLike<number>, b: ArrayLike<number>): { n: number; m: number; above: number; below: number } {
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  const [n, m] = [x.length, y.length];
  if (n === 0 || m === 0 || Number.isNaN(x[n - 1]) || Number.isNaN(y[m - 1])) return { n, m, above: NaN, below: NaN };
  let [above, below] = [0, 0];
  for (let i = 0, j = 0; i < n && j < m;) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < n && x[i] === value) i++;
    while (j < m && y[j] === value) j++;
    above = Math.max(above, i * m - j * n);
    below = Math.max(below, j * n - i * m);
  }
  return { n, m, above, below };
}

/** A one-sided Kolmogorov–Smirnov test. */
export interface KsOneSided {
  readonly d: number;
  readonly p: number;
}

/**
 * The one-sided distances of two samples, exact: how far the cumulative distribution of `a` rises above that of `b` (`above`: `a` tends to smaller values), and how far it
 * falls below. NaN as `ksTwoSample`. O(n·m).
 */
export function ksOneSided(a: ArrayLike<number>, b: ArrayLike<number>): { readonly above: KsOneSided; readonly below: KsOneSided } {
  const { n, m, above, below } = distances(a, b);
  const side = (distance: number): KsOneSided => ({ d: distance / (n * m), p: Number.isNaN(distance) ? NaN : exactTail(distance, n, m, false) });
  return { above: side(above), below: side(below) };
}

/** The Kolmogorov–Smirnov test of one sample against a distribution, two-sided; NaN when it is empty or holds a NaN. */
export function ksOneSample(values: ArrayLike<number>, cumulative: (value: number) => number): KsOneSided {
  const x = Float64Array.from(values).sort();
  const n = x.length;
  if (n === 0 || Number.isNaN(x[n - 1])) return { d: NaN, p: NaN };
  let d = 0;
  x.forEach((value, i) => {
    const at = cumulative(value);
    d = Math.max(d, at - i / n, (i + 1) / n - at);
  });
  return { d, p: ksOneSampleTail(d, n) };
}

/**
 * The share of the lattice paths from (0, 0) to (n, m) that anywhere leave |i·m − j·n| < distance (Hodges 1958), or i·m − j·n < distance where it is one-sided.
 * Followed as a probability along the path, whose last step came from the left with probability i/(i + j): all terms
 * are positive, so small probabilities keep their digits.
 */
function exactTail(distance: number, n: number, m: number, twoSided: boolean): number {
  if (distance === 0) return 1;
  const left = new Float64Array(m + 1);
  for (let i = 0; i <= n; i++) {
    for (let j = 0; j <= m; j++) {
      const away = i * m - j * n;
      if ((twoSided ? Math.abs(away) : away) >= distance) left[j] = 1;
      else if (i + j === 0) left[j] = 0;
      else left[j] = (i * left[j]! + (j > 0 ? j * left[j - 1]! : 0)) / (i + j);
    }
  }
  return left[m]!;
}

/** P(K > λ) of the limiting Kolmogorov distribution, 2 Σ (−1)^{j−1} exp(−2 j² λ²) (Kolmogorov 1933). */
export function kolmogorovTail(lambda: number): number {
  if (lambda <= 0) return 1;
  if (lambda < 1) {
    // The other series of the theta function converges where the first one does not.
    let sum = 0;
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(-((k * Math.PI / lambda) ** 2) / 8);
    return 1 - Math.sqrt(2 * Math.PI) / lambda * sum;
  }
  let sum = 0;
  for (let j = 1; j <= 8; j++) sum += (j % 2 ? 1 : -1) * Math.exp(-2 * (j * lambda) ** 2);
  return 2 * sum;
}

/**
 * P(D_n ≥ d) of the one-sample, two-sided statistic of n points. In the tail twice the one-sided probability (the
 * rest is below 1e-10 of it); in the body the matrix power of Marsaglia, Tsang & Wang (2003); beyond 2000 points the
 * limiting distribution with Stephens's (1970) correction.
 */
export function ksOneSampleTail(d: number, n: number): number {
  if (d <= 0.5 / n) return 1;
  if (d >= 1) return 0;
  if (n * d * d > 4) return 2 * smirnovTail(d, n);
  const root = Math.sqrt(n);
  return n <= 2000 ? 1 - marsagliaTsangWang(d, n) : kolmogorovTail((root + 0.12 + 0.11 / root) * d);
}

/** P(D⁺_n ≥ d), one-sided (Birnbaum & Tingey 1951). */
function smirnovTail(d: number, n: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const above = 1 - d - j / n;
    const logBinomial = logGamma(n + 1) - logGamma(j + 1) - logGamma(n - j + 1);
    sum += Math.exp(logBinomial + (j - 1) * Math.log(d + j / n) + (n > j ? (n - j) * Math.log(above) : 0));
  }
  return d * sum;
}

/** P(D_n < d) = n!/nⁿ (Hⁿ)_kk (Marsaglia, Tsang & Wang 2003), H of side 2k − 1. */
function marsagliaTsangWang(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const side = 2 * k - 1;
  const h = k - n * d;
  const H = new Float64Array(side * side);
  for (let i = 0; i < side; i++) for (let j = 0; j <= Math.min(i + 1, side - 1); j++) H[i * side + j] = 1;
  for (let i = 0; i < side; i++) {
    H[i * side]! -= h ** (i + 1);
    H[(side - 1) * side + i]! -= h ** (side - i);
  }
  if (2 * h > 1) H[(side - 1) * side]! += (2 * h - 1) ** side;
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) for (let g = 1; g <= i - j + 1; g++) H[i * side + j]! /= g;
  }
  const { matrix, exponent } = power(H, side, n);
  let value = matrix[(k - 1) * side + k - 1]!;
  let scale = exponent;
  for (let i = 1; i <= n; i++) {
    value *= i / n;
    if (value < 1e-140) {
      value *= 1e140;
      scale -= 140;
    }
  }
  return value * 10 ** scale;
}

/** Hⁿ = matrix · 10^exponent. */
function power(H: Float64Array, side: number, n: number): { matrix: Float64Array; exponent: number } {
  if (n === 1) return { matrix: H, exponent: 0 };
  const half = power(H, side, n >> 1);
  let matrix = multiply(half.matrix, half.matrix, side);
  let exponent = 2 * half.exponent;
  if (n % 2) matrix = multiply(H, matrix, side);
  const middle = (side >> 1) * (side + 1);
  if (matrix[middle]! > 1e140) {
    matrix = matrix.map((value) => value * 1e-140);
    exponent += 140;
  }
  return { matrix, exponent };
}

function multiply(A: Float64Array, B: Float64Array, side: number): Float64Array {
  const product = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let k = 0; k < side; k++) {
      const a = A[i * side + k]!;
      if (a !== 0) for (let j = 0; j < side; j++) product[i * side + j]! += a * B[k * side + j]!;
    }
  }
  return product;
}
