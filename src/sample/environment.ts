import { ZgradError } from '../errors/index.js';
import { plainName } from '../evolution/index.js';
import { constants } from '../units/index.js';
import { positionAngle, separation } from '../sky/index.js';
import { objectsOf, propertyColumn, valuesOf, withColumns, type Note, type Sample } from './sample.js';
import { makeSkyTree, nearestOnSky, withinOnSky, type SkyTree } from './skyTree.js';

/** The galaxies among which neighbours are looked for. */
export interface NeighbourCatalogue {
  readonly name: string;
  /** [deg] */
  readonly ra: ArrayLike<number>;
  readonly dec: ArrayLike<number>;
  /** Heliocentric velocities cz [km/s]; NaN = not known, such a galaxy is no neighbour. */
  readonly velocity: ArrayLike<number>;
  /** Names, to leave a galaxy itself out; without them the position decides. */
  readonly objects?: readonly string[];
  /** Velocities that the catalogue covers [km/s]; default: what its own galaxies span. */
  readonly velocityRange?: readonly [number, number];
}

export interface DensityOptions {
  /** Which neighbour; default 5. */
  readonly k?: number;
  /** Neighbours differ by less than this in velocity [km/s]; default 500. */
  readonly window?: number;
  /** A catalogue entry within this angle [arcsec] (and the window) is the galaxy itself; default 30. */
  readonly same?: number;
}

/** The surroundings of one galaxy. */
export interface Density {
  /** log[(k − 1)/Vol(d_k)], Vol = 4π d³/3 [1/Mpc³]; NaN where there are too few neighbours or the galaxy has no position, velocity or distance. */
  readonly eta: number;
  /** Projected distance to the k-th neighbour at the distance of the galaxy [Mpc]. */
  readonly distance: number;
  /** The k-th neighbour: its row in the catalogue; −1 = none. */
  readonly neighbour: number;
  /** True where the catalogue may end within the distance to the k-th neighbour, on the sky or in velocity: the density is then a lower limit. */
  readonly edge: boolean;
}

/**
 * Density of the neighbours on the sky, η_k = log[(k − 1)/(4π d_k³/3)] (Li et al. 2025, Eq. 9; Argudo-Fernández et al. 2015), d_k the projected distance of the k-th nearest galaxy within the velocity window.
 * The paper does not state its window. Neighbours on the sky are found in a k-d tree, so the time grows as N log N.
 *
 * The edge on the sky is judged by the catalogue itself: where one of eight sectors of the ring between
 * d_k and 2 d_k around a galaxy holds no entry of any velocity, the survey may end there.
 * @param galaxies positions [deg], heliocentric velocities [km/s], distances [Mpc]
 * @throws BadArgument unless k is a whole number from 2
 */
export function neighbourDensity(
  galaxies: { readonly objects?: readonly string[]; readonly ra: ArrayLike<number>; readonly dec: ArrayLike<number>; readonly velocity: ArrayLike<number>; readonly distance: ArrayLike<number> },
  catalogue: NeighbourCatalogue, options: DensityOptions = {},
): Density[] {
  const { k = 5, window = 500, same = 30 } = options;
  if (!(Number.isInteger(k) && k >= 2)) throw new ZgradError('BadArgument', { where: 'neighbour density', found: `k = ${k}`, expected: 'a whole number from 2: the density counts k − 1 neighbours' });
  const { ra, dec, velocity } = catalogue;
  const tree = makeSkyTree(ra, dec);
  const keys = catalogue.objects?.map(plainName);
  const covered = catalogue.velocityRange ?? rangeOf(velocity);
  return Array.from({ length: galaxies.ra.length }, (_, i): Density => {
    const [ownRa, ownDec, own, distance] = [galaxies.ra[i]!, galaxies.dec[i]!, galaxies.velocity[i]!, galaxies.distance[i]!];
    const none = { eta: NaN, distance: NaN, neighbour: -1, edge: false };
    if (![ownRa, ownDec, own, distance].every(Number.isFinite)) return none;
    const key = galaxies.objects && plainName(galaxies.objects[i]!);
    const within = (j: number): boolean => Math.abs(velocity[j]! - own) < window;
    const itself = (j: number): boolean => (key !== undefined && keys?.[j] === key) || separation(ownRa, ownDec, ra[j]!, dec[j]!) * 3600 < same;
    const found = nearestOnSky(tree, ownRa, ownDec, k, (j) => within(j) && !itself(j));
    if (found.length < k) return none;
    const { index, angle } = found[k - 1]!;
    // The chord: the same as the arc at small angles, and never more than twice the distance.
    const d = 2 * distance * Math.sin((angle / 2) * (Math.PI / 180));
    const edge = own - window < covered[0] || own + window > covered[1] || sectorIsEmpty(tree, catalogue, ownRa, ownDec, angle);
    return { eta: Math.log10((k - 1) / ((4 / 3) * Math.PI * d ** 3)), distance: d, neighbour: index, edge };
  });
}

