import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lines } from '../../src/nebula/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { describePython, describeShared, runPython, shared } from '../support/shared.js';
import { expectUntrusted, mapOf, readRun, signalToNoise, type FinishedRun } from './support/run.js';
import { everySpaxel } from './support/simulated.js';

const folder = temporaryFolder('muse');
withoutPictures();
const cube = shared('data', 'ifu_muse', 'CUBE.fits');
const redshift = 0.2;

/** One run for both tests. */
let finished: Promise<FinishedRun> | undefined;
function measured(): Promise<FinishedRun> {
  finished ??= (async () => {
    const out = join(folder, 'run');
    const result = zgrad('measure', cube, '--out', out, '--set', `redshift=${redshift}`, '--set', 'foreground=none', '--set', 'effectiveRadius=2 arcsec',
      '--set', 'geometry.positionAngle=60', '--set', 'geometry.ellipticity=0.2', ...everySpaxel);
    expect(result.status, result.stderr).toBe(3);
    expect(result.stdout).toMatch(/^CUBE: no gradient can be trusted: /);
    return readRun(out);
  })();
  return finished;
}

/** Mean of each spaxel's flux as numpy has it, without ±1000 km/s about each line; wavelengths in air. */
const meanFlux = `
import json, sys
import numpy as np
from astropy.io import fits
path, lines, z = sys.argv[1], json.loads(sys.argv[2]), float(sys.argv[3])
with fits.open(path) as hdus:
    data, header, stat = hdus['DATA'].data.astype(float), hdus['DATA'].header, hdus['STAT'].data
wave = header['CRVAL3'] + (np.arange(data.shape[0]) + 1 - header['CRPIX3']) * header['CDELT3']
keep = np.all([abs(wave / (line * (1 + z)) - 1) > 1000 / 299792.458 for line in lines], axis=0)
data[~(np.isfinite(data) & (stat > 0))] = np.nan
print(json.dumps(np.nanmean(data[keep], axis=0).ravel().tolist()))
`;

describeShared('a MUSE cube without strong lines', () => {
  it('has no detected line, and ends in order with the reason', async () => {
    const run = await measured();
    expectUntrusted(run.out, /The data hold no Hβ and no \[O III\] 5007/, /Of 200 bins, .*\d+ have a needed line below S\/N 3/);
    expect(run.run.counts.usedBins).toBe(0);
    // 200 spaxels of noise: a Gaussian line with a free velocity reaches 5 σ in none of them.
    for (const line of ['Ha', 'NII6583', 'SII6716', 'SII6731']) expect(signalToNoise(run, line).filter((sn) => sn >= 5).length, line).toBe(0);
  });

  describePython('as numpy reads it', () => {
    it('has the same flux on the scale of 1e-17', async () => {
      const run = await measured();
      const means = runPython<number[]>(meanFlux, cube, JSON.stringify(lines.map((line) => line.air)), String(redshift));
      const map = await mapOf(run, 'SPX_MFLUX');
      expect(map.length).toBe(200);
      // The header says 10**(-20): 1000 of its units are one of 1e-17. The cube is held in float32, whose rounding the mean averages.
      const brightest = Math.max(...means.map(Math.abs));
      map.forEach((value, i) => expect(Math.abs(value * 1000 - means[i]!)).toBeLessThan(1e-6 * brightest));
    });
  });
});
