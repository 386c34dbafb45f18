import type { Binning } from '../binning/index.js';
import { createRandom } from '../numeric/index.js';
import { createLineFitter, createLocalContinuum, createContinuumScaler, type Continuum, type LineFit, type LineFitOptions, type LineFitter, type MonteCarloErrors, type SpectralArm, type Spectrum } from '../spectrum/index.js';
import { createSpectraReader } from './binSpectra.js';
import type { KeptStars, StarsBatch, StarsConfig } from './fitStars.js';
import { armsOf, type HeldCube } from './heldCube.js';
import type { Config } from './resolve.js';
import { readStored } from './stageCache.js';

/** The part of the configuration that the fits of the lines hang on, and nothing else. */
export type LinesConfig = StarsConfig & { readonly lines: Pick<Config['lines'], 'tie' | 'components' | 'ratioBounds' | 'monteCarlo'> };

/** How lines are fitted by this configuration. */
export function lineOptions({ redshift, continuum: { absorption }, lines: { tie, components, ratioBounds } }: LinesConfig): LineFitOptions {
  return { redshift, absorption, tie, components, ...(!ratioBounds && { ratioBounds: [] }) };
}

/** What a worker needs to fit the lines. */
export interface LinesJob {
  readonly held: HeldCube;
  readonly config: LinesConfig;
  /** The bins of the lines. */
  readonly binning: Binning;
  /** Whether the stars were fitted to these very bins. */
  readonly ownStars: boolean;
}

/** Bins of the lines, and the stars of the bins that they lie in. */
export interface LinesTask {
  /** Stored in a file, or as they are; null where there are none. */
  readonly stars: string | StarsBatch | null;
  /** Each bin with its continuum bin; −1 = none. */
  readonly bins: readonly (readonly [bin: number, host: number])[];
}

/** How the stars of a continuum bin were brought to a bin of the lines. */
export interface StarsScale {
  readonly scale: number;
  readonly scaleError: number;
}

export interface LinesOfBin {
  readonly bin: number;
  readonly fit: LineFit;
  readonly draws: MonteCarloErrors | null;
  /** Null where the continuum is local. */
  readonly scale: StarsScale | null;
}

/** The continuum of a bin and how it was come by; undefined: the line fit takes its local one. */
export type ContinuumOf = (stars: KeptStars | null, spectra: readonly Spectrum[]) => { readonly continuum: Continuum; readonly scale: StarsScale } | undefined;

/**
 * Stars under the lines of a bin: the model of the continuum bin, scaled unless it is the bin's own. In windows of lines that the library does not reach,
 * the local continuum.
 * @param everywhere whether the continuum is wanted beyond the windows of the lines. Default false
 */
export function createContinuumOf(arms: readonly SpectralArm[], fitter: LineFitter, { redshift, continuum: { absorption } }: StarsConfig, ownStars: boolean, everywhere = false): ContinuumOf {
  const local = createLocalContinuum(arms, fitter.windows, { redshift, absorption });
  const scaler = createContinuumScaler(arms, everywhere ? undefined : fitter.windows);

  /** Windows that the stars do not reach: the same for all bins that lie in theirs. */
  let [known, beyond]: [KeptStars | null, LineFitter['windows']] = [null, []];

  function completed(stars: KeptStars, fitted: Continuum, spectra: readonly Spectrum[]): Continuum {
    if (stars !== known) beyond = fitter.windows.filter(({ arm, from, to }) => stars.model[arm]!.subarray(from, to).some(Number.isNaN));
    known = stars;
    if (beyond.length === 0) return fitted;
    const straight = local.fit(spectra);
    local.moveAbsorption(stars.kinematics.velocity);
    const copy = (arrays: readonly Float64Array[]): Float64Array[] => arrays.map((values) => values.slice());
    const [model, level, uncertainty] = [copy(fitted.model), copy(fitted.level), copy(fitted.uncertainty!)];
    const rejected = fitted.rejected.map((values) => values.slice());
    for (const { arm, from, to } of beyond) {
      model[arm]!.set(straight.model[arm]!.subarray(from, to), from);
      level[arm]!.set(straight.level[arm]!.subarray(from, to), from);
      rejected[arm]!.set(straight.rejected[arm]!.subarray(from, to), from);
      uncertainty[arm]!.fill(0, from, to);
    }
    return { model, level, rejected, uncertainty, degree: fitted.degree };
  }

  return (stars, spectra) => {
    if (!stars) return undefined;
    const scaled = ownStars ? { ...stars, scale: 1, scaleError: 0 } : scaler(stars, stars.fit.used, spectra);
    if (!scaled) return undefined;
    return { continuum: completed(stars, scaled, spectra), scale: { scale: scaled.scale, scaleError: scaled.scaleError } };
  };
}

/** Fits the lines of bins over the stars of their continuum bins. */
export function makeLinesWork({ held, config, binning, ownStars }: LinesJob): (task: LinesTask) => Promise<LinesOfBin[]> {
  const arms = armsOf(held);
  const spectraOf = createSpectraReader(held, arms, config.foreground.ebv);
  const fitter = createLineFitter(arms, lineOptions(config));
  const continuumOf = createContinuumOf(arms, fitter, config, ownStars);
  const { seed, lines: { monteCarlo } } = config;
  return async ({ stars, bins }) => {
    const batch = typeof stars === 'string' ? await readStored<StarsBatch>(stars) : stars;
    const starsOf = new Map(batch?.bins.map(({ bin, stars }) => [bin, stars]));
    return bins.map(([bin, host]) => {
      const spectra = spectraOf(binning, bin);
      const own = continuumOf(starsOf.get(host) ?? null, spectra);
      const fit = fitter.fit(spectra, own?.continuum);
      const draws = monteCarlo > 0 ? fitter.monteCarlo(spectra, own?.continuum, monteCarlo, createRandom(seed, 'lines', bin)) : null;
      return { bin, fit, draws, scale: own?.scale ?? null };
    });
  };
}
