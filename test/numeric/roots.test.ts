import { describe, expect, it } from 'vitest';
import { brent, rootsInInterval } from '../../src/numeric/index.js';

describe('brent', () => {
  it.each([
    ['cos x = x', (x: number) => Math.cos(x) - x, 0, 1, 0.7390851332151607],
    ['x³ = 2', (x: number) => x ** 3 - 2, 0, 10, Math.cbrt(2)],
    ['a root at an end', (x: number) => x - 1, 1, 3, 1],
    ['ends given backwards', (x: number) => x - 1.25, 3, -3, 1.25],
    ['a flat ninth power', (x: number) => (x - 0.5) ** 9, 0, 1.1, 0.5],
    ['a step', (x: number) => x < 0.3 ? -1 : 1, 0, 1, 0.3],
    ['a tiny root', (x: number) => Math.expm1(x) - 1e-20, -1, 1, 1e-20],
  ])('finds %s', (_, f, a, b, root) => {
    // 1e-14 relative; the ninth power is zero to rounding within about 1e-2 of its root.
    const tolerance = root === 0.5 ? 2e-2 : 3e-14 * Math.abs(root);
    expect(Math.abs(brent(f, a, b) - root)).toBeLessThanOrEqual(tolerance);
  });

  it('needs few evaluations of a smooth function', () => {
    let calls = 0;
    brent((x) => { calls++; return Math.exp(x) - 5; }, -10, 10);
    expect(calls).toBeLessThan(20);
  });

  it('is NaN without a change of sign or with a function that is not a number', () => {
    expect(brent((x) => x * x + 1, -1, 1)).toBeNaN();
    expect(brent(() => NaN, -1, 1)).toBeNaN();
    expect(brent((x) => Math.abs(x) < 0.9 ? NaN : x, -1, 1)).toBeNaN();
  });
});

describe('rootsInInterval', () => {
  it('finds every root in order, ends and grid points included', () => {
    const roots = rootsInInterval((x) => x * (x - 1) * (x - 2) * (x - 3), 0, 3);
    expect(roots).toHaveLength(4);
    roots.forEach((root, k) => expect(root).toBeCloseTo(k, 12));
  });

  it('finds both branches of a double-valued abundance calibration and none above its maximum', () => {
    const r23 = (x: number) => 0.9 - 0.4 * (x - 8.1) ** 2;
    expect(rootsInInterval((x) => r23(x) - 0.8, 7, 9.5).map((x) => x.toFixed(6))).toEqual(['7.600000', '8.600000']);
    expect(rootsInInterval((x) => r23(x) - 0.95, 7, 9.5)).toEqual([]);
  });

  it('passes over where the function is not a number', () => {
    expect(rootsInInterval((x) => Math.log(x) * (x - 2), -1, 4, 100).map((x) => x.toFixed(9))).toEqual(['1.000000000', '2.000000000']);
  });
});
