import { describe, expect, it } from 'vitest';
import { icrsToGalactic, positionAngle, separation, skyOffset } from '../../src/sky/index.js';
import { describeShared, golden } from '../support/shared.js';

describeShared('geometry on the sky against astropy', () => {
  const want = () => golden<{
    separations: { center: [number, number]; ra: number[]; dec: number[]; sep_arcsec: number[]; pa_deg: number[] };
    ngc628: { ra: number; dec: number; l: number; b: number };
  }>('wcs.json');

  it('separations agree to 1e-10 deg and position angles to 1e-9 deg', () => {
    const { separations } = want();
    const [ra0, dec0] = separations.center;
    separations.ra.forEach((ra, i) => {
      expect(Math.abs(separation(ra0, dec0, ra, separations.dec[i]!) - separations.sep_arcsec[i]! / 3600)).toBeLessThan(1e-10);
      // At 20″ an angle of 1e-9 deg is 1e-13 deg on the sky, the rounding of the coordinates themselves.
      expect(Math.abs(positionAngle(ra0, dec0, ra, separations.dec[i]!) - separations.pa_deg[i]!)).toBeLessThan(1e-9);
    });
  });

  it('the galactic position of NGC 628 agrees to 1e-10 deg', () => {
    const { ngc628 } = want();
    const [l, b] = icrsToGalactic(ngc628.ra, ngc628.dec);
    expect(separation(l, b, ngc628.l, ngc628.b)).toBeLessThan(1e-10);
  });
});

describe('offsets on the sky', () => {
  it('are positive to the east and north, shrunk by cos δ₀, in arcsec', () => {
    const [east, north] = skyOffset(150 + 1 / 3600, 60 - 2 / 3600, 150, 60);
    expect(east).toBeCloseTo(0.5, 9);
    expect(north).toBeCloseTo(-2, 9);
  });

  it('are small across RA = 0', () => {
    expect(skyOffset(0.001, 0, 359.999, 0)[0]).toBeCloseTo(7.2, 8);
    expect(skyOffset(359.999, 0, 0.001, 0)[0]).toBeCloseTo(-7.2, 8);
  });
});
