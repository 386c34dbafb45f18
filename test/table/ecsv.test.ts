import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { column, ecsvBlocks, makeTable, numbers, parseEcsv, strings, toEcsv } from '../../src/table/index.js';
import { isZgradError } from '../../src/errors/index.js';
import { describePython, runPython } from '../support/shared.js';
import { anyColumns, anyString, plain } from './support.js';

const bins = makeTable([
  { name: 'bin', unit: null, description: 'Number of the bin: from 0', values: Int32Array.of(0, 1, 2) },
  { name: 'flux_Ha', unit: '1e-17 erg / (s cm2)', description: 'Flux of "Hα", not dereddened', values: Float64Array.of(1.5, NaN, -1e-300) },
  { name: 'ew', unit: 'Angstrom', description: null, values: Float32Array.of(0.1, Infinity, -Infinity) },
  { name: 'bpt class', unit: null, description: null, values: ['star-forming', 'a "b", #c', 'Å'] },
  { name: 'used', unit: null, description: null, values: [true, false, true] },
  { name: 'id', unit: null, description: null, values: BigInt64Array.of(2n ** 62n + 1n, -1n, 0n) },
  { name: 'short', unit: null, description: null, values: Int16Array.of(1, -2, 3) },
  { name: 'byte', unit: null, description: null, values: Uint8Array.of(1, 2, 255) },
  { name: 'sky', unit: 'deg', description: null, values: [Float64Array.of(1, NaN), Float64Array.of(Infinity, 3), Float64Array.of(0.5, 6)] },
  { name: 'ragged', unit: null, description: null, values: [Int32Array.of(1), Int32Array.of(), Int32Array.of(2, 3)] },
  { name: 'lines', unit: null, description: null, values: [['Ha', 'N "II"'], ['Hb', ''], ['[OIII]', 'x']] },
], { object: 'NGC 1705', redshift: 1e-7, distance: 5.1, calibrations: ['N2S2Ha', 'yes'], nested: { on: true, none: null } });

describe('toEcsv', () => {
  it('writes the header of types, units and descriptions, and lines of fields', () => {
    const table = makeTable([
      { name: 'bin', unit: null, description: 'Number of the bin', values: Int32Array.of(0, 1) },
      { name: 'velocity', unit: 'km / s', description: 'c(z - z0)/(1 + z0): "cz"', values: Float64Array.of(-12.25, NaN) },
      { name: 'note', unit: null, description: null, values: ['', 'two words'] },
    ], { object: 'NGC1705', redshift: 1e-7 });
    expect(toEcsv(table)).toMatchInlineSnapshot(`
      "# %ECSV 1.0
      # ---
      # datatype:
      # - {name: bin, datatype: int32, description: Number of the bin}
      # - {name: velocity, unit: km / s, datatype: float64, description: "c(z - z0)/(1 + z0): \\"cz\\""}
      # - {name: note, datatype: string}
      # meta:
      #   object: NGC1705
      #   redshift: 1.0e-7
      # schema: astropy-2.0
      bin velocity note
      0 -12.25 ""
      1 nan "two words"
      "
    `);
  });

  it('writes float32 with the digits that it has', () => {
    const values = Float32Array.of(0.1, 1 / 3, 16777216, 3.4028234e38, 1.17549435e-38);
    expect(toEcsv(makeTable([plain('x', values)])).trim().split('\n').slice(-5)).toEqual(
      ['0.1', '0.33333334', '16777216', '3.4028235e+38', '1.1754944e-38']);
  });
});

