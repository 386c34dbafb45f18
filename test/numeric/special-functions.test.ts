import { describe, expect, it } from 'vitest';
import {
  erf, erfc, evaluatePolynomial, incompleteBeta, incompleteGamma, incompleteGammaUpper, logGamma,
} from '../../src/numeric/index.js';
import { describePython, describeShared, golden, runPython } from '../support/shared.js';

/** Relative distance, absolute where the expected value is 0. */
const off = (found: number, expected: number) => Math.abs(found - expected) / (Math.abs(expected) || 1);

describe('special functions', () => {
  // Reference values to full double precision; 1e-13 is the accuracy promised.
  it.each([
    ['erf(0.5)', erf(0.5), 0.5204998778130465],
    ['erfc(3)', erfc(3), 2.2090496998585445e-5],
    ['ln Γ(3.7)', logGamma(3.7), 1.428072326665388],
    ['P(2.5, 1.3)', incompleteGamma(2.5, 1.3), 0.23863473215498604],
    ['P(2, b₁) of the exponential disc', incompleteGamma(2, 1.6783469900166612), 0.5],
    ['I_0.4(2, 3)', incompleteBeta(2, 3, 0.4), 0.5248],
    ['Q(1, 2.995), the tail of χ²', incompleteGammaUpper(1, 5.99 / 2), 0.05003662708658629],
    ["I(10, 1/2), the tail of Student's t", incompleteBeta(10, 0.5, 20 / (20 + 2.5 ** 2)), 0.021233545439132393],
  ])('%s is right to 1e-13', (_, found, expected) => {
    expect(off(found, expected)).toBeLessThan(1e-13);
  });

  it('keep their limits and symmetries', () => {
    expect(erf(0)).toBe(0);
    expect(erf(-1.3)).toBe(-erf(1.3));
    expect(erf(30)).toBe(1);
    expect(erfc(30)).toBe(0);
    expect(erfc(-30)).toBe(2);
    expect(erf(Infinity)).toBe(1);
    expect(incompleteGamma(2, 0)).toBe(0);
    expect(incompleteGamma(2, Infinity)).toBe(1);
    expect(incompleteBeta(2, 3, 0)).toBe(0);
    expect(incompleteBeta(2, 3, 1)).toBe(1);
    expect(logGamma(1)).toBe(0);
  });

  it('are NaN outside their domain', () => {
    for (const value of [
      erf(NaN), erfc(NaN), logGamma(0), logGamma(-1.5), incompleteGamma(-1, 1), incompleteGamma(1, -1),
      incompleteGammaUpper(0, 1), incompleteBeta(0, 1, 0.5), incompleteBeta(1, 1, 1.5), incompleteBeta(1, 1, NaN),
    ]) expect(value).toBeNaN();
  });

  it('evaluate a polynomial of ascending powers', () => {
    expect(evaluatePolynomial([1, -2, 0, 4], 0.5)).toBe(0.5);
    expect(evaluatePolynomial([], 3)).toBe(0);
  });
});

describeShared('special functions beside scipy, golden values', () => {
  it('agree to 1e-9', () => {
    const { distributions } = golden<{ distributions: Record<'erf' | 'gammaln' | 'betainc', number[][]> }>('stats.json');
    for (const [x, value] of distributions.erf) expect(off(erf(x!), value!)).toBeLessThan(1e-14);
    for (const [x, value] of distributions.gammaln) expect(off(logGamma(x!), value!)).toBeLessThan(1e-13);
    for (const [a, b, x, value] of distributions.betainc) expect(off(incompleteBeta(a!, b!, x!), value!)).toBeLessThan(1e-12);
  });
});

describePython('special functions beside scipy, on grids', () => {
  it('agree to 2e-12 relative, tails included', () => {
    const grid = { x: [1e-3, 0.1, 0.46, 0.47, 0.9, 1.5, 2.7, 3.99, 4.01, 6, 12, 26], a: [0.05, 0.5, 1, 2.5, 9, 40, 300] };
    const expected = runPython<Record<string, number[][]>>(`
import json, sys, numpy as np
from scipy import special as s
g = json.loads(sys.argv[1]); x, a = np.array(g['x']), np.array(g['a'])[:, None]
u = x/(1 + x)
print(json.dumps({k: np.atleast_2d(v).tolist() for k, v in dict(erf=s.erf(x), erfc=s.erfc(x), erfcm=s.erfc(-x), logGamma=s.gammaln(x),
  P=s.gammainc(a, x), Q=s.gammaincc(a, x), I=s.betainc(a, 1.7, u), J=s.betainc(0.5, a, u)).items()}))`, JSON.stringify(grid));
    const row = (f: (x: number) => number) => [grid.x.map(f)];
    const table = (f: (a: number, x: number) => number) => grid.a.map((a) => grid.x.map((x) => f(a, x)));
    const found: Record<string, number[][]> = {
      erf: row(erf), erfc: row(erfc), erfcm: row((x) => erfc(-x)), logGamma: row(logGamma),
      P: table(incompleteGamma), Q: table(incompleteGammaUpper),
      I: table((a, x) => incompleteBeta(a, 1.7, x / (1 + x))), J: table((a, x) => incompleteBeta(0.5, a, x / (1 + x))),
    };
    for (const [name, rows] of Object.entries(found)) {
      rows.forEach((values, i) => values.forEach((value, k) => {
        expect(off(value, expected[name]![i]![k]!), `${name} at ${grid.a[i]}, ${grid.x[k]}`).toBeLessThan(2e-12);
      }));
    }
  });
});
