import { describe, expect, it } from 'vitest';
import { kinematicPositionAngle } from '../../src/disk/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';
import { rotator, systemic, turn, withHoles } from './rotators.js';

describe('kinematicPositionAngle', () => {
  it.each([0, 35, 90, 145, 180, 235, 290, 359])('finds the receding side of a field without noise: %d°', (positionAngle) => {
    const found = kinematicPositionAngle(rotator({ positionAngle, noise: false }));
    // What piecewise linear radial functions leave is less than a hundredth of what 400 bins of errors 5 know.
    expect(Math.abs(turn(found.positionAngle, positionAngle))).toBeLessThan(0.1);
    expect(Math.abs(found.systemicVelocity - systemic)).toBeLessThan(0.1); // the bins know it to 0.25
    expect(found.reason).toBeNull();
  });

  it('is exact for solid rotation, which its functions hold', () => {
    const field = rotator({ bins: 100, inclination: 0.001, noise: false });
    const solid = { ...field, velocity: field.east.map((east, i) => 3 + 40 * (east * Math.sin(1) + field.north[i]! * Math.cos(1))) };
    const found = kinematicPositionAngle(solid);
    expect(found.positionAngle).toBeCloseTo(180 / Math.PI, 3);
    expect(found.systemicVelocity).toBeCloseTo(3, 5);
  });

  // 200 fields know a mean to 0.07 and a width to 0.05.
  it.each([[40, 45, 25], [150, 60, 30], [400, 30, 8], [400, 65, 3]])('has pulls of width 0.8 to 1.3: %d bins, inclination %d°, errors %d km/s', (bins, inclination, error) => {
    const found = Array.from({ length: 200 }, (_, seed) => {
      const positionAngle = 360 * createRandom(seed, 'angle').uniform();
      const { positionAngle: angle, error: sigma, systemicVelocity, systemicError } = kinematicPositionAngle(rotator({ seed, bins, inclination, error, positionAngle }));
      return { angle: turn(angle, positionAngle) / sigma, systemic: (systemicVelocity - systemic) / systemicError };
    });
    for (const name of ['angle', 'systemic'] as const) {
      const pulls = found.map((row) => row[name]);
      expect(Math.abs(mean(pulls))).toBeLessThan(0.3);
      expect(standardDeviation(pulls)).toBeGreaterThan(0.8);
      expect(standardDeviation(pulls)).toBeLessThan(1.3);
    }
  });

  it('leaves out masked bins and those that are not numbers, to the last digit', () => {
    const field = rotator();
    expect(kinematicPositionAngle(withHoles(field))).toEqual(kinematicPositionAngle(field));
  });

  it('says tooFewBins, and noRotation where there is none', () => {
    expect(kinematicPositionAngle(rotator({ bins: 14 }))).toMatchObject({ positionAngle: NaN, reason: 'tooFewBins', bins: 14 });
    expect(kinematicPositionAngle({ east: [], north: [], velocity: [], velocityError: [] }).reason).toBe('tooFewBins');
    const noise = Array.from({ length: 40 }, (_, seed) => kinematicPositionAngle(rotator({ seed, maximum: 0, bins: 200 })).reason);
    expect(noise.filter((reason) => reason === 'noRotation').length).toBeGreaterThanOrEqual(38); // five standard deviations of a skew sum
    const still = rotator({ bins: 30 });
    expect(kinematicPositionAngle({ ...still, velocity: still.velocity.map(() => 12) }).reason).toBe('noRotation');
    expect(kinematicPositionAngle({ ...still, east: still.east.map(() => 0), north: still.east.map(() => 0) }).reason).not.toBeNull();
  });
});
