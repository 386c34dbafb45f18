import { ZgradError } from '../errors/index.js';
import { extinctionLaws, lsfBeforePixel, skyFeatures, type ExtinctionLaw, type FilterName } from '../light/index.js';
import { lines as knownLines, type LineName } from '../nebula/index.js';
import type { Random } from '../numeric/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { constants } from '../units/index.js';
import type { Continuum } from './continuum.js';
import type { ComponentKinematics } from './componentKinematics.js';
import { createFullSpectrumFitter, type FullSpectrumFit, type KinematicComponent, type Resampled } from './fullSpectrum.js';
import { gasTemplates } from './gasTemplates.js';
import { sampleLibrary } from './librarySampling.js';
import { continuumMask } from './pixelMask.js';
import { populationAges, populationErrors, populationTable, readPopulations, type PopulationMeans, type Populations } from './populations.js';
import { checkSpectra, medianInPlace, type SpectralArm, type Spectrum } from './spectrum.js';

export interface StellarContinuumOptions {
  readonly redshift: number;
  /** Rest wavelengths that are fitted [Å]. Default 3600 to 7200: beyond, the sky's residuals rule. */
  readonly range?: readonly [number, number];
  /** Degree of the multiplicative polynomial. Default 8. */
  readonly multiplicative?: number;
  /** Degree of the additive polynomial, −1 for none. Default −1: it changes the strength of absorption lines. */
  readonly additive?: number;
  /** Default 2. */
  readonly moments?: 2 | 4;
  /** A reddening curve instead of the multiplicative polynomial. Default: none. */
  readonly reddening?: keyof typeof extinctionLaws;
  /** RᵀR of the templates' shares of the light at 5000–5500 Å: masses differ by a factor of 100 for the same light. Default: none. */
  readonly regularisation?: Float64Array;
  /** Clip at this many standard deviations. Default 3. */
  readonly clip?: number;
  /** Lines fitted together with the stars, with one velocity and dispersion; null: lines are masked. Default null. */
  readonly gas?: { readonly lines: readonly LineName[]; readonly balmer?: 'free' | 'caseB' } | null;
  /** The band of mass-to-light ratios. Default r. */
  readonly band?: FilterName;
  /** Where the fit starts: velocity from the redshift, dispersion [km/s]. Default 0, 100. */
  readonly start?: { readonly velocity: number; readonly sigma: number };
  /** Observed air stretches [Å] to leave out besides the sky's and the lines'. Default none. */
  readonly mask?: readonly (readonly [number, number])[];
}

/** The stars of one bin. Arrays are overwritten by the next fit. */
export interface StellarContinuum extends Continuum {
  readonly uncertainty: readonly Float64Array[];
  /** Of the stars; velocities are c(z_obs − z)/(1 + z) [km/s]. */
  readonly kinematics: ComponentKinematics;
  /** Of the gas where it was fitted too. */
  readonly gasKinematics: ComponentKinematics | null;
  /** Fluxes of the lines fitted with the stars. */
  readonly gasFluxes: ReadonlyMap<LineName, { readonly flux: number; readonly fluxError: number }>;
  readonly fit: FullSpectrumFit;
  readonly populations: Populations;
  readonly populationErrors: PopulationMeans;
  /** Median of flux/error over the fitted pixels. */
  readonly signalToNoise: number;
  /** √(χ²/DOF), clear of the lines: what the errors must be multiplied by to fit the residuals. */
  readonly errorFactor: number;
  /** Root mean square of residual/model, and the 68th, 99th and 100th percentile of its size. */
  readonly residuals: { readonly rms: number; readonly percentiles: readonly [number, number, number] };
}

export interface StellarContinuumFitter {
  /** Never throws on data. @throws BadArgument when the spectra are not of the arms */
  fit(spectra: readonly Spectrum[]): StellarContinuum;
  /** Draws of the last fit by wild bootstrap: the kinematics of the stars and what the weights say. */
  resample(draws: number, random: Random): { readonly kinematics: Resampled['components'][number]; readonly populations: Populations }[];
  /** 1 where a pixel is modelled, per arm. */
  readonly covered: readonly Uint8Array[];
  /** Ages of the populations' histories, log10 [yr]. */
  readonly logAges: Float64Array;
  /** Observed stretches [Å] where the data are sharper than the library. */
  readonly sharper: readonly (readonly [number, number])[];
  /** Pixels of one spectrum that are fitted when all are good. */
  readonly pixels: number;
}

