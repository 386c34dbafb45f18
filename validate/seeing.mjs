/** How much the seeing flattens a gradient: slope of the noise-free, PSF-convolved maps over the slope put in. */

import { spaxelBinning } from '../dist/binning/index.js';
import { calibrationByName } from '../dist/nebula/index.js';
import { truthGradient } from '../dist/pipeline/index.js';
import { simulateGalaxy } from '../dist/simulate/index.js';
import { mean, standardDeviation } from '../dist/stats/index.js';

/** FWHM of the seeing in effective radii. */
export const seeingRatios = /** @type {const} */ ([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);

/** Galaxies whose flattening is told. */
export const seeingCases = /** @type {const} */ ([
  { name: 'smooth gas, 30°, to 2 R_e', inclination: 30, clumpiness: 0, reach: 2 },
  { name: 'smooth gas, 60°, to 2 R_e', inclination: 60, clumpiness: 0, reach: 2 },
  { name: 'smooth gas, 30°, to 1 R_e', inclination: 30, clumpiness: 0, reach: 1 },
  { name: 'clumpy gas, 45°, to 2 R_e', inclination: 45, clumpiness: 0.6, reach: 2 },
]);

const slope = -0.2;
/** Ten spaxels to the effective radius of 4″: the spaxel itself flattens next to nothing. */
const effectiveRadius = 4;
const pixelScale = 0.4;

/**
 * Mean and scatter over the seeds of the slope that remains, relative to the one put in.
 *
 * @param {{inclination: number, clumpiness: number, reach: number, ratio: number, seeds: readonly number[]}} galaxy
 *   `reach` is the largest radius of a bin [R_e]
 */
export function slopeThatRemains({ inclination, clumpiness, reach, ratio, seeds }) {
  const size = 2 * Math.ceil((reach * effectiveRadius) / pixelScale) + 2;
  const remaining = seeds.map((seed) => {
    const { truth } = simulateGalaxy({
      seed, nx: size, ny: size, pixelScale, oversample: 1, oxygen: { slope }, geometry: { effectiveRadius, inclination, positionAngle: 0 },
      gas: { clumpiness, weakLines: false }, psf: { fwhm: ratio * effectiveRadius },
    });
    const binning = spaxelBinning(size, size, (i) => truth.radius[i] <= reach);
    const rows = Array.from({ length: binning.count }, (_, b) => b);
    const radius = rows.map((b) => truth.radius[binning.spaxels[binning.start[b]]]);
    return truthGradient(truth, binning, rows, radius, calibrationByName('N2S2Ha')).slope / slope;
  });
  return { mean: mean(remaining), scatter: standardDeviation(remaining) };
}
