import { describe, expect, it } from 'vitest';
import { abundance, balmerRatios, calibrationByName, classifyBpt, fixedDoublets } from '../../src/nebula/index.js';
import type { LineFluxes } from '../../src/nebula/index.js';
import { lineRatios, nuclearRatios } from '../../src/simulate/index.js';

const abundances = Array.from({ length: 31 }, (_, i) => 7.6 + 0.05 * i);
const noErrors = (fluxes: LineFluxes): LineFluxes => Object.fromEntries(Object.keys(fluxes).map((name) => [name, 0]));
const oh = (name: Parameters<typeof calibrationByName>[0], fluxes: LineFluxes) => abundance(calibrationByName(name)!, fluxes, noErrors(fluxes)).oh;

describe('line ratios of a simulated nebula', () => {
  it('give the assigned O/H back through N2S2Ha to 1e-10', () => {
    for (const assigned of abundances) expect(Math.abs(oh('N2S2Ha', lineRatios(assigned)) - assigned)).toBeLessThan(1e-10);
  });

  it('are star-forming at every abundance, and the nucleus is not', () => {
    for (const assigned of abundances) expect(classifyBpt(lineRatios(assigned))).toBe(1);
    expect(classifyBpt(nuclearRatios)).toBe(3);
  });

  it('keep the fixed doublets, the Balmer decrement and [S II] 6716/6731 = 1.4', () => {
    const ratios = lineRatios(8.5);
    for (const { strong, weak, ratio } of fixedDoublets) {
      if (strong in ratios && weak in ratios) expect(ratios[strong as 'NII6583'] / ratios[weak as 'NII6548']).toBeCloseTo(ratio, 12);
    }
    expect(ratios.Ha / ratios.Hb).toBeCloseTo(balmerRatios.Ha, 12);
    expect(ratios.SII6716 / ratios.SII6731).toBeCloseTo(1.4, 12);
  });

  // Calibrations disagree on real galaxies by 0.1–0.3 dex (Kewley & Ellison 2008); more would be no galaxy at all.
  it.each(['N2-M13', 'O3N2-M13', 'PG16S'] as const)('are plausible to %s: O/H rises with the assigned one and agrees within 0.45 dex', (name) => {
    const found = abundances.filter((value) => value > 7.9 && value < 8.9).map((assigned) => oh(name, lineRatios(assigned)));
    found.forEach((value, i) => {
      if (i > 0) expect(value).toBeGreaterThan(found[i - 1]!);
    });
    abundances.filter((value) => value > 7.9 && value < 8.9).forEach((assigned, i) => expect(Math.abs(found[i]! - assigned)).toBeLessThan(0.45));
  });
});
