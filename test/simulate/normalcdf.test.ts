import { expect, it } from 'vitest';
import { erf } from '../../src/numeric/index.js';
import { normalCdf } from '../../src/simulate/normalcdf.js';

it('the tabulated normal distribution agrees with erf to 4e-9 everywhere', () => {
  let worst = 0;
  for (let t = -8; t <= 8; t += 0.00137) worst = Math.max(worst, Math.abs(normalCdf(t) - 0.5 * (1 + erf(t / Math.SQRT2))));
  expect(worst).toBeLessThan(4e-9);
  expect(normalCdf(-Infinity)).toBe(0);
  expect(normalCdf(Infinity)).toBe(1);
});
