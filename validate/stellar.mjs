/**
 * Recovery of the stars: velocity, dispersion, ages, metallicities and the model under Hβ from spectra that are made apart from what the fit does: the
 * library's own samples, the velocity distribution and the instrument by direct summation, averages over linear pixels, Gaussian noise.
 */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { airToVacuum, linearAxis, lsfSigma, vacuumToAir } from '../dist/light/index.js';
import { createRandom, cubicSpline } from '../dist/numeric/index.js';
import { createStellarContinuum, populationTable, secondDifferences } from '../dist/spectrum/index.js';
import { mean, median, standardDeviation } from '../dist/stats/index.js';
import { cropLibrary, syntheticLibrary } from '../dist/templates/index.js';
import { runAll } from './parallel.mjs';
import { readEmiles } from './stellarSpectra.mjs';

/** @typedef {import('../dist/templates/index.js').StellarLibrary} StellarLibrary */
/** @typedef {'synthetic' | 'emiles'} LibraryName */

const c = 299792.458;
const redshift = 0.01;
/** MUSE's pixels from 4750 to 7200 Å, and the same with the blue, as MaNGA has it. */
const axes = { red: linearAxis(4750, 1.25, 1961, 'air'), whole: linearAxis(3700, 1.25, 2801, 'air') };
const muse = /** @type {const} */ ({ kind: 'muse' });

export const sharedFolder = process.env.ZGRAD_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url));
/** Libraries that are here. */
export const libraryNames = () => /** @type {LibraryName[]} */ (existsSync(`${sharedFolder}/data/templates/emiles_ku_basti`) ? ['synthetic', 'emiles'] : ['synthetic']);

const libraries = new Map();

/** @param {LibraryName} name @returns {Promise<{library: StellarLibrary, table: import('../dist/spectrum/index.js').PopulationTable}>} */
async function libraryOf(name) {
  if (!libraries.has(name)) {
    const library = cropLibrary(name === 'emiles' ? await readEmiles(sharedFolder) : syntheticLibrary(), [3560, 7500]);
    libraries.set(name, { library, table: populationTable(library) });
  }
  return libraries.get(name);
}

/** Abscissae and weights of Gauss and Legendre's four points on −½ … ½. */
const nodes = [[-0.430568155797026, 0.173927422568727], [-0.169990521792428, 0.326072577431273], [0.169990521792428, 0.326072577431273], [0.430568155797026, 0.173927422568727]];
/** Spacing of the direct sums [σ of the stars]. */
const fineness = 1 / 6;

/**
 * A spectrum without noise: populations seen with a Gaussian velocity distribution through an instrument.
 * @param {StellarLibrary} library
 * @param {readonly (readonly number[])[]} weights template and weight of each population
 */
export function mockSpectrum(library, weights, { velocity, sigma, lsf = muse, axis = axes.red }) {
  const { wavelength, flux, resolution } = library;
  const n = wavelength.length;
  const blend = new Float64Array(n);
  for (const [t, weight] of weights) for (let k = 0; k < n; k++) blend[k] += weight * flux[t * n + k];
  const start = Math.log(wavelength[0]);
  const fine = fineness * sigma;
  const step = fine / c;
  const values = cubicSpline(wavelength, blend).evaluate(Float64Array.from({ length: Math.floor((Math.log(wavelength[n - 1]) - start) / step) }, (_, i) => Math.exp(start + i * step)));
  const seen = (λ) => {
    const rest = vacuumToAir(airToVacuum(λ) / (1 + redshift) / (1 + velocity / c));
    const width = Math.sqrt(sigma ** 2 + c * c * ((lsfSigma(lsf, λ) / λ) ** 2 - (lsfSigma(resolution, rest) / rest) ** 2)) / fine;
    const centre = (Math.log(rest) - start) / step;
    let [sum, norm] = [0, 0];
    for (let i = Math.ceil(centre - 6 * width); i <= centre + 6 * width; i++) {
      const weight = Math.exp(-0.5 * ((i - centre) / width) ** 2);
      sum += weight * values[i];
      norm += weight;
    }
    return sum / norm;
  };
  return axis.wavelength.map((λ) => nodes.reduce((sum, [place, weight]) => sum + weight * seen(λ + 1.25 * place), 0));
}

