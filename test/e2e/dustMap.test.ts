import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/fits/index.js';
import { dustMapFiles, dustMapPixel, icrsToGalactic } from '../../src/sky/index.js';
import { numbers } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { readRun, textOf, type FinishedRun } from './support/run.js';
import { small, writeFitsFile, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('dust-map');
withoutPictures();
const maps = join(folder, 'maps');
const size = 256;

/** Simulated maps in the projection of the published ones: E(B−V) is a linear function of the pixel, which bilinear interpolation keeps. */
async function writeMaps(faint: number): Promise<void> {
  mkdirSync(maps, { recursive: true });
  const scale = (Math.SQRT2 * 180) / Math.PI / (size / 2);
  for (const [name, pole] of [[dustMapFiles.north, 90], [dustMapFiles.south, -90]] as const) {
    const cards: Card[] = Object.entries({
      CTYPE1: 'GLON-ZEA', CTYPE2: 'GLAT-ZEA', CRPIX1: size / 2 + 0.5, CRPIX2: size / 2 + 0.5, CRVAL1: 90, CRVAL2: pole, LONPOLE: 180, CD1_1: -scale, CD1_2: 0, CD2_1: 0, CD2_2: scale,
    }).map(([key, value]) => ({ key, value }));
    const data = Float32Array.from({ length: size * size }, (_, i) => (pole > 0 ? faint : 5) + (i % size) / 1024);
    await writeFitsFile(join(maps, name), [{ kind: 'image', axes: [size, size], data, cards }]);
  }
}

const settings = ['abundance.also=[]', 'gradient.draws=100'].flatMap((one) => ['--set', one]);
let files: SimulatedFiles;
let truth: number;
let run: FinishedRun;

async function measure(name: string, foreground: string): Promise<FinishedRun> {
  const out = join(folder, name);
  const { status, stderr } = zgrad('measure', files.cube, '--out', out, '--config', files.config, '--quiet', ...settings, '--set', `foreground=${foreground}`);
  expect(status, stderr).toBe(0);
  return readRun(out);
}

const foregroundOf = ({ run: { configuration } }: FinishedRun): { ebv: number; source: string } => configuration['foreground'] as { ebv: number; source: string };

beforeAll(async () => {
  files = await writeSimulated(folder, 'galaxy', small);
  await writeMaps(0.1);
  const [l, b] = icrsToGalactic(...files.simulation.settings.position);
  expect(b).toBeGreaterThan(0);
  truth = 0.1 + dustMapPixel(l, b, size)[0] / 1024;
  run = await measure('run', `{dustMap: ${maps}}`);
});

describe('a dust map', () => {
  it('gives the reddening at the middle of the field, which run.json records with the checksums of the maps', () => {
    const { ebv, source } = foregroundOf(run);
    // The middle of the field is the galaxy; float32 has 1e-7.
    expect(ebv).toBeCloseTo(truth, 6);
    expect(source).toBe('map');
    expect(run.run.warnings.join('\n')).toMatch(/foreground E\(B−V\) 0\.\d{4} mag from the dust map at l = 2\d\d\.\d+°, b = 3\d\.\d+°/);
    expect(Object.keys(run.run.inputs)).toEqual(expect.arrayContaining(Object.values(dustMapFiles).map((name) => join(maps, name))));
  });

  it('is applied as the same reddening given', async () => {
    await measure('given', `{ebv: ${foregroundOf(run).ebv}}`);
    expect(textOf(join(folder, 'given'), 'bins.ecsv')).toBe(textOf(run.out, 'bins.ecsv'));
    // The recalibration of Schlafly & Finkbeiner (2011).
    expect(foregroundOf(await measure('scaled', `{dustMap: ${maps}, scale: SF11}`)).ebv).toBeCloseTo(0.86 * truth, 6);
  });

  it('that has changed under the same name is read anew', async () => {
    await writeMaps(0.2);
    const again = await measure('run', `{dustMap: ${maps}}`);
    expect(foregroundOf(again).ebv).toBeCloseTo(truth + 0.1, 6);
    expect(numbers(again.bins, 'flux_Ha')[0]! / numbers(run.bins, 'flux_Ha')[0]!).toBeGreaterThan(1.2);
    await writeMaps(0.1);
  });

  it('serves line maps too', async () => {
    const bare = await measure('bare', 'none');
    const mapsOf = async (name: string, foreground: string): Promise<FinishedRun> => {
      const out = join(folder, name);
      const { status, stderr } = zgrad('maps', join(bare.out, 'bins.ecsv'), '--out', out, '--config', files.config, '--quiet', ...settings, '--set', 'maps.pixelScale=0.8', '--set', `foreground=${foreground}`);
      expect(status, stderr).toBe(0);
      return readRun(out);
    };
    const fromMap = await mapsOf('maps-map', `{dustMap: ${maps}}`);
    expect(foregroundOf(fromMap).ebv).toBeCloseTo(truth, 5);
    const given = await mapsOf('maps-given', `{ebv: ${foregroundOf(fromMap).ebv}}`);
    expect(numbers(fromMap.bins, 'flux_Ha')).toEqual(numbers(given.bins, 'flux_Ha'));
    expect(numbers(fromMap.bins, 'flux_Ha')[0]! / numbers(bare.bins, 'flux_Ha')[0]!).toBeGreaterThan(1.2);
  });

  it('of another projection is refused with the names of the right files', () => {
    const path = join(maps, dustMapFiles.north);
    const text = readFileSync(path, 'latin1');
    writeFileSync(path, text.replace('GLON-ZEA', 'GLON-TAN').replace('GLAT-ZEA', 'GLAT-TAN'), 'latin1');
    const { status, stderr } = zgrad('measure', files.cube, '--out', join(folder, 'refused'), '--config', files.config, '--quiet', ...settings, '--set', `foreground={dustMap: ${maps}}`);
    writeFileSync(path, text, 'latin1');
    expect(status).toBe(1);
    expect(stderr).toMatch(/SFD_dust_4096_ngp\.fits: found the axes 'GLON-TAN', 'GLAT-TAN'; expected GLON-ZEA and GLAT-ZEA/);
  });
});
