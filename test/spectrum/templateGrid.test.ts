import { describe, expect, it } from 'vitest';
import { averageProjection, sampleProjection, type Projection } from '../../src/spectrum/templateGrid.js';

function project({ first, weights, width }: Projection, samples: ArrayLike<number>): Float64Array {
  return Float64Array.from(first, (start, p) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += weights[p * width + k]! * (samples[start + k] ?? 0);
    return sum;
  });
}

const sampled = (f: (x: number) => number, n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => f(i));
/** Edges that begin anywhere and whose pixels grow from under half a sample to three. */
const uneven = Float64Array.from({ length: 18 }, (_, i) => 5.37 + 0.4 * i + 0.07 * i * i);

describe('pixels that average the spectrum over their width', () => {
  it.each([0, 1, 2, 3])('are exact for a polynomial of degree %i', (degree) => {
    const { projection, covered } = averageProjection([uneven], 60);
    const pixels = project(projection, sampled((x) => (x - 20) ** degree, 60));
    expect(covered.every((one) => one === 1)).toBe(true);
    pixels.forEach((value, p) => {
      const [a, b] = [uneven[p]! - 20, uneven[p + 1]! - 20];
      const truth = (b ** (degree + 1) - a ** (degree + 1)) / ((degree + 1) * (b - a));
      // Rounding only.
      expect(Math.abs(value - truth)).toBeLessThan(1e-10 * Math.max(1, Math.abs(truth)));
    });
  });

  it('follow a Gaussian of 1.7 samples to 4e-3 of its height', () => {
    const edges = Float64Array.from({ length: 41 }, (_, i) => 10.3 + i);
    const { projection } = averageProjection([edges], 80);
    const pixels = project(projection, sampled((x) => Math.exp(-0.5 * ((x - 30.1) / 1.7) ** 2), 80));
    pixels.forEach((value, p) => {
      let truth = 0;
      for (let k = 0; k < 400; k++) truth += Math.exp(-0.5 * ((edges[p]! + (k + 0.5) / 400 - 30.1) / 1.7) ** 2) / 400;
      expect(Math.abs(value - truth)).toBeLessThan(4e-3);
    });
  });

  it('have no weight where the grid ends, stretch by stretch', () => {
    const stretches = [Float64Array.from([-2, -1, 0, 1, 2, 3]), Float64Array.from([12, 13.5, 15, 16, 17])];
    const { projection, covered } = averageProjection(stretches, 20);
    // Six samples make the widest pixel: a pixel needs one before its first sample and all six on the grid.
    expect(projection.width).toBe(6);
    expect([...covered]).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 0]);
    const pixels = project(projection, new Float64Array(20).fill(3));
    covered.forEach((one, p) => expect(pixels[p]).toBeCloseTo(one ? 3 : 0, 12));
  });

  it('that are samples leave a fraction of a sample to the velocity', () => {
    const { projection, fraction } = sampleProjection(7.3, 4);
    expect([...projection.first]).toEqual([7, 8, 9, 10]);
    expect(fraction).toBeCloseTo(0.3, 12);
    expect([...project(projection, sampled((x) => x, 20))]).toEqual([7, 8, 9, 10]);
  });
});
