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

/** One line's profile on the pixels of its window, at one velocity. */
interface Template {
  readonly first: number;
  readonly values: Float64Array;
}

/**
 * The coarse velocity of a bin: every line filtered with its own profile on a grid of ±600 km/s, so that rotation and a
 * slightly wrong redshift are found without knowing the neighbours.
 * @param dispersion of the profiles [km/s]
 */
export function createVelocityGuess(designs: readonly Design[], dispersion: number): (residuals: readonly Float64Array[], weights: readonly Float64Array[]) => VelocityGuess {
  const velocities = Array.from({ length: 2 * Math.round(gridReach / gridStep) + 1 }, (_, k) => k * gridStep - gridReach);
  const filters = designs.flatMap(({ window, arm: { axis: { edges } }, lines }, w) => lines.filter(({ share }) => share === 1).map((line) => ({
    w,
    templates: velocities.map((velocity): Template => {
      const { centre, sigma } = lineShape(line, velocity, dispersion * dispersion);
      const first = Math.max(window.from, pixelAt(edges, centre - reach * sigma, window.from, window.to));
      const last = Math.min(window.to, pixelAt(edges, centre + reach * sigma, window.from, window.to) + 1);
      const values = Float64Array.from({ length: Math.max(0, last - first) }, (_, i) => lineDensity(edges[first + i]!, edges[first + i + 1]!, centre, sigma, 'integrated'));
      return { first: first - window.from, values };
    }),
  })));
  const votes = new Float64Array(velocities.length);
  const signals = new Float64Array(velocities.length);

  return (residuals, weights) => {
    votes.fill(0);
    signals.fill(0);
    for (const { w, templates } of filters) {
      const residual = residuals[w]!;
      const weight = weights[w]!;
      for (let k = 0; k < templates.length; k++) {
        const { first, values } = templates[k]!;
        let [flux, norm] = [0, 0];
        for (let i = 0; i < values.length; i++) {
          const g = values[i]! * weight[first + i]!;
          flux += g * residual[first + i]!;
          norm += g * values[i]!;
        }
        if (!(norm > 0 && flux > 0)) continue;
        const power = (flux * flux) / norm;
        signals[k]! += power;
        votes[k]! += Math.log1p(power / (saturation * saturation));
      }
    }
    let best = 0;
    for (let k = 1; k < votes.length; k++) if (votes[k]! > votes[best]!) best = k;
    let velocity = velocities[best]!;
    if (best > 0 && best < votes.length - 1) {
      const [left, middle, right] = [votes[best - 1]!, votes[best]!, votes[best + 1]!];
      const bend = left - 2 * middle + right;
      if (bend < 0) velocity += (gridStep * 0.5 * (left - right)) / bend;
    }
    return { velocity, signal: Math.sqrt(signals[best]!) };
  };
}