describe('ecsvBlocks', () => {
  it('is the header and then whole lines, together the text of toEcsv', () => {
    fc.assert(fc.property(anyColumns, (columns) => {
      const table = makeTable(columns);
      const [header, ...blocks] = ecsvBlocks(table);
      expect(header).toMatch(/^# %ECSV 1\.0\n/);
      for (const block of blocks) expect(block.endsWith('\n')).toBe(true);
      expect([header, ...blocks].join('')).toBe(toEcsv(table));
    }), { numRuns: 100 });
  });

  it('holds no more than a megabyte of a million rows at a time', () => {
    const length = 1_000_000;
    const table = makeTable([plain('bin', new Int32Array(length).map((_, i) => i)), plain('flux', new Float64Array(length).map((_, i) => i / 7))]);
    let [longest, lines, characters] = [0, 0, 0];
    for (const block of ecsvBlocks(table)) {
      longest = Math.max(longest, block.length);
      lines += block.split('\n').length - 1;
      characters += block.length;
    }
    expect(lines).toBe(length + 7);
    expect(characters).toBeGreaterThan(20e6);
    expect(longest).toBeLessThan(1 << 20);
  });
});

describe('parseEcsv', () => {
  it('reads back what toEcsv wrote: values, types, units, descriptions and meta', () => {
    expect(parseEcsv(toEcsv(bins), 'bins.ecsv')).toEqual(bins);
  });

  it('reads back any names, strings, numbers and descriptions', () => {
    fc.assert(fc.property(anyColumns, fc.dictionary(anyString, fc.oneof(anyString, fc.double(), fc.boolean(), fc.array(anyString))), (columns, meta) => {
      delete meta['__proto__'];
      const table = makeTable(columns, meta);
      expect(parseEcsv(toEcsv(table), 'any.ecsv')).toEqual(table);
    }), { numRuns: 300 });
  });

  it('takes names such as e1, no and 2e5 for names', () => {
    const table = makeTable(['e1', 'E0', 'e-5', 'no', 'y', '2e5', '1.', 'null', '2020-01-01'].map((name) => plain(name, Float64Array.of(1))));
    expect(parseEcsv(toEcsv(table), 'names.ecsv')).toEqual(table);
    expect(parseEcsv('# %ECSV 1.0\n# ---\n# datatype:\n# - {name: e1, datatype: float64, unit: E5}\n# meta: {a: 1.5e-07, b: 2e5, c: e2}\ne1\n1\n', 'x')).toMatchObject(
      { columns: [{ name: 'e1', unit: 'E5' }], meta: { a: 1.5e-7, b: 2e5, c: 'e2' } });
  });

  it('reads a table without rows', () => {
    const empty = makeTable([plain('x', new Float64Array(0)), plain('s', [])]);
    expect(parseEcsv(toEcsv(empty), 'empty.ecsv')).toEqual(empty);
  });

  it('reads gaps as NaN, or as empty text', () => {
    const table = parseEcsv(
      '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int32}\n# - {name: b, datatype: bool}\n# - {name: c, datatype: string}\n'
      + '# - {name: d, datatype: string, subtype: "int64[2]"}\na b c d\n1 True "" "[1,null]"\n"" "" x ""\n', 'gaps.ecsv');
    expect(table.columns.map(({ values }) => values)).toEqual(
      [Float64Array.of(1, NaN), Float64Array.of(1, NaN), ['', 'x'], [Float64Array.of(1, NaN), Float64Array.of()]]);
  });

  it.each([
    ['not an ECSV file', 'a b\n1 2\n', 'line 1', '%ECSV 1.0'],
    ['a header that is no YAML', '# %ECSV 1.0\n# ---\n# datatype: [{name: a\na\n', 'line', 'YAML'],
    ['a header without datatype', '# %ECSV 1.0\n# ---\n# meta: {}\na\n1\n', 'x.ecsv', 'one entry for every column'],
    ['an unknown datatype', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: quad}\na\n1\n', 'x.ecsv', 'float64'],
    ['a column without a name', '# %ECSV 1.0\n# ---\n# datatype:\n# - {datatype: int32}\na\n1\n', 'x.ecsv', "'name'"],
    ['an unknown delimiter', '# %ECSV 1.0\n# ---\n# delimiter: "|"\n# datatype:\n# - {name: a, datatype: int32}\na\n1\n', 'x.ecsv', "' ' or ','"],
    ['other names than the header', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int32}\nb\n1\n', 'line 5', 'names of the header: a'],
    ['no line of names', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int32}\n', 'line 5', 'names of the header: a'],
    ['a number that is none', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: float64}\na\n1\n1.2.3\n', 'line 7', 'float64'],
    ['a whole number out of range', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int8}\na\n70000\n', 'line 6', 'int16'],
    ['a field too many', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: float64}\na\n1\n2 3\n', 'line 7', '1, one for each of a'],
    ['an open quote', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: string}\na\n"x\ny\n', 'line 6', 'closing'],
    ['text after a quote', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: string}\na\n"x"y\n', 'line 6', 'delimiter'],
    ['an array that is no JSON', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: string, subtype: "float64[2]"}\na\n[1,2\n', 'line 6', 'JSON list of float64'],
    ['an array of something else', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: string, subtype: "float64[1]"}\na\n["x"]\n'.replace('["x"]', '"[""x""]"'), 'line 6', 'JSON list of float64'],
    ['the same column twice', '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: a, datatype: int32}\n# - {name: a, datatype: int32}\na a\n1 2\n', 'x.ecsv', 'name of its own'],
  ])('says where and what was expected: %s', (_, text, where, expected) => {
    try {
      parseEcsv(text, 'x.ecsv');
      expect.unreachable();
    } catch (error) {
      if (!isZgradError(error, 'BadTable')) throw error;
      expect(error.details.where).toContain(where);
      expect(error.details.where).toContain('x.ecsv');
      expect(error.message).toContain(expected);
    }
  });

  it('throws nothing but its own error on a file cut short or garbled', () => {
    const text = toEcsv(bins);
    fc.assert(fc.property(fc.nat(text.length), fc.nat(text.length), anyString, (from, length, middle) => {
      try {
        parseEcsv(text.slice(0, from) + middle + text.slice(from + length), 'x.ecsv');
      } catch (error) {
        if (!isZgradError(error, 'BadTable')) throw error;
      }
    }), { numRuns: 300 });
  });
});

describePython('ECSV beside astropy', () => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'zgrad-ecsv-')); });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('astropy reads what we write: values, types, units, descriptions, meta', () => {
    writeFileSync(join(folder, 'ours.ecsv'), toEcsv(bins));
    const read = runPython(`
import json, sys, numpy as np
from astropy.table import Table
t = Table.read(sys.argv[1])
say = lambda v: [say(x) for x in v] if isinstance(v, (list, np.ndarray)) else str(v)
print(json.dumps({**{c: [str(t[c].dtype), str(t[c].unit or ''), t[c].description, say(list(t[c]))] for c in t.colnames}, 'meta': dict(t.meta)}))`,
    join(folder, 'ours.ecsv'));
    expect(read).toEqual({
      bin: ['int32', '', 'Number of the bin: from 0', ['0', '1', '2']],
      flux_Ha: ['float64', '1e-17 erg / (cm2 s)', 'Flux of "Hα", not dereddened', ['1.5', 'nan', '-1e-300']],
      ew: ['float32', 'Angstrom', null, ['0.1', 'inf', '-inf']],
      'bpt class': ['<U12', '', null, ['star-forming', 'a "b", #c', 'Å']],
      used: ['bool', '', null, ['True', 'False', 'True']],
      id: ['int64', '', null, ['4611686018427387905', '-1', '0']],
      short: ['int16', '', null, ['1', '-2', '3']],
      byte: ['uint8', '', null, ['1', '2', '255']],
      sky: ['float64', 'deg', null, [['1.0', 'nan'], ['inf', '3.0'], ['0.5', '6.0']]],
      ragged: ['object', '', null, [['1'], [], ['2', '3']]],
      lines: ['<U6', '', null, [['Ha', 'N "II"'], ['Hb', ''], ['[OIII]', 'x']]],
      meta: bins.meta,
    });
  });

  it('astropy reads any description and any meta that we write', () => {
    const texts = fc.sample(anyString, { numRuns: 200, seed: 1 }).map((text) => Buffer.from(text).toString());
    const columns = texts.map((text, i) => ({ ...plain(`c${i}`, Float64Array.of(i)), description: text }));
    const numbers = [0.1, -0, 1e-7, 1e21, 1.5e300, 5e-324, 123456789012];
    writeFileSync(join(folder, 'descriptions.ecsv'), toEcsv(makeTable(columns, { texts, numbers, words: ['yes', 'No', 'null', '~', '1:30', '012', '1e5', '.inf', '2020-01-01', ''] })));
    const [descriptions, meta] = runPython<[string[], Record<string, unknown>]>(`
import json, sys
from astropy.table import Table
t = Table.read(sys.argv[1])
print(json.dumps([[t[c].description for c in t.colnames], t.meta]))`, join(folder, 'descriptions.ecsv')) as [string[], Record<string, unknown>];
    expect(descriptions).toEqual(texts);
    expect(meta).toEqual({ texts, numbers, words: ['yes', 'No', 'null', '~', '1:30', '012', '1e5', '.inf', '2020-01-01', ''] });
  });

  it('astropy reads lines and quotes inside strings', () => {
    const texts = ['two\nlines', ' "quoted" ', "it's", 'a,b;c', '# no comment', 'Å Hα', 'tab\there'];
    writeFileSync(join(folder, 'strings.ecsv'), toEcsv(makeTable([plain('text', texts)])));
    const read = runPython<string[]>(`
import json, sys
from astropy.table import Table
print(json.dumps(list(Table.read(sys.argv[1])['text'])))`, join(folder, 'strings.ecsv'));
    // astropy takes the blanks off both ends of a field.
    expect(read).toEqual(texts.map((text) => text.trim()));
  });

  it('we read what astropy writes, blanks or commas, masked, nested, with coordinates and old units', () => {
    runPython(`
import sys, json, numpy as np, astropy.units as u
from astropy.table import Table, QTable, MaskedColumn, Column
from astropy.coordinates import SkyCoord
f = sys.argv[1]
t = Table(meta={'comments': ['one', 'two'], 'z': 1e-7, 'deep': {'a': [1, None, True]}, 'date': '2020-01-01'})
t['i'] = MaskedColumn([1, 2, 3], mask=[0, 1, 0], unit='km / s', description='A long description: with "quotes" and colons, long enough that YAML breaks the line')
t['big'] = np.array([2**62 + 1, -5, 0])
t['u16'] = np.array([65535, 0, 1], dtype='u2')
t['f'] = np.array([1e-17, np.nan, -np.inf])
t['f4'] = np.array([0.1, 2, 3], dtype='f4')
t['s'] = ['a b', '', 'c"d']
t['b'] = [True, False, True]
t['m'] = MaskedColumn(['x', 'y', 'z'], mask=[0, 1, 0])
t['v'] = np.array([[1., 2.], [3., np.nan], [np.inf, 6.]])
t['m2'] = np.arange(12).reshape(3, 2, 2)
t['vs'] = np.array([['a', 'b'], ['c', 'd e'], ['f', '']])
o = np.empty(3, dtype=object); o[:] = [np.array([1.5]), np.array([2.5, 3.5]), np.array([])]
t['var'] = Column(o)
t.write(f + '/space.ecsv', format='ascii.ecsv')
t.write(f + '/comma.ecsv', format='ascii.ecsv', delimiter=',')
q = QTable({'d': [1, 2] * u.Mpc, 'c': SkyCoord([10, 20], [-30, 40], unit='deg')})
q.write(f + '/quantity.ecsv')
print('0')`, folder);
    for (const file of ['space.ecsv', 'comma.ecsv']) {
      const table = parseEcsv(readFileSync(join(folder, file), 'utf8'), file);
      const values = (name: string) => column(table, name).values;
      expect(column(table, 'i')).toMatchObject({ unit: 'km / s', description: 'A long description: with "quotes" and colons, long enough that YAML breaks the line' });
      expect(values('i')).toEqual(Float64Array.of(1, NaN, 3));
      expect(values('big')).toEqual(BigInt64Array.of(2n ** 62n + 1n, -5n, 0n));
      expect(values('u16')).toEqual(Int32Array.of(65535, 0, 1));
      expect(values('f')).toEqual(Float64Array.of(1e-17, NaN, -Infinity));
      expect(values('f4')).toEqual(Float32Array.of(0.1, 2, 3));
      expect(strings(table, 's')).toEqual(['a b', '', 'c"d']);
      expect(values('b')).toEqual([true, false, true]);
      expect(values('m')).toEqual(['x', '', 'z']);
      expect(values('v')).toEqual([Float64Array.of(1, 2), Float64Array.of(3, NaN), Float64Array.of(Infinity, 6)]);
      expect(values('m2')).toEqual([0, 4, 8].map((first) => Float64Array.of(first, first + 1, first + 2, first + 3)));
      expect(values('vs')).toEqual([['a', 'b'], ['c', 'd e'], ['f', '']]);
      expect(values('var')).toEqual([Float64Array.of(1.5), Float64Array.of(2.5, 3.5), Float64Array.of()]);
      expect(table.meta).toEqual({ comments: ['one', 'two'], z: 1e-7, deep: { a: [1, null, true] }, date: '2020-01-01' });
    }
    const quantity = parseEcsv(readFileSync(join(folder, 'quantity.ecsv'), 'utf8'), 'quantity.ecsv');
    expect(column(quantity, 'd').unit).toBe('Mpc');
    expect(numbers(quantity, 'c.dec')).toEqual(Float64Array.of(-30, 40));
    expect(quantity.meta).toEqual({});
  });
});
