/** The medium that wavelengths are quoted in. */
export type Medium = 'air' | 'vacuum';

/** The wavelengths of one spectral arm: observed frame, Å, ascending, with the pixels' edges. */
export interface SpectralAxis {
  /** Pixel centres [Å], length n. */
  readonly wavelength: Float64Array;
  /** Pixel edges [Å], length n + 1: pixel k spans edges[k] to edges[k+1]. */
  readonly edges: Float64Array;
  readonly medium: Medium;
}

/** A line-spread function as data, so that it can be stored and sent to a worker. FWHM in Å, observed frame. */
export type Lsf =
  | { readonly kind: 'constant'; readonly fwhm: number }
  | { readonly kind: 'muse' }
  | { readonly kind: 'table'; readonly wavelength: readonly number[]; readonly fwhm: readonly number[] };
