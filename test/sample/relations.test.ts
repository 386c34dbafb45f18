import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { countBelowYield, deriveProperties, doRelationJob, li2025, measureRelations, planRelations, readSample, relationsJson, valuesOf } from '../../src/sample/index.js';
import { completeRows, fitLine, ksTwoSample, pearson, spearman } from '../../src/stats/index.js';
import { makeTable } from '../../src/table/index.js';
import { describeShared, shared } from '../support/shared.js';

const found = measureRelations(li2025, { draws: 200 });
const [measured, zero] = found.sets;
const relation = (set: typeof measured, x: string, y: string) => set.relations.find((one) => one.x === x && one.y === y)!;

describeShared('the published sample', () => {
  const reference = JSON.parse(readFileSync(shared('tables/li2025_reproduction.json'), 'utf8')) as Record<string, Record<string, number>>;

  it.each([
    ['logMstar_kpc', measured, 'logMstar', 'gradientKpc'], ['logMstar_Re', measured, 'logMstar', 'gradient'],
    ['logMbar_kpc_n55_HI0', zero!, 'logMbaryon', 'gradientKpc'], ['logMbar_Re_n55_HI0', zero!, 'logMbaryon', 'gradient'],
    ['logMbar_kpc_n49', measured, 'logMbaryon', 'gradientKpc'], ['logMbar_Re_n49', measured, 'logMbaryon', 'gradient'],
    ['logyeff_pub_n49', measured, 'logYeff', 'gradient'], ['logyeff_recomputed_n55_HI0', zero!, 'logYeff', 'gradient'], ['phi_Re', measured, 'potential', 'gradient'],
  ] as const)('gives the numbers of %s to 1e-9', (key, set, x, y) => {
    const ours = relation(set, x, y);
    const { n, slope, intercept, spearman: r, p, pearson: product, scatter_std: scatter } = reference[key]!;
    expect(ours.n).toBe(n);
    for (const [a, b] of [[ours.slope, slope], [ours.intercept, intercept], [ours.spearman, r], [ours.pearson, product], [ours.scatter, scatter]]) expect(a).toBeCloseTo(b!, 9);
    expect(ours.p / p!).toBeCloseTo(1, 6);
  });

  it('gives the mass relation of the 49 galaxies with HI and the combinations at fixed γ', () => {
    const sample = deriveProperties(li2025);
    const [mass, given, computed, hi, gradient] = ['logMstar', 'logYeff', 'logYeffComputed', 'logMhi', 'gradient'].map((name) => valuesOf(sample, name)!);
    for (const [key, gamma, extra] of [['logMstar_Re_n49', 0, given], ['mu1.15_pub_n49', 1.15, given], ['mu1.10_pub_n49', 1.1, given], ['mu1.15_recomp_n49', 1.15, computed]] as const) {
      const { columns: [x, y] } = completeRows(mass!.map((value, i) => value + gamma * extra![i]! + 0 * hi![i]!), gradient!);
      const line = fitLine(x!, y!);
      const { n, slope, intercept, spearman: r, p, pearson: product, scatter_std: scatter } = reference[key]!;
      expect(x!.length).toBe(n);
      for (const [a, b] of [[line.slope, slope], [line.intercept, intercept], [spearman(x!, y!).r, r], [pearson(x!, y!).r, product], [line.residualStd * Math.sqrt((n! - 2) / n!), scatter]]) expect(a, key).toBeCloseTo(b!, 9);
      expect(spearman(x!, y!).p / p!).toBeCloseTo(1, 6);
    }
  });

  it('gives the partial correlations and γ', () => {
    const partial = reference['partial_spearman_given_logMstar']!;
    const of = (set: typeof measured, x: string) => set.partial.find((one) => one.x === x && one.y === 'gradient')!.r;
    expect(of(measured, 'logYeff')).toBeCloseTo(partial['yeff_pub_n49']!, 9);
    expect(of(zero!, 'logYeff')).toBeCloseTo(partial['yeff_recomp_n55']!, 9);
    expect(of(measured, 'logMgas')).toBeCloseTo(partial['Mgas_n49']!, 9);
    expect(of(zero!, 'logMgas')).toBeCloseTo(partial['Mgas_n55']!, 9);
    expect(of(measured, 'logMbaryon')).toBeCloseTo(partial['Mbar_n49']!, 9);
    expect(of(zero!, 'logMbaryon')).toBeCloseTo(partial['Mbar_n55']!, 9);
    expect(of(measured, 'potential')).toBeCloseTo(partial['phi']!, 9);
    expect(of(measured, 'logSfr')).toBeCloseTo(partial['sfr']!, 9);
    expect(of(measured, 'oh')).toBeCloseTo(partial['oh']!, 9);
    const [given, computed] = measured.combinations;
    expect(given!.gamma).toBeCloseTo(1.0955677980856808, 9);
    expect(given!.gammaScan).toBe(1.1);
    expect(computed!.gamma).toBeCloseTo(1.114904665758778, 9);
    expect(computed!.gammaScan).toBe(1.11);
    expect(given!.n).toBe(49);
    expect(given!.spearman).toBeCloseTo(-0.674575234308354, 9);
    expect(given!.scatterBefore).toBeCloseTo(0.0682084914, 9);
    expect(given!.scatterAfter).toBeCloseTo(0.0610971408, 9);
  });
});

