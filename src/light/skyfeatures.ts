/** A stretch of observed wavelength where the night sky spoils what falls on it. */
export interface SkyFeature {
  readonly name: string;
  readonly kind: 'airglow' | 'telluric' | 'laser';
  /** Air wavelengths [Å] between which a line cannot be trusted. */
  readonly from: number;
  readonly to: number;
}

const airglow = (name: string, wavelength: number, halfWidth: number): SkyFeature =>
  ({ name, kind: 'airglow', from: wavelength - halfWidth, to: wavelength + halfWidth });

const telluric = (name: string, from: number, to: number): SkyFeature => ({ name, kind: 'telluric', from, to });

/**
 * The strong airglow lines, with the half-widths that suit a resolution of 2.5 Å, and the telluric absorption bands,
 * in observed air wavelengths. Beyond 7200 Å the OH forest leaves residuals nearly everywhere; it is not listed.
 */
export const skyFeatures: readonly SkyFeature[] = [
  airglow('[OI] 5577', 5577.338, 10),
  airglow('NaI 5890', 5889.951, 8),
  airglow('NaI 5896', 5895.924, 8),
  airglow('[OI] 6300', 6300.304, 8),
  airglow('[OI] 6364', 6363.776, 8),
  telluric('O2 B band', 6860, 6960),
  telluric('H2O 7250', 7160, 7340),
  telluric('O2 A band', 7590, 7720),
  telluric('H2O 8220', 8100, 8350),
  telluric('H2O 9400', 8950, 9800),
];

/** The gap that the sodium laser guide stars leave in MUSE cubes taken with adaptive optics. */
export const sodiumNotch: SkyFeature = { name: 'Na notch', kind: 'laser', from: 5800, to: 5970 };

/**
 * The first feature that a line at this wavelength touches, or null.
 * @param wavelength Observed air wavelength [Å].
 * @param halfWidth Half-width of the line [Å]. Default 0.
 * @param features Default `skyFeatures`; add `sodiumNotch` for adaptive optics.
 */
export function skyFeatureAt(wavelength: number, halfWidth = 0, features: readonly SkyFeature[] = skyFeatures): SkyFeature | null {
  return features.find(({ from, to }) => wavelength + halfWidth >= from && wavelength - halfWidth <= to) ?? null;
}
