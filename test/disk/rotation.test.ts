import { describe, expect, it } from 'vitest';
import { axisProfiles, curveOf, fitRotation, freemanCurve, rotatingFraction, rotationVelocity, tiltedRings } from '../../src/disk/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';
import { rotator, systemic, turn, withHoles } from './rotators.js';

const sinI = Math.sin(50 * Math.PI / 180);

describe('rotation curves', () => {
  // Σ0 = 1e9 Msun/kpc², R_d = 1 kpc (Freeman 1970, by scipy's Bessel functions): V_max = 0.8798243040 √(πGΣ0R_d).
  it('is that of a thin exponential disc', () => {
    const table = [[0.5, 60.78027885], [1, 86.66838102], [2, 102.0984872], [2.2, 102.2531211], [4, 89.62392125], [10, 53.48024057]] as const;
    const peak = 102.2531211 / freemanCurve(2.2);
    for (const [radius, velocity] of table) expect(peak * freemanCurve(radius)).toBeCloseTo(velocity, 6);
    expect(freemanCurve(2.150053544)).toBeCloseTo(1, 9);
    expect(freemanCurve(2.1)).toBeLessThan(1);
    expect(freemanCurve(0)).toBe(0);
    expect(freemanCurve(1e4)).toBeCloseTo(Math.sqrt(1 / 1e4) * freemanCurve(1e6) * 1e3, 4); // a point mass from afar
    expect(rotationVelocity('arctan', 1, 100, 1)).toBeCloseTo(50, 12);
  });
});

describe('fitRotation', () => {
  it.each(['arctan', 'exponential'] as const)('gives back a field without noise: %s', (model) => {
    const truth = { model, maximum: 150, scale: model === 'arctan' ? 0.3 : 0.7, inclination: 50, positionAngle: 250, centre: [0.05, -0.03] as const };
    const found = fitRotation(rotator({ ...truth, noise: false }), {
      model, inclination: 40, positionAngle: 235, free: ['positionAngle', 'inclination', 'systemicVelocity', 'centre'],
    });
    expect(found.reason).toBeNull();
    // The table of the exponential curve is right to 1e-9; the fit ends when χ² changes by 1e-8.
    expect(found.maximum.value).toBeCloseTo(150, 3);
    expect(found.scale.value).toBeCloseTo(truth.scale, 5);
    expect(found.inclination.value).toBeCloseTo(50, 3);
    expect(found.positionAngle.value).toBeCloseTo(250, 3);
    expect(found.systemicVelocity.value).toBeCloseTo(systemic, 3);
    expect(found.centre[0].value).toBeCloseTo(0.05, 5);
    expect(found.scatter).toBe(0);
    expect(curveOf(found, [1])[0]).toBeCloseTo(rotationVelocity(model, 1, 150, truth.scale), 3);
  });

  // 200 fields know a width to 0.05.
  it.each([
    ['arctan', 150, 8, 0, false], ['exponential', 300, 8, 0, true], ['arctan', 300, 5, 12, false],
  ] as const)('has pulls of width 0.8 to 1.3: %s, %d bins, errors %d and a scatter of %d km/s', (model, bins, error, scatter, tilted) => {
    const scale = model === 'arctan' ? 0.3 : 0.7;
    const found = Array.from({ length: 200 }, (_, seed) => {
      const noise = rotator({ seed: seed + 5000, bins, error: 1, maximum: 0 }); // its scatter is drawn from errors of 0.5 to 1.5
      const field = rotator({ seed, bins, error, model, scale });
      const velocity = field.velocity.map((v, i) => v + scatter * (noise.velocity[i]! - systemic) / noise.velocityError[i]!);
      return fitRotation({ ...field, velocity }, { model, inclination: 50, positionAngle: 77, systemicVelocity: 10, free: tilted ? ['positionAngle', 'systemicVelocity', 'inclination', 'centre'] : undefined });
    });
    const pulls: Record<string, number[]> = {
      maximum: found.map((fit) => (fit.maximum.value - 150) / fit.maximum.error),
      scale: found.map((fit) => (fit.scale.value - scale) / fit.scale.error),
      angle: found.map((fit) => turn(fit.positionAngle.value, 70) / fit.positionAngle.error),
      systemic: found.map((fit) => (fit.systemicVelocity.value - systemic) / fit.systemicVelocity.error),
      outer: found.map((fit) => (fit.outerSinI.value - rotationVelocity(model, fit.outerRadius, 150 * sinI, scale)) / fit.outerSinI.error),
      ...(tilted && { inclination: found.map((fit) => (fit.inclination.value - 50) / fit.inclination.error), centre: found.map((fit) => fit.centre[0].value / fit.centre[0].error) }),
    };
    for (const [name, values] of Object.entries(pulls)) {
      expect(Math.abs(mean(values)), name).toBeLessThan(0.35);
      expect(standardDeviation(values), name).toBeGreaterThan(0.8);
      expect(standardDeviation(values), name).toBeLessThan(1.3);
    }
    // 300 bins know a scatter of 12 beside errors of 5 to 5 %.
    if (scatter > 0) expect(Math.abs(mean(found.map((fit) => fit.scatter)) / scatter - 1)).toBeLessThan(0.03);
  });

  it('leaves out masked bins and those that are not numbers, and gives them the model', () => {
    const field = rotator();
    const [once, holes] = [fitRotation(field, { inclination: 50 }), fitRotation(withHoles(field), { inclination: 50 })];
    const { velocity, ...rest } = once;
    expect(holes).toMatchObject(rest);
    expect(holes.velocity.slice(3, 403)).toEqual(velocity);
    expect(holes.velocity[0]).toBeGreaterThan(-200);
  });

  it('says tooFewBins, noRotation and notDetermined', () => {
    expect(fitRotation(rotator({ bins: 14 }), { inclination: 50 })).toMatchObject({ reason: 'tooFewBins', maximum: { value: NaN } });
    const none = Array.from({ length: 20 }, (_, seed) => fitRotation(rotator({ seed, maximum: 0 }), { inclination: 50, positionAngle: 70 }).reason);
    expect(none.filter((reason) => reason === null).length).toBeLessThan(3);
    // Solid rotation has no turnover: the scale runs to its limit, the rotation at the edge is still known.
    const solid = rotator({ maximum: 15000, scale: 200, error: 1 });
    const found = fitRotation(solid, { inclination: 50 });
    expect(found.reason).toBe('notDetermined');
    expect(found.outerSinI.value / (rotationVelocity('arctan', found.outerRadius, 15000, 200) * sinI)).toBeCloseTo(1, 1);
  });
});

