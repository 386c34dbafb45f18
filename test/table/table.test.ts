import { describe, expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { column, hasColumn, makeTable, numbers, strings } from '../../src/table/index.js';
import { plain } from './support.js';

const table = makeTable([
  plain('flux_Ha', Float32Array.of(1.5, NaN)), plain('bin', BigInt64Array.of(1n, -2n)), plain('bpt', ['sf', '']), plain('used', [true, false]),
  plain('sky', [[1, 2], [3, 4]]),
]);

describe('makeTable', () => {
  it('takes its length from its columns', () => {
    expect(table.length).toBe(2);
    expect(makeTable([])).toEqual({ length: 0, columns: [], meta: {} });
  });

  it('refuses columns of different lengths and of one name', () => {
    expect(() => makeTable([plain('a', [1, 2].map(String)), plain('b', new Float64Array(3))])).toThrow(
      "table: found 3 rows in column 'b'; expected 2 rows, as in column 'a'");
    expect(() => makeTable([plain('a', []), plain('a', [])], {}, 'bins.csv')).toThrow("bins.csv: found two columns named 'a'");
  });
});

describe('column', () => {
  it('finds a column by its name', () => {
    expect(column(table, 'bpt').values).toEqual(['sf', '']);
    expect([hasColumn(table, 'bpt'), hasColumn(table, 'BPT')]).toEqual([true, false]);
  });

  it('names the nearest when there is none', () => {
    try {
      column(table, 'flux_HA');
      expect.unreachable();
    } catch (error) {
      if (!isZgradError(error, 'BadTable')) throw error;
      expect(error.details.remedy).toBe("Did you mean 'flux_Ha'?");
      expect(error.message).toContain('one of flux_Ha, bin, bpt, used, sky');
    }
    expect(() => column(makeTable([]), 'x')).toThrow('the table is empty');
  });
});

describe('numbers', () => {
  it('gives float64 from every kind of number and truth values as 0 and 1', () => {
    expect(numbers(table, 'flux_Ha')).toEqual(Float64Array.of(1.5, NaN));
    expect(numbers(table, 'bin')).toEqual(Float64Array.of(1, -2));
    expect(numbers(table, 'used')).toEqual(Float64Array.of(1, 0));
  });

  it('refuses text and arrays', () => {
    expect(() => numbers(table, 'bpt')).toThrow("column 'bpt': found text ('sf'); expected one number in every row");
    expect(() => numbers(table, 'sky')).toThrow('an array in every row');
    expect(() => numbers(table, 'z')).toThrow("no column 'z'");
  });
});

describe('strings', () => {
  it('gives text from everything but arrays; a missing number is empty', () => {
    expect(strings(table, 'flux_Ha')).toEqual(['1.5', '']);
    expect(strings(table, 'bin')).toEqual(['1', '-2']);
    expect(strings(table, 'used')).toEqual(['true', 'false']);
    expect(strings(table, 'bpt')).toEqual(['sf', '']);
    expect(() => strings(table, 'sky')).toThrow('an array');
  });
});