describeShared('what the paper says beyond its table', () => {
  it('follows to the digits of the reference', () => {
    const residual = (set: typeof measured, x: string, y = 'gradientResidual') => set.residuals.find((one) => one.x === x && one.y === y)!;
    const scaling = (set: typeof measured, x: string, y: string) => set.scaling.find((one) => one.x === x && one.y === y)!;
    expect(residual(measured, 'logYeff').spearman).toBeCloseTo(-0.406388, 5);
    expect(residual(measured, 'logYeff').p).toBeCloseTo(3.76e-3, 5);
    expect(residual(zero!, 'logMbaryon').spearman).toBeCloseTo(-0.108153, 6);
    expect(residual(zero!, 'logMbaryon').slope).toBeCloseTo(-0.01683, 5);
    expect(residual(measured, 'logMbaryon').spearman).toBeCloseTo(-0.211, 3);
    expect(residual(measured, 'logMbaryon').slope).toBeCloseTo(-0.0316, 4);
    expect(residual(measured, 'ohResidual', 'gradient').spearman).toBeCloseTo(-0.2387, 4);
    expect(residual(measured, 'ohResidual', 'gradient').p).toBeCloseTo(0.079, 3);
    expect(scaling(zero!, 'logMstar', 'logYeff').spearman).toBeCloseTo(0.0755, 4);
    expect(scaling(zero!, 'logMbaryon', 'logYeff').spearman).toBeCloseTo(0.3838, 4);
    expect(scaling(measured, 'logMstar', 'logYeff').spearman).toBeCloseTo(0.1376, 4);
    expect(scaling(measured, 'logMbaryon', 'logYeff').spearman).toBeCloseTo(0.446, 4);
    expect([scaling(measured, 'logMstar', 'oh').slope, scaling(measured, 'logMstar', 'oh').intercept].map((value) => value.toFixed(5))).toEqual(['0.33238', '5.28332']);
    expect([scaling(measured, 'logMstar', 'logSfr').slope, scaling(measured, 'logMstar', 'logSfr').intercept].map((value) => value.toFixed(4))).toEqual(['1.0476', '-10.3770'].map((text) => Number(text).toFixed(4)));
    const [re, kpc] = found.massBins;
    expect(re!.bins.map(({ count, x, y }) => [count, x, y])).toEqual([[11, 7.71, 0.075], [11, 8.2, -0.039], [11, 8.39, -0.018], [11, 8.74, -0.057], [11, 9.14, -0.094]]);
    expect(kpc!.bins.map(({ y }) => y.toFixed(4))).toEqual(['0.1145', '-0.0425', '-0.0170', '-0.0386', '-0.0570']);
    expect(found.sets[0].combinations[0]!.explained).toBeCloseTo(0.1988, 3);
    expect(countBelowYield(zero!.sample, 0.0035)).toEqual({ below: 41, of: 55 });
    expect(countBelowYield(measured.sample, 0.0035)).toEqual({ below: 35, of: 49 });
  });
});

