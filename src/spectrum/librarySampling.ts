import { airToVacuum, lsfSigma, vacuumToAir, type Medium } from '../light/index.js';
import { goodFftLength } from '../kernels/index.js';
import { createFft, cubicSpline } from '../numeric/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { constants } from '../units/index.js';
import type { SpectralArm } from './spectrum.js';
import { averageProjection, type Projection, type TemplateGrid } from './templateGrid.js';

export interface LibrarySamplingOptions {
  readonly redshift: number;
  /** Rest wavelengths [Å, in the library's medium] that pixels must lie in. */
  readonly range: readonly [number, number];
}

/** A library made ready for the pixels of some spectra. */
export interface LibrarySampling {
  readonly grid: TemplateGrid;
  readonly projection: Projection;
  /** 1 for pixels that the library covers, inside the range; all arms one after the other. */
  readonly covered: Uint8Array;
  /** Variance of the instrument less that of the templates as sampled [km²/s²]: to be added to the stars' own σ². Negative where the data are sharper. */
  readonly resolution: number;
  /** Observed stretches [Å] where the instrument is sharper than the library, whose deficit `resolution` carries. */
  readonly sharper: readonly (readonly [number, number])[];
}

/** Room for velocities of the stars about the redshift, and for their dispersion [km/s]. */
const velocityRoom = 3000;
/** Samples per σ of the templates at the coarsest: a cubic then follows them to 4e-3 of a line's depth, and ones broadened by the stars far better. */
const samplesPerSigma = 1.7;
/** Most spectra between which the smoothing is interpolated. */
const mostLevels = 24;
/** Samples of the library beyond the grid that its spline goes through. */
const splineMargin = 50;

/** A wavelength in another medium, stretched: light is redshifted in vacuum, where its air wavelengths stretch by up to 1e-6 more or less. */
function carry(wavelength: number, from: Medium, to: Medium, stretch: number): number {
  const vacuum = (from === 'air' ? airToVacuum(wavelength) : wavelength) * stretch;
  return to === 'air' ? vacuumToAir(vacuum) : vacuum;
}

/**
 * Samples a library evenly in ln λ and brings it to the resolution of the spectra. The instrument's variance less the templates', δ(λ), is
 * split into its least value over the pixels and the rest: templates are smoothed by the rest, which is nowhere negative, and the least value goes
 * into the velocity distribution, where it is exact whatever its sign. Templates thus need not be sharper than the data, and σ stays right.
 */
