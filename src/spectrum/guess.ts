import { lineShape, pixelAt, type Design } from './design.js';
import { lineDensity } from './profile.js';

/** The grid of velocities that are tried [km/s]. */
const gridReach = 600;
const gridStep = 25;
/** Profiles reach this many σ. */
const reach = 3;
/**
 * Above this S/N a line's say grows only slowly: several lines that agree outvote one bright defect.
 */
const saturation = 3;

/** A velocity [km/s] and how well the lines are seen there: (Σ (flux/error)²)^½ over the lines in emission. */
export interface VelocityGuess {
  readonly velocity: number;
  readonly signal: number;
}

/** One line's profiles on the pixels of its window, at every velocity: values from `start[k]` to before `start[k + 1]`, from pixel `first[k]` on. */
interface Templates {
  readonly window: number;
  readonly start: Int32Array;
  readonly first: Int32Array;
  readonly values: Float64Array;
  readonly squares: Float64Array;
}

/** Keeps a product of votes of all lines finite. */
const mostPower = 1e12;

/**
 * The coarse velocity of a bin: every line filtered with its own profile on a grid of ±600 km/s, so that rotation and a
 * slightly wrong redshift are found without knowing the neighbours.
 * @param dispersion of the profiles [km/s]
 */
export function createVelocityGuess(designs: readonly Design[], dispersion: number): (residuals: readonly Float64Array[], weights: readonly Float64Array[]) => VelocityGuess {
  const velocities = Array.from({ length: 2 * Math.round(gridReach / gridStep) + 1 }, (_, k) => k * gridStep - gridReach);
  const all = designs.flatMap(({ window, arm: { axis: { edges } }, lines }, w) => lines.filter(({ share }) => share === 1).map((line): Templates => {
    const places = velocities.map((velocity) => {
      const { centre, sigma } = lineShape(line, velocity, dispersion * dispersion);
      const from = Math.max(window.from, pixelAt(edges, centre - reach * sigma, window.from, window.to));
      const to = Math.max(from, Math.min(window.to, pixelAt(edges, centre + reach * sigma, window.from, window.to) + 1));
      return { first: from - window.from, values: Array.from({ length: to - from }, (_, i) => lineDensity(edges[from + i]!, edges[from + i + 1]!, centre, sigma, 'integrated')) };
    });
    const start = new Int32Array(places.length + 1);
    places.forEach(({ values }, k) => { start[k + 1] = start[k]! + values.length; });
    const values = Float64Array.from(places.flatMap((place) => place.values));
    return { window: w, start, first: Int32Array.from(places, ({ first }) => first), values, squares: values.map((g) => g * g) };
  }));
  const votes = new Float64Array(velocities.length);
  const signals = new Float64Array(velocities.length);

  const weighted = designs.map(({ window }) => new Float64Array(window.to - window.from));

  return (residuals, weights) => {
    for (let w = 0; w < weighted.length; w++) for (let i = 0; i < weighted[w]!.length; i++) weighted[w]![i] = residuals[w]![i]! * weights[w]![i]!;
    const at = (k: number): void => {
      votes[k] = 1;
      signals[k] = 0;
      for (const { window, start, first, values, squares } of all) {
        const data = weighted[window]!;
        const weight = weights[window]!;
        const [from, to] = [start[k]!, start[k + 1]!];
        const shift = first[k]! - from;
        let flux = 0;
        for (let i = from; i < to; i++) flux += values[i]! * data[shift + i]!;
        if (!(flux > 0)) continue;
        let norm = 0;
        for (let i = from; i < to; i++) norm += squares[i]! * weight[shift + i]!;
        if (!(norm > 0)) continue;
        const power = (flux * flux) / norm;
        signals[k]! += power;
        // The product of votes; its logarithm is what counts.
        votes[k]! *= 1 + Math.min(power, mostPower) / (saturation * saturation);
      }
    };
    const better = (k: number, than: number): boolean => votes[k]! > votes[than]!;
    // Every other velocity, half a line's width apart, and the neighbours of the best.
    let coarse = 0;
    for (let k = 0; k < velocities.length; k += 2) {
      at(k);
      if (better(k, coarse)) coarse = k;
    }
    let best = coarse;
    for (const k of [coarse - 1, coarse + 1]) {
      if (k < 0 || k >= velocities.length) continue;
      at(k);
      if (better(k, best)) best = k;
    }
    let velocity = velocities[best]!;
    if (best > 0 && best < votes.length - 1) {
      const [left, middle, right] = [Math.log(votes[best - 1]!), Math.log(votes[best]!), Math.log(votes[best + 1]!)];
      const bend = left - 2 * middle + right;
      if (bend < 0) velocity += (gridStep * 0.5 * (left - right)) / bend;
    }
    return { velocity, signal: Math.sqrt(signals[best]!) };
  };
}
