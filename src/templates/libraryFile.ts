import { ZgradError } from '../errors/index.js';
import { findHdu, readImage, readTable, writeFits, type ByteSink, type Card, type Fits, type Header } from '../fits/index.js';
import { makeTable, numbers, type Column } from '../table/index.js';
import { pixelsWithin, type Range, type StellarLibrary } from './library.js';

/** Version of the file's layout, keyword ZGLIB. */
const layout = 1;

const numbersColumn = (name: string, unit: string | null, description: string, values: ArrayLike<number>): Column => ({ name, unit, description, values: Float64Array.from(values) });

/**
 * Writes a library as one FITS file with checksums: FLUX (image [λ, n], 32-bit floats as they are), WAVELENGTH (image of
 * doubles), TEMPLATES (a row a template) and RESOLUTION (a table of one row when it is constant).
 */
export async function writeLibrary(library: StellarLibrary, sink: ByteSink): Promise<void> {
  const { age, wavelength, resolution, imf } = library;
  if (resolution.kind === 'muse') {
    throw new ZgradError('BadArgument', { where: `templates ${library.name}`, found: 'the resolution of an instrument', expected: 'that of the spectra: constant or a table' });
  }
  const cards: Card[] = [
    { key: 'ZGLIB', value: layout, comment: 'stellar-population library of zgrad, layout version' },
    { key: 'LIBNAME', value: library.name }, { key: 'SOURCE', value: library.source },
    { key: 'SYNTH', value: library.synthetic, comment: 'computed from simple physics, not from real stars' },
    { key: 'MEDIUM', value: library.medium, comment: 'of the wavelengths' },
    ...(imf === null ? [] : [{ key: 'IMF', value: imf, comment: 'initial mass function' }]),
    { key: 'ABSOLUTE', value: library.absolute, comment: 'spectra in Lsun/Msun/Angstrom' },
    { key: 'REMSRC', value: library.remainingSource, comment: 'where remaining masses come from' },
    ...library.unverified.map((value, i) => ({ key: `UNVERIF${i + 1}`, value })),
    ...(library.absolute ? [{ key: 'BUNIT', value: 'Lsun/Msun/Angstrom' }] : []),
  ];
  const nodes = resolution.kind === 'constant' ? { wavelength: [wavelength[0]!], fwhm: [resolution.fwhm] } : resolution;
  await writeFits(sink, [
    { kind: 'image', axes: [], data: null, cards },
    { kind: 'image', name: 'FLUX', axes: [wavelength.length, age.length], data: library.flux },
    { kind: 'image', name: 'WAVELENGTH', axes: [wavelength.length], data: wavelength, cards: [{ key: 'BUNIT', value: 'Angstrom' }] },
    { kind: 'table', name: 'TEMPLATES', table: makeTable([
      numbersColumn('age', 'Gyr', 'age of the population', age), numbersColumn('metallicity', null, '[M/H]', library.metallicity),
      numbersColumn('remaining', null, 'living stars and remnants over mass formed', library.remaining),
    ]) },
    { kind: 'table', name: 'RESOLUTION', table: makeTable([
      numbersColumn('wavelength', 'Angstrom', 'rest frame', nodes.wavelength), numbersColumn('fwhm', 'Angstrom', 'full width at half maximum', nodes.fwhm),
    ]) },
  ]);
}

/** Everything of a library but its spectra and wavelengths: what a list shows. */
export type LibraryHead = Omit<StellarLibrary, 'wavelength' | 'flux'> & {
  /** First and last wavelength [Å]. */
  readonly range: Range;
  /** Wavelengths of each spectrum. */
  readonly pixels: number;
};

/** Reads a library file without its spectra. @throws BadFits, MissingHdu when it is no library file */
export async function readLibraryHead(fits: Fits): Promise<LibraryHead> {
  const { wavelength, head } = await readFacts(fits);
  return { ...head, range: [wavelength[0]!, wavelength.at(-1)!], pixels: wavelength.length };
}

/**
 * Reads a library file, only the wavelengths asked for.
 * @param options.range [Å] in the rest frame and medium of the library; all by default
 * @throws BadFits, MissingHdu when it is no library file; BadArgument when the range misses it
 */
export async function readLibrary(fits: Fits, options: { readonly range?: Range } = {}): Promise<StellarLibrary> {
  const { wavelength, head } = await readFacts(fits);
  const { first, count } = pixelsWithin(wavelength, options.range ?? [0, Infinity], `templates ${head.name}`);
  const { data } = await readImage(fits, findHdu(fits, 'FLUX'), { start: [first, 0], count: [count, head.age.length] });
  return { ...head, wavelength: wavelength.slice(first, first + count), flux: data as Float32Array };
}

async function readFacts(fits: Fits): Promise<{ wavelength: Float64Array; head: Omit<StellarLibrary, 'wavelength' | 'flux'> }> {
  const { header } = fits.hdus[0]!;
  const version = header.get('ZGLIB');
  const medium = header.string('MEDIUM');
  if (version !== layout || (medium !== 'air' && medium !== 'vacuum')) {
    throw new ZgradError('BadFits', {
      where: fits.source.name, found: version === undefined ? 'no keyword ZGLIB' : `ZGLIB ${String(version)}, MEDIUM ${String(medium)}`,
      expected: `a library file of layout ${layout} as zgrad templates import writes it`, remedy: 'Import the library again.',
    });
  }
  const { data } = await readImage(fits, findHdu(fits, 'WAVELENGTH'));
  const templates = await readTable(fits, findHdu(fits, 'TEMPLATES'));
  const resolution = await readTable(fits, findHdu(fits, 'RESOLUTION'));
  const [nodes, fwhm] = [numbers(resolution, 'wavelength'), numbers(resolution, 'fwhm')];
  const head: Omit<StellarLibrary, 'wavelength' | 'flux'> = {
    name: header.string('LIBNAME') ?? '', source: header.string('SOURCE') ?? '', synthetic: header.get('SYNTH') === true, medium,
    resolution: fwhm.length === 1 ? { kind: 'constant', fwhm: fwhm[0]! } : { kind: 'table', wavelength: Array.from(nodes), fwhm: Array.from(fwhm) },
    imf: header.string('IMF') ?? null, absolute: header.get('ABSOLUTE') === true,
    age: numbers(templates, 'age'), metallicity: numbers(templates, 'metallicity'), remaining: numbers(templates, 'remaining'),
    remainingSource: header.string('REMSRC') ?? '', unverified: unverifiedOf(header),
  };
  return { wavelength: data as Float64Array, head };
}

function unverifiedOf(header: Header): string[] {
  return header.cards.flatMap(({ key, value }) => (/^UNVERIF\d+$/.test(key) && typeof value === 'string' ? [value] : []));
}