/** A simulated sample: n galaxies, gradients that fall with mass, classes, and nothing missing. */
function simulated(n: number, more: Record<string, (i: number) => number | string> = {}) {
  const random = createRandom(7, 'simulated sample');
  const mass = Float64Array.from({ length: n }, () => 7 + 2.5 * random.uniform());
  const columns: Record<string, (i: number) => number | string> = {
    object: (i) => `galaxy ${i}`, logMstar: (i) => mass[i]!, oh: (i) => 5.3 + 0.33 * mass[i]! + 0.1 * random.normal(), logSfr: (i) => mass[i]! - 10 + 0.3 * random.normal(), logMhi: () => 8 + 0.4 * random.normal(),
    effectiveRadius: () => 1 + random.uniform(), gradient: (i) => 0.73 - 0.09 * mass[i]! + 0.06 * random.normal(), gradientError: () => 0.01,
    velocityClass: (i) => (i % 5 ? 'regular' : 'irregular'), environment: (i) => ['field', 'group', 'cluster'][i % 3]!, ...more,
  };
  return readSample(makeTable(Object.entries(columns).map(([name, from]) => {
    const values = Array.from({ length: n }, (_, i) => from(i));
    return { name, unit: null, description: null, values: typeof values[0] === 'string' ? (values as string[]) : Float64Array.from(values as number[]) };
  })), 'simulated');
}

const fast = { draws: 50 };

describe('a sample with classes', () => {
  const { classes, subsets, sets, notes } = measureRelations(simulated(80), fast);

  it('has them compared, each pair in mass, abundance, gradient and residual', () => {
    expect(classes.filter(({ by }) => by === 'velocityClass').map(({ property }) => property)).toEqual(['logMstar', 'oh', 'gradient', 'gradientResidual', 'gradientKpc', 'gradientKpcResidual']);
    expect([...new Set(classes.filter(({ by }) => by === 'environment').map(({ classes: pair }) => pair.join()))]).toEqual(['cluster,field', 'cluster,group', 'field,group']);
    const one = classes.find(({ by, property }) => by === 'velocityClass' && property === 'gradient')!;
    expect(one.n).toEqual([16, 64]);
    expect(one.ks).toEqual(ksTwoSample(...one.values));
    for (const { ks, andersonDarling, mannWhitney, q } of classes) for (const p of [ks.p, andersonDarling.p, mannWhitney.p, q]) expect(p > 0 && p <= 1).toBe(true);
  });

  it('has the relations of the regular ones beside those of all', () => {
    expect(subsets.map(({ name, n }) => [name, n])).toEqual([['regular velocity fields', 64]]);
    expect(subsets[0]!.relations.map(({ x, y }) => `${x} ${y}`)).toEqual(sets[0].relations.map(({ x, y }) => `${x} ${y}`));
    expect(subsets[0]!.relations[0]!.n).toBe(64);
  });

  it('with all its HI has no assumption to make', () => {
    expect(sets.length).toBe(1);
    expect(notes.filter(({ kind }) => kind === 'assumption')).toEqual([]);
  });
});

describe('what is wrong with a sample', () => {
  it('of too few galaxies is said, and nothing is made up', () => {
    const few = measureRelations(simulated(4), fast);
    expect(few.sets[0].relations).toEqual([]);
    expect(few.notes.some(({ kind, message }) => kind === 'few' && message.includes('4 galaxies are too few'))).toBe(true);
  });

  it('in one column does not stop the others', () => {
    const { sets: [set], notes } = measureRelations(simulated(30, { logSfr: () => -1, logMhi: (i) => (i < 4 ? 8 : NaN), density: () => NaN }), fast);
    const made = set.relations.filter(({ y }) => y === 'gradient').map(({ x }) => x);
    expect(made).toEqual(['logMstar', 'potential', 'oh']);
    expect(notes.find(({ about }) => about === 'logSfr')!.message).toBe('gradient of logSfr: every logSfr is the same, nothing can be said.');
    expect(notes.find(({ kind, about }) => kind === 'few' && about === 'logMgas')!.message).toBe('gradient of logMgas: 4 galaxies have both, 5 are needed.');
  });

  it('without masses still leaves what needs none', () => {
    const { sets: [set], notes } = measureRelations(simulated(30, { logMstar: () => NaN }), fast);
    expect(set.relations.some(({ x }) => x === 'oh')).toBe(true);
    expect(set.partial).toEqual([]);
    expect(notes.some(({ about }) => about === 'logMstar')).toBe(true);
  });

  it('never makes a number that JSON cannot hold', () => {
    for (const sample of [simulated(4), simulated(6), simulated(30, { logMstar: () => 9 }), simulated(12, { gradientError: () => NaN }), li2025]) {
      const json = relationsJson(measureRelations(sample, fast));
      expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    }
  });
});

