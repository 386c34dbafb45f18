import { ZgradError } from '../errors/index.js';
import { ascending, completeRows, sameLength, type Column } from './columns.js';
import { mean, standardDeviation } from './moments.js';
import { quantiles } from './quantiles.js';

/** The points of one bin in x. */
export interface SampleBin {
  readonly count: number;
  /** Smallest and largest x of the points, or the edges asked for. */
  readonly range: readonly [number, number];
  /** Medians of x and y; NaN for an empty bin. */
  readonly x: number;
  readonly y: number;
  /** 16th and 84th percentile of y, mean, and standard deviation. */
  readonly interval: readonly [number, number];
  readonly mean: number;
  readonly std: number;
  readonly rows: Int32Array;
}

function binOf(x: Column, y: Column, rows: Int32Array, range: readonly [number, number]): SampleBin {
  const values = Float64Array.from(rows, (i) => y[i]!);
  const [low, middle, high] = quantiles(values, [0.16, 0.5, 0.84]) as [number, number, number];
  return { count: rows.length, range, x: quantiles(Float64Array.from(rows, (i) => x[i]!), [0.5])[0]!, y: middle, interval: [low, high], mean: mean(values), std: standardDeviation(values), rows };
}

/**
 * Bins of equally many points in ascending x; what does not divide goes one each to the first bins. Points whose x or y is not finite are left out.
 * @throws BadArgument for columns of unequal length, and unless `bins` is a whole number, at least 1
 */
export function equalCountBins(x: Column, y: Column, bins: number): SampleBin[] {
  if (!(Number.isInteger(bins) && bins >= 1)) throw new ZgradError('BadArgument', { where: 'bins', found: `${bins} bins`, expected: 'a whole number of bins, at least 1' });
  const { columns: [known], rows: finite } = completeRows(x, y);
  const order = ascending(known!).map((i) => finite[i]!);
  const [each, more] = [Math.floor(order.length / bins), order.length % bins];
  return Array.from({ length: bins }, (_, b) => {
    const rows = Int32Array.from(order.subarray(b * each + Math.min(b, more), (b + 1) * each + Math.min(b + 1, more)));
    return binOf(x, y, rows, rows.length ? [x[rows[0]!]!, x[rows[rows.length - 1]!]!] : [NaN, NaN]);
  });
}

/**
 * Bins between given edges, [lower, upper) but for the last, to which its upper edge belongs. Points outside, or whose x or y is not finite, are left out.
 * @param edges ascending
 * @throws BadArgument for columns of unequal length
 */
export function binsAt(x: Column, y: Column, edges: Column): SampleBin[] {
  sameLength('bins', x, y);
  const last = edges.length - 2;
  return Array.from({ length: Math.max(0, last + 1) }, (_, b) => {
    const [low, high] = [edges[b]!, edges[b + 1]!];
    const rows = Int32Array.from({ length: x.length }, (__, i) => i)
      .filter((i) => Number.isFinite(y[i]!) && x[i]! >= low && (x[i]! < high || (b === last && x[i] === high)));
    return binOf(x, y, rows, [low, high]);
  });
}
