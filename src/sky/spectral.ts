import type { SpectralWcs } from './wcs.js';

/** Wavelength [Å] of a zero-based pixel. */
export function wavelengthAt({ type, referencePixel, referenceValue, step }: SpectralWcs, pixel: number): number {
  const offset = step * (pixel - referencePixel);
  return type === 'linear' ? referenceValue + offset : referenceValue * Math.exp(offset / referenceValue);
}

/** Zero-based (fractional) pixel of a wavelength [Å]. */
export function pixelOfWavelength({ type, referencePixel, referenceValue, step }: SpectralWcs, wavelength: number): number {
  const offset = type === 'linear' ? wavelength - referenceValue : referenceValue * Math.log(wavelength / referenceValue);
  return referencePixel + offset / step;
}
