import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isZgradError } from '../../src/errors/index.js';
import { column, makeTable, numbers, parseCsv, parseTable, strings, toCsv, toEcsv, toVotable, type Table } from '../../src/table/index.js';
import { describePython, describeShared, runPython, shared } from '../support/shared.js';
import { anyString, plain } from './support.js';

const values = (table: Table) => Object.fromEntries(table.columns.map((column) => [column.name, column.values]));

describe('parseCsv', () => {
  it('finds whole numbers, numbers, truth values and text by column', () => {
    const table = parseCsv('# made by hand\nid,z,name,used,big,code\n1,0.1,"a, b",true,9011900125,012345678901234567890\n\n# in between\n2,1e-3,"say ""no""",FALSE,1,x\n', 'x.csv');
    expect(values(table)).toEqual({
      id: Int32Array.of(1, 2), z: Float64Array.of(0.1, 0.001), name: ['a, b', 'say "no"'], used: [true, false],
      big: BigInt64Array.of(9011900125n, 1n), code: ['012345678901234567890', 'x'],
    });
  });

  it('reads what is missing as NaN among numbers and leaves it alone among text', () => {
    const table = parseCsv('a,b,c\n1,,-\n,nan,x\n-,inf,\n2,--,NA\n', 'x.csv');
    expect(values(table)).toEqual({ a: Float64Array.of(1, NaN, NaN, 2), b: Float64Array.of(NaN, NaN, Infinity, NaN), c: ['-', 'x', '', 'NA'] });
  });

  it('keeps the digits of long identifiers with gaps as text', () => {
    expect(values(parseCsv('id,x\n587722981742084096,1\n,2\n', 'x.csv'))['id']).toEqual(['587722981742084096', '']);
  });

  it('takes blanks off, line breaks within quotes, all three line ends, a byte-order mark and columns without a name', () => {
    const table = parseCsv('\ufeff, b \r\n 1 , "two\nlines" \r2,x\n', 'x.csv');
    expect(values(table)).toEqual({ column1: Int32Array.of(1, 2), b: ['two\nlines', 'x'] });
  });

  it('reads a header without rows', () => {
    expect(parseCsv('a,b\n', 'x.csv')).toMatchObject({ length: 0, columns: [{ name: 'a' }, { name: 'b' }] });
  });

  it('reads back any text that toCsv writes, and numbers with all their digits', () => {
    const text = anyString.map((text) => `t${text}`); // begins as no number does
    fc.assert(fc.property(fc.array(fc.tuple(text, fc.double(), fc.float()), { minLength: 1 }), (rows) => {
      const table = makeTable([
        plain('text, "quoted"', rows.map(([cell]) => cell)), plain('x', Float64Array.from(rows, ([, x]) => x)),
        plain('y', Float32Array.from(rows, ([,, y]) => y)),
      ]);
      const read = parseCsv(toCsv(table), 'x.csv');
      expect(strings(read, 'text, "quoted"')).toEqual(column(table, 'text, "quoted"').values);
      expect(numbers(read, 'x').map((x) => x + 0)).toEqual(numbers(table, 'x').map((x) => x + 0)); // −0 as 0
      expect(Float32Array.from(numbers(read, 'y'), (y) => y + 0)).toEqual(Float32Array.from(numbers(table, 'y'), (y) => y + 0));
    }));
  });

  it.each([
    ['nothing', '# only a comment\n', 'x.csv', 'a line of column names'],
    ['no header', '1,2\n3,4\n', 'line 1', 'the names of the columns'],
    ['a field too many', 'a,b\n1,2\n1,2,3\n', 'line 3', '2, one for each of a, b'],
    ['an open quote', 'a,b\n1,2\n1,"2\n', 'line 3', 'closing'],
    ['text after a quote', 'a,b\n"1"2,3\n', 'line 2', 'delimiter'],
    ['one name twice', 'a,a\n1,2\n', 'x.csv', 'name of its own'],
  ])('says where and what was expected: %s', (_, text, where, expected) => {
    try {
      parseCsv(text, 'x.csv');
      expect.unreachable();
    } catch (error) {
      if (!isZgradError(error, 'BadTable')) throw error;
      expect(error.details.where).toContain(where);
      expect(error.message).toContain(expected);
    }
  });
});

