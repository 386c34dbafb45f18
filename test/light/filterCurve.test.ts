import { describe, expect, it } from 'vitest';
import { boxCurve, builtInCurve, curveOf, curveResponse, filterResponse, filterWeights, filters, linearAxis } from '../../src/light/index.js';

describe('a filter curve', () => {
  it('is linear between its points and 0 beyond', () => {
    const curve = { name: 'x', wavelength: Float64Array.of(5000, 5010, 5030), response: Float64Array.of(0, 1, 0.5) };
    expect([4999, 5000, 5005, 5010, 5020, 5030, 5031].map((λ) => curveResponse(curve, λ))).toEqual([0, 0, 0.5, 1, 0.75, 0.5, 0]);
  });

  it('of a tabulated filter has the responses of the table', () => {
    const curve = curveOf(filters.g);
    for (let λ = 3600; λ < 5700; λ += 13) expect(curveResponse(curve, λ)).toBeCloseTo(filterResponse(filters.g, λ), 12);
  });

  it('is built in for boxes, white light and g, r, i, and for nothing else', () => {
    expect(builtInCurve('box:5300-5700')!.wavelength).toEqual(Float64Array.of(5300, 5700));
    expect(builtInCurve('r')!.name).toBe('r');
    expect(curveResponse(builtInCurve('white')!, 1234)).toBe(1);
    for (const name of ['z', 'box:', 'box:5300', 'toString', '']) expect(builtInCurve(name)).toBeNull();
    expect(() => builtInCurve('box:5700-5300')).toThrow('two ascending');
  });

  it('knows how much of it the axes cover: exactly, for a piecewise linear curve', () => {
    // Pixels of 10 Å from 4995 to 5505 Å cover 505 of 1000 Å; weighted by photons (5505² − 5000²)/(6000² − 5000²).
    const axis = linearAxis(5000, 10, 51, 'air');
    expect(filterWeights(boxCurve(5000, 6000), [axis], 'mean').coverage).toBeCloseTo(0.505, 12);
    expect(filterWeights(boxCurve(5000, 6000), [axis]).coverage).toBeCloseTo((5505 ** 2 - 5000 ** 2) / (6000 ** 2 - 5000 ** 2), 12);
    expect(filterWeights(boxCurve(7000, 8000), [axis])).toMatchObject({ coverage: 0, pivot: Number.NaN });
    const two = [linearAxis(4000, 10, 51, 'air'), linearAxis(5000, 10, 51, 'air')];
    expect(filterWeights(boxCurve(4000, 5500), two, 'mean').coverage).toBeCloseTo(1010 / 1500, 2);
  });

  it('has the pivot wavelength of a box in closed form: √((b² − a²)/(2 ln(b/a)))', () => {
    // The box covers whole pixels; sums over pixels of 1 Å differ from the integrals by (1/λ)²/12.
    const { pivot } = filterWeights(boxCurve(5000, 6000), [linearAxis(5000.5, 1, 1000, 'air')]);
    expect(pivot).toBeCloseTo(Math.sqrt((6000 ** 2 - 5000 ** 2) / (2 * Math.log(1.2))), 4);
  });
});
