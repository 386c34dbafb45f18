import type { BinProperties } from './binProperties.js';
import type { Tessellated } from './diagram.js';
import type { Field } from './field.js';

/**
 * Adds bins until there are as many as the field holds: the sum of (S/N/target)² over the bins, which hardly changes when
 * spaxels pass from bin to bin. The bins of highest S/N are halved along the line to their farthest cell. Needed because
 * accretion leaves gaps between round bins, which would lift every bin above the target. Bins are never taken away: their
 * sum is too low only where noise without signal was dealt out to them.
 */
export function matchPopulation(field: Field, { label, generators }: Tessellated, bins: BinProperties, target: number): Tessellated {
  const { width, use, size } = field;
  const ranked = Array.from(bins.area.keys()).filter((k) => bins.area[k]! > 0)
    .sort((a, b) => bins.signalToNoise[b]! - bins.signalToNoise[a]! || a - b);
  const content = ranked.reduce((sum, k) => sum + (Math.max(0, bins.signalToNoise[k]!) / target) ** 2, 0);
  const split = ranked.slice(0, Math.max(0, Math.round(content) - ranked.length)).filter((k) => bins.area[k]! > 1);

  const farthest = new Map(split.map((k) => [k, { cell: -1, distance: -1 }]));
  for (let cell = 0; cell < size; cell++) {
    const found = use[cell] ? farthest.get(label[cell]!) : undefined;
    if (!found) continue;
    const distance = (cell % width - generators.x[label[cell]!]!) ** 2 + (Math.floor(cell / width) - generators.y[label[cell]!]!) ** 2;
    if (distance > found.distance) [found.cell, found.distance] = [cell, distance];
  }
  const renumbered = new Int32Array(generators.x.length).fill(-1);
  const next = { x: [] as number[], y: [] as number[], square: [] as number[] };
  for (const k of ranked) {
    const [x, y, square] = [generators.x[k]!, generators.y[k]!, generators.square[k]!];
    const end = farthest.get(k);
    // Half way to the far end and to its opposite: the centroids of two halves.
    const [dx, dy] = end ? [(end.cell % width - x) / 2, (Math.floor(end.cell / width) - y) / 2] : [0, 0];
    renumbered[k] = next.x.length;
    for (const side of end ? [-1, 1] : [0]) {
      next.x.push(x + side * dx);
      next.y.push(y + side * dy);
      next.square.push(end ? square / 2 : square);
    }
  }
  return {
    label: label.map((k) => (k < 0 ? -1 : renumbered[k]!)),
    generators: {
      x: Float64Array.from(next.x), y: Float64Array.from(next.y), square: Float64Array.from(next.square), stretch: new Float64Array(next.x.length).fill(1),
    },
  };
}
