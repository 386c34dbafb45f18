import { describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { atomicMass, findAtomic, plainName, readAtomicCatalogue, type AtomicCatalogue } from '../../src/evolution/index.js';
import { parseTable } from '../../src/table/index.js';
import { readFileSync } from 'node:fs';
import { describeShared, shared } from '../support/shared.js';

const catalogue = (text: string, name = 'a.csv', columns = {}): AtomicCatalogue => readAtomicCatalogue(parseTable(text, name), name, columns);
function complaint(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isZgradError(error)) return `${error.tag}: ${error.message}`;
    throw error;
  }
  return 'no complaint';
}
const ngc1705 = { name: 'NGC 1705', ra: 73.55625, dec: -53.36106, distance: 5.1 };
/** 'b.csv' has fluxes and positions, 'a.csv' masses by name; e_ columns are errors. */
const masses = 'Galaxy,logMHI,e_logMHI\nNGC1705,7.96,0.05\nNGC1796,8.33,0.1\n';
const fluxes = 'name,RAJ2000,DEJ2000,S_HI,e_S_HI\nESO158-3,74.1,-57.3,4.1,0.5\nfarther,73.558,-53.361,1,0.1\nnearest,73.5563,-53.3611,16.6,1.2\n';

describe('a galaxy\'s name', () => {
  it.each([
    ['NGC 1705', 'ngc01705'], ['ESO 119-G016', 'ESO119-16'], ['ESO 158-IG 003', 'ESO158-003'], ['CGCG 007-025', 'CGCG007-025'], ['UGC  03755', 'UGC3755'], ['AGC191702', 'AGC 191702'],
  ])('%s is %s', (one, other) => { expect(plainName(one)).toBe(plainName(other)); });
  it.each([['MCG-02-02-040', 'MCG+02-02-040'], ['NGC 1', 'NGC 10'], ['J0523.05', 'J0523.5'], ['NGC4809A', 'NGC4809B']])('%s is not %s', (one, other) => { expect(plainName(one)).not.toBe(plainName(other)); });
});

