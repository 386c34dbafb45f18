import { describe, expect, it } from 'vitest';
import { kinemetry } from '../../src/disk/index.js';
import { mean, standardDeviation } from '../../src/stats/index.js';
import { rotator, systemic, withHoles } from './rotators.js';

const frame = { positionAngle: 70, axisRatio: Math.cos(50 * Math.PI / 180) };
const sinI = Math.sin(50 * Math.PI / 180);

describe('kinemetry', () => {
  it('finds pure rotation in k1 alone', () => {
    const { rings } = kinemetry(rotator({ noise: false, bins: 2000 }), frame);
    for (const { radius, k, systemicVelocity, reason } of rings.slice(1)) {
      expect(reason).toBeNull();
      const wanted = 150 * (2 / Math.PI) * Math.atan(radius / 0.3) * sinI;
      // The curve bends across a ring; the line in the ring leaves that.
      expect(Math.abs(k[0] / wanted - 1)).toBeLessThan(0.005);
      for (const other of k.slice(1)) expect(other / k[0]).toBeLessThan(0.005);
      expect(systemicVelocity).toBeCloseTo(systemic, 0);
    }
  });

  it('finds injected harmonics exactly in a field that is flat in radius', () => {
    const flat = rotator({ noise: false, bins: 600, scale: 1e-6, extra: (_, psi) => 4 * Math.cos(3 * psi) + 3 * Math.sin(5 * psi) + 2 * Math.cos(5 * psi) + 1.5 * Math.sin(2 * psi) });
    const found = kinemetry(flat, frame);
    expect(found.rings.length).toBe(15);
    for (const { k, sine, cosine, k5OverK1 } of found.rings) {
      expect(cosine[0]).toBeCloseTo(150 * sinI, 2); // arctan at 1e-6 of the radius is flat to 1e-5
      expect([k[1], k[2], k[3]].map((v) => v.toFixed(3))).toEqual(['1.500', '4.000', '0.000']);
      expect([sine[4], cosine[4]].map((v) => v!.toFixed(3))).toEqual(['3.000', '2.000']);
      expect(k5OverK1).toBeCloseTo(Math.sqrt(13) / (150 * sinI), 5);
    }
    expect(found.meanK5OverK1).toBeCloseTo(Math.sqrt(13) / (150 * sinI), 5);
    expect(found.asymmetry).toBeCloseTo((4 + Math.sqrt(13)) / 2 / (150 * sinI), 2); // errors of 5 are believed and their noise taken off
  });

  it('has errors with pulls of width 0.8 to 1.3, and a k5/k1 that is right when noise is taken off', () => {
    const k5 = 8;
    const found = Array.from({ length: 200 }, (_, seed) => kinemetry(
      rotator({ seed, bins: 300, error: 10, scale: 1e-6, extra: (_radius, psi) => k5 * Math.cos(5 * psi) }), frame));
    const rings = found.flatMap((one) => one.rings.filter(({ reason }) => reason === null));
    const pulls = {
      k1: rings.map(({ k, kError }) => (k[0] - 150 * sinI) / kError[0]),
      cosine5: rings.map(({ cosine, kNoise }) => (cosine[4]! - k5) / Math.sqrt(kNoise[4]! / 2)),
      systemic: rings.map((ring) => (ring.systemicVelocity - systemic) / ring.systemicError),
      total: found.map(({ k5OverK1, k5OverK1Error }) => (k5OverK1 - k5 / (150 * sinI)) / k5OverK1Error),
    };
    for (const values of Object.values(pulls)) {
      expect(standardDeviation(values)).toBeGreaterThan(0.8);
      expect(standardDeviation(values)).toBeLessThan(1.3);
      expect(Math.abs(mean(values))).toBeLessThan(0.3);
    }
    // As it is, k5 is too large: √(8² + 2σ²) with σ of a ring's term some 2.3.
    expect(mean(found.map(({ meanK5OverK1, k5OverK1 }) => meanK5OverK1 - k5OverK1))).toBeGreaterThan(0);
  });

  it('wants a ring covered', () => {
    const field = rotator({ bins: 600 });
    const half = { ...field, masked: field.east.map((east) => (east < 0 ? 1 : 0)) };
    const found = kinemetry(half, frame);
    expect(found).toMatchObject({ k5OverK1: NaN, ringsUsed: 0, reason: 'tooFewBins' });
    expect(Math.max(...found.rings.map(({ coverage }) => coverage))).toBeLessThan(0.75);
    expect(kinemetry(half, { ...frame, minCoverage: 0.3 }).rings.some(({ reason }) => reason === null)).toBe(true);
  });

  it('leaves out masked bins and those that are not numbers, and says tooFewBins', () => {
    const field = rotator();
    expect(kinemetry(withHoles(field), frame)).toEqual(kinemetry(field, frame));
    expect(kinemetry(rotator({ bins: 20 }), frame)).toMatchObject({ k5OverK1: NaN, reason: 'tooFewBins' });
    expect(kinemetry({ east: [], north: [], velocity: [], velocityError: [] }, frame)).toMatchObject({ rings: [], reason: 'tooFewBins' });
  });
});
