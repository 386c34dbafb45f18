import fc from 'fast-check';
import { expect, it } from 'vitest';
import { norm, reflect, reflectionOf } from '../../src/numeric/householder.js';

it('a reflection turns a column into one row, keeps what is before it, all lengths, and is its own inverse', () => {
  const value = fc.integer({ min: -500, max: 500 }).map((x) => x / 100);
  fc.assert(fc.property(fc.array(fc.tuple(value, value), { minLength: 2, maxLength: 12 }), fc.nat(10), fc.constantFrom(1e-140, 1, 1e140), (pairs, at, scale) => {
    const from = at % (pairs.length - 1);
    const [column, other] = [Float64Array.from(pairs, ([a]) => a * scale), Float64Array.from(pairs, ([, b]) => b)];
    const reflection = reflectionOf(column, from);
    const long = norm(column, from);
    if (!reflection) {
      expect(long).toBe(0);
      return;
    }
    const [turned, image] = [column.slice(), other.slice()];
    reflect(reflection, turned, from);
    reflect(reflection, image, from);
    expect([...turned.subarray(0, from)]).toEqual([...column.subarray(0, from)]);
    expect(Math.abs(Math.abs(turned[from]!) - long)).toBeLessThan(1e-14 * long);
    for (let i = from + 1; i < turned.length; i++) expect(Math.abs(turned[i]!)).toBeLessThan(1e-14 * long);
    expect(Math.abs(norm(image) - norm(other))).toBeLessThan(1e-13);
    reflect(reflection, image, from);
    image.forEach((x, i) => expect(Math.abs(x - other[i]!)).toBeLessThan(1e-13));
  }));
});

it('a length neither overflows nor vanishes on the way', () => {
  expect(norm(Float64Array.of(3e200, 4e200)) / 5e200).toBeCloseTo(1, 14);
  expect(norm(Float64Array.of(3e-200, 4e-200)) / 5e-200).toBeCloseTo(1, 14);
  expect(norm(new Float64Array(3))).toBe(0);
  expect(norm(Float64Array.of(1, 2, 2, 100), 0, 3)).toBe(3);
  expect(norm(Float64Array.of(1, Infinity))).toBe(Infinity);
  expect(norm(Float64Array.of(1, Number.NaN))).toBeNaN();
});
