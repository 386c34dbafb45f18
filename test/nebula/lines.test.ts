import { describe, expect, it } from 'vitest';
import { airToVacuum, vacuumToAir } from '../../src/light/index.js';
import { balmerRatios, caseB, densityDoublets, doubletSum, fixedDoublets, lineByName, lines } from '../../src/nebula/index.js';
import { describeShared } from '../support/shared.js';
import { checkValues } from './check.js';

describe('the line list', () => {
  it('runs up in wavelength and names each line once', () => {
    const wavelengths = lines.map((line) => line.air);
    expect(wavelengths).toEqual([...wavelengths].sort((a, b) => a - b));
    expect(new Set(lines.map((line) => line.name)).size).toBe(lines.length);
    expect(new Set(lines.map((line) => line.dapName)).size).toBe(lines.length);
  });

  it('holds air and vacuum wavelengths that Ciddor 1996 turns into one another to its printed milliångström', () => {
    for (const line of lines) {
      expect(Math.abs(vacuumToAir(line.vacuum) - line.air)).toBeLessThan(1e-3);
      expect(Math.abs(airToVacuum(line.air) - line.vacuum)).toBeLessThan(1e-3);
    }
  });

  it('names lines as figures and other pipelines do', () => {
    expect(lineByName('Ha')).toMatchObject({ ion: 'Hα', label: 'Hα', dapName: 'Ha-6564', phangsName: 'HA6562' });
    expect(lineByName('NII6583')).toMatchObject({ ion: '[N II]', label: '[N II] 6583', dapName: 'NII-6585', phangsName: 'NII6583' });
    expect(lineByName('OIII5007').dapName).toBe('OIII-5008');
    expect(lineByName('SII6731').dapName).toBe('SII-6732');
    expect(lineByName('OII3729').dapName).toBe('OII-3729');
  });

  it('names every channel by its vacuum wavelength cut to whole ångströms', () => {
    for (const line of lines) expect(line.dapName.endsWith(`-${Math.floor(line.vacuum)}`), line.dapName).toBe(true);
  });
});

describe('doublets', () => {
  it('have ratios above one, the strong line named first, and one shared ion', () => {
    for (const { strong, weak, ratio } of fixedDoublets) {
      expect(ratio).toBeGreaterThan(1);
      expect(lineByName(strong).ion).toBe(lineByName(weak).ion);
    }
    expect(doubletSum('OIII5007')).toBeCloseTo(1 + 1 / 2.98, 12);
    for (const { bounds } of densityDoublets) expect(bounds[0]).toBeLessThan(bounds[1]);
  });

  it('take the rounded case B ratios of 10⁴ K and 100 cm⁻³, within 0.2 % of the tabulated ones', () => {
    const row = caseB.find((entry) => entry.temperature === 10000 && entry.density === 100)!;
    expect(Math.abs(balmerRatios.Ha / row.Ha - 1)).toBeLessThan(2e-3);
    expect(Math.abs(balmerRatios.Hg / row.Hg - 1)).toBeLessThan(2e-3);
    expect(Math.abs(balmerRatios.Hd / row.Hd - 1)).toBeLessThan(2e-3);
  });
});

describeShared('the line list against the check values', () => {
  it('agrees in every wavelength', () => {
    const names: Record<string, string> = { Halpha: 'Ha', Hbeta: 'Hb', Hgamma: 'Hg', Hdelta: 'Hd', Hepsilon: 'He', H8_3889: 'H8' };
    const rows = checkValues<{ lines_air_vac: [string, number, number][] }>('ch1').lines_air_vac;
    expect(rows).toHaveLength(lines.length);
    for (const [id, air, vacuum] of rows) expect(lines.find((line) => line.name === (names[id] ?? id)), id).toMatchObject({ air, vacuum });
  });
});
