import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { numbers, parseEcsv, strings } from '../../src/table/index.js';
import { temporaryFolder, withoutPictures, zgrad } from '../support/cli.js';
import { describeShared, shared } from '../support/shared.js';
import { small, writeSimulated } from './support/simulated.js';

const folder = temporaryFolder('relations');
withoutPictures();

interface RelationEntry {
  readonly x: string;
  readonly y: string;
  readonly unit: string;
  readonly n: number;
  readonly slope: number;
  readonly slopeError: number;
  readonly intercept: number;
  readonly spearman: number;
  readonly p: number;
  readonly q: number;
  readonly scatter: number;
}
interface SetEntry {
  readonly relations: readonly RelationEntry[];
  readonly partial: readonly { readonly x: string; readonly y: string; readonly given: readonly string[]; readonly n: number; readonly r: number }[];
  readonly combination: { readonly n: number; readonly gammaScan: number; readonly gamma: number; readonly spearman: number } | null;
}
interface RelationsFile extends SetEntry {
  readonly n: number;
  readonly assumptions: readonly (SetEntry & { readonly name: string })[];
  readonly subsets: readonly { readonly name: string; readonly n: number; readonly relations: readonly RelationEntry[] }[];
  readonly selection: { readonly query: string; readonly cuts: readonly { readonly before: number; readonly after: number }[] } | null;
  readonly figures: readonly { readonly name: string; readonly drawn: boolean; readonly missing: readonly string[] }[];
  readonly notes: readonly { readonly kind: string; readonly about: string; readonly message: string }[];
}

const read = (out: string): RelationsFile => JSON.parse(readFileSync(join(out, 'relations.json'), 'utf8')) as RelationsFile;
const relate = (name: string, ...args: string[]) => ({ out: join(folder, name), ...zgrad('relations', ...args, '--out', join(folder, name), '--set', 'draws=200') });
const table = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const relation = ({ relations }: { readonly relations: readonly RelationEntry[] }, x: string, y: string) => relations.find((one) => one.x === x && one.y === y)!;

