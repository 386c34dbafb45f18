import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createRandom } from '../../src/numeric/index.js';
import { pixelAt } from '../../src/spectrum/design.js';
import { leastBeside } from '../../src/spectrum/outliers.js';
import { medianInPlace } from '../../src/spectrum/spectrum.js';
import { evenWeights } from '../../src/spectrum/weights.js';

describe('the pixel that holds a wavelength', () => {
  it('is the one that counting edges gives, on even and uneven axes, at edges and outside', () => {
    const random = createRandom(1, 'edges');
    for (const step of [() => 1.25, (k: number) => 1 + k / 50, () => 0.2 + random.uniform()]) {
      const edges = new Float64Array(61);
      for (let k = 1; k < 61; k++) edges[k] = edges[k - 1]! + step(k);
      for (const [first, last] of [[0, 60], [10, 40], [5, 6]] as const) {
        const counted = (λ: number): number => first - 1 + edges.subarray(first, last + 1).filter((edge) => edge <= λ).length;
        for (let i = 0; i < 300; i++) {
          const λ = i < 61 ? edges[i]! : -5 + random.uniform() * (edges[60]! + 10);
          expect(pixelAt(edges, λ, first, last)).toBe(counted(λ));
        }
      }
    }
  });
});

describe('the median', () => {
  it('is the middle one of the sorted values, the upper of two, also of many equal ones', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 700 }), (values) => {
      // The sorted middle may be the other zero of −0 and 0, which compare as equal.
      expect(medianInPlace(Float64Array.from(values), values.length) === Float64Array.from(values).sort()[values.length >> 1]).toBe(true);
    }));
    expect(medianInPlace(new Float64Array(3), 0)).toBeNaN();
    expect(medianInPlace(Float64Array.of(3, 1, 2, Number.NaN), 3)).toBe(2);
  });
});

describe('even weights', () => {
  const weigh = (weights: readonly number[]): number[] => {
    const role = Uint8Array.from(weights, (_, i) => (i === 4 ? 2 : 1));
    const weight = Float64Array.from(weights);
    evenWeights({ name: '', arm: 0, from: 0, to: role.length, lines: [], role }, weight, new Float64Array(role.length));
    return [...weight];
  };

  it('are the typical one of each side, but small ones their own, and none under lines', () => {
    expect(weigh([4, 5, 5.5, 0.1, 9, 1, 2, 3, 0])).toEqual([5, 5, 5, 0.1, 0, 2, 2, 2, 0]);
    expect(weigh([3, 3, 3, 3, 3, 0, 0, 0, 0])).toEqual([3, 3, 3, 3, 0, 0, 0, 0, 0]);
  });
});

describe('what neighbours of a bright pixel have in a line', () => {
  it('is half of what the line-spread function gives them, more under a broad one', () => {
    const [single, pair] = leastBeside(1.5);
    // Centred pixels of a broad Gaussian: exp(−1/2σ²), exp(−1/σ²) of 1, to a few per cent of the integration over pixels.
    expect(single / (0.5 * Math.exp(-0.5 / 1.5 ** 2))).toBeCloseTo(1, 1);
    expect(pair / (0.5 * Math.exp(-1 / 1.5 ** 2))).toBeCloseTo(1, 1);
    expect(leastBeside(0.7)[0]).toBeLessThan(single);
  });
});
