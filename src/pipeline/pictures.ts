import type { SpectrumBin, StarsBin } from '../figures/index.js';
import type { Continuum, LineFitter, Spectrum } from '../spectrum/index.js';
import type { KeptStars } from './fitStars.js';

/** The line fit of a bin as the report shows it, after `fit`: rest frame, the windows of the strong lines. */
export function pictureLines(label: string, fitter: LineFitter, spectra: readonly Spectrum[], redshift: number): SpectrumBin {
  return {
    label,
    windows: fitter.windows.flatMap((window, w) => {
      if (!['Hβ', '[O III]', 'Hα', '[S II]'].includes(window.name)) return [];
      const { axis, flux, variance } = spectra[window.arm]!;
      return [{
        wavelength: axis.wavelength.slice(window.from, window.to).map((λ) => λ / (1 + redshift)),
        flux: flux.slice(window.from, window.to), error: variance.slice(window.from, window.to).map(Math.sqrt), ...fitter.picture(w),
      }];
    }),
  };
}

/** The stars of a bin over everything that the library covers, in the rest frame: all arms one after the other. */
export function pictureStars(label: string, spectra: readonly Spectrum[], continuum: Continuum, { fit, model: covered }: KeptStars, redshift: number): StarsBin {
  let p = 0;
  const arms = spectra.map(({ axis: { wavelength }, flux }, a) => {
    const kept: number[] = [];
    const used: boolean[] = [];
    for (let k = 0; k < wavelength.length; k++, p++) {
      if (Number.isNaN(covered[a]![k]!)) continue;
      kept.push(k);
      used.push(fit.used[p] === 1 && continuum.rejected[a]![k] === 0);
    }
    const take = (values: ArrayLike<number>): Float64Array => Float64Array.from(kept, (k) => values[k]!);
    return { wavelength: take(wavelength).map((λ) => λ / (1 + redshift)), flux: take(flux), model: take(continuum.model[a]!), used };
  });
  return { label, arms: arms.filter(({ wavelength }) => wavelength.length > 1) };
}
