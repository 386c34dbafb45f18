import { readFileSync } from 'node:fs';
import { expect, describe, it } from 'vitest';
import { filterFlux, filterResponse, filters, perFrequency, type FilterName } from '../../src/light/index.js';
import { constants } from '../../src/units/index.js';
import { fileSource } from '../../src/host/index.js';
import { readLibraryFiles } from '../../src/templates/index.js';
import { describeShared, shared } from '../support/shared.js';

const names = Object.keys(filters) as FilterName[];

describe('fluxes through filters', () => {
  it.each(names)('%s: a spectrum of flat f_ν has its own AB magnitude, however it is sampled', (name) => {
    // 3631 Jy: magnitude 0.
    const fν = 10 ** (-0.4 * constants.abZeroPoint);
    for (const step of [0.5, 2, 7]) {
      const wavelength = Float64Array.from({ length: Math.ceil(6000 / step) }, (_, k) => 3300 + k * step);
      const { flux, pivot } = filterFlux(filters[name], wavelength, wavelength.map((λ) => (fν * constants.c * 1e13) / (λ * λ)));
      expect(Math.abs(-2.5 * Math.log10(perFrequency(flux, pivot)) - constants.abZeroPoint)).toBeLessThan(1e-4);
    }
  });

  it('are NaN unless the spectrum spans the filter', () => {
    const wavelength = Float64Array.from({ length: 2000 }, (_, k) => 4500 + k);
    expect(filterFlux(filters.r, wavelength, new Float64Array(2000).fill(1)).flux).toBeNaN();
    expect(filterFlux(filters.g, wavelength, new Float64Array(2000).fill(1)).pivot).toBeNaN();
  });

  it('responses are linear between the tabulated ones and 0 outside', () => {
    const { start, step, response } = filters.r;
    expect(filterResponse(filters.r, start + 3.5 * step)).toBeCloseTo((response[3] + response[4]) / 2, 12);
    expect(filterResponse(filters.r, start - 1)).toBe(0);
    expect(filterResponse(filters.r, start + response.length * step)).toBe(0);
  });
});

describeShared('the tabulated filters against the full curves', () => {
  it('give the same magnitudes of young and old stars to 0.005', async () => {
    const files = ['00.0300', '00.4000', '02.0000', '13.5000'].map((years) => fileSource(shared('data', 'templates', 'emiles_ku_basti', `Eku1.30Zp0.06T${years}_iTp0.00_baseFe.fits`)));
    const { wavelength, flux, age } = await readLibraryFiles(await Promise.all(files), 'emiles');
    const n = wavelength.length;
    for (const name of names) {
      const rows = readFileSync(shared('data', 'filters', 'speclite', `sdss2010-${name}.ecsv`), 'utf8').split('\n').filter((line) => /^\d/.test(line)).map((line) => line.split(/\s+/).map(Number));
      /** −2.5 log of photons through the full curve over those of flat f_ν, on a grid of 0.9 Å. */
      const full = (row: Float32Array): number => {
        let [light, norm, k] = [0, 0, 0];
        for (let i = 0; i < n; i++) {
          const λ = wavelength[i]!;
          while (k + 2 < rows.length && rows[k + 1]![0]! < λ) k++;
          const [[a, u], [b, v]] = [rows[k]!, rows[k + 1]!] as [[number, number], [number, number]];
          if (λ < a || λ > b) continue;
          const t = u + ((v - u) * (λ - a)) / (b - a);
          light += row[i]! * t * λ;
          norm += t / λ;
        }
        return -2.5 * Math.log10(light / norm);
      };
      for (let t = 0; t < age.length; t++) {
        const row = flux.subarray(t * n, (t + 1) * n);
        const own = filterFlux(filters[name], wavelength, row);
        expect(Math.abs(-2.5 * Math.log10(own.flux * own.pivot ** 2) - full(row))).toBeLessThan(0.005);
      }
    }
  });
});
