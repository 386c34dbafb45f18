import { airToVacuum, lsfSigma, vacuumToAir } from '../light/index.js';
import type { SpectralAxis } from '../light/index.js';
import { lineByName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import { normalCdf } from './normalcdf.js';
import type { Scene } from './scene.js';
import type { SimulationSettings } from './settings.js';
import { absorbedLines, metalLines, populations } from './starlight.js';

/** How far a feature is followed into its wings [σ]. */
const wings = 5.5;

/** An emission line or, with negative flux, a stellar absorption line: a Gaussian in every cell at the cell's velocity. */
interface Feature {
  /** Wavelength at the galaxy's redshift [Å, air, observed]. */
  readonly center: number;
  /** Flux of a cell [1e-20 erg/s/cm²]. */
  readonly flux: (cell: number) => number;
  /** σ [Å] of the observed profile at a wavelength. */
  readonly sigma: (wavelength: number) => number;
  /** The planes that it touches: first ≤ z < end. */
  readonly first: number;
  readonly end: number;
}

/** All features that touch the spectral axis. */
function makeFeatures(settings: SimulationSettings, scene: Scene, axis: SpectralAxis): Feature[] {
  const { redshift, dispersion, lsf } = settings;
  const { velocity } = scene;
  let [slowest, fastest] = [Infinity, -Infinity];
  for (const v of velocity) [slowest, fastest] = [Math.min(slowest, v), Math.max(fastest, v)];

  const features: Feature[] = [];
  const add = (vacuum: number, sigma: (wavelength: number) => number, flux: (cell: number) => number) => {
    // Redshift acts on vacuum wavelengths; the cube's axis is in air.
    const center = vacuumToAir(vacuum * (1 + redshift));
    const reach = wings * sigma(center);
    const first = axis.edges.findIndex((edge) => edge > center * (1 + slowest / constants.c) - reach) - 1;
    const end = axis.edges.findLastIndex((edge) => edge < center * (1 + fastest / constants.c) + reach) + 1;
    if (first >= -1 && end >= 1) features.push({ center, flux, sigma, first: Math.max(0, first), end: Math.min(end, axis.wavelength.length) });
  };
  const ofGas = (wavelength: number) => Math.hypot(lsfSigma(lsf, wavelength), (wavelength * dispersion) / constants.c);
  for (const [name, map] of scene.lines) add(lineByName(name).vacuum, ofGas, (cell) => map[cell]!);
  const stars = populations(settings);
  for (const age of ['young', 'old'] as const) {
    const { absorption, continuum } = stars[age];
    const sigma = (absorption.fwhm * (1 + redshift)) / constants.fwhmPerSigma;
    for (const name of absorbedLines) {
      const { air, vacuum } = lineByName(name);
      const depth = absorption[name] * (1 + redshift) * continuum(air);
      if (depth !== 0) add(vacuum, () => sigma, (cell) => -depth * scene[age][cell]!);
    }
    if (settings.stars.metals === 0) continue;
    for (const [air, width] of metalLines) {
      const depth = settings.stars.metals * width * (age === 'old' ? 1 : 1 / 3) * (1 + redshift) * continuum(air);
      add(airToVacuum(air), ofGas, (cell) => -depth * scene[age][cell]!);
    }
  }
  return features;
}

/**
 * Goes through the planes of the axis from the first to the last: each call adds to `fine` [1e-20 erg/s/cm² in the pixel] what
 * the features put into the next plane, and says whether there was any.
 */
export function featurePainter(settings: SimulationSettings, scene: Scene, axis: SpectralAxis): (fine: Float64Array) => boolean {
  const { velocity } = scene;
  const cells = velocity.length;
  const waiting = makeFeatures(settings, scene, axis).sort((a, b) => b.first - a.first);
  /** Features under way: the profile of each cell, and Φ at the lower edge of the plane to come. */
  let active: { end: number; flux: Float64Array; center: Float64Array; perSigma: Float64Array; below: Float64Array }[] = [];
  let z = 0;
  return (fine) => {
    while (waiting.length && waiting.at(-1)!.first === z) {
      const feature = waiting.pop()!;
      const center = velocity.map((v) => feature.center * (1 + v / constants.c));
      const perSigma = center.map((wavelength) => 1 / feature.sigma(wavelength));
      const below = center.map((wavelength, cell) => normalCdf((axis.edges[z]! - wavelength) * perSigma[cell]!));
      active.push({ end: feature.end, flux: Float64Array.from({ length: cells }, (_, cell) => feature.flux(cell)), center, perSigma, below });
    }
    active = active.filter(({ end }) => end > z);
    z++;
    if (active.length === 0) return false;
    const edge = axis.edges[z]!;
    for (const { flux, center, perSigma, below } of active) {
      for (let cell = 0; cell < cells; cell++) {
        const above = normalCdf((edge - center[cell]!) * perSigma[cell]!);
        fine[cell]! += flux[cell]! * (above - below[cell]!);
        below[cell] = above;
      }
    }
    return true;
  };
}
