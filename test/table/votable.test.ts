import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isZgradError } from '../../src/errors/index.js';
import { column, makeTable, parseVotable, toVotable, type Column } from '../../src/table/index.js';
import { toVounit } from '../../src/table/vounit.js';
import { describePython, runPython } from '../support/shared.js';
import { anyColumns, anyString, plain } from './support.js';

const bins = makeTable([
  { name: 'bin', unit: null, description: 'Number of the bin', values: Int32Array.of(0, 1, 2) },
  { name: 'flux_Ha', unit: '10**-17erg.s**-1.cm**-2', description: 'Flux of "Hα" < 1 & > 0', values: Float64Array.of(1.5, NaN, -1e-300) },
  { name: 'ew', unit: 'Angstrom', description: null, values: Float32Array.of(0.1, Infinity, -Infinity) },
  { name: 'label', unit: null, description: null, values: ['star-forming', ' <a> & "b" ', ''] },
  { name: 'letters', unit: null, description: null, values: ['Å', 'Hα\nHβ', 'x'] },
  { name: 'used', unit: null, description: null, values: [true, false, true] },
  { name: 'id', unit: null, description: null, values: BigInt64Array.of(2n ** 62n + 1n, -1n, 0n) },
  { name: 'short', unit: null, description: null, values: Int16Array.of(1, -2, 3) },
  { name: 'byte', unit: null, description: null, values: Uint8Array.of(1, 2, 255) },
  { name: 'sky', unit: 'deg', description: null, values: [Float64Array.of(1, NaN), Float64Array.of(Infinity, 3), Float64Array.of(0.5, 6)] },
  { name: 'ragged', unit: null, description: null, values: [Int32Array.of(1), Int32Array.of(), Int32Array.of(2, 3)] },
], { description: 'Bins of NGC 1705', object: 'NGC 1705 "α"', redshift: 1e-7, measured: true });

/** A VOTable with one TABLE of these fields and data. */
const votable = (fields: string, data: string) =>
  `<?xml version="1.0"?>\n<VOTABLE version="1.4">\n<RESOURCE>\n<TABLE>\n${fields}\n<DATA>\n${data}\n</DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>\n`;
const rows = (...cells: string[][]) =>
  `<TABLEDATA>\n${cells.map((row) => `<TR>${row.map((cell) => `<TD>${cell}</TD>`).join('')}</TR>`).join('\n')}\n</TABLEDATA>`;

/** What XML can hold of a text. */
const held = (text: string) => {
  // eslint-disable-next-line no-control-regex -- these are the characters in question
  return text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
};

