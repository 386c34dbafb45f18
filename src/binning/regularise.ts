import { createProperties, type BinProperties } from './binProperties.js';
import { createDiagram, type Generators, type Tessellated } from './diagram.js';
import type { Field } from './field.js';
import { matchPopulation } from './population.js';
import type { SignalToNoise } from './signalToNoise.js';

/**
 * How bins are evened out: 'cvt' centroidal Voronoi (Cappellari & Copin 2003), 'wvt' weighted Voronoi (Diehl & Statler
 * 2006), 'power' centroidal power diagram (Cappellari 2025).
 */
export type Tessellation = 'cvt' | 'wvt' | 'power';

const iterations = 50;
/** Generators are at rest when the sum of their squared steps is below this [spaxel²]. */
const atRest = 1e-3;
/** Power diagrams: after these iterations the number of bins is matched to what the field holds. */
const matchAfter = [3, 7];
/** Power diagrams: from here on radii accumulate the bins' errors instead of following the last one. */
const accumulateAfter = 10;
/** The share of a bin's error that its radius takes up in one iteration; half converges without swinging. */
const gain = 0.5;
/** A bin whose S/N is far too low asks for at most 1/lowest² of its area at once. */
const lowest = 0.5;

/** Root mean square of S/N over target about its own mean, over bins that have spaxels. */
export function scatterOf(signalToNoise: ArrayLike<number>, target: number): number {
  const ratios = Array.from(signalToNoise).filter((sn) => !Number.isNaN(sn)).map((sn) => sn / target);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  return Math.sqrt(ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / ratios.length);
}

/**
 * Evens out the bins that accretion found, all unused cells included, and answers with the diagram whose S/N scatter was
 * least, of those with the most bins. In each iteration a generator moves to the centroid of its bin and its reach is set from the bin's area A and S/N:
 * - 'cvt': centroid weighted with the fourth power of a spaxel's S/N, all reaches equal;
 * - 'wvt': distances in units of √(A·target/S/N);
 * - 'power': the bin is a bubble of area πr² = A·(target/S/N)², as S/N² grows with area. Once the bubbles are packed, r² takes
 *   up what S/N² still lacks, step by step; that equalises S/N as far as whole spaxels allow.
 *
 * @param brightness S/N of each cell alone.
 * @param start bin of each cell, −1 = none; at least one bin.
 */
export function regularise(
  field: Field, source: SignalToNoise, target: number, brightness: Float64Array, start: { bin: Int32Array; count: number }, kind: Tessellation,
): Tessellated {
  const assign = createDiagram(field);
  const weight = kind === 'cvt' ? brightness.map((sn) => Math.max(0, sn) ** 4) : null;
  const properties = createProperties(field, source, weight);
  const firstChoice = kind === 'power' ? matchAfter.at(-1)! + 1 : 1;
  let label: Int32Array = start.bin.slice();
  let generators = emptyGenerators(start.count);
  let best: Tessellated = { label, generators };
  let [most, least] = [0, Number.POSITIVE_INFINITY];

  for (let iteration = 0; ; iteration++) {
    const bins = properties(label, generators.x.length);
    const scatter = scatterOf(bins.signalToNoise, target);
    // A diagram in which a bin has lost its last spaxel is no better for it.
    const count = bins.area.filter((area) => area > 0).length;
    if (iteration >= firstChoice && (count > most || (count === most && scatter < least))) {
      [most, least] = [count, scatter];
      best = { label: label.slice(), generators: copyGenerators(generators) };
    }
    if (iteration === iterations) return best;
    const moved = move(generators, bins, target, kind, iteration > accumulateAfter);
    if (iteration >= firstChoice && moved < atRest && (kind !== 'power' || iteration > accumulateAfter)) return best;
    if (kind === 'power' && matchAfter.includes(iteration)) ({ label, generators } = matchPopulation(field, { label, generators }, bins, target));
    assign(label, generators);
  }
}

/** Sets generators from the bins they have now; the sum of their squared steps. A generator without spaxels stays. */
function move({ x, y, stretch, square }: Generators, bins: BinProperties, target: number, kind: Tessellation, accumulate: boolean): number {
  let moved = 0;
  for (let k = 0; k < x.length; k++) {
    const area = bins.area[k]!;
    if (area === 0) continue;
    moved += (bins.x[k]! - x[k]!) ** 2 + (bins.y[k]! - y[k]!) ** 2;
    x[k] = bins.x[k]!;
    y[k] = bins.y[k]!;
    const reached = Math.max(lowest, bins.signalToNoise[k]! / target);
    if (kind === 'wvt') stretch[k] = reached / area;
    if (kind !== 'power') continue;
    const bubble = area / Math.PI;
    const lack = 1 / (reached * reached) - 1;
    square[k] = accumulate ? square[k]! + gain * bubble * Math.min(1, lack) : bubble * (1 + lack);
  }
  return moved;
}

function emptyGenerators(count: number): Generators {
  return { x: new Float64Array(count), y: new Float64Array(count), stretch: new Float64Array(count).fill(1), square: new Float64Array(count) };
}

function copyGenerators({ x, y, stretch, square }: Generators): Generators {
  return { x: x.slice(), y: y.slice(), stretch: stretch.slice(), square: square.slice() };
}
