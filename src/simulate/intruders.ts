import { spread } from './grid.js';
import type { FineGrid } from './grid.js';
import { makeConvolver, makePsf } from './psf.js';
import { starsOf } from './settings.js';
import type { BackgroundGalaxy, ForegroundStar, SimulationSettings } from './settings.js';
import { ellipticalSpectrum, starSpectrum } from './starlight.js';

/** Light in the field that is not the galaxy's. */
export interface Intruder {
  /** Per spaxel, after the PSF: times `level` the flux density. */
  readonly image: Float64Array;
  /** [1e-20 erg/s/cm²/Å] at an observed wavelength [Å, air]. */
  readonly level: (wavelength: number) => number;
}

/** Foreground stars, all of one spectrum, and the galaxy behind. */
export function paintIntruders(settings: SimulationSettings, grid: FineGrid): Intruder[] {
  const { background, psf, pixelScale } = settings;
  const convolve = makeConvolver(grid, makePsf(psf), pixelScale);
  const intruders: Intruder[] = [];
  const stars = starsOf(settings);
  if (stars.length > 0) {
    const [{ magnitude }] = stars as [ForegroundStar];
    const fine = new Float64Array(grid.width * grid.height);
    for (const one of stars) spread(grid, one.x, one.y, 0, (cell, share) => { fine[cell]! += share * 10 ** (-0.4 * (one.magnitude - magnitude)); });
    intruders.push({ image: convolve(fine), level: (wavelength) => starSpectrum(magnitude, wavelength) });
  }
  if (background) {
    intruders.push({ image: convolve(paintElliptical(background, grid, pixelScale)), level: (wavelength) => ellipticalSpectrum(background.magnitude, background.redshift, wavelength) });
  }
  return intruders;
}

/**
 * The share of an elliptical galaxy's light in every cell: the profile of de Vaucouleurs (1948), exp(−7.669 ((R/R_e)^¼ − 1)) times
 * the brightness at R_e, whose total is 7.215 π q R_e². Cells at the cusp, where a tenth of the light lies, are the mean over finer ones.
 */
function paintElliptical({ x, y, effectiveRadius, axisRatio, positionAngle }: BackgroundGalaxy, { width, height, oversample, margin }: FineGrid, pixelScale: number): Float64Array {
  const cell = pixelScale / oversample;
  const [sin, cos] = [Math.sin((positionAngle * Math.PI) / 180), Math.cos((positionAngle * Math.PI) / 180)];
  const fine = new Float64Array(width * height);
  const total = 7.214567 * Math.PI * effectiveRadius ** 2 * axisRatio;
  const brightness = (east: number, north: number) => {
    const radius = Math.hypot(east * sin + north * cos, (east * cos - north * sin) / axisRatio);
    return Math.exp(-7.669248 * ((radius / effectiveRadius) ** 0.25 - 1));
  };
  for (let row = 0, i = 0; row < height; row++) {
    const north = ((row + 0.5) / oversample - 0.5 - margin - y) * pixelScale;
    for (let column = 0; column < width; column++, i++) {
      const east = -((column + 0.5) / oversample - 0.5 - margin - x) * pixelScale;
      const parts = Math.max(Math.abs(east), Math.abs(north)) < 3 * cell ? 16 : 1;
      let sum = 0;
      for (let part = 0; part < parts ** 2; part++) {
        sum += brightness(east + cell * (((part % parts) + 0.5) / parts - 0.5), north + cell * ((Math.floor(part / parts) + 0.5) / parts - 0.5));
      }
      fine[i] = (sum / parts ** 2 * cell ** 2) / total;
    }
  }
  return fine;
}
