import { createRandom } from '../numeric/index.js';
import { ascending, sortedBy, type Column } from './columns.js';
import { nthSmallest } from './selection.js';

/** Slopes of all pairs at different x, by rank. */
export interface PairSlopes {
  /** How many pairs there are. */
  readonly count: number;
  /** The k-th smallest slope, from 0. */
  nth(k: number): number;
}

/** Samples up to this many points have all their slopes written down. */
const fewPoints = 400;
/** Slopes drawn to narrow the search. */
const drawn = 2000;

/**
 * The slopes of all pairs of points at different x. Up to 400 points they are written down. Beyond, a slope of given rank is found in expected
 * O(n log n) without that (Matoušek 1991; Dillencourt, Mount & Netanyahu 1992): the pairs with a slope below s are those whose order in y − s·x is
 * not that in x, so a merge sort counts them, and draws from them; a few thousand of them bound the wanted one, until so few are left between the bounds
 * that they can be sorted. The draws decide how long it takes, not what is found.
 * @param x @param y finite numbers
 */
export function pairSlopes(x: Column, y: Column): PairSlopes {
  const n = x.length;
  const order = sortedBy(Float64Array.from(x), ascending(y));
  const [u, v] = [Float64Array.from(order, (i) => x[i]!), Float64Array.from(order, (i) => y[i]!)];
  if (n <= fewPoints) {
    const slopes = new Float64Array(n * (n - 1) / 2);
    let count = 0;
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) if (u[j]! > u[i]!) slopes[count++] = (v[j]! - v[i]!) / (u[j]! - u[i]!);
    return { count, nth: (k) => nthSmallest(slopes, k, count) };
  }
  let count = n * (n - 1) / 2;
  for (let first = 0, last = 1; last <= n; last++) {
    if (last < n && u[last] === u[first]) continue;
    count -= (last - first) * (last - first - 1) / 2;
    first = last;
  }
  const rising = Uint32Array.from(u, (_, i) => i);
  // As lines of slope −∞ and +∞ order the points. Both keep points at one x in their order: they make no pair.
  const bounds: Bound[] = [{ slope: -Infinity, order: rising, below: 0 }, { slope: Infinity, order: sortedBy(u.map((value) => -value), rising), below: count }];
  return { count, nth: (k) => selectSlope(u, v, bounds, k) };
}

/** A slope that bounds the search: the points in the order that their lines of this slope have, and how many pairs lie below it (or at it). */
interface Bound {
  readonly slope: number;
  readonly order: Uint32Array;
  readonly below: number;
}

/** @param bounds of −∞ and +∞, then those found for other ranks, to which those found for this one are added */
function selectSlope(x: Float64Array, y: Float64Array, bounds: Bound[], k: number): number {
  const n = x.length;
  const random = createRandom(1, 'slopes');
  const slopeOf = (i: number, j: number) => (y[j]! - y[i]!) / (x[j]! - x[i]!);
  const [rising, falling] = [bounds[0]!.order, bounds[1]!.order];
  /** The pairs below the slope or, when it is `inclusive`, at most at it: equal keys keep the order that they have at the end on the other side. */
  const boundAt = (slope: number, inclusive: boolean): Bound => {
    const order = sortedBy(x.map((value, i) => y[i]! - slope * value), inclusive ? falling : rising);
    const bound = { slope, order, below: visitInversions(order, [], () => {}) };
    bounds.push(bound);
    return bound;
  };
  let low = bounds.reduce((best, own) => (own.below <= k && own.below >= best.below ? own : best));
  let high = bounds.reduce((best, own) => (own.below > k && own.below < best.below ? own : best), bounds[1]!);
  for (;;) {
    // The order at the upper bound in terms of that at the lower one: its inversions are the pairs between the bounds.
    const place = new Uint32Array(n);
    low.order.forEach((i, at) => { place[i] = at; });
    const between = high.order.map((i) => place[i]!);
    const inside = visitInversions(between, [], () => {});
    const wanted = Math.min(inside - 1, Math.max(0, k - low.below));
    const all = inside <= 10 * n;
    const size = all ? inside : drawn;
    const ranks = Float64Array.from({ length: size }, all ? (_, r) => r : () => Math.floor(random.uniform() * inside)).sort();
    const slopes = new Float64Array(size);
    let filled = 0;
    visitInversions(between, ranks, (a, b) => { slopes[filled++] = slopeOf(low.order[a]!, low.order[b]!); });
    slopes.sort();
    if (all) return slopes[wanted]!;
    const middle = wanted / inside * drawn;
    const margin = 3 * Math.sqrt(drawn) / 2;
    const [from, to] = [slopes[Math.max(0, Math.floor(middle - margin))]!, slopes[Math.min(drawn - 1, Math.ceil(middle + margin))]!];
    const [left, right] = [boundAt(from, false), boundAt(to, true)];
    const [oldLow, oldHigh] = [low.slope, high.slope];
    if (left.below > k) high = left;
    else if (right.below <= k) low = right;
    else [low, high] = [left, right];
    if (low.slope >= high.slope) return low.slope;
    // Many pairs of one slope, which rounding keeps apart.
    if (low.slope === oldLow && high.slope === oldHigh) return slopes[Math.min(drawn - 1, Math.round(middle))]!;
  }
}

/**
 * Counts the inversions of a sequence of the numbers 0 … n − 1 by a merge sort, and visits those of some ranks (ascending; the order
 * of the inversions is the sort's own).
 * @param visit is given the two numbers, the smaller first
 */
function visitInversions(sequence: Uint32Array, ranks: ArrayLike<number>, visit: (smaller: number, larger: number) => void): number {
  const n = sequence.length;
  let [from, to] = [sequence.slice(), new Uint32Array(n)];
  let [total, next] = [0, 0];
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(n, start + width);
      const end = Math.min(n, start + 2 * width);
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        if (left < middle && (right >= end || from[left]! < from[right]!)) {
          to[at] = from[left++]!;
          continue;
        }
        const passed = middle - left;
        while (next < ranks.length && ranks[next]! < total + passed) visit(from[right]!, from[left + ranks[next++]! - total]!);
        total += passed;
        to[at] = from[right++]!;
      }
    }
    [from, to] = [to, from];
  }
  return total;
}
