/** Simulated galaxies measured in memory by the chain of `zgrad measure`, and the populations that they are drawn from. */

import { distinctBinning } from '../dist/cube/index.js';
import { lsfSigma } from '../dist/light/index.js';
import { abundanceThroughDust, balmerRatios, lineByName } from '../dist/nebula/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { analyseMaps, binRadii, checkConfig, createExecutor, fitBins, resolveConfig, truthGradient } from '../dist/pipeline/index.js';
import { cubeFromSimulation, simulateCube, simulateGalaxy, truthLineFluxes } from '../dist/simulate/index.js';

/** @typedef {import('../dist/simulate/index.js').SimulationOptions} SimulationOptions */

/** Hβ to [S II] at z = 0.005: no more of the spectrum than the gradient needs. */
const redshift = 0.005;
const wavelength = { start: 4820, step: 1.25, count: 1570 };

/** @type {import('../dist/pipeline/index.js').RunStage} */
const justRun = async (_name, work) => work(() => {});

/**
 * Measures one simulated galaxy with its true geometry.
 * @param {SimulationOptions} options
 */
export async function measureSimulated(options) {
  const simulation = simulateCube(options);
  const { settings, disk, truth } = simulation;
  const cube = cubeFromSimulation(simulation);
  const config = resolveConfig(checkConfig({
    redshift: settings.redshift, distance: `${disk.luminosityDistance} Mpc`, effectiveRadius: `${disk.effectiveRadiusArcsec} arcsec`, foreground: 'none',
    geometry: { centerPixel: [disk.centerX, disk.centerY], positionAngle: disk.positionAngle, ellipticity: disk.ellipticity, thickness: disk.thickness },
    abundance: { also: ['N2S2Ha'] },
  }, 'validation'), 'validation', []);
  const { maps } = await fitBins(cube, distinctBinning(cube), { config, choice: { method: 'local' }, warnings: [] });
  const analysis = await analyseMaps({
    maps, stars: null, field: null, spaxelStatus: null, catalogues: [], config, seeing: cube.seeing, warnings: [], executor: createExecutor(1, () => {}), stage: justRun,
  });
  const radiusRe = binRadii(maps, analysis.disk).map((radius) => radius / analysis.disk.effectiveRadiusArcsec);
  const { used, gradients } = analysis.gradients;
  const line = used.length > 2 ? truthGradient(truth, maps.binning, used, radiusRe, analysis.leading) : null;
  return { simulation, maps, analysis, radiusRe, used, entry: gradients[0], truth: line };
}

/** How the noise of neighbouring spaxels hangs together: FWHM of the smoothing kernel in units of the seeing. */
export const correlations = /** @type {const} */ ([
  { name: 'none', ofSeeing: 0 }, { name: 'half the seeing', ofSeeing: 0.5 }, { name: 'the seeing', ofSeeing: 1 },
]);

export const slopes = /** @type {const} */ ([-0.2, 0, 0.12]);

/**
 * @typedef {object} Population
 * @property {readonly [number, number]} faintSn S/N of [S II] 6731 in the faint bins: 5 % of the spaxels are fainter
 * @property {readonly [number, number]} clumpiness share of Hα in H II regions
 * @property {number} oxygenScatter from region to region [dex]
 */

/**
 * The galaxies that the targets are about. The truth is the line through the noise-free maps of the same bins, so what is tested
 * is the noise: what real structure there is beside the line (curvature by the seeing) is small beside it.
 * @type {Population}
 */
export const cleanPopulation = { faintSn: [5, 9], clumpiness: [0, 0.3], oxygenScatter: 0 };

/** The same at the cut on S/N, which lets pass what noise has raised. @type {Population} */
export const faintPopulation = { ...cleanPopulation, faintSn: [1.5, 3] };

/** With real structure: bright H II regions that differ in O/H. @type {Population} */
export const clumpyPopulation = { ...cleanPopulation, clumpiness: [0.5, 0.8], oxygenScatter: 0.05 };

/**
 * A galaxy drawn at random: orientation, size, sampling, seeing, S/N, equivalent width, clumpiness; slope and correlation
 * of the noise in turn.
 *
 * @param {number} seed
 * @param {Population} population
 */
export function drawGalaxy(seed, population = cleanPopulation) {
  const random = createRandom(seed, 'validation galaxy');
  /** @param {readonly [number, number]} range */
  const between = ([low, high]) => low + (high - low) * random.uniform();
  const slope = slopes[seed % 3];
  const correlation = correlations[Math.floor(seed / 3) % 3];
  const fwhm = between([1, 2]);
  const spaxelsPerFwhm = between([1.2, 4]);
  const size = Math.min(18, Math.round(spaxelsPerFwhm * between([5.5, 9])));
  const pixelScale = fwhm / spaxelsPerFwhm;
  const options = {
    seed, nx: size, ny: size, pixelScale, wavelength, redshift,
    geometry: { effectiveRadius: (size / 2) * pixelScale * between([1, 1.8]), inclination: between([20, 60]), positionAngle: between([0, 180]) },
    oxygen: { central: 8.4, slope, scatter: population.oxygenScatter },
    gas: { equivalentWidth: between([20, 60]), clumpiness: between(population.clumpiness), weakLines: false },
    psf: { fwhm }, blemishes: { edge: 0, deadSpaxels: 2 },
  };
  const sky = skyNoise(options, between(population.faintSn));
  const noise = { sky, poisson: 0.1, correlation: correlation.ofSeeing * spaxelsPerFwhm };
  return { options: { ...options, noise }, slope, correlation: correlation.name };
}

/**
 * 12+log(O/H) of the noise-free, PSF-convolved maps in every bin, by the same calibration and dust correction.
 *
 * @param {import('../dist/simulate/index.js').SimulationTruth} truth
 * @param {import('../dist/binning/index.js').Binning} binning
 * @param {import('../dist/nebula/index.js').Calibration} calibration
 */
export function trueAbundances(truth, binning, calibration) {
  const fluxes = [...truthLineFluxes(truth, binning)];
  return Float64Array.from({ length: binning.count }, (_, b) => {
    const own = Object.fromEntries(fluxes.map(([name, flux]) => [name, flux[b]]));
    return abundanceThroughDust(calibration, own, Object.fromEntries(fluxes.map(([name]) => [name, 0])), { ratio: balmerRatios.Ha }).oh;
  });
}

/** The sky noise [1e-20 erg/s/cm²/Å] at which all but a twentieth of the spaxels reach this S/N in [S II] 6731. */
function skyNoise(options, sn) {
  const { truth, settings } = simulateGalaxy(options);
  const flux = truth.lines.get('SII6731').toSorted((a, b) => a - b)[Math.floor(0.05 * options.nx * options.ny)] * 1000;
  const at = lineByName('SII6731').air * (1 + redshift);
  const sigma = Math.hypot(lsfSigma(settings.lsf, at), (at * settings.dispersion) / 299792.458);
  // Variance of a Gaussian's flux by least squares: noise² · pixel · 2√π σ.
  return flux / sn / Math.sqrt(2 * Math.sqrt(Math.PI) * sigma * wavelength.step);
}
