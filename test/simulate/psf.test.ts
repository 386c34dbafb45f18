import { describe, expect, it } from 'vitest';
import { makeFineGrid, spread } from '../../src/simulate/grid.js';
import { makeConvolver, makePsf, sumToSpaxels } from '../../src/simulate/psf.js';

const fwhm = 0.9;
const pixelScale = 0.2;

function imageOfPoint(beta: number | null, oversample: number) {
  const grid = makeFineGrid({ nx: 41, ny: 41, pixelScale, oversample, psf: { fwhm, beta } });
  const fine = new Float64Array(grid.width * grid.height);
  spread(grid, 20, 20, 0, (cell, share) => { fine[cell]! += share; });
  return { grid, fine, image: makeConvolver(grid, makePsf({ fwhm, beta }), pixelScale)(fine) };
}

describe('the point-spread function', () => {
  it('conserves flux: kernels are normalised', () => {
    for (const beta of [null, 2.5, 4]) {
      const { grid, fine, image } = imageOfPoint(beta, 2);
      // The Moffat's outermost light, cut at 4 FWHM = 18 spaxels of the margin, falls within 20 spaxels of the centre.
      expect(image.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
      expect(sumToSpaxels(grid, fine).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it('is a Gaussian of the given FWHM', () => {
    const { image } = imageOfPoint(null, 1);
    for (const r of [1, 2, 3, 4]) {
      expect(image[20 * 41 + 20 + r]! / image[20 * 41 + 20]!).toBeCloseTo(Math.exp(-4 * Math.LN2 * ((r * pixelScale) / fwhm) ** 2), 12);
    }
  });

  it('is a Moffat profile, as a mixture of Gaussians, to 2 % out to 2 FWHM', () => {
    for (const beta of [2.5, 4]) {
      const { image } = imageOfPoint(beta, 1);
      const alpha = fwhm / (2 * Math.sqrt(2 ** (1 / beta) - 1));
      for (const r of [1, 2, 3, 5, 9]) {
        const expected = (1 + ((r * pixelScale) / alpha) ** 2) ** -beta;
        expect(Math.abs(image[20 * 41 + 20 + r]! / image[20 * 41 + 20]! / expected - 1)).toBeLessThan(0.02);
      }
    }
  });

  it('spreads light over a spaxel: its variance is that of the PSF plus that of the pixel', () => {
    const { image } = imageOfPoint(null, 3);
    let moment = 0;
    image.forEach((value, i) => { moment += value * ((i % 41) - 20) ** 2; });
    const sigma = fwhm / 2.354820045 / pixelScale;
    // 1/12 − 1/12/9: the pixel is a sum over three cells; 1e-4 for the kernel cut at 5σ.
    expect(Math.abs(moment - sigma ** 2 - (1 / 12) * (1 - 1 / 9))).toBeLessThan(1e-4 * sigma ** 2);
  });
});