describe('the relations', () => {
  it('of a perfect line have r = 1 and p = 0', () => {
    const { sets: [set] } = measureRelations(simulated(40, { gradient: (i) => -0.01 * i, logSfr: (i) => 0.02 * i - 3 }), fast);
    const perfect = set.relations.find(({ x, y }) => x === 'logSfr' && y === 'gradient')!;
    expect([perfect.spearman, perfect.p]).toEqual([-1, 0]);
    expect(perfect.slope).toBeCloseTo(-0.5, 9);
  });

  it('are the same whenever they are measured, and do not hang on which properties are asked for', () => {
    const again = measureRelations(li2025, { draws: 200, properties: ['oh', 'logMstar'] });
    const strip = ({ q: _q, qAnyDependence: _any, ...rest }: typeof measured.relations[number]) => rest;
    expect(strip(relation(again.sets[0], 'logMstar', 'gradient'))).toEqual(strip(relation(measured, 'logMstar', 'gradient')));
  });

  it('go by any column of numbers that is asked for', () => {
    const { sets: [set] } = measureRelations(li2025, { ...fast, properties: ['distance', 'inclination'] });
    expect(set.relations.map(({ x }) => x)).toEqual(['distance', 'inclination', 'distance', 'inclination']);
  });

  it('have the layout that other programs read', () => {
    const json = relationsJson(found) as Record<string, Record<string, unknown>[]> & { combination: Record<string, unknown> };
    const has = (value: Record<string, unknown>, keys: string) => expect(Object.keys(value)).toEqual(expect.arrayContaining(keys.split(' ')));
    expect(json['n']).toBe(55);
    has(json['relations']![0]!, 'x y unit n slope slopeError intercept interceptError spearman spearmanError p scatter');
    expect(json['relations']![0]).toMatchObject({ x: 'logMstar', y: 'gradient', unit: 'dex/Re', n: 55 });
    const partial = json['partial']!.find(({ x }) => x === 'logYeff')!;
    has(partial, 'x y given unit n r rError p');
    expect(partial).toMatchObject({ y: 'gradient', given: ['logMstar'], unit: 'dex/Re', n: 49 });
    has(json.combination, 'x y unit n gammaScan gamma gammaError slope intercept spearman scatterBefore scatterAfter explained');
    expect(json.combination).toMatchObject({ x: ['logMstar', 'logYeff'], y: 'gradient', unit: 'dex/Re', n: 49, gammaScan: 1.1 });
    expect(json['assumptions']!.map(({ name }) => name)).toEqual(['hiZero']);
    expect(json['relations']!.filter(({ unit }) => unit === 'dex/kpc').map(({ x }) => x)).toContain('logMbaryon');
  });
});

describe('jobs', () => {
  it('done in another order, each as a copy as on its way between threads, make the same answer', () => {
    const { jobs, assemble } = planRelations(li2025, { draws: 200 });
    const backwards = jobs.toReversed().map((job) => structuredClone(doRelationJob(structuredClone(job)))).toReversed();
    expect(assemble(backwards)).toEqual(found);
  });

  it('are asked once of the same columns under both assumptions', () => {
    const asked = planRelations(li2025, { draws: 200 }).jobs.filter((job) => job.kind === 'relation' && job.input.names.x === 'logMstar' && job.input.names.y === 'gradient');
    expect(asked).toHaveLength(1);
    expect(zero!.relations[0]!.slope).toBe(measured.relations[0]!.slope);
  });
});
