import type { Binning } from '../binning/index.js';
import { dereddenFactors, extractPixels, extractSpectrum, spectrumBuffers, type Arm } from '../cube/index.js';
import type { Spectrum } from '../spectrum/index.js';
import type { HeldCube } from './heldCube.js';

/** The spectra of any bin of a cube, foreground dust taken off; each is overwritten by the next of the same reader. */
export type SpectraOfBin = (binning: Binning, b: number) => readonly Spectrum[];

/** @param ebv Galactic E(B−V) [mag] */
export function createSpectraReader(held: Pick<HeldCube, 'unit' | 'sectors'>, arms: readonly Arm[], ebv: number): SpectraOfBin {
  const cube = { unit: held.unit, sectors: held.sectors, arms };
  const factors = ebv > 0 ? dereddenFactors(cube, ebv) : null;
  const buffers = spectrumBuffers(cube);
  const spectra: Spectrum[] = arms.map(({ axis, lsf }, a) => ({ axis, lsf, flux: buffers[a]!.flux, variance: buffers[a]!.variance }));
  return (binning, b) => {
    extractSpectrum(cube, binning, b, buffers, factors);
    return spectra;
  };
}

/** Some pixels of any spaxel, foreground dust taken off; the others are NaN. Overwritten by the next of the same reader. */
export type SpectraOfSpaxel = (spaxel: number) => readonly Spectrum[];

/**
 * @param ebv Galactic E(B−V) [mag]
 * @param pixels that are read, per arm
 */
export function createSpaxelReader(held: Pick<HeldCube, 'unit' | 'sectors'>, arms: readonly Arm[], ebv: number, pixels: readonly Int32Array[]): SpectraOfSpaxel {
  const cube = { unit: held.unit, sectors: held.sectors, arms };
  const factors = ebv > 0 ? dereddenFactors(cube, ebv) : null;
  const spectra: Spectrum[] = arms.map(({ axis, lsf }) => ({ axis, lsf, flux: new Float64Array(axis.wavelength.length).fill(Number.NaN), variance: new Float64Array(axis.wavelength.length).fill(Number.NaN) }));
  return (spaxel) => {
    extractPixels(cube, spaxel, pixels, spectra, factors);
    return spectra;
  };
}
