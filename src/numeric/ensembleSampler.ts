import { ZgradError } from '../errors/index.js';
import type { Random } from './random.js';

export interface EnsembleProblem {
  readonly parameters: number;
  /** Logarithm of the probability density of [parameters], up to a constant; −Infinity or NaN where it is 0. The array is reused. */
  readonly logProbability: (point: Float64Array) => number;
  /** [walkers × parameters] where the walkers begin: not all in one plane. */
  readonly start: ArrayLike<number>;
  readonly steps: number;
  readonly random: Random;
  /** Reach of a move, above 1; 2 when not given. */
  readonly stretch?: number;
}

export interface EnsembleChain {
  /** [steps × walkers × parameters], the start not among them. */
  readonly samples: Float64Array;
  /** [steps × walkers] */
  readonly logProbability: Float64Array;
  /** Share of the proposed moves that were made. */
  readonly acceptance: number;
}

/**
 * Samples a probability density with an ensemble of walkers whose moves do not depend on the scales and correlations of the parameters: each walker of one half is moved along the line to
 * a random walker of the other half, by a factor z with density ∝ 1/√z between 1/a and a, and the move is made with probability min(1, z^(d−1) p(new)/p(old)) (Goodman & Weare 2010).
 * @throws BadArgument unless there is an even number of walkers, at least twice the parameters, each beginning where the density is not 0
 */
export function sampleEnsemble({ parameters: d, logProbability, start, steps, random, stretch = 2 }: EnsembleProblem): EnsembleChain {
  const walkers = start.length / d;
  if (!(Number.isInteger(walkers / 2) && walkers >= 2 * d)) {
    throw new ZgradError('BadArgument', { where: 'ensemble sampler', found: `${walkers} walkers for ${d} parameters`, expected: `an even number of walkers, at least ${2 * d}` });
  }
  const now = Float64Array.from(start);
  const density = Float64Array.from({ length: walkers }, (_, w) => logProbability(now.slice(w * d, (w + 1) * d)));
  const lost = density.findIndex((value) => !(value > -Infinity));
  if (lost >= 0) throw new ZgradError('BadArgument', { where: 'ensemble sampler', found: `walker ${lost} where the density is 0`, expected: 'a start with positive density' });
  const samples = new Float64Array(steps * walkers * d);
  const densities = new Float64Array(steps * walkers);
  const proposal = new Float64Array(d);
  const half = walkers / 2;
  let moves = 0;
  for (let step = 0; step < steps; step++) {
    for (let w = 0; w < walkers; w++) {
      const other = (w < half ? half : 0) + random.integer(half);
      const z = ((stretch - 1) * random.uniform() + 1) ** 2 / stretch;
      for (let c = 0; c < d; c++) proposal[c] = now[other * d + c]! + z * (now[w * d + c]! - now[other * d + c]!);
      const next = logProbability(proposal);
      if (Math.log(random.uniform()) < (d - 1) * Math.log(z) + next - density[w]!) {
        now.set(proposal, w * d);
        density[w] = next;
        moves++;
      }
    }
    samples.set(now, step * walkers * d);
    densities.set(density, step * walkers);
  }
  return { samples, logProbability: densities, acceptance: moves / (steps * walkers) };
}
