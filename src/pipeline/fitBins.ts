import { binCentres, type Binning } from '../binning/index.js';
import type { Cube } from '../cube/index.js';
import type { SpectrumBin } from '../figures/index.js';
import type { LineMaps } from '../linemaps/index.js';
import type { LineName } from '../nebula/index.js';
import type { Config } from './resolve.js';

/** What only the cube chain knows beside the line maps. */
export interface LineFitDetails {
  readonly instrument: Cube['instrument'];
  readonly museLsf: boolean;
  readonly medium: 'air' | 'vacuum';
  /** Fluxes summed over the lines' windows [1e-17 erg/s/cm² per bin], a cross-check. */
  readonly nonParametric: ReadonlyMap<LineName, { readonly flux: Float64Array; readonly fluxError: Float64Array }>;
  /** Dispersion of the instrument at each line [km/s]. */
  readonly instrumentSigma: ReadonlyMap<LineName, Float64Array>;
  readonly reducedChi2: Float64Array;
  /** Systemic redshift from the lines; null where nothing was detected. */
  readonly refinedRedshift: number | null;
  /** The fits of the brightest, the median and the faintest measured bin. */
  readonly examples: readonly SpectrumBin[];
}

export interface FitBinsOptions {
  readonly config: Config;
  readonly files: readonly string[];
  readonly warnings: string[];
  readonly progress: (done: number, count: number) => void;
}

export function fitBins(_cube: Cube, binning: Binning, _options: FitBinsOptions): { maps: LineMaps; details: LineFitDetails } {
  throw new Error(String(binCentres(binning)));
}
