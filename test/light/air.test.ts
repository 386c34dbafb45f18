import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { airToVacuum, airToVacuumOneStep, vacuumToAir } from '../../src/light/index.js';
import type { AirFormula } from '../../src/light/index.js';
import { describeShared, golden, shared } from '../support/shared.js';

describeShared('air and vacuum against specutils and pPXF', () => {
  it.each(['Griesen2006', 'Edlen1953', 'Morton2000', 'PeckReeder1972', 'Ciddor1996'] as const)('%s agrees to 1e-9 Å, its one-step inverse too', (formula) => {
    const want = golden<Record<string, number[]>>('air_vac.json');
    want['lam']!.forEach((wavelength, i) => {
      expect(Math.abs(vacuumToAir(wavelength, formula) - want[`specutils_vac_to_air_${formula}`]![i]!)).toBeLessThan(1e-9);
      expect(Math.abs(airToVacuumOneStep(wavelength, formula) - want[`specutils_air_to_vac_${formula}`]![i]!)).toBeLessThan(1e-9);
    });
  });

  it("Ciddor's is pPXF's, to 1e-9 Å", () => {
    const want = golden<Record<string, number[]>>('air_vac.json');
    want['lam']!.forEach((wavelength, i) => {
      expect(Math.abs(vacuumToAir(wavelength) - want['ppxf_vac_to_air']![i]!)).toBeLessThan(1e-9);
      expect(Math.abs(airToVacuumOneStep(wavelength) - want['ppxf_air_to_vac']![i]!)).toBeLessThan(1e-9);
    });
  });

  it('the check values agree to 1e-9 Å and the line list to its last digit', () => {
    const { ch1 } = JSON.parse(readFileSync(shared('tables', 'check_values.json'), 'utf8')) as {
      ch1: Record<string, number> & { lines_air_vac: [string, number, number][] };
    };
    expect(Math.abs(vacuumToAir(5008.24) - ch1['vac2air_ciddor_5008.240']!)).toBeLessThan(1e-9);
    expect(Math.abs(vacuumToAir(6564.608) - ch1['vac2air_ciddor_6564.608']!)).toBeLessThan(1e-9);
    expect(Math.abs(vacuumToAir(5008.24, 'Morton1991') - ch1['vac2air_morton_5008.240']!)).toBeLessThan(1e-9);
    expect(Math.abs(airToVacuum(5006.843, 'Piskunov') - ch1['air2vac_5006.843']!)).toBeLessThan(1e-9);
    expect(Math.abs(airToVacuum(6562.819, 'Piskunov') - ch1['air2vac_6562.819']!)).toBeLessThan(1e-9);
    for (const [, air, vacuum] of ch1.lines_air_vac) expect(Math.abs(vacuumToAir(vacuum) - air)).toBeLessThan(6e-4);
  });
});

describe('from air to vacuum and back', () => {
  const formulae: AirFormula[] = ['Ciddor1996', 'Morton1991', 'Morton2000', 'Edlen1953', 'PeckReeder1972', 'Griesen2006', 'Piskunov'];

  it.each(formulae)('%s returns to 1e-10 Å, both ways', (formula) => {
    fc.assert(fc.property(fc.double({ min: 2001, max: 25000, noNaN: true }), (wavelength) => {
      expect(Math.abs(vacuumToAir(airToVacuum(wavelength, formula), formula) - wavelength)).toBeLessThan(1e-10);
      expect(Math.abs(airToVacuum(vacuumToAir(wavelength, formula), formula) - wavelength)).toBeLessThan(1e-10);
    }), { seed: 1 });
  });

  it.each([['Morton2000', 2e-4], ['Piskunov', 2e-4], ['Edlen1953', 2e-4], ['PeckReeder1972', 2e-4], ['Morton1991', 7e-3], ['Griesen2006', 0.15]] as const)(
    '%s is within %s Å of Ciddor in the optical', (formula, tolerance) => {
      for (const wavelength of [3700, 5007, 6563, 9300]) expect(Math.abs(vacuumToAir(wavelength, formula) - vacuumToAir(wavelength))).toBeLessThan(tolerance);
    });

  it('leaves wavelengths below 2000 Å alone', () => {
    expect(airToVacuum(1215.67)).toBe(1215.67);
    expect(vacuumToAir(1215.67)).toBe(1215.67);
  });
});
