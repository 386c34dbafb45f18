import type { Binning } from '../binning/index.js';
import { ZgradError } from '../errors/index.js';
import { maskBits } from '../linemaps/index.js';
import type { LineName } from '../nebula/index.js';
import { createRandom } from '../numeric/index.js';
import { createContinuumScaler, createLineDetector, createLineFitter, createStellarContinuum, secondDifferences, type FullSpectrumFit, type LineFitter, type Spectrum, type StellarContinuum, type StellarContinuumFitter } from '../spectrum/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { createSpaxelReader, createSpectraReader } from './binSpectra.js';
import type { ContinuumChoice } from './continuumChoice.js';
import { armsOf, type HeldCube } from './heldCube.js';
import type { Config } from './resolve.js';

/** The part of the configuration that the fits of the stars hang on, and nothing else. */
export type StarsConfig = Pick<Config, 'redshift' | 'continuum' | 'foreground' | 'seed'>;

/** What a worker needs to fit the stars. */
export interface StarsJob {
  readonly held: HeldCube;
  readonly config: StarsConfig;
  readonly choice: ContinuumChoice;
  /** The bins of the continuum. */
  readonly binning: Binning;
  /** Lines to look for in every spaxel of the bins; none: they are not looked for. */
  readonly detect: readonly LineName[];
}

/** The stars of a bin, without what can be made again. */
export interface KeptStars extends Omit<StellarContinuum, 'fit'> {
  readonly fit: Omit<FullSpectrumFit, 'model' | 'gas' | 'modelError' | 'weightCovariance'>;
}

export type Draws = ReturnType<StellarContinuumFitter['resample']>;

/** Lines as seen in the spaxels of a bin: [spaxels × lines], fluxes in 1e-17 erg/s/cm², widths rest-frame [Å]. */
export interface Detections {
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  readonly ew: Float64Array;
}

/** What is known of a continuum bin. */
export interface StarsOfBin {
  readonly bin: number;
  /** Null for the local continuum and where no fit was possible. */
  readonly stars: KeptStars | null;
  readonly draws: Draws;
  readonly detections: Detections | null;
}

/** What the fits of all bins share. */
export interface StarsFacts {
  readonly logAges: Float64Array;
  readonly sharper: readonly (readonly [number, number])[];
  readonly pixels: number;
}

export interface StarsBatch {
  /** Null for the local continuum. */
  readonly facts: StarsFacts | null;
  readonly bins: readonly StarsOfBin[];
}

/** RᵀR for the library's grid. Throws BadConfig when its templates do not fill one. */
function regularisationOf({ age, metallicity, name }: StellarLibrary, strength: number): Float64Array {
  const shape = [new Set(metallicity).size, new Set(age).size];
  if (shape[0]! * shape[1]! !== age.length) {
    throw new ZgradError('BadConfig', {
      where: 'continuum.regularisation', found: `${age.length} templates of ${name} with ${shape[1]} ages and ${shape[0]} metallicities`, expected: 'a template for each pair', remedy: 'Set continuum.regularisation=0.',
    });
  }
  return secondDifferences(shape, strength);
}

function stellarFitter(held: HeldCube, config: StarsConfig, library: StellarLibrary, fitter: LineFitter): StellarContinuumFitter {
  const { redshift, continuum: { range, multiplicative, additive, moments, reddening, regularisation, clip, gas, band } } = config;
  return createStellarContinuum(held.arms, library, {
    redshift, range, multiplicative, additive, moments, clip, band,
    ...(reddening && { reddening }), ...(regularisation > 0 && { regularisation: regularisationOf(library, regularisation) }),
    gas: gas === 'fitted' ? { lines: fitter.lines.filter((name) => fitter.windows.some(({ lines }) => lines.includes(name))) } : null,
  });
}

