import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import type { Card, HduSpec } from '../../src/fits/index.js';
import { createReporter } from '../../src/host/index.js';
import { checkConfig, measureGalaxy, parseConfigText, planGalaxies, planGalaxy, planText, resolveConfig, setPath, type ConfigTree, type Entry, type Plan } from '../../src/pipeline/index.js';
import { predict } from '../../src/pipeline/planCosts.js';
import { cubeHdus, simulateCube, type SimulatedCube } from '../../src/simulate/index.js';
import { celestialCards, dustMapFiles } from '../../src/sky/index.js';
import { small, writeFitsFile, writeSimulated } from '../e2e/support/simulated.js';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder('plan');
process.env['ZGRAD_DATA'] = join(folder, 'data');

let cube = '';
let tree: ConfigTree = {};
const simulated = simulateCube(small);

beforeAll(async () => {
  const written = await writeSimulated(folder, 'good', small);
  cube = written.cube;
  tree = parseConfigText(readFileSync(written.config, 'utf8'), 'good.yaml');
});

interface Asked {
  readonly entry?: Entry;
  readonly files?: readonly string[];
  readonly out?: string;
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly memory?: number;
}

let runs = 0;
function requestOf({ entry = 'cube', files = [cube], out = join(folder, `run-${++runs}`), keys = {}, memory }: Asked) {
  const own = Object.entries(keys).reduce((at, [key, value]) => (value === undefined ? Object.fromEntries(Object.entries(at).filter(([one]) => one !== key)) : setPath(at, key, value)), tree);
  return { entry, files, out, tree: own, where: 'good.yaml', overwrite: false, workers: 1, ...(memory !== undefined && { memory }) };
}

const planOf = (asked: Asked): Promise<Plan> => planGalaxy(requestOf(asked));

/** Every file below the folder with its size. */
function listing(path = folder): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const own = join(path, entry.name);
    return entry.isDirectory() ? [`${own}/`, ...listing(own)] : [`${own} ${statSync(own).size} ${statSync(own).mtimeMs}`];
  });
}

async function write(name: string, change: (sim: SimulatedCube) => HduSpec[]): Promise<string> {
  return writeFitsFile(join(folder, name), change(simulated));
}

const without = (key: string) => (sim: SimulatedCube): HduSpec[] => cubeHdus(sim).map((hdu) => ({ ...hdu, cards: (hdu.cards ?? []).filter((card) => card.key !== key) }));

/** What measure says when it refuses. */
async function refusalOf(asked: Asked): Promise<string> {
  const refused = await measureGalaxy({ ...requestOf(asked), reporter: createReporter({ quiet: true }) }).then(() => 'nothing', (error: unknown) => {
    if (isZgradError(error)) return error.message;
    throw error;
  });
  return refused;
}

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const occupied = (name: string, files: Readonly<Record<string, string>>): string => {
  const out = join(folder, name);
  mkdirSync(out);
  for (const [own, text] of Object.entries(files)) writeFileSync(join(out, own), text);
  return out;
};

/** An image of 20 × 20 pixels of 1″. */
const image = (name: string, cards: Card[]): Promise<string> => writeFitsFile(join(folder, `${name}.fits`), [{ kind: 'image', axes: [20, 20], data: new Float32Array(400).fill(1), cards }]);
/** Its coordinates: on the cube, or so many degrees north of it. */
const here = (north = 0): Card[] => {
  const [ra, dec] = simulated.settings.position;
  return celestialCards({ ...simulated.wcs.celestial!, referenceValue: [ra, dec + north], referencePixel: [10, 10], matrix: [-1 / 3600, 0, 0, 1 / 3600] });
};

