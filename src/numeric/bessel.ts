/** Modified Bessel functions of orders 0 and 1, freed of their exponentials: e⁻ˣ I₀, e⁻ˣ I₁, eˣ K₀, eˣ K₁. */
export interface ScaledBessel {
  readonly i0: number;
  readonly i1: number;
  readonly k0: number;
  readonly k1: number;
}

const euler = 0.5772156649015329;
/** From here on the asymptotic series has all its digits. */
const far = 30;
const steps = 32;

/**
 * Modified Bessel functions of x > 0, to about 1e-14: power series, from x = 30 on the asymptotic series of I; K₀ above 1 from
 * ∫ exp(−x cosh t) dt, whose trapezoid sum converges exponentially (Abramowitz & Stegun 9.6.10–13, 9.6.24, 9.7.1); K₁ from the
 * Wronskian I₀K₁ + I₁K₀ = 1/x. NaN for other x.
 */
export function besselScaled(x: number): ScaledBessel {
  if (!(x > 0)) return { i0: NaN, i1: NaN, k0: NaN, k1: NaN };
  const [i0, i1, series] = x < far ? nearSeries(x) : [farSeries(x, 0), farSeries(x, 4), 0];
  const k0 = x <= 1 ? Math.exp(x) * (series - (Math.log(x / 2) + euler) * i0 * Math.exp(x)) : secondByIntegral(x);
  return { i0, i1, k0, k1: (1 / x - i1 * k0) / i0 };
}

/** e⁻ˣI₀, e⁻ˣI₁ and Σ (x²/4)ᵏ/k!² (1 + 1/2 + … + 1/k). */
function nearSeries(x: number): [number, number, number] {
  const quarter = x * x / 4;
  let [term, harmonic, zero, one, second] = [1, 0, 1, 1, 0];
  for (let k = 1; term > zero * 1e-17; k++) {
    term *= quarter / (k * k);
    harmonic += 1 / k;
    zero += term;
    one += term / (k + 1);
    second += term * harmonic;
  }
  const fall = Math.exp(-x);
  return [zero * fall, one * fall * x / 2, second];
}

/** e⁻ˣ I of the order whose 4ν² is given. */
function farSeries(x: number, order: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; k < 30 && Math.abs(term) > 1e-17; k++) {
    term *= ((2 * k - 1) ** 2 - order) / (8 * k * x);
    sum += term;
  }
  return sum / Math.sqrt(2 * Math.PI * x);
}

/** eˣ K₀ = ∫ exp(−x (cosh t − 1)) dt from 0 to where nothing is left. */
function secondByIntegral(x: number): number {
  const step = Math.acosh(1 + 40 / x) / steps;
  let sum = 0.5;
  for (let k = 1; k <= steps; k++) sum += Math.exp(-2 * x * Math.sinh(k * step / 2) ** 2);
  return sum * step;
}
