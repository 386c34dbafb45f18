/** Recovery curves: how flux, velocity, dispersion and equivalent width of one line come back against its signal-to-noise. */

import { linearAxis, lsfSigma } from '../dist/light/index.js';
import { lineByName } from '../dist/nebula/index.js';
import { createRandom, erf } from '../dist/numeric/index.js';
import { createLineFitter } from '../dist/spectrum/index.js';
import { mean, median, quantile, standardDeviation } from '../dist/stats/index.js';
import { runAll } from './parallel.mjs';

const c = 299792.458;
const redshift = 0.005;

/** Signal-to-noise: true flux over the error of a Gaussian of known place and width in white noise, 1/√Σ(g²/σ²). */
export const signals = [1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100];

/** One line on MUSE's pixels with MUSE's line-spread function. */
const arms = {
  Ha: { axis: linearAxis(6470, 1.25, 204, 'air'), lsf: /** @type {const} */ ({ kind: 'muse' }) },
  Hb: { axis: linearAxis(4790, 1.25, 140, 'air'), lsf: /** @type {const} */ ({ kind: 'muse' }) },
};

/** Stellar absorption under Hβ: rest equivalent width and FWHM [Å], on a continuum of this S/N per pixel. */
const absorption = { width: 3, fwhm: 5, level: 10 };
/** 1σ by which the absorption of a mock differs from that of the model that is subtracted, as a part of it. */
const wrongness = 0.15;

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {'Ha' | 'Hb'} line
 * @property {boolean} free whether velocity and dispersion are fitted
 * @property {'none' | 'local' | 'known' | 'wrong'} stars none; a flat continuum that the fit finds beside the line; with absorption that is known, or wrong by its error
 * @property {number} sigma dispersion of the gas [km/s]; the instrument has 49 at Hα and 76 at Hβ
 */

/** @type {readonly Setting[]} */
export const recoverySettings = [
  { name: 'Hα alone, kinematics fixed', line: 'Ha', free: false, stars: 'none', sigma: 45 },
  { name: 'Hα alone, 20 km/s', line: 'Ha', free: true, stars: 'none', sigma: 20 },
  { name: 'Hα alone, 45 km/s', line: 'Ha', free: true, stars: 'none', sigma: 45 },
  { name: 'Hα alone, 90 km/s', line: 'Ha', free: true, stars: 'none', sigma: 90 },
  { name: 'Hα on a local continuum, kinematics fixed', line: 'Ha', free: false, stars: 'local', sigma: 45 },
  { name: 'Hα on a local continuum', line: 'Ha', free: true, stars: 'local', sigma: 45 },
  { name: 'Hβ on known absorption, kinematics fixed', line: 'Hb', free: false, stars: 'known', sigma: 60 },
  { name: 'Hβ on known absorption', line: 'Hb', free: true, stars: 'known', sigma: 60 },
  { name: 'Hβ, absorption wrong by its error, kinematics fixed', line: 'Hb', free: false, stars: 'wrong', sigma: 60 },
  { name: 'Hβ, absorption wrong by its error', line: 'Hb', free: true, stars: 'wrong', sigma: 60 },
];

const gaussian = ({ edges }, centre, sigma) => Float64Array.from({ length: edges.length - 1 }, (_, k) => {
  const at = (edge) => 0.5 * erf((edge - centre) / (sigma * Math.SQRT2));
  return (at(edges[k + 1]) - at(edges[k])) / (edges[k + 1] - edges[k]);
});

/**
 * Fits `count` mocks of a setting at one signal-to-noise: rows of what was measured.
 * @param {{setting: Setting, signal: number, count: number, seed: number}} item
 */
