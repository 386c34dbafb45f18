import { expect, it } from 'vitest';
import { isZgradError } from '../../src/errors/index.js';
import { evaluateLegendre, fitLegendre, legendreBasis } from '../../src/numeric/index.js';
import { describeShared, golden } from '../support/shared.js';

interface Golden {
  readonly legvander: { readonly x: number[]; readonly deg: number; readonly V: number[][] };
  readonly legval: { readonly c: number[]; readonly y: number[] };
  readonly legfit: { readonly y: number[]; readonly c: number[] };
}

describeShared('Legendre series, against numpy to 1e-10', () => {
  const { legvander: { x, deg, V }, legval, legfit } = golden<Golden>('numerics.json');
  it('basis', () => {
    legendreBasis(x, deg).forEach((column, k) => column.forEach((value, i) => expect(Math.abs(value - V[i]![k]!)).toBeLessThan(1e-10)));
  });
  it('sum', () => {
    x.forEach((at, i) => expect(Math.abs(evaluateLegendre(legval.c, at) - legval.y[i]!)).toBeLessThan(1e-10));
  });
  it('least-squares fit', () => {
    fitLegendre(x, legfit.y, legfit.c.length - 1).forEach((value, k) => expect(Math.abs(value - legfit.c[k]!)).toBeLessThan(1e-10));
  });
});

it('P₅(0.3) = 0.34538625; a degree 0 is a constant; no coefficients sum to 0', () => {
  expect(legendreBasis([0.3], 5)[5]![0]).toBeCloseTo(0.34538625, 14);
  expect(legendreBasis([0.3, 0.4], 0)).toEqual([Float64Array.of(1, 1)]);
  expect(evaluateLegendre([], 0.3)).toBe(0);
});

it('a fit of NaN is NaN; one with too few places is refused', () => {
  expect(Array.from(fitLegendre([-1, 0, 1], [0, NaN, 1], 1))).toEqual([NaN, NaN]);
  expect(() => fitLegendre([0, 0, 1], [0, 1, 1], 2)).toThrow(expect.toSatisfy((error) => isZgradError(error, 'BadArgument')));
});
