import { z } from 'zod';
import { metalFractions } from '../evolution/index.js';
import { calibrations } from '../nebula/index.js';
import { ZgradError } from '../errors/index.js';
import { parseQuantity } from '../units/index.js';
import { checkTree, type ConfigTree } from './config.js';
import { nearestWord } from './nearest.js';

const quantity = z.union([z.number(), z.string()]);
const query = z.string().min(1);

/** A file's own name of a column, where it is not understood. */
const column = z.string().optional();

/** The configuration of `zgrad relations`. Unknown keys are errors; every key can also be given through `--set key.path=value`. */
export const relationsSchema = z.strictObject({
  columns: z.record(z.string(), z.string()).default({}).describe('columns of the tables by property, such as {logMstar: lgM_salim}, where a name is not understood'),
  select: query.optional().describe('which galaxies enter: L25, or a query such as "coverage >= 1 and starFormingBins >= 10 and distance < 20 Mpc"'),
  subsets: z.array(z.strictObject({ name: z.string().min(1), query })).optional().describe('parts of the sample whose relations stand beside those of the whole, such as {name: near, query: "distance < 10 Mpc"}'),
  properties: z.array(z.string().min(1)).min(1).optional().describe('columns that the gradient is set against; default: all that Li et al. (2025) use'),
  draws: z.int().min(100).max(100000).default(1000).describe('bootstrap samples'),
  seed: z.int().min(0).max(4294967295).default(1).describe('seed of every random number'),
  yield: z.enum(metalFractions.map(({ name }) => name)).default('L25').describe('mass fraction of oxygen per O/H'),
  calibration: z.string().optional().describe('abundance calibration that is taken from runs; default: the one that leads in each'),
  environment: z.strictObject({
    catalogue: z.string().describe('table of galaxies with positions and velocities or redshifts'),
    k: z.int().min(2).max(100).default(5).describe('which neighbour'),
    window: quantity.default(500).describe('neighbours differ by less in velocity, e.g. 500 km/s'),
    columns: z.strictObject({ object: column, ra: column, dec: column, velocity: column, redshift: column }).default({}),
    select: z.string().optional().describe('query on the catalogue, e.g. "Type = G": who counts as a neighbour'),
  }).optional().describe('catalogue in which neighbours are counted'),
  reference: z.strictObject({
    file: z.string().describe('table of galaxies to compare with'),
    name: z.string().optional().describe('what figures call it; default: the name of the file'),
    width: quantity.default(0.1).describe('of the bins in log mass [dex]'),
    columns: z.strictObject({ logMstar: column, oh: column, logSfr: column }).default({}),
  }).optional().describe('reference sample: its binned medians lie under the relations with mass'),
  overlays: z.array(z.strictObject({
    name: z.string().min(1).describe('what figures call it'), file: z.string().describe('table with the columns of a sample'), columns: z.record(z.string(), z.string()).default({}),
  })).default([]).describe('samples of the literature, drawn hollow; they take no part in the statistics'),
});

type Written = z.output<typeof relationsSchema>;

/** What `zgrad relations` was asked for, quantities in fixed units. */
export interface RelationsConfig extends Omit<Written, 'environment' | 'reference'> {
  /** Window in km/s. */
  readonly environment: (Omit<NonNullable<Written['environment']>, 'window'> & { readonly window: number }) | null;
  /** Width in dex. */
  readonly reference: (Omit<NonNullable<Written['reference']>, 'width'> & { readonly width: number }) | null;
}

/** Checks a configuration and fills in the defaults. Throws BadConfig that names the key and the nearest valid one, BadUnit. */
export function readRelationsConfig(tree: ConfigTree, where: string): RelationsConfig {
  const written = checkTree(relationsSchema, tree, where);
  const { environment, reference, calibration } = written;
  if (calibration !== undefined && !calibrations.some(({ name }) => name === calibration)) {
    throw new ZgradError('BadConfig', {
      where: `${where}: calibration`, found: `'${calibration}'`, expected: 'a known calibration', remedy: `Did you mean ${nearestWord(calibration, calibrations.map(({ name }) => name))}?`,
    });
  }
  const above = (value: number, key: string): number => {
    if (value > 0) return value;
    throw new ZgradError('BadConfig', { where: `${where}: ${key}`, found: String(value), expected: 'a number above zero' });
  };
  return {
    ...written,
    environment: environment ? { ...environment, window: above(parseQuantity(environment.window, ['km/s'], `${where}: environment.window`, { bare: 'km/s' }).value, 'environment.window') } : null,
    reference: reference ? { ...reference, width: above(parseQuantity(reference.width, ['dex'], `${where}: reference.width`, { bare: 'dex' }).value, 'reference.width') } : null,
  };
}
