import { fitLine, median, quantiles, sigmaClip } from '../stats/index.js';

/** A bin of a reference sample. */
export interface ReferenceBin {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Galaxies left after clipping. */
  readonly kept: number;
  /** Median of x and y, and quantiles of y that are ±1σ and ±2σ of a normal distribution: 2.3, 15.9, 84.1, 97.7 per cent. */
  readonly x: number;
  readonly y: number;
  readonly band: readonly [number, number, number, number];
}

export interface ReferenceOptions {
  /** Width of the bins in x. */
  readonly width: number;
  /** Lower edge of the first bin; default: the largest multiple of the width at or below the smallest x. */
  readonly start?: number;
  /** Bins with fewer galaxies are left out; default 20. */
  readonly fewest?: number;
  /** Values of y further from a bin's mean than so many standard deviations are clipped, again and again; default 3. */
  readonly sigmas?: number;
}

/** Medians of a reference sample in bins of x, with clipping; rows where x or y is missing are left out. */
export function binnedMedians(x: ArrayLike<number>, y: ArrayLike<number>, options: ReferenceOptions): ReferenceBin[] {
  const { width, fewest = 20, sigmas = 3 } = options;
  const rows = Array.from({ length: x.length }, (_, i) => i).filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!));
  const smallest = rows.reduce((least, i) => Math.min(least, x[i]!), Infinity);
  const start = options.start ?? Math.floor(smallest / width) * width;
  const bins = new Map<number, number[]>();
  for (const i of rows) {
    const bin = Math.floor((x[i]! - start) / width);
    if (bin < 0) continue;
    const members = bins.get(bin);
    if (members) members.push(i);
    else bins.set(bin, [i]);
  }
  return [...bins].sort(([a], [b]) => a - b).flatMap(([bin, members]): ReferenceBin[] => {
    if (members.length < fewest) return [];
    const values = members.map((i) => y[i]!);
    const { kept, low, high } = sigmaClip(values, sigmas);
    const inside = members.filter((_, k) => values[k]! >= low && values[k]! <= high);
    const [deep, below, above, top] = quantiles(kept, [0.022750131948179, 0.15865525393145705, 0.8413447460685429, 0.977249868051821]) as [number, number, number, number];
    return [{ low: start + bin * width, high: start + (bin + 1) * width, count: members.length, kept: kept.length, x: median(inside.map((i) => x[i]!)), y: median(kept), band: [deep, below, above, top] }];
  });
}

/** The straight line through the medians of the bins in a range of x, to go on beyond the reference sample: [slope, intercept]; NaN for fewer than two bins. */
export function extrapolationLine(bins: readonly ReferenceBin[], range: readonly [number, number]): [number, number] {
  const inside = bins.filter(({ x }) => x >= range[0] && x <= range[1]);
  const { slope, intercept } = fitLine(inside.map(({ x }) => x), inside.map(({ y }) => y));
  return [slope, intercept];
}
