import { binAdaptively, makeBinning, signalToNoise, spaxelBinning, weakestSignalToNoise, type AdaptiveBinning, type Binning, type Covariance } from '../binning/index.js';
import { distinctBinning, type Cube } from '../cube/index.js';
import { lineByName, type LineName } from '../nebula/index.js';
import { createLineFitter } from '../spectrum/index.js';
import type { FittedStars } from './measureBins.js';
import type { SpaxelLight } from './heldCube.js';
import type { Config } from './resolve.js';
import type { SpaxelStatus } from './spaxelStatus.js';

/** The lines that abundances and excitation need: the S/N of a bin is that of the weakest of them. */
export const neededLines: readonly LineName[] = ['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731'];

/** Those that a cube covers at a redshift. */
export function coveredLines(arms: Cube['arms'], redshift: number): LineName[] {
  const { windows } = createLineFitter(arms, { redshift, lines: neededLines });
  return neededLines.filter((name) => windows.some(({ lines }) => lines.includes(name)));
}

/** What is said of bins that are judged by some of the needed lines only, since the data do not hold the others. */
export function binnedWithout(lines: readonly LineName[]): string[] {
  const labels = (names: readonly LineName[]): string => names.map((name) => lineByName(name).label).join(', ');
  const missing = neededLines.filter((name) => !lines.includes(name));
  return missing.length > 0 ? [`the data do not hold ${labels(missing)}: the bins of the lines reach their S/N in ${labels(lines)} alone`] : [];
}

/** How a binning came about, for run.json and the log. */
export interface BinningFacts {
  readonly method: string;
  readonly target: number | null;
  readonly bins: number;
  /** Bins of a single spaxel that reaches the target alone. */
  readonly single: number;
  /** Standard deviation of S/N over target. */
  readonly scatter: number | null;
  readonly status: AdaptiveBinning['status'] | 'given';
}

export interface Bins {
  readonly binning: Binning;
  /** S/N of the first `facts.bins` bins (further ones are sky); null where bins were not made by it. */
  readonly signalToNoise: Float64Array | null;
  readonly facts: BinningFacts;
}

/** Whether the cube's bins are made adaptively: not for cubes that a survey has binned, nor where the user gives bins or wants every spaxel. */
export const adaptsLines = (cube: Pick<Cube, 'sectors'>, { binning, lines }: Config): boolean => cube.sectors === null && binning.map === undefined && lines.binSN > 0;
export const adaptsContinuum = (cube: Pick<Cube, 'sectors'>, { binning, continuum }: Config): boolean => cube.sectors === null && continuum.bins === undefined && binning.map === undefined && continuum.binSN > 0;

/** Noise of many spaxels over that of independent ones, where the configuration says how much it is. */
export const covarianceOf = ({ binning }: Config): Covariance | undefined => (binning.covariance > 0 ? { alpha: binning.covariance } : undefined);

/** Bins that the cube or the user brings: distinct spectra, or `userBins`. */
export function givenBins(cube: Cube, userBins: ArrayLike<number> | null, status: SpaxelStatus): Bins {
  const binning = distinctBinning(cube, { ...(userBins && { userBins }), mask: status.excluded() });
  return { binning, signalToNoise: null, facts: { method: userBins ? 'given' : cube.sectors ? 'sectors of the survey' : 'every spaxel', target: null, bins: binning.count, single: 0, scatter: null, status: 'given' } };
}

function described({ binning, signalToNoise: reached, single, scatter, status }: AdaptiveBinning, method: string, target: number): Bins {
  return { binning, signalToNoise: reached, facts: { method, target, bins: binning.count, single: single.reduce((sum, one) => sum + one, 0), scatter: Number.isFinite(scatter) ? scatter : null, status } };
}

/** Spaxels whose surroundings show less continuum than this S/N per Å are sky: they would dilute the bins of the rim. */
const continuumFrom = 1;
/** Half-width of the surroundings [spaxels]. */
const surroundings = 2;

/** Mean signal over mean noise of the spaxels about each one. */
function smoothedSignalToNoise(nx: number, ny: number, { signal, noise }: SpaxelLight, excluded: Uint8Array): Float64Array {
  return Float64Array.from({ length: nx * ny }, (_, s) => {
    const [x, y] = [s % nx, Math.floor(s / nx)];
    let [sum, square, count] = [0, 0, 0];
    for (let v = Math.max(0, y - surroundings); v <= Math.min(ny - 1, y + surroundings); v++) {
      for (let u = Math.max(0, x - surroundings); u <= Math.min(nx - 1, x + surroundings); u++) {
        const at = v * nx + u;
        if (excluded[at] || !(noise[at]! > 0)) continue;
        sum += signal[at]!;
        square += noise[at]! ** 2;
        count++;
      }
    }
    return sum / Math.sqrt(square * count);
  });
}

