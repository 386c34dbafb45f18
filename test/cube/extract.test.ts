import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBinning, spaxelBinning } from '../../src/binning/index.js';
import { dereddenFactors, distinctBinning, extractPixels, extractSpectrum, recogniseRepeats, spectrumBuffers, type Cube } from '../../src/cube/index.js';
import { cubeOf, randomValues } from './cubes.js';

const [nx, ny, n] = [4, 3, 12];
const values = randomValues(nx * ny * n, 'flux');
const noise = randomValues(nx * ny * n, 'variance').map((value) => value + 0.5);
const plain = cubeOf(nx, ny, n, (s, k) => values[s * n + k]!, (s, k) => noise[s * n + k]!, { unit: 1e-16 });
const halves = makeBinning(Array.from({ length: nx * ny }, (_, s) => (s % nx < 2 ? 1 : 2)), nx, ny);

/** Extracts bin b into fresh buffers of the one arm. */
function spectrum(cube: Cube, binning = halves, b = 0, factors: readonly Float64Array[] | null = null) {
  const into = spectrumBuffers(cube);
  extractSpectrum(cube, binning, b, into, factors);
  return into[0]!;
}

describe('extractSpectrum', () => {
  it('sums fluxes and variances over the spaxels of a bin, in 1e-17', () => {
    const { flux, variance, coverage } = spectrum(plain);
    for (let k = 0; k < n; k++) {
      let [f, v] = [0, 0];
      for (let s = 0; s < nx * ny; s++) {
        if (s % nx >= 2) continue;
        f += 10 * values[s * n + k]!;
        v += 100 * noise[s * n + k]!;
      }
      expect(flux[k]).toBeCloseTo(f, 10);
      expect(variance[k]).toBeCloseTo(v, 8);
      expect(coverage[k]).toBe(1);
    }
  });

  it('gives the same in buffers that were used before', () => {
    const into = spectrumBuffers(plain);
    extractSpectrum(plain, halves, 1, into);
    extractSpectrum(plain, halves, 0, into);
    expect(into[0]).toEqual(spectrum(plain));
  });

  it('scales to the whole bin where at least half of it is good, and gives NaN elsewhere', () => {
    // Bin 0 has 6 spaxels; those of the first row and the first of the second are bad at pixel 3, and one more at pixel 4.
    const bad = new Set([0, 1, 4].map((s) => s * n + 3).concat([0, 1, 4, 5].map((s) => s * n + 4)));
    const cube = cubeOf(nx, ny, n, (s, k) => (bad.has(s * n + k) ? Number.NaN : 2), () => 1);
    const { flux, variance, coverage } = spectrum(cube);
    expect([...flux.subarray(2, 5)]).toEqual([12, 12, Number.NaN]);
    expect([...variance.subarray(2, 5)]).toEqual([6, 12, Number.NaN]);
    expect([...coverage.subarray(2, 5)]).toEqual([1, 0.5, 2 / 6]);
  });

  it('multiplies the flux by the dust factor and the variance by its square', () => {
    const factors = dereddenFactors(plain, 0.1);
    const [bare, corrected] = [spectrum(plain), spectrum(plain, halves, 0, factors)];
    bare.flux.forEach((f, k) => {
      expect(corrected.flux[k]! / (f * factors[0]![k]!)).toBeCloseTo(1, 12);
      expect(corrected.variance[k]! / (bare.variance[k]! * factors[0]![k]! ** 2)).toBeCloseTo(1, 12);
    });
  });

  it('does not let bad values in one spaxel change the spectrum of another', () => {
    const single = distinctBinning(plain);
    fc.assert(fc.property(
      fc.integer({ min: 0, max: nx * ny - 1 }), fc.array(fc.tuple(fc.nat(n - 1), fc.constantFrom(Number.NaN, Infinity, -Infinity, 0, -1), fc.boolean()), { maxLength: 30 }),
      (spaxel, injections) => {
        const arm = plain.arms[0]!;
        const [flux, variance] = [arm.flux.slice(), arm.variance.slice()];
        for (const [k, value, intoFlux] of injections) (intoFlux ? flux : variance)[spaxel * n + k] = value;
        const spoilt = { ...plain, arms: [{ ...arm, flux, variance }] };
        for (let s = 0; s < nx * ny; s++) {
          if (s !== spaxel) expect(spectrum(spoilt, single, s)).toEqual(spectrum(plain, single, s));
          else expect(spectrum(spoilt, single, s).variance.every((v) => Number.isNaN(v) || v > 0)).toBe(true);
        }
      }), { numRuns: 50 });
  });
});