describe('toVotable', () => {
  it('writes description, INFOs, PARAMs and FIELDs in the order of the schema', () => {
    const table = makeTable([plain('x', Float64Array.of(1, NaN))], { z: 0.1, lines: ['Ha', 'Hb'], description: 'A < B', object: 'Å' });
    expect(toVotable(table)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">
      <RESOURCE type="results">
      <TABLE>
      <DESCRIPTION>A &lt; B</DESCRIPTION>
      <INFO name="lines" value="[&quot;Ha&quot;,&quot;Hb&quot;]"/>
      <PARAM name="z" datatype="double" value="0.1"/>
      <PARAM name="object" datatype="unicodeChar" arraysize="*" value="Å"/>
      <FIELD name="x" datatype="double"/>
      <DATA>
      <TABLEDATA>
      <TR><TD>1</TD></TR>
      <TR><TD>NaN</TD></TR>
      </TABLEDATA>
      </DATA>
      </TABLE>
      </RESOURCE>
      </VOTABLE>
      "
    `);
  });
});

describe('parseVotable', () => {
  it('reads back what toVotable wrote: values, types, units, descriptions and meta', () => {
    expect(parseVotable(toVotable(bins), 'bins.xml')).toEqual(bins);
  });

  it('reads back any names, strings, numbers and descriptions', () => {
    fc.assert(fc.property(anyColumns, fc.dictionary(anyString, fc.oneof(anyString, fc.double(), fc.boolean())), (columns, meta) => {
      const expected = columns.map((column): Column => ({
        name: held(column.name), unit: column.unit && toVounit(column.unit),
        description: column.description === null ? null : held(column.description).trim(),
        values: typeof column.values[0] === 'string' ? (column.values as string[]).map(held) : column.values,
      }));
      fc.pre(new Set(expected.map(({ name }) => name)).size === expected.length);
      const { description: _, ['__proto__']: __, ...kept } = meta;
      const params = Object.fromEntries(Object.entries(kept).map(([key, value]) => [held(key), typeof value === 'string' ? held(value) : value]));
      expect(parseVotable(toVotable(makeTable(columns, kept)), 'any.xml')).toEqual(makeTable(expected, params));
    }), { numRuns: 300 });
  });

  it('reads back arrays of strings, less the blanks at their ends', () => {
    const table = makeTable([
      plain('lines', [['Ha', 'Hβ'], ['[OIII] ', '']]),
      plain('flags', [['a'], ['b', 'cd']]),
    ]);
    expect(parseVotable(toVotable(table), 'x.xml').columns.map(({ values }) => values)).toEqual(
      [[['Ha', 'Hβ'], ['[OIII]', '']], [['a'], ['b', 'cd']]]);
  });

  it('reads 100 000 cells in a time that grows with their number', () => {
    const table = makeTable(Array.from({ length: 20 }, (_, i) => plain(`c${i}`, new Float64Array(5000).fill(i))));
    const text = toVotable(table);
    const began = performance.now();
    expect(parseVotable(text, 'long.xml').length).toBe(5000);
    // A fraction of a second; counting the lines anew for every cell took half a minute.
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('reads a table without rows, and one without data', () => {
    const empty = makeTable([plain('x', new Float64Array(0)), plain('s', [])]);
    expect(parseVotable(toVotable(empty), 'empty.xml')).toEqual(empty);
    expect(parseVotable('<VOTABLE><RESOURCE><TABLE><FIELD name="x" datatype="int"/></TABLE></RESOURCE></VOTABLE>', 'x.xml')).toEqual(
      makeTable([plain('x', new Int32Array(0))]));
  });

  it('reads gaps as NaN, whether empty, named as null or a question mark', () => {
    const table = parseVotable(votable(
      '<FIELD name="i" datatype="int"><VALUES null="-99"/></FIELD><FIELD name="f" datatype="double"/><FIELD name="b" datatype="boolean"/>'
      + '<FIELD name="v" datatype="short" arraysize="2"><VALUES null="7"/></FIELD><FIELD name="h" datatype="int"/><FIELD name="p" datatype="bit" arraysize="3"/>',
      rows(['-99', '', 'T', '1 7', '0x1F', '101'], ['2', ' +Inf ', '?', '', '-3', '0 1 1'])), 'gaps.xml');
    expect(table.columns.map(({ values }) => values)).toEqual([
      Float64Array.of(NaN, 2), Float64Array.of(NaN, Infinity), Float64Array.of(1, NaN), [Float64Array.of(1, NaN), Int16Array.of()], Int32Array.of(31, -3),
      [Float64Array.of(1, 0, 1), Float64Array.of(0, 1, 1)]]);
  });

  it('reads gaps in BINARY and BINARY2: named as null, a question mark, flagged', () => {
    const fields = '<FIELD name="i" datatype="int"><VALUES null="-99"/></FIELD><FIELD name="b" datatype="boolean"/>'
      + '<FIELD name="c" datatype="char"/><FIELD name="s" datatype="unicodeChar" arraysize="3"/><FIELD name="v" datatype="short" arraysize="*"/>';
    const stream = (...bytes: number[]) => `<STREAM encoding="base64">\n${btoa(String.fromCharCode(...bytes)).replace(/.{16}/g, '$&\n')}\n</STREAM>`;
    const first = [255, 255, 255, 157, 63, 97, 0x03, 0xb1, 0, 98, 0, 0, 0, 0, 0, 2, 0, 5, 255, 255]; // −99, ?, a, αb, [5, −1]
    const second = [0, 0, 0, 2, 84, 98, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0]; // 2, T, b, c, []
    const rows = [Float64Array.of(NaN, 2), Float64Array.of(NaN, 1), ['a', 'b'], ['αb', 'c'], [Int16Array.of(5, -1), Int16Array.of()]];
    const plainly = parseVotable(votable(fields, `<BINARY>${stream(...first, ...second)}</BINARY>`), 'x.xml');
    expect(plainly.columns.map(({ values }) => values)).toEqual(rows);
    const flagged = parseVotable(votable(fields, `<BINARY2>${stream(0b00001000, ...first, 0b10100000, ...second)}</BINARY2>`), 'x.xml');
    expect(flagged.columns.map(({ values }) => values)).toEqual(
      [Float64Array.of(NaN, NaN), rows[1], ['a', ''], rows[3], [Float64Array.of(NaN, NaN), Int16Array.of()]]);
  });

  it('reads names with a prefix, CDATA, comments, entities and the first table only', () => {
    const table = parseVotable(`<?xml version="1.0"?><!-- made by hand -->
<vot:VOTABLE xmlns:vot="http://www.ivoa.net/xml/VOTable/v1.3"><vot:RESOURCE><vot:INFO name="QUERY_STATUS" value="OK"/>
<vot:TABLE><vot:DESCRIPTION>Two &lt;names&gt; &#937;</vot:DESCRIPTION><vot:PARAM name='z' datatype='float' value='0.5'/><vot:INFO name="by" value="hand"/>
<vot:FIELD ID="a" datatype="char" arraysize="*"><vot:DESCRIPTION> a name </vot:DESCRIPTION></vot:FIELD>
<vot:DATA><vot:TABLEDATA><vot:TR><vot:TD><![CDATA[<b>&]]> c</vot:TD></vot:TR><vot:TR><vot:TD/></vot:TR></vot:TABLEDATA></vot:DATA></vot:TABLE>
<vot:TABLE><vot:FIELD name="second" datatype="int"/></vot:TABLE></vot:RESOURCE></vot:VOTABLE>`, 'prefix.xml');
    expect(table).toEqual(makeTable(
      [{ name: 'a', unit: null, description: 'a name', values: ['<b>& c', ''] }], { description: 'Two <names> Ω', z: 0.5, by: 'hand' }));
  });

  const int = '<FIELD name="a" datatype="int"/>';
  it.each([
    ['no XML', 'a b\n1 2', 'line 1', 'an XML element'],
    ['no VOTable', '<html></html>', 'line 1', '<VOTABLE>'],
    ['no table', '<VOTABLE></VOTABLE>', 'x.xml', '<TABLE>'],
    ['cut short', toVotable(bins).slice(0, 700), 'line', "'"],
    ['an unknown datatype', votable('<FIELD name="a" datatype="floatComplex"/>', rows()), 'line 5', 'double'],
    ['a field without a name', votable('<FIELD datatype="int"/>', rows()), 'line 5', 'name='],
    ['an arraysize that is none', votable('<FIELD name="a" datatype="int" arraysize="2y"/>', rows()), 'line 5', 'sizes'],
    ['a size of nothing', votable('<FIELD name="a" datatype="int" arraysize="0"/>', rows()), 'line 5', 'sizes'],
    ['a cell too many', votable(int, rows(['1'], ['1', '2'])), 'line 9', 'one for every FIELD'],
    ['a cell too few', votable(int + int.replace('"a"', '"b"'), rows(['1'])), 'line 8', '2, one for every FIELD'],
    ['a number that is none', votable(int, rows(['1'], ['x1'])), 'line 9', 'int32'],
    ['a whole number out of range', votable(int, rows(['3000000000'])), 'line 8', 'int32'],
    ['an array of the wrong length', votable('<FIELD name="a" datatype="int" arraysize="3"/>', rows(['1 2'])), 'line 8', '3'],
    ['two numbers in a cell of one', votable(int, rows(['1 2'])), 'line 8', 'one'],
    ['a stream that is elsewhere', votable(int, '<BINARY><STREAM href="http://x.org/y"/></BINARY>'), 'line 7', 'base64'],
    ['a stream that is no base64', votable(int, '<BINARY><STREAM encoding="base64">A?</STREAM></BINARY>'), 'line 7', '+ and /'],
    ['a stream cut short', votable(int, '<BINARY><STREAM encoding="base64">AAAAAQAA</STREAM></BINARY>'), 'line 7', '4 bytes more from byte 4'],
    ['a stream that claims an array of 2³² − 1', votable('<FIELD name="a" datatype="char" arraysize="*"/>', '<BINARY><STREAM encoding="base64">/////w==</STREAM></BINARY>'), 'line 7', '4294967295 bytes more'],
    ['FITS inside', votable(int, '<FITS><STREAM encoding="base64"></STREAM></FITS>'), 'line 7', 'BINARY2'],
    ['the same column twice', votable(int + int, rows(['1', '2'])), 'x.xml', 'name of its own'],
  ])('says where and what was expected: %s', (_, text, where, expected) => {
    try {
      parseVotable(text, 'x.xml');
      expect.unreachable();
    } catch (error) {
      if (!isZgradError(error, 'BadTable')) throw error;
      expect(error.details.where).toContain(where);
      expect(error.details.where).toContain('x.xml');
      expect(error.message).toContain(expected);
    }
  });

  it('throws nothing but its own error on a file cut short or garbled', () => {
    const text = toVotable(bins);
    const binary = votable('<FIELD name="a" datatype="char" arraysize="*"/><FIELD name="b" datatype="float" arraysize="2x*"/>',
      '<BINARY2><STREAM encoding="base64">AAAAAAJhYgAAAAE/gAAAQAAAAIAAAAACYWIAAAAA</STREAM></BINARY2>');
    parseVotable(binary, 'x.xml');
    fc.assert(fc.property(fc.constantFrom(text, binary), fc.nat(), fc.nat(40), fc.oneof(anyString, fc.constantFrom('<TR>', '</TABLE>', '<TABLE>', '&', '"', '>')), (text, at, length, middle) => {
      const from = at % text.length;
      try {
        parseVotable(text.slice(0, from) + middle + text.slice(from + length), 'x.xml');
      } catch (error) {
        if (!isZgradError(error, 'BadTable')) throw error;
      }
    }), { numRuns: 300 });
  });
});

describePython('VOTable beside astropy', () => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'zgrad-votable-')); });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('astropy reads what we write without a warning about the file: values, types, units, descriptions', () => {
    writeFileSync(join(folder, 'ours.xml'), toVotable(bins));
    const read = runPython(`
import json, sys, warnings, numpy as np
warnings.simplefilter('error')
from astropy.units import UnitsWarning
from astropy.io.votable import parse
warnings.simplefilter('ignore', UnitsWarning)  # VOUnits frowns on erg and Angstrom
v = parse(sys.argv[1], verify='exception')
assert v.version == '1.4'
table = v.get_first_table()
t = table.to_table(use_names_over_ids=True)
say = lambda v: [say(x) for x in v] if isinstance(v, list) or getattr(v, 'ndim', 0) else str(v)
print(json.dumps({**{c: [str(t[c].dtype), str(t[c].unit or ''), t[c].description, say(list(t[c]))] for c in t.colnames},
  'description': table.description, 'params': {p.name: say(p.value) for p in table.params}}))`, join(folder, 'ours.xml'));
    // astropy masks NaN (--) and takes the blanks off the ends of a text.
    expect(read).toEqual({
      bin: ['int32', '', 'Number of the bin', ['0', '1', '2']],
      flux_Ha: ['float64', '1e-17 erg / (cm2 s)', 'Flux of "Hα" < 1 & > 0', ['1.5', '--', '-1e-300']],
      ew: ['float32', 'Angstrom', null, ['0.1', 'inf', '-inf']],
      label: ['object', '', null, ['star-forming', '<a> & "b"', '']],
      letters: ['object', '', null, ['Å', 'Hα\nHβ', 'x']],
      used: ['bool', '', null, ['True', 'False', 'True']],
      id: ['int64', '', null, ['4611686018427387905', '-1', '0']],
      short: ['int16', '', null, ['1', '-2', '3']],
      byte: ['uint8', '', null, ['1', '2', '255']],
      sky: ['float64', 'deg', null, [['1.0', '--'], ['inf', '3.0'], ['0.5', '6.0']]],
      ragged: ['object', '', null, [['1'], [], ['2', '3']]],
      description: 'Bins of NGC 1705',
      params: { object: 'NGC 1705 "α"', redshift: '1e-07', measured: 'True' },
    });
  });

  it('we read what astropy writes, in all three serialisations', () => {
    runPython(`
import sys, warnings, numpy as np
warnings.simplefilter('ignore')
from astropy.table import Table, MaskedColumn, Column
f = sys.argv[1]
t = Table()
t['i'] = MaskedColumn(np.array([1, 2, 3], dtype='i4'), mask=[0, 1, 0], unit='km / s', description='a "masked" <one>')
t['big'] = np.array([2**62 + 1, -5, 0])
t['s'] = np.array([1, -2, 3], dtype='i2')
t['u'] = np.array([1, 2, 255], dtype='u1')
t['f'] = np.array([1e-17, np.nan, -np.inf])
t['f4'] = np.array([0.1, 2, 3], dtype='f4')
t['text'] = ['a b', '', 'c"d&<']
t['wide'] = ['Hα', 'x', '']
t['b'] = [True, False, True]
t['v'] = np.array([[1., 2.], [3., np.nan], [np.inf, 6.]])
t['m2'] = np.arange(12, dtype='i4').reshape(3, 2, 2)
t['bv'] = np.array([[True, False] * 5, [False] * 10, [True] * 9 + [False]])
o = np.empty(3, dtype=object); o[:] = [np.ma.array(x, dtype=float, mask=[False]*len(x)) for x in ([1.5], [2.5, 3.5], [])]
t['var'] = Column(o)
from astropy.io.votable import from_table
for kind in ['tabledata', 'binary', 'binary2']:
    v = from_table(t)
    v.get_first_table().get_field_by_id('i').values.null = -99  # otherwise astropy cannot write the gap
    v.to_xml(f'{f}/{kind}.xml', tabledata_format=kind)
print('0')`, folder);
    for (const kind of ['tabledata', 'binary', 'binary2']) {
      const text = readFileSync(join(folder, `${kind}.xml`), 'utf8');
      expect(text).toContain(`<${kind.toUpperCase()}>`);
      const table = parseVotable(text, kind);
      const values = (name: string) => column(table, name).values;
      expect(column(table, 'i')).toMatchObject({ unit: 'km.s-1', description: 'a "masked" <one>' });
      expect(values('i')).toEqual(Float64Array.of(1, NaN, 3));
      expect(values('big')).toEqual(BigInt64Array.of(2n ** 62n + 1n, -5n, 0n));
      expect(values('s')).toEqual(Int16Array.of(1, -2, 3));
      expect(values('u')).toEqual(Uint8Array.of(1, 2, 255));
      expect(values('f')).toEqual(Float64Array.of(1e-17, NaN, -Infinity));
      expect(values('f4')).toEqual(Float32Array.of(0.1, 2, 3));
      expect(values('text')).toEqual(['a b', '', 'c"d&<']);
      expect(values('wide')).toEqual(['Hα', 'x', '']);
      expect(values('b')).toEqual([true, false, true]);
      expect(values('v')).toEqual([Float64Array.of(1, 2), Float64Array.of(3, NaN), Float64Array.of(Infinity, 6)]);
      expect(values('m2')).toEqual([0, 4, 8].map((first) => Int32Array.of(first, first + 1, first + 2, first + 3)));
      expect(values('bv')).toEqual(['1010101010', '0000000000', '1111111110'].map((bits) => Float64Array.from(bits, Number)));
      expect(values('var')).toEqual([Float64Array.of(1.5), Float64Array.of(2.5, 3.5), Float64Array.of()]);
    }
  });
});
