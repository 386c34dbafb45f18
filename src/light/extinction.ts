/** An extinction law: k(λ) = A(λ)/E(B−V) at a wavelength [Å] for a ratio R_V of total to selective extinction. */
export type ExtinctionLaw = (wavelength: number, rv?: number) => number;

/** The value of a polynomial with ascending coefficients. */
const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduceRight((sum, c) => sum * x + c, 0);

const ccmOptical = [
  [1, 0.17699, -0.50447, -0.02427, 0.72085, 0.01979, -0.7753, 0.32999],
  [0, 1.41338, 2.28305, 1.07233, -5.38434, -0.62251, 5.3026, -2.09002],
] as const;

const odonnellOptical = [
  [1, 0.104, -0.609, 0.701, 1.137, -1.718, -0.827, 1.647, -0.505],
  [0, 1.952, 2.908, -3.989, -7.985, 11.102, 5.491, -10.805, 3.347],
] as const;

/** a(x) R_V + b(x), x in µm⁻¹, with the given optical polynomials; a boundary belongs to the bluer segment. */
function cardelli(wavelength: number, rv: number, [opticalA, opticalB]: readonly [readonly number[], readonly number[]]): number {
  const x = 1e4 / wavelength;
  if (!(x >= 0.3 && x <= 10)) return Number.NaN;
  if (x < 1.1) return x ** 1.61 * (0.574 * rv - 0.527);
  if (x < 3.3) return polynomial(opticalA, x - 1.82) * rv + polynomial(opticalB, x - 1.82);
  if (x < 8) {
    const far = Math.max(0, x - 5.9);
    const a = 1.752 - 0.316 * x - 0.104 / ((x - 4.67) ** 2 + 0.341) + polynomial([0, 0, -0.04473, -0.009779], far);
    const b = -3.09 + 1.825 * x + 1.206 / ((x - 4.62) ** 2 + 0.263) + polynomial([0, 0, 0.213, 0.1207], far);
    return a * rv + b;
  }
  return polynomial([-1.073, -0.628, 0.137, -0.07], x - 8) * rv + polynomial([13.67, 4.257, -0.42, 0.374], x - 8);
}

/**
 * The Galactic law of Cardelli, Clayton & Mathis (1989, ApJ 345, 245), 1000 Å to 3.33 µm; NaN outside.
 * @param wavelength [Å]
 * @param rv Default 3.1.
 * @returns k = A(λ)/E(B−V) = R_V a + b.
 */
export function ccm89(wavelength: number, rv = 3.1): number {
  return cardelli(wavelength, rv, ccmOptical);
}

/**
 * CCM89 with the optical coefficients of O'Donnell (1994, ApJ 422, 158).
 * @param wavelength [Å]
 * @param rv Default 3.1.
 * @returns k = A(λ)/E(B−V); NaN outside 1000 Å to 3.33 µm.
 */
export function odonnell94(wavelength: number, rv = 3.1): number {
  return cardelli(wavelength, rv, odonnellOptical);
}

/**
 * The starburst attenuation of Calzetti et al. (2000, ApJ 533, 682, eq. 4), 0.12 to 2.2 µm; NaN outside.
 * @param wavelength [Å]
 * @param rv Default 4.05.
 * @returns k = A(λ)/E(B−V).
 */
export function calzetti00(wavelength: number, rv = 4.05): number {
  if (!(wavelength >= 1200 && wavelength <= 22000)) return Number.NaN;
  const x = 1e4 / wavelength;
  return 2.659 * polynomial(wavelength < 6300 ? [-2.156, 1.509, -0.198, 0.011] : [-1.857, 1.04], x) + rv;
}

/** The laws by the name that a configuration gives them. */
export const extinctionLaws = { ccm89, odonnell94, calzetti00 } as const satisfies Readonly<Record<string, ExtinctionLaw>>;

/** F_intrinsic/F_observed = 10^(0.4 E(B−V) k) for k = A/E(B−V). */
export function dereddeningFactor(ebv: number, k: number): number {
  return 10 ** (0.4 * ebv * k);
}
