import { makeBinning, type Binning } from '../../../src/binning/index.js';
import type { Cube } from '../../../src/cube/index.js';
import { memorySink, openFits, bytesSource, writeFits } from '../../../src/fits/index.js';
import { linearAxis } from '../../../src/light/index.js';
import { lineByName, type LineName } from '../../../src/nebula/index.js';
import { createRandom } from '../../../src/numeric/index.js';
import { massPerWeight } from '../../../src/pipeline/index.js';
import { syntheticLibrary } from '../../../src/templates/index.js';

export const side = 24;
export const redshift = 0.01;
/** [Mpc] */
export const distance = 43;
export const stars = { velocity: 60, sigma: 90 } as const;
const gas = { velocity: 85, sigma: 45 } as const;
const lsfFwhm = 2.7;
const c = 299792.458;

/** Line fluxes of one spaxel [1e-17 erg/s/cm²], the same in all. */
export const fluxes: Readonly<Partial<Record<LineName, number>>> = { Hb: 40, OIII4959: 25 / 2.98, OIII5007: 25, NII6548: 40 / 2.94, Ha: 130, NII6583: 40, SII6716: 28, SII6731: 20 };

/** Solar masses formed in one spaxel by population: 5.2 Gyr at [M/H] −0.2 and 0.13 Gyr at −0.2. */
export const formed = [4e7, 2e6] as const;

/** A spectrum on the axis, smoothed by the stars' velocities and by the instrument beyond the library's own width. */
function starlight(wavelength: Float64Array, age: number): Float64Array {
  const library = syntheticLibrary();
  const row = Array.from(library.age.keys()).find((t) => library.age[t] === age && library.metallicity[t] === -0.2)!;
  const n = library.wavelength.length;
  const template = library.flux.subarray(row * n, (row + 1) * n);
  const step = library.wavelength[1]! - library.wavelength[0]!;
  return wavelength.map((λ) => {
    const rest = λ / (1 + redshift) / (1 + stars.velocity / c);
    const sigma = Math.hypot((rest * stars.sigma) / c, Math.sqrt((lsfFwhm / (1 + redshift)) ** 2 - 2.5 ** 2) / 2.3548);
    let [sum, norm] = [0, 0];
    const middle = (rest - library.wavelength[0]!) / step;
    const reach = Math.ceil((6 * sigma) / step);
    for (let k = Math.round(middle) - reach; k <= Math.round(middle) + reach; k++) {
      const weight = Math.exp(-((((k - middle) * step) / sigma) ** 2) / 2);
      sum += weight * template[k]!;
      norm += weight;
    }
    return sum / norm;
  });
}

/**
 * A cube of 24 × 24 spaxels with the synthetic library's stars, lines and Gaussian noise. The young share varies from spaxel to spaxel by ±15 %, so
 * that a continuum bin's colour is not quite any spaxel's.
 * @param noise 1σ per pixel over the continuum
 */
export function starryCube(noise: number, seed = 1): { cube: Cube; blocks: Binning } {
  const axis = linearAxis(4750, 1.25, 2050, 'air');
  const { wavelength, edges } = axis;
  const n = wavelength.length;
  const perMass = 1 / massPerWeight(distance, redshift);
  const [old, young] = [starlight(wavelength, 5.2), starlight(wavelength, 0.13)];
  const lines = new Float64Array(n);
  for (const [name, flux] of Object.entries(fluxes) as [LineName, number][]) {
    const centre = lineByName(name).air * (1 + redshift) * (1 + gas.velocity / c);
    const sigma = Math.hypot(lsfFwhm / 2.3548, (centre * gas.sigma) / c);
    for (let k = 0; k < n; k++) {
      // Simpson's rule over the pixel.
      const density = (λ: number): number => Math.exp(-(((λ - centre) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI));
      lines[k]! += (flux * (density(edges[k]!) + 4 * density(wavelength[k]!) + density(edges[k + 1]!))) / 6;
    }
  }
  const random = createRandom(seed, 'starry');
  const flux = new Float32Array(side * side * n);
  const variance = new Float32Array(flux.length);
  const level = formed[0] * perMass * old[1000]! + formed[1] * perMass * young[1000]!;
  for (let s = 0; s < side * side; s++) {
    const share = 1 + 0.15 * Math.sin(s);
    for (let k = 0; k < n; k++) {
      const truth = perMass * (formed[0] * old[k]! + formed[1] * share * young[k]!) + lines[k]!;
      flux[s * n + k] = truth + noise * level * random.normal();
      variance[s * n + k] = (noise * level) ** 2;
    }
  }
  const block = Int32Array.from({ length: side * side }, (_, s) => 1 + Math.floor((s % side) / 6) + 4 * Math.floor(s / side / 6));
  return {
    cube: {
      instrument: 'generic', object: 'starry', nx: side, ny: side, unit: 1e-17, wcs: null, pixelScale: 0.5, seeing: null, sectors: null, warnings: [], header,
      arms: [{ name: 'full', axis, lsf: { kind: 'constant', fwhm: lsfFwhm }, flux, variance }],
    },
    blocks: makeBinning(block, side, side),
  };
}

const sink = memorySink();
await writeFits(sink, [{ kind: 'image', axes: [], data: null }]);
const { header } = (await openFits(bytesSource(sink.bytes(), 'empty'))).hdus[0]!;
