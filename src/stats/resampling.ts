import { ZgradError } from '../errors/index.js';
import type { Random } from '../numeric/index.js';

export interface Resampling {
  readonly random: Random;
  /** Bootstrap samples; 1000 when not given. */
  readonly draws?: number;
}

/**
 * Statistics of a bootstrap sample that has `count[i]` copies of point i, written to `out`; NaN where the sample gives none.
 * A sample is given by its multiplicities because the order of the values, found once, serves every sample.
 */
export type CountedStatistics = (count: Int32Array, out: Float64Array) => void;

/** From so many points on the jackknife leaves out groups of them, or its time would grow with the square of the sample. */
const mostGroups = 200;

/**
 * The bootstrap (Efron 1979): statistics of samples drawn with replacement from n points.
 * @param size how many statistics there are
 * @returns one array a statistic, one entry a draw
 * @throws BadArgument unless `draws` is a whole number, at least 1
 */
export function bootstrap(n: number, size: number, statistics: CountedStatistics, { random, draws = 1000 }: Resampling): Float64Array[] {
  if (!(Number.isInteger(draws) && draws >= 1)) throw new ZgradError('BadArgument', { where: 'bootstrap', found: `${draws} draws`, expected: 'a whole number of draws, at least 1' });
  const found = Array.from({ length: size }, () => new Float64Array(draws).fill(NaN));
  if (n === 0) return found;
  const [index, count, out] = [new Int32Array(n), new Int32Array(n), new Float64Array(size)];
  for (let draw = 0; draw < draws; draw++) {
    random.integers(n, index);
    tally(index, count);
    statistics(count, out);
    for (let s = 0; s < size; s++) found[s]![draw] = out[s]!;
  }
  return found;
}

function tally(index: Int32Array, count: Int32Array): void {
  count.fill(0);
  for (let k = 0; k < index.length; k++) count[index[k]!]!++;
}

/**
 * The jackknife (Quenouille 1949): the same statistics without each of the n points or, when these are more than 200,
 * without each of 200 interleaved groups.
 */
export function jackknife(n: number, size: number, statistics: CountedStatistics): Float64Array[] {
  const groups = Math.min(n, mostGroups);
  const found = Array.from({ length: size }, () => new Float64Array(groups));
  const [count, out] = [new Int32Array(n).fill(1), new Float64Array(size)];
  for (let g = 0; g < groups; g++) {
    for (let i = g; i < n; i += groups) count[i] = 0;
    statistics(count, out);
    for (let i = g; i < n; i += groups) count[i] = 1;
    for (let s = 0; s < size; s++) found[s]![g] = out[s]!;
  }
  return found;
}

/** The draws that gave a number. */
export function finite(draws: Float64Array): Float64Array {
  return draws.filter(Number.isFinite);
}
