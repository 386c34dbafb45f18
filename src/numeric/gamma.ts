// Lanczos (1964) approximation with g = 7 and nine terms.
const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7];

/** ln Γ(x) for x > 0, to about 1e-15 (Lanczos 1964); NaN for x ≤ 0. */
export function logGamma(x: number): number {
  if (!(x > 0)) return NaN;
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  if (x === 1 || x === 2) return 0;
  let sum = lanczos[0]!;
  for (let i = 1; i < 9; i++) sum += lanczos[i]! / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised lower incomplete gamma function P(a, x), a > 0, x ≥ 0; NaN outside. */
export function incompleteGamma(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return NaN;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), accurate where it is tiny. */
export function incompleteGammaUpper(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return NaN;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

/** P(a, x) by its power series (Abramowitz & Stegun 6.5.29): fast for x < a + 1. */
function gammaSeries(a: number, x: number): number {
  if (x === 0) return 0;
  let term = 1 / a;
  let sum = term;
  for (let k = 1; Math.abs(term) > sum * 1e-17; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Q(a, x) by its continued fraction (Abramowitz & Stegun 6.5.31): fast for x ≥ a + 1. */
function gammaFraction(a: number, x: number): number {
  if (x === Infinity) return 0;
  const fraction = continuedFraction((k) => k === 1 ? 1 : (k - 1) * (a - k + 1), (k) => x + 2 * k - 1 - a);
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a));
}

/** Regularised incomplete beta function I_x(a, b), a, b > 0, 0 ≤ x ≤ 1; NaN outside (Abramowitz & Stegun 26.5.8). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) return NaN;
  if (x === 0 || x === 1) return x;
  return x < (a + 1) / (a + b + 2) ? betaFraction(a, b, x, 1 - x) : 1 - betaFraction(b, a, 1 - x, x);
}

function betaFraction(a: number, b: number, x: number, complement: number): number {
  const numerator = (k: number) => {
    if (k === 1) return 1;
    const m = (k - 1) >> 1;
    return k % 2 === 0
      ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
  };
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement);
  return Math.exp(logFactor) / a * continuedFraction(numerator, () => 1);
}

/** a₁/(b₁ + a₂/(b₂ + …)) from the front (Lentz 1976, Thompson & Barnett 1986). */
function continuedFraction(numerator: (k: number) => number, denominator: (k: number) => number): number {
  const tiny = 1e-300; // stands for a zero that would divide
  let value = tiny;
  let c = value;
  let d = 0;
  for (let k = 1; k < 10_000; k++) {
    d = 1 / (denominator(k) + numerator(k) * d || tiny);
    c = denominator(k) + numerator(k) / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}
