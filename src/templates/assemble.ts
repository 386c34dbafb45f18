import { ZgradError } from '../errors/index.js';
import type { StellarLibrary } from './library.js';
import type { RemainingMass } from './remaining.js';

/** One spectrum of a library as read from its file. */
export interface Template {
  /** File (and column, or age) for messages. */
  readonly from: string;
  /** Gyr, NaN for a star. */
  readonly age: number;
  /** [M/H], NaN for a star. */
  readonly metallicity: number;
  /** Living stars plus remnants over the mass formed, where the file itself tells. */
  readonly remaining?: number;
  readonly wavelength: Float64Array;
  readonly flux: ArrayLike<number>;
}

/** What all spectra of a library share. */
export type LibraryFacts = Omit<StellarLibrary, 'name' | 'synthetic' | 'wavelength' | 'age' | 'metallicity' | 'remaining' | 'remainingSource' | 'flux'> & {
  /** null where there are no ages. */
  readonly remaining: RemainingMass | null;
};

/** A library read from files, not yet named. */
export type ReadLibrary = Omit<StellarLibrary, 'name'>;

/**
 * Puts spectra together into a library, sorted by metallicity, then age (stars stay in the order given).
 * @throws BadTable when the spectra have different wavelengths, or two are of the same age and metallicity
 */
export function assembleLibrary(templates: readonly Template[], { remaining, ...facts }: LibraryFacts): ReadLibrary {
  const sorted = templates.toSorted((a, b) => (a.metallicity - b.metallicity || a.age - b.age) || 0);
  const { wavelength, from } = sorted[0]!;
  if (!wavelength.every((at, k) => at > 0 && at < Infinity && (k === 0 || at > wavelength[k - 1]!))) {
    throw new ZgradError('BadTable', { where: from, found: 'wavelengths that do not ascend', expected: 'positive wavelengths [Å] in ascending order' });
  }
  const flux = new Float32Array(sorted.length * wavelength.length);
  sorted.forEach((template, i) => {
    const before = sorted[i - 1];
    if (!sameGrid(wavelength, template.wavelength)) {
      throw new ZgradError('BadTable', {
        where: template.from, found: describeGrid(template.wavelength), expected: `${describeGrid(wavelength)}, as in ${from}`,
        remedy: 'Import the files of one library at a time.',
      });
    }
    if (before && before.age === template.age && before.metallicity === template.metallicity) {
      throw new ZgradError('BadTable', {
        where: template.from, found: `age ${template.age} Gyr and [M/H] ${template.metallicity}, as in ${before.from}`, expected: 'one spectrum of each age and metallicity',
        remedy: 'Import the files of one library at a time.',
      });
    }
    flux.set(template.flux, i * wavelength.length);
  });
  const of = (value: (template: Template) => number): Float64Array => Float64Array.from(sorted, value);
  return {
    ...facts, synthetic: false, wavelength, flux,
    age: of(({ age }) => age),
    metallicity: of(({ metallicity }) => metallicity),
    remaining: of((template) => template.remaining ?? remaining?.at(template.age, template.metallicity) ?? Number.NaN),
    remainingSource: remaining?.source ?? 'none: the library has no ages',
  };
}

const sameGrid = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((at, k) => Math.abs(at - b[k]!) < 1e-6 * at);

const describeGrid = (grid: Float64Array): string => `${grid.length} wavelengths from ${grid[0]} to ${grid.at(-1)} Å`;
