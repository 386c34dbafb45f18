import type { Random } from '../numeric/index.js';
import { fitLine, normalTail, spearman, standardDeviation } from '../stats/index.js';
import { seenPairs } from './seeing.js';

export interface LocalRelationInput {
  /** One entry a bin, in any unit. */
  readonly radius: ArrayLike<number>;
  /** The two quantities, logarithms both: 12 + log(O/H) and log Σ_SFR, say. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  /** Place of the bins on the sky, in the unit of the seeing. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** FWHM of the seeing. */
  readonly seeing: number;
  readonly random: Random;
  /** Bootstrap samples; 1000 when not given. */
  readonly draws?: number;
}

/** How two quantities go together at fixed radius. */
export interface LocalRelation {
  /** Spearman's correlation of the residuals about the two radial trends; NaN when there are too few bins or no scatter. */
  readonly correlation: number;
  /** 1σ with what neighbouring bins share; NaN when `reason` says why there is none. */
  readonly error: number;
  /** 1σ when bins are resampled singly. */
  readonly plainError: number;
  /** Two-sided probability of a correlation as far from 0, normal with `error`; and that of as many independent bins (Student's t). */
  readonly probability: number;
  readonly plainProbability: number;
  /** Radial trends taken off [dex per unit of radius]. */
  readonly firstSlope: number;
  readonly secondSlope: number;
  readonly bins: number;
  /** Mean number of blocks. */
  readonly blocks: number;
  readonly reason: string | null;
}

const fewestBins = 10;
/** Sides of the blocks [FWHM], in the order they are tried; from `plentyOfBlocks` on no smaller ones are, and `fewestBlocks` are needed. */
const sides = [2, 1.5, 1];
const plentyOfBlocks = 20;
const fewestBlocks = 6;
/** Grids of blocks, each with its own origin, over which the draws are spread. */
const origins = 50;

/**
 * The local relation at fixed radius: Spearman's correlation of what two quantities differ from their own straight radial trends. The error is from
 * a bootstrap over square blocks of about the size of the seeing, as for gradients (`blockBootstrap`), with the trends held. Where the seeing has smoothed both
 * quantities the correlation of unrelated ones scatters as Σ ρ² over pairs of bins, ρ² = exp(−d²/2σ²); what single bins and blocks see of this sum, by the places of the bins,
 * scales what blocks find beyond single bins.
 *
 * The seeing also pulls both quantities towards their neighbours together, and a quantity that enters both (Hα in abundance and star formation) correlates them
 * by its noise: neither is in the error.
 */
export function localRelation(input: LocalRelationInput): LocalRelation {
  const { radius, first, second, x, y, seeing, random, draws = 1000 } = input;
  const kept: number[] = [];
  for (let i = 0; i < radius.length; i++) if ([radius, first, second, x, y].every((values) => Number.isFinite(values[i]!))) kept.push(i);
  const pick = (values: ArrayLike<number>) => Float64Array.from(kept, (i) => values[i]!);
  const r = pick(radius);
  const residual = (values: ArrayLike<number>) => {
    const own = pick(values);
    const line = fitLine(r, own);
    return { slope: line.slope, left: own.map((value, i) => value - line.intercept - line.slope * r[i]!) };
  };
  const [a, b] = [residual(first), residual(second)];
  const bins = kept.length;
  const none = {
    correlation: NaN, error: NaN, plainError: NaN, probability: NaN, plainProbability: NaN, firstSlope: a.slope, secondSlope: b.slope, bins, blocks: 0,
  };
  if (bins < fewestBins) return { ...none, reason: `Only ${bins} ${bins === 1 ? 'bin has' : 'bins have'} both values; the relation needs at least ${fewestBins}.` };
  const { r: correlation, p: plainProbability } = spearman(a.left, b.left);
  if (!Number.isFinite(correlation)) return { ...none, reason: 'The values do not scatter about their trends.' };

  const orders = [orderOf(a.left), orderOf(b.left)] as const;
  const places = { x: pick(x), y: pick(y) };
  const plain = resample(Array.from({ length: origins }, () => Int32Array.from({ length: bins }, (_, i) => i)), orders, random, draws);
  const found = { ...none, correlation, plainProbability, plainError: plain };
  if (!(seeing > 0)) return { ...found, reason: 'The seeing is not known.' };

  const { bins: seenByBins, byBlocks } = seenPairs(places, seeing);
  let grids: Int32Array[] = [];
  let blocks = 0;
  let gain = 1;
  for (const k of sides) {
    const side = k * seeing;
    grids = Array.from({ length: origins }, () => gridOf(places, side, random));
    blocks = grids.reduce((sum, grid) => sum + blocksOf(grid), 0) / origins;
    const seen = byBlocks(side) - seenByBins;
    gain = seen > 1e-6 ? (1 - seenByBins) / seen : 1;
    if (blocks >= plentyOfBlocks) break;
  }
  if (blocks < fewestBlocks) return { ...found, blocks, reason: `The bins fill only ${blocks.toFixed(1)} blocks of the size of the seeing; at least ${fewestBlocks} are needed.` };
  const resampled = resample(grids, orders, random, draws);
  const error = Math.sqrt(Math.max(0.8 * plain ** 2, plain ** 2 + gain * (resampled ** 2 - plain ** 2)));
  return { ...found, error, blocks, probability: 2 * normalTail(Math.abs(correlation) / error), reason: null };
}