export function sampleLibrary(library: StellarLibrary, arms: readonly SpectralArm[], { redshift, range }: LibrarySamplingOptions): LibrarySampling {
  const { c } = constants;
  const restOf = (λ: number, medium: Medium): number => carry(λ, medium, library.medium, 1 / (1 + redshift));
  const room = velocityRoom / c;
  const last = library.wavelength.length - 1;
  const seen = arms.map(({ axis: { edges, medium } }) => [restOf(edges[0]!, medium), restOf(edges[edges.length - 1]!, medium)] as const);
  const [bluest, reddest] = [Math.max(range[0] * Math.exp(-room), library.wavelength[0]!), Math.min(range[1] * Math.exp(room), library.wavelength[last]!)];
  // Nothing that no arm sees: transforms take as long as the grid is.
  const low = Math.min(reddest, Math.max(bluest, Math.min(...seen.map(([from]) => from)) * Math.exp(-room)));
  const high = Math.max(bluest, Math.min(reddest, Math.max(...seen.map(([, to]) => to)) * Math.exp(room)));

  // The narrowest pixel and the narrowest template, in velocity, set the spacing.
  let pixel = Infinity;
  for (const { axis: { edges, medium } } of arms) {
    for (let k = 0; k + 1 < edges.length; k++) {
      const rest = restOf(edges[k]!, medium);
      if (rest > low && rest < high) pixel = Math.min(pixel, (c * (edges[k + 1]! - edges[k]!)) / edges[k]!);
    }
  }
  const templateSigma = (rest: number): number => (c * lsfSigma(library.resolution, rest)) / rest;
  const narrowest = Math.min(templateSigma(low), templateSigma((low + high) / 2), templateSigma(high));
  const velocityScale = Math.max(Math.min(pixel, c) / 2, narrowest / samplesPerSigma);
  const step = velocityScale / c;
  const lnStart = Math.log(low);
  const length = Math.max(8, Math.floor((Math.log(high) - lnStart) / step) + 1);

  // δ at every sample: of the arm that sees it, of the nearest one elsewhere.
  const difference = Float64Array.from({ length }, (_, i) => {
    const rest = Math.exp(lnStart + i * step);
    const distance = seen.map(([from, to]) => Math.max(from - rest, rest - to, 0));
    const { lsf, axis: { medium } } = arms[distance.indexOf(Math.min(...distance))]!;
    const observed = carry(rest, library.medium, medium, 1 + redshift);
    return ((c * lsfSigma(lsf, observed)) / observed) ** 2 - templateSigma(rest) ** 2;
  });
  const edgesOnGrid = arms.map(({ axis: { edges, medium } }) => edges.map((λ) => (Math.log(restOf(λ, medium)) - lnStart) / step));
  const { projection, covered } = averageProjection(edgesOnGrid, length);
  let p = 0;
  let least = Infinity;
  const sharper: [number, number][] = [];
  for (const { axis: { wavelength, medium } } of arms) {
    let open = false;
    for (let k = 0; k < wavelength.length; k++, p++) {
      const rest = restOf(wavelength[k]!, medium);
      if (rest < range[0] || rest > range[1]) covered[p] = 0;
      if (!covered[p]) continue;
      const δ = difference[Math.min(length - 1, Math.max(0, Math.round((Math.log(rest) - lnStart) / step)))]!;
      least = Math.min(least, δ);
      if (δ < 0 && open) sharper[sharper.length - 1]![1] = wavelength[k]!;
      else if (δ < 0) sharper.push([wavelength[k]!, wavelength[k]!]);
      open = δ < 0;
    }
  }
  if (!(least < Infinity)) least = 0;

  const smoothing = difference.map((δ) => Math.max(0, δ - least) / velocityScale ** 2);
  const at = Float64Array.from({ length }, (_, i) => Math.exp(lnStart + i * step));
  const smooth = createSmoother(smoothing);
  // The spline forgets what is some tens of samples away.
  const from = Math.max(0, library.wavelength.findIndex((λ) => λ >= low) - splineMargin);
  const to = Math.min(last, library.wavelength.findLastIndex((λ) => λ <= high) + splineMargin);
  const wavelength = library.wavelength.subarray(from, to + 1);
  const spectra = Array.from(library.age, (_, t) => {
    const row = Float64Array.from(library.flux.subarray(t * (last + 1) + from, t * (last + 1) + to + 1));
    return smooth(cubicSpline(wavelength, row).evaluate(at));
  });
  return { grid: { velocityScale, lnStart, length, spectra, component: spectra.map(() => 0) }, projection, covered, resolution: least, sharper };
}

/**
 * Convolves with a Gaussian whose variance [samples²] depends on the place: between spectra smoothed by evenly spaced variances, exactly in Fourier space,
 * parabolas in the variance.
 */
export function createSmoother(variance: Float64Array): (values: Float64Array) => Float64Array {
  const n = variance.length;
  const most = variance.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return (values) => values;
  const levels = Math.min(mostLevels, Math.max(3, Math.ceil(most) + 1));
  const spacing = most / (levels - 1);
  // Mirrored ends: what wraps around is the spectrum itself.
  const length = goodFftLength(2 * n);
  const fft = createFft(length);
  const factors = Array.from({ length: levels }, (_, j) => Float64Array.from({ length: length + 2 }, (__, k) => Math.exp((-j * spacing * ((2 * Math.PI * (k >> 1)) / length) ** 2) / 2)));
  const scaled = new Float64Array(length + 2);
  return (values) => {
    const mirrored = new Float64Array(length).fill(values[n - 1]!);
    for (let i = 0; i < n; i++) mirrored[i] = mirrored[length - 1 - i] = values[i]!;
    const transform = fft.forward(mirrored);
    const smoothed = factors.map((factor) => {
      for (let k = 0; k < scaled.length; k++) scaled[k] = transform[k]! * factor[k]!;
      return fft.inverse(scaled);
    });
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const place = variance[i]! / spacing;
      const middle = Math.min(levels - 2, Math.max(1, Math.round(place)));
      const t = place - middle;
      const [a, b, d] = [smoothed[middle - 1]![i]!, smoothed[middle]![i]!, smoothed[middle + 1]![i]!];
      out[i] = b + (t * (d - a)) / 2 + (t * t * (d - 2 * b + a)) / 2;
    }
    return out;
  };
}
