import { massBudget, metalFractions, type AtomicCatalogue, type Estimate, type MassBudget } from '../evolution/index.js';
import type { Calibration } from '../nebula/index.js';
import { createRandom } from '../numeric/index.js';
import { atomicGas, type AtomicGas } from './atomicGas.js';
import type { Integrated, ValueError } from './integrated.js';
import type { Config } from './resolve.js';
import { starMass, type LightInput, type StarMass } from './starMass.js';
import type { StellarBins } from './stellarBins.js';
import type { StellarDensities } from './stellarMass.js';

/** Masses and effective yield of a galaxy, as gradient.json has them under `masses`. Logarithms of M☉. */
export interface Masses extends MassBudget {
  readonly starsFrom: Omit<StarMass, 'mass'>;
  readonly atomicFrom: Omit<AtomicGas, 'mass'>;
  /** Calibration of the abundance in the yield. */
  readonly calibration: string;
  /** Normalisation of the yield that leads. */
  readonly yieldBy: Config['gas']['yield'];
  /** True for a normalisation that was not checked against its source. */
  readonly unverified: boolean;
  /** What counts without an error because none is known: the errors of what hangs on it are too small. */
  readonly withoutError: readonly string[];
  /** Said aloud wherever the numbers stand. */
  readonly assumption: string | null;
  /** Why something is missing, in sentences. */
  readonly missing: readonly string[];
  readonly draws: number;
  readonly seed: number;
}

export interface MassesInput extends LightInput {
  readonly stars: StellarBins | null;
  readonly densities: StellarDensities | null;
  readonly integrated: Integrated;
  readonly catalogues: readonly AtomicCatalogue[];
  readonly leading: Calibration;
  readonly config: Config;
}

/** Stars, gas, baryons and effective yield of the galaxy. Adds sentences to `warnings` for what was assumed and what a pair shares. */
export function measureMasses(input: MassesInput, warnings: string[]): Masses {
  const { maps, disk, stars, densities, integrated, catalogues, leading, config } = input;
  const { mass: ofStars, ...starsFrom } = starMass(stars, densities, input, config);
  const { mass: ofAtoms, ...atomicFrom } = atomicGas(config, catalogues, { name: config.object ?? maps.object, ra: disk.ra, dec: disk.dec, distance: disk.luminosityDistance });
  const { oh, logSfr } = integrated.drawn;
  const budget = massBudget({ stars: ofStars, atomic: ofAtoms, logSfr, oh, random: createRandom(config.seed, 'masses'), draws: config.gradient.draws });
  const { match, assumption } = atomicFrom;
  const missing = [
    ...(ofStars ? [] : [`Stellar mass: ${starsFrom.reason}.`]), ...(ofAtoms ? [] : [`Atomic hydrogen: ${atomicFrom.reason}.`]),
    ...(logSfr ? [] : ['Molecular hydrogen: the star-forming bins give no star formation rate.']), ...(oh ? [] : [`Effective yield: the sum of the star-forming bins has no O/H by ${leading.name}.`]),
  ];
  if (assumption) warnings.push(`gas: ${assumption}; gas mass, gas fraction, baryonic mass and yield rest on it`);
  if (match?.shared) warnings.push(`gas: the atomic hydrogen of ${match.catalogue}, row ${match.row}, is shared${match.sharedWith.length ? ` with ${match.sharedWith.join(', ')}` : ' with another galaxy'}: it is an upper limit for this one`);
  if (starsFrom.source === 'fit' && !starsFrom.lightFactor) warnings.push('the stellar mass is that inside the field: the light of the whole galaxy is not known');
  if (starsFrom.source === 'fit' && starsFrom.lightFactor?.lowerLimit) warnings.push('the stellar mass is a lower limit: the light of the galaxy goes on beyond its image');
  return {
    ...budget, starsFrom, atomicFrom, calibration: leading.name, yieldBy: config.gas.yield, unverified: metalFractions.find(({ name }) => name === config.gas.yield)!.unverified,
    withoutError: [...(ofStars && ofStars.error === null ? ['stellar mass'] : []), ...(ofAtoms && ofAtoms.error === null && !assumption ? ['atomic hydrogen'] : [])],
    assumption, missing, draws: config.gradient.draws, seed: config.seed,
  };
}

const pairOf = (estimate: Estimate | null): ValueError | null => estimate && [estimate.value, estimate.error];

/** Masses and yield as value and error, null = missing; logarithms but for the gas fraction. */
export type MassPairs = Readonly<Record<'logMstar' | 'logMhi' | 'logMh2' | 'logMgas' | 'gasFraction' | 'logMbaryon' | 'logMbaryonAtomic' | 'logYeff', ValueError | null>>;

export function pairsOf({ stars, atomic, molecular, gas, fraction, baryons, baryonsAtomic, yields, yieldBy }: Masses): MassPairs {
  return {
    logMstar: pairOf(stars), logMhi: pairOf(atomic), logMh2: pairOf(molecular), logMgas: pairOf(gas), gasFraction: pairOf(fraction),
    logMbaryon: pairOf(baryons), logMbaryonAtomic: pairOf(baryonsAtomic), logYeff: pairOf(yields[yieldBy]),
  };
}
