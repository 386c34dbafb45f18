import { skyFeatureAt } from '../light/index.js';
import type { Cube } from './cube.js';

/** Rest wavelengths [Å] of the continuum that bins are judged by: no strong lines, in every optical spectrograph. */
const band = [5450, 5550] as const;
/** Fewer wavelengths of the band in the data say too little: all of them are used then. */
const fewestPixels = 10;

/**
 * The continuum near 5500 Å (rest frame) of every spaxel and its noise in a mean over 1 Å [units of the cube], for binning to a S/N per Å. Where the cube does not
 * reach 5500 Å, all wavelengths stand for it. NaN for a spaxel without a good pixel there. Pixels are taken as independent.
 */
export function continuumSignal({ nx, ny, arms }: Pick<Cube, 'nx' | 'ny' | 'arms'>, redshift: number): { readonly signal: Float64Array; readonly noise: Float64Array } {
  const near = arms.map(({ axis: { wavelength } }) => Array.from(wavelength.keys()).filter((k) => {
    const λ = wavelength[k]!;
    return λ >= band[0] * (1 + redshift) && λ <= band[1] * (1 + redshift) && skyFeatureAt(λ) === null;
  }));
  const enough = near.reduce((sum, pixels) => sum + pixels.length, 0) >= fewestPixels;
  const used = enough ? near : arms.map(({ axis: { wavelength } }) => Array.from(wavelength.keys()));
  const signal = new Float64Array(nx * ny).fill(Number.NaN);
  const noise = new Float64Array(nx * ny).fill(Number.NaN);
  for (let s = 0; s < signal.length; s++) {
    let [sum, square, count] = [0, 0, 0];
    arms.forEach(({ axis: { wavelength, edges }, flux, variance }, a) => {
      const first = s * wavelength.length;
      for (const k of used[a]!) {
        const [f, v] = [flux[first + k]!, variance[first + k]!];
        if (!(f - f === 0 && v > 0 && v < Infinity)) continue;
        sum += f;
        square += v * (edges[k + 1]! - edges[k]!);
        count++;
      }
    });
    if (count === 0) continue;
    signal[s] = sum / count;
    noise[s] = Math.sqrt(square / count);
  }
  return { signal, noise };
}
