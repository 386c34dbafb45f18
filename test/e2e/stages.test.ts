import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cubeHdus } from '../../src/simulate/index.js';
import { productDigests } from '../../validate/kills.mjs';
import { beginZgrad, temporaryFolder, withoutPictures, zgrad, type CliResult } from '../support/cli.js';
import { readRun } from './support/run.js';
import { small, writeFitsFile, writeSimulated, type SimulatedFiles } from './support/simulated.js';

const folder = temporaryFolder('stages');
withoutPictures();
// Several runs a test, each of two seconds on a free core.
vi.setConfig({ testTimeout: 180_000 });

/** Stars, adaptive bins and sources: every stage has something to do, and four batches of stars are fitted. */
const options = [
  'continuum.method=ssp', 'continuum.templates=synthetic', 'continuum.binSN=20', 'continuum.multiplicative=4', 'lines.binSN=10', 'sources=mask', 'abundance.also=[]', 'gradient.draws=100',
].flatMap((one) => ['--set', one]);

let files: SimulatedFiles;
const argsOf = (name: string, ...more: readonly string[]): string[] => ['measure', files.cube, '--out', join(folder, name), '--config', files.config, ...options, '--quiet', ...more];
function measure(name: string, ...more: readonly string[]): string {
  const { status, stderr } = zgrad(...argsOf(name, ...more));
  expect(status, stderr).toBe(0);
  return join(folder, name);
}

/** Results of a stage that lie in a run directory. */
const stored = (out: string, stage: string): string[] => readdirSync(join(out, 'stages')).filter((name) => name.startsWith(`${stage}-`)).sort();
/** When each was written. */
const written = (out: string, stage: string): Record<string, number> => Object.fromEntries(stored(out, stage).map((name) => [name, statSync(join(out, 'stages', name)).mtimeMs]));

