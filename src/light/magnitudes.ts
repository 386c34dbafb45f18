import { constants } from '../units/index.js';

const speedOfLight = constants.c * 1e13; // Å/s

/** f_ν [erg/s/cm²/Hz] of f_λ [erg/s/cm²/Å] at a wavelength [Å]: f_ν = f_λ λ²/c. */
export function perFrequency(fluxPerWavelength: number, wavelength: number): number {
  return (fluxPerWavelength * wavelength * wavelength) / speedOfLight;
}

/** f_λ [erg/s/cm²/Å] of f_ν [erg/s/cm²/Hz] at a wavelength [Å]. */
export function perWavelength(fluxPerFrequency: number, wavelength: number): number {
  return (fluxPerFrequency * speedOfLight) / (wavelength * wavelength);
}

/** AB magnitude of f_ν [erg/s/cm²/Hz] (Oke & Gunn 1983); NaN for a flux that is not positive. */
export function abMagnitude(fluxPerFrequency: number): number {
  return fluxPerFrequency > 0 ? -2.5 * Math.log10(fluxPerFrequency) - constants.abZeroPoint : Number.NaN;
}

/** f_ν [erg/s/cm²/Hz] of an AB magnitude. */
export function fluxOfAbMagnitude(magnitude: number): number {
  return 10 ** (-0.4 * (magnitude + constants.abZeroPoint));
}

/** Photons [1/s/cm²/Å] in f_λ [erg/s/cm²/Å] at a wavelength [Å]. */
export function photonFlux(fluxPerWavelength: number, wavelength: number): number {
  return (fluxPerWavelength * wavelength) / (constants.h * speedOfLight);
}