describe('a plan refuses what measure refuses, in its words, and writes nothing:', () => {
  const cases: readonly (readonly [string, () => Asked | Promise<Asked>])[] = [
    ['a missing file', () => ({ files: [join(folder, 'nowhere.fits')] })],
    ['a file that is not FITS', () => ({ files: [file('text.fits', 'This is not a FITS file.'.repeat(200))] })],
    ['a truncated cube', () => {
      writeFileSync(join(folder, 'cut.fits'), readFileSync(cube).subarray(0, 400_000));
      return { files: [join(folder, 'cut.fits')] };
    }],
    ['a cube without variance', async () => ({ files: [await write('novar.fits', (sim) => cubeHdus(sim).slice(0, 2))] })],
    ['a wavelength axis without a unit', async () => ({ files: [await write('nounit.fits', without('CUNIT3'))] })],
    ['a cube without coordinates', async () => ({ files: [await write('nowcs.fits', without('CTYPE1'))] })],
    ['an unknown key', () => ({ keys: { 'gradient.drawz': 100 } })],
    ['a value of the wrong kind', () => ({ keys: { 'lines.minEW': 'much' } })],
    ['no redshift', () => ({ keys: { redshift: undefined } })],
    ['a redshift that puts Hα outside the cube', () => ({ keys: { redshift: 0.4 } })],
    ['a redshift that gives no distance', () => ({ keys: { redshift: -0.001, distance: undefined } })],
    ['an unknown calibration', () => ({ keys: { 'abundance.default': 'N2S2Hx' } })],
    ['a library that is not installed', () => ({ keys: { continuum: { method: 'ssp', templates: 'nowhere' } } })],
    ['a range that library and data do not share', () => ({ keys: { continuum: { method: 'ssp', templates: 'synthetic', range: [3600, 4700] } } })],
    ['a mask that is not there', () => ({ keys: { mask: join(folder, 'nomask.reg') } })],
    ['a mask of another size', async () => ({ keys: { mask: await writeFitsFile(join(folder, 'mask.fits'), [{ kind: 'image', axes: [3, 3], data: new Float32Array(9) }]) } })],
    ['bins that are not there', () => ({ keys: { 'binning.map': join(folder, 'nobins.fits') } })],
    ['bins of another size', async () => ({ keys: { 'binning.map': await writeFitsFile(join(folder, 'bins.fits'), [{ kind: 'image', axes: [3, 3], data: new Float32Array(9) }]) } })],
    ['bins that are no integers', async () => ({ keys: { 'binning.map': await writeFitsFile(join(folder, 'halves.fits'), [{ kind: 'image', axes: [14, 14], data: new Float32Array(14 * 14).fill(1.5) }]) } })],
    ['a dust map that is not there', () => ({ keys: { foreground: { dustMap: join(folder, 'nodust') } } })],
    ['a reference image that is not there', () => ({ keys: { reference: { images: { r: join(folder, 'noimage.fits') } } } })],
    ['a reference image that is not FITS', () => ({ keys: { reference: { images: { r: file('image.txt', 'This is not a FITS file.'.repeat(200)) } } } })],
    ['a reference image without coordinates', async () => ({ keys: { reference: { images: { r: await image('nowhere-r', []) } } } })],
    ['a reference image without a zero point', async () => ({ keys: { reference: { images: { r: await image('nozero', here()) } } } })],
    ['a reference image of another field', async () => ({ keys: { reference: { zeroPoint: 25, images: { r: await image('elsewhere', here(0.1)) } } } })],
    ['a reference image in a band without a curve', async () => ({ keys: { reference: { zeroPoint: 25, images: { V: await image('band', here()) } } } })],
    ['no reference image', () => ({ keys: { reference: { images: {} } } })],
    ['a dust map of another projection', async () => {
      mkdirSync(join(folder, 'dust'));
      for (const name of Object.values(dustMapFiles)) await image(join('dust', name.replace('.fits', '')), here());
      return { keys: { foreground: { dustMap: join(folder, 'dust') } } };
    }],
    // The lock of a process that runs: the one that started this test's.
    ['a run directory in which another run is at work', () => ({ out: occupied('busy', { '.lock': `${process.ppid} ${hostname()} -\n` }) })],
    ['a centre outside the field', () => ({ keys: { 'geometry.center': undefined, geometry: { centerPixel: [99, 3], positionAngle: 30, ellipticity: 0.28 } } })],
    ['a run directory that is a file', () => ({ out: file('plain', 'text') })],
    ['a run directory of something else', () => ({ out: occupied('foreign', { 'thesis.tex': 'text' }) })],
    ['a run directory of another galaxy', () => ({ out: occupied('other', { 'run.json': '{"key": "1", "galaxy": "2"}' }) })],
    ['maps that are not there', () => ({ entry: 'maps', files: [join(folder, 'nomaps.csv')] })],
    ['maps without Hα', () => ({ entry: 'maps', files: [file('noha.csv', 'x,y,flux_Hb,flux_Hb_err\n0,0,1,0.1\n1,0,1,0.1\n0,1,1,0.1\n')] })],
  ];

  it.each(cases)('%s', async (_, ask) => {
    const asked = await ask();
    const before = listing();
    const plan = await planOf(asked);
    expect(listing()).toEqual(before);
    const refused = await refusalOf(asked);
    expect(refused).not.toBe('nothing');
    expect(plan.problems[0]?.message).toBe(refused);
    expect(plan.exitStatus).toBe(2);
    expect(planText(plan)).toContain(`refused: ${refused}`);
  });

  it('several at once, each told', async () => {
    const { problems } = await planOf({
      files: [join(folder, 'one.fits'), join(folder, 'two.fits')], out: join(folder, 'foreign'),
      keys: { 'gradient.drawz': 1, 'lines.minEW': 'much', 'abundance.default': 'N2S2Hx', continuum: { method: 'ssp', templates: 'nowhere' } },
    });
    const said = problems.map(({ message }) => message).join('\n');
    for (const part of ['gradient.drawz', 'lines.minEW', 'N2S2Hx', 'no library nowhere', 'one.fits', 'two.fits', 'not a zgrad run']) expect(said).toContain(part);
    expect(problems.length).toBe(7);
  });

  it('every part of a geometry that line maps cannot give', async () => {
    const maps = file('maps.csv', `x,y,flux_Ha,flux_Ha_err\n${Array.from({ length: 9 }, (_, i) => `${i % 3},${Math.floor(i / 3)},10,1`).join('\n')}\n`);
    const keys = { 'maps.pixelScale': 0.5, 'maps.fluxUnit': '1e-17 erg/s/cm2', geometry: undefined, effectiveRadius: undefined };
    const asked = { entry: 'maps', files: [maps], keys } as const;
    const { problems } = await planOf(asked);
    expect(problems.map(({ message }) => message.split(':')[0])).toEqual(['geometry.positionAngle', 'geometry.ellipticity', 'effectiveRadius']);
    expect(problems[0]!.message).toBe(await refusalOf(asked));
  });
});

