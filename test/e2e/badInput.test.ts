import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HduSpec } from '../../src/fits/index.js';
import { cubeHdus, simulateCube, type SimulatedCube, type SimulationOptions } from '../../src/simulate/index.js';
import { temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { expectUntrusted } from './support/run.js';
import { everySpaxel, small, writeFitsFile } from './support/simulated.js';

const folder = temporaryFolder('bad-input');
withoutPictures();
const geometry = ['--set', 'geometry.positionAngle=30', '--set', 'geometry.ellipticity=0.28', '--set', 'effectiveRadius=4 arcsec', '--set', 'foreground=none', '--set', 'abundance.also=[]', ...everySpaxel];
const simulated = simulateCube(small);

const cubeFile = (name: string, change: (sim: SimulatedCube) => HduSpec[] = cubeHdus, options: SimulationOptions | null = null): Promise<string> =>
  writeFitsFile(join(folder, name), change(options ? simulateCube(options) : simulated));

let runs = 0;
function measure(file: string, ...more: string[]): CliResult & { out: string } {
  const out = join(folder, `run-${++runs}`);
  return { ...zgrad('measure', file, '--out', out, '--quiet', '--set', 'redshift=0.005', ...geometry, ...more), out };
}

/** One clear error: one line, the right status, nothing written. */
function expectRefusal(result: CliResult & { out: string }, status: number, ...says: RegExp[]): void {
  const errors = result.stderr.split('\n').filter((line) => line.startsWith('zgrad:'));
  expect(errors, result.stderr).toHaveLength(1);
  for (const text of says) expect(errors[0]).toMatch(text);
  expect(result.status).toBe(status);
  expect(existsSync(result.out)).toBe(false);
}

/** The orderly end without a trusted gradient: exit status 3, every product written, the reason said. */
function expectUntrustedEnd(result: CliResult & { out: string }, reason: RegExp): void {
  expect(result.status, result.stderr).toBe(3);
  expectUntrusted(result.out, reason);
}

describe('bad input gives one clear error and writes nothing:', () => {
  it('a centre outside the field, on pixels and on the sky', async () => {
    const file = await cubeFile('off-centre.fits');
    expectRefusal(measure(file, '--set', 'geometry.centerPixel=[500, 500]'), 2, /geometry\.centerPixel: found a centre at pixel \(500\.0, 500\.0\); expected a centre inside the \d+ × \d+ spaxels/);
    expectRefusal(measure(file, '--set', 'geometry.center=[200, 60]'), 2, /geometry\.center: found a centre .*; expected a centre inside/);
  });

  it('a slip in the size of the memory', async () => expectRefusal(measure(await cubeFile('memory.fits'), '--memory', '3'), 2, /--memory: found '3'; expected a size such as 3GB/));

  it('a missing file', () => expectRefusal(measure(join(folder, 'nowhere.fits')), 2, /nowhere\.fits.*existing file/));

  it('a file that is not FITS', () => {
    const path = join(folder, 'text.fits');
    writeFileSync(path, 'This is not a FITS file.'.repeat(200));
    expectRefusal(measure(path), 1, /text\.fits/, /FITS/);
  });

  it('a truncated cube', async () => {
    const path = await cubeFile('whole.fits');
    const cut = join(folder, 'cut.fits');
    writeFileSync(cut, readFileSync(path).subarray(0, 400_000));
    expectRefusal(measure(cut), 1, /cut\.fits/, /DATA|byte/);
  });

  it('a header that claims 10^28 bytes', async () => {
    const path = await cubeFile('huge.fits');
    const bytes = readFileSync(path);
    for (const axis of [1, 2, 3]) {
      const at = bytes.indexOf(`NAXIS${axis}  =`, 2880);
      bytes.write(`NAXIS${axis}  = ${'9999999999'.padStart(20)}`.padEnd(30), at, 'ascii');
    }
    writeFileSync(join(folder, 'huge.fits'), bytes);
    const started = performance.now();
    expectRefusal(measure(path), 1, /huge\.fits/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('a cube without variance', async () => {
    const path = await cubeFile('novar.fits', (sim) => cubeHdus(sim).slice(0, 2));
    expectRefusal(measure(path), 1, /novar\.fits/, /cube\.variance/);
  });

  it('a wavelength axis without a unit', async () => {
    const path = await cubeFile('nounit.fits', (sim) => cubeHdus(sim).map((hdu) => ({ ...hdu, cards: (hdu.cards ?? []).filter(({ key }) => key !== 'CUNIT3') })));
    expectRefusal(measure(path), 1, /wavelength/i, /cube\.wavelengthUnit/);
  });

  it('an unknown configuration key, with the nearest one', async () => {
    const path = await cubeFile('good.fits');
    expectRefusal(measure(path, '--set', 'gradient.drawz=100'), 2, /gradient\.drawz/, /Did you mean gradient\.draws\?/);
  });

  it('a redshift that puts Hα outside the cube', async () => {
    const path = await cubeFile('good2.fits');
    expectRefusal(measure(path, '--set', 'redshift=0.2'), 2, /redshift/, /Hα/, /4799|4800/);
  });

  it('an unknown calibration, with the nearest one', async () => {
    const path = await cubeFile('good3.fits');
    const result = measure(path, '--set', 'abundance.default=N2S2Hb');
    expectRefusal(result, 2, /N2S2Hb/, /Did you mean N2S2Ha\?/);
  });

  it('a --set that is no YAML, and a value of the wrong kind, told what the key takes', async () => {
    const path = await cubeFile('good4.fits');
    expectRefusal(measure(path, '--set', 'geometry={'), 2, /--set: found 'geometry=\{'; expected key\.path=value/);
    expectRefusal(measure(path, '--set', 'foreground=0.3'), 2, /foreground: found 0\.3; expected Galactic dust: \{ebv: 0\.008\}, \{dustMap: FOLDER\}, or none/);
    expectRefusal(measure(path, '--set', 'geometry.ellipticity=1.2'), 2, /geometry\.ellipticity: found 1\.2; expected number to be <1: 1 - b\/a/);
  });

  it('an --out that cannot be made, before anything is measured', async () => {
    const path = await cubeFile('good5.fits');
    const result = zgrad('measure', path, '--out', join(path, 'run'), '--set', 'redshift=0.005', ...geometry);
    expect(result.status).toBe(2);
    expect(result.stderr).toMatch(/^zgrad: .*good5\.fits, which is no folder; expected a place for the run directory/);
  });

  it('no file and no --out', () => {
    expect(zgrad('measure', '--out', join(folder, 'x')).status).toBe(2);
    expect(zgrad('measure', 'a.fits').status).toBe(2);
    expect(zgrad('nonsense').status).toBe(2);
  });
});

describe('an --out that exists', () => {
  it('is taken for the same run, resumed for another configuration, replaced with --overwrite for another galaxy, and never loses foreign files', async () => {
    const path = await cubeFile('out.fits');
    const first = measure(path);
    expect(first.status, first.stderr).toBe(0);
    const again = (file: string, ...more: string[]) => zgrad('measure', file, '--out', first.out, '--set', 'redshift=0.005', ...geometry, ...more);
    const before = readFileSync(join(first.out, 'run.json'), 'utf8');
    expect(again(path).stderr).toContain('already holds this run');
    expect(readFileSync(join(first.out, 'run.json'), 'utf8')).toBe(before);
    writeFileSync(join(first.out, 'notes.txt'), 'mine');
    // The same galaxy with another configuration takes the directory over.
    const configured = again(path, '--set', 'lines.minEW=6', '--quiet');
    expect(configured.status, configured.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(first.out, 'run.json'), 'utf8'))).toMatchObject({ configuration: { lines: { minEW: 6 } } });
    // Another galaxy does not, unless it is told to.
    const other = await cubeFile('another.fits', (sim) => cubeHdus({ ...sim, data: sim.data.map((value) => 2 * value) }));
    const refused = again(other);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/found the run of another galaxy or version of zgrad; .*--overwrite/);
    const replaced = again(other, '--overwrite', '--quiet');
    expect(replaced.status, replaced.stderr).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(join(first.out, 'run.json'), 'utf8')).inputs)).toEqual([other]);
    expect(readFileSync(join(first.out, 'notes.txt'), 'utf8')).toBe('mine');
    // A run that fails loses nothing that was finished.
    const broken = join(folder, 'broken.fits');
    writeFileSync(broken, readFileSync(path).subarray(0, 300_000));
    const finished = readFileSync(join(first.out, 'gradient.json'), 'utf8');
    expect(again(broken, '--overwrite').status).toBe(1);
    expect(readFileSync(join(first.out, 'gradient.json'), 'utf8')).toBe(finished);
  });

  it('is refused when it is a folder of something else', async () => {
    const path = await cubeFile('other.fits');
    const out = join(folder, 'precious');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.tex'), 'years of work');
    const result = zgrad('measure', path, '--out', out, '--set', 'redshift=0.005', ...geometry);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('files that are not a zgrad run');
  });
});

