/** Galaxies about the thresholds below which a gradient is refused: ten star-forming bins, a range of half an effective radius. */

import { spaxelBinning } from '../dist/binning/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { simulateGalaxy } from '../dist/simulate/index.js';
import { measureSimulated } from './galaxies.mjs';
import { runAll } from './parallel.mjs';

/** Bins whose EW(Hα) lies in this range could fall on either side of the cut at 5 Å [Å]. */
const undecided = /** @type {const} */ ([3, 8]);

/**
 * A small, bright galaxy whose gas ends at a radius, and how many of its bins are star-forming by its noise-free maps; null when
 * some bins are too close to the cut on EW(Hα) for the truth to be clear.
 * @param {number} seed
 * @param {{radius: readonly [number, number], effectiveRadius: number, size: number}} field where the gas ends [R_e], R_e [arcsec], spaxels on a side
 */
function drawNearThreshold(seed, { radius, effectiveRadius, size }) {
  const random = createRandom(seed, 'threshold');
  const between = (low, high) => low + (high - low) * random.uniform();
  // A centre at random, or point symmetry would make every number of bins even.
  const middle = (size - 1) / 2;
  const center = [middle + between(-0.5, 0.5), middle + between(-0.5, 0.5)];
  const options = {
    seed, center, nx: size, ny: size, pixelScale: 1.5, wavelength: { start: 4820, step: 1.25, count: 1570 },
    geometry: { effectiveRadius, inclination: between(10, 50), positionAngle: between(0, 180) },
    oxygen: { central: 8.4, slope: -0.1 }, gas: { equivalentWidth: 60, radius: between(...radius), clumpiness: 0, weakLines: false },
    psf: { fwhm: 0.5 }, noise: { sky: 1, poisson: 0 }, blemishes: { edge: 0, deadSpaxels: 0, deadVoxels: 0 },
  };
  const { truth } = simulateGalaxy(options);
  if (truth.ew.some((ew) => ew > undecided[0] && ew < undecided[1])) return null;
  const { spaxels } = spaxelBinning(size, size, (i) => truth.ew[i] > undecided[1]);
  const radii = [...spaxels].map((i) => truth.radius[i]);
  return { seed, options, bins: spaxels.length, range: spaxels.length ? Math.max(...radii) - Math.min(...radii) : 0 };
}

/** Measures a drawn galaxy: how many bins were used, and why the gradient was refused if it was. */
export async function measureNearThreshold({ options, bins, range }) {
  const { entry } = await measureSimulated(options);
  return { bins, range, used: entry.bins, refused: entry.refused };
}

/** The first seeds, from 1, whose galaxies pass a test. */
function findGalaxies(count, field, passes) {
  const found = [];
  for (let seed = 1; found.length < count; seed++) {
    const galaxy = drawNearThreshold(seed, field);
    if (galaxy && passes(galaxy)) found.push(galaxy);
  }
  return found;
}

/**
 * Galaxies with 8 to 12 star-forming bins that span more than half an effective radius, and galaxies with enough bins whose range
 * is just below or above half an effective radius.
 * @param {{each: number, workers?: number}} wanted galaxies of each kind
 */
export async function measureThresholds({ each, workers }) {
  const byBins = [8, 9, 10, 11, 12].flatMap((bins) => findGalaxies(each, { radius: [0.6, 0.85], effectiveRadius: 4, size: 8 }, (galaxy) => galaxy.bins === bins && galaxy.range > 0.55));
  const byRange = [[0.4, 0.49], [0.51, 0.6]].flatMap(([low, high]) => findGalaxies(each, { radius: [0.45, 0.62], effectiveRadius: 8, size: 10 },
    ({ bins, range }) => bins >= 12 && range > low && range < high));
  const run = (items) => runAll({ module: new URL(import.meta.url), name: 'measureNearThreshold', items, workers });
  return { bins: await run(byBins), range: await run(byRange) };
}