/** The level of equivalent widths is the stars' median over this half-width [Å, rest]: wider than any absorption line. */
const levelHalfWidth = 60;

/** Broader gas is that of an active nucleus, or the stars' mismatch [km/s]. */
const largestGasSigma = 500;

/** Adjoining pixels of exactly 0 are no data, whatever their variance: how pipelines leave gaps such as the laser's notch. */
const blankRun = 4;

/** Takes the variance from runs of pixels that are exactly 0. */
function blankRuns(flux: Float64Array, variance: Float64Array): void {
  for (let p = 0; p < flux.length; p++) {
    let end = p;
    while (end < flux.length && flux[end] === 0) end++;
    if (end - p >= blankRun) variance.fill(Number.NaN, p, end);
    p = Math.max(p, end);
  }
}

/** RᵀR for weights by mass, and for templates of the gas, which are free. */
function byLight(regularisation: Float64Array, light: Float64Array, templates: number): Float64Array {
  if (!light.every(Number.isFinite)) throw new ZgradError('BadArgument', { where: 'regularisation', found: 'a library without light at 5000–5500 Å', expected: 'one that spans it' });
  const out = new Float64Array(templates * templates);
  const n = light.length;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * templates + j] = regularisation[i * n + j]! * light[i]! * light[j]!;
  return out;
}

/** Velocity in the project's convention, c(z_obs − z)/(1 + z), of a shift c Δln λ. */
const redshiftVelocity = (shift: number): number => constants.c * Math.expm1(shift / constants.c);

/**
 * Makes the fitter of stellar populations for spectra on given axes: the library sampled and smoothed once (`sampleLibrary`), all arms fitted
 * together on their own pixels (`createFullSpectrumFitter`), errors scaled to χ²/DOF = 1 before outliers are clipped.
 * @throws BadArgument for a line-spread function narrower than the pixels that are included in it, and for regularisation of a library without light at 5000–5500 Å
 */
