import { describe, expect, it } from 'vitest';
import { deriveProperties, joinSamples, measureRelations, objectsOf, readSample, valuesOf, wordsOf } from '../../src/sample/index.js';
import { makeTable, parseCsv, type Column } from '../../src/table/index.js';

const column = (name: string, values: readonly number[] | readonly string[], unit: string | null = null): Column => ({
  name, unit, description: null, values: typeof values[0] === 'string' ? (values as string[]) : Float64Array.from(values as number[]),
});
const sampleOf = (...columns: Column[]) => readSample(makeTable(columns), 'my.csv');
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const messages = (sample: ReturnType<typeof sampleOf>, kind: string) => sample.notes.filter((note) => note.kind === kind).map(({ message }) => message);

describe('a table of galaxies', () => {
  it('is found under common names, with units from columns and from the ends of names', () => {
    const sample = readSample(parseCsv([
      'Galaxy,RAJ2000,DEJ2000,z,dist_kpc,Re_arcsec,mass [Msun],e_logSFR,SFR,12+log(O/H),grad_re,grad_re_err',
      'A 1,05:00:00,-30 30 00,0.002,10000,20,1e9,0.1,0.1,8.2,-0.1,0.01', 'B 2,10.5,2,0.003,20000,10,2e9,0.2,0.2,8.3,-0.2,0.02',
    ].join('\n'), 'my.csv'), 'my.csv');
    expect(objectsOf(sample)).toEqual(['A 1', 'B 2']);
    const first = (name: string) => valuesOf(sample, name)![0]!;
    expect(first('ra')).toBe(75);
    expect(first('dec')).toBe(-30.5);
    expect(first('distance')).toBeCloseTo(10, 12);
    expect(first('effectiveRadius')).toBeCloseTo((20 / 206264.80624709636) * 10000 / 1.002 ** 2, 12);
    expect(first('logMstar')).toBeCloseTo(9, 12);
    expect(first('logSfr')).toBeCloseTo(-1, 12);
    expect(first('logSfrError')).toBe(0.1);
    expect(first('oh')).toBe(8.2);
    expect(first('gradient')).toBe(-0.1);
    expect(first('gradientError')).toBe(0.01);
  });

  it('turns quantities into logarithms and their errors with them', () => {
    const sample = sampleOf(column('object', names), column('logMstar', names.map(() => 2e9), 'solMass'), column('logMstar_err', names.map(() => 2e8), 'solMass'));
    expect(valuesOf(sample, 'logMstar')![0]).toBeCloseTo(Math.log10(2e9), 12);
    expect(valuesOf(sample, 'logMstarError')![0]).toBeCloseTo(0.1 / Math.LN10, 12);
  });

  it('knows a mass that is a logarithm, and one in other units', () => {
    const sample = sampleOf(column('object', names), column('mass', [8, 9, 10, 9, 8, 9]), column('log_mhi', names.map(() => 39), 'log(kg)'));
    expect(valuesOf(sample, 'logMstar')![1]).toBe(9);
    expect(messages(sample, 'unit')[0]).toContain('taken as logarithms');
    expect(valuesOf(sample, 'logMhi')![0]).toBeCloseTo(39 - Math.log10(1.988409870698051e30), 6);
  });

  it('leaves out a column whose unit does not fit and goes on', () => {
    const sample = sampleOf(column('object', names), column('distance', [1, 2, 3, 4, 5, 6], 'km/s'), column('logMstar', [7, 8, 9, 7, 8, 9], 'dex'));
    expect(messages(sample, 'unit')).toEqual(["my.csv: column 'distance' is in 'km/s', which is no unit of distance [Mpc]; it is left out."]);
    expect(valuesOf(sample, 'distance')).toBeNull();
    expect(valuesOf(sample, 'logMstar')).not.toBeNull();
  });

  it('tells gradients per R_e from gradients per kpc, and has both when sizes are known', () => {
    const sample = sampleOf(column('object', names), column('gradient', names.map(() => -0.1), 'dex/kpc'), column('gradient_err', names.map(() => 0.01), 'dex/kpc'), column('effectiveRadius', names.map(() => 2000), 'pc'));
    expect(valuesOf(sample, 'gradient')).toBeNull();
    const derived = deriveProperties(sample);
    expect(valuesOf(derived, 'gradientKpc')![0]).toBe(-0.1);
    expect(valuesOf(derived, 'gradient')![0]).toBeCloseTo(-0.2, 12);
    expect(valuesOf(derived, 'gradientError')![0]).toBeCloseTo(0.02, 12);
  });

  it('keeps the first row of a galaxy that is there twice, however its name is written', () => {
    const sample = sampleOf(column('object', ['NGC 59', 'b', 'ngc0059', 'd', 'e', 'f']), column('oh', [1, 2, 3, 4, 5, 6]));
    expect(objectsOf(sample)).toEqual(['NGC 59', 'b', 'd', 'e', 'f']);
    expect(Array.from(valuesOf(sample, 'oh')!)).toEqual([1, 2, 4, 5, 6]);
    expect(messages(sample, 'duplicate')).toEqual(["my.csv: 'ngc0059' of row 3 is already in row 1 ('NGC 59'); the first row is used."]);
  });

  it('notes two galaxies at one place, columns that mean the same, text among numbers, placeholders, and too few galaxies', () => {
    const sample = sampleOf(
      column('object', ['a', 'b', 'c']), column('ra', [10, 10, 12]), column('dec', [5, 5.0001, 5]), column('mass', ['1e9', 'big', '-']), column('logMstar', [9, 9, 9]), column('oh', [8, -99.9, Infinity]),
    );
    expect(messages(sample, 'position')[0]).toContain("'a' and 'b' share one position");
    expect(messages(sample, 'conflict')).toEqual(["my.csv: columns 'mass' and 'logMstar' both mean logMstar; 'logMstar' is used."]);
    expect(messages(sample, 'notFinite')).toEqual(["my.csv: 2 of 3 values of 'oh' are infinite or placeholders such as −99 and count as missing."]);
    expect(messages(sample, 'few')).toEqual(['my.csv: 3 galaxies are too few for statistics, which need 5.']);
    expect(messages(sampleOf(column('object', names), column('oh', ['8', '8.1', 'x', '', 'nan', '8'])), 'text')).toEqual(["my.csv: 1 of 6 entries of 'oh' are no numbers ('x') and count as missing."]);
  });

  it('takes the plainer of two names for one property: a galaxy before the source of its data', () => {
    const sample = sampleOf(column('source', ['x', 'x', 'x', 'x', 'x', 'x']), column('galaxy', names), column('re_kpc', [1, 2, 3, 4, 5, 6]), column('re', [6, 5, 4, 3, 2, 1]));
    expect(objectsOf(sample)).toEqual(names);
    expect(valuesOf(sample, 'effectiveRadius')![0]).toBe(6);
  });

  it('tells what has no logarithm, and takes a rate whose numbers are mostly negative for one', () => {
    const hydrogen = sampleOf(column('object', names), column('mhi', [1e8, 0, 1e9, -1e7, 2e8, 3e8]));
    expect(Array.from(valuesOf(hydrogen, 'logMhi')!, Number.isNaN)).toEqual([false, true, false, true, false, false]);
    expect(messages(hydrogen, 'notFinite')).toEqual(["my.csv: 2 of 6 values of 'mhi' are not above zero, have no logarithm and count as missing."]);
    const rates = sampleOf(column('object', names), column('sfr', [-1.2, -0.5, 0.1, -2, -1, -3]));
    expect(Array.from(valuesOf(rates, 'logSfr')!)).toEqual([-1.2, -0.5, 0.1, -2, -1, -3]);
    expect(messages(rates, 'unit')).toEqual(["my.csv: the numbers of 'sfr' are mostly negative and are taken as logarithms."]);
    // With a unit there is no doubt what the numbers are.
    expect(Number.isNaN(valuesOf(sampleOf(column('object', names), column('sfr', [-1, -2, -1, -1, -1, 1], 'Msun/yr')), 'logSfr')![0])).toBe(true);
  });

  it('has the gradients of galaxies.ecsv, the table that zgrad measure writes of many', () => {
    const sample = sampleOf(
      column('object', names), column('slope', [1, 2, 3, 4, 5, 6], 'dex'), column('slope_err', [1, 1, 1, 1, 1, 2], 'dex'), column('slope_block_err', [9, 9, 9, 9, 9, 9], 'dex'), column('slope_kpc', [3, 2, 1, 4, 5, 6], 'dex / kpc'),
    );
    expect(['gradient', 'gradientError', 'gradientKpc'].map((name) => valuesOf(sample, name)?.[5])).toEqual([6, 2, 6]);
  });

  it('reads the minus of printed tables', () => {
    expect(valuesOf(sampleOf(column('object', names), column('dec', ['−12 30 00', '1', '2', '3', '4', '5'])), 'dec')![0]).toBe(-12.5);
    expect(valuesOf(sampleOf(column('object', names), column('gradient', ['−0.1', '0.2', '-0.3', '1e−3', '0', '1'])), 'gradient')).toEqual(Float64Array.of(-0.1, 0.2, -0.3, 0.001, 0, 1));
  });

  it("reads '---', as catalogues write it, as no unit", () => {
    expect(valuesOf(sampleOf(column('object', names), column('gradient', [1, 2, 3, 4, 5, 6], '---')), 'gradient')![1]).toBe(2);
  });

  it('calls galaxies by their rows where they have no names', () => {
    expect(objectsOf(sampleOf(column('oh', [8, 9])))).toEqual(['row 1', 'row 2']);
  });

  it('keeps columns that are not known, to select and to correlate by', () => {
    const sample = sampleOf(column('object', names), column('spin', [1, 2, 3, 4, 5, 6]), column('bar', ['y', 'n', 'y', 'n', 'y', 'n']));
    expect(valuesOf(sample, 'spin')![2]).toBe(3);
    expect(wordsOf(sample, 'bar')![1]).toBe('n');
  });

  const slope = (unit: string | null, description: string | null, ...beside: Column[]) => readSample(makeTable([
    column('object', names), { name: 'slope', unit, description, values: Float64Array.of(-0.1, 0.1, 0.2, 0.3, 0.4, 0.5) }, { name: 'slope_err', unit, description: null, values: new Float64Array(6).fill(0.01) }, ...beside,
  ]));

  it.each([
    ['the description', 'dex', 'gradient of 12+log(O/H) per effective radius', 'gradient'], ['the unit', 'dex/Re', null, 'gradient'], ['the description', 'dex', 'slope [dex/kpc]', 'gradientKpc'],
    ['the unit', 'dex / kpc', null, 'gradientKpc'], ['the unit', '1/kpc', null, 'gradientKpc'],
  ] as const)('knows of a slope what it is by %s (%s, %s)', (_by, unit, description, property) => {
    const sample = slope(unit, description);
    expect([valuesOf(sample, property)![0], valuesOf(sample, `${property}Error`)![0]]).toEqual([-0.1, 0.01]);
    expect(valuesOf(sample, property === 'gradient' ? 'gradientKpc' : 'gradient')).toBeNull();
  });

  it('knows of a slope what it is by one per kpc beside it, and leaves one that nothing is said of', () => {
    const both = slope('dex', null, column('slope_kpc', [-0.2, 0.2, 0.4, 0.6, 0.8, 1]));
    expect([valuesOf(both, 'gradient')![0], valuesOf(both, 'gradientKpc')![0]]).toEqual([-0.1, -0.2]);
    expect(valuesOf(slope(null, 'of the initial mass function'), 'gradient')).toBeNull();
  });

  it('turns a slope per arcsec into one per kpc where distances are known', () => {
    const far = slope('dex/arcsec', null, column('distance', [10, 10, 10, 10, 10, 10]));
    const kpc = 10_000 / 206264.80624709636;
    expect(valuesOf(far, 'gradientKpc')![0]).toBeCloseTo(-0.1 / kpc, 12);
    expect(valuesOf(far, 'gradientKpcError')![0]).toBeCloseTo(0.01 / kpc, 12);
    expect(slope('dex/arcsec', null).notes.map(({ message }) => message)).toContain('Gradients are given per arcsec, but no distances: they cannot be compared.');
  });

  it('leaves out gas masses that rest on an assumption of the run', () => {
    const sample = sampleOf(column('object', names), column('log_mgas', [8, 8, 8, 8, 8, 8]), column('assumption', ['', 'M_HI = 0', '', '', '', '']));
    expect(Array.from(valuesOf(sample, 'logMgas')!)).toEqual([8, NaN, 8, 8, 8, 8]);
    expect(sample.notes.find(({ kind }) => kind === 'assumption')!.message).toContain('gas masses, baryonic masses and yields of 1 galaxies');
  });

  it('that gives yields says so where another normalisation is asked for', () => {
    const sample = sampleOf(column('object', names), column('log_yeff', [-2, -3, -2, -3, -2, -3]));
    expect(deriveProperties(sample, { normalisation: 'PS11' }).notes.at(-1)!.message).toMatch(/6 yields are used as the table gives them, .*; PS11 is that of the computed ones/);
    expect(deriveProperties(sample).notes).toEqual(sample.notes);
  });

  it('that lacks a column says which of its own may be meant', () => {
    const sample = sampleOf(column('object', names), column('gradient', [1, 2, 3, 4, 5, 7]), column('logMstra', [1, 2, 3, 4, 5, 6]));
    expect(measureRelations(sample, { draws: 20 }).notes.find(({ about }) => about === 'logMstar')!.message).toBe("No column 'logMstar'. Is it 'logMstra'? Rename it to 'logMstar'.");
    const nearest = (name: string) => measureRelations(sampleOf(column('object', names), column('gradient', [1, 2, 3, 4, 5, 7]), column(name, [1, 2, 3, 4, 5, 6])), { draws: 20 }).notes.find(({ about }) => about === 'logMstar')!.message;
    expect(nearest('lg_stelar_mas')).toContain("Is it 'lg_stelar_mas'?");
    const asked = measureRelations(sampleOf(column('object', names), column('gradient', [1, 2, 3, 4, 5, 7]), column('oh', [1, 2, 3, 4, 5, 6])), { draws: 20, properties: ['ohh'] });
    expect(asked.notes.find(({ about }) => about === 'ohh')!.message).toBe("No column 'ohh'. Is it 'oh'?");
    expect(nearest('rotation')).toBe("No column 'logMstar'.");
  });
});

