/** The pull of the slope: (measured − truth)/error of many simulated galaxies, for every estimate of the error. */

import { fitLine, standardDeviation } from '../dist/stats/index.js';
import { cleanPopulation, drawGalaxy, measureSimulated, trueAbundances } from './galaxies.mjs';
import { runAll } from './parallel.mjs';
import { describePulls, rms } from './statistics.mjs';

/** Fewer bins are not part of the statistics. */
export const fewestBins = 30;

/** S/N of Hα at which a bin is chosen without a look at the lines that carry the abundance. */
export const haCut = 20;

/** @typedef {'bootstrap' | 'blockBootstrap' | 'fluxes'} ErrorName */

/**
 * @typedef {object} SlopeRow
 * @property {number} seed
 * @property {number} putIn slope put in [dex/R_e]
 * @property {string} correlation of the noise
 * @property {number} bins used for the gradient
 * @property {number} spaxels with data
 * @property {number | null} residual measured − true slope; null when the gradient is refused
 * @property {Record<ErrorName, number | null>} errors
 * @property {number} residualByHa measured − true slope of the bins with S/N(Hα) ≥ `haCut`, whatever their other lines; NaN for fewer than `fewestBins`
 * @property {number} structure scatter of the noise-free map about its own line over that of the measured map
 */

/**
 * One galaxy, measured.
 * @param {{seed: number, population?: import('./galaxies.mjs').Population, noiseless?: boolean}} item `noiseless` leaves the noise out
 *   of the data but not out of their variance
 * @returns {Promise<SlopeRow>}
 */
export async function measureSlope({ seed, population = cleanPopulation, noiseless = false }) {
  const { options, slope, correlation } = drawGalaxy(seed, population);
  const { entry, truth, maps, analysis, used, radiusRe, simulation } = await measureSimulated({ ...options, noise: { ...options.noise, add: !noiseless } });
  const { leading, nebular } = analysis;
  const trueOh = trueAbundances(simulation.truth, maps.binning, leading);
  const measuredOh = nebular.abundances.get(leading.name).oh;
  const aboutLine = (values) => standardDeviation(used.map((b) => values[b] - truth.slope * radiusRe[b]));
  const sn = nebular.sn.get('Ha');
  const byHa = Array.from(sn.keys()).filter((b) => sn[b] >= haCut && Number.isFinite(measuredOh[b] - trueOh[b]));
  const slopeByHa = (values) => (byHa.length < fewestBins ? Number.NaN : fitLine(byHa.map((b) => radiusRe[b]), byHa.map((b) => values[b])).slope);
  return {
    seed, putIn: slope, correlation, bins: entry.bins, spaxels: maps.binning.count,
    residual: entry.slope === null ? null : entry.slope - truth.slope, errors: entry.errorBudget, residualByHa: slopeByHa(measuredOh) - slopeByHa(trueOh),
    structure: aboutLine(trueOh) / aboutLine(measuredOh),
  };
}

/**
 * Measures the galaxies of a population.
 * @param {{count: number, firstSeed?: number, population?: import('./galaxies.mjs').Population, noiseless?: boolean, workers?: number, progress?: (done: number, count: number) => void}} wanted
 * @returns {Promise<SlopeRow[]>}
 */
export async function measureSlopes({ count, firstSeed = 1, population = cleanPopulation, noiseless = false, workers, progress }) {
  const items = Array.from({ length: count }, (_, i) => ({ seed: firstSeed + i, population, noiseless }));
  return runAll({ module: new URL(import.meta.url), name: 'measureSlope', items, workers, progress });
}

/**
 * Statistics of the galaxies that have an estimate of this kind.
 * @param {readonly SlopeRow[]} rows
 * @param {ErrorName} name
 */
export function slopeStatistics(rows, name) {
  const known = rows.filter(({ residual, errors, bins }) => residual !== null && errors[name] !== null && bins >= fewestBins);
  return {
    ...describePulls(known.map(({ residual, errors }) => residual / errors[name])),
    errorOverScatter: rms(known.map(({ errors }) => errors[name])) / rms(known.map(({ residual }) => residual)),
  };
}
