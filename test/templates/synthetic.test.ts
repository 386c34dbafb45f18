import { describe, expect, it } from 'vitest';
import { syntheticLibrary, standInRemaining } from '../../src/templates/index.js';

const library = syntheticLibrary();
const { wavelength, flux, age, metallicity, remaining } = library;
const spectrum = (i: number): Float32Array => flux.subarray(i * wavelength.length, (i + 1) * wavelength.length);
const pixel = (at: number): number => Math.round((at - wavelength[0]!) / 0.9);

/** Equivalent width [Å] of absorption between two wavelengths, over a straight continuum between two bands. */
function width(i: number, [from, to]: readonly [number, number], blue: readonly [number, number], red: readonly [number, number]): number {
  const mean = ([a, b]: readonly [number, number]): number => spectrum(i).subarray(pixel(a), pixel(b)).reduce((sum, value) => sum + value, 0) / (pixel(b) - pixel(a));
  const [x0, x1] = [(blue[0] + blue[1]) / 2, (red[0] + red[1]) / 2];
  const [y0, y1] = [mean(blue), mean(red)];
  let sum = 0;
  for (let k = pixel(from); k < pixel(to); k++) sum += 0.9 * (1 - spectrum(i)[k]! / (y0 + (y1 - y0) * (wavelength[k]! - x0) / (x1 - x0)));
  return sum;
}
const hBeta = (i: number): number => width(i, [4820, 4902], [4780, 4815], [4905, 4940]);
const iron = (i: number): number => width(i, [5245.65, 5285.65], [5233.15, 5248.15], [5285.65, 5318.15]);
/** Mass over luminosity in V of 1 M☉ formed: the Sun radiates 1.374e-4 of its light per Å at 5500 Å. */
const massToLight = (i: number): number => 1.374e-4 / spectrum(i)[pixel(5500)]!;
const of = (wantedAge: number, wantedMetals: number): number => age.findIndex((value, i) => value === wantedAge && metallicity[i] === wantedMetals);

describe('the computed library', () => {
  it('is named as synthetic: 10 ages by 4 metallicities, 3500 to 9400 Å in air at 2.5 Å', () => {
    expect(library).toMatchObject({ name: 'synthetic', synthetic: true, medium: 'air', absolute: true, resolution: { kind: 'constant', fwhm: 2.5 } });
    expect(library.source).toContain('not real stars');
    expect(new Set(age).size * new Set(metallicity).size).toBe(40);
    expect(flux).toHaveLength(40 * wavelength.length);
    expect([wavelength[0], Math.round(wavelength.at(-1)!)]).toEqual([3500, 9400]);
    expect(flux.every((value) => value > 0 && value < Infinity)).toBe(true);
    expect(syntheticLibrary()).toBe(library);
  });

  it('dims with age as real populations do', () => {
    // E-MILES with Kroupa's mass function: 0.08 at 30 Myr, 0.6 at 0.7 Gyr, 6 to 9 at 13 Gyr, per mass formed.
    for (const metals of new Set(metallicity)) {
      const ratios = [...new Set(age)].map((value) => massToLight(of(value, metals)));
      expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
      expect(massToLight(of(0.02, metals))).toBeGreaterThan(0.03);
      expect(massToLight(of(0.05, metals))).toBeLessThan(0.15);
      expect(massToLight(of(13, metals))).toBeGreaterThan(4);
      expect(massToLight(of(13, metals))).toBeLessThan(9);
    }
  });

  it('keeps of its mass what a Kroupa mass function keeps', () => {
    // Within 6 per cent; published models differ by 3 among themselves.
    age.forEach((value, i) => expect(Math.abs(remaining[i]! / standInRemaining('kroupa').at(value, 0) - 1)).toBeLessThan(0.06));
  });

  it('has its strongest Balmer lines at 0.1 to 0.5 Gyr, and metal lines that grow with age and metallicity', () => {
    const at = (value: number): number => hBeta(of(value, -0.2));
    expect(at(0.13)).toBeGreaterThan(8);
    expect(at(0.13)).toBeLessThan(11);
    expect(at(0.003)).toBeLessThan(4);
    expect(at(2)).toBeGreaterThan(3);
    expect(at(5.2)).toBeLessThan(4);
    const old = [-1.2, -0.7, -0.2, 0.3].map((metals) => iron(of(13, metals)));
    expect(old).toEqual(old.toSorted((a, b) => a - b));
    // 1.4 to 4.0 Å in E-MILES from -1.26 to +0.26.
    expect(old[0]).toBeGreaterThan(0.8);
    expect(old[3]).toBeLessThan(5);
    expect(iron(of(13, 0.3))).toBeGreaterThan(iron(of(2, 0.3)));
  });

  it('tells neighbours apart at a signal-to-noise of 40, whatever smooth curve they are multiplied with', () => {
    // χ² of the ratio of two neighbours from 4800 to 7200 Å after a polynomial of degree 8 is taken out.
    const [first, last] = [pixel(4800), pixel(7200)];
    const difference = (i: number, j: number): number => {
      const ratio = Float64Array.from({ length: last - first }, (_, k) => spectrum(i)[first + k]! / spectrum(j)[first + k]!);
      return 40 ** 2 * residual(ratio, 8);
    };
    const metals = [...new Set(metallicity)];
    for (const [m, z] of metals.entries()) {
      for (const [a, value] of [...new Set(age)].entries()) {
        const here = of(value, z);
        if (a > 0) expect(difference(here, here - 1)).toBeGreaterThan(25);
        if (m > 0) expect(difference(here, of(value, metals[m - 1]!))).toBeGreaterThan(9);
      }
    }
  });
});

/** Squares left of a curve (in units of its mean) after Legendre polynomials up to a degree, orthonormalised on its points. */
function residual(curve: Float64Array, degree: number): number {
  const n = curve.length;
  const mean = curve.reduce((sum, value) => sum + value, 0) / n;
  let left = curve.map((value) => value / mean);
  const basis: Float64Array[] = [];
  for (let d = 0; d <= degree; d++) {
    let next: Float64Array = Float64Array.from({ length: n }, (_, k) => (2 * k / (n - 1) - 1) ** d);
    const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
    for (const one of [...basis, ...basis]) { const part = dot(next, one); next = next.map((value, k) => value - part * one[k]!); }
    const norm = Math.sqrt(dot(next, next));
    const unit = next.map((value) => value / norm);
    basis.push(unit);
    const part = dot(left, unit);
    left = left.map((value, k) => value - part * unit[k]!);
  }
  return left.reduce((sum, value) => sum + value * value, 0);
}