describe('what cannot be said of a sample is told once', () => {
  const messagesOf = (sample: ReturnType<typeof sampleOf>) => measureRelations(sample, { draws: 20, properties: ['logMstar', 'oh', 'logSfr'] }).notes.map(({ message }) => message);

  it('where it has too few galaxies', () => {
    const sample = sampleOf(column('object', names.slice(0, 4)), column('gradient', [1, 2, 3, 4]), column('logMstar', [8, 9, 10, 9]), column('oh', [8.1, 8.2, 8.3, 8.4]), column('logSfr', [-1, -2, -1, 0]));
    expect(messagesOf(sample).filter((message) => /galax/.test(message))).toEqual(['my.csv: 4 galaxies are too few for statistics, which need 5.']);
  });

  it('where every mass is the same, and with the number of galaxies as it is', () => {
    const sample = sampleOf(column('object', names), column('gradient', [1, 2, 3, 4, 5, 7]), column('logMstar', [9, 9, 9, 9, 9, 9]), column('oh', [8.1, NaN, NaN, NaN, NaN, NaN]), column('logSfr', [-1, -2, -1, 0, 1, 2]));
    const told = messagesOf(sample);
    expect(told.filter((message) => message.includes('Residual'))).toEqual([]);
    expect(told).toContain('gradient of logMstar: every logMstar is the same, nothing can be said.');
    expect(told).toContain('gradient of oh: 1 galaxy has both, 5 are needed.');
  });
});