/** A finished run in a directory of its own. */
function copyOf(out: string, name: string): string {
  const copy = join(folder, name);
  cpSync(out, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

async function until(condition: () => boolean, seconds = 60): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

let base: string;
let digests: Readonly<Record<string, string>>;

beforeAll(async () => {
  files = await writeSimulated(folder, 'galaxy', { ...small, nx: 16, ny: 16, pixelScale: 0.7 });
  base = measure('base', '--workers', '1');
  digests = productDigests(base);
  expect(stored(base, 'stars').length).toBeGreaterThanOrEqual(3);
  expect(stored(base, 'lines').length).toBeGreaterThanOrEqual(3);
});

describe('the products are the same to the last byte', () => {
  it('with eight workers as with one', () => {
    expect(productDigests(measure('workers', '--workers', '8'))).toEqual(digests);
  });

  it('with the number of workers that Slurm gives, which run.json tells', async () => {
    process.env['SLURM_CPUS_PER_TASK'] = '3';
    try {
      const out = measure('slurm');
      expect(productDigests(out)).toEqual(digests);
      expect((await readRun(out)).run).toMatchObject({ workers: 3 });
    } finally {
      delete process.env['SLURM_CPUS_PER_TASK'];
    }
  });

  it('with two workers, with the cube in memory and on disk, where it leaves no copy', async () => {
    const { child, ended } = beginZgrad(...argsOf('disk', '--workers', '2', '--memory', '300MB'));
    const copy = join(folder, 'disk', 'stages', 'spectra.bin');
    await until(() => existsSync(copy) || child.exitCode !== null);
    expect(existsSync(copy)).toBe(true);
    expect((await ended).status).toBe(0);
    expect(existsSync(copy)).toBe(false);
    expect(productDigests(join(folder, 'disk'))).toEqual(digests);
  });
});

describe('a run of the same galaxy in the same directory', () => {
  it('with another option of the line fit fits the lines and nothing before, with the result of a fresh run', () => {
    const other = ['--set', 'lines.tie=each'];
    const out = copyOf(base, 'tied');
    const before = { stars: written(out, 'stars'), lines: stored(out, 'lines') };
    measure('tied', ...other);
    expect(written(out, 'stars')).toEqual(before.stars);
    expect(stored(out, 'lines').filter((name) => before.lines.includes(name))).toEqual([]);
    expect(productDigests(out)).toEqual(productDigests(measure('tied-fresh', ...other)));
  });

  it('with another option of the continuum fits the stars and the lines again', () => {
    const out = copyOf(base, 'clipped');
    const before = [...stored(out, 'stars'), ...stored(out, 'lines')];
    measure('clipped', '--set', 'continuum.clip=4');
    expect([...stored(out, 'stars'), ...stored(out, 'lines')].filter((name) => before.includes(name))).toEqual([]);
    expect(stored(out, 'stars').length).toBe(stored(base, 'stars').length);
  });

  it('with other options of the analysis fits nothing again', async () => {
    const out = copyOf(base, 'draws');
    const before = [written(out, 'stars'), written(out, 'lines')];
    measure('draws', '--set', 'gradient.draws=300', '--set', 'dust.balmer=2.87', '--set', 'lines.snLine=4');
    expect([written(out, 'stars'), written(out, 'lines')]).toEqual(before);
    expect((await readRun(out)).gradient.gradients[0]!.draws).toBe(300);
  });

  it('with fused arithmetic takes nothing that was computed strictly', () => {
    const out = copyOf(base, 'fused');
    const before = [...stored(out, 'stars'), ...stored(out, 'lines')];
    measure('fused', '--fast-math');
    expect([...stored(out, 'stars'), ...stored(out, 'lines')].filter((name) => before.includes(name))).toEqual([]);
  });

  it('makes a damaged result anew and says so', () => {
    const out = copyOf(base, 'damaged');
    rmSync(join(out, 'run.json'));
    const [broken] = stored(out, 'stars') as [string];
    const path = join(out, 'stages', broken);
    writeFileSync(path, readFileSync(path).subarray(0, 5000));
    const { status, stderr } = zgrad(...argsOf('damaged'));
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(`${broken} is damaged and is made anew`);
    const { 'report.html': _, ...rest } = productDigests(out);
    const { 'report.html': __, ...expected } = digests;
    expect(rest).toEqual(expected);
  });

  it('takes nothing of a file that has another content under the same name', async () => {
    const out = copyOf(base, 'changing');
    const before = [...stored(out, 'stars'), ...stored(out, 'lines')];
    const original = readFileSync(files.cube);
    const { simulation } = files;
    try {
      await writeFitsFile(files.cube, cubeHdus({ ...simulation, data: simulation.data.map((value) => 2 * value), stat: simulation.stat.map((value) => 4 * value) }));
      const refused = zgrad(...argsOf('changing'));
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(/changing: found the run of another galaxy or version of zgrad; .*--overwrite/);
      measure('changing', '--overwrite');
    } finally {
      writeFileSync(files.cube, original);
    }
    expect([...stored(out, 'stars'), ...stored(out, 'lines')].filter((name) => before.includes(name))).toEqual([]);
    const [own, other] = [await readRun(out), await readRun(base)];
    expect(own.run.counts.bins).toBe(other.run.counts.bins);
    expect(productDigests(out)['bins.ecsv']).not.toBe(digests['bins.ecsv']);
  });
});

describe('a worker that dies in the midst of a run', () => {
  /** Lets the thread that fits this task of the stars die: the first time, or every time. */
  const withDying = (task: number, times: number, work: () => void): void => {
    process.env['NODE_OPTIONS'] = `--import ${new URL('support/dyingWorker.mjs', import.meta.url).href}`;
    process.env['ZGRAD_TEST_DEATHS'] = JSON.stringify({ stage: 'stars', task, times, log: join(folder, `deaths-${task}-${times}`) });
    try {
      work();
    } finally {
      delete process.env['NODE_OPTIONS'];
      delete process.env['ZGRAD_TEST_DEATHS'];
    }
  };

  it('is told of with its bins, which are tried once more: the products are those of an undisturbed run', async () => {
    const out = join(folder, 'died');
    withDying(1, 1, () => measure('died', '--workers', '2'));
    const { run } = await readRun(out);
    expect(run.warnings).toContain('a worker ended in the stars of bins 16 to 31, which is tried once more');
    const { 'report.html': _, ...rest } = productDigests(out);
    const { 'report.html': __, ...expected } = digests;
    expect(rest).toEqual(expected);
  });

  it('twice in the same bins ends the run with an error that names them; what was finished is kept, and the same command goes on from there', () => {
    const out = join(folder, 'dead');
    withDying(2, 2, () => {
      const { status, stderr, stdout } = zgrad(...argsOf('dead', '--workers', '2'));
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^zgrad: the stars of bins 32 to 47: found two workers that ended in it; expected a result\. .*what was finished is kept\.$/m);
    });
    expect(readdirSync(out)).toEqual(['stages']);
    const kept = written(out, 'stars');
    expect(Object.keys(kept).length).toBeGreaterThan(0);
    expect(Object.keys(kept).filter((one) => one.endsWith('.part'))).toEqual([]);
    measure('dead');
    expect(productDigests(out)).toEqual(digests);
    expect(written(out, 'stars')).toMatchObject(kept);
  });
});

describe('two runs in one directory at once', () => {
  it('the second refuses clearly, and the first is not harmed', async () => {
    const first = beginZgrad(...argsOf('shared', '--workers', '1'));
    const out = join(folder, 'shared');
    await until(() => existsSync(join(out, 'stages')) && stored(out, 'stars').length > 0);
    const second = zgrad(...argsOf('shared'));
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(new RegExp(`^zgrad: ${out}: found process ${first.child.pid} on .* at work in it; expected a directory that no other run writes to`));
    const { status, stderr } = await first.ended;
    expect(status, stderr).toBe(0);
    expect(productDigests(out)).toEqual(digests);
    expect(existsSync(join(out, '.lock'))).toBe(false);
  });
});

describe('a run that is stopped', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s ends with status 1 and says how to go on; the same command goes on from there', async (signal) => {
    const name = signal.toLowerCase();
    const out = join(folder, name);
    const { child, ended } = beginZgrad(...argsOf(name, '--workers', signal === 'SIGINT' ? '1' : '2'));
    await until(() => existsSync(join(out, 'stages')) && stored(out, 'stars').some((one) => !one.endsWith('.part')));
    child.kill(signal);
    const { status, stderr, stdout } = await ended;
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`zgrad: .*${basename(out)}: found the signal ${signal}; expected to be left to finish\\. What was finished is kept: the same command goes on from there\\.\\n$`));
    expect(readdirSync(out)).toEqual(['stages']);
    const kept = written(out, 'stars');
    expect(Object.keys(kept).length).toBeGreaterThan(0);
    expect(Object.keys(kept).filter((one) => one.endsWith('.part'))).toEqual([]);
    measure(name);
    expect(productDigests(out)).toEqual(digests);
    expect(written(out, 'stars')).toMatchObject(kept);
  });

  it('before it could say whose stages they are, or while it wrote its products, leaves a directory that the same command takes', () => {
    // What a kill leaves between two system calls.
    const early = copyOf(base, 'early');
    for (const one of readdirSync(early)) if (one !== 'stages') rmSync(join(early, one), { recursive: true });
    for (const one of readdirSync(join(early, 'stages'))) rmSync(join(early, 'stages', one));
    writeFileSync(join(early, 'stages', 'galaxy.json.part'), '');
    measure('early');
    expect(productDigests(early)).toEqual(digests);
    const late = copyOf(base, 'late');
    for (const one of ['run.json', 'report.html', 'maps.fits']) rmSync(join(late, one));
    writeFileSync(join(late, 'maps.fits.part'), 'half');
    measure('late');
    expect(productDigests(late)).toEqual(digests);
  });

  it('entered at line maps, too', () => {
    const out = join(folder, 'maps');
    const start = (): CliResult => zgrad('maps', join(base, 'bins.ecsv'), '--out', out, '--config', files.config, '--quiet', '--set', 'maps.pixelScale=0.7 arcsec', '--set', 'abundance.also=[]');
    expect(start().status).toBe(0);
    const whole = productDigests(out);
    rmSync(join(out, 'run.json'));
    const again = start();
    expect(again.status, again.stderr).toBe(0);
    expect(productDigests(out)).toEqual(whole);
  });
});
