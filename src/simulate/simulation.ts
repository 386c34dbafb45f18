import type { Disk } from '../disk/index.js';
import { Header } from '../fits/index.js';
import { linearAxis } from '../light/index.js';
import type { SpectralAxis } from '../light/index.js';
import { parseWcs } from '../sky/index.js';
import type { Wcs } from '../sky/index.js';
import { dataCards } from './cards.js';
import { diskOf } from './galaxy.js';
import { paintScene } from './scene.js';
import type { Scene } from './scene.js';
import { simulationSettings } from './settings.js';
import type { SimulationOptions, SimulationSettings } from './settings.js';
import { simulationTruth } from './truth.js';
import type { SimulationTruth } from './truth.js';

/** A galaxy ready to be observed: everything but the voxels. */
export interface Simulation {
  readonly settings: SimulationSettings;
  readonly axis: SpectralAxis;
  readonly wcs: Wcs;
  readonly disk: Disk;
  /** Header of the DATA extension. */
  readonly header: Header;
  readonly scene: Scene;
  readonly truth: SimulationTruth;
}

/**
 * A disc galaxy with known truth, ready to be observed plane by plane (`simulatePlanes`) or at once (`simulateCube`).
 *
 * @throws ZgradError 'BadArgument' for settings that make no sense.
 */
export function simulateGalaxy(options: SimulationOptions = {}): Simulation {
  const settings = simulationSettings(options);
  const { wavelength } = settings;
  const disk = diskOf(settings);
  const scene = paintScene(settings, disk);
  const header = new Header(dataCards(settings));
  return {
    settings, scene, disk, header,
    axis: linearAxis(wavelength.start, wavelength.step, wavelength.count, 'air'),
    wcs: parseWcs(header, { where: 'simulation' }),
    truth: simulationTruth(settings, scene),
  };
}
