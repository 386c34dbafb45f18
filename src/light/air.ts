/**
 * Formulae for the refractive index of air at standard conditions (15 °C, 1 atm, dry), σ = 10⁴/λ in µm⁻¹. Those of
 * `argument` 'vacuum' take the vacuum wavelength; Piskunov's fit takes the air wavelength.
 * - Ciddor1996: Ciddor (1996, Appl. Opt. 35, 1566, eq. 1), the default
 * - Morton1991: Morton (1991, ApJS 77, 119) as used by SDSS; 0.006 Å off the others at 9300 Å
 * - Morton2000: Morton (2000, ApJS 130, 403, eq. 8), from Birch & Downs (1994)
 * - Edlen1953: Edlén (1953, J. Opt. Soc. Am. 43, 339), the standard of the IAU
 * - PeckReeder1972: Peck & Reeder (1972, J. Opt. Soc. Am. 62, 958)
 * - Griesen2006: Greisen et al. (2006, A&A 446, 747, eq. 65), the FITS standard; 0.07 Å off the others in the optical
 * - Piskunov: N. Piskunov's inverse of Morton2000, used by VALD
 */
const formulae = {
  Ciddor1996: { argument: 'vacuum', excess: (s: number) => 5.792105e-2 / (238.0185 - s) + 1.67917e-3 / (57.362 - s) },
  Morton1991: { argument: 'vacuum', excess: (s: number) => 2.735182e-4 + 1.314182e-6 * s + 2.76249e-8 * s * s },
  Morton2000: { argument: 'vacuum', excess: (s: number) => 8.34254e-5 + 2.406147e-2 / (130 - s) + 1.5998e-4 / (38.9 - s) },
  Edlen1953: { argument: 'vacuum', excess: (s: number) => 6.4328e-5 + 2.94981e-2 / (146 - s) + 2.554e-4 / (41 - s) },
  PeckReeder1972: { argument: 'vacuum', excess: (s: number) => 5.791817e-2 / (238.0185 - s) + 1.67909e-3 / (57.362 - s) },
  Griesen2006: { argument: 'vacuum', excess: (s: number) => 1e-6 * (287.6155 + 1.62887 * s + 0.0136 * s * s) },
  Piskunov: {
    argument: 'air',
    excess: (s: number) => 8.336624212083e-5 + 2.408926869968e-2 / (130.1065924522 - s) + 1.599740894897e-4 / (38.92568793293 - s),
  },
} as const;

/** The name of a formula for the refractive index of air. */
export type AirFormula = keyof typeof formulae;

/** Below this, wavelengths are quoted in vacuum by convention and the formulae have their poles. */
const shortest = 2000;

/** n(λ) − 1 of air at the wavelength [Å] that the formula takes. */
function refractivity(formula: AirFormula, wavelength: number): number {
  return formulae[formula].excess((1e4 / wavelength) ** 2);
}

/** The x with x · n(x)^±1 = target; each turn gains four digits. */
function invert(formula: AirFormula, target: number, toVacuum: boolean): number {
  let x = target;
  for (let turn = 0; turn < 6; turn++) {
    const n = 1 + refractivity(formula, x);
    x = toVacuum ? target * n : target / n;
  }
  return x;
}

/**
 * Vacuum wavelength [Å] of an air wavelength [Å]; below 2000 Å it is returned as it is. Formulae that take the vacuum
 * wavelength are inverted exactly (by iteration), so that `vacuumToAir` leads back.
 */
export function airToVacuum(wavelength: number, formula: AirFormula = 'Ciddor1996'): number {
  if (wavelength < shortest) return wavelength;
  if (formulae[formula].argument === 'vacuum') return invert(formula, wavelength, true);
  return wavelength * (1 + refractivity(formula, wavelength));
}

/** Air wavelength [Å] of a vacuum wavelength [Å], the inverse of `airToVacuum`; below 2000 Å it is returned as it is. */
export function vacuumToAir(wavelength: number, formula: AirFormula = 'Ciddor1996'): number {
  if (wavelength < shortest) return wavelength;
  if (formulae[formula].argument === 'air') return invert(formula, wavelength, false);
  return wavelength / (1 + refractivity(formula, wavelength));
}

/**
 * Vacuum wavelength [Å] with the index taken at the air wavelength, as specutils' default and pPXF do: up to
 * 1e-5 Å from the exact inverse.
 */
export function airToVacuumOneStep(wavelength: number, formula: AirFormula = 'Ciddor1996'): number {
  return wavelength * (1 + refractivity(formula, wavelength));
}
