/**
 * Physical constants and conventions (CODATA 2018, IAU 2012/2015 nominal values, Asplund et al. 2009 abundances).
 * The unit stands beside each.
 */
export const constants = {
  /** Speed of light [km/s]. */
  c: 299792.458,
  /** Gravitational constant [kpc km² s⁻² Msun⁻¹]. */
  G: 4.300917270e-6,
  /** Planck's constant [erg s]. */
  h: 6.62607015e-27,
  /** Parsec [cm]. */
  parsec: 3.085677581491367e18,
  /** Megaparsec [cm]. */
  megaparsec: 3.085677581491367e24,
  /** Julian year [s]. */
  year: 3.15576e7,
  /** Nominal solar luminosity [erg/s]. */
  solarLuminosity: 3.828e33,
  /** Solar mass [g]. */
  solarMass: 1.98840987e33,
  /** m_AB = −2.5 log₁₀ f_ν − this, f_ν in erg/s/cm²/Hz (Oke & Gunn 1983). */
  abZeroPoint: 48.60,
  /** Flux density of one nanomaggy [erg/s/cm²/Hz], m = 22.5 − 2.5 log₁₀ nMgy. */
  nanomaggy: 3.631e-29,
  /** FWHM/σ of a Gaussian, 2√(2 ln 2). */
  fwhmPerSigma: 2.354820045030949,
  /** Arcseconds in a radian. */
  arcsecPerRadian: 206264.80624709636,
  /** Solar oxygen abundance 12 + log(O/H) (Asplund et al. 2009), the pivot of the strong-line calibrations. */
  solarOxygen: 8.69,
  /** Solar metal mass fraction, photosphere today (Asplund et al. 2009). */
  solarMetallicity: 0.0134,
} as const;
