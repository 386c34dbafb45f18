import { ascending, sameLength, type Column } from './columns.js';
import { pearson, spearman, type Correlation } from './correlation.js';
import { bcaInterval, fisherInterval, oneAndTwoSigma, percentileInterval, type CorrelationKind, type Interval } from './intervals.js';
import { kendall, kendallOf, kendallPoints } from './kendall.js';
import { standardDeviation } from './moments.js';
import { correlationMatrix, partialOf, partialPearson, partialSpearman } from './partialCorrelation.js';
import { bootstrap, finite, jackknife, type Resampling } from './resampling.js';

export interface CorrelationBootstrapInput extends Resampling {
  readonly x: Column;
  readonly y: Column;
  /** `spearman` when not given. */
  readonly kind?: CorrelationKind;
  /** Properties held fixed (for Spearman's and Pearson's); none when not given. */
  readonly controls?: readonly Column[];
  /** Levels of the intervals; 68.27 % and 95.45 % when not given. */
  readonly levels?: readonly number[];
}

/** A correlation with what the bootstrap says of it. */
export interface CorrelationBootstrap extends Correlation {
  readonly n: number;
  /** Standard deviation of the draws. */
  readonly error: number;
  /** Draws that gave a coefficient. */
  readonly draws: Float64Array;
  readonly intervals: readonly {
    readonly level: number;
    readonly percentile: Interval;
    readonly bca: Interval;
    /** `fisherInterval`, which covers what it says at 55 points where the other two do not. */
    readonly fisher: Interval;
  }[];
}

/**
 * A correlation, plain or at fixed controls, with bootstrap error and intervals. Ranks are found anew in every draw, without sorting: in O(n) from the
 * order of the whole sample (Kendall's in O(n log n)). All NaN where the coefficient is.
 * @throws BadArgument for columns of unequal length, and unless `draws` is a whole number, at least 1
 */
export function bootstrapCorrelation({ x, y, kind = 'spearman', controls = [], levels = oneAndTwoSigma, random, draws = 1000 }: CorrelationBootstrapInput): CorrelationBootstrap {
  const n = sameLength('correlation', x, y, ...controls);
  const found = plain(kind, x, y, controls);
  const statistic = countedCorrelation(kind, x, y, controls);
  const known = !Number.isNaN(found.r);
  const statistics = (count: Int32Array, out: Float64Array) => { out[0] = statistic(count); };
  const drawn = known ? finite(bootstrap(n, 1, statistics, { random, draws })[0]!) : new Float64Array(0);
  const jackknifed = known ? finite(jackknife(n, 1, statistics)[0]!) : drawn;
  return {
    ...found, n, error: standardDeviation(drawn), draws: drawn,
    intervals: levels.map((level) => ({
      level, percentile: percentileInterval(drawn, level), bca: bcaInterval(found.r, drawn, jackknifed, level), fisher: fisherInterval(found.r, n, kind, level, controls.length),
    })),
  };
}

function plain(kind: CorrelationKind, x: Column, y: Column, controls: readonly Column[]): Correlation {
  if (kind === 'kendall') {
    const { r, p } = kendall(x, y);
    return { r, p };
  }
  if (controls.length) return kind === 'pearson' ? partialPearson(x, y, controls) : partialSpearman(x, y, controls);
  return kind === 'pearson' ? pearson(x, y) : spearman(x, y);
}

