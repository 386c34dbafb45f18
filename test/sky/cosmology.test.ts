import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cosmology } from '../../src/sky/index.js';
import { constants } from '../../src/units/index.js';
import { describeShared, golden, shared } from '../support/shared.js';

const differs = (value: number, expected: number) => Math.abs(value / expected - 1);

interface Model extends Record<string, unknown> {
  H0: number; Om0: number; Ode0: number; Tcmb0: number; Neff: number | null;
  DL_Mpc: number[]; DA_Mpc: number[]; DC_Mpc: number[]; DM: number[]; lookback_Gyr: number[]; age_Gyr: number[]; kpc_per_arcsec: number[]; E: number[];
}

describeShared('cosmologies against astropy', () => {
  const columns = [
    ['DL_Mpc', 'luminosityDistance'], ['DA_Mpc', 'angularDiameterDistance'], ['DC_Mpc', 'comovingDistance'], ['DM', 'distanceModulus'],
    ['lookback_Gyr', 'lookbackTime'], ['age_Gyr', 'age'], ['kpc_per_arcsec', 'kpcPerArcsec'], ['E', 'E'],
  ] as const;

  it.each([['flat70_03', 1e-9], ['flat70_03_Tcmb', 1e-9], ['WMAP9', 1e-9], ['open', 1e-9]] as const)('%s agrees in every column to %s', (name, tolerance) => {
    const models = golden<Record<string, Model> & { z: number[] }>('cosmology.json');
    const { H0, Om0, Ode0, Tcmb0, Neff, ...want } = models[name]!;
    const flat = name !== 'open';
    const model = cosmology({ H0, Om0, Tcmb0, ...(Neff !== null && { Neff }), ...(!flat && { Ode0 }) });
    models.z.forEach((z, i) => {
      for (const [column, method] of columns) expect(differs(model[method](z), (want[column] as number[])[i]!), `${method}(${z})`).toBeLessThan(tolerance);
    });
  });

  it('the default is H0 = 70, Ωm = 0.3, flat, without radiation; the check values of that model to 1e-10', () => {
    const { ch1 } = JSON.parse(readFileSync(shared('tables', 'check_values.json'), 'utf8')) as { ch1: Record<string, Record<string, number>> };
    const model = cosmology();
    for (const [name, want] of Object.entries(ch1).filter(([name]) => name.startsWith('cosmo_z'))) {
      const z = Number(name.slice(7));
      const got = {
        DC: model.comovingDistance(z), DA: model.angularDiameterDistance(z), DL: model.luminosityDistance(z), kpc_per_arcsec: model.kpcPerArcsec(z),
        age_Gyr: model.age(z), lookback_Gyr: model.lookbackTime(z), distmod: model.distanceModulus(z), E: model.E(z),
      };
      for (const [key, value] of Object.entries(got)) expect(differs(value, want[key]!), `${key}(${z})`).toBeLessThan(1e-10);
    }
    expect(differs(model.angularDiameterDistanceBetween(0.375, 1.96), ch1['Dls_0.375_1.96']!['Dls']!)).toBeLessThan(1e-10);
    expect(differs(model.angularDiameterDistanceBetween(0.6976, 1.65), ch1['Dls_0.6976_1.65']!['Dls']!)).toBeLessThan(1e-10);
    expect(differs(20e3 / constants.arcsecPerRadian, Number(ch1['DA_small_kpc_per_arcsec_D20Mpc']))).toBeLessThan(1e-12);
  });

  it('gives the luminosity of an Hα flux to 1e-10', () => {
    const { Ha_lum } = golden<{ Ha_lum: { flux_cgs: number; z: number; L_flat70_03: number } }>('units.json');
    const distance = cosmology().luminosityDistance(Ha_lum.z) * constants.megaparsec;
    expect(differs(4 * Math.PI * distance ** 2 * Ha_lum.flux_cgs, Ha_lum.L_flat70_03)).toBeLessThan(1e-10);
  });
});

describe('the redshift of a luminosity distance', () => {
  it.each([{}, { Ode0: 0.6, Om0: 0.27 }, { Ode0: 0.9 }, { Tcmb0: 2.725 }])('leads back to the redshift in %j', (options) => {
    const model = cosmology(options);
    for (const z of [1e-5, 0.00211, 0.02964, 0.5, 2, 8]) {
      expect(differs(model.redshiftOfLuminosityDistance(model.luminosityDistance(z)), z)).toBeLessThan(1e-11);
    }
  });

  it('is refused for a distance that is not positive', () => {
    for (const distance of [0, -3, Number.NaN]) {
      expect(() => cosmology().redshiftOfLuminosityDistance(distance)).toThrow(expect.objectContaining({ tag: 'BadArgument' }));
    }
  });

  it('at redshift zero there is no distance and the lookback time is none', () => {
    expect(cosmology().luminosityDistance(0)).toBe(0);
    expect(cosmology().lookbackTime(0)).toBe(0);
  });
});
