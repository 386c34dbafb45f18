import type { LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import type { SpectralArm } from './spectrum.js';
import { wavelengthOf, type LineWindow } from './windows.js';

/**
 * FWHM of the stellar Balmer absorption [Å, rest frame]. Single stellar populations show broad troughs of 2–7 Å; what a gas
 * line of σ 1–2 Å loses to their cores is 0.8–1.7 Å of equivalent width (measured on E-MILES, Vazdekis et al. 2016). The
 * absorption is modelled as wide as such a line, and its equivalent width is this effective one, the EW_c of Hopkins et al.
 * (2003), not that of the whole trough.
 */
export const absorptionFwhm = 4;

/** The lines that stars absorb. */
export const absorbedLines: readonly LineName[] = ['Ha', 'Hb', 'Hg', 'Hd', 'He', 'H8'];

/** Absorption beyond this part of its wavelength does not reach a pixel: ten times its width, and 2000 km/s. */
const farthest = 0.01;

/** Wavelengths [Å], at the redshift, of the absorption that reaches a window at any velocity. */
export function absorptionIn({ axis: { wavelength, medium } }: SpectralArm, { from, to }: LineWindow, redshift: number): number[] {
  return absorbedLines.map((line) => wavelengthOf(line, medium, redshift)).filter((λ) => λ > wavelength[from]! * (1 - farthest) && λ < wavelength[to - 1]! * (1 + farthest));
}

/**
 * Share of the continuum that stellar Balmer absorption takes in every pixel of a window.
 * @param centres as `absorptionIn` gives
 * @param equivalentWidth rest frame [Å]
 * @param velocity of the stars relative to the redshift [km/s]
 */
export function absorbedShare({ axis: { wavelength } }: SpectralArm, { from, to }: LineWindow, centres: readonly number[], redshift: number, equivalentWidth: number, velocity: number, share: Float64Array): void {
  const stretch = (1 + redshift) * (1 + velocity / constants.c);
  const sigma = (absorptionFwhm / constants.fwhmPerSigma) * stretch;
  const depth = (equivalentWidth * stretch) / (sigma * Math.sqrt(2 * Math.PI));
  share.fill(0, 0, to - from);
  for (const one of centres) {
    const centre = one * (1 + velocity / constants.c);
    for (let i = 0; i < to - from; i++) {
      const t = (wavelength[from + i]! - centre) / sigma;
      if (Math.abs(t) < 6) share[i]! += depth * Math.exp(-0.5 * t * t);
    }
  }
}
