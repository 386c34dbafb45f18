import { describe, expect, it } from 'vitest';
import { atomicMass, effectiveYield, gasFraction, gasMass, metallicity, molecularMass } from '../../src/evolution/index.js';

describe('gas masses', () => {
  it('are those of the published formulas', () => {
    expect(atomicMass(5, 10)).toBeCloseTo(1.178e8, 0);
    expect(molecularMass(0.1)).toBeCloseTo(7.142857143e7, 1);
  });
});

describe('effective yield', () => {
  it('is that of NGC1796 from its masses, star formation and abundance', () => {
    const molecular = molecularMass(10 ** -0.99);
    expect(molecular / 7.309235659e7).toBeCloseTo(1, 9);
    const gas = gasMass(10 ** 8.33, molecular);
    const fraction = gasFraction(gas, 10 ** 9.14);
    expect(fraction).toBeCloseTo(0.2191000208, 9);
    expect(Math.log10(effectiveYield(8.76, fraction))).toBeCloseTo(-2.342155447, 8);
  });

  it('has three normalisations of the mass fraction of oxygen', () => {
    expect(metallicity(8.69)).toBeCloseTo(0.005877345832, 11);
    expect(metallicity(8.69, 'PS11')).toBeCloseTo(0.005830914276, 11);
    expect(metallicity(8.69, 'helium')).toBeCloseTo(0.005691473183, 11);
  });

  it('is missing without gas and without stars', () => {
    expect(effectiveYield(8.5, 0)).toBeNaN();
    expect(effectiveYield(8.5, 1)).toBeNaN();
    expect(effectiveYield(8.5, NaN)).toBeNaN();
  });
});