describe('data without a trusted gradient end in order:', () => {
  it('a cube of NaN', async () => {
    const path = await cubeFile('nan.fits', (sim) => cubeHdus({ ...sim, data: sim.data.map(() => Number.NaN) }));
    expectUntrustedEnd(measure(path), /No star-forming bin has a value.*No spaxel has data/);
  });

  it('a cube of negative variances', async () => {
    const path = await cubeFile('negative.fits', (sim) => cubeHdus({ ...sim, stat: sim.stat.map((v) => -v) }));
    expectUntrustedEnd(measure(path), /No star-forming bin has a value/);
  });

  it('too few star-forming bins', async () => {
    // Gas only inside 0.35 R_e = 1.4″: a handful of 0.8″ spaxels.
    const path = await cubeFile('few.fits', cubeHdus, { ...small, gas: { radius: 0.35 }, psf: { fwhm: 0.4 } });
    const result = measure(path, '--set', 'lines.minEW=15');
    expectUntrustedEnd(result, /a gradient needs at least 10/);
  });

  it('too small a range of radii', async () => {
    const path = await cubeFile('narrow.fits');
    expectUntrustedEnd(measure(path, '--set', 'effectiveRadius=60 arcsec'), /span only .* a gradient needs at least 0\.5 R_e/);
  });
});
