import type { Binning } from '../binning/index.js';
import { lineByName } from '../nebula/index.js';
import type { LineName } from '../nebula/index.js';
import { centerOf, discAt } from './galaxy.js';
import { makeConvolver, makePsf, sumToSpaxels } from './psf.js';
import type { HiiRegion } from './regions.js';
import type { Scene } from './scene.js';
import type { SimulationSettings } from './settings.js';
import { absorbedLines, populations } from './starlight.js';

/** What a perfect measurement of a simulated cube would find, and what was put in. Maps are per spaxel, y·nx + x. */
export interface SimulationTruth {
  /** Noise-free, PSF-convolved line fluxes behind internal but not Galactic dust [1e-17 erg/s/cm² per spaxel]. */
  readonly lines: ReadonlyMap<LineName, Float64Array>;
  /** The same before the PSF. */
  readonly sharpLines: ReadonlyMap<LineName, Float64Array>;
  /** Mean and dispersion of the gas velocity [km/s], weighted by Hα after the PSF. */
  readonly velocity: Float64Array;
  readonly sigma: Float64Array;
  /** Rest-frame equivalent width of Hα against the smooth continuum [Å]. */
  readonly ew: Float64Array;
  /** Rest-frame equivalent widths of the stellar absorption [Å]. */
  readonly absorption: ReadonlyMap<LineName, Float64Array>;
  /** Smooth stellar continuum at Hα, PSF-convolved [1e-20 erg/s/cm²/Å]. */
  readonly continuum: Float64Array;
  /** Radius in the disc plane [R_e], 12+log(O/H) of the gradient, and internal E(B−V) at the spaxel's centre. */
  readonly radius: Float64Array;
  readonly oxygen: Float64Array;
  readonly ebv: Float64Array;
  readonly regions: readonly HiiRegion[];
}

/** Lines are kept in 1e-20 erg/s/cm² inside, like the cube, and given in 1e-17. */
const perThousand = 1e-3;

export function simulationTruth(settings: SimulationSettings, scene: Scene): SimulationTruth {
  const { nx, ny, pixelScale, redshift, dispersion } = settings;
  const convolve = makeConvolver(scene.grid, makePsf(settings.psf), pixelScale);
  const scaled = (map: Float64Array) => map.map((flux) => flux * perThousand);
  const lines = new Map<LineName, Float64Array>();
  const sharpLines = new Map<LineName, Float64Array>();
  for (const [name, map] of scene.lines) {
    lines.set(name, scaled(convolve(map)));
    sharpLines.set(name, scaled(sumToSpaxels(scene.grid, map)));
  }

  const ha = scene.lines.get('Ha')!;
  const light = convolve(ha);
  const first = convolve(ha.map((flux, cell) => flux * scene.velocity[cell]!));
  const second = convolve(ha.map((flux, cell) => flux * scene.velocity[cell]! ** 2));
  const velocity = light.map((flux, i) => first[i]! / flux);
  const sigma = light.map((flux, i) => Math.sqrt(dispersion ** 2 + Math.max(0, second[i]! / flux - velocity[i]! ** 2)));

  const stars = populations(settings);
  const [young, old] = [convolve(scene.young), convolve(scene.old)];
  const continuumAt = (name: LineName) => {
    const { air } = lineByName(name);
    return { young: young.map((flux) => flux * stars.young.continuum(air)), old: old.map((flux) => flux * stars.old.continuum(air)) };
  };
  const atHa = continuumAt('Ha');
  const continuum = atHa.young.map((flux, i) => flux + atHa.old[i]!);
  const ew = light.map((flux, i) => flux / continuum[i]! / (1 + redshift));
  const absorption = new Map<LineName, Float64Array>();
  for (const name of absorbedLines) {
    const at = continuumAt(name);
    absorption.set(name, at.young.map((flux, i) =>
      (flux * stars.young.absorption[name] + at.old[i]! * stars.old.absorption[name]) / (flux + at.old[i]!)));
  }

  const pointAt = discAt(settings, scene.disk);
  const [centerX, centerY] = centerOf(settings);
  const points = Array.from({ length: nx * ny }, (_, i) => pointAt(-((i % nx) - centerX) * pixelScale, (Math.floor(i / nx) - centerY) * pixelScale));
  const mapOf = (key: 'radius' | 'oxygen' | 'ebv') => Float64Array.from(points, (point) => point[key]);
  return {
    lines, sharpLines, velocity, sigma, ew, absorption, continuum,
    radius: mapOf('radius'), oxygen: mapOf('oxygen'), ebv: mapOf('ebv'), regions: scene.regions,
  };
}

/**
 * True line fluxes of the bins [1e-17 erg/s/cm²]: the noise-free, PSF-convolved maps summed over each bin's spaxels.
 * The same dust correction, calibration and regression as for measured fluxes then give the true slope of these bins.
 */
export function truthLineFluxes(truth: SimulationTruth, binning: Binning): Map<LineName, Float64Array> {
  const fluxes = new Map<LineName, Float64Array>();
  for (const [name, map] of truth.lines) {
    fluxes.set(name, Float64Array.from({ length: binning.count }, (_, bin) => {
      let sum = 0;
      for (let k = binning.start[bin]!; k < binning.start[bin + 1]!; k++) sum += map[binning.spaxels[k]!]!;
      return sum;
    }));
  }
  return fluxes;
}