/** A library smoothed to a lower resolution by direct summation over its evenly spaced samples. */
function smoothed(library, fwhm) {
  const { wavelength, flux, age } = library;
  const n = wavelength.length;
  const sigma = Math.sqrt(fwhm ** 2 - (lsfSigma(library.resolution, 6000) * 2.354820045) ** 2) / 2.354820045 / (wavelength[1] - wavelength[0]);
  const kernel = Array.from({ length: 17 }, (_, k) => Math.exp(-0.5 * ((k - 8) / sigma) ** 2));
  const sum = kernel.reduce((a, b) => a + b, 0);
  const out = new Float32Array(flux.length);
  for (let t = 0; t < age.length; t++) {
    for (let i = 0; i < n; i++) kernel.forEach((weight, k) => { out[t * n + i] += weight / sum * flux[t * n + Math.min(n - 1, Math.max(0, i + k - 8))]; });
  }
  return { ...library, flux: out, resolution: { kind: 'constant', fwhm } };
}

/** Two or three populations of any age above 0.1 Gyr and any metallicity, with random shares of the light. */
function composite(library, random) {
  const choices = Array.from(library.age, (_, t) => t).filter((t) => library.age[t] >= 0.1);
  const parts = Array.from({ length: random.uniform() < 0.5 ? 2 : 3 }, () => ({ template: choices[Math.floor(random.uniform() * choices.length)], share: 0.15 + random.uniform() }));
  const whole = parts.reduce((sum, { share }) => sum + share, 0);
  return parts.map(({ template, share }) => ({ template, share: share / whole }));
}

/** Some templates of a library. */
function chosen(library, templates) {
  const n = library.wavelength.length;
  const flux = new Float32Array(templates.length * n);
  templates.forEach((t, i) => flux.set(library.flux.subarray(t * n, (t + 1) * n), i * n));
  const pick = (values) => Float64Array.from(templates, (t) => values[t]);
  return { ...library, flux, age: pick(library.age), metallicity: pick(library.metallicity), remaining: pick(library.remaining) };
}

/** A smooth random curve about 1: waves whose numbers are normal with 1/scale, a Gaussian process that is correlated over the scale. */
function calibrationCurve({ wavelength }, rms, random, scale = 500) {
  const waves = Array.from({ length: 16 }, () => ({ number: random.normal() / scale, phase: 2 * Math.PI * random.uniform() }));
  return wavelength.map((λ) => 1 + rms * Math.sqrt(2 / waves.length) * waves.reduce((sum, { number, phase }) => sum + Math.cos(number * λ + phase), 0));
}

/** Pixels within 5 Å of Hβ. */
const underHb = (axis, velocity) => {
  const at = 4861.325 * (1 + redshift) * (1 + velocity / c);
  return Array.from(axis.wavelength, (_, k) => k).filter((k) => Math.abs(axis.wavelength[k] - at) < 5);
};

/**
 * @typedef {object} StellarSetting
 * @property {LibraryName} library
 * @property {number} signal per pixel
 * @property {number} sigma of the stars [km/s]; MUSE has 43 to 82
 * @property {import('../dist/light/index.js').Lsf} [lsf] of the spectra; MUSE's unless given
 * @property {keyof typeof axes} [range] of wavelengths; red unless given
 * @property {number} [fwhm] what the library is smoothed to before it is fitted [Å]
 * @property {boolean} [known] whether the fit is given the mock's own populations alone
 * @property {{multiplicative?: number, additive?: number, reddening?: 'calzetti00'}} [options]
 * @property {number} [regular] 1/Δ of the regularisation, of weights by light
 * @property {number} [calibration] rms of the flux's calibration error on scales of 500 Å
 */

const fitters = new Map();