/** A correlation as a function of how often each point was drawn. */
function countedCorrelation(kind: CorrelationKind, x: Column, y: Column, controls: readonly Column[]): (count: Int32Array) => number {
  if (kind === 'kendall') {
    const points = kendallPoints(x, y);
    return (count) => (points ? kendallOf(points, count).r : NaN);
  }
  const columns = [x, y, ...controls];
  if (kind === 'pearson') {
    if (controls.length) return (count) => partialOf(correlationMatrix(columns, count), columns.length).r;
    return countedPearson(Float64Array.from(x), Float64Array.from(y));
  }
  // In ascending order of x its ranks come one after the other, and a draw does not depend on the order of the rows.
  const order = ascending(x);
  const sorted = columns.map((column) => Float64Array.from(order, (i) => column[i]!));
  const orders = sorted.map(rankOrder);
  const placed = sorted.map(() => new Float64Array(x.length));
  if (controls.length) {
    const size = columns.length;
    const R = new Float64Array(size * size);
    return (count) => {
      const squares = orders.map(({ order: by, ends }, c) => rankDrawn(by, ends, count, placed[c]!));
      // The ranks come less their mean, with their squares: only the products are left of a correlation matrix.
      for (let a = 0; a < size; a++) {
        R[a * size + a] = squares[a]! > 0 ? 1 : 0;
        for (let b = 0; b < a; b++) {
          const product = squares[a]! * squares[b]!;
          R[a * size + b] = R[b * size + a] = product > 0 ? dotCounted(count, placed[a]!, placed[b]!) / Math.sqrt(product) : 0;
        }
      }
      return partialOf(R, size).r;
    };
  }
  const [{ order: orderX, ends: endsX }, { order: orderY, ends: endsY }] = orders as [RankOrder, RankOrder];
  const [u, v] = [placed[0]!, placed[1]!];
  return (count) => {
    const xx = rankDrawn(orderX, endsX, count, u);
    const yy = rankDrawn(orderY, endsY, count, v);
    const xy = dotCounted(count, u, v);
    return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : NaN;
  };
}

/** The order of a sample, and for each place in it the place where the next larger value begins; null where no two values are equal. */
interface RankOrder {
  readonly order: Uint32Array;
  readonly ends: Uint32Array | null;
}

function rankOrder(values: Float64Array): RankOrder {
  const order = ascending(values);
  const n = order.length;
  const ends = new Uint32Array(n);
  let tied = false;
  for (let k = n - 1; k >= 0; k--) {
    const same = k + 1 < n && values[order[k]!] === values[order[k + 1]!];
    ends[k] = same ? ends[k + 1]! : k + 1;
    tied ||= same;
  }
  return { order, ends: tied ? ends : null };
}

/** Mid-ranks of a sample with `count[i]` copies of point i, less their mean; answers with the sum of their squares. */
function rankDrawn(order: Uint32Array, ends: Uint32Array | null, count: Int32Array, into: Float64Array): number {
  const n = order.length;
  let total = 0;
  for (let i = 0; i < n; i++) total += count[i]!;
  let squares = 0;
  /** Twice the rank less the mean, before the values that come next. */
  let before = -total;
  if (!ends) {
    for (let k = 0; k < n; k++) {
      const i = order[k]!;
      const c = count[i]!;
      const rank = 0.5 * (before + c);
      into[i] = rank;
      squares += c * rank * rank;
      before += 2 * c;
    }
    return squares;
  }
  for (let first = 0; first < n;) {
    const end = ends[first]!;
    let together = count[order[first]!]!;
    for (let k = first + 1; k < end; k++) together += count[order[k]!]!;
    const rank = 0.5 * (before + together);
    for (let k = first; k < end; k++) into[order[k]!] = rank;
    squares += together * rank * rank;
    before += 2 * together;
    first = end;
  }
  return squares;
}

function dotCounted(count: Int32Array, u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += count[i]! * u[i]! * v[i]!;
  return sum;
}

function countedPearson(x: Float64Array, y: Float64Array): (count: Int32Array) => number {
  const n = x.length;
  return (count) => {
    const first = count.findIndex((c) => c > 0);
    const [x0, y0] = [x[first]!, y[first]!];
    let [total, sumX, sumY] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const c = count[i]!;
      total += c;
      sumX += c * (x[i]! - x0);
      sumY += c * (y[i]! - y0);
    }
    const [meanX, meanY] = [x0 + sumX / total, y0 + sumY / total];
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [dx, dy] = [x[i]! - meanX, y[i]! - meanY];
      xx += count[i]! * dx * dx;
      yy += count[i]! * dy * dy;
      xy += count[i]! * dx * dy;
    }
    return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : NaN;
  };
}
