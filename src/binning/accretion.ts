import type { Field } from './field.js';
import { createNearestFree } from './nearestFree.js';
import { createMeter, type SignalToNoise } from './signalToNoise.js';

/** Largest R/R_eff − 1 of a growing bin, unless asked for otherwise: R its farthest spaxel from the centroid, R_eff the radius of a disc of its area. */
const round = 0.3;
/** A bin is good from this fraction of the target on. */
const good = 0.8;
/** A bin that has grown by this factor, and this many spaxels, without a better S/N has run out of signal. */
const patience = { factor: 2, spaxels: 16 };

/**
 * Bins grown one after another from the brightest spaxel outwards (Cappellari & Copin 2003, MNRAS 342, 345, §5.1): to each
 * the adjacent free spaxel nearest to its centroid is added while it stays round and until the target is crossed; the next
 * starts at the free spaxel nearest to the centroid of all that went before. Unlike there, spaxels of noise may lower the
 * S/N on the way: the set that was nearest to the target is kept.
 *
 * @param brightness S/N of each cell alone.
 * @param before Σx, Σy and number of the cells that are bins already.
 * @param roundness largest R/R_eff − 1.
 * @returns bin of each cell, −1 where there is none, and the number of bins, which reach 80 % of the target or more and are each
 * connected through the sides of their cells.
 */
export function accreteBins(
  field: Field, source: SignalToNoise, target: number, brightness: Float64Array, before: { x: number; y: number; n: number }, roundness = round,
): { bin: Int32Array; count: number } {
  const { width, use, spaxel } = field;
  const bin = new Int32Array(field.size).fill(-1);
  const meter = createMeter(source);
  const open = use.slice();
  const free = createNearestFree(use, width);
  const seen = new Int32Array(field.size);
  const leftmost = new Int32Array(field.size / width);
  const rightmost = new Int32Array(field.size / width);
  const all = { ...before };
  let count = 0;
  let trial = 0;

  let seed = brightest(use, brightness);
  if (before.n) seed = free.nearest(before.x / before.n, before.y / before.n);
  while (seed >= 0) {
    trial++;
    const cells: number[] = [];
    const frontier = [seed];
    seen[seed] = trial;
    let [sx, sy, low, high] = [0, 0, field.size, -1];
    let [best, bestSize] = [Number.NEGATIVE_INFINITY, 0];
    meter.reset();
    while (frontier.length) {
      const n = cells.length;
      const place = n ? nearestCell(frontier, width, sx / n, sy / n) : 0;
      const cell = frontier[place]!;
      const x = cell % width;
      const y = (cell - x) / width;
      // Only the ends of a row can be its farthest cell.
      if (y < low || y > high) leftmost[y] = rightmost[y] = x;
      else if (x < leftmost[y]!) leftmost[y] = x;
      else if (x > rightmost[y]!) rightmost[y] = x;
      const [newLow, newHigh] = [Math.min(low, y), Math.max(high, y)];
      const radius = farthest(leftmost, rightmost, newLow, newHigh, (sx + x) / (n + 1), (sy + y) / (n + 1));
      if (radius > (1 + roundness) * Math.sqrt((n + 1) / Math.PI)) break;
      [low, high] = [newLow, newHigh];
      sx += x;
      sy += y;
      cells.push(cell);
      frontier[place] = frontier[frontier.length - 1]!;
      frontier.pop();
      const sn = meter.add(spaxel[cell]!);
      if (Math.abs(sn - target) < Math.abs(best - target)) [best, bestSize] = [sn, n + 1];
      if (sn >= target || (n + 1 >= patience.factor * bestSize && n + 1 >= bestSize + patience.spaxels)) break;
      for (const next of [cell - width, cell - 1, cell + 1, cell + width]) {
        if (open[next] && seen[next] !== trial) {
          seen[next] = trial;
          frontier.push(next);
        }
      }
    }
    const kept = best >= good * target ? bestSize : cells.length;
    for (let j = 0; j < kept; j++) {
      const cell = cells[j]!;
      open[cell] = 0;
      free.remove(cell);
      if (best >= good * target) bin[cell] = count;
      const x = cell % width;
      all.x += x;
      all.y += (cell - x) / width;
    }
    all.n += kept;
    if (best >= good * target) count++;
    seed = free.nearest(all.x / all.n, all.y / all.n);
  }
  return { bin, count };
}

function brightest(use: Uint8Array, brightness: Float64Array): number {
  let best = -1;
  for (let i = 0; i < use.length; i++) if (use[i] && (best < 0 || brightness[i]! > brightness[best]!)) best = i;
  return best;
}

/** Where in the list the cell nearest to (x, y) stands; of several the lowest. */
function nearestCell(cells: readonly number[], width: number, x: number, y: number): number {
  let place = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let j = 0; j < cells.length; j++) {
    const cell = cells[j]!;
    const column = cell % width;
    const dx = column - x;
    const dy = (cell - column) / width - y;
    const distance = dx * dx + dy * dy;
    if (distance < best || (distance === best && cell < cells[place]!)) {
      best = distance;
      place = j;
    }
  }
  return place;
}

function farthest(leftmost: Int32Array, rightmost: Int32Array, low: number, high: number, x: number, y: number): number {
  let largest = 0;
  for (let row = low; row <= high; row++) {
    const dx = Math.max(x - leftmost[row]!, rightmost[row]! - x);
    largest = Math.max(largest, dx * dx + (row - y) * (row - y));
  }
  return Math.sqrt(largest);
}