describe('samples joined', () => {
  it('take both forms of a gradient, with their errors, from one input, and do not match galaxies without a name', () => {
    const runs = sampleOf(column('object', ['NGC1796', '']), column('gradient', [-0.09, 0.1]), column('gradientError', [0.02, 0.02]));
    const table = sampleOf(column('object', ['NGC1796', '']), column('gradientKpc', [-0.3, -0.4]), column('gradientKpcError', [0.1, 0.1]));
    const joined = joinSamples(runs, table);
    expect(objectsOf(joined)).toEqual(['NGC1796', '', '']);
    expect(Array.from(valuesOf(joined, 'gradient')!)).toEqual([-0.09, 0.1, NaN]);
    expect(Array.from(valuesOf(joined, 'gradientKpc')!)).toEqual([NaN, NaN, -0.4]);
    expect(Array.from(valuesOf(joined, 'gradientKpcError')!)).toEqual([NaN, NaN, 0.1]);
  });

  it('keep what a run measured, take the rest from the table, and keep galaxies of one alone', () => {
    const runs = sampleOf(column('object', ['NGC1705', 'x']), column('oh', [8.1, 8.2]), column('ohError', [NaN, 0.02]), column('gradient', [NaN, -0.1]));
    const table = sampleOf(column('object', ['y', 'ngc 1705']), column('oh', [8.5, 8.6]), column('ohError', [0.1, 0.2]), column('gradient', [-0.3, -0.4]), column('environment', ['field', 'cluster']));
    const joined = joinSamples(runs, table);
    expect(objectsOf(joined)).toEqual(['NGC1705', 'x', 'y']);
    expect(Array.from(valuesOf(joined, 'oh')!)).toEqual([8.1, 8.2, 8.5]);
    expect(Array.from(valuesOf(joined, 'ohError')!)).toEqual([NaN, 0.02, 0.1]);
    expect(Array.from(valuesOf(joined, 'gradient')!)).toEqual([-0.4, -0.1, -0.3]);
    expect(wordsOf(joined, 'environment')).toEqual(['cluster', '', 'field']);
  });
});