const sectors = 8;
/** At least so many entries of any velocity around a galaxy are looked at: enough for an empty sector to be no chance, 1 in 1e4. */
const around = 128;

/** True where one of eight sectors of the ring between the angle to the k-th neighbour and twice that (wider where the catalogue is sparse) holds no entry of any velocity. */
function sectorIsEmpty(tree: SkyTree, { ra, dec }: NeighbourCatalogue, ownRa: number, ownDec: number, angle: number): boolean {
  const reach = Math.max(2 * angle, nearestOnSky(tree, ownRa, ownDec, around).at(-1)!.angle);
  const filled = new Uint8Array(sectors);
  for (const { index, angle: away } of withinOnSky(tree, ownRa, ownDec, reach)) {
    if (away >= reach / 2) filled[Math.floor((positionAngle(ownRa, ownDec, ra[index]!, dec[index]!) / 360) * sectors)] = 1;
  }
  return filled.includes(0);
}

function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) low = values[i]!;
    if (values[i]! > high) high = values[i]!;
  }
  return [low, high];
}

/** The sample with `density` from a catalogue where it has none, the projected distance `neighbourDistance` [Mpc] and `densityEdge` (1 = lower limit), and what is to be noted. */
export function withDensity(sample: Sample, catalogue: NeighbourCatalogue, options: DensityOptions = {}): Sample {
  const absent = ['ra', 'dec', 'distance'].filter((name) => !valuesOf(sample, name));
  const velocity = valuesOf(sample, 'velocity') ?? valuesOf(sample, 'redshift')?.map((z) => z * constants.c);
  if (absent.length || !velocity) {
    const missing = [...absent, ...(velocity ? [] : ['velocity or redshift'])].join(', ');
    return withColumns(sample, [], [{ kind: 'missing', about: 'density', message: `The density of neighbours needs ${missing}.` }]);
  }
  const densities = neighbourDensity({ objects: objectsOf(sample), ra: valuesOf(sample, 'ra')!, dec: valuesOf(sample, 'dec')!, velocity, distance: valuesOf(sample, 'distance')! }, catalogue, options);
  const own = valuesOf(sample, 'density');
  const edges = densities.filter(({ edge }) => edge).length;
  const lost = densities.filter(({ eta }) => Number.isNaN(eta)).length;
  const { k = 5, window = 500 } = options;
  const notes: Note[] = [
    { kind: 'assumption', about: 'density', message: `Neighbours come from ${catalogue.name}: k = ${k}, |Δv| < ${window} km/s.` },
    ...(edges ? [{ kind: 'missing' as const, about: 'density', message: `${edges} galaxies lie so near the edge of ${catalogue.name} that their density is a lower limit.` }] : []),
    ...(lost ? [{ kind: 'missing' as const, about: 'density', message: `${lost} galaxies have fewer than ${k} neighbours in ${catalogue.name}, or no position, velocity or distance.` }] : []),
  ];
  return withColumns(sample, [
    propertyColumn('density', Float64Array.from(densities, ({ eta }, i) => (own && !Number.isNaN(own[i]!) ? own[i]! : eta))),
    { ...propertyColumn('neighbourDistance', Float64Array.from(densities, ({ distance }) => distance), `Projected distance of neighbour ${k}`), unit: 'Mpc' },
    propertyColumn('densityEdge', Float64Array.from(densities, ({ edge }) => Number(edge)), '1 where the density is a lower limit: the catalogue may end there'),
  ], notes);
}
