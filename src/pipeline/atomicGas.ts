import { basename } from 'node:path';
import { atomicMass, findAtomic, readAtomicCatalogue, type AtomicCatalogue, type AtomicMatch, type MassInput, type SoughtGalaxy } from '../evolution/index.js';
import { readAnyTable } from './readAnyTable.js';
import type { Config } from './resolve.js';

/** Atomic hydrogen of a galaxy and where it comes from. */
export interface AtomicGas {
  /** Null where nothing is known, and nothing is assumed. */
  readonly mass: MassInput | null;
  readonly source: 'given' | 'flux' | 'catalogue' | 'assumed' | null;
  /** The row of the catalogue. */
  readonly match: Omit<AtomicMatch, 'mass'> | null;
  /** What each catalogue that was asked had to say. */
  readonly tried: readonly string[];
  /** Why it is missing. */
  readonly reason: string | null;
  /** What was taken without being known. */
  readonly assumption: string | null;
}

/** Reads the catalogues of the configuration, in their order. Throws FileNotFound, BadTable, BadFits, BadUnit. */
export async function readCatalogues({ gas: { catalogues } }: Config): Promise<AtomicCatalogue[]> {
  const read: AtomicCatalogue[] = [];
  for (const { file, columns } of catalogues) read.push(readAtomicCatalogue(await readAnyTable(file), basename(file), columns));
  return read;
}

/** Atomic hydrogen as given, by its 21-cm flux, or from the first catalogue that has it. */
export function atomicGas({ gas }: Config, catalogues: readonly AtomicCatalogue[], galaxy: SoughtGalaxy): AtomicGas {
  const nothing = { match: null, tried: [], reason: null, assumption: null };
  if (gas.hi) return { ...nothing, mass: gas.hi, source: 'given' };
  if (gas.hiFlux) {
    const { value, error } = gas.hiFlux;
    return { ...nothing, mass: { value: atomicMass(value, galaxy.distance), error: error === null ? null : atomicMass(error, galaxy.distance), scale: 'linear' }, source: 'flux' };
  }
  const { found, tried } = findAtomic(catalogues, galaxy, gas.radius);
  if (found) {
    const { mass, ...match } = found;
    return { ...nothing, mass, source: 'catalogue', match, tried };
  }
  const reason = tried.length ? `no catalogue has it (${tried.join('; ')})` : 'none was given: gas.hi, gas.hiFlux or gas.catalogues';
  if (gas.missingHi === 'missing') return { ...nothing, mass: null, source: null, tried, reason };
  return { ...nothing, mass: { value: 0, error: null, scale: 'linear' }, source: 'assumed', tried, reason, assumption: 'M_HI = 0, because none is known (gas.missingHi: zero)' };
}
