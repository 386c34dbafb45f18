import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { padovaUnimodalRemaining, standInRemaining } from '../../src/templates/index.js';
import { describeShared, shared } from '../support/shared.js';

describe('living stars plus remnants', () => {
  it('fall with age and lie between the mass functions', () => {
    for (const imf of ['kroupa', 'chabrier', 'salpeter'] as const) {
      const { at, source } = standInRemaining(imf);
      expect(source).toMatch(/no table of this library.*Maraston/);
      expect([at(1e-6, 0), at(100, 0)]).toEqual([1, at(15, 0)]);
      const fractions = [0.002, 0.02, 0.2, 2, 12].map((age) => at(age, 0));
      expect(fractions).toEqual(fractions.toSorted((a, b) => b - a));
    }
    expect(standInRemaining('chabrier').at(5, 0)).toBe(0.5509);
    expect(standInRemaining('kroupa').at(5, 0)).toBe(0.6042);
    expect(standInRemaining('salpeter').at(5, 0)).toBe(0.7249);
  });
});

/** The fields of the lines of a table of text that are no comments. */
const rows = (name: string): string[][] => readFileSync(shared('data', 'templates', 'emiles_tables', name), 'utf8')
  .split('\n').filter((line) => line.trim() && !line.trim().startsWith('#')).map((line) => line.trim().split(/\s+/));

describeShared('the published tables', () => {
  it('of Padova 2000 with the unimodal mass function of slope 1.3 are met at every row', () => {
    const own = rows('Vazdekis2012_ssp_mass_Padova00_UN_baseFe_v10.0.txt').filter(([imf, slope]) => imf === 'UN' && slope === '1.30');
    expect(own).toHaveLength(350);
    // The ages of the table are rounded to four decimals, which moves the fourth decimal of a mass.
    for (const [, , metallicity, age, , remaining] of own) expect(Math.abs(padovaUnimodalRemaining.at(Number(age), Number(metallicity)) - Number(remaining))).toBeLessThan(2e-5);
  });

  it('of other models stand in within what is said of them', () => {
    for (const imf of ['kroupa', 'chabrier', 'salpeter'] as const) {
      for (const [metallicity, age, remaining] of rows(`massloss_${imf}.txt`)) {
        const difference = Math.abs(standInRemaining(imf).at(Number(age), Number(metallicity)) / Number(remaining) - 1);
        // At solar metallicity every third age is kept; others differ by up to 3 per cent beyond 30 Myr.
        if (Number(metallicity) === 0 && Number(age) >= 0.001) expect(difference).toBeLessThan(0.015);
        if (Number(age) >= 0.03) expect(difference).toBeLessThan(0.032);
      }
    }
  });
});