/** The fitter of a setting, which the mocks of all its signal-to-noise ratios share. @param {StellarSetting & {templates?: number[]}} setting */
async function fitterOf({ library: name, lsf = muse, range = 'red', fwhm, options, regular, templates }) {
  const key = JSON.stringify([name, lsf, range, fwhm, options, regular, templates]);
  if (!fitters.has(key)) {
    const { library, table: { light } } = await libraryOf(name);
    const n = light.length;
    const ages = new Set(library.age).size;
    const regularisation = regular ? secondDifferences([n / ages, ages], regular) : undefined;
    fitters.set(key, createStellarContinuum([{ axis: axes[range], lsf }], templates ? chosen(library, templates) : fwhm ? smoothed(library, fwhm) : library, { redshift, regularisation, ...options }));
  }
  return fitters.get(key);
}

/**
 * Pairs of mocks whose noise differs in sign. What is linear in the noise cancels from the mean of a pair, so that the bias is known some five times better than
 * from as many single mocks; the width of the pulls is known as from one mock a pair.
 * @param {StellarSetting & {pairs: number, seed: number}} item
 */
export async function fitPairs(item) {
  const { library: name, signal, sigma, pairs, seed, lsf = muse, range = 'red', calibration } = item;
  const axis = axes[range];
  const { library, table: { light, logAge, metallicity } } = await libraryOf(name);
  const random = createRandom(seed, 'stellar', name, signal, sigma);
  // Where the populations are known, a few blends in turn: each has a fitter of its own.
  const blends = createRandom(1, 'blends');
  const pool = item.known ? Array.from({ length: 6 }, () => composite(library, blends)) : [];
  const calibrations = createRandom(seed, 'calibration');
  const rows = [];
  for (let i = 0; i < pairs; i++) {
    const velocity = -150 + 300 * random.uniform();
    const parts = item.known ? pool[i % pool.length] : composite(library, random);
    const fitter = await fitterOf(item.known ? { ...item, templates: [...new Set(parts.map(({ template }) => template))] } : item);
    const spectrum = mockSpectrum(library, parts.map(({ template, share }) => [template, share / light[template]]), { velocity, sigma, lsf, axis });
    const level = median([...spectrum]);
    const curve = calibration ? calibrationCurve(axis, calibration, calibrations) : null;
    const truth = spectrum.map((value, k) => (value / level) * (curve?.[k] ?? 1));
    const noise = truth.map(() => random.normal() / signal);
    const meanOf = (values) => parts.reduce((sum, { template, share }) => sum + share * values[template], 0);
    const window = underHb(axis, velocity);
    rows.push([1, -1].map((sign) => {
      const flux = truth.map((value, k) => value + sign * noise[k]);
      const { kinematics: found, model: [model], uncertainty: [uncertainty], populations } = fitter.fit([{ axis, lsf, flux, variance: flux.map(() => 1 / signal ** 2) }]);
      const of = (values) => mean(window.map((k) => values[k]));
      return {
        velocity: (found.velocity - velocity) / found.velocityError, sigma: (found.sigma - sigma) / found.sigmaError,
        velocityError: found.velocityError, sigmaError: found.sigmaError, sigmaOff: found.sigma - sigma, zero: found.sigma < 1 ? 1 : 0,
        model: (of(model) - of(truth)) / of(uncertainty), modelError: of(uncertainty) / of(truth),
        age: populations.logAgeLight - meanOf(logAge), metallicity: populations.metallicityLight - meanOf(metallicity),
      };
    }));
  }
  return rows;
}

/** Mean and median of a quantity with their chance errors, by pairs; width with its own. */
function statistics(rows, of) {
  const all = rows.flat().map((row) => row[of]);
  const width = standardDeviation(all);
  const middle = median(all);
  const chance = (halves) => standardDeviation(halves) / Math.sqrt(rows.length);
  const halves = rows.map(([a, b]) => (a[of] + b[of]) / 2);
  // Of a normal distribution, 1/√(2π)/width at its median.
  const sides = rows.map(([a, b]) => (Math.sign(a[of] - middle) + Math.sign(b[of] - middle)) / 2);
  return { mean: mean(halves), meanError: chance(halves), median: middle, medianError: Math.sqrt(Math.PI / 2) * width * chance(sides), width, widthError: width / Math.sqrt(2 * rows.length) };
}

/** Signal-to-noise ratios of the targets, with many mocks, and the others of the curves. */
export const decidingSignals = [20, 50];
export const otherSignals = [5, 10, 15, 30, 100];
export const dispersions = [150, 25];

