import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bytesSource, findHdu, memorySink, openFits, readImage, writeFits } from '../../src/fits/index.js';
import { cubeHdus, simulateCube, simulateGalaxy, truthHdus, writeSimulatedCube } from '../../src/simulate/index.js';
import { describeFitsverify, describePython, runPython } from '../support/shared.js';
import { spawnSync } from 'node:child_process';

const options = { nx: 12, ny: 10, wavelength: { start: 6500, step: 1.25, count: 240 }, geometry: { effectiveRadius: 2 }, object: 'test galaxy' } as const;
const folder = mkdtempSync(join(tmpdir(), 'zgrad-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function written(): Promise<{ cube: string; truth: string }> {
  const simulation = simulateCube(options);
  const [cube, truth] = [memorySink(), memorySink()];
  await writeFits(cube, cubeHdus(simulation));
  await writeFits(truth, truthHdus(simulation));
  const files = { cube: join(folder, 'cube.fits'), truth: join(folder, 'truth.fits') };
  writeFileSync(files.cube, cube.bytes());
  writeFileSync(files.truth, truth.bytes());
  return files;
}

it('a cube streamed plane by plane is, byte by byte, the one written from memory', async () => {
  const [whole, streamed] = [memorySink(), memorySink()];
  await writeFits(whole, cubeHdus(simulateCube(options)));
  await writeSimulatedCube(streamed, simulateGalaxy(options));
  expect(streamed.bytes()).toEqual(whole.bytes());
});

it('the truth file holds line maps named after the lines, and every setting', async () => {
  const simulation = simulateGalaxy(options);
  const sink = memorySink();
  await writeFits(sink, truthHdus(simulation));
  const fits = await openFits(bytesSource(sink.bytes(), 'truth.fits'));
  expect((await readImage(fits, findHdu(fits, 'Ha'))).data).toEqual(simulation.truth.lines.get('Ha'));
  const { header } = findHdu(fits, 0);
  expect(header.number('SLOPE')).toBe(-0.12);
  expect(header.number('SIM OXYGEN SLOPE')).toBe(-0.12);
  expect(header.number('SIM SEED')).toBe(1);
  expect(header.number('SIM WAVELENGTH COUNT')).toBe(240);
});

describePython('astropy', () => {
  it('reads the cube: right wavelengths, sky positions, units and values', async () => {
    const { cube } = await written();
    const found = runPython<Record<string, unknown>>(`
import sys, json, numpy as np, warnings
from astropy.io import fits
from astropy.wcs import WCS
from astropy import units as u
warnings.simplefilter('ignore')
f = fits.open(sys.argv[1], checksum=True)
w = WCS(f['DATA'].header)
ra, dec, wave = w.pixel_to_world_values(5.5, 4.5, 100)
ra0, dec0, _ = w.pixel_to_world_values(0, 4.5, 100)
print(json.dumps({'names': [h.name for h in f], 'shape': f['DATA'].data.shape, 'ctype': w.wcs.ctype[2], 'wave': float(wave) * 1e10, 'ra': float(ra), 'dec': float(dec),
  'eastIsLeft': bool(ra0 > ra), 'object': f[0].header['OBJECT'], 'seeing': f[0].header['ESO TEL AMBI FWHM START'], 'slope': f[0].header['SIM OXYGEN SLOPE'],
  'value': float(f['DATA'].data[100, 5, 6]), 'variance': float(f['STAT'].data[100, 5, 6]), 'unit': f['DATA'].header['BUNIT'], 'statUnit': f['STAT'].header['BUNIT'],
  'scale': u.Unit(f['DATA'].header['BUNIT']).to('erg/s/cm2/AA')}))
`, cube);
    const { data, stat } = simulateCube(options);
    const i = (100 * 10 + 5) * 12 + 6;
    expect(found).toMatchObject({
      names: ['PRIMARY', 'DATA', 'STAT'], shape: [240, 10, 12], ctype: 'AWAV', eastIsLeft: true, object: 'test galaxy', seeing: 0.8, slope: -0.12,
      value: data[i], variance: stat[i], unit: '10**(-20)*erg/s/cm**2/Angstrom', statUnit: '(10**(-20)*erg/s/cm**2/Angstrom)**2',
    });
    expect(found['wave']).toBeCloseTo(6500 + 100 * 1.25, 6);
    expect(found['ra']).toBeCloseTo(150.1, 10);
    expect(found['dec']).toBeCloseTo(-2.2, 10);
    expect((found['scale'] as number) / 1e-20).toBeCloseTo(1, 10);
  });
});

describeFitsverify('fitsverify', () => {
  it('finds no error and no warning in the cube and in the truth', async () => {
    for (const file of Object.values(await written())) {
      const { stdout } = spawnSync('fitsverify', [file], { encoding: 'utf8' });
      expect(stdout).toMatch(/found 0 warning\(s\) and 0 error/);
    }
  });
});