describe('a plan', () => {
  it('says nothing against a galaxy that can be measured, and what the data hold', async () => {
    const before = listing();
    const plan = await planOf({});
    expect(plan).toMatchObject({ exitStatus: 0, problems: [], data: { instrument: 'MUSE', nx: 14, ny: 14 }, templates: { method: 'local' }, predicted: { inMemory: true, disk: { scratch: 0 } } });
    expect(plan.data!.spaxels).toBeGreaterThan(100);
    expect(plan.lines.map(({ name }) => name)).toEqual(['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731']);
    expect(plan.lines.every(({ covered, sky }) => covered && sky === null)).toBe(true);
    expect(planText(plan)).toMatch(/nothing stands against it$/);
    expect(listing()).toEqual(before);
    expect(existsSync(plan.out)).toBe(false);
  });

  it('warns of lines that the data do not hold or that fall on the sky, and of a library coarser than the data', async () => {
    const short = await planOf({ keys: { 'cube.range': [6300, 6750] } });
    expect(short.lines.find(({ name }) => name === 'Hb')!.covered).toBe(false);
    expect(short.warnings.join('\n')).toMatch(/not in the data: Hβ \(dust, excitation and bins\)/);
    expect(short.exitStatus).toBe(0);
    // [S II] 6716 falls on the O2 B band.
    const sky = await planOf({ files: [await writeFitsFile(join(folder, 'far.fits'), cubeHdus(simulateCube({ ...small, redshift: 0.03, wavelength: { start: 4950, step: 2.5, count: 800 } })))], keys: { redshift: 0.03 } });
    expect(sky.warnings.join('\n')).toMatch(/lines fall on sky features: .*\[S II\] 6716 \(O2 B band\)/);
    const sharp = await planOf({ keys: { continuum: { method: 'ssp', templates: 'synthetic' }, 'cube.lsf': { fwhm: 2, pixel: 'before' } } });
    expect(sharp.templates).toMatchObject({ method: 'ssp', library: 'synthetic', count: 40 });
    expect(sharp.warnings.join('\n')).toMatch(/sharper than the library synthetic/);
  });

  it('takes reference images of the field and the lock of a dead run without a word', async () => {
    const ours = await image('ours', here());
    const out = occupied('left', { '.lock': `${process.pid} ${hostname()} 1\n` });
    const plan = await planOf({ out, keys: { reference: { zeroPoint: 25, images: { r: ours, 'box:5500-6500': ours } } } });
    expect(plan.problems).toEqual([]);
    expect(readdirSync(out)).toEqual(['.lock']);
  });

  it('counts the spaxels or the user\'s bins where nothing is binned adaptively', async () => {
    const alone = await planOf({ keys: { 'lines.binSN': 0, 'continuum.binSN': 0 } });
    expect(alone.bins).toMatchObject({ lines: alone.data!.spaxels, within: 1.1 });
    const map = await writeFitsFile(join(folder, 'own.fits'), [{ kind: 'image', axes: [14, 14], data: Float32Array.from({ length: 196 }, (_, s) => s % 7) }]);
    expect((await planOf({ keys: { 'binning.map': map } })).bins).toMatchObject({ lines: 6, continuum: 6, within: 1 });
  });

  it('counts on a scratch file where the memory is too little', async () => {
    const { predicted, data } = await planOf({ memory: 1e8 });
    expect(predicted).toMatchObject({ inMemory: false, disk: { scratch: data!.bytes } });
  });

  it('gains by processors and not by threads beyond them', () => {
    const config = resolveConfig(checkConfig({ redshift: 0.01 }, 'x'), 'x', []);
    const secondsOf = (workers: number): number => predict({ stars: 1000, detections: 90000, lines: 10000 }, { outline: { nx: 300, ny: 300, bytes: 2.65e9, arms: [] }, spaxels: 90000, bins: 10000, templates: 150, inMemory: 1, workers, processors: 2 }, config).seconds;
    expect(secondsOf(2)).toBeLessThan(secondsOf(1));
    expect(secondsOf(8)).toBe(secondsOf(2));
  });

  it('takes a table of galaxies row by row', async () => {
    const { plans, exitStatus } = await planGalaxies([{ name: 'good one', files: [cube], keys: {} }, { name: 'bad', files: [join(folder, 'no.fits')], keys: {} }], requestOf({ out: join(folder, 'table') }));
    expect(plans.map(({ plan }) => plan.exitStatus)).toEqual([0, 2]);
    expect(plans[0]!.plan.out).toBe(join(folder, 'table', 'good_one'));
    expect(exitStatus).toBe(2);
  });

  // Linux counts what a process has read.
  it.runIf(existsSync('/proc/self/io'))('of a cube of 2.65 GB reads less than 20 MB of it', async () => {
    const sparse = sparseCube(300, 300, 3681);
    expect(statSync(sparse).size).toBeGreaterThan(2.6e9);
    const read = (): number => Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'latin1'))![1]);
    await planOf({ keys: { 'geometry.center': undefined } });
    const before = read();
    const plan = await planOf({ files: [sparse] });
    expect(read() - before).toBeLessThan(2e7);
    expect(plan).toMatchObject({ problems: [], data: { nx: 300, ny: 300, bytes: 8 * 300 * 300 * 3681, spaxels: 0 } });
  });
});

