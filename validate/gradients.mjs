/**
 * Gradients of simulated galaxies against their truth: the OLS line through the noise-free, PSF-convolved maps in the same
 * bins and calibration. The pull is (measured − truth)/error, for the plain and for the block bootstrap.
 */
import { distinctBinning } from '../dist/cube/index.js';
import { createRandom } from '../dist/numeric/index.js';
import { analyseMaps, binRadii, checkConfig, fitBins, resolveConfig, truthGradient } from '../dist/pipeline/index.js';
import { cubeFromSimulation, simulateCube } from '../dist/simulate/index.js';

/** The small galaxies of the validation: enough bins, few enough voxels that hundreds take minutes. */
export const smallGalaxy = {
  nx: 26, ny: 26, pixelScale: 0.5, wavelength: { start: 4800, step: 1.25, count: 1600 }, redshift: 0.005,
  geometry: { effectiveRadius: 4 }, psf: { fwhm: 1 }, noise: { sky: 8 },
};

const justRun = async (_name, work) => work();

/** Measures one simulated galaxy in memory; answers with its gradients, its truth and the slope put in. */
export async function measureSimulated(options, configuration = {}) {
  const simulation = simulateCube(options);
  const { settings, disk, truth } = simulation;
  const cube = cubeFromSimulation(simulation);
  const config = resolveConfig(checkConfig({
    redshift: settings.redshift, distance: `${disk.luminosityDistance} Mpc`, effectiveRadius: `${disk.effectiveRadiusArcsec} arcsec`, foreground: 'none',
    geometry: { centerPixel: [disk.centerX, disk.centerY], positionAngle: disk.positionAngle, ellipticity: disk.ellipticity, thickness: disk.thickness },
    abundance: { also: ['N2S2Ha'] }, gradient: { draws: 400 }, ...configuration,
  }, 'validation'), 'validation', []);
  const binning = distinctBinning(cube);
  const { maps, details } = fitBins(cube, binning, { config, warnings: [] });
  const analysis = await analyseMaps(maps, config, { fwhm: settings.psf.fwhm, source: 'truth' }, [], justRun);
  const radiusRe = binRadii(maps, analysis.disk).map((r) => r / analysis.disk.effectiveRadiusArcsec);
  const { used } = analysis.gradients;
  const true_ = used.length > 2 ? truthGradient(truth, maps.binning, used, radiusRe, analysis.leading) : { slope: Number.NaN, intercept: Number.NaN };
  return { simulation, maps, details, ...analysis, entry: analysis.gradients.gradients[0], truth: true_, putIn: settings.oxygen.slope };
}

/** A galaxy drawn at random: orientation, slope, seeing, noise, clumpiness. */
export function drawGalaxy(seed) {
  const random = createRandom(seed, 'galaxy');
  const between = (low, high) => low + (high - low) * random.uniform();
  const slope = [-0.2, 0, 0.12][seed % 3];
  return {
    ...smallGalaxy, seed, oxygen: { slope, scatter: between(0, 0.04) },
    geometry: { ...smallGalaxy.geometry, inclination: between(20, 65), positionAngle: between(0, 180) },
    psf: { fwhm: between(0.8, 1.6) }, noise: { sky: between(6, 14) }, gas: { clumpiness: between(0.3, 0.8) },
  };
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values) => Math.sqrt(values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1));

/** Statistics of the pulls of many galaxies. */
export async function slopePulls(count, firstSeed = 1, progress = () => {}) {
  const rows = [];
  for (let i = 0; i < count; i++) {
    const { entry, truth, putIn } = await measureSimulated(drawGalaxy(firstSeed + i));
    progress(i + 1, count);
    if (entry.slope === null || entry.bins < 30) continue;
    const { bootstrap, blockBootstrap, fluxes } = entry.errorBudget;
    rows.push({ residual: entry.slope - truth.slope, bootstrap, blockBootstrap, fluxes, putIn, truth: truth.slope, bins: entry.bins });
  }
  const statistics = (error) => {
    const known = rows.filter((row) => row[error] !== null);
    const pulls = known.map((row) => row.residual / row[error]);
    return { galaxies: known.length, mean: mean(pulls), width: deviation(pulls), errorOverScatter: Math.sqrt(mean(known.map((row) => row[error] ** 2))) / Math.sqrt(mean(known.map((row) => row.residual ** 2))) };
  };
  return { rows, plain: statistics('bootstrap'), block: statistics('blockBootstrap'), fluxes: statistics('fluxes') };
}

/** How much the seeing flattens a gradient: slope of the noise-free convolved maps over the slope put in, against FWHM/R_e. */
export async function seeingBias(ratios, seeds) {
  const table = [];
  for (const ratio of ratios) {
    const factors = [];
    for (const seed of seeds) {
      const { truth, putIn } = await measureSimulated({
        ...smallGalaxy, seed, oxygen: { slope: -0.2, scatter: 0 }, psf: { fwhm: ratio * smallGalaxy.geometry.effectiveRadius }, noise: { sky: 4 },
      });
      factors.push(truth.slope / putIn);
    }
    table.push({ ratio, factor: mean(factors), scatter: deviation(factors) });
  }
  return table;
}
