import { ZgradError } from '../errors/index.js';
import { Header, findHdu, hasHdu, type Card, type Fits, type Hdu } from '../fits/index.js';
import type { Lsf, Medium } from '../light/index.js';
import type { Cube } from './cube.js';

/** What the user may say about a cube. Everything has a default that comes from the files. */
export interface CubeOptions {
  /** Default: recognised from the headers and the names of the HDUs. */
  readonly instrument?: Cube['instrument'];
  /** HDU of the flux. Default: what the instrument has; for a generic cube the first image with three axes. */
  readonly flux?: string | number;
  /** HDU of the variance. Default for a generic cube: STAT, VARIANCE or VAR. */
  readonly variance?: string | number;
  /** HDU of the standard deviation, instead of `variance`. Default for a generic cube: ERROR or ERR. */
  readonly error?: string | number;
  /** HDU of the inverse variance, instead of `variance`. Default for a generic cube: IVAR. */
  readonly ivar?: string | number;
  /** HDU of a mask (a cube, or an image for all wavelengths); where it is not zero the flux is not used. Default: MUSE's DQ. */
  readonly mask?: string | number;
  /** Unit of the flux. Default: BUNIT. */
  readonly fluxUnit?: string;
  /** Unit of the wavelengths. Default: CUNIT3. */
  readonly wavelengthUnit?: string;
  /** Medium of the wavelengths. Default: from CTYPE3 (AWAV air, WAVE vacuum); air where that does not tell. */
  readonly medium?: Medium;
  /** Line-spread function. Default: that of MUSE or of SAMI's arms, the one that a MaNGA cube holds; two pixels for a generic cube. */
  readonly lsf?: Lsf;
  /** Observed wavelengths [Å] to read. Default: all. */
  readonly range?: readonly [number, number];
  /** Side of a spaxel [arcsec]. Default: from the celestial coordinates. */
  readonly pixelScale?: number;
}

/** Where the parts of one spectral arm are found in its file. */
export interface ArmSource {
  readonly name: string;
  readonly fits: Fits;
  readonly flux: Hdu;
  readonly noise: Noise;
  readonly mask: Hdu | null;
  /** The flux header, what the user or the instrument knows better in front, the primary header's cards behind. */
  readonly header: Header;
  /** 'file': the values of the file tell, read with the spectra. Null where nothing is known. */
  readonly lsf: Lsf | 'file' | null;
}

/** An HDU that tells how well the flux is known. */
export interface Noise {
  readonly hdu: Hdu;
  readonly kind: 'variance' | 'error' | 'ivar';
}

/** An instrument's reader: where the arms are, and what the user should know. */
export interface CubeSource {
  readonly instrument: Cube['instrument'];
  readonly object: string | null;
  readonly arms: readonly ArmSource[];
  /** The survey's own map of bins, to be checked against the spectra. */
  readonly sectors: { readonly fits: Fits; readonly hdu: string } | null;
  readonly warnings: readonly string[];
}

/** The names by which generic cubes call their noise. */
const conventions = { variance: ['STAT', 'VARIANCE', 'VAR'], error: ['ERROR', 'ERR'], ivar: ['IVAR'] } as const;
const kinds = ['variance', 'error', 'ivar'] as const;

/**
 * The noise HDU that the options name, otherwise the first by convention.
 *
 * @throws ZgradError 'BadCube' when there is none or the options name more than one; MissingHdu when a named one is absent.
 */
export function noiseOf(fits: Fits, options: CubeOptions): Noise {
  const named = kinds.filter((kind) => options[kind] !== undefined);
  if (named.length > 1) {
    throw new ZgradError('BadCube', {
      where: 'cube', found: named.map((kind) => `\`cube.${kind}\``).join(' and '), expected: 'one of `cube.variance`, `cube.error` and `cube.ivar`',
    });
  }
  const kind = named[0];
  if (kind) return { kind, hdu: findHdu(fits, options[kind]!) };
  for (const kind of kinds) {
    const name = conventions[kind].find((name) => hasHdu(fits, name));
    if (name) return { kind, hdu: findHdu(fits, name) };
  }
  throw new ZgradError('BadCube', {
    where: fits.source.name, found: `no variance in the HDUs ${hduNames(fits)}`, expected: 'a cube with the variance of every pixel',
    remedy: 'If the noise has another name, give it as `cube.variance`, `cube.error` or `cube.ivar`.',
  });
}

export const hduNames = (fits: Fits): string => fits.hdus.map(({ index, name }) => name || `${index} (no name)`).join(', ');

/** The cards of all headers, the first to have a key counts. */
export function joinHeaders(cards: readonly Card[], ...headers: readonly Header[]): Header {
  return new Header([...cards, ...headers.flatMap((header) => header.cards)]);
}

/** The name of the object: OBJECT (or `key`), null when it is empty. */
export function objectOf(header: Header, key = 'OBJECT'): string | null {
  return header.string(key)?.trim() || null;
}
