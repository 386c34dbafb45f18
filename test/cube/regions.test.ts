import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRegions, parseRegions, type Region } from '../../src/cube/index.js';

const number = fc.double({ min: 0.001, max: 359, noNaN: true });
const sizes = { circle: 1, ellipse: 2, box: 2, annulus: 2, polygon: 0 } as const;
const region = fc.record({ shape: fc.constantFrom(...(Object.keys(sizes) as Region['shape'][])), frame: fc.constantFrom('sky', 'image', 'physical'), exclude: fc.boolean(), values: fc.array(number, { minLength: 12, maxLength: 12 }), unit: fc.constantFrom('arcsec', 'pixel') })
  .map(({ shape, frame, exclude, values, unit }): Region => ({
    shape, frame: frame as Region['frame'], exclude, angle: shape === 'ellipse' || shape === 'box' ? values[0]! : 0,
    points: (shape === 'polygon' ? [1, 2, 3, 4] : [1]).map((k) => [values[2 * k]!, values[2 * k + 1]!] as const),
    sizes: Array.from({ length: sizes[shape] }, (_, k) => ({ value: values[10 + k]!, unit: unit as 'arcsec' | 'pixel' })),
  }));

describe('DS9 region files', () => {
  it('come back as they were written, to the last bit', () => {
    fc.assert(fc.property(fc.array(region, { minLength: 1, maxLength: 6 }), (regions) => {
      expect(parseRegions(formatRegions(regions), 'mask.reg')).toEqual(regions);
    }));
  });

  it('carry notes that cannot break them', () => {
    const circle: Region = { shape: 'circle', frame: 'image', exclude: false, points: [[10, 20]], sizes: [{ value: 3, unit: 'pixel' }], angle: 0 };
    const text = formatRegions([{ ...circle, note: 'star: } ; box(1,1,2,2)\nred' }]);
    expect(text).toBe('# Region file format: DS9 version 4.1\nimage\ncircle(10,20,3) # text={star:     box(1,1,2,2) red}\n');
    expect(parseRegions(text, 'mask.reg')).toEqual([circle]);
  });
});
