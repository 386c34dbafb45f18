import { separation } from '../sky/index.js';
import { plainName, type AtomicCatalogue } from './atomicCatalogue.js';
import { atomicMass } from './gas.js';
import type { MassInput } from './massBudget.js';

/** A galaxy to look for. */
export interface SoughtGalaxy {
  readonly name: string;
  /** [deg], null when not known. */
  readonly ra: number | null;
  readonly dec: number | null;
  /** Luminosity distance [Mpc]. */
  readonly distance: number;
}

/** The row of a catalogue that a galaxy was found in. */
export interface AtomicMatch {
  readonly catalogue: string;
  /** Row of data, counted from 1. */
  readonly row: number;
  /** The galaxy's name there; null where the catalogue has none. */
  readonly label: string | null;
  readonly by: 'name' | 'position';
  /** [arcsec]; null where a position is missing. */
  readonly separation: number | null;
  /** What the mass comes from. */
  readonly from: 'flux' | 'mass';
  /** Of atomic hydrogen, at the galaxy's own distance. */
  readonly mass: MassInput;
  /** Distance that the catalogue's mass was scaled from [Mpc]; null where it stands as it is. */
  readonly scaledFrom: number | null;
  /** True where this hydrogen is also that of another galaxy: flagged, or another row close by has the same value. */
  readonly shared: boolean;
  /** Galaxies of other rows with the same value. */
  readonly sharedWith: readonly string[];
}

/** What was found, and what each catalogue that was asked before had to say. */
export interface AtomicSearch {
  readonly found: AtomicMatch | null;
  /** One sentence a catalogue, in their order, up to the one that had it. */
  readonly tried: readonly string[];
}

/** Rows with one value that stand so close together are one measurement [arcsec]: the beam of a large single dish. */
const beam = 600;

/**
 * Looks a galaxy up in catalogues of atomic hydrogen, in the order in which they stand: by name, else by the nearest position within a radius. A row without a
 * value, or with an upper limit, sends on to the next catalogue. A 21-cm flux goes before a mass, which hangs on the catalogue's own distance; a mass with a
 * distance beside it is brought to the galaxy's own.
 * @param radius within which a position matches [arcsec]; 30 when not given
 */
export function findAtomic(catalogues: readonly AtomicCatalogue[], galaxy: SoughtGalaxy, radius = 30): AtomicSearch {
  const tried: string[] = [];
  for (const catalogue of catalogues) {
    const place = placeOf(catalogue, galaxy, radius);
    if (!place) {
      tried.push(`${catalogue.name}: not listed${galaxy.ra === null ? ' by name' : ''}`);
      continue;
    }
    const { row, by, separation } = place;
    const mass = massOf(catalogue, row, galaxy.distance);
    const where = `${catalogue.name}, row ${row + 1}${catalogue.label[row] ? ` (${catalogue.label[row]})` : ''}, by ${by}${separation === null ? '' : `, ${separation.toFixed(1)}″ away`}`;
    if (!mass || catalogue.limit[row]) {
      tried.push(`${where}: ${mass ? 'only an upper limit' : 'without a value'}`);
      continue;
    }
    tried.push(where);
    const sharedWith = twinsOf(catalogue, row, mass.from);
    return {
      found: {
        catalogue: catalogue.name, row: row + 1, label: catalogue.label[row] || null, by, separation, ...mass,
        shared: catalogue.shared[row]! || sharedWith.length > 0, sharedWith: sharedWith.map((other) => catalogue.label[other] || `row ${other + 1}`),
      }, tried,
    };
  }
  return { found: null, tried };
}

function placeOf(catalogue: AtomicCatalogue, { name, ra, dec }: SoughtGalaxy, radius: number): { row: number; by: AtomicMatch['by']; separation: number | null } | null {
  const away = (row: number): number => (ra === null || dec === null ? Number.NaN : separation(ra, dec, catalogue.ra[row]!, catalogue.dec[row]!) * 3600);
  const wanted = plainName(name);
  const named = wanted === '' ? -1 : catalogue.names.findIndex((own) => own.includes(wanted));
  const measured = (row: number): number | null => (Number.isNaN(away(row)) ? null : away(row));
  if (named >= 0) return { row: named, by: 'name', separation: measured(named) };
  let [row, nearest] = [-1, Infinity];
  for (let r = 0; r < catalogue.length; r++) {
    // A degree in declination is a degree on the sky: most rows need no more.
    if (dec === null || !(Math.abs(catalogue.dec[r]! - dec) * 3600 <= radius)) continue;
    const own = away(r);
    if (own <= radius && own < nearest) [row, nearest] = [r, own];
  }
  return row < 0 ? null : { row, by: 'position', separation: nearest };
}

function massOf({ flux, fluxError, logMass, logMassError, distance }: AtomicCatalogue, row: number, own: number): Pick<AtomicMatch, 'from' | 'mass' | 'scaledFrom'> | null {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  if (flux[row]! > 0) {
    const error = known(fluxError[row]!);
    return { from: 'flux', mass: { value: atomicMass(flux[row]!, own), error: error === null ? null : atomicMass(error, own), scale: 'linear' }, scaledFrom: null };
  }
  if (!Number.isFinite(logMass[row]!)) return null;
  const theirs = distance[row]! > 0 ? distance[row]! : null;
  return {
    from: 'mass', mass: { value: logMass[row]! + (theirs === null ? 0 : 2 * Math.log10(own / theirs)), error: known(logMassError[row]!), scale: 'log' }, scaledFrom: theirs === own ? null : theirs,
  };
}

/** Other rows within a beam that have the very same value. */
function twinsOf({ length, ra, dec, flux, logMass }: AtomicCatalogue, row: number, from: AtomicMatch['from']): number[] {
  const values = from === 'flux' ? flux : logMass;
  return Array.from({ length }, (_, other) => other)
    .filter((other) => other !== row && values[other] === values[row] && separation(ra[row]!, dec[row]!, ra[other]!, dec[other]!) * 3600 <= beam);
}
