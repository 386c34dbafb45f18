import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis, makeAxis } from '../../src/light/index.js';

describe('a spectral axis', () => {
  it('has its edges half-way between the pixels', () => {
    const { wavelength, edges, medium } = makeAxis([4750, 4751, 4753], 'air');
    expect([...wavelength]).toEqual([4750, 4751, 4753]);
    expect([...edges]).toEqual([4749.5, 4750.5, 4752, 4754]);
    expect(medium).toBe('air');
  });

  it('of equal steps has pixels of that width', () => {
    const { wavelength, edges } = linearAxis(4750, 1.25, 3681, 'vacuum');
    expect(wavelength[3680]).toBe(9350);
    expect(edges[0]).toBe(4749.375);
    expect(edges[3681]).toBe(9350.625);
  });

  it('of equal steps in ln λ has edges half-way in ln λ', () => {
    const step = 1e-4 * Math.LN10;
    const { wavelength, edges } = logAxis(3621.59598486, step, 4563, 'vacuum');
    expect(wavelength[0]).toBe(3621.59598486);
    expect(Math.log10(wavelength[4562]!)).toBeCloseTo(Math.log10(3621.59598486) + 0.4562, 12);
    for (const k of [0, 1, 4562]) expect(Math.sqrt(edges[k]! * edges[k + 1]!)).toBeCloseTo(wavelength[k]!, 8);
    expect(edges.length).toBe(4564);
  });

  it.each([[[5000]], [[]], [[5000, 5000]], [[5001, 5000]], [[5000, Number.NaN]], [[-1, 5000]], [[5000, Infinity]]])('is refused for %j', (wavelengths) => {
    expect(() => makeAxis(wavelengths, 'air')).toThrow(expect.objectContaining({ tag: 'BadArgument' }));
  });
});