/** A copy that the next fit does not overwrite; null where there are no stars to go by. */
function kept({ fit: whole, ...stars }: StellarContinuum): KeptStars | null {
  const { model: _, gas: __, modelError: ___, weightCovariance: ____, ...fit } = whole;
  if (!Number.isFinite(stars.kinematics.velocity)) return null;
  const copy = <T extends Float64Array | Uint8Array>(arrays: readonly T[]): T[] => arrays.map((values) => values.slice() as T);
  return { ...stars, fit, model: copy(stars.model), level: copy(stars.level), rejected: copy(stars.rejected), uncertainty: copy(stars.uncertainty) };
}

/** Spaxels of a bin, a few seeing discs, over which the gas is taken to have one velocity when lines are looked for. */
const oneVelocity = 150;

/** The level of a bin's stars in a spaxel is taken from one pixel in so many: the line of each window corrects it. */
const levelEvery = 8;

/** Makes the search for lines in the spaxels of a bin, with the bin's stars brought to the light of each. */
function createDetection(held: HeldCube, { redshift, continuum: { absorption }, foreground: { ebv } }: StarsConfig, lines: readonly LineName[]): (whole: readonly Spectrum[], spaxels: Int32Array, stars: KeptStars | null) => Detections {
  const arms = armsOf(held);
  const fitter = createLineFitter(arms, { redshift, absorption, lines, ratioBounds: [] });
  const detector = createLineDetector(arms, { redshift, lines });
  const scaler = createContinuumScaler(arms, detector.windows, levelEvery);
  const spectraOf = createSpaxelReader(held, arms, ebv, arms.map(({ axis }, arm) => {
    const inWindow = (k: number): boolean => detector.windows.some((window) => window.arm === arm && k >= window.from && k < window.to);
    return Int32Array.from(axis.wavelength.keys()).filter((k) => k % levelEvery === 0 || inWindow(k));
  }));
  return (whole, spaxels, stars) => {
    const column = (): Float64Array => new Float64Array(spaxels.length * lines.length);
    const found = { flux: column(), fluxError: column(), ew: column() };
    const gas = spaxels.length <= oneVelocity ? fitter.fit(whole, stars ?? undefined) : null;
    const at = gas && !(gas.status & (1 << maskBits.LOWSNR)) && Number.isFinite(gas.velocity + gas.sigma) ? { velocity: gas.velocity, sigma: gas.sigma } : undefined;
    detector.setKinematics(at ?? null);
    spaxels.forEach((spaxel, j) => {
      const spectra = spectraOf(spaxel);
      const scaled = stars && scaler(stars, stars.fit.used, spectra);
      const { flux, fluxError, ew } = (scaled && detector.detect(spectra, scaled)) ?? fitter.fit(spectra, scaled ?? undefined, at);
      found.flux.set(flux, j * lines.length);
      found.fluxError.set(fluxError, j * lines.length);
      found.ew.set(ew, j * lines.length);
    });
    return found;
  };
}

/** Fits the stars of continuum bins, and looks for lines in the spaxels of each with the bin's stars brought to their light. */
export function makeStarsWork({ held, config, choice, binning, detect }: StarsJob): (bins: readonly number[]) => StarsBatch {
  const arms = armsOf(held);
  const { redshift, continuum: { bootstrap }, foreground: { ebv }, seed } = config;
  const spectraOf = createSpectraReader(held, arms, ebv);
  const stellar = choice.method === 'ssp' ? stellarFitter(held, config, choice.library, createLineFitter(arms, { redshift })) : null;
  const looksFor = detect.length > 0 ? createDetection(held, config, detect) : null;

  return (bins) => ({
    facts: stellar && { logAges: stellar.logAges, sharper: stellar.sharper, pixels: stellar.pixels },
    bins: bins.map((bin) => {
      const spectra = spectraOf(binning, bin);
      const stars = stellar && kept(stellar.fit(spectra));
      const draws = stars && bootstrap > 0 ? stellar!.resample(bootstrap, createRandom(seed, 'stars', bin)) : [];
      return { bin, stars, draws, detections: looksFor && looksFor(spectra, binning.spaxels.subarray(binning.start[bin], binning.start[bin + 1]), stars) };
    }),
  });
}
