import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../src/units/index.js';

const radius = (text: string | number) => parseQuantity(text, ['kpc', 'arcsec'], 'effectiveRadius');

describe('a quantity written by people', () => {
  it.each([
    ['0.43 kpc', 0.43, 'kpc'], ['0.43kpc', 0.43, 'kpc'], ['430 pc', 0.43, 'kpc'], ['6.85 arcsec', 6.85, 'arcsec'], ['6.85"', 6.85, 'arcsec'],
    ['6.85″', 6.85, 'arcsec'], ['0.5 arcmin', 30, 'arcsec'], ['1.5e-3 Mpc', 1.5, 'kpc'], ['.5 kpc', 0.5, 'kpc'], ['5. kpc', 5, 'kpc'], ['+2 kpc', 2, 'kpc'],
  ])("'%s' is %s %s", (text, value, unit) => {
    const got = radius(text);
    expect(got.unit).toBe(unit);
    expect(got.value).toBeCloseTo(value, 12);
  });

  it('in the unit that was asked for keeps its digits', () => {
    expect(parseQuantity('5.10 Mpc', ['Mpc'], 'distance')).toEqual({ value: 5.1, unit: 'Mpc' });
  });

  it('as a bare number takes the default unit where there is one', () => {
    expect(parseQuantity(21, ['Mpc'], 'distance', { bare: 'Mpc' })).toEqual({ value: 21, unit: 'Mpc' });
    expect(parseQuantity('21', ['Mpc'], 'distance', { bare: 'Mpc' })).toEqual({ value: 21, unit: 'Mpc' });
  });

  it.each([
    [0.43, 'without a unit'], ['kpc', 'does not begin with a number'], ['0.43 km/s', "'0.43 km/s'"], ['0.43 kpx', 'kpx'], ['', 'does not begin with a number'],
  ])("'%s' is refused with what was found, where, and what to write", (text, wrong) => {
    expect(() => radius(text)).toThrow(expect.objectContaining({ tag: 'BadUnit', message: expect.stringContaining(wrong) }));
    expect(() => radius(text)).toThrow(/^effectiveRadius: found .*; expected/);
  });
});
