import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { li2025, objectsOf, parseQuery, readSample, selectGalaxies, selections, valuesOf } from '../../src/sample/index.js';
import { makeTable } from '../../src/table/index.js';

const count = (query: string) => selectGalaxies(li2025, query).rows.length;
const distance = valuesOf(li2025, 'distance')!;
const mass = valuesOf(li2025, 'logMstar')!;

describe('a selection', () => {
  it('reads comparisons with units, and, or, not and brackets', () => {
    const far = distance.filter((d) => d >= 20).length;
    expect(count('distance >= 20 Mpc')).toBe(far);
    expect(count('distance ≥ 20000 kpc')).toBe(far);
    expect(count('not distance < 20')).toBe(far);
    expect(count('dist < 20 Mpc')).toBe(55 - far);
    expect(count('5 Mpc < distance <= 10Mpc')).toBe(distance.filter((d) => d > 5 && d <= 10).length);
    expect(count('logMstar > 1e9 Msun')).toBe(mass.filter((m) => m > 9).length);
    expect(count('(distance < 10 Mpc or logMstar > 9) and not (object = NGC1705 OR object = "NGC 5253")')).toBe(distance.filter((d, i) => d < 10 || mass[i]! > 9).length - 1);
    expect(count('logMstar > oh')).toBe(mass.filter((m, i) => m > valuesOf(li2025, 'oh')![i]!).length);
    expect(count('redshift < 0')).toBe(1);
    expect(count('dec > -30 deg and dec < −20')).toBe(valuesOf(li2025, 'dec')!.filter((d) => d > -30 && d < -20).length);
  });

  it('says cut by cut who was dropped and why, and what each cut alone would drop', () => {
    const { cuts, sample } = selectGalaxies(li2025, 'distance < 20 Mpc and logMhi > 8 and effectiveRadius < 1 kpc');
    expect(cuts.map(({ query }) => query)).toEqual(['distance < 20 Mpc', 'logMhi > 8', 'effectiveRadius < 1 kpc']);
    expect(cuts[0]!.before).toBe(55);
    for (const [i, cut] of cuts.entries()) {
      expect(cut.before - cut.after).toBe(cut.dropped.length);
      expect(cut.alone).toBeGreaterThanOrEqual(cut.dropped.length);
      if (i) expect(cut.before).toBe(cuts[i - 1]!.after);
    }
    expect(cuts[0]!.dropped.find(({ object }) => object === 'ESO184-82')!.reason).toBe('distance = 28.576 Mpc');
    expect(cuts[1]!.dropped.find(({ object }) => object === 'FCC119')).toBeUndefined();
    expect(cuts[1]!.dropped.find(({ object }) => object === 'NGC1522')!.reason).toBe('logMhi is missing');
    expect(sample.table.length).toBe(cuts[2]!.after);
    expect(objectsOf(sample)).not.toContain('NGC1522');
  });

  it('drops a galaxy whose answer hangs on a missing value, and only then', () => {
    expect(count('logMhi > 0')).toBe(49);
    expect(count('not logMhi > 0')).toBe(0);
    expect(count('logMhi > 0 or distance > 0')).toBe(55);
    expect(count('not (logMhi > 0 and distance < 0)')).toBe(55);
  });

  it.each([
    ['distance < 20 km/s', "20 km/s for 'distance'"], ['distnce < 20', "Did you mean 'distance'?"], ['distance <', 'the end'], ['distance 20', "'20' at character 10"],
    ['(distance < 20', "expected a ')'"], ['distance < 20 and', 'the end'], ['20 < 30', 'a comparison without a column'], ['object = 3', '3 beside the column of words'],
    ['distance = far', "'far' beside the column of numbers"], ['distance < 20; drop', "';'"], ['', 'the end'], ['distance < 20) and', "')'"],
  ])("'%s' is refused with what is wrong", (query, message) => {
    expect(() => selectGalaxies(li2025, query, 'selection.query')).toThrow(expect.objectContaining({ tag: 'BadConfig', message: expect.stringContaining(message) }));
  });

  it('by the name of the paper asks for coverage, bins and regions', () => {
    const sample = readSample(makeTable([
      { name: 'object', unit: null, description: null, values: ['a', 'b', 'c', 'd', 'e'] },
      ...([['coverage', [1, 0.9, 2, 2, NaN]], ['starFormingBins', [10, 30, 9, 30, 30]], ['starFormingRegions', [2, 2, 2, 1, 2]]] as const).map(([name, values]) => ({ name, unit: null, description: null, values: Float64Array.from(values) })),
    ]));
    const { cuts, sample: kept } = selectGalaxies(sample, 'L25');
    expect(objectsOf(kept)).toEqual(['a']);
    expect(cuts.flatMap(({ dropped }) => dropped.map(({ object, reason }) => `${object}: ${reason}`))).toEqual(['b: coverage = 0.9 Re', 'e: coverage is missing', 'c: starFormingBins = 9', 'd: starFormingRegions = 1']);
    expect(selections[0]!.source).toContain('Section 2.2');
  });

  it('of any nesting selects what JavaScript selects', () => {
    const columns = ['distance', 'logMstar'].map((name) => ({ name, unit: null, words: false }));
    const compare = fc.tuple(fc.constantFrom('distance', 'logMstar'), fc.constantFrom('<', '<=', '>', '>='), fc.integer({ min: 0, max: 25 })).map(([name, operator, value]) => `${name} ${operator} ${value}`);
    const { query } = fc.letrec<{ query: string }>((tie) => ({
      query: fc.oneof({ maxDepth: 4 }, compare, fc.tuple(tie('query'), fc.constantFrom('and', 'or'), tie('query')).map(([a, word, b]) => `(${a}) ${word} (${b})`), tie('query').map((a) => `not (${a})`)),
    }));
    fc.assert(fc.property(query, (text) => {
      expect(() => parseQuery(text, columns)).not.toThrow();
      // eslint-disable-next-line no-new-func
      const script = new Function('distance', 'logMstar', `return ${text.replaceAll('and', '&&').replaceAll('or', '||').replaceAll('not', '!')}`) as (d: number, m: number) => boolean;
      expect(selectGalaxies(li2025, text).rows).toEqual(Array.from(distance.keys()).filter((i) => script(distance[i]!, mass[i]!)));
    }), { numRuns: 200 });
  });
});