describe('toCsv', () => {
  it('writes one line a row, arrays with blanks between', () => {
    expect(toCsv(makeTable([plain('a', ['x', '']), plain('b', [[1, 2], [3]]), plain('c', [true, false])]))).toBe('a,b,c\nx,"1 2",true\n"",3,false\n');
  });
});

describe('parseTable', () => {
  const table = makeTable([plain('name', ['NGC 1', 'x']), plain('z', Float64Array.of(0.5, 2.25))]);

  it('knows ECSV, VOTable and CSV by what they hold, whatever the file is called', () => {
    for (const text of [toEcsv(table), toVotable(table), toCsv(table)]) expect(parseTable(text, 'table.dat')).toEqual(table);
  });

  it.each([
    ['blanks, names in the first line', 'name z\n "NGC 1"   0.5\n x \t 2.25 \n'],
    ['blanks, names in a comment', '# a table\n# name z\n"NGC 1" 0.5\nx 2.25\n'],
    ['tabs', 'name\tz\nNGC 1\t0.5\nx\t2.25\n'],
    ['semicolons', 'name;z\nNGC 1;0.5\nx;2.25\n'],
    ['commas, names in a comment', '## name, z\nNGC 1,0.5\nx,2.25\n'],
  ])('reads %s', (_, text) => {
    expect(parseTable(text, 'table.txt')).toEqual(table);
  });

  it('wants names', () => {
    expect(() => parseTable('# two words and more\n1 2\n', 'table.txt')).toThrow('table.txt, line 2: found numbers in the first line');
    expect(() => parseTable('', 'table.txt')).toThrow('table.txt: found no line');
  });
});

describeShared('parseTable on published tables', () => {
  const read = (...path: string[]) => parseTable(readFileSync(shared(...path), 'utf8'), path.at(-1)!);

  it('reads the galaxies of a paper, their gaps as NaN', () => {
    const galaxies = read('tables', 'li2025_table_a1.csv');
    expect(galaxies.length).toBe(55);
    expect(numbers(galaxies, 'z').every(Number.isFinite)).toBe(true);
    expect(galaxies.columns.some(({ values }) => values instanceof Float64Array && values.some(Number.isNaN))).toBe(true);
  });

  it('reads 13969 galaxies between semicolons', () => {
    const catalogue = read('data', 'galaxy_lists', 'NGC.csv');
    expect(catalogue.length).toBe(13969);
    expect(strings(catalogue, 'Name')).toContain('NGC1705');
  });
});

describePython('parseTable beside astropy', () => {
  it('reads a published ECSV of 42 columns to the same values, units and descriptions', () => {
    const path = shared('data', 'catalogues', 'califa_edge', 'edge_califa.csv');
    const expected = runPython<Record<string, [string, string | null, unknown[]]>>(`
import json, sys, numpy as np
from astropy.table import Table
t = Table.read(sys.argv[1], format='ascii.ecsv')
plain = lambda c: [None if np.ma.is_masked(v) or v != v else v for v in (x.item() if hasattr(x, 'item') else str(x) for x in c)]
print(json.dumps({c: [str(t[c].unit or ''), t[c].description, plain(t[c])] for c in t.colnames}))`, path);
    const table = parseTable(readFileSync(path, 'utf8'), 'edge_califa.csv');
    expect(table.columns.map(({ name }) => name)).toEqual(Object.keys(expected));
    for (const { name, unit, description, values } of table.columns) {
      const [theirUnit, theirDescription, theirs] = expected[name]!;
      const letters = (unit: string | null) => Array.from((unit ?? '').replaceAll(' ', '')).sort(); // astropy reorders the factors
      expect([letters(unit), description]).toEqual([letters(theirUnit), theirDescription]);
      const ours = Array.from<unknown, unknown>(values, (value) => typeof value === 'bigint' ? Number(value) : Number.isNaN(value) || value === '' ? null : value);
      expect(ours).toEqual(theirs.map((value) => value === '' ? null : value));
    }
  });
});
