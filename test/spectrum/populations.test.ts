import { describe, expect, it } from 'vitest';
import { populationErrors, populationTable, readPopulations, type PopulationMeans, type PopulationTable } from '../../src/spectrum/populations.js';
import { syntheticLibrary } from '../../src/templates/index.js';

/** Three templates: 1 and 10 Gyr at [M/H] 0, 10 Gyr at −1. */
const table: PopulationTable = {
  logAge: Float64Array.of(10, 9, 10), metallicity: Float64Array.of(-1, 0, 0), light: Float64Array.of(2, 8, 1), luminosity: Float64Array.of(0.5, 2, 0.25), remaining: Float64Array.of(0.6, 0.7, 0.5),
};

describe('what the weights say about the stars', () => {
  it('means, histories, masses and M/L are those worked out by hand', () => {
    // Masses 3, 1 and 4; light 6, 8 and 4, together 18.
    const found = readPopulations(table, [3, 1, 4]);
    expect(found.logAgeLight).toBeCloseTo((10 * 10 + 8 * 9) / 18, 12);
    expect(found.metallicityLight).toBeCloseTo(-6 / 18, 12);
    expect(found.logAgeMass).toBeCloseTo((7 * 10 + 9) / 8, 12);
    expect(found.metallicityMass).toBeCloseTo(-3 / 8, 12);
    expect(found.formed).toBe(8);
    expect(found.remaining).toBeCloseTo(1.8 + 0.7 + 2, 12);
    expect(found.massToLight).toBeCloseTo(4.5 / (1.5 + 2 + 1), 12);
    // Youngest first.
    expect(Array.from(found.lightHistory)).toEqual([8 / 18, 10 / 18]);
    expect(Array.from(found.massHistory)).toEqual([1 / 8, 7 / 8]);
  });

  it('are NaN where all weights are 0', () => {
    const none = readPopulations(table, [0, 0, 0]);
    expect(none.logAgeLight).toBeNaN();
    expect(none.massToLight).toBeNaN();
    expect(none.formed).toBe(0);
  });

  it('do not change with the scale of the weights, but for masses and luminosity', () => {
    const [one, many] = [readPopulations(table, [3, 1, 4]), readPopulations(table, [3 * 2 ** 40, 2 ** 40, 4 * 2 ** 40])];
    const sums = { formed: 0, remaining: 0, luminosity: 0 };
    expect({ ...many, ...sums }).toEqual({ ...one, ...sums });
    expect(many.formed).toBe(one.formed * 2 ** 40);
  });

  it('have errors by linear propagation: those of small steps of the weights, templates of the gas aside', () => {
    const weights = [3, 1, 4, 7];
    const matrix = Float64Array.of(0.04, -0.03, 0.01, -0.03, 0.05, 0, 0.01, 0, 0.09);
    const templates = [0, 2, 3];
    const found = readPopulations(table, weights);
    const errors = populationErrors(table, found, weights, { templates, matrix });
    for (const name of ['logAgeLight', 'metallicityLight', 'metallicityMass', 'massToLight', 'formed', 'remaining', 'luminosity'] as const satisfies (keyof PopulationMeans)[]) {
      const slopes = templates.map((t) => {
        const at = (step: number): number => readPopulations(table, weights.map((w, i) => (i === t ? w + step : w)))[name];
        return (at(1e-4) - at(-1e-4)) / 2e-4;
      });
      const variance = slopes.reduce((sum, a, i) => slopes.reduce((own, b, j) => own + a * matrix[3 * i + j]! * b, sum), 0);
      expect(errors[name], name).toBeCloseTo(Math.sqrt(variance), 7);
    }
    // The age of both templates that may vary is 10: the mean moves only because of the third. With that gone too there is nothing to propagate.
    expect(errors.logAgeMass).toBeGreaterThan(0);
    const same = [3, 0, 4, 7];
    const old = populationErrors(table, readPopulations(table, same), same, { templates, matrix });
    expect(old.logAgeMass).toBeNaN();
    expect(old.formed).toBe(errors.formed);
  });

  it('light is the mean between 5000 and 5500 Å, luminosity that of a Sun for a solar-type magnitude', () => {
    const library = syntheticLibrary();
    const { light, luminosity, logAge } = populationTable(library);
    expect(logAge[9]).toBeCloseTo(9 + Math.log10(13), 12);
    const n = library.wavelength.length;
    const inside = Array.from(library.flux.subarray(0, n)).filter((_, k) => library.wavelength[k]! >= 5000 && library.wavelength[k]! <= 5500);
    expect(light[0]).toBeCloseTo(inside.reduce((a, b) => a + b) / inside.length, 9);
    // Young stars shine more per mass.
    for (let m = 0; m < 4; m++) expect(luminosity[m * 10 + 2]).toBeGreaterThan(luminosity[m * 10 + 9]! * 20);
    expect(populationTable({ ...library, absolute: false }).luminosity[0]).toBeNaN();
  });
});