describe('a sector-binned cube', () => {
  // Columns 0–1 and 2–3 are two sectors; the last spaxel has no data.
  const sectorOf = (s: number) => (s === nx * ny - 1 ? 0 : s % nx < 2 ? 1 : 2);
  const last = (s: number) => s === nx * ny - 1;
  const spectra = cubeOf(nx, ny, n, (s, k) => (last(s) ? Number.NaN : k === 5 ? Number.NaN : sectorOf(s) * 10 + k), (s, k) => (last(s) ? 0 : sectorOf(s) + k / 100));

  it('is recognised from its spectra, NaN equal to NaN', () => {
    const groups = recogniseRepeats(spectra)!;
    expect([...groups]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 0]);
  });

  it('is not taken for one when most spectra are alone, or only dead spaxels agree', () => {
    expect(recogniseRepeats(plain)).toBeNull();
    const dead = cubeOf(nx, ny, n, (s, k) => (s < 8 ? 0 : values[s * n + k]!), (s, k) => (s < 8 ? 0 : noise[s * n + k]!));
    expect(recogniseRepeats(dead)).toBeNull();
    const one = cubeOf(nx, ny, n, (s, k) => values[(s < 5 ? 0 : s) * n + k]!, (s, k) => noise[(s < 5 ? 0 : s) * n + k]!);
    expect(recogniseRepeats(one)).toBeNull();
  });

  it('is told apart by a single pixel, even one that the fingerprint skips', () => {
    const long = 1000;
    const cube = cubeOf(4, 1, long, (s, k) => (s >= 2 && k === 501 ? 2 : 1), () => 1);
    expect([...recogniseRepeats(cube)!]).toEqual([1, 1, 2, 2]);
  });

  const cube: Cube = { ...spectra, sectors: Int32Array.from({ length: nx * ny }, (_, s) => sectorOf(s)) };

  it('has a bin of each sector, with npix times the mean and npix² times its variance', () => {
    const binning = distinctBinning(cube);
    expect(binning.repeated).toBe(true);
    expect([...binning.labels]).toEqual([1, 2]);
    const { flux, variance } = spectrum(cube, binning, 1);
    expect(flux[1]).toBeCloseTo(5 * 21, 10);
    expect(variance[1]! / (25 * 2.01)).toBeCloseTo(1, 6);
    expect(flux[5]).toBeNaN();
  });

  it("treats a sector as one measurement also in a user's bin that joins or cuts sectors", () => {
    // Bin 1: the whole of sector 1 (6 spaxels) and two spaxels of sector 2.
    const userBins = Array.from({ length: nx * ny }, (_, s) => (s % nx < 2 || s === 2 || s === 3 ? 1 : 2));
    const binning = distinctBinning(cube, { userBins });
    expect(binning.repeated).toBe(false);
    const { flux, variance } = spectrum(cube, binning, 0);
    expect(flux[1]).toBeCloseTo(6 * 11 + 2 * 21, 10);
    expect(variance[1]! / (36 * 1.01 + 4 * 2.01)).toBeCloseTo(1, 6);
  });

  it('leaves out a sector of which a spaxel is masked', () => {
    const mask = new Uint8Array(nx * ny);
    mask[4] = 1;
    expect([...distinctBinning(cube, { mask }).labels]).toEqual([2]);
  });
});

describe('distinctBinning', () => {
  it('makes a bin of each spaxel with a good pixel that is not masked', () => {
    const cube = cubeOf(nx, ny, n, (s, k) => (s === 3 ? Number.NaN : values[s * n + k]!), (s, k) => (s === 5 ? 0 : noise[s * n + k]!));
    const mask = new Uint8Array(nx * ny);
    mask[7] = 1;
    expect([...distinctBinning(cube, { mask }).labels]).toEqual([0, 1, 2, 4, 6, 8, 9, 10, 11]);
  });

  it("takes 0 as a bin of the user's map when −1 or NaN marks what is unused", () => {
    const bins = [-1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1];
    expect([...distinctBinning(plain, { userBins: bins }).labels]).toEqual([0, 1]);
    expect([...distinctBinning(plain, { userBins: bins.map((b) => (b < 0 ? Number.NaN : b)) }).labels]).toEqual([0, 1]);
    expect([...distinctBinning(plain, { userBins: bins.map((b) => Math.max(b, 0)) }).labels]).toEqual([1]);
    expect([...distinctBinning(plain, { userBins: bins, unused: 'nonPositive' }).labels]).toEqual([1]);
    expect(() => distinctBinning(plain, { userBins: [1, 2] })).toThrow(/bin map: found 2 values; expected 4 × 3/);
  });
});

describe('extractPixels', () => {
  it('gives some pixels of a spaxel as extractSpectrum does for a bin that holds it alone, and leaves the others', () => {
    const cube = cubeOf(nx, ny, n, (s, k) => (s === 5 && k === 4 ? Number.NaN : values[s * n + k]!), (s, k) => (s === 5 && k === 6 ? 0 : noise[s * n + k]!), { unit: 1e-16 });
    const factors = dereddenFactors(cube, 0.1);
    const whole = spectrum(cube, spaxelBinning(nx, ny, () => true), 5, factors);
    const [flux, variance] = [new Float64Array(n).fill(-1), new Float64Array(n).fill(-1)];
    extractPixels(cube, 5, [Int32Array.of(0, 4, 6, 9)], [{ flux, variance }], factors);
    for (let k = 0; k < n; k++) expect([flux[k], variance[k]]).toEqual([0, 4, 6, 9].includes(k) ? [whole.flux[k], whole.variance[k]] : [-1, -1]);
  });
});
