import type { Lsf } from '../light/index.js';
import { assembleLibrary, type LibraryFacts } from './assemble.js';
import type { LibraryFormat } from './format.js';
import { padovaUnimodalRemaining, standInRemaining, type RemainingMass, type StandInImf } from './remaining.js';
import { readSpectrumImage } from './spectrumImage.js';

/**
 * FWHM [Å] of E-MILES: 3 Å below 3061 Å, 5 Å up to 3541 Å, 2.51 Å up to 8950 Å, σ = 60 km/s beyond (Vazdekis et al.
 * 2016, MNRAS 463, 3409; the steps as in the table distributed with the models).
 */
const emilesResolution: Lsf = {
  kind: 'table',
  wavelength: [1680.2, 3060.8, 3061.7, 3540.5, 3541.4, 8950.4, 8951.3, 49999.4],
  fwhm: [3, 3, 5, 5, 2.51, 2.51, 4.22, 23.57],
};

/** MILES and MIUSCAT (Falcón-Barroso et al. 2011, A&A 532, A95). */
const milesResolution: Lsf = { kind: 'constant', fwhm: 2.51 };

const families = {
  E: { name: 'E-MILES', paper: 'Vazdekis et al. 2016, MNRAS 463, 3409', resolution: emilesResolution },
  M: { name: 'MILES', paper: 'Vazdekis et al. 2010, MNRAS 404, 1639', resolution: milesResolution },
  I: { name: 'MIUSCAT', paper: 'Vazdekis et al. 2012, MNRAS 424, 157', resolution: milesResolution },
} as const;

const imfs: Readonly<Record<string, { name: string; standIn: StandInImf }>> = {
  ku: { name: 'Kroupa universal', standIn: 'kroupa' },
  kb: { name: 'Kroupa revised', standIn: 'kroupa' },
  ch: { name: 'Chabrier', standIn: 'chabrier' },
  un: { name: 'unimodal', standIn: 'salpeter' },
  bi: { name: 'bimodal', standIn: 'kroupa' },
};

/** Range, mass function and slope, [M/H], age [Gyr], then isochrones (iT BaSTI, iP Padova 2000) and abundances where told. */
const pattern = /^([EMI])(ku|kb|ch|un|bi)(\d\.\d\d)Z([mp])(\d\.\d\d)T(\d\d\.\d{4})(?:_(i[TP])[mp]\d\.\d\d)?(?:_(\w+?))?\.fits(?:\.gz)?$/;

function parseName(fileName: string): { library: keyof typeof families; imf: string; slope: string; isochrones: string; abundances: string; age: number; metallicity: number } | null {
  const [, library, imf, slope, sign, size, age, isochrones, abundances] = pattern.exec(fileName) ?? [];
  if (library === undefined) return null;
  return {
    library: library as keyof typeof families, imf: imf!, slope: slope!, age: Number(age), metallicity: (sign === 'm' ? -1 : 1) * Number(size),
    // Names without isochrones are of the years when there were only those of Padova.
    isochrones: isochrones === 'iT' ? 'BaSTI' : 'Padova 2000', abundances: abundances ?? 'baseFe',
  };
}

/** A table is published for the unimodal mass function of slope 1.3 on Padova isochrones; other libraries get a stand-in. */
function remainingOf(imf: string, slope: string, isochrones: string): RemainingMass {
  if (imf === 'un' && slope === '1.30' && isochrones === 'Padova 2000') return padovaUnimodalRemaining;
  return standInRemaining(imfs[imf]!.standIn);
}

/** E-MILES, MILES and MIUSCAT as the MILES web tool writes them: one FITS spectrum a file, everything else in its name; L☉/M☉/Å, air. */
export const milesFormat: LibraryFormat = {
  name: 'E-MILES, MILES, MIUSCAT (Eku1.30Zp0.06T10.0000_iTp0.00_baseFe.fits)',
  family(fileName) {
    const found = parseName(fileName);
    return found && `${families[found.library].name} ${found.imf}${found.slope}, ${found.isochrones}, ${found.abundances}`;
  },
  async read(files) {
    const { library, imf, slope, isochrones, abundances } = parseName(files[0]!.name)!;
    const { name, paper, resolution } = families[library];
    const facts: LibraryFacts = {
      source: `${name} (${paper}), ${isochrones}, ${abundances}`,
      medium: 'air', resolution, absolute: true, imf: `${imfs[imf]!.name}, slope ${slope}`,
      remaining: remainingOf(imf, slope, isochrones),
      unverified: slope === '1.30' ? [] : [`the remaining mass for slope ${slope}: taken as for 1.30`],
    };
    return assembleLibrary(await Promise.all(files.map(async (file) => {
      const { age, metallicity } = parseName(file.name)!;
      return { from: file.name, age, metallicity, ...await readSpectrumImage(file) };
    })), facts);
  },
};
