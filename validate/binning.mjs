/** Adaptive binning of simulated discs: how evenly S/N is spread, and whether bins are what they should be. */
import { binAdaptively, signalToNoise } from '../dist/binning/index.js';
import { createRandom } from '../dist/numeric/index.js';

const size = 120;
const methods = ['power', 'wvt', 'cvt', 'accretion'];
/** Scatter of S/N that a power diagram of bins of ten spaxels or more shall not exceed. */
export const scatterLimit = 0.06;

/** An exponential disc of scale length 15 spaxels seen at an inclination [deg], as far as the mean S/N per spaxel is above 0.5. */
function simulate(inclination, seed) {
  const random = createRandom(seed, 'binned disc', inclination);
  const ratio = Math.cos((inclination * Math.PI) / 180);
  const truth = Float64Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [(i % size) - size / 2 + 0.3, Math.floor(i / size) - size / 2 - 0.2];
    return 30 * Math.exp(-Math.hypot(x, y / ratio) / 15);
  });
  const noise = truth.map((s) => Math.sqrt(s + 4));
  return { nx: size, ny: size, noise, signal: truth.map((s, i) => s + noise[i] * random.normal()), use: Uint8Array.from(truth, (s, i) => (s > 0.5 * noise[i] ? 1 : 0)) };
}

/** Bins whose spaxels do not hang together, by sides or corners. */
function brokenBins({ nx, count, bin, start, spaxels }) {
  let broken = 0;
  for (let b = 0; b < count; b++) {
    const left = new Set(spaxels.subarray(start[b], start[b + 1]));
    const stack = [spaxels[start[b]]];
    left.delete(stack[0]);
    while (stack.length) {
      const at = stack.pop();
      for (const next of [at - nx - 1, at - nx, at - nx + 1, at - 1, at + 1, at + nx - 1, at + nx, at + nx + 1]) if (bin[next] === b && left.delete(next)) stack.push(next);
    }
    if (left.size > 0) broken++;
  }
  return broken;
}

/**
 * A row for each inclination, target and method: means over seeds.
 * @param {{inclinations?: readonly number[], targets?: readonly number[], seeds?: number}} options
 * @returns {{inclination: number, target: number, method: string, bins: number, area: number, mean: number, scatter: number, broken: number}[]}
 *   bins that are not single spaxels, their mean area [spaxels], mean S/N over target, scatter of S/N over target, and bins in pieces
 */
export function measureBinning({ inclinations = [20, 40, 60, 80], targets = [10, 20, 50], seeds = 5 } = {}) {
  return inclinations.flatMap((inclination) => targets.flatMap((target) => methods.map((method) => {
    const row = { inclination, target, method, bins: 0, area: 0, mean: 0, scatter: 0, broken: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      const field = simulate(inclination, seed);
      const found = binAdaptively({ ...field, target, method, signalToNoise: signalToNoise(field) });
      const shared = Array.from(found.single.keys()).filter((b) => !found.single[b]);
      const mean = (values) => shared.reduce((sum, b) => sum + values[b], 0) / shared.length;
      row.bins += shared.length / seeds;
      row.area += mean(found.areas) / seeds;
      row.mean += mean(found.signalToNoise) / target / seeds;
      row.scatter += found.scatter / seeds;
      row.broken += brokenBins(found.binning) / seeds;
    }
    return row;
  })));
}
