import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { akima, cubicSpline, interpolateLinear, locate, pchip } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

type Row = readonly number[];
interface Golden { readonly interp: { readonly [name in 'x' | 'y' | 'xn' | 'linear' | 'cubic_notaknot' | 'cubic_natural' | 'pchip' | 'akima']: Row } }

const curves = {
  'not-a-knot spline': cubicSpline,
  'natural spline': (x: ArrayLike<number>, y: ArrayLike<number>) => cubicSpline(x, y, 'natural'),
  PCHIP: pchip,
  Akima: akima,
};

describeShared('interpolation, against numpy and scipy', () => {
  const { x, y, xn, ...expected } = golden<Golden>('numerics.json').interp;
  const held = xn.map((at) => Math.min(Math.max(at, x[0]!), x[x.length - 1]!));
  // 1e-10 relative to the values, which reach 40 where the outer cubics are followed a long way out; the peer's Akima holds the end values there.
  it.each([
    ['straight lines', interpolateLinear(x, y, xn), expected.linear],
    ['the not-a-knot spline', cubicSpline(x, y).evaluate(xn), expected.cubic_notaknot],
    ['the natural spline', cubicSpline(x, y, 'natural').evaluate(xn), expected.cubic_natural],
    ['PCHIP', pchip(x, y).evaluate(xn), expected.pchip],
    ['Akima', akima(x, y).evaluate(held), expected.akima],
  ] as const)('%s agree to 1e-10', (_, got, wanted) => {
    got.forEach((value, i) => expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-10 * Math.max(1, Math.abs(wanted[i]!))));
  });
});

const knots = fc.array(fc.tuple(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 2, maxLength: 12 })
  .map((steps) => ({ x: steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, [step]) => sum + step, 0)), y: steps.map(([, value]) => value) }));

it('the interval of a place is the same from every hint', () => {
  fc.assert(fc.property(knots, fc.double({ min: -1, max: 40 }), fc.nat(11), ({ x }, at, hint) => {
    const i = locate(x, at);
    expect(locate(x, at, Math.min(hint, x.length - 2))).toBe(i);
    expect(x[i]! <= at || i === 0 || Number.isNaN(at)).toBe(true);
    expect(at < x[i + 1]! || i === x.length - 2 || Number.isNaN(at)).toBe(true);
  }));
});

it.each(Object.entries(curves))('%s goes through its knots exactly and is exact for a straight line, for any number of knots', (_, curve) => {
  fc.assert(fc.property(knots, ({ x, y }) => {
    expect(Array.from(curve(x, y).evaluate(x.slice(0, -1)))).toEqual(y.slice(0, -1));
    const line = curve(x, x.map((at) => 3 - 2 * at));
    // Knots are 0.1 to 3 apart and values below 80: 1e-9 leaves five digits for rounding.
    line.evaluate([x[0]! - 1, x[0]! + 0.05, x[x.length - 1]! + 1]).forEach((value, i) => {
      expect(Math.abs(value - (3 - 2 * [x[0]! - 1, x[0]! + 0.05, x[x.length - 1]! + 1][i]!))).toBeLessThan(1e-9);
    });
  }));
});

it.each(Object.entries(curves))('the integral of %s is that of its values, its derivative their change', (_, curve) => {
  const x = [0, 0.7, 1.1, 2.5, 3, 4.2];
  const one = curve(x, [1, -0.5, 2, 2.2, 0, 1]);
  const [from, to, n] = [-0.3, 4.5, 4096];
  // Simpson's rule is exact for cubics; panels that hold a knot err by the cube of their width, 1e-9.
  const at = Float64Array.from({ length: 2 * n + 1 }, (_, i) => from + ((to - from) * i) / (2 * n));
  const simpson = one.evaluate(at).reduce((sum, value, i) => sum + value * (i === 0 || i === 2 * n ? 1 : i % 2 ? 4 : 2), 0) * (to - from) / (6 * n);
  expect(Math.abs(one.integral(from, to) - simpson)).toBeLessThan(1e-7);
  expect(one.integral(to, from)).toBe(-one.integral(from, to));
  const [left, middle, right] = one.evaluate([1.7 - 1e-5, 1.7, 1.7 + 1e-5]);
  expect(Math.abs(one.derivative([1.7])[0]! - (right! - left!) / 2e-5)).toBeLessThan(1e-8);
  expect(middle).toBeGreaterThan(1);
});

it('cubics are their own not-a-knot spline, beyond the ends too', () => {
  const cubic = (t: number): number => 1 - t + 0.5 * t * t - 0.1 * t ** 3;
  const x = [0, 1, 1.5, 3, 4];
  cubicSpline(x, x.map(cubic)).evaluate([-1, 0.5, 2, 5]).forEach((value, i) => expect(value).toBeCloseTo(cubic([-1, 0.5, 2, 5][i]!), 12));
  const parabola = (t: number): number => 2 - t * t;
  expect(cubicSpline([0, 1, 3], [0, 1, 3].map(parabola)).evaluate([2])[0]).toBeCloseTo(-2, 13);
});

it('PCHIP stays between its knots', () => {
  fc.assert(fc.property(knots, fc.double({ min: 0, max: 1, noNaN: true }), ({ x, y }, share) => {
    const curve = pchip(x, y);
    x.slice(1).forEach((right, i) => {
      const value = curve.evaluate([x[i]! + share * (right - x[i]!)])[0]!;
      expect(value).toBeGreaterThanOrEqual(Math.min(y[i]!, y[i + 1]!) - 1e-12 * 10);
      expect(value).toBeLessThanOrEqual(Math.max(y[i]!, y[i + 1]!) + 1e-12 * 10);
    });
  }));
});

it('a NaN touches only its own intervals of straight lines', () => {
  expect(Array.from(interpolateLinear([0, 1, 2, 3, 4], [0, 1, NaN, 3, 4], [0.5, 1, 1.5, 2.5, 3, 3.5, 9, NaN]))).toEqual([0.5, 1, NaN, NaN, 3, 3.5, 4, NaN]);
});

it.each([[[1, 1], [0, 0]], [[1, 2], [0]], [[2, 1, 3], [0, 0, 0]], [[1], [1]], [[1, NaN], [0, 0]]])('refuses knots %j with values %j', (x, y) => {
  for (const curve of Object.values(curves)) expect(() => curve(x, y)).toThrow(expect.toSatisfy((error) => isZgradError(error, 'BadArgument')));
});
