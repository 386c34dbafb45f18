import { constants } from '../units/index.js';

/**
 * A line-spread function as data, so that it can be stored and sent to a worker. FWHM in Å, observed frame.
 * 'muse' is the measured one of the MUSE wide field (see `museLsf`; field 'udf10' unless said); a table is
 * interpolated linearly in ascending wavelength [Å] and constant beyond its ends.
 */
export type Lsf =
  | { readonly kind: 'constant'; readonly fwhm: number }
  | { readonly kind: 'muse'; readonly field?: keyof typeof museLsf }
  | { readonly kind: 'table'; readonly wavelength: readonly number[]; readonly fwhm: readonly number[] };

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
      const right = x.findIndex((at) => at > wavelength);
      if (right < 0) return fwhm[fwhm.length - 1] ?? Number.NaN;
      if (right === 0) return fwhm[0]!;
      const share = (wavelength - x[right - 1]!) / (x[right]! - x[right - 1]!);
      return fwhm[right - 1]! * (1 - share) + fwhm[right]! * share;
    }
  }
}

/** Standard deviation [Å] of the line-spread function at an observed wavelength [Å]. */
export function lsfSigma(lsf: Lsf, wavelength: number): number {
  return lsfFwhm(lsf, wavelength) / constants.fwhmPerSigma;
}
