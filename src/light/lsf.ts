import { ZgradError } from '../errors/index.js';
import { locate } from '../numeric/index.js';
import { constants } from '../units/index.js';
import type { SpectralAxis } from './axis.js';

/**
 * A line-spread function as data, so that it can be stored and sent to a worker. FWHM in Å, observed frame: that of the light before pixels average it, as all fits
 * take it. One that was measured by sampled Gaussians on pixels has the pixel's variance, width²/12, `included`, which `lsfBeforePixel` takes out; taken for the
 * other it would count twice, a tenth of σ² for MUSE. Default 'before'. 'muse' is the measured one of the MUSE wide field (see `museLsf`; field 'udf10' unless said); a table is
 * interpolated linearly in ascending wavelength [Å] and constant beyond its ends.
 */
export type Lsf =
  | { readonly kind: 'constant'; readonly fwhm: number; readonly pixel?: 'before' | 'included' }
  | { readonly kind: 'muse'; readonly field?: keyof typeof museLsf }
  | { readonly kind: 'table'; readonly wavelength: readonly number[]; readonly fwhm: readonly number[]; readonly pixel?: 'before' | 'included' };

/**
 * FWHM [Å] = a λ² + b λ + c of the MUSE Hubble Ultra Deep Field data (Bacon et al. 2017). The coefficients of the
 * mosaic were not confirmed from a second source.
 */
export const museLsf = {
  udf10: { coefficients: [5.835e-8, -9.08e-4, 5.983], unverified: false },
  mosaic: { coefficients: [5.866e-8, -9.187e-4, 6.04], unverified: true },
} as const;

/** FWHM [Å] of the line-spread function at an observed wavelength [Å]. */
export function lsfFwhm(lsf: Lsf, wavelength: number): number {
  switch (lsf.kind) {
    case 'constant': return lsf.fwhm;
    case 'muse': {
      const [a, b, c] = museLsf[lsf.field ?? 'udf10'].coefficients;
      return (a * wavelength + b) * wavelength + c;
    }
    case 'table': {
      const { wavelength: x, fwhm } = lsf;
      if (x.length < 2) return fwhm[0] ?? Number.NaN;
      const left = locate(x, wavelength);
      const share = Math.min(1, Math.max(0, (wavelength - x[left]!) / (x[left + 1]! - x[left]!)));
      return fwhm[left]! * (1 - share) + fwhm[left + 1]! * share;
    }
  }
}

/** Standard deviation [Å] of the line-spread function at an observed wavelength [Å]. */
export function lsfSigma(lsf: Lsf, wavelength: number): number {
  return lsfFwhm(lsf, wavelength) / constants.fwhmPerSigma;
}

/**
 * The line-spread function before the pixels of an axis: its variance less width²/12 where they are included in it, else itself.
 * @param axis edges [n + 1], wavelength [n] in Å
 * @throws BadArgument when it is narrower than its pixels
 */
export function lsfBeforePixel(lsf: Lsf, { wavelength, edges }: Pick<SpectralAxis, 'wavelength' | 'edges'>): Lsf {
  if (lsf.kind === 'muse' || lsf.pixel !== 'included') return lsf;
  const fwhm = Array.from(wavelength, (λ, k) => {
    const pixel = edges[k + 1]! - edges[k]!;
    const variance = lsfSigma(lsf, λ) ** 2 - pixel ** 2 / 12;
    if (variance > 0) return constants.fwhmPerSigma * Math.sqrt(variance);
    throw new ZgradError('BadArgument', {
      where: 'line-spread function', found: `${lsfFwhm(lsf, λ).toPrecision(4)} Å FWHM at ${λ.toFixed(1)} Å, with pixels of ${pixel.toPrecision(4)} Å included in it`,
      expected: `more than ${(pixel * constants.fwhmPerSigma / Math.sqrt(12)).toPrecision(4)} Å`,
    });
  });
  return { kind: 'table', wavelength: Array.from(wavelength), fwhm };
}