export function createStellarContinuum(given: readonly SpectralArm[], library: StellarLibrary, options: StellarContinuumOptions): StellarContinuumFitter {
  const { redshift, range = [3600, 7200], additive = -1, moments = 2, reddening, regularisation, clip = 3, gas = null, start = { velocity: 0, sigma: 100 } } = options;
  const arms = given.map(({ axis, lsf }) => ({ axis, lsf: lsfBeforePixel(lsf, axis) }));
  const multiplicative = reddening ? 0 : (options.multiplicative ?? 8);
  const sampled = sampleLibrary(library, arms, { redshift, range });
  const stars = library.age.length;
  const lines = gas && gasTemplates(sampled.grid, library.medium, arms, { redshift, lines: gas.lines, balmer: gas.balmer });
  const grid = lines ? { ...sampled.grid, spectra: [...sampled.grid.spectra, ...lines.spectra], component: [...sampled.grid.component, ...lines.spectra.map(() => 1)] } : sampled.grid;
  const components: KinematicComponent[] = [{ kind: 'stars', moments, start, resolution: sampled.resolution }];
  if (lines) components.push({ kind: 'gas', start: { velocity: start.velocity, sigma: 50 }, reach: 1000, largestSigma: largestGasSigma });

  const lengths = arms.map(({ axis }) => axis.wavelength.length);
  const pixels = lengths.reduce((a, b) => a + b, 0);
  const starts = lengths.map((_, a) => lengths.slice(0, a).reduce((sum, n) => sum + n, 0));
  const split = <T extends Float64Array | Uint8Array>(all: T): T[] => arms.map((_, a) => all.subarray(starts[a]!, starts[a]! + lengths[a]!) as T);
  const covered = split(sampled.covered);
  const [allowed, onLines] = [new Uint8Array(pixels), new Uint8Array(pixels)];
  const fitted = lines ? lines.lines.flat().map(({ line }) => line) : [];
  const sky = [...skyFeatures, ...(options.mask ?? []).map(([from, to]) => ({ name: 'user', kind: 'laser' as const, from, to }))];
  arms.forEach(({ axis }, a) => {
    const mask = continuumMask(axis, redshift, { lines: knownLines.flatMap(({ name }) => (fitted.includes(name) ? [] : [name])), sky });
    const clear = continuumMask(axis, redshift, { lines: fitted, sky: [] });
    mask.forEach((use, k) => {
      allowed[starts[a]! + k] = use & covered[a]![k]!;
      onLines[starts[a]! + k] = clear[k]! ^ 1;
    });
  });

  // Only pixels that the library covers are fitted and modelled.
  const inside = Int32Array.from(sampled.covered.keys()).filter((p) => sampled.covered[p] === 1);
  const { first, weights, width } = sampled.projection;
  const projection = { first: Int32Array.from(inside, (p) => first[p]!), weights: Float64Array.from({ length: inside.length * width }, (_, i) => weights[inside[Math.floor(i / width)]! * width + (i % width)]!), width };
  const [ownFlux, ownVariance, ownAllowed] = [new Float64Array(inside.length), new Float64Array(inside.length), Uint8Array.from(inside, (p) => allowed[p]!)];
  /** All pixels from those inside; 0 elsewhere. */
  const spread = <T extends Float64Array | Uint8Array>(values: T, all: T): T => {
    inside.forEach((p, i) => { all[p] = values[i]!; });
    return all;
  };

  const everywhere = new Float64Array(pixels);
  arms.forEach(({ axis }, a) => everywhere.set(axis.wavelength, starts[a]!));
  const wavelengths = Float64Array.from(inside, (p) => everywhere[p]!);
  const logs = wavelengths.map(Math.log);
  /** Polynomials run over the wavelengths that the spectrum has: a bin may lack an arm. */
  const coordinate = (used: Uint8Array): Float64Array => {
    let [first, last] = [Infinity, -Infinity];
    logs.forEach((x, p) => { if (used[p]) [first, last] = [Math.min(first, x), Math.max(last, x)]; });
    return logs.map((x) => Math.min(1, Math.max(-1, (2 * (x - first)) / (last - first || 1) - 1)));
  };
  const table = populationTable(library, options.band);
  const law: ExtinctionLaw | null = reddening ? extinctionLaws[reddening] : null;
  const fitter = createFullSpectrumFitter(grid, projection, {
    components, additive, multiplicative, regularisation: regularisation && byLight(regularisation, table.light, grid.spectra.length), clip, rescaleErrors: true, modelErrors: true, lines: lines ? Uint8Array.from(inside, (p) => onLines[p]!) : undefined, coordinate,
    reddening: law ? wavelengths.map((λ) => law(λ / (1 + redshift))) : undefined,
    gasReddening: lines && gas.balmer === 'caseB' ? wavelengths.map((λ) => extinctionLaws.ccm89(λ / (1 + redshift))) : undefined,
  });

  const [flux, variance] = [new Float64Array(pixels), new Float64Array(pixels)];
  const model = arms.map(({ axis }) => new Float64Array(axis.wavelength.length));
  const level = model.map((values) => values.slice());
  const uncertainty = model.map((values) => values.slice());
  const rejected = arms.map(({ axis }) => new Uint8Array(axis.wavelength.length));
  const scratch = new Float64Array(pixels);

  /** Running median of the stars' model, from every eighth place. */
  function fillLevel(a: number): void {
    const { axis: { wavelength } } = arms[a]!;
    const values = model[a]!;
    const n = wavelength.length;
    const spacing = 8;
    const at = (k: number): number => {
      const half = levelHalfWidth * (1 + redshift);
      let count = 0;
      for (let j = k; j >= 0 && wavelength[k]! - wavelength[j]! < half; j--) if (Number.isFinite(values[j])) scratch[count++] = values[j]!;
      for (let j = k + 1; j < n && wavelength[j]! - wavelength[k]! < half; j++) if (Number.isFinite(values[j])) scratch[count++] = values[j]!;
      return medianInPlace(scratch, count);
    };
    let before = at(0);
    for (let k = 0; k < n; k += spacing) {
      const next = Math.min(n - 1, k + spacing);
      const after = at(next);
      for (let j = k; j <= next; j++) level[a]![j] = Number.isFinite(values[j]) ? before + ((after - before) * (j - k)) / (next - k || 1) : Number.NaN;
      before = after;
    }
  }

  function describe(fit: FullSpectrumFit): Pick<StellarContinuum, 'signalToNoise' | 'errorFactor' | 'residuals'> {
    const sizes: number[] = [];
    let squares = 0;
    let count = 0;
    for (let p = 0; p < pixels; p++) {
      if (!fit.used[p]) continue;
      scratch[count++] = flux[p]! / Math.sqrt(variance[p]!);
      const relative = flux[p]! / fit.model[p]! - 1;
      squares += relative * relative;
      sizes.push(Math.abs(relative));
    }
    sizes.sort((a, b) => a - b);
    const at = (share: number): number => sizes[Math.min(sizes.length - 1, Math.floor(share * sizes.length))] ?? Number.NaN;
    return { signalToNoise: medianInPlace(scratch, count), errorFactor: fit.errorFactor, residuals: { rms: Math.sqrt(squares / count), percentiles: [at(0.68), at(0.99), at(1)] } };
  }

  const toRedshift = (one: ComponentKinematics): ComponentKinematics => ({ ...one, velocity: redshiftVelocity(one.velocity) });

  return {
    covered, sharper: sampled.sharper, logAges: populationAges(table), pixels: allowed.reduce((sum, use) => sum + use, 0),
    fit(spectra) {
      checkSpectra(spectra, arms);
      spectra.forEach((spectrum, a) => {
        flux.set(spectrum.flux, starts[a]!);
        variance.set(spectrum.variance, starts[a]!);
      });
      blankRuns(flux, variance);
      inside.forEach((p, i) => {
        ownFlux[i] = flux[p]!;
        ownVariance[i] = variance[p]!;
      });
      const own = fitter.fit(ownFlux, ownVariance, ownAllowed);
      const whole = (): Float64Array => new Float64Array(pixels);
      const fit = { ...own, model: spread(own.model, whole()), gas: spread(own.gas, whole()), modelError: spread(own.modelError, whole()), used: spread(own.used, new Uint8Array(pixels)) };
      const [models, gasModels, errors, used] = [split(fit.model), split(fit.gas), split(fit.modelError), split(fit.used)];
      arms.forEach((_, a) => {
        for (let k = 0; k < lengths[a]!; k++) {
          model[a]![k] = covered[a]![k] ? models[a]![k]! - gasModels[a]![k]! : Number.NaN;
          uncertainty[a]![k] = errors[a]![k]!;
          rejected[a]![k] = allowed[starts[a]! + k]! & (used[a]![k]! ^ 1) & (onLines[starts[a]! + k]! ^ 1);
        }
        fillLevel(a);
      });
      const wider = lines ? Math.exp(fit.components[1]!.velocity / constants.c) : 1;
      const gasFluxes = new Map<LineName, { flux: number; fluxError: number }>();
      lines?.lines.forEach((group, g) => {
        // Moved in ln λ, a line of a given height is wider in λ.
        for (const { line, share } of group) gasFluxes.set(line, { flux: share * wider * fit.weights[stars + g]!, fluxError: share * wider * fit.weightErrors[stars + g]! });
      });
      const populations = readPopulations(table, fit.weights);
      return {
        model, level, rejected, uncertainty, degree: 1, fit, gasFluxes,
        kinematics: toRedshift(fit.components[0]!), gasKinematics: fit.components[1] ? toRedshift(fit.components[1]) : null,
        populations, populationErrors: populationErrors(table, populations, fit.weights, fit.weightCovariance), ...describe(fit),
      };
    },
    resample: (draws, random) => fitter.resample(draws, random).map(({ components: [own], weights }) => ({
      kinematics: { ...own!, velocity: redshiftVelocity(own!.velocity) }, populations: readPopulations(table, weights),
    })),
  };
}