/**
 * Bins of the continuum: S/N per Å near 5500 Å. Spaxels of the sky, whose surroundings show no continuum, are one bin more: their stars are not worth a fit, but the gas beyond the
 * stars is looked for in them.
 */
export function continuumBins({ nx, ny }: Cube, light: SpaxelLight, status: SpaxelStatus, config: Config): Bins {
  const { continuum: { binSN: target }, binning: { method } } = config;
  const excluded = status.excluded();
  const around = smoothedSignalToNoise(nx, ny, light, excluded);
  const made = described(binAdaptively({
    nx, ny, target, method, signalToNoise: signalToNoise(light, covarianceOf(config)), use: excluded.map((own, s) => (!own && around[s]! >= continuumFrom ? 1 : 0)),
  }), method, target);
  // The rest is cut into tiles, so that looking for lines in it is shared and its gas may turn.
  const tiles = Math.ceil(nx / skyTile);
  const labels = Int32Array.from(made.binning.bin, (b, s) => {
    if (b >= 0) return b + 1;
    if (excluded[s] || !(light.noise[s]! > 0)) return 0;
    return made.binning.count + 1 + Math.floor(Math.floor(s / nx) / skyTile) * tiles + Math.floor((s % nx) / skyTile);
  });
  return { ...made, binning: makeBinning(labels, nx, ny) };
}

/** Side of the tiles of sky [spaxels]. */
const skyTile = 16;

/** The S/N of Hα below which a spaxel's own equivalent width says less than that of its continuum bin. */
const ownWidthFrom = 3;
/** Where Hα of a whole continuum bin stays below this S/N there is no gas: sky would only dilute the bins. */
const gasFrom = 5;

/**
 * Bins of the lines: spaxels with EW(Hα) above the cut, gathered to a S/N in the weakest of the needed lines. The equivalent width is the spaxel's own where its Hα is
 * seen, otherwise that of its continuum bin. Spaxels below the cut get LOWEW, those of continuum bins without Hα LOWSNR, those where a line cannot be measured NOVALUE.
 * @param lines the lines that were looked for, needed ones
 */
export async function lineBins({ nx, ny }: Cube, stars: FittedStars, lines: readonly LineName[], status: SpaxelStatus, config: Config): Promise<Bins> {
  const { lines: { binSN: target, minEW }, binning: { method } } = config;
  const map = (): Float64Array => new Float64Array(nx * ny).fill(Number.NaN);
  const spectra = lines.map(() => ({ signal: map(), noise: map() }));
  const use = new Uint8Array(nx * ny);
  const ha = lines.indexOf('Ha');
  const { start, spaxels } = stars.binning;
  for (const batch of stars.batches.keys()) {
    for (const { bin, detections } of (await stars.read(batch)).bins) {
      const { flux, fluxError, ew } = detections!;
      const count = start[bin + 1]! - start[bin]!;
      let [light, continuum, sum, square] = [0, 0, 0, 0];
      for (let j = 0; j < count; j++) {
        const [own, error, width] = [flux[j * lines.length + ha]!, fluxError[j * lines.length + ha]!, ew[j * lines.length + ha]!];
        if (error > 0 && Number.isFinite(own)) {
          sum += own;
          square += error * error;
        }
        if (!Number.isFinite(own / width)) continue;
        light += own;
        continuum += own / width;
      }
      for (let j = 0; j < count; j++) {
        const spaxel = spaxels[start[bin]! + j]!;
        const at = j * lines.length;
        lines.forEach((_, i) => {
          spectra[i]!.signal[spaxel] = flux[at + i]!;
          spectra[i]!.noise[spaxel] = fluxError[at + i]!;
        });
        const seen = flux[at + ha]! > ownWidthFrom * fluxError[at + ha]!;
        const width = seen ? ew[at + ha]! : light / continuum;
        if (lines.some((_, i) => !(fluxError[at + i]! > 0))) status.exclude(spaxel, 'NOVALUE');
        else if (!(sum > gasFrom * Math.sqrt(square))) status.exclude(spaxel, 'LOWSNR');
        else if (width < minEW) status.exclude(spaxel, 'LOWEW');
        else use[spaxel] = 1;
      }
    }
  }
  return described(binAdaptively({ nx, ny, target, method, signalToNoise: weakestSignalToNoise(spectra, covarianceOf(config)), use }), method, target);
}

/** A spaxel each, of those that are in a bin. */
export const spaxelsOf = ({ nx, ny, bin }: Binning): Binning => spaxelBinning(nx, ny, (s) => bin[s]! >= 0);
