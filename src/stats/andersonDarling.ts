import type { Column } from './columns.js';

export interface AndersonDarlingTest {
  /** A² of the samples, with mid-ranks for equal values, less its mean under the null and divided by its standard deviation. */
  readonly statistic: number;
  /** Probability of a statistic as large from samples of one population: the limit for large samples. */
  readonly p: number;
}

/**
 * The Anderson–Darling test of two or more samples (Scholz & Stephens 1987, their eq. 7). NaN for fewer than two samples, an empty one, one value throughout or
 * a value that is not a number.
 */
export function andersonDarling(...samples: readonly Column[]): AndersonDarlingTest {
  const sorted = samples.map((sample) => Float64Array.from(sample).sort());
  const all = Float64Array.from(sorted.flatMap((sample) => [...sample])).sort();
  const [k, N] = [samples.length, all.length];
  const none = { statistic: NaN, p: NaN };
  if (k < 2 || sorted.some(({ length }) => length === 0) || N < 4 || Number.isNaN(all[N - 1]) || all[0] === all[N - 1]) return none;

  const sums = new Float64Array(k);
  const passed = new Int32Array(k);
  for (let first = 0; first < N;) {
    let last = first;
    while (last < N && all[last] === all[first]) last++;
    const together = last - first;
    const middle = first + together / 2;
    const spread = middle * (N - middle) - N * together / 4;
    sorted.forEach((sample, s) => {
      const before = passed[s]!;
      while (passed[s]! < sample.length && sample[passed[s]!] === all[first]) passed[s]!++;
      const reached = (before + passed[s]!) / 2;
      // The last of the values, alone, has neither distance nor spread.
      if (spread > 0) sums[s]! += together * (N * reached - middle * sample.length) ** 2 / spread;
    });
    first = last;
  }
  const squared = (N - 1) / (N * N) * sums.reduce((sum, value, s) => sum + value / sorted[s]!.length, 0);
  const statistic = (squared - (k - 1)) / Math.sqrt(varianceOf(sorted.map(({ length }) => length), N));
  return { statistic, p: andersonDarlingTail(k - 1 + statistic * limitingDeviation(k - 1), k - 1) };
}

/** Standard deviation of the limiting distribution for m + 1 samples, √(2m Σ 1/[j(j + 1)]²). */
const limitingDeviation = (m: number) => Math.sqrt(2 * m * (Math.PI ** 2 / 3 - 3));

/** Variance of A² for samples of one population without equal values (Scholz & Stephens 1987, eq. 4). */
function varianceOf(sizes: readonly number[], N: number): number {
  const k = sizes.length;
  const H = sizes.reduce((sum, size) => sum + 1 / size, 0);
  // h = Σ 1/i for 1 ≤ i < N, g = Σ 1/[(N − i) j] for 1 ≤ i < j < N.
  let [h, g] = [0, 0];
  for (let j = N - 1; j >= 1; j--) {
    g += h / (N - j);
    h += 1 / j;
  }
  const a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * H;
  const b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * H - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * H + 4 * h;
  const d = (2 * h + 6) * k * k - 4 * h * k;
  return (((a * N + b) * N + c) * N + d) / ((N - 1) * (N - 2) * (N - 3));
}

/**
 * P(A > x) of A = Σ_j χ²_m/[j(j + 1)], j = 1, 2, …, the limit of A² for m + 1 samples (for m = 1 also that of one sample and a distribution). From its moment generating function
 * [−2πs/cos(½π√(1 + 8s))]^{m/2} (Anderson & Darling 1952) along a parabola around its singularities on s ≥ 1: all of the integrand decays there, so that small probabilities keep
 * their digits.
 */
export function andersonDarlingTail(x: number, m: number): number {
  if (Number.isNaN(x)) return NaN;
  // Here 1 − P is below 1e-11 and the parabola would have to be very long.
  if (x < 0.05 * m) return 1;
  // s = 1 − (q − iv)² meets the axis at 1 − q², near the saddle point of the integrand.
  const q = Math.min(0.6, Math.sqrt(Math.max(m, 1) / x) / 1.5);
  const step = q / 6;
  const reach = Math.sqrt(40 / x);
  let [sum, turned, before] = [0, 0, 0];
  for (let k = 0; k * step <= reach; k++) {
    const v = k * step;
    const s: Complex = [1 - q * q + v * v, 2 * q * v];
    const root = squareRoot([1 + 8 * s[0], 8 * s[1]]);
    const [a, b] = [Math.PI / 2 * root[0], Math.PI / 2 * root[1]];
    const cosine: Complex = [Math.cos(a) * Math.cosh(b), -Math.sin(a) * Math.sinh(b)];
    const base = quotient([-2 * Math.PI * s[0], -2 * Math.PI * s[1]], cosine);
    // The power m/2 needs the angle followed from the axis on, where it is 0.
    const angle = Math.atan2(base[1], base[0]);
    if (k > 0) turned += angle - before - 2 * Math.PI * Math.round((angle - before) / (2 * Math.PI));
    before = angle;
    const size = Math.exp(m / 2 * Math.log(Math.hypot(...base)) - x * s[0]);
    const phase = m / 2 * turned - x * s[1];
    // ds/dv = 2v + 2iq, and the integral over 2πi s.
    const factor = quotient([2 * v, 2 * q], s);
    const part = size * (factor[0] * Math.sin(phase) + factor[1] * Math.cos(phase));
    sum += k === 0 ? part / 2 : part;
  }
  return Math.min(1, sum * step / Math.PI);
}

type Complex = readonly [number, number];

function squareRoot([re, im]: Complex): Complex {
  const size = Math.hypot(re, im);
  const real = Math.sqrt((size + Math.abs(re)) / 2);
  const other = real === 0 ? 0 : Math.abs(im) / (2 * real);
  return re >= 0 ? [real, im < 0 ? -other : other] : [other, im < 0 ? -real : real];
}

function quotient([a, b]: Complex, [c, d]: Complex): Complex {
  const size = c * c + d * d;
  return [(a * c + b * d) / size, (b * c - a * d) / size];
}
