import { beforeAll, expect, it } from 'vitest';
import { maskBits } from '../../src/linemaps/index.js';
import { fitRealSpectra, readEmiles, readRealSpectra } from '../../validate/stellarSpectra.mjs';
import { describeShared, sharedFolder } from '../support/shared.js';

describeShared('real spectra fitted with E-MILES', () => {
  let fits: Map<string, ReturnType<typeof fitRealSpectra>[number]>;
  beforeAll(async () => {
    const spectra = await readRealSpectra(sharedFolder);
    fits = new Map(fitRealSpectra(spectra, await readEmiles(sharedFolder)).map((fit) => [fit.name, fit]));
  });
  const of = (name: string): ReturnType<typeof fitRealSpectra>[number] => fits.get(name)!;

  it('FCC 47: the dispersion of its nucleus as published, residuals below 1 %', () => {
    const { kinematics, chi2, residuals, signalToNoise } = of('FCC 47').masked;
    // 125 to 130 km/s from the same instrument.
    expect(kinematics.sigma).toBeGreaterThan(123);
    expect(kinematics.sigma).toBeLessThan(133);
    expect(Math.abs(kinematics.velocity)).toBeLessThan(3 * kinematics.velocityError);
    expect(residuals.rms).toBeLessThan(0.01);
    expect(signalToNoise).toBeGreaterThan(250);
    // At a S/N of 300 the templates' own errors rule: 0.8 % of the flux.
    expect(chi2).toBeLessThan(7);
  });

  it('NGC 1796: a dispersion below half the instrument\'s, the redshift of its gas and of the catalogue', () => {
    const { masked, together } = of('NGC 1796');
    expect(Math.abs(masked.kinematics.velocity)).toBeLessThan(3 * masked.kinematics.velocityError);
    expect(masked.kinematics.sigma).toBeLessThan(30);
    expect(masked.chi2).toBeLessThan(2);
    // Stars and gas turn together to within the galaxy's rotation over the nucleus.
    expect(Math.abs(together.gasKinematics!.velocity - together.kinematics.velocity)).toBeLessThan(10);
  });

  it.each([
    // The redshift is the galaxy's, the spectra are of single places: where the stars move, so does the gas, but for spectrum 4, whose stars have +55 … +66 km/s in each
    // of four stretches of wavelength while [O II], [O III] and Hα agree on −55: gas that was taken in.
    ['MaNGA 1', 2.8, 0.025, 40], ['MaNGA 2', 1.2, 0.03, 3 * 1.5], ['MaNGA 3', 1.5, 0.03, 3 * 3], ['MaNGA 4', 1.6, 0.04, 70], ['MaNGA 5', 2.2, 0.02, 30], ['MaNGA 8', 1.1, 0.2, 20],
  ] as const)('%s: χ²/DOF, residuals and the catalogue\'s redshift', (name, chi2, rms, velocity) => {
    const { masked } = of(name);
    expect(masked.chi2).toBeLessThan(chi2);
    expect(masked.residuals.rms).toBeLessThan(rms);
    expect(Math.abs(masked.kinematics.velocity)).toBeLessThan(velocity);
    expect(masked.status).toBe(0);
  });

  it('MaNGA 5: stars that move by 25 km/s against the catalogue, and gas that does too', () => {
    const { masked, together } = of('MaNGA 5');
    expect(masked.kinematics.velocity).toBeGreaterThan(15);
    expect(Math.abs(together.gasKinematics!.velocity - masked.kinematics.velocity)).toBeLessThan(3 * together.gasKinematics!.velocityError);
  });

  it('stars fitted with their gas are those fitted with the lines masked', () => {
    for (const name of ['NGC 1796', 'MaNGA 2', 'MaNGA 3', 'MaNGA 4', 'MaNGA 8']) {
      const [{ kinematics: masked }, { kinematics: together }] = [of(name).masked, of(name).together];
      // Other pixels, the Balmer lines among them: within twice the error, not equal.
      expect(Math.abs(masked.velocity - together.velocity)).toBeLessThan(2 * masked.velocityError);
      expect(Math.abs(masked.sigma - together.sigma)).toBeLessThan(2 * masked.sigmaError);
    }
  });

  it('a spectrum without a good pixel has the status NOVALUE and one of S/N 2 large errors', () => {
    expect(of('MaNGA 6').masked.status).toBe(1 << maskBits.NOVALUE);
    expect(of('MaNGA 7').masked.kinematics.velocityError).toBeGreaterThan(30);
  });
});