describe('the published sample', () => {
  let done: ReturnType<typeof relate>;
  beforeAll(() => { done = relate('li2025', '--sample', 'li2025'); });

  it('ends with its answers, every product and the figures that the table allows; the others are named with the columns that they lack', () => {
    const { status, stdout, stderr, out } = done;
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('55 galaxies: gradient = −0.090');
    expect(stdout).toContain('velocity-classes (Fig. 5 of Li et al. 2025): velocityClass');
    const { figures } = read(out);
    const drawn = figures.filter((figure) => figure.drawn).map(({ name }) => name);
    expect(drawn).toEqual(['mass-gradient', 'mass-abundance-sfr', 'baryonic-mass', 'effective-yield', 'potential', 'partial-correlations', 'combination']);
    for (const name of drawn) for (const kind of ['svg', 'png', 'pdf']) expect(existsSync(join(out, `figures/${name}.${kind}`)), name).toBe(true);
    expect(figures.find(({ name }) => name === 'inner-outer')!.missing).toEqual(['ohInner', 'ohOuter']);
    const page = readFileSync(join(out, 'report.html'), 'utf8');
    expect(page).toContain('<title>NGC1705</title>');
    for (const text of ['Better intervals for a small sample', 'HI zero where missing', 'Not drawn', 'Literature to cite', 'Oddities of the table']) expect(page).toContain(text);
    expect(page).not.toMatch(/(?:src|href)="https?:/);
    expect(page).not.toMatch(/NaN|undefined/);
  });

  it('leaves the table that was used, with what was derived from it under both assumptions', () => {
    const sample = parseEcsv(readFileSync(join(done.out, 'sample.ecsv'), 'utf8'), 'sample.ecsv');
    expect(sample.length).toBe(55);
    expect(numbers(sample, 'logMbaryon').filter(Number.isFinite)).toHaveLength(49);
    expect(numbers(sample, 'logMbaryonHiZero').filter(Number.isFinite)).toHaveLength(55);
    expect(sample.columns.find(({ name }) => name === 'gradientKpc')!.unit).toBe('dex / kpc');
    expect(sample.columns.every(({ description }) => description)).toBe(true);
  });

  it('leaves a table that gives the same relations when it is read itself', () => {
    const { out, status, stderr } = relate('reread', join(done.out, 'sample.ecsv'));
    expect(status, stderr).toBe(0);
    for (const [x, y] of [['logMstar', 'gradient'], ['logMbaryon', 'gradient'], ['logYeff', 'gradient']] as const) {
      const [ours, theirs] = [read(out), read(done.out)].map((file) => [file, file.assumptions[0]!].map((set) => relation(set, x, y)));
      for (const k of [0, 1]) expect([ours![k]!.n, ours![k]!.slope, ours![k]!.spearman]).toEqual([theirs![k]!.n, theirs![k]!.slope, theirs![k]!.spearman]);
    }
  });

  it.each(['1', '2', '8'])('gives the same bytes again, in another directory and with %s workers', (workers) => {
    const again = relate(`li2025-${workers}`, '--sample', 'li2025', '--workers', workers);
    expect(again.status).toBe(0);
    for (const name of ['relations.json', 'sample.ecsv', 'report.html', ...readdirSync(join(done.out, 'figures')).map((file) => `figures/${file}`)]) {
      expect(readFileSync(join(again.out, name)).equals(readFileSync(join(done.out, name))), name).toBe(true);
    }
  });

  it('selects by a query, tells who was dropped and why, and sets subsets beside the whole', () => {
    const { out, status, stdout } = relate('selected', '--sample', 'li2025', '--set', 'select=distance < 10 Mpc and logMstar > 8', '--set', 'subsets=[{name: faint, query: logMstar < 8.5}]');
    expect(status).toBe(0);
    const { n, selection, subsets } = read(out);
    const dropped = parseEcsv(readFileSync(join(out, 'selection.ecsv'), 'utf8'), 'selection.ecsv');
    expect(n + dropped.length).toBe(55);
    expect(selection!.cuts.map(({ before }) => before)[0]).toBe(55);
    expect(strings(dropped, 'reason')[0]).toBe('distance = 12.21 Mpc');
    expect(stdout).toContain(`${dropped.length} galaxies dropped`);
    expect(subsets[0]!.name).toBe('faint');
    expect(relation(subsets[0]!, 'logMstar', 'gradient').n).toBe(subsets[0]!.n);
  });

  it('is not written over by another, unless asked', () => {
    const other = zgrad('relations', '--sample', 'li2025', '--out', done.out, '--seed', '2');
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('--overwrite');
  });
});

describeShared('the published sample beside the reference', () => {
  const reference = JSON.parse(readFileSync(shared('tables/li2025_reproduction.json'), 'utf8')) as Record<string, Record<string, number>>;

  it.each([
    ['logMstar_kpc', 0, 'logMstar', 'gradientKpc'], ['logMstar_Re', 0, 'logMstar', 'gradient'], ['logMbar_kpc_n55_HI0', 1, 'logMbaryon', 'gradientKpc'], ['logMbar_Re_n55_HI0', 1, 'logMbaryon', 'gradient'],
    ['logMbar_Re_n49', 0, 'logMbaryon', 'gradient'], ['logyeff_pub_n49', 0, 'logYeff', 'gradient'], ['logyeff_recomputed_n55_HI0', 1, 'logYeff', 'gradient'], ['phi_Re', 0, 'potential', 'gradient'],
  ] as const)('relations.json has the numbers of %s to 1e-5', (key, set, x, y) => {
    const file = read(join(folder, 'li2025'));
    const ours = relation(set === 0 ? file : file.assumptions[0]!, x, y);
    const { n, slope, intercept, spearman, p, scatter_std: scatter } = reference[key]!;
    expect(ours.n).toBe(n);
    for (const [a, b] of [[ours.slope, slope], [ours.intercept, intercept], [ours.spearman, spearman], [ours.scatter, scatter]]) expect(Math.abs(a! - b!)).toBeLessThan(1e-5);
    expect(ours.p / p!).toBeCloseTo(1, 5);
  });

  it('relations.json has the partial correlations and γ to 1e-5', () => {
    const file = read(join(folder, 'li2025'));
    const partial = reference['partial_spearman_given_logMstar']!;
    const of = (x: string, set: SetEntry = file) => set.partial.find((one) => one.x === x && one.y === 'gradient')!.r;
    expect(of('logYeff')).toBeCloseTo(partial['yeff_pub_n49']!, 5);
    expect(of('logMbaryon', file.assumptions[0]!)).toBeCloseTo(partial['Mbar_n55']!, 5);
    expect(file.combination).toMatchObject({ n: 49, gammaScan: 1.1 });
    expect(file.combination!.gamma).toBeCloseTo(1.0955678, 5);
    expect(file.combination!.spearman).toBeCloseTo(-0.674575, 5);
  });

  it('counts neighbours in a catalogue with its own names of columns', () => {
    const { out, status, stderr } = relate('neighbours', '--sample', 'li2025', '--set', `environment={catalogue: ${shared('data/galaxy_lists/NGC.csv')}, window: 500 km/s, columns: {velocity: RadVel}}`);
    expect(status, stderr).toBe(0);
    const file = read(out);
    expect(relation(file, 'density', 'gradient').n).toBeGreaterThan(50);
    expect(file.figures.find(({ name }) => name === 'density')!.drawn).toBe(true);
  });

  it('counts only the neighbours that a query on the catalogue leaves', () => {
    const density = (name: string, select: string): Float64Array => {
      const { out, status, stderr } = relate(name, '--sample', 'li2025', '--set', `environment={catalogue: ${shared('data/galaxy_lists/NGC.csv')}, window: 500 km/s, columns: {velocity: RadVel}${select}}`);
      expect(status, stderr).toBe(0);
      return numbers(parseEcsv(readFileSync(join(out, 'sample.ecsv'), 'utf8'), 'sample.ecsv'), 'density');
    };
    const [all, galaxies] = [density('among-all', ''), density('among-galaxies', ', select: Type = G')];
    // Clusters and nebulae of the catalogue have velocities too: without them no neighbour is nearer, and some are farther.
    galaxies.forEach((value, i) => expect(Number.isNaN(value) || value <= all[i]! + 1e-9).toBe(true));
    expect(galaxies.some((value, i) => value < all[i]! - 1e-6)).toBe(true);
  });
});

describe('runs and a table', () => {
  const runs = join(folder, 'runs');
  const runNames = ['First_galaxy', 'Second_galaxy'];
  const masses = () => table('masses.csv', 'galaxy,log_mass,re_kpc,gradient,gradient_err,sfr [Msun/yr]\nM 1,8.1,0.6,0.10,0.02,0.1\nM2,8.4,0.7,0.02,0.01,0.2\nM3,8.8,1.1,-0.05,0.02,0.3\nM4,9.1,1.5,-0.11,0.01,0.5\nfirst galaxy,8.9,,,,\nSECOND GALAXY,8.2,,,,\n');

  beforeAll(async () => {
    const rows: string[] = [];
    for (const [i, object] of ['First galaxy', 'Second galaxy'].entries()) {
      await writeSimulated(folder, `galaxy-${i}`, { ...small, object, seed: i + 1, psf: { fwhm: 1.2 }, oxygen: { slope: -0.1 - 0.1 * i } });
      rows.push(`${object},galaxy-${i}.fits`);
    }
    const { status, stderr } = zgrad('measure', '--galaxies', table('galaxies.csv', `object,files\n${rows.join('\n')}\n`), '--out', runs, '--config', join(folder, 'galaxy-0.yaml'), '--quiet');
    expect(status, stderr).toBe(0);
  });

  it('are joined by the names of the galaxies: gradients of the runs, masses of the table', () => {
    const { out, status, stderr } = relate('joined', runs, masses());
    expect(status, stderr).toBe(0);
    const file = read(out);
    expect(file.n).toBe(6);
    const sample = parseEcsv(readFileSync(join(out, 'sample.ecsv'), 'utf8'), 'sample.ecsv');
    expect(strings(sample, 'object').slice(0, 2)).toEqual(['First galaxy', 'Second galaxy']);
    for (const [i, mass] of [8.9, 8.2].entries()) {
      const { gradients } = JSON.parse(readFileSync(join(runs, runNames[i]!, 'gradient.json'), 'utf8')) as { gradients: { slope: number }[] };
      expect(numbers(sample, 'gradient')[i]).toBe(gradients[0]!.slope);
      expect(numbers(sample, 'logMstar')[i]).toBe(mass);
    }
    expect(numbers(sample, 'logSfr')[2]).toBeCloseTo(-1, 9);
    expect(relation(file, 'logMstar', 'gradient').n).toBe(6);
  });

  it.each([['the runs', false, true], ['galaxies.ecsv', true, false], ['both', true, true]])('are selected by what the paper selects by: %s', (name, asTable, asRuns) => {
    const inputs = [...(asRuns ? [runs] : []), ...(asTable ? [join(runs, 'galaxies.ecsv')] : []), masses()];
    const { out, stderr } = relate(`selected-${name}`, ...inputs, '--set', 'select=coverage >= 1 and starFormingBins >= 10 and starFormingRegions >= 1 and radialRange > 0.5 and distance > 1 Mpc');
    expect(stderr).not.toContain('is missing');
    const sample = parseEcsv(readFileSync(join(out, 'sample.ecsv'), 'utf8'), 'sample.ecsv');
    expect(strings(sample, 'object')).toEqual(['First galaxy', 'Second galaxy']);
    for (const [i, run] of runNames.entries()) {
      const { gradients, extent, geometry } = JSON.parse(readFileSync(join(runs, run, 'gradient.json'), 'utf8')) as {
        gradients: { slope: number; slopeError: number; range: [number, number] }[]; extent: { coverage: number; starFormingRegions: number }; geometry: { effectiveRadiusKpc: number };
      };
      const [first, perKpc] = [gradients[0]!, gradients[1]!];
      expect(['gradient', 'gradientError', 'gradientKpc', 'coverage', 'starFormingRegions', 'effectiveRadius', 'radialRange'].map((column) => numbers(sample, column)[i])).toEqual([
        first.slope, first.slopeError, perKpc.slope, extent.coverage, extent.starFormingRegions, geometry.effectiveRadiusKpc, first.range[1] - first.range[0],
      ]);
      // A field of 14 spaxels of 0.8″ reaches 1.4 R_e along its axes, further towards its corners.
      expect(extent.coverage).toBeGreaterThan(1.1);
      expect(extent.coverage).toBeLessThan(2);
    }
    const dropped = parseEcsv(readFileSync(join(out, 'selection.ecsv'), 'utf8'), 'selection.ecsv');
    expect(strings(dropped, 'reason')[0]).toBe('coverage is missing');
  });

  it('go on without a run that cannot be read, which is told of, with status 1', () => {
    mkdirSync(join(folder, 'broken/run'), { recursive: true });
    writeFileSync(join(folder, 'broken/run/gradient.json'), '{"object": "x",');
    writeFileSync(join(folder, 'broken/run/run.json'), '{}');
    const { out, status, stderr } = relate('without', join(folder, 'broken'), masses());
    expect(status).toBe(1);
    expect(stderr).toMatch(/gradient\.json: found .*; expected JSON as zgrad measure writes it/);
    expect(read(out).n).toBe(6);
  });
});

describe('bad input', () => {
  const good = 'A,8,0.1,8\nB,8.2,0.05,8.1\nC,8.5,0,8.2\nD,9,-0.1,8.1\nE,9.2,-0.12,8.3\nF,9.3,-0.2,8.2\n';

  it.each([
    ['a galaxy twice', `galaxy,logMstar,gradient,oh\n${good}a,8.1,0.2,8\n`, /'a' of row 7 is already in row 1 \('A'\); the first row is used/, 6],
    ['a unit that does not fit', `galaxy,logMstar,gradient,oh [kpc]\n${good}`, /column 'oh \[kpc\]' is in 'kpc', which is no unit of oh \[dex\]; it is left out/, 6],
    ['numbers that are none', `galaxy,logMstar,gradient,oh\n${good}G,9.4,inf,nan\n`, /1 of 7 values of 'gradient' are infinite or placeholders/, 6],
    ['a column of one value', `galaxy,logMstar,gradient,oh\n${good.replaceAll(/,8[.\d]*\n/g, ',8\n')}`, /gradient of oh: every oh is the same, nothing can be said/, 6],
  ])('%s is told and the rest is done', (name, text, message, n) => {
    const { out, status, stderr } = relate(name.replaceAll(' ', '-'), table(`${name.replaceAll(' ', '-')}.csv`, text));
    expect(stderr).toMatch(message);
    expect(status).toBe(0);
    expect(relation(read(out), 'logMstar', 'gradient').n).toBe(n);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('Warnings');
  });

  it('a missing column is named with the nearest one', () => {
    const { out, status, stderr } = relate('missing', table('missing.csv', `galaxy,lgMstarr,gradient,oh\n${good}`));
    expect(status).toBe(0);
    expect(stderr).toContain("No column 'logMstar'. Is it 'lgMstarr'? Rename it to 'logMstar'.");
    expect(relation(read(out), 'oh', 'gradient').n).toBe(6);
    const named = relate('named', join(folder, 'missing.csv'), '--set', 'columns={logMstar: lgMstarr}');
    expect(relation(read(named.out), 'logMstar', 'gradient').n).toBe(6);
  });

  it('a galaxy with a gradient in two inputs is told, and which is used', () => {
    const { out, status, stderr } = relate('twice', '--sample', 'li2025', table('twice.csv', 'galaxy,logMstar,gradient\nNGC 1796,9,0.3\nMine,8,0.1\n'));
    expect(status).toBe(0);
    expect(stderr).toContain('1 galaxy has a gradient in more than one input (NGC 1796): the first value of every column is used');
    expect(relation(read(out), 'logMstar', 'gradient').n).toBe(56);
  });

  it('fewer than five galaxies have no statistics: everything is written, with status 3', () => {
    const { out, status, stderr } = relate('few', table('few.csv', 'galaxy,logMstar,gradient\nA,8,0.1\nB,8.2,0.05\nC,8.5,0\n'));
    expect(status).toBe(3);
    expect(stderr).toContain('3 galaxies are too few for statistics, which need 5');
    expect(read(out).relations).toEqual([]);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('answer refused');
  });

  it.each([
    ['no such file', ['nosuch.csv'], 2, /nosuch\.csv: found no readable file/],
    ['a file that is no table', ['binary'], 1, /found a binary file; expected a table/],
    ['a table without rows', ['empty.csv'], 1, /found no rows/],
    ['a directory that is no run', ['.'], 2, /without gradient\.json/],
    ['nothing at all', [], 2, /found neither a table nor a run/],
    ['an unknown key', ['--sample', 'li2025', '--set', 'subset=3'], 2, /Did you mean subsets\?/],
    ['an unknown key in a list', ['--sample', 'li2025', '--set', 'subsets=[{nam: x, query: a}]'], 2, /subsets\.nam: found an unknown key.*subsets\.name/],
    ['an unknown column in a query', ['--sample', 'li2025', '--set', 'select=logMsta > 8'], 2, /found no column 'logMsta'.*Did you mean 'logMstar'\?/],
    ['a wrong unit in the configuration', ['--sample', 'li2025', '--set', 'environment={catalogue: x.csv, window: 5 kpc}'], 2, /environment\.window: found '5 kpc'/],
    ['an unknown calibration', ['--sample', 'li2025', '--set', 'calibration=N2S2'], 2, /Did you mean N2S2Ha\?/],
    ['a column that the table does not have', ['few.csv', '--set', 'columns={oh: metal}'], 2, /columns\.oh: found 'metal'/],
  ] as const)('%s ends with one clear message', (_name, args, wanted, message) => {
    const bad = join(folder, 'bad');
    mkdirSync(join(bad, 'o'), { recursive: true });
    writeFileSync(join(bad, 'binary'), Uint8Array.from({ length: 500 }, (_, i) => (i * 37) % 256));
    writeFileSync(join(bad, 'empty.csv'), 'galaxy,logMstar,gradient\n');
    writeFileSync(join(bad, 'few.csv'), 'galaxy,logMstar,gradient\nA,8,0.1\n');
    const { status, stderr } = zgrad('relations', ...args.map((arg) => (/^(?:\.|binary|.*\.csv)$/.test(arg) ? join(bad, arg) : arg)), '--out', join(folder, 'unwritten'));
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(wanted);
    expect(existsSync(join(folder, 'unwritten/relations.json'))).toBe(false);
  });
});
