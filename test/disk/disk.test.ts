import { describe, expect, it } from 'vitest';
import { deproject, inclination, makeDisk } from '../../src/disk/index.js';
import { isZgradError } from '../../src/errors/index.js';
import { describeShared, golden } from '../support/shared.js';

const input = {
  centerX: 24.5, centerY: 25, positionAngle: 147.2, ellipticity: 0.41, luminosityDistance: 130, angularDistance: 122.6,
  effectiveRadius: { value: 6.85, unit: 'arcsec' },
} as const;

describe('inclination', () => {
  it('is that of an oblate disc, 90° when thinner than its thickness allows', () => {
    expect(inclination(0)).toBe(0);
    expect(inclination(0.5)).toBeCloseTo(62.11443316, 8);
    expect(inclination(0.3)).toBeCloseTo(46.79166085, 8);
    expect(inclination(0.85)).toBe(90);
    expect(inclination(0.5, 0)).toBeCloseTo(60, 12);
    expect(inclination(NaN)).toBeNaN();
  });
});

describe('makeDisk', () => {
  it('turns the effective radius from the sky to the galaxy by the angular-diameter distance', () => {
    const disk = makeDisk(input);
    expect(disk.effectiveRadiusKpc).toBeCloseTo(6.85 * 122600 / 206264.80624709636, 12);
    expect(disk).toMatchObject({ thickness: 0.2, ra: null, dec: null, effectiveRadiusArcsec: 6.85 });
    const back = makeDisk({ ...input, effectiveRadius: { value: disk.effectiveRadiusKpc, unit: 'kpc' } });
    expect(back.effectiveRadiusArcsec).toBeCloseTo(6.85, 12);
  });

  it('can be made again from a disc and new numbers', () => {
    const disk = makeDisk({ ...input, ra: 10, dec: -5 });
    expect(makeDisk({ ...disk, positionAngle: 10, effectiveRadius: { value: 3, unit: 'arcsec' } })).toMatchObject({ ra: 10, dec: -5, positionAngle: 10 });
  });

  it('refuses numbers that no disc has, naming them', () => {
    const bad: [Partial<Record<keyof typeof input, unknown>>, string][] = [
      [{ ellipticity: 1 }, 'ellipticity'], [{ ellipticity: -0.1 }, 'ellipticity'], [{ positionAngle: NaN }, 'positionAngle'],
      [{ luminosityDistance: 0 }, 'luminosityDistance'], [{ angularDistance: Infinity }, 'angularDistance'],
      [{ effectiveRadius: { value: -1, unit: 'kpc' } }, 'effectiveRadius'], [{ centerX: NaN }, 'centerX'],
    ];
    for (const [change, name] of bad) {
      const attempt = () => makeDisk({ ...input, ...change } as typeof input);
      expect(attempt).toThrowError(name);
      try {
        attempt();
      } catch (error) {
        expect(isZgradError(error, 'BadArgument')).toBe(true);
      }
    }
  });
});

describe('deproject', () => {
  it('measures along the major axis as seen and stretches the minor axis', () => {
    const disk = { positionAngle: 30, inclination: 60 };
    const { radius } = deproject(disk, 3, 4);
    expect(radius).toBeCloseTo(5.106181103697773, 12);
    const angle = 30 * Math.PI / 180;
    expect(deproject(disk, 2 * Math.sin(angle), 2 * Math.cos(angle))).toEqual({ radius: expect.closeTo(2, 12), azimuth: expect.closeTo(0, 12) });
    expect(deproject(disk, 2 * Math.cos(angle), -2 * Math.sin(angle))).toEqual({ radius: expect.closeTo(4, 12), azimuth: expect.closeTo(90, 12) });
    expect(deproject(disk, 0, 0).radius).toBe(0);
  });

  it('is even in the offset and blind to half a turn of the position angle', () => {
    const [a, b] = [{ positionAngle: 40, inclination: 55 }, { positionAngle: 220, inclination: 55 }];
    expect(deproject(a, 1.3, -2.2).radius).toBeCloseTo(deproject(a, -1.3, 2.2).radius, 12);
    expect(deproject(a, 1.3, -2.2).radius).toBeCloseTo(deproject(b, 1.3, -2.2).radius, 12);
  });

  it('has no radius off the major axis of an edge-on disc', () => {
    const edgeOn = { positionAngle: 0, inclination: 90 };
    expect(deproject(edgeOn, 0, 3).radius).toBe(3);
    expect(deproject(edgeOn, 1, 3).radius).toBeNaN();
    expect(deproject({ positionAngle: 0, inclination: 40 }, NaN, 1).radius).toBeNaN();
  });
});

describeShared('discs against the reference values', () => {
  interface Golden {
    points: { dra_arcsec: number; ddec_arcsec: number; inc_deg: number; pa_deg: number; R_arcsec: number; theta_deg: number }[];
    inclination: { axis_ratio: number; q0: number; inc_deg: number }[];
  }
  const { points, inclination: inclinations } = golden<Golden>('deprojection.json');

  it('agree in radius and azimuth of every point to 1e-9', () => {
    for (const { dra_arcsec, ddec_arcsec, inc_deg, pa_deg, R_arcsec, theta_deg } of points) {
      const { radius, azimuth } = deproject({ positionAngle: pa_deg, inclination: inc_deg }, dra_arcsec, ddec_arcsec);
      expect(Math.abs(radius - R_arcsec)).toBeLessThan(1e-9);
      expect(Math.abs(azimuth - theta_deg)).toBeLessThan(1e-9);
    }
  });

  it('agree in inclination to 1e-9', () => {
    for (const { axis_ratio, q0, inc_deg } of inclinations) expect(Math.abs(inclination(1 - axis_ratio, q0) - inc_deg)).toBeLessThan(1e-9);
  });
});
