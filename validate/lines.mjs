/** Pulls of line fluxes and kinematics: (measured − true)/error of simulated spectra with known lines. */

import { linearAxis, lsfSigma } from '../dist/light/index.js';
import { fixedDoublets, lineByName } from '../dist/nebula/index.js';
import { simulateSpectrum } from '../dist/simulate/index.js';
import { createLineFitter } from '../dist/spectrum/index.js';
import { runAll } from './parallel.mjs';
import { describePulls } from './statistics.mjs';

/** @typedef {import('../dist/nebula/index.js').LineName} LineName */

/** The sampling and resolution of two instruments, at a redshift where neither loses a line. */
export const instruments = {
  MUSE: { redshift: 0.005, arms: [{ axis: linearAxis(4750, 1.25, 1700, 'air'), lsf: /** @type {const} */ ({ kind: 'muse' }) }] },
  SAMI: {
    redshift: 0.03,
    arms: [
      { axis: linearAxis(4850, 1.05, 540, 'air'), lsf: /** @type {const} */ ({ kind: 'constant', fwhm: 2.66 }) },
      { axis: linearAxis(6600, 0.57, 720, 'air'), lsf: /** @type {const} */ ({ kind: 'constant', fwhm: 1.59 }) },
    ],
  },
};

/** Lines that are reported. */
export const testedLines = /** @type {const} */ (['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731']);

/** Fluxes of a moderately metal-rich, dusty H II region, Hα = 1, with the fixed doublets. */
const strong = { Hb: 0.28, OIII5007: 0.3, Ha: 1, NII6583: 0.35, SII6716: 0.2, SII6731: 0.15 };
const weak = fixedDoublets.filter((one) => one.strong in strong).map((one) => [one.weak, strong[one.strong] / one.ratio]);
const ratios = new Map(/** @type {[LineName, number][]} */([...Object.entries(strong), ...weak]));

/** Velocities and dispersions of the gas [km/s], taken in turn. */
const kinematics = [[-120, 30], [-40, 60], [0, 45], [30, 20], [90, 80], [150, 40]].map(([velocity, sigma]) => ({ velocity, sigma }));

/** S/N of Hα, spread evenly in the logarithm. */
const [lowestSn, highestSn] = [4, 300];
const noise = 1;
/** Equivalent width of Hα where there is a continuum [Å, observed]. */
const equivalentWidth = 25;

/**
 * @typedef {object} LinePulls
 * @property {Record<string, {sn: number, pull: number}[]>} lines S/N is the true flux over the error
 * @property {number[]} velocity of spectra with S/N(Hα) > 10
 * @property {number[]} sigma
 */

/**
 * Simulates and fits a run of spectra.
 * @param {{instrument: keyof typeof instruments, free: boolean, continuum: boolean, first: number, count: number}} item
 * @returns {LinePulls}
 */
export function fitSpectra({ instrument, free, continuum, first, count }) {
  const { redshift, arms } = instruments[instrument];
  const make = (fixed) => createLineFitter(arms, { redshift, continuum, absorption: 0, kinematics: fixed });
  const shared = free ? make() : null;
  const fitters = kinematics.map((one) => shared ?? make(one));
  const red = arms[arms.length - 1];
  const at = lineByName('Ha').air * (1 + redshift);
  /** @type {LinePulls} */
  const pulls = { lines: Object.fromEntries(testedLines.map((name) => [name, []])), velocity: [], sigma: [] };
  for (let seed = first; seed < first + count; seed++) {
    const gas = kinematics[seed % kinematics.length];
    const sn = lowestSn * (highestSn / lowestSn) ** ((seed * 0.6180339887498949) % 1);
    const width = Math.hypot(lsfSigma(red.lsf, at), (at * gas.sigma) / 299792.458);
    // Variance of a Gaussian's flux by least squares: noise² · pixel · 2√π σ.
    const ha = sn * noise * Math.sqrt(2 * Math.sqrt(Math.PI) * width * (red.axis.wavelength[1] - red.axis.wavelength[0]));
    const lines = new Map([...ratios].map(([name, ratio]) => [name, ratio * ha]));
    const spectra = arms.map(({ axis, lsf }, arm) => ({
      axis, lsf, ...simulateSpectrum({ axis, lsf, redshift, lines, ...gas, continuum: continuum ? ha / equivalentWidth : 0, noise, seed: seed * arms.length + arm }),
    }));
    const fit = fitters[seed % kinematics.length].fit(spectra);
    for (const name of testedLines) {
      const i = fit.lines.indexOf(name);
      const [truth, error] = [lines.get(name), fit.fluxError[i]];
      if (error > 0) pulls.lines[name].push({ sn: truth / error, pull: (fit.flux[i] - truth) / error });
    }
    if (!free || sn < 10 || Number.isNaN(fit.velocity)) continue;
    pulls.velocity.push((fit.velocity - gas.velocity) / fit.velocityError);
    if (!Number.isNaN(fit.sigmaError)) pulls.sigma.push((fit.sigma - gas.sigma) / fit.sigmaError);
  }
  return pulls;
}

/** Spectra that one call fits. */
const batch = 500;

/**
 * Pulls of many spectra.
 * @param {{instrument: keyof typeof instruments, free: boolean, continuum: boolean, count: number, workers?: number, progress?: (done: number, count: number) => void}} wanted
 * @returns {Promise<LinePulls>}
 */
export async function measureLinePulls({ count, workers, progress, ...kind }) {
  const items = Array.from({ length: Math.ceil(count / batch) }, (_, i) => ({ ...kind, first: 1 + i * batch, count: Math.min(batch, count - i * batch) }));
  /** @type {LinePulls[]} */
  const parts = await runAll({ module: new URL(import.meta.url), name: 'fitSpectra', items, workers, progress });
  return {
    lines: Object.fromEntries(testedLines.map((name) => [name, parts.flatMap((part) => part.lines[name])])),
    velocity: parts.flatMap((part) => part.velocity), sigma: parts.flatMap((part) => part.sigma),
  };
}

/**
 * Statistics of one line between two limits of its S/N.
 * @param {LinePulls} pulls
 * @param {typeof testedLines[number]} name
 * @param {readonly [number, number]} range
 */
export function lineStatistics(pulls, name, [low, high]) {
  return describePulls(pulls.lines[name].filter(({ sn }) => sn > low && sn <= high).map(({ pull }) => pull));
}
