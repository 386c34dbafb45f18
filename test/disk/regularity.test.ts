import { describe, expect, it } from 'vitest';
import { regularity } from '../../src/disk/index.js';
import { rotator, withHoles } from './rotators.js';

const seen = { inclination: 50, photometricPositionAngle: 72 };

describe('regularity', () => {
  it('calls a rotating disc regular and prints why', () => {
    const found = regularity(rotator({ error: 10 }), seen);
    expect(found).toMatchObject({ class: 'regular', reason: null });
    expect(found.probability).toBeGreaterThan(0.95);
    expect(found.misalignment).toBeLessThan(5);
    expect(found.criteria.map(({ name, met }) => [name, met])).toEqual(
      ['misalignment', 'k5OverK1', 'asymmetry', 'rotatingFraction', 'amplitude', 'majorAxis', 'minorAxis'].map((name) => [name, true]));
    expect(found.criteria[0]!.text).toBe('kinematic and photometric major axis apart [deg] < 30');
  });

  it('calls one that turns about another axis than its light irregular, and one without rotation', () => {
    const off = regularity(rotator({ error: 10 }), { ...seen, photometricPositionAngle: 140 });
    expect(off.class).toBe('irregular');
    expect(off.criteria.filter(({ met }) => !met).map(({ name }) => name)).toEqual(['misalignment']);
    for (const seed of [1, 2, 3]) expect(regularity(rotator({ seed, maximum: 0 }), seen)).toMatchObject({ class: 'irregular', reason: null });
    const wind = rotator({ bins: 1000, extra: (radius, azimuth) => (Math.abs(Math.sin(azimuth)) > 0.75 && radius > 0.3 ? 110 : 0) });
    expect(regularity(wind, seen).class).toBe('irregular');
  });

  it('leaves the axis of the light out where it is not given', () => {
    const found = regularity(rotator({ error: 10 }), { inclination: 50 });
    expect(found).toMatchObject({ class: 'regular', misalignment: NaN });
    expect(found.criteria[0]).toMatchObject({ name: 'misalignment', met: null });
  });

  it('gives no class for too few bins, and is not touched by bins that do not count', () => {
    expect(regularity(rotator({ bins: 14 }), seen)).toMatchObject({ class: null, probability: NaN, reason: 'tooFewBins' });
    expect(regularity({ east: [], north: [], velocity: [], velocityError: [] }, seen).reason).toBe('tooFewBins');
    const field = rotator();
    const [{ rotation, ...once }, { rotation: withThem, ...holes }] = [regularity(field, seen), regularity(withHoles(field), seen)];
    expect(holes).toEqual(once);
    expect(withThem).toMatchObject({ maximum: rotation.maximum, scale: rotation.scale });
    // Few bins make no ring of kinemetry; the class is found without.
    expect(regularity(rotator({ bins: 30, error: 8 }), seen)).toMatchObject({ class: 'regular', kinemetry: { k5OverK1: NaN } });
  });
});
