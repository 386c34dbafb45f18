import type { Cube } from '../cube/index.js';
import { simulatePlanes } from './planes.js';
import type { SimulationOptions } from './settings.js';
import { simulateGalaxy } from './simulation.js';
import type { Simulation } from './simulation.js';

/** A simulated cube in memory. */
export interface SimulatedCube extends Simulation {
  /** Flux density [1e-20 erg/s/cm²/Å] in FITS order, (z·ny + y)·nx + x; NaN at blemishes. */
  readonly data: Float32Array;
  /** Its variance. */
  readonly stat: Float32Array;
}

/**
 * A disc galaxy in a MUSE-format cube with known truth: exponential light with an age gradient, rotating gas in clumps
 * and a smooth floor, an O/H gradient with line ratios to match, dust, PSF, LSF, noise, NaN edges. The defaults make a
 * cube of 48 × 48 × 1760.
 *
 * @throws ZgradError 'BadArgument' for settings that make no sense.
 */
export function simulateCube(options: SimulationOptions = {}): SimulatedCube {
  const simulation = simulateGalaxy(options);
  const { nx, ny, wavelength } = simulation.settings;
  const data = new Float32Array(nx * ny * wavelength.count);
  const stat = new Float32Array(data.length);
  for (const plane of simulatePlanes(simulation)) {
    data.set(plane.data, plane.z * nx * ny);
    stat.set(plane.stat, plane.z * nx * ny);
  }
  return { ...simulation, data, stat };
}

/** A simulated cube as the cube reader would give it, without a file between: spectra contiguous. */
export function cubeFromSimulation({ settings, axis, wcs, header, data, stat }: SimulatedCube): Cube {
  const { nx, ny, lsf, object, pixelScale, psf } = settings;
  const spaxels = nx * ny;
  const planes = axis.wavelength.length;
  const flux = new Float32Array(data.length);
  const variance = new Float32Array(data.length);
  for (let z = 0; z < planes; z++) {
    for (let i = 0; i < spaxels; i++) {
      flux[i * planes + z] = data[z * spaxels + i]!;
      variance[i * planes + z] = stat[z * spaxels + i]!;
    }
  }
  return {
    instrument: 'MUSE', object, nx, ny, arms: [{ name: 'full', axis, lsf, flux, variance }], unit: 1e-20, wcs, pixelScale,
    seeing: psf.fwhm > 0 ? { fwhm: psf.fwhm, source: 'the simulation' } : null, sectors: null, header, warnings: [],
  };
}
