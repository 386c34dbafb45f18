import { describe, expect, it } from 'vitest';
import { luminosity, sfrCalibrations, starFormationRate, surfaceDensity } from '../../src/nebula/index.js';
import { describeShared } from '../support/shared.js';
import { checkValues } from './check.js';

describe('star formation', () => {
  it('takes 4.4e-42 Msun/yr per erg/s unless told otherwise', () => {
    expect(starFormationRate(1e40)).toBe(starFormationRate(1e40, 'L25'));
    expect(starFormationRate(NaN)).toBeNaN();
  });

  it('turns a flux at a distance into the luminosity that passes a sphere', () => {
    expect(luminosity(1e-14, 10) / 1.19649e38).toBeCloseTo(1, 5); // 4π (10 Mpc)² in cm²: 1.19649e52
  });

  it('spreads over the disc, not over the sky: half the surface density at 60°', () => {
    const faceOn = surfaceDensity(0.1, 4, 0.5, 0);
    expect(faceOn).toBeCloseTo(0.1, 12); // 4 arcsec² at 0.5 kpc/arcsec are 1 kpc²
    expect(surfaceDensity(0.1, 4, 0.5, 60)).toBeCloseTo(faceOn / 2, 12);
  });
});

describeShared('star formation against the check values', () => {
  it('agrees for every coefficient', () => {
    const values = checkValues<{ SFR_L1e40: Record<string, number> }>('ch5').SFR_L1e40;
    const keys = { L25: 'li', W19: 'wang', K98: 'k98', KE12: 'ke12' } as const;
    for (const { name } of sfrCalibrations) expect(starFormationRate(1e40, name) / values[keys[name]]!).toBeCloseTo(1, 12);
  });
});
