import { constants } from '../units/index.js';
import type { StellarLibrary } from './library.js';
import { absorbers } from './syntheticLines.js';
import { stellarLight } from './syntheticStars.js';

const ages = [0.003, 0.008, 0.02, 0.05, 0.13, 0.33, 0.82, 2, 5.2, 13];
const metallicities = [-1.2, -0.7, -0.2, 0.3];
const start = 3500;
const step = 0.9;
const pixels = 6556;
const fwhm = 2.5;

/** Temperatures [K] for which stars are computed. */
const temperatures = Float64Array.from({ length: 18 }, (_, k) => 3200 * (45000 / 3200) ** (k / 17));

/** hc/k [Å K], and 15 (hc/k)⁴/π⁴ [Å⁴ K⁴], of Planck's law. */
const secondRadiation = 1.438776877e8;
const radiation = 15 * secondRadiation ** 4 / Math.PI ** 4;

let computed: StellarLibrary | undefined;

/**
 * A small library computed from simple physics (a Kroupa mass function, power laws of the main sequence, giants by their fuel, black bodies
 * behind lines of hydrogen, metals and molecules), so that the demonstration and the tests run without any download. It behaves like
 * a library of real stars and is none: results with it are not measurements. Computed at the first call.
 */
export function syntheticLibrary(): StellarLibrary {
  computed ??= compute();
  return computed;
}

function compute(): StellarLibrary {
  const wavelength = Float64Array.from({ length: pixels }, (_, k) => start + step * k);
  const n = ages.length * metallicities.length;
  const flux = new Float32Array(n * pixels);
  const remaining = new Float64Array(n);
  const absorb = absorbers(wavelength);
  metallicities.forEach((metallicity, m) => {
    const stars = Array.from(temperatures, (temperature) => starSpectrum(wavelength, temperature, absorb.map(({ profile, strength }) => ({ profile, strength: strength(temperature, metallicity) }))));
    ages.forEach((age, a) => {
      const light = stellarLight(temperatures, age, metallicity);
      const row = m * ages.length + a;
      remaining[row] = light.remaining;
      const total = new Float64Array(pixels);
      stars.forEach((star, t) => {
        const share = light.luminosity[t]!;
        if (share > 0) for (let k = 0; k < pixels; k++) total[k]! += share * star[k]!;
      });
      flux.set(smooth(total), row * pixels);
    });
  });
  return {
    name: 'synthetic', synthetic: true, source: 'computed from simple physics by zgrad, for demonstrations and tests: not real stars',
    wavelength, medium: 'air', resolution: { kind: 'constant', fwhm }, imf: 'Kroupa (2001)', absolute: true,
    age: Float64Array.from({ length: n }, (_, i) => ages[i % ages.length]!),
    metallicity: Float64Array.from({ length: n }, (_, i) => metallicities[Math.floor(i / ages.length)]!),
    remaining, remainingSource: 'computed: living stars, and remnants after Renzini & Ciotti (1993)', unverified: [], flux,
  };
}

/** A star of one solar luminosity [L☉/Å]: a black body behind its lines. */
function starSpectrum(wavelength: Float64Array, temperature: number, absorb: readonly { profile: Float64Array; strength: number }[]): Float64Array {
  // First the optical depth, then, in place, the spectrum.
  const depth = new Float64Array(pixels);
  for (const { profile, strength } of absorb) {
    if (strength > 1e-4) for (let k = 0; k < pixels; k++) depth[k]! += strength * profile[k]!;
  }
  const scale = radiation / temperature ** 4;
  for (let k = 0; k < pixels; k++) {
    const at = wavelength[k]!;
    const squared = at * at;
    depth[k] = scale * Math.exp(-depth[k]!) / (squared * squared * at * (Math.exp(secondRadiation / (at * temperature)) - 1));
  }
  return depth;
}

/** Convolves with a Gaussian of the library's resolution; the ends are continued flat. */
function smooth(spectrum: Float64Array): Float64Array {
  const sigma = fwhm / constants.fwhmPerSigma / step;
  const reach = Math.ceil(5 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2));
  const sum = kernel.reduce((total, value) => total + value, 0);
  const padded = new Float64Array(pixels + 2 * reach).fill(spectrum[0]!, 0, reach).fill(spectrum.at(-1)!, pixels + reach);
  padded.set(spectrum, reach);
  const smoothed = new Float64Array(pixels);
  kernel.forEach((weight, shift) => {
    for (let k = 0; k < pixels; k++) smoothed[k]! += weight / sum * padded[k + shift]!;
  });
  return smoothed;
}
