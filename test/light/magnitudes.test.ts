import { describe, expect, it } from 'vitest';
import { abMagnitude, fluxOfAbMagnitude, perFrequency, perWavelength, photonFlux } from '../../src/light/index.js';
import { describeShared, golden } from '../support/shared.js';

describeShared('flux densities against astropy', () => {
  it('in Jy, AB magnitudes and photons agree to 1e-10', () => {
    const want = golden<Record<'wave' | 'flam_1e20' | 'fnu_Jy' | 'abmag' | 'photons', number[]>>('units.json');
    want.wave.forEach((wavelength, i) => {
      const flux = want.flam_1e20[i]! * 1e-20;
      expect(Math.abs(perFrequency(flux, wavelength) / (want.fnu_Jy[i]! * 1e-23) - 1)).toBeLessThan(1e-10);
      expect(Math.abs(abMagnitude(perFrequency(flux, wavelength)) / want.abmag[i]! - 1)).toBeLessThan(1e-10);
      expect(Math.abs(photonFlux(flux, wavelength) / want.photons[i]! - 1)).toBeLessThan(1e-10);
    });
  });
});

describe('flux densities', () => {
  it('lead back to themselves', () => {
    expect(perWavelength(perFrequency(3e-17, 6563), 6563)).toBeCloseTo(3e-17, 30);
    expect(abMagnitude(fluxOfAbMagnitude(21.3))).toBeCloseTo(21.3, 12);
  });

  it('that are not positive have no magnitude', () => {
    expect(abMagnitude(0)).toBeNaN();
    expect(abMagnitude(-1e-30)).toBeNaN();
  });
});
