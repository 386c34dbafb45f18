import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productDigests } from '../../validate/kills.mjs';
import { program, temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { small, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('disk');
withoutPictures();
const mounted = join(folder, 'mounted');
const options = ['continuum.method=ssp', 'continuum.templates=synthetic', 'continuum.binSN=20', 'continuum.multiplicative=4', 'abundance.also=[]', 'gradient.draws=100'].flatMap((one) => ['--set', one]);

/** A file system of its own, which takes a superuser. */
const mount = (...args: string[]): boolean => spawnSync('mount', [...args, mounted]).status === 0;
mkdirSync(mounted);
const canMount = mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
if (!canMount) process.stderr.write('skipped: tests of a full disk need the right to mount one\n');
afterAll(() => { if (canMount) spawnSync('umount', [mounted]); });

let files: SimulatedFiles;
let digests: Readonly<Record<string, string>>;
const argsOf = (out: string): string[] => ['measure', files.cube, '--out', out, '--config', files.config, ...options, '--quiet', '--workers', '2'];
const storedIn = (out: string): Record<string, number> => Object.fromEntries(readdirSync(join(out, 'stages')).filter((name) => /^(?:stars|lines)-/.test(name)).map((name) => [name, statSync(join(out, 'stages', name)).mtimeMs]));

beforeAll(async () => {
  files = await writeSimulated(folder, 'galaxy', { ...small, nx: 16, ny: 16, pixelScale: 0.7 });
  const out = join(folder, 'whole');
  const { status, stderr } = zgrad(...argsOf(out));
  expect(status, stderr).toBe(0);
  digests = productDigests(out);
});

/** One line that names the file and what the system says of it. */
function expectFailure({ status, stderr, stdout }: CliResult, says: RegExp): void {
  expect(status, stderr).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.split('\n').filter((line) => line.startsWith('zgrad:'))).toHaveLength(1);
  expect(stderr).toMatch(says);
  expect(stderr).not.toContain('unforeseen');
}

describe.runIf(canMount)('a file system', () => {
  const out = join(mounted, 'run');

  it('that is full before the spectra are in their scratch file stops the run with its name, and is not left full by it', () => {
    const scratch = join(mounted, 'scratch');
    expectFailure(zgrad(...argsOf(scratch), '--memory', '300MB'), /^zgrad: .*scratch\/stages\/spectra\.bin: found ENOSPC: no space left on device/m);
    expect(readdirSync(join(scratch, 'stages'))).not.toContain('spectra.bin');
    rmSync(scratch, { recursive: true });
  });

  it('that is full stops the run with the name of the file; what was finished is kept, and with more space the same command goes on', () => {
    expectFailure(zgrad(...argsOf(out)), /^zgrad: .*run\/stages\/\S+: found ENOSPC: no space left on device.*Check the path, its permissions and the space left\.$/m);
    const kept = storedIn(out);
    expect(Object.keys(kept).length).toBeGreaterThan(0);
    expect(Object.keys(kept).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(mount('-o', 'remount,size=100m')).toBe(true);
    const again = zgrad(...argsOf(out));
    expect(again.status, again.stderr).toBe(0);
    expect(productDigests(out)).toEqual(digests);
    expect(storedIn(out)).toMatchObject(kept);
  }, 120_000);

  it('that may only be read is told before anything is measured, and loses nothing', () => {
    expect(mount('-o', 'remount,ro')).toBe(true);
    const before = storedIn(out);
    const { status, stderr } = zgrad(...argsOf(out), '--set', 'lines.minEW=6');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^zgrad: .*run, where nothing may be written; expected a place for the run directory\. Choose another --out\.$/m);
    expect(storedIn(out)).toEqual(before);
    expect(productDigests(out)).toEqual(digests);
  });
});

describe('a limit on the size of files', () => {
  it('below that of a product stops the run when it comes to it; the fits are kept', () => {
    const out = join(folder, 'limited');
    // In kilobytes: batches of stars and lines are smaller, maps.fits is larger.
    const limited = spawnSync('bash', ['-c', 'ulimit -f 600; exec "$0" "$@"', process.execPath, program, ...argsOf(out)], { encoding: 'utf8' });
    expectFailure(limited, /^zgrad: .*limited\/maps\.fits: found EFBIG: file too large/m);
    const kept = storedIn(out);
    expect(Object.keys(kept).length).toBeGreaterThan(5);
    const again = zgrad(...argsOf(out));
    expect(again.status, again.stderr).toBe(0);
    expect(productDigests(out)).toEqual(digests);
    expect(storedIn(out)).toEqual(kept);
  }, 120_000);
});
