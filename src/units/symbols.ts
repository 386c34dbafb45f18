import { constants } from './constants.js';

/** Exponents of the base units (cm, g, s, rad, K, pixel, …); a base that does not occur has no entry. */
export type Dimension = Readonly<Record<string, number>>;

/** A unit: how many cgs base units it is, and their exponents. */
export interface Unit {
  readonly scale: number;
  readonly dimension: Dimension;
}

interface Entry {
  readonly names: string;
  readonly scale: number;
  readonly dimension: Dimension;
  /** True when SI prefixes may stand before it. */
  readonly prefixed?: boolean;
}

const length = { cm: 1 };
const mass = { g: 1 };
const time = { s: 1 };
const angle = { rad: 1 };
const energy = { g: 1, cm: 2, s: -2 };
const power = { g: 1, cm: 2, s: -3 };
const fluxPerFrequency = { g: 1, s: -2 };
const arcsec = 1 / constants.arcsecPerRadian;

const entries: readonly Entry[] = [
  { names: 'm', scale: 100, dimension: length, prefixed: true },
  { names: 'metre metres meter meters', scale: 100, dimension: length },
  { names: 'Angstrom angstrom Angstroms angstroms Ang ang A AA Å', scale: 1e-8, dimension: length },
  { names: 'micron microns', scale: 1e-4, dimension: length },
  { names: 'pc', scale: constants.parsec, dimension: length, prefixed: true },
  { names: 'au AU', scale: 1.495978707e13, dimension: length },
  { names: 'g', scale: 1, dimension: mass, prefixed: true },
  { names: 'solMass Msun M_sun M_sol Msol M☉ M_☉ M⊙ M_⊙', scale: constants.solarMass, dimension: mass },
  { names: 's', scale: 1, dimension: time, prefixed: true },
  { names: 'sec second seconds', scale: 1, dimension: time },
  { names: 'min', scale: 60, dimension: time },
  { names: 'h hr hour', scale: 3600, dimension: time },
  { names: 'd day', scale: 86400, dimension: time },
  { names: 'yr a', scale: constants.year, dimension: time, prefixed: true },
  { names: 'Hz', scale: 1, dimension: { s: -1 }, prefixed: true },
  { names: 'erg ergs', scale: 1, dimension: energy },
  { names: 'J', scale: 1e7, dimension: energy, prefixed: true },
  { names: 'eV', scale: 1.602176634e-12, dimension: energy, prefixed: true },
  { names: 'W', scale: 1e7, dimension: power, prefixed: true },
  { names: 'solLum Lsun L_sun L_sol Lsol L☉ L_☉ L⊙ L_⊙', scale: constants.solarLuminosity, dimension: power },
  { names: 'Jy', scale: 1e-23, dimension: fluxPerFrequency, prefixed: true },
  { names: 'nanomaggy nanomaggies nmgy nMgy', scale: constants.nanomaggy, dimension: fluxPerFrequency },
  { names: 'maggy maggies', scale: 1e9 * constants.nanomaggy, dimension: fluxPerFrequency },
  { names: 'K', scale: 1, dimension: { K: 1 }, prefixed: true },
  { names: 'rad', scale: 1, dimension: angle, prefixed: true },
  { names: 'deg degree degrees °', scale: Math.PI / 180, dimension: angle },
  { names: "arcmin ′ '", scale: 60 * arcsec, dimension: angle },
  { names: 'arcsec', scale: arcsec, dimension: angle, prefixed: true },
  { names: 'as', scale: arcsec, dimension: angle, prefixed: true },
  { names: 'arcsecs arcseconds asec ″ "', scale: arcsec, dimension: angle },
  { names: 'sr', scale: 1, dimension: { rad: 2 } },
  { names: 'pixel pixels pix px spaxel spaxels', scale: 1, dimension: { pixel: 1 } },
  { names: 'mag', scale: 1, dimension: { mag: 1 }, prefixed: true },
  { names: 'dex', scale: 1, dimension: { dex: 1 } },
  { names: 'photon photons ph', scale: 1, dimension: { photon: 1 } },
  { names: 'electron electrons', scale: 1, dimension: { electron: 1 } },
  { names: 'count counts ct cts', scale: 1, dimension: { count: 1 } },
  { names: 'adu ADU DN', scale: 1, dimension: { DN: 1 } },
  { names: '%', scale: 0.01, dimension: {} },
];

const prefixes: readonly (readonly [string, number])[] = [
  ['da', 1e1], ['y', 1e-24], ['z', 1e-21], ['a', 1e-18], ['f', 1e-15], ['p', 1e-12], ['n', 1e-9], ['u', 1e-6], ['μ', 1e-6],
  ['m', 1e-3], ['c', 1e-2], ['d', 1e-1], ['h', 1e2], ['k', 1e3], ['M', 1e6], ['G', 1e9], ['T', 1e12], ['P', 1e15], ['E', 1e18],
];

const bySymbol = new Map<string, Unit>();
for (const { names, scale, dimension } of entries) for (const name of names.split(' ')) bySymbol.set(name, { scale, dimension });
for (const { names, scale, dimension, prefixed } of entries) {
  if (!prefixed) continue;
  for (const name of names.split(' ')) {
    for (const [prefix, factor] of prefixes) {
      // What already has a meaning keeps it: 'min' is a minute, 'as' an arcsecond.
      if (!bySymbol.has(prefix + name)) bySymbol.set(prefix + name, { scale: factor * scale, dimension });
    }
  }
}

/** Words that mean one thing however they are capitalised (ERG/S/CM2/A, Angstroms). */
const anyCase = new Map(
  ['erg', 'ergs', 's', 'sec', 'cm', 'km', 'nm', 'um', 'kpc', 'angstrom', 'angstroms', 'ang', 'pixel', 'pix', 'spaxel', 'deg', 'arcsec', 'arcmin',
    'rad', 'sr', 'yr', 'mag', 'electron', 'electrons', 'count', 'counts', 'photons', 'Jy', 'Hz', 'Msun', 'Lsun'].map((name) => [name.toLowerCase(), name]),
);

/** The unit that a symbol stands for (SI prefixes included), or undefined. */
export function unitOfSymbol(symbol: string): Unit | undefined {
  return bySymbol.get(symbol) ?? bySymbol.get(anyCase.get(symbol.toLowerCase()) ?? '');
}
