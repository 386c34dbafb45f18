import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deriveProperties, inclinationsExplained, li2025, li2025Oddities, objectsOf, readSample, valuesOf, wordsOf, yieldDifferences } from '../../src/sample/index.js';
import { parseCsv } from '../../src/table/index.js';
import { describeShared, shared } from '../support/shared.js';

describeShared('the published table', () => {
  const text = readFileSync(shared('tables/li2025_table_a1.csv'), 'utf8').split('\n').filter((line) => !line.startsWith('#')).join('\n');

  it('ships number for number, and a file of it reads to the same sample', () => {
    const read = readSample(parseCsv(text, 'a1.csv'), 'a1.csv');
    expect(objectsOf(read)).toEqual(objectsOf(li2025));
    for (const { name } of li2025.table.columns.slice(1)) expect(valuesOf(read, name), name).toEqual(valuesOf(li2025, name));
    expect(read.table.columns.map(({ name }) => name).sort()).toEqual(li2025.table.columns.map(({ name }) => name).sort());
    expect(read.notes.map(({ kind }) => kind)).toEqual(['position']);
  });

  it('gives the derived properties of the reference to their six digits', () => {
    const lines = readFileSync(shared('tables/li2025_recomputed.csv'), 'utf8').split('\n').filter((line) => !line.startsWith('#')).join('\n');
    const reference = parseCsv(lines, 'recomputed.csv');
    const values = (name: string) => reference.columns.find((column) => column.name === name)!.values as ArrayLike<number>;
    const derived = deriveProperties(li2025, { assumption: 'hiZero' });
    for (const [ours, theirs] of [['logMh2', 'log_mh2'], ['logMgas', 'log_mgas'], ['gasFraction', 'mu_gas'], ['logMbaryon', 'log_mbaryon'], ['logYeff', 'log_yeff_recomputed'], ['potential', 'phi'], ['gradientKpc', 'grad_kpc'], ['gradientKpcError', 'grad_kpc_err']] as const) {
      valuesOf(derived, ours)!.forEach((value, i) => expect(value, `${ours} of row ${i}`).toBeCloseTo(values(theirs)[i]!, 5.9));
    }
  });
});

describe('the published sample', () => {
  it('has 55 galaxies, six without HI', () => {
    expect(li2025.table.length).toBe(55);
    expect(objectsOf(li2025).filter((_, i) => Number.isNaN(valuesOf(li2025, 'logMhi')![i]!))).toEqual(['CGCG007-025', 'FCC119', 'NGC1522', 'NGC4809A', 'NGC4809B', 'PGC132213']);
  });

  it('says its oddities of galaxies and columns that it has', () => {
    const names = new Set(objectsOf(li2025));
    for (const { objects, columns } of li2025Oddities) {
      for (const object of objects) expect(names, object).toContain(object);
      for (const column of columns) expect(valuesOf(li2025, column), column).not.toBeNull();
    }
    const dec = valuesOf(li2025, 'redshift')!;
    expect(objectsOf(li2025).filter((_, i) => dec[i]! < 0)).toEqual(['IC3476']);
    const angles = valuesOf(li2025, 'positionAngle')!;
    expect(objectsOf(li2025).filter((_, i) => angles[i] === 0).sort()).toEqual(li2025Oddities.filter(({ columns }) => columns.includes('positionAngle')).flatMap(({ objects }) => objects).sort());
  });

  it('has the printed yield for 47 of 49 galaxies within 0.0125 dex', () => {
    const differences = yieldDifferences(li2025);
    expect(differences.length).toBe(49);
    expect(differences.filter(({ difference }) => Math.abs(difference) > 0.0125).map(({ object, difference }) => [object, Math.round(difference * 1000) / 1000])).toEqual([['ESO119-016', -0.106], ['ESO158-003', -0.058]]);
  });

  it('has the inclination of a disc of thickness 0.2 for 41 galaxies, of a thin disc for 13, of neither for UGCA193', () => {
    expect(inclinationsExplained(li2025)).toEqual({ thick: 41, thin: 13, neither: ['UGCA193'] });
  });

  it('gives NGC1796 the yield of the worked example', () => {
    const derived = deriveProperties(li2025);
    const i = wordsOf(derived, 'object')!.indexOf('NGC1796');
    expect(valuesOf(derived, 'logYeffComputed')![i]).toBeCloseTo(-2.342155447, 9);
    expect(valuesOf(derived, 'logMbaryon')![i]).toBeCloseTo(9.247404588732723, 9);
    expect(valuesOf(derived, 'logYeff')![i]).toBe(-2.35);
    expect(valuesOf(deriveProperties(li2025, { assumption: 'hiZero' }), 'logYeff')![i]).toBeCloseTo(-2.342155447, 9);
    expect(valuesOf(deriveProperties(li2025, { normalisation: 'PS11' }), 'logYeffComputed')![i]).toBeCloseTo(-2.342155447 + Math.log10(15.999 / 1.0079 * 0.75 / 12), 9);
  });
});
