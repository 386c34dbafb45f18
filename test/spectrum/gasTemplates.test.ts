import { describe, expect, it } from 'vitest';
import { linearAxis, lsfSigma, type Lsf } from '../../src/light/index.js';
import { createFullSpectrumFitter } from '../../src/spectrum/fullSpectrum.js';
import { gasTemplates } from '../../src/spectrum/gasTemplates.js';
import { averageProjection, type TemplateGrid } from '../../src/spectrum/templateGrid.js';
import { wavelengthOf } from '../../src/spectrum/windows.js';

const c = 299792.458;
const redshift = 0.01;
const velocityScale = 26;
const lsf: Lsf = { kind: 'muse' };
const axis = linearAxis(4750, 1.25, 1850, 'air');
const grid: TemplateGrid = { velocityScale, lnStart: Math.log(4650), length: 5200, spectra: [], component: [] };
const edges = axis.edges.map((λ) => (Math.log(λ / (1 + redshift)) - grid.lnStart) / (velocityScale / c));
const { projection } = averageProjection([edges], grid.length);

const onPixels = (spectrum: Float64Array): Float64Array => Float64Array.from(projection.first, (first, p) => {
  let sum = 0;
  for (let k = 0; k < projection.width; k++) sum += projection.weights[p * projection.width + k]! * spectrum[first + k]!;
  return sum;
});
const integral = (pixels: Float64Array): number => pixels.reduce((sum, value, p) => sum + value * (axis.edges[p + 1]! - axis.edges[p]!), 0);

describe('emission lines as templates', () => {
  it('have a flux of 1 on the pixels, at the line\'s place, as wide as the instrument', () => {
    const { spectra, lines } = gasTemplates(grid, 'air', [{ axis, lsf }], { redshift, lines: ['Hb', 'Ha'] });
    expect(lines.map((group) => group.map(({ line }) => line))).toEqual([['Hb'], ['Ha']]);
    spectra.forEach((spectrum, g) => {
      const pixels = onPixels(spectrum);
      expect(Math.abs(integral(pixels) - 1)).toBeLessThan(1e-4);
      const mean = pixels.reduce((sum, value, p) => sum + 1.25 * value * axis.wavelength[p]!, 0);
      const observed = wavelengthOf(lines[g]![0]!.line, 'air', 0) * (1 + redshift);
      // Evenly spread in λ, a Gaussian in ln λ has its mean 3σ²/(2λ) to the red of its centre, less one for the flux density: a hundredth of a pixel at most.
      expect(Math.abs(mean - observed)).toBeLessThan(0.01 * 1.25);
      const sigma = Math.sqrt(pixels.reduce((sum, value, p) => sum + 1.25 * value * (axis.wavelength[p]! - mean) ** 2, 0) - 1.25 ** 2 / 12);
      expect(Math.abs(sigma / lsfSigma(lsf, observed) - 1)).toBeLessThan(2e-3);
    });
  });

  it.each([0, 0.13, 0.25, 0.5, 0.77, 1])('keep their flux when the line moves by %d of a pixel', (shift) => {
    const { spectra } = gasTemplates(grid, 'air', [{ axis, lsf }], { redshift, lines: ['Ha'] });
    const velocity = (shift * 1.25 * c) / (6563 * (1 + redshift));
    const fitter = createFullSpectrumFitter({ ...grid, spectra, component: [0] }, projection, {
      components: [{ kind: 'gas', start: { velocity, sigma: 30 }, fixed: true }], coordinate: axis.wavelength.map((_, p) => -1 + (2 * p) / 1849),
    });
    // The model of a fit to any spectrum is its weight times the moved line; a spectrum that is mostly 0 would be refused.
    const { model, weights } = fitter.fit(onPixels(spectra[0]!).map((value) => value + 1e-3), new Float64Array(1850).fill(1e-6));
    // Moved in ln λ, a line of a given height is wider in λ by V/c.
    expect(Math.abs(integral(model) / weights[0]! / Math.exp(velocity / c) - 1)).toBeLessThan(1e-4);
  });

  it('put doublets of fixed ratio and, for case B, the Balmer series into one template', () => {
    const { lines, spectra } = gasTemplates(grid, 'air', [{ axis, lsf }], { redshift, lines: ['Hb', 'OIII4959', 'OIII5007', 'NII6548', 'Ha', 'NII6583'], balmer: 'caseB' });
    expect(lines.map((group) => group.map(({ line }) => line))).toEqual([['OIII5007', 'OIII4959'], ['NII6583', 'NII6548'], ['Hb', 'Ha']]);
    spectra.forEach((spectrum, g) => {
      const flux = lines[g]!.reduce((sum, { share }) => sum + share, 0);
      expect(Math.abs(integral(onPixels(spectrum)) / flux - 1)).toBeLessThan(1e-4);
    });
    expect(lines[2]![1]!.share).toBeCloseTo(2.86, 1);
  });

  it('leave out lines that the grid does not reach, and a weak line alone stands for itself', () => {
    const { lines } = gasTemplates(grid, 'air', [{ axis, lsf }], { redshift, lines: ['OII3726', 'NII6548', 'SIII9531'] });
    expect(lines).toEqual([[{ line: 'NII6548', share: 1 }]]);
  });
});
