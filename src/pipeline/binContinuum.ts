import type { Binning } from '../binning/index.js';
import type { Cube } from '../cube/index.js';
import { createRandom } from '../numeric/index.js';
import {
  createLocalContinuum, createStellarContinuum, scaleContinuum, secondDifferences, type Continuum, type LineFitter, type Spectrum, type StellarContinuum, type StellarContinuumFitter,
} from '../spectrum/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { ZgradError } from '../errors/index.js';
import type { Config } from './resolve.js';
import type { ContinuumChoice } from './continuumChoice.js';
import { createStellarRecord, type Draws, type StellarBins } from './stellarBins.js';

/** The stars under the lines of every bin. */
export interface BinContinuum {
  /** The bins, those of one continuum bin behind one another. */
  readonly order: readonly number[];
  /**
   * The continuum of a bin; undefined where there are no stars to go by and the line fit takes its local one.
   * @param spectra of the bin
   */
  of(b: number, spectra: readonly Spectrum[]): Continuum | undefined;
  readonly stars: StellarBins;
  readonly logAges: Float64Array;
  readonly fitter: StellarContinuumFitter;
  /** The fit behind the last continuum, for pictures. */
  last(): StellarContinuum;
}

export interface BinContinuumInput {
  readonly cube: Cube;
  readonly binning: Binning;
  /** Bins for the stars alone; null: those of the lines. */
  readonly continuumBinning: Binning | null;
  readonly choice: Extract<ContinuumChoice, { method: 'ssp' }>;
  readonly config: Config;
  readonly fitter: LineFitter;
  /** The spectra of a continuum bin; overwritten by the next. */
  readonly spectraOf: (binning: Binning, b: number) => readonly Spectrum[];
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

/** A bin that is its own continuum bin. */
const whole = { scale: 1, scaleError: 0 };

/** The continuum bin that holds most of a bin's spaxels; −1 = none does. */
function hostsOf(binning: Binning, continuumBinning: Binning): Int32Array {
  return Int32Array.from({ length: binning.count }, (_, b) => {
    const votes = new Map<number, number>();
    for (let j = binning.start[b]!; j < binning.start[b + 1]!; j++) {
      const host = continuumBinning.bin[binning.spaxels[j]!]!;
      if (host >= 0) votes.set(host, (votes.get(host) ?? 0) + 1);
    }
    return [...votes].reduce(([host, most], [one, count]) => (count > most ? [one, count] : [host, most]), [-1, 0])[0]!;
  });
}

/**
 * Stellar populations fitted to every bin, or to the larger bins of `continuum.bins` and scaled to each bin of the lines. Where the
 * library does not reach a window of lines, its continuum is the local one.
 */
export function createBinContinuum({ cube, binning, continuumBinning, choice, config, fitter, spectraOf }: BinContinuumInput): BinContinuum {
  const { redshift, continuum: { range, multiplicative, additive, moments, reddening, regularisation, clip, gas, bootstrap, band, absorption }, seed } = config;
  const { library } = choice;
  const stellar = createStellarContinuum(cube.arms, library, {
    redshift, range, multiplicative, additive, moments, clip, band,
    ...(reddening && { reddening }), ...(regularisation > 0 && { regularisation: regularisationOf(library, regularisation) }),
    gas: gas === 'fitted' ? { lines: fitter.lines.filter((name) => fitter.windows.some(({ lines }) => lines.includes(name))) } : null,
  });
  const host = continuumBinning ? hostsOf(binning, continuumBinning) : Int32Array.from({ length: binning.count }, (_, b) => b);
  const record = createStellarRecord(binning.count, library, { moments, reddened: reddening !== null, pixels: stellar.pixels, luminosityDistance: config.distance.luminosity, redshift });
  const local = createLocalContinuum(cube.arms, fitter.windows, { redshift, absorption });
  const beyond = fitter.windows.filter(({ arm, from, to }) => stellar.covered[arm]!.subarray(from, to).includes(0));

  let current = -1;
  let stars: StellarContinuum | null = null;
  let draws: Draws = [];
  function fitStars(c: number, spectra: readonly Spectrum[]): StellarContinuum {
    if (c !== current || !stars) {
      current = c;
      stars = stellar.fit(continuumBinning ? spectraOf(continuumBinning, c) : spectra);
      draws = bootstrap > 0 ? stellar.resample(bootstrap, createRandom(seed, 'stars', c)) : [];
    }
    return stars;
  }

  /** The model with the local continuum in the windows that the library does not cover. */
  function completed(fitted: Continuum, spectra: readonly Spectrum[], velocity: number): Continuum {
    if (beyond.length === 0) return fitted;
    const straight = local.fit(spectra);
    local.moveAbsorption(velocity);
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

  return {
    order: Array.from(host.keys()).sort((a, b) => host[a]! - host[b]! || a - b),
    stars: record.bins, logAges: stellar.logAges, fitter: stellar, last: () => stars!,
    of(b, spectra) {
      const c = host[b]!;
      if (c < 0) return undefined;
      const fitted = fitStars(c, spectra);
      if (!Number.isFinite(fitted.kinematics.velocity)) return undefined;
      const scaled = continuumBinning ? scaleContinuum(fitted, fitted.fit.used, cube.arms, spectra) : null;
      if (continuumBinning && !scaled) return undefined;
      record.add(b, c, fitted, draws, scaled ?? whole);
      return completed(scaled ?? fitted, spectra, fitted.kinematics.velocity);
    },
  };
}
