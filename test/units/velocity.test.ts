import { describe, expect, it } from 'vitest';
import { redshiftOfVelocity, velocityOfRedshift } from '../../src/units/index.js';
import { describeShared, golden } from '../support/shared.js';

describeShared('velocities of redshifts', () => {
  it('agree with astropy to 1e-10 in every convention', () => {
    const { redshift_vel: want } = golden<{ redshift_vel: Record<'z' | 'v_optical' | 'v_rel' | 'v_log', number[]> }>('units.json');
    want.z.forEach((z, i) => {
      expect(Math.abs(velocityOfRedshift(z, 'optical') / want.v_optical[i]! - 1)).toBeLessThan(1e-10);
      expect(Math.abs(velocityOfRedshift(z, 'relativistic') / want.v_rel[i]! - 1)).toBeLessThan(1e-10);
      expect(Math.abs(velocityOfRedshift(z, 'logarithmic') / want.v_log[i]! - 1)).toBeLessThan(1e-10);
    });
  });
});

describe('a velocity', () => {
  it('leads back to its redshift', () => {
    for (const convention of ['optical', 'relativistic', 'logarithmic'] as const) {
      for (const z of [-0.001, 0, 0.02, 1.5]) expect(redshiftOfVelocity(velocityOfRedshift(z, convention), convention)).toBeCloseTo(z, 13);
    }
  });
});
