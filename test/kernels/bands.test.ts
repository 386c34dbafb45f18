import { describe, expect, it } from 'vitest';
import { createBandKernel, createPlainBandKernel, type BandKernel } from '../../src/kernels/index.js';
import { createRandom } from '../../src/numeric/index.js';

/** Two blocks of planes with bad values among them, added to three bands, one of which gives the second block no weight. */
function sumsOf(kernel: BandKernel, width: 4 | 8, spaxels: number, planes: number, layers: { variance: boolean; mask: boolean }): BandKernel {
  const random = createRandom(3, 'bands', spaxels, planes);
  const bad = [Number.NaN, Infinity, -Infinity, 0, -1];
  for (const number of [0, 1]) {
    for (const layer of ['flux', 'variance'] as const) {
      const bytes = kernel.block(layer, number, width);
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      for (let i = 0; i < planes * spaxels; i++) {
        const value = random.uniform() < 0.05 ? bad[random.integer(bad.length)]! : 1 + random.normal() ** 2;
        if (width === 4) view.setFloat32(4 * i, value);
        else view.setFloat64(8 * i, value, true);
      }
    }
    const mask = kernel.block('mask', number, 4);
    for (let i = 0; i < planes * spaxels; i++) mask.set(random.uniform() < 0.05 ? [0, 4, 0, 0] : [0, 0, 0, 0], 4 * i);
    const weights = [0, 1, 2].map((band) => Float64Array.from({ length: planes }, () => (band === 1 && number === 1 ? 0 : random.uniform())));
    kernel.add(number, width, planes, layers, weights);
  }
  return kernel;
}

describe('the kernel of band sums', () => {
  for (const width of [4, 8] as const) {
    for (const [spaxels, planes] of [[1, 1], [2, 4], [7, 3], [33, 6], [1031, 9]] as const) {
      for (const layers of [{ variance: true, mask: true }, { variance: true, mask: false }, { variance: false, mask: false }]) {
        it(`gives what its plain twin gives: ${planes} planes of ${spaxels} values of ${width} bytes${layers.variance ? ' with variance' : ''}${layers.mask ? ' and mask' : ''}`, () => {
          const [fast, plain] = [createBandKernel, createPlainBandKernel].map((create) => sumsOf(create(spaxels, 3, planes), width, spaxels, planes, layers)) as [BandKernel, BandKernel];
          for (const sum of ['flux', 'variance', 'missing'] as const) {
            fast[sum].forEach((values, band) => {
              // The order of the sums differs: 1e-14 of up to eighteen terms of order one.
              values.forEach((value, s) => expect(Math.abs(value - plain[sum][band]![s]!)).toBeLessThan(1e-14 * (1 + Math.abs(value)) * planes));
            });
          }
        });
      }
    }
  }
});