describe('tiltedRings', () => {
  const given = { positionAngle: 70, inclination: 50, systemicVelocity: systemic };

  it('gives back the curve with the geometry given', () => {
    for (const ring of tiltedRings(rotator({ noise: false, scale: 1e-6, bins: 600 }), given)) {
      expect(ring.rotation.value).toBeCloseTo(150, 2); // flat to 1e-5
      expect(ring.positionAngle).toEqual({ value: 70, error: NaN });
    }
  });

  it('finds what is free, ring by ring', () => {
    const rings = tiltedRings(rotator({ noise: false, scale: 1e-6, bins: 600 }), {
      positionAngle: 62, inclination: 56, systemicVelocity: 10, free: ['positionAngle', 'inclination', 'systemicVelocity'], borders: [0.3, 0.7, 1, 1.3, 1.6, 2.1],
    });
    expect(rings).toHaveLength(5);
    for (const ring of rings) {
      expect(ring.rotation.value).toBeCloseTo(150, 2);
      expect(ring.inclination.value).toBeCloseTo(50, 2);
      expect(ring.positionAngle.value).toBeCloseTo(70, 2);
      expect(ring.systemicVelocity.value).toBeCloseTo(systemic, 2);
    }
  });

  it('has pulls of width 0.8 to 1.3, of 200 fields', () => {
    const rings = Array.from({ length: 200 }, (_, seed) => tiltedRings(
      rotator({ seed, bins: 300, scale: 1e-6, error: 10 }), { ...given, free: ['positionAngle', 'systemicVelocity'], borders: [0.5, 1.2, 2.1] })).flat();
    const pulls = {
      rotation: rings.map(({ rotation }) => (rotation.value - 150) / rotation.error),
      angle: rings.map(({ positionAngle }) => turn(positionAngle.value, 70) / positionAngle.error),
    };
    for (const values of Object.values(pulls)) {
      expect(Math.abs(mean(values))).toBeLessThan(0.2);
      expect(standardDeviation(values)).toBeGreaterThan(0.8);
      expect(standardDeviation(values)).toBeLessThan(1.3);
    }
  });

  it('leaves out masked bins, and says tooFewBins for a ring', () => {
    const field = rotator();
    expect(tiltedRings(withHoles(field), given)).toEqual(tiltedRings(field, given));
    expect(tiltedRings(rotator({ bins: 3 }), given)).toMatchObject([{ bins: 3, reason: 'tooFewBins' }]);
    expect(tiltedRings({ east: [], north: [], velocity: [], velocityError: [] }, given)).toEqual([]);
  });
});

describe('rotatingFraction and axisProfiles', () => {
  it('knows the part of the variance that rotates, with noise taken off', () => {
    const field = rotator({ bins: 3000, error: 40 });
    const none = rotatingFraction(field, field.velocity.map(() => systemic));
    expect(Math.abs(none.fraction)).toBeLessThan(1e-9);
    const signal = standardDeviation(rotator({ bins: 3000, noise: false }).velocity) ** 2;
    const noise = mean(field.velocityError.map((e) => e * e));
    const found = rotatingFraction({ ...field, sigma: field.east.map(() => 50) }, fitRotation(field, { inclination: 50 }).velocity);
    expect(found.fraction).toBeCloseTo(signal / (signal + noise), 1);
    expect(found.withoutNoise).toBeGreaterThan(0.93); // 3000 bins know both variances to 3 %
    expect(found.velocityOverSigma).toBeCloseTo(Math.sqrt(signal) / 50, 1);
  });

  it('runs along both axes', () => {
    const { major, minor } = axisProfiles(rotator({ bins: 1000, error: 3 }), { positionAngle: 70, systemicVelocity: systemic, halfWidth: 0.15 });
    expect(major.correlation).toBeGreaterThan(0.9);
    expect(Math.abs(minor.correlation)).toBeLessThan(0.4);
    for (const { offset, velocity, bins } of major.points) {
      if (Math.abs(offset) < 0.5 || bins < 5) continue;
      expect(Math.abs(velocity / (Math.sign(offset) * rotationVelocity('arctan', Math.abs(offset), 150, 0.3) * sinI) - 1)).toBeLessThan(0.1);
    }
    expect(axisProfiles({ east: [], north: [], velocity: [], velocityError: [] }, { positionAngle: 0, systemicVelocity: 0, halfWidth: 1 }).major).toMatchObject({ points: [], correlation: NaN, bins: 0 });
  });
});
