import { ZgradError } from '../errors/index.js';
import { locate } from '../numeric/index.js';
import { filters, type Filter } from './filters.js';
import type { SpectralAxis } from './axis.js';

/**
 * The transmission of a filter: response per photon at ascending wavelengths [Å], linear between them and 0 beyond. The wavelengths count in the
 * medium of the spectrum that the curve is laid over: published curves seldom tell theirs, and 1.5 Å move a broadband flux by less than 0.1 %.
 */
export interface FilterCurve {
  readonly name: string;
  readonly wavelength: Float64Array;
  readonly response: Float64Array;
}

/**
 * How a filter weighs a spectrum. 'photon': ∫f_λ T λ dλ / ∫T λ dλ, what a detector of photons behind the filter counts (Bessell & Murphy
 * 2012). 'mean': Σ f_λ T / Σ T over the pixels, the rule of the MUSE pipeline (Weilbacher et al. 2020).
 */
export type FilterRule = 'photon' | 'mean';

/** A filter over the pixels of a spectrum. */
export interface FilterWeights {
  /** The weight of every pixel of every axis given. */
  readonly weights: readonly Float64Array[];
  /** Pivot wavelength of what is covered [Å]: √(∫T λ dλ / ∫T/λ dλ); NaN when nothing is. */
  readonly pivot: number;
  /** The part of the filter that the axes cover, 0 to 1: of ∫T λ dλ for 'photon', of ∫T dλ for 'mean'. */
  readonly coverage: number;
}

/** A rectangular band between two wavelengths [Å]. @throws ZgradError 'BadArgument' unless 0 < from < to. */
export function boxCurve(from: number, to: number, name = `box:${from}-${to}`): FilterCurve {
  if (!(from > 0 && to > from && to < Infinity)) {
    throw new ZgradError('BadArgument', { where: `filter ${name}`, found: `a band from ${from} to ${to} Å`, expected: 'two ascending, positive wavelengths' });
  }
  return { name, wavelength: Float64Array.of(from, to), response: Float64Array.of(1, 1) };
}

/** The curve of a tabulated filter. */
export function curveOf({ name, start, step, response }: Filter): FilterCurve {
  return { name, wavelength: Float64Array.from(response, (_, k) => start + k * step), response: Float64Array.from(response) };
}

/** The filters that need no file: 'box:5300-5700' [Å], 'white' (every wavelength) and SDSS 'g', 'r', 'i'; null for any other name. */
export function builtInCurve(name: string): FilterCurve | null {
  const box = /^box:(\d+(?:\.\d*)?)-(\d+(?:\.\d*)?)$/.exec(name);
  if (box) return boxCurve(Number(box[1]), Number(box[2]), name);
  if (name === 'white') return { name, wavelength: Float64Array.of(0, 1e9), response: Float64Array.of(1, 1) };
  return Object.hasOwn(filters, name) ? { ...curveOf(filters[name as keyof typeof filters]), name } : null;
}

/** The response at a wavelength [Å]. */
export function curveResponse({ wavelength, response }: FilterCurve, at: number): number {
  if (!(at >= wavelength[0]! && at <= wavelength.at(-1)!)) return 0;
  const low = locate(wavelength, at);
  const high = low + 1;
  const [a, b] = [wavelength[low]!, wavelength[high]!];
  return b > a ? response[low]! + ((response[high]! - response[low]!) * (at - a)) / (b - a) : response[low]!;
}

/** ∫T dλ or ∫T λ dλ between two wavelengths; exact, since T is linear between its points (Simpson's rule is exact for cubics). */
function integral(curve: FilterCurve, from: number, to: number, rule: FilterRule): number {
  const value = (λ: number) => curveResponse(curve, λ) * (rule === 'photon' ? λ : 1);
  const inside = Array.from(curve.wavelength).filter((λ) => λ > from && λ < to);
  const nodes = [Math.max(from, curve.wavelength[0]!), ...inside, Math.min(to, curve.wavelength.at(-1)!)];
  let sum = 0;
  for (let k = 1; k < nodes.length; k++) {
    const [a, b] = [nodes[k - 1]!, nodes[k]!];
    if (b > a) sum += ((b - a) / 6) * (value(a) + 4 * value((a + b) / 2) + value(b));
  }
  return sum;
}

/**
 * The weights of a filter on the pixels of one or more spectral axes that do not overlap, T taken at the pixels' centres. For the band 'white' the
 * coverage is 1: it is whatever there is.
 */
export function filterWeights(curve: FilterCurve, axes: readonly SpectralAxis[], rule: FilterRule = 'photon'): FilterWeights {
  let [perWavelength, perFrequency, covered] = [0, 0, 0];
  const weights = axes.map(({ wavelength, edges }) => {
    covered += integral(curve, edges[0]!, edges.at(-1)!, rule);
    return wavelength.map((λ, k) => {
      const t = curveResponse(curve, λ);
      const width = edges[k + 1]! - edges[k]!;
      perWavelength += t * width * λ;
      perFrequency += (t * width) / λ;
      return rule === 'photon' ? t * width * λ : t;
    });
  });
  const pivot = Math.sqrt(perWavelength / perFrequency);
  return { weights, pivot, coverage: curve.name === 'white' ? 1 : covered / integral(curve, 0, Infinity, rule) };
}