/** Pairs that one call fits. */
const batch = 15;

/** @param {{settings: (StellarSetting & {pairs: number})[], workers?: number, progress?: (done: number, count: number) => void}} wanted */
async function measure({ settings, workers, progress }) {
  const items = settings.flatMap((setting) => Array.from({ length: Math.ceil(setting.pairs / batch) }, (_, b) => ({ ...setting, pairs: Math.min(batch, setting.pairs - b * batch), seed: 1 + b })));
  const results = await runAll({ module: new URL(import.meta.url), name: 'fitPairs', items, workers, progress });
  let taken = 0;
  return settings.map((setting) => ({ setting, rows: results.slice(taken, (taken += Math.ceil(setting.pairs / batch))).flat() }));
}

/**
 * Velocity and dispersion against the signal-to-noise per pixel, for the whole library or for the mock's own populations alone, and the model under Hβ.
 * Pull widths are those of all S/N ≥ 20 together.
 * @param {{pairs: number, kinds: readonly {library: LibraryName, known: boolean}[], at?: readonly number[], sigmas?: readonly number[], workers?: number, progress?: (done: number, count: number) => void}} wanted
 */
export async function measureStellarKinematics({ pairs, kinds, at = decidingSignals, sigmas = dispersions, workers, progress }) {
  const groups = kinds.flatMap((kind) => sigmas.map((sigma) => ({ ...kind, sigma })));
  const measured = await measure({ settings: groups.flatMap((group) => at.map((signal) => ({ ...group, signal, pairs }))), workers, progress });
  return groups.map((group, g) => {
    const own = measured.slice(g * at.length, (g + 1) * at.length);
    const good = own.filter(({ setting }) => setting.signal >= 20).flatMap(({ rows }) => rows);
    return {
      ...group, pairs,
      widths: { velocity: statistics(good, 'velocity'), sigma: statistics(good, 'sigma'), model: statistics(good, 'model') },
      points: own.map(({ setting: { signal }, rows }) => ({
        signal, velocity: statistics(rows, 'velocity'), sigma: statistics(rows, 'sigma'), model: statistics(rows, 'model'), sigmaOff: statistics(rows, 'sigmaOff'),
        velocityError: median(rows.flat().map((row) => row.velocityError)), sigmaError: median(rows.flat().map((row) => row.sigmaError)),
        modelError: median(rows.flat().map((row) => row.modelError)), zero: mean(rows.flat().map((row) => row.zero)),
      })),
    };
  });
}

/** Spectra of 2.5 Å fitted with a library of 3.2 Å: dispersions must come out all the same. @param {{pairs: number, workers?: number}} wanted */
export async function measureSharperData({ pairs, workers }) {
  const settings = [150, 60].map((sigma) => /** @type {StellarSetting & {pairs: number}} */ ({ library: 'synthetic', signal: 50, sigma, lsf: { kind: 'constant', fwhm: 2.55 }, fwhm: 3.2, pairs }));
  return (await measure({ settings, workers })).map(({ setting: { sigma, signal }, rows }) => ({
    sigma, signal, pairs, offset: statistics(rows, 'sigmaOff'), pull: statistics(rows, 'sigma'), error: median(rows.flat().map((row) => row.sigmaError)),
  }));
}

/** The kinds of fits whose kinematics the targets are about: the whole library where E-MILES is here, and known populations. @returns {{library: LibraryName, known: boolean}[]} */
export const kinematicKinds = () => [...libraryNames().slice(-1).map((library) => ({ library, known: false })), { library: 'synthetic', known: true }];

/** How polynomials, reddening or regularisation are set: light-weighted ages and metallicities depend on it. */
export const populationOptions = /** @type {const} */ ([
  { name: 'multiplicative degree 8 (default)', pairs: 1000, decides: true }, { name: 'multiplicative degree 8, calibration', calibration: 0.04 }, { name: 'multiplicative degree 8, regularised (1/Δ = 10)', regular: 10 },
  { name: 'reddening curve instead', options: { reddening: 'calzetti00' } }, { name: 'reddening curve, calibration', options: { reddening: 'calzetti00' }, calibration: 0.04 }, { name: 'no polynomial', options: { multiplicative: 0 } },
  { name: 'multiplicative degree 8, from 3700 Å', range: 'whole', pairs: 1000, decides: true }, { name: 'reddening curve, from 3700 Å', options: { reddening: 'calzetti00' }, range: 'whole' },
]);

