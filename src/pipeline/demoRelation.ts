import { join } from 'node:path';
import { readText } from '../host/index.js';
import { filters } from '../light/index.js';
import { deriveProperties, li2025, measureRelations, propertyColumn, readRuns, sampleFigures, withColumns } from '../sample/index.js';
import type { Simulation } from '../simulate/index.js';
import { makeProductWork } from './productFiles.js';
import { runFiles } from './runDirectory.js';

/**
 * log of the stellar mass [Msun] of a simulated galaxy: all the light of its exponential disc at a mass-to-light ratio of one. The simulated stars have light and no mass, so that
 * this is a convention to place the galaxy among real ones.
 */
export function simulatedLogMass({ settings, disk }: Pick<Simulation, 'settings' | 'disk'>): number {
  const scale = disk.effectiveRadiusArcsec / 1.67835;
  const magnitude = settings.stars.surfaceBrightness - 2.5 * Math.log10(2 * Math.PI * scale ** 2 * (1 - disk.ellipticity));
  const absolute = magnitude - 5 * Math.log10(disk.luminosityDistance * 1e5);
  return -0.4 * (absolute - filters.r.sun);
}

/** Draws the mass–gradient relation of Li et al. (2025) with a simulated galaxy on it, as SVG, PNG and PDF, from the galaxy's finished run; answers with the figure's path and what it shows. */
export async function drawDemoRelation(folder: string, run: string, simulation: Simulation): Promise<{ readonly file: string; readonly caption: string }> {
  const part = async (name: string): Promise<unknown> => JSON.parse(await readText(join(run, name)));
  const measured = readRuns([{ where: run, gradient: await part(runFiles.gradient), run: await part(runFiles.run) }]);
  const mass = simulatedLogMass(simulation);
  const demo = deriveProperties(withColumns(measured, [propertyColumn('logMstar', Float64Array.of(mass))]));
  const found = measureRelations(li2025, { properties: ['logMstar'] });
  const { name, scene } = sampleFigures(found, { overlays: [{ name: `${simulation.settings.object} (simulated)`, sample: demo }] }).find((figure) => figure.name === 'mass-gradient')!;
  await makeProductWork(folder)({ kind: 'figure', name, scene: scene! });
  const caption = `Li et al. (2025), 55 dwarf galaxies, with the simulated galaxy of this demonstration: its gradient is the one measured, its stellar mass (log M* = ${mass.toFixed(2)}) that of its light at a mass-to-light ratio of one.`;
  return { file: join(folder, `${name}.svg`), caption };
}
