import { lsfSigma, vacuumToAir } from '../light/index.js';
import type { Lsf, SpectralAxis } from '../light/index.js';
import { lineByName } from '../nebula/index.js';
import type { LineName } from '../nebula/index.js';
import { createRandom, erf } from '../numeric/index.js';
import { constants } from '../units/index.js';

/** One spectrum of known lines. */
export interface SpectrumOptions {
  readonly axis: SpectralAxis;
  readonly lsf: Lsf;
  readonly redshift: number;
  /** Line fluxes [flux density unit × Å]. */
  readonly lines: ReadonlyMap<LineName, number>;
  /** Velocity relative to the redshift and intrinsic dispersion [km/s]. Default 0 and 0. */
  readonly velocity?: number;
  readonly sigma?: number;
  /** Flux density of a flat continuum. Default 0. */
  readonly continuum?: number;
  /** Standard deviation of the noise in a pixel. */
  readonly noise: number;
  readonly seed: number;
}

/** A single spectrum of pixel-integrated Gaussian lines on a flat continuum, with white noise: for the pulls of a line fit. */
export function simulateSpectrum(options: SpectrumOptions): { flux: Float64Array; variance: Float64Array; model: Float64Array } {
  const { axis, lsf, redshift, lines, velocity = 0, sigma = 0, continuum = 0, noise, seed } = options;
  const model = new Float64Array(axis.wavelength.length).fill(continuum);
  for (const [name, lineFlux] of lines) {
    const { vacuum } = lineByName(name);
    const atRest = axis.medium === 'air' ? vacuumToAir(vacuum * (1 + redshift)) : vacuum * (1 + redshift);
    const center = atRest * (1 + velocity / constants.c);
    const width = Math.SQRT2 * Math.hypot(lsfSigma(lsf, center), (center * sigma) / constants.c);
    model.forEach((_, k) => {
      const [low, high] = [axis.edges[k]!, axis.edges[k + 1]!];
      model[k]! += (lineFlux / (2 * (high - low))) * (erf((high - center) / width) - erf((low - center) / width));
    });
  }
  const random = createRandom(seed, 'spectrum');
  return { model, flux: model.map((value) => value + noise * random.normal()), variance: new Float64Array(model.length).fill(noise ** 2) };
}
