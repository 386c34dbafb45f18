import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { memorySink, writeFits, type HduSpec } from '../../../src/fits/index.js';
import { simulationConfig } from '../../../src/pipeline/index.js';
import { cubeHdus, simulateCube, type SimulatedCube, type SimulationOptions } from '../../../src/simulate/index.js';

/** 14 × 14 spaxels of 0.8″ around Hβ … [S II]: a run takes a few seconds, most of them for the figures. */
export const small: SimulationOptions = {
  nx: 14, ny: 14, pixelScale: 0.8, wavelength: { start: 4800, step: 2.5, count: 800 }, redshift: 0.005, geometry: { effectiveRadius: 4 }, noise: { sky: 5 },
};

/** Every spaxel a bin, nothing masked: for tests that are about something else than binning. */
export const everySpaxel = ['--set', 'lines.binSN=0', '--set', 'continuum.binSN=0', '--set', 'sources=keep'] as const;

/** The same in a configuration. */
function withEverySpaxel(yaml: string): string {
  const { continuum, ...config } = parse(yaml) as { continuum: object };
  return stringify({ ...config, continuum: { ...continuum, binSN: 0 }, lines: { binSN: 0 }, sources: 'keep' });
}

export async function writeFitsFile(path: string, hdus: Iterable<HduSpec>): Promise<string> {
  const sink = memorySink();
  await writeFits(sink, hdus);
  writeFileSync(path, sink.bytes());
  return path;
}

export interface SimulatedFiles {
  readonly simulation: SimulatedCube;
  readonly cube: string;
  readonly config: string;
}

/** A simulated cube on disk with the configuration that measures every spaxel of it with its true geometry. */
export async function writeSimulated(folder: string, name: string, options: SimulationOptions = small, change: (sim: SimulatedCube) => HduSpec[] = cubeHdus): Promise<SimulatedFiles> {
  const simulation = simulateCube(options);
  const config = join(folder, `${name}.yaml`);
  writeFileSync(config, withEverySpaxel(simulationConfig(simulation)));
  return { simulation, config, cube: await writeFitsFile(join(folder, `${name}.fits`), change(simulation)) };
}
