import { ZgradError } from '../errors/index.js';

/**
 * S/N of a set of spaxels that follows from sums over them (however non-additive itself): `of` gets, in the order of
 * `terms`, each term summed over the set, and how many spaxels the set has. Adding a spaxel to a set costs a few additions.
 */
export interface SummedSignalToNoise {
  /** 1 where a spaxel can be binned, length nx·ny. */
  readonly use: Uint8Array;
  /** Maps of length nx·ny, finite where `use` is 1. */
  readonly terms: readonly Float64Array[];
  readonly of: (sums: Float64Array, spaxels: number) => number;
}

/** Any function of the set of spaxels (their numbers y·nx + x); asked once per bin and step, so it may be slow. */
export interface AnySignalToNoise {
  /** 1 where a spaxel can be binned, length nx·ny. */
  readonly use: Uint8Array;
  readonly of: (spaxels: Int32Array) => number;
}

export type SignalToNoise = SummedSignalToNoise | AnySignalToNoise;

/** A line's, or the continuum's, signal and 1σ noise per spaxel, in one unit; maps of length nx·ny. */
export interface SignalAndNoise {
  readonly signal: ArrayLike<number>;
  readonly noise: ArrayLike<number>;
}

/** Noise of a sum of n spaxels over that of n independent ones: 1 + alpha·log₁₀ n, constant from `flatFrom` spaxels on. */
export interface Covariance {
  readonly alpha: number;
  /** Default 100. */
  readonly flatFrom?: number;
}

/**
 * MaNGA's fibres, dithers and 0.5″ spaxels: 1 + 1.62 log₁₀ n, 4.2 from 100 spaxels on (Law et al. 2016, AJ 152, 83;
 * Westfall et al. 2019, AJ 158, 231). Other instruments need a calibration of their own.
 */
export const mangaCovariance: Covariance = { alpha: 1.62, flatFrom: 100 };

/**
 * ΣS/√ΣN², where spaxels are independent, or less with `covariance`. A spaxel can be binned when its signal is finite,
 * negative or not (leaving out the negative half of the noise would raise every sum), and its noise finite and positive.
 *
 * @throws ZgradError 'BadArgument' when signal and noise differ in length.
 */
export function signalToNoise(spectrum: SignalAndNoise, covariance?: Covariance): SummedSignalToNoise {
  return weakestSignalToNoise([spectrum], covariance);
}

/**
 * The S/N of the weakest of several lines, each as in `signalToNoise`. A spaxel can be binned when every line can.
 *
 * @throws ZgradError 'BadArgument' when there is no line or the maps differ in length.
 */
export function weakestSignalToNoise(lines: readonly SignalAndNoise[], covariance?: Covariance): SummedSignalToNoise {
  const size = lines[0]?.signal.length ?? 0;
  const wrong = lines.find(({ signal, noise }) => signal.length !== size || noise.length !== size);
  if (lines.length === 0 || wrong) {
    throw new ZgradError('BadArgument', {
      where: 'signal and noise to bin', found: wrong ? `maps of ${wrong.signal.length} and ${wrong.noise.length} values` : 'no map',
      expected: wrong ? `maps of ${size} values` : 'a map of signal and one of noise',
    });
  }
  const use = new Uint8Array(size).fill(1);
  for (const { signal, noise } of lines) {
    for (let i = 0; i < size; i++) if (!(Number.isFinite(signal[i]!) && noise[i]! > 0 && Number.isFinite(noise[i]!))) use[i] = 0;
  }
  const factor = covariance ? noiseFactors(size, covariance) : null;
  return {
    use,
    terms: lines.flatMap(({ signal, noise }) => [Float64Array.from(signal), Float64Array.from(noise, (n) => n * n)]),
    of(sums, spaxels) {
      let weakest = sums[0]! / Math.sqrt(sums[1]!);
      for (let j = 2; j < sums.length; j += 2) weakest = Math.min(weakest, sums[j]! / Math.sqrt(sums[j + 1]!));
      return factor ? weakest / factor[spaxels]! : weakest;
    },
  };
}

function noiseFactors(size: number, { alpha, flatFrom = 100 }: Covariance): Float64Array {
  return Float64Array.from({ length: size + 1 }, (_, n) => 1 + alpha * Math.log10(Math.max(1, Math.min(n, flatFrom))));
}

/** Follows the S/N of a set that grows by one spaxel at a time. */
export interface Meter {
  reset(): void;
  /** Adds a spaxel and answers with the S/N of the set; NaN where a slow S/N was not asked. */
  add(spaxel: number): number;
}

/** Sets above this many spaxels ask a slow S/N only each time they have grown by one part in so many. */
const askEvery = 64;

export function createMeter(source: SignalToNoise): Meter {
  if (!('terms' in source)) {
    let spaxels: number[] = [];
    let asked = 0;
    return {
      reset() {
        spaxels = [];
        asked = 0;
      },
      add(spaxel) {
        spaxels.push(spaxel);
        if ((spaxels.length - asked) * askEvery < spaxels.length) return Number.NaN;
        asked = spaxels.length;
        return source.of(Int32Array.from(spaxels));
      },
    };
  }
  const { terms, of } = source;
  const sums = new Float64Array(terms.length);
  let count = 0;
  return {
    reset() {
      sums.fill(0);
      count = 0;
    },
    add(spaxel) {
      for (let j = 0; j < sums.length; j++) sums[j]! += terms[j]![spaxel]!;
      return of(sums, ++count);
    },
  };
}

/**
 * S/N of each of `count` bins, NaN for one without spaxels.
 *
 * @param bin bin of each spaxel, −1 = none.
 */
export function binSignalToNoise(source: SignalToNoise, bin: Int32Array, count: number): Float64Array {
  const npix = new Int32Array(count);
  if (!('terms' in source)) {
    const lists = Array.from({ length: count }, (): number[] => []);
    for (let i = 0; i < bin.length; i++) if (bin[i]! >= 0) lists[bin[i]!]!.push(i);
    return Float64Array.from(lists, (list) => (list.length ? source.of(Int32Array.from(list)) : Number.NaN));
  }
  const { terms, of } = source;
  const sums = terms.map(() => new Float64Array(count));
  for (let i = 0; i < bin.length; i++) {
    const b = bin[i]!;
    if (b < 0) continue;
    npix[b]!++;
    for (let j = 0; j < sums.length; j++) sums[j]![b]! += terms[j]![i]!;
  }
  const own = new Float64Array(terms.length);
  return Float64Array.from(npix, (n, b) => {
    for (let j = 0; j < own.length; j++) own[j] = sums[j]![b]!;
    return n ? of(own, n) : Number.NaN;
  });
}
