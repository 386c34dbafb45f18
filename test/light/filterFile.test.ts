import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseCurve, filterWeights, filters, linearAxis, parseFilterCurves, curveOf, curveResponse } from '../../src/light/index.js';
import { describeShared, shared } from '../support/shared.js';

const wide = linearAxis(3000, 1, 8000, 'air');

describe('filter curves in text files', () => {
  it('are two columns with comments, blanks or commas, either way round', () => {
    const [curve] = parseFilterCurves('# Å, T\n5000 0.0\n5100  0.5 # top\n\n5200, 0.1\n', 'folder/my_V.dat');
    expect(curve).toEqual({ name: 'my_V', wavelength: Float64Array.of(5000, 5100, 5200), response: Float64Array.of(0, 0.5, 0.1) });
    expect(parseFilterCurves('5200 0.1\n5100 0.5\n5000 0\n', 'my_V.dat')).toEqual([curve]);
  });

  it('are ECSV whose unit is believed', () => {
    const text = '# %ECSV 1.0\n# ---\n# datatype:\n# - {name: w, unit: nm, datatype: float64}\n# - {name: t, datatype: float64}\nw t\n500 0\n510 1\n';
    expect(Array.from(parseFilterCurves(text, 'x.ecsv')[0]!.wavelength, (λ) => Number(λ.toFixed(9)))).toEqual([5000, 5100]);
  });

  it('are many in a FILTER.RES, chosen by number or description', () => {
    const curves = parseFilterCurves('# by someone\n   2 a/first.dat lambda_c= 5.05e+03\n1 5000 0\n2 5100 1\n 2 b/second.dat x\n1 6000 1\n2 6100 0\n', 'FILTER.RES');
    expect(curves.map(({ name }) => name)).toEqual(['a/first.dat lambda_c= 5.05e+03', 'b/second.dat x']);
    expect(chooseCurve(curves, 2, 'FILTER.RES')).toBe(curves[1]);
    expect(chooseCurve(curves, 'FIRST', 'FILTER.RES')).toBe(curves[0]);
    expect(() => chooseCurve(curves, '.dat', 'FILTER.RES')).toThrow("2 filters with '.dat'");
    expect(() => chooseCurve(curves, 3, 'FILTER.RES')).toThrow("no filter '3' among 2");
    expect(() => chooseCurve(curves, undefined, 'FILTER.RES')).toThrow('expected one filter');
  });

  it.each([
    ['', 'no line with numbers'],
    ['5000 0.1\n5100 x\n', 'line 2'],
    ['5000 0.1\n', 'one wavelength'],
    ['5000 0.1\n5200 1\n5100 1\n5300 0', 'a wavelength of 5100 after 5200'],
    ['500 0.1\n510 1\n', 'wavelengths in Å'],
    ['5000 0.1\n5100 -0.5\n', 'a response of -0.5 at 5100'],
    ['5000 0\n5100 0\n', 'no response above 0'],
    ['3 a/filter.dat x\n1 5000 0\n2 5100 1\n', '2 lines of'],
  ])('are refused with the place when malformed: %j', (text, message) => {
    expect(() => parseFilterCurves(text, 'bad.txt')).toThrow(message);
  });
});

describeShared('published filter files', () => {
  const folder = shared('data', 'filters', 'speclite');

  it('of speclite are all read; V has its published pivot, and g, r, i those of the tabulated curves to 3 Å', () => {
    const curves = new Map(readdirSync(folder).map((file) => [file, parseFilterCurves(readFileSync(`${folder}/${file}`, 'utf8'), file)[0]!]));
    expect(curves.size).toBe(31);
    const pivot = (file: string) => filterWeights(curves.get(file)!, [wide]).pivot;
    // Bessell & Murphy (2012) give 5479 Å for Johnson V; whether a table is of photons or of energy moves it by 20 Å.
    expect(Math.abs(pivot('bessell-V.ecsv') - 5479)).toBeLessThan(25);
    for (const band of ['g', 'r', 'i'] as const) {
      expect(Math.abs(pivot(`sdss2010-${band}.ecsv`) - filterWeights(curveOf(filters[band]), [wide]).pivot)).toBeLessThan(3);
    }
  });

  it('of EAZY are all read, as many as the index lists', () => {
    const curves = parseFilterCurves(readFileSync(shared('data', 'filters', 'FILTER.RES.txt'), 'utf8'), 'FILTER.RES');
    const index = readFileSync(shared('data', 'filters', 'FILTER.RES.info.txt'), 'utf8').split('\n').filter((line) => /^\d/.test(line));
    expect(curves.length).toBe(index.length);
    const f814 = chooseCurve(curves, 6, 'FILTER.RES');
    expect(f814.name).toContain('f814w_t77');
    // The index says lambda_c = 8059.9 Å, another mean than the pivot.
    expect(Math.abs(filterWeights(f814, [wide]).pivot - 8059.9)).toBeLessThan(30);
    expect(curveResponse(f814, 3000)).toBe(0);
  });
});
