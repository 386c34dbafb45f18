import { median } from '../stats/index.js';
import type { ContinuumChoice } from './continuumChoice.js';
import type { StarsFacts } from './fitStars.js';
import type { Config } from './resolve.js';
import type { StellarBins } from './stellarBins.js';

/** What run.json and the report say of the continuum. */
export interface ContinuumFacts {
  readonly method: 'ssp' | 'local';
  /** In a few words. */
  readonly sentence: string;
  /** Rest-frame EW of the Balmer absorption where straight lines stand for the stars [Å]. */
  readonly absorption: number;
  /** Null for the local method. */
  readonly library: {
    readonly name: string;
    readonly source: string;
    readonly sha256: string;
    /** Computed, not from real stars. */
    readonly synthetic: boolean;
    readonly templates: number;
    readonly imf: string | null;
    readonly remainingSource: string;
    readonly unverified: readonly string[];
  } | null;
  /** Pixels of a spectrum that are fitted. */
  readonly pixels: number | null;
  /** Observed stretches [Å] where the data are sharper than the library. */
  readonly sharper: readonly (readonly [number, number])[];
  /** Median over the bins of √(χ²/DOF) of the fit of the stars. */
  readonly medianErrorFactor: number | null;
  /** Sentences for the user: what to bear in mind. */
  readonly notes: readonly string[];
}

export function describeContinuum(choice: ContinuumChoice, { continuum }: Config, fitted: (StarsFacts & { readonly stars: StellarBins }) | null): ContinuumFacts {
  const { absorption } = continuum;
  if (choice.method === 'local' || !fitted) {
    return {
      method: 'local', sentence: `local continuum with ${absorption} Å of Balmer absorption`, absorption, library: null, pixels: null, sharper: [], medianErrorFactor: null, notes: [],
    };
  }
  const { library, sha256 } = choice;
  const { name, source, synthetic, imf, remainingSource, unverified, absolute, age } = library;
  const { sharper, pixels, stars } = fitted;
  const factors = stars.errorFactor.filter(Number.isFinite);
  const stretches = sharper.map(([from, to]) => `${from.toFixed(0)}–${to.toFixed(0)} Å`).join(', ');
  return {
    method: 'ssp', sentence: `stellar populations of ${name}${synthetic ? ' (synthetic: computed, not from real stars)' : ''}`, absorption,
    library: { name, source, sha256, synthetic, templates: age.length, imf, remainingSource, unverified }, pixels, sharper,
    medianErrorFactor: factors.length ? median(factors) : null,
    notes: [
      ...(synthetic ? [`the continuum was fitted with the library ${name}, which is computed from simple physics: its ages, metallicities and masses mean little`] : []),
      ...(sharper.length ? [`the data are sharper than the library ${name} at ${stretches}: the difference is in the fitted dispersion, which is right, but absorption narrower than the templates' is not followed there`] : []),
      ...(absolute && /stands for it|factor/.test(remainingSource) ? [`stellar masses (living stars and remnants) are mass formed times a factor: ${remainingSource}`] : []),
    ],
  };
}