export function fitMocks({ setting: { line, free, stars, sigma }, signal, count, seed }) {
  const { axis, lsf } = arms[line];
  const at = lineByName(line).air * (1 + redshift);
  const n = axis.wavelength.length;
  const level = stars === 'none' ? 0 : absorption.level;
  const given = stars === 'known' || stars === 'wrong';
  const trough = gaussian(axis, at, (absorption.fwhm / 2.3548) * (1 + redshift)).map((g) => (given ? g * absorption.width * (1 + redshift) * level : 0));
  const constant = (value) => new Float64Array(n).fill(value);
  const continuum = given ? {
    level: [constant(level)], model: [trough.map((depth) => level - depth)], rejected: [new Uint8Array(n)], degree: /** @type {const} */ (1),
    uncertainty: [trough.map((depth) => (stars === 'wrong' ? wrongness * depth : 0))],
  } : undefined;
  const random = createRandom(seed, 'recovery', line, String(free), stars, sigma, signal);
  const variance = constant(1);
  const fitters = new Map();
  const fitterAt = (kinematics) => {
    const key = kinematics ? kinematics.velocity : 'free';
    if (!fitters.has(key)) fitters.set(key, createLineFitter([{ axis, lsf }], { redshift, lines: [line], continuum: stars !== 'none', absorption: 0, kinematics }));
    return fitters.get(key);
  };
  // Velocities within two pixels, eleven of them.
  const velocities = Array.from({ length: 11 }, (_, k) => 12 * (k - 5) + 3);
  const shapes = velocities.map((velocity) => gaussian(axis, at * (1 + velocity / c), Math.hypot(lsfSigma(lsf, at), (at * sigma) / c)));
  const rows = [];
  for (let i = 0; i < count; i++) {
    const velocity = velocities[i % velocities.length];
    const shape = shapes[i % velocities.length];
    const flux = signal / Math.sqrt(shape.reduce((sum, g) => sum + g * g, 0));
    const wrong = stars === 'wrong' ? 1 + wrongness * random.normal() : 1;
    const spectrum = shape.map((g, k) => flux * g + level - wrong * trough[k] + random.normal());
    const fit = fitterAt(free ? undefined : { velocity, sigma }).fit([{ axis, lsf, flux: spectrum, variance }], continuum);
    rows.push({
      flux: fit.flux[0] / flux - 1, fluxPull: (fit.flux[0] - flux) / fit.fluxError[0],
      ewPull: level > 0 ? (fit.ew[0] - flux / level / (1 + redshift)) / fit.ewError[0] : Number.NaN,
      velocityPull: (fit.velocity - velocity) / fit.velocityError, sigmaPull: (fit.sigma - sigma) / fit.sigmaError,
      squarePull: (fit.lineSigmaSquared[0] - sigma * sigma) / fit.lineSigmaSquaredError[0], zero: fit.sigma === 0 ? 1 : 0,
      plain: free && stars === 'none' ? plainFlux(axis, lsf, at, spectrum, velocity) / flux - 1 : Number.NaN,
    });
  }
  return rows;
}

const templates = new Map();

/** Flux of a plain fit: the Gaussian of non-negative dispersion that fits best, on a grid of 6 km/s around the true velocity. */
function plainFlux(axis, lsf, at, spectrum, velocity) {
  const key = `${at} ${velocity}`;
  if (!templates.has(key)) {
    const grid = [];
    for (let v = -150; v <= 150; v += 6) {
      for (let s = 0; s <= 300; s += 6) {
        const centre = at * (1 + (velocity + v) / c);
        const width = Math.hypot(lsfSigma(lsf, at), (at * s) / c);
        const all = gaussian(axis, centre, width);
        const first = Math.max(0, all.findIndex((_, k) => axis.edges[k + 1] > centre - 3.5 * width));
        const last = axis.edges.findIndex((edge) => edge > centre + 3.5 * width);
        const values = all.slice(first, last < 0 ? all.length : last);
        grid.push({ first, values, norm: values.reduce((sum, g) => sum + g * g, 0) });
      }
    }
    templates.set(key, grid);
  }
  let [best, flux] = [-Infinity, Number.NaN];
  for (const { first, values, norm } of templates.get(key)) {
    let product = 0;
    for (let k = 0; k < values.length; k++) product += values[k] * spectrum[first + k];
    if (product > 0 && product * product > best * norm) {
      best = (product * product) / norm;
      flux = product / norm;
    }
  }
  return flux;
}

/**
 * Median and width of pulls: the width is half the range that holds 68.3 % (the standard deviation beside it), with chance errors.
 * @param {readonly number[]} values
 */
function summary(values) {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 100) return null;
  const root = Math.sqrt(finite.length);
  const width = standardDeviation(finite);
  return {
    count: finite.length, median: median(finite), medianError: (1.2533 * width) / root, mean: mean(finite), width, widthError: width / root / Math.SQRT2,
    core: (quantile(finite, 0.8413) - quantile(finite, 0.1587)) / 2,
  };
}

/**
 * The curves: one row per setting and signal-to-noise.
 * @param {{count: number, settings?: readonly Setting[], signals?: readonly number[], workers?: number, progress?: (done: number, count: number) => void}} wanted mocks a point
 */
export async function measureRecovery({ count, settings = recoverySettings, signals: chosen = signals, workers, progress }) {
  const items = settings.flatMap((setting) => chosen.map((signal) => ({ setting, signal, count, seed: 1 })));
  const measured = await runAll({ module: new URL(import.meta.url), name: 'fitMocks', items, workers, progress });
  return items.map(({ setting, signal }, i) => {
    const rows = measured[i];
    const seen = setting.free ? rows.filter(({ velocityPull }) => Number.isFinite(velocityPull)) : rows;
    const of = (/** @type {string} */ name) => summary(seen.map((row) => row[name]));
    return {
      setting: setting.name, line: setting.line, free: setting.free, stars: setting.stars, sigma: setting.sigma, signal, count, found: seen.length / rows.length,
      zero: mean(seen.map(({ zero }) => zero)), bias: of('flux'), all: summary(rows.map(({ flux }) => flux)), plain: of('plain'), flux: of('fluxPull'), ew: of('ewPull'), velocity: setting.free ? of('velocityPull') : null,
      dispersion: setting.free ? of('sigmaPull') : null, squaredDispersion: setting.free ? of('squarePull') : null,
    };
  });
}