/**
 * Light-weighted log age and [M/H] of composites of two or three populations at S/N 40 per pixel, σ = 100 km/s.
 * @param {{names?: LibraryName[], kinds?: readonly {name: string, pairs?: number, decides?: boolean, regular?: number, options?: object, range?: keyof typeof axes, calibration?: number}[], workers?: number, progress?: (done: number, count: number) => void}} wanted
 */
export async function measureStellarPopulations({ names = libraryNames().slice(-1), kinds = populationOptions, workers, progress }) {
  const settings = names.flatMap((library) => kinds.map(({ regular, options, range, calibration, pairs = 60 }) => ({ library, signal: 40, sigma: 100, regular, options, range, calibration, pairs })));
  return (await measure({ settings, workers, progress })).map(({ setting: { library }, rows }, i) => ({
    library, kind: kinds[i % kinds.length].name, decides: kinds[i % kinds.length].decides ?? false, pairs: rows.length, age: statistics(rows, 'age'), metallicity: statistics(rows, 'metallicity'),
  }));
}

/**
 * One galaxy seen `count` times: scatter of V, σ, log age, [M/H] beside the formal errors and those of the wild bootstrap.
 * @param {{library: LibraryName, signal: number, count: number, draws: number, seed: number}} item
 */
export async function fitBootstraps({ library: name, signal, count, draws, seed }) {
  const { library, table: { light, logAge, metallicity } } = await libraryOf(name);
  const fitter = await fitterOf({ library: name, signal, sigma: 100 });
  const random = createRandom(seed, 'bootstrap', name);
  // Two populations inside the grid of ages and metallicities.
  const near = (age, metal) => logAge.reduce((best, own, t) => (Math.hypot(own - age, metallicity[t] - metal) < Math.hypot(logAge[best] - age, metallicity[best] - metal) ? t : best), 0);
  const spectrum = mockSpectrum(library, [[near(9.85, -0.3), 0.7], [near(9, 0)]].map(([t, share = 0.3]) => [t, share / light[t]]), { velocity: 30, sigma: 100 });
  const level = median([...spectrum]);
  return Array.from({ length: count }, () => {
    const flux = spectrum.map((value) => value / level + random.normal() / signal);
    const { kinematics, populations } = fitter.fit([{ axis: axes.red, lsf: muse, flux, variance: flux.map(() => 1 / signal ** 2) }]);
    const drawn = fitter.resample(draws, random);
    const spread = (of) => standardDeviation(drawn.map(of));
    return {
      velocity: [kinematics.velocity, kinematics.velocityError, spread(({ kinematics: own }) => own.velocity)], sigma: [kinematics.sigma, kinematics.sigmaError, spread(({ kinematics: own }) => own.sigma)],
      age: [populations.logAgeLight, Number.NaN, spread(({ populations: own }) => own.logAgeLight)], metallicity: [populations.metallicityLight, Number.NaN, spread(({ populations: own }) => own.metallicityLight)],
    };
  });
}

/** @param {{count: number, draws: number, names?: LibraryName[], workers?: number}} wanted */
export async function measureBootstrap({ count, draws, names = libraryNames(), workers }) {
  const each = 10;
  const items = names.flatMap((library) => Array.from({ length: count / each }, (_, seed) => ({ library, signal: 30, count: each, draws, seed })));
  const results = await runAll({ module: new URL(import.meta.url), name: 'fitBootstraps', items, workers });
  return names.map((library, i) => {
    const rows = results.slice((i * count) / each, ((i + 1) * count) / each).flat();
    const of = (key) => ({ scatter: standardDeviation(rows.map((row) => row[key][0])), formal: median(rows.map((row) => row[key][1])), bootstrap: median(rows.map((row) => row[key][2])) });
    return { library, count, draws, velocity: of('velocity'), sigma: of('sigma'), age: of('age'), metallicity: of('metallicity') };
  });
}