describe('catalogues of atomic hydrogen', () => {
  it('are searched by name, and the row, the catalogue and the way are told', () => {
    const { found, tried } = findAtomic([catalogue(masses)], ngc1705);
    expect(found).toMatchObject({ catalogue: 'a.csv', row: 1, label: 'NGC1705', by: 'name', separation: null, from: 'mass', mass: { value: 7.96, error: 0.05, scale: 'log' }, shared: false });
    expect(tried).toEqual(['a.csv, row 1 (NGC1705), by name']);
  });

  it('are searched by the nearest position where the name is not there', () => {
    const { found } = findAtomic([catalogue(fluxes, 'b.csv')], ngc1705);
    // 0.00005° in right ascension at −53° and 0.00004° in declination.
    expect(found).toMatchObject({ row: 3, by: 'position', from: 'flux', mass: { value: atomicMass(16.6, 5.1), error: expect.closeTo(atomicMass(1.2, 5.1), 6), scale: 'linear' } });
    expect(found!.separation!).toBeCloseTo(0.18, 1);
    expect(findAtomic([catalogue(fluxes, 'b.csv')], { ...ngc1705, dec: -53.5 })).toMatchObject({ found: null, tried: ['b.csv: not listed'] });
    expect(findAtomic([catalogue(fluxes, 'b.csv')], { ...ngc1705, ra: null, dec: null })).toMatchObject({ found: null, tried: ['b.csv: not listed by name'] });
    expect(findAtomic([catalogue(fluxes, 'b.csv')], ngc1705, 0.1).found).toBeNull();
  });

  it('go by their order, and on to the next where a row is empty or a limit', () => {
    const [a, b] = [catalogue(masses), catalogue(fluxes, 'b.csv')];
    expect(findAtomic([a, b], ngc1705).found!.catalogue).toBe('a.csv');
    expect(findAtomic([b, a], ngc1705).found!.catalogue).toBe('b.csv');
    const empty = catalogue('name,l_MHI,MHI\nNGC1705,,\nNGC1796,<,2e7\n', 'c.csv');
    const { found, tried } = findAtomic([empty, a], ngc1705);
    expect(found!.catalogue).toBe('a.csv');
    expect(tried[0]).toBe('c.csv, row 1 (NGC1705), by name: without a value');
    expect(findAtomic([empty], { ...ngc1705, name: 'NGC1796' })).toMatchObject({ found: null, tried: ['c.csv, row 2 (NGC1796), by name: only an upper limit'] });
  });

  it('flag hydrogen that a pair shares: by a column, or by one value in two rows side by side', () => {
    const flagged = catalogue('name,MHI,confused\nNGC1705,2.5e8,1\nNGC1796,3e8,0\n');
    expect(findAtomic([flagged], ngc1705).found).toMatchObject({ shared: true, sharedWith: [] });
    expect(findAtomic([flagged], { ...ngc1705, name: 'NGC1796' }).found).toMatchObject({ shared: false });
    const twins = catalogue('name,ra,dec,logMHI\nNGC4809,193.7128,2.6541,9.1\nNGC4810,193.7140,2.6420,9.1\nelsewhere,10,2.6,9.1\n');
    expect(findAtomic([twins], { name: 'NGC4809', ra: 193.7128, dec: 2.6541, distance: 21.9 }).found).toMatchObject({ shared: true, sharedWith: ['NGC4810'] });
    expect(findAtomic([twins], { name: 'elsewhere', ra: 10, dec: 2.6, distance: 21.9 }).found).toMatchObject({ shared: false, sharedWith: [] });
  });

  it('bring a mass to the galaxy\'s own distance where theirs is told', () => {
    const { found } = findAtomic([catalogue('name,MHI,Dist\nNGC1705,1e8,10.2\n')], ngc1705);
    expect(found).toMatchObject({ scaledFrom: 10.2, mass: { value: expect.closeTo(8 - 2 * Math.log10(2), 12), error: null, scale: 'log' } });
  });

  it('read units, hours of right ascension, numbers of a survey and several names in a cell', () => {
    const ecsv = '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: AGC, datatype: int64}\n# - {name: names, datatype: string}\n# - {name: RA, datatype: string}\n# - {name: Dec, datatype: string}\n'
      + '# - {name: HIflux, unit: mJy km / s, datatype: float64}\n# - {name: M, unit: 10**9 Msun, datatype: float64}\nAGC names RA Dec HIflux M\n191702 "KUG 0906+054; LEDA 1280915" "09 08 36.5" "+05:17:26" 830 0.0291\n';
    const own = catalogue(ecsv, 'agc.ecsv', { name: 'names', mass: 'M' });
    expect(own.names[0]).toEqual(['KUG906+54', 'LEDA1280915']);
    expect(own.ra[0]!).toBeCloseTo(137.152, 3);
    expect(own.dec[0]!).toBeCloseTo(5.2906, 4);
    expect(own.flux[0]!).toBeCloseTo(0.83, 12);
    expect(own.logMass[0]!).toBeCloseTo(Math.log10(2.91e7), 12);
    expect(catalogue(ecsv, 'agc.ecsv').names[0]).toContain('AGC191702');
  });

  it('give one clear error for a wrong unit, a logarithm that is none, and columns that are not there', () => {
    expect(complaint(() => catalogue('name,S\nx,3\n', 'a.csv', { flux: 'S [K km/s]' }))).toMatch(/^BadUnit: a\.csv: column 'S': found the unit 'K km\/s'; expected a unit like 'Jy km\/s'/);
    expect(complaint(() => catalogue('name,m21\nx,14.2\n', 'a.csv', { mass: 'm21 [mag]' }))).toMatch(/^BadUnit: .*'m21': found the unit 'mag'; expected a mass, such as 'Msun'/);
    expect(complaint(() => catalogue('name,logMHI\nx,2.5e8\n'))).toMatch(/^BadUnit: .*found the logarithm 250000000/);
    expect(complaint(() => catalogue('name,B\nx,12\n'))).toMatch(/^BadTable: a\.csv: found the columns name, B; expected a mass of atomic hydrogen or a 21-cm flux/);
    expect(complaint(() => catalogue('MHI\n1e8\n'))).toMatch(/^BadTable: .*expected a name, or right ascension/);
    expect(complaint(() => catalogue(masses, 'a.csv', { mass: 'MHI' }))).toMatch(/^BadTable: .*no column 'MHI'; expected one of Galaxy, logMHI, e_logMHI/);
    expect(complaint(() => catalogue('name,ra,dec,MHI\nx,noon,3,1e8\n'))).toMatch(/^BadTable: .*'noon'/);
  });
});

describeShared('real catalogues', () => {
  it('HyperLeda\'s 21-cm fluxes are found by name and by position', () => {
    const path = shared('data', 'catalogues', 'califa_edge', 'edge_leda.csv');
    const leda = readAtomicCatalogue(parseTable(readFileSync(path, 'utf8'), 'edge_leda.csv'), 'edge_leda.csv', { flux: 'ledaHIflux', ra: 'ledaRA', dec: 'ledaDE' });
    expect(findAtomic([leda], { name: 'Arp 220', ra: null, dec: null, distance: 78 }).found).toMatchObject({ label: 'ARP220', by: 'name', from: 'flux' });
    expect(findAtomic([leda], { name: 'IC 4553', ra: 233.7386, dec: 23.5029, distance: 78 }).found).toMatchObject({ label: 'ARP220', by: 'position' });
  });

  it('the masses of Li et al. (2025) are found for the 49 galaxies that have them', () => {
    const path = shared('tables', 'li2025_table_a1.csv');
    const table = parseTable(readFileSync(path, 'utf8'), 'li2025');
    const sample = readAtomicCatalogue(table, 'li2025');
    const found = sample.label.map((name) => findAtomic([sample], { name, ra: null, dec: null, distance: 10 }).found);
    expect(found.filter((one) => one === null).length).toBe(6);
    expect(found[sample.label.indexOf('NGC1796')]!.scaledFrom).toBeGreaterThan(0);
  });
});
