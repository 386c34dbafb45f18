/** A filter as data: response per photon at evenly spaced air wavelengths, zero beyond, and the Sun's absolute AB magnitude in it. */
export interface Filter {
  readonly name: string;
  /** First wavelength and spacing [Å]. */
  readonly start: number;
  readonly step: number;
  readonly response: readonly number[];
  readonly sun: number;
  /** The Sun's magnitude was not confirmed from a second source. */
  readonly unverified: boolean;
}

/**
 * The response of the SDSS filters with 1.2 air masses (Doi et al. 2010), every 60 Å: magnitudes of galaxies are those of the full
 * curves to 0.005. Solar magnitudes: Willmer (2018).
 */
export const filters = {
  g: { name: 'SDSS g', start: 3619, step: 60, sun: 5.11, unverified: true, response: [
    0.0001, 0.0022, 0.0019, 0.003, 0.0197, 0.0612, 0.1185, 0.1822, 0.2209, 0.2547, 0.2726, 0.2895, 0.3059, 0.3188, 0.3327, 0.3432, 0.3524, 0.3611, 0.3683, 0.3751, 0.3807, 0.3861, 0.3909, 0.3953, 0.3995, 0.4025, 0.3978, 0.391, 0.3032, 0.1132, 0.0288, 0.0114, 0.0041, 0.001, 0,
  ] },
  r: { name: 'SDSS r', start: 5379, step: 60, sun: 4.65, unverified: false, response: [
    0.0004, 0.0049, 0.0586, 0.1809, 0.2904, 0.3751, 0.414, 0.4343, 0.4492, 0.4583, 0.4669, 0.4743, 0.48, 0.4792, 0.4867, 0.4955, 0.4994, 0.5014, 0.5001, 0.501, 0.5004, 0.4849, 0.4013, 0.2174, 0.0702, 0.0208, 0.0087, 0.0033, 0,
  ] },
  i: { name: 'SDSS i', start: 6599, step: 60, sun: 4.53, unverified: true, response: [
    0.0003, 0.0014, 0.0055, 0.0295, 0.1004, 0.2046, 0.3295, 0.4027, 0.4348, 0.4429, 0.4154, 0.4238, 0.4217, 0.4241, 0.4147, 0.4036, 0.4081, 0.2197, 0.3629, 0.3618, 0.3458, 0.338, 0.3317, 0.3256, 0.32, 0.3121, 0.2555, 0.1202, 0.0259, 0.0087, 0,
  ] },
} as const satisfies Readonly<Record<string, Filter>>;

export type FilterName = keyof typeof filters;

/** The response at a wavelength [Å], linear between the tabulated ones. */
export function filterResponse({ start, step, response }: Filter, wavelength: number): number {
  const place = (wavelength - start) / step;
  const k = Math.floor(place);
  if (!(place >= 0 && k + 1 < response.length)) return 0;
  return response[k]! + (place - k) * (response[k + 1]! - response[k]!);
}

/**
 * The mean f_λ of a spectrum through a filter, weighted by photons: ∫f_λ T λ dλ / ∫T λ dλ, and its pivot wavelength [Å]; the AB magnitude is that of
 * f_ν = f_λ λ_pivot²/c (Bessell & Murphy 2012). NaN unless the spectrum spans 99.5 % of the filter.
 * @param wavelength ascending [Å]
 */
export function filterFlux(filter: Filter, wavelength: ArrayLike<number>, flux: ArrayLike<number>): { readonly flux: number; readonly pivot: number } {
  const { start, step, response } = filter;
  const last = start + step * (response.length - 1);
  let [light, norm, perFrequency, whole] = [0, 0, 0, 0];
  for (let k = 0; k < wavelength.length; k++) {
    const λ = wavelength[k]!;
    if (λ < start || λ > last) continue;
    const width = ((wavelength[k + 1] ?? λ) - (wavelength[k - 1] ?? λ)) / 2;
    const t = filterResponse(filter, λ) * width;
    light += flux[k]! * t * λ;
    norm += t * λ;
    perFrequency += t / λ;
  }
  for (let k = 0; k < response.length; k++) whole += response[k]! * step * (start + k * step);
  return norm > 0.995 * whole ? { flux: light / norm, pivot: Math.sqrt(norm / perFrequency) } : { flux: Number.NaN, pivot: Number.NaN };
}
