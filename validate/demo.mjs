/** Truth and result for the galaxy of `zgrad demo`, with other seeds, and for the same galaxy oversampled. */

import { measureSimulated } from './galaxies.mjs';
import { runAll } from './parallel.mjs';

const oxygen = { slope: -0.15 };
/** Four spaxels to the seeing of 0.8″. */
const oversampled = { nx: 64, ny: 64, pixelScale: 0.2, noise: { sky: 2.5 }, oxygen };

/** @type {readonly {name: string, options: import('../dist/simulate/index.js').SimulationOptions}[]} */
export const demoGalaxies = [
  ...[1, 2, 3, 4].map((seed) => ({ name: `demo, seed ${seed}`, options: { seed, oxygen } })),
  ...[1, 2].map((seed) => ({ name: `oversampled, white noise, seed ${seed}`, options: { ...oversampled, seed } })),
  ...[1, 2].map((seed) => ({ name: `oversampled, noise as wide as the seeing, seed ${seed}`, options: { ...oversampled, seed, noise: { ...oversampled.noise, correlation: 4 } } })),
];

/** One of them: what was put in, the truth in the same bins, and what came out. */
export async function measureDemo({ name, options }) {
  const { entry, truth, simulation } = await measureSimulated(options);
  return { name, bins: entry.bins, putIn: simulation.settings.oxygen.slope, truth: truth.slope, measured: entry.slope, errors: entry.errorBudget };
}

/** All of them. @param {{workers?: number, progress?: (done: number, count: number) => void}} wanted */
export function measureDemos(wanted) {
  return runAll({ module: new URL(import.meta.url), name: 'measureDemo', items: demoGalaxies, ...wanted });
}