/** A cube as MUSE's with headers and holes: it takes no room on the disk. */
function sparseCube(nx: number, ny: number, nz: number): string {
  const path = join(folder, 'sparse.fits');
  const block = 2880;
  const headerOf = (cards: readonly (readonly [string, string | number])[]): string => {
    const text = [...cards.map(([key, value]) => `${key.padEnd(8)}= ${typeof value === 'number' ? String(value).padStart(20) : key === 'SIMPLE' ? 'T'.padStart(20) : `'${value.padEnd(8)}'`}`.padEnd(80)), 'END'.padEnd(80)].join('');
    return text.padEnd(Math.ceil(text.length / block) * block);
  };
  const grid = [
    ['CTYPE1', 'RA---TAN'], ['CTYPE2', 'DEC--TAN'], ['CTYPE3', 'AWAV'], ['CUNIT1', 'deg'], ['CUNIT2', 'deg'], ['CUNIT3', 'Angstrom'], ['CRPIX1', nx / 2], ['CRPIX2', ny / 2], ['CRPIX3', 1],
    ['CRVAL1', 150.1], ['CRVAL2', -2.2], ['CRVAL3', 4750], ['CD1_1', -5.5556e-5], ['CD1_2', 0], ['CD2_1', 0], ['CD2_2', 5.5556e-5], ['CD3_3', 1.25],
  ] as const;
  const image = (name: string, unit: string): string => headerOf([
    ['XTENSION', 'IMAGE'], ['BITPIX', -32], ['NAXIS', 3], ['NAXIS1', nx], ['NAXIS2', ny], ['NAXIS3', nz], ['PCOUNT', 0], ['GCOUNT', 1], ['EXTNAME', name], ['BUNIT', unit], ...grid,
  ]);
  const data = Math.ceil((4 * nx * ny * nz) / block) * block;
  const handle = openSync(path, 'w');
  let at = 0;
  for (const part of [headerOf([['SIMPLE', 'T'], ['BITPIX', 8], ['NAXIS', 0]]), image('DATA', '10**(-20)*erg/s/cm**2/Angstrom'), null, image('STAT', '(10**(-20)*erg/s/cm**2/Angstrom)**2'), null]) {
    if (part !== null) writeSync(handle, part, at, 'latin1');
    at += part === null ? data : part.length;
  }
  ftruncateSync(handle, at);
  closeSync(handle);
  return path;
}