/** Bins in ascending order, with the number of the group of equal values that each place belongs to. */
function orderOf(values: Float64Array): { readonly order: Int32Array; readonly group: Int32Array } {
  const order = Int32Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!);
  const group = new Int32Array(order.length);
  for (let k = 1; k < order.length; k++) group[k] = group[k - 1]! + (values[order[k]!]! > values[order[k - 1]!]! ? 1 : 0);
  return { order, group };
}

const blocksOf = (grid: Int32Array): number => grid.reduce((most, block) => Math.max(most, block), -1) + 1;

/** The block of every bin on a grid with a random origin, numbered as they come. */
function gridOf({ x, y }: { readonly x: Float64Array; readonly y: Float64Array }, side: number, random: Random): Int32Array {
  const [ox, oy] = [random.uniform(), random.uniform()];
  const numbers = new Map<number, number>();
  return Int32Array.from(x, (_, i) => {
    const key = Math.floor(x[i]! / side + ox) * 2 ** 20 + Math.floor(y[i]! / side + oy);
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}

/** Standard deviation of Spearman's correlation when blocks are drawn with replacement; a bin drawn several times is as many tied ones. */
function resample(grids: readonly Int32Array[], orders: readonly [ReturnType<typeof orderOf>, ReturnType<typeof orderOf>], random: Random, draws: number): number {
  const n = orders[0].order.length;
  const ranks = [new Float64Array(n), new Float64Array(n)] as const;
  const correlations: number[] = [];
  grids.forEach((grid, origin) => {
    const blocks = blocksOf(grid);
    const drawn = new Int32Array(blocks);
    const times = new Int32Array(blocks);
    for (let draw = Math.floor(origin * draws / grids.length); draw < Math.floor((origin + 1) * draws / grids.length); draw++) {
      random.integers(blocks, drawn);
      times.fill(0);
      for (let k = 0; k < blocks; k++) times[drawn[k]!]!++;
      let total = 0;
      for (let i = 0; i < n; i++) total += times[grid[i]!]!;
      orders.forEach(({ order, group }, which) => weightedRanks(order, group, grid, times, ranks[which]!));
      const middle = (total + 1) / 2;
      let aa = 0;
      let bb = 0;
      let ab = 0;
      for (let i = 0; i < n; i++) {
        const count = times[grid[i]!]!;
        const da = ranks[0][i]! - middle;
        const db = ranks[1][i]! - middle;
        aa += count * da * da;
        bb += count * db * db;
        ab += count * da * db;
      }
      if (aa > 0 && bb > 0) correlations.push(ab / Math.sqrt(aa * bb));
    }
  });
  return standardDeviation(correlations);
}

/** Ranks of bins that count several times, equal values sharing the mean of theirs, in one pass along their order. */
function weightedRanks(order: Int32Array, group: Int32Array, grid: Int32Array, times: Int32Array, ranks: Float64Array): void {
  let below = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let count = 0;
    while (end < order.length && group[end] === group[start]) count += times[grid[order[end++]!]!]!;
    for (let k = start; k < end; k++) ranks[order[k]!] = below + (count + 1) / 2;
    below += count;
    start = end;
  }
}
