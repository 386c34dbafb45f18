import type { Random } from '../numeric/index.js';
import { quantiles } from '../stats/index.js';
import { fitGradient, finiteBins, pick } from './gradient.js';
import { seenShares } from './seeing.js';

export interface BlockBootstrapInput {
  /** One entry a bin, as for `fitGradient`. */
  readonly radius: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  /** Place of the bins on the sky, in the unit of the seeing. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** FWHM of the seeing. */
  readonly seeing: number;
  readonly random: Random;
  /** Bootstrap samples; 1000 when not given. */
  readonly draws?: number;
  /** Slope error of `fitGradient` for the same bins, where it is at hand; found anew when not given. */
  readonly plainError?: number;
}

export interface BlockBootstrap {
  /** 1σ of the slope with what neighbouring bins share; NaN when `reason` says why there is none. */
  readonly slopeError: number;
  /** 1σ when bins are resampled singly. */
  readonly plainError: number;
  /** 1σ as the resampled blocks have it, before the correction for what crosses their borders. */
  readonly resampledError: number;
  /** Side of the blocks, in the unit of the seeing. */
  readonly side: number;
  /** Mean number of blocks. */
  readonly blocks: number;
  readonly reason: string | null;
}

/**
 * Sides of the blocks [FWHM], in the order they are tried. 1.5 makes a block as large as the area that the seeing correlates,
 * 4πσ² = 2.27 FWHM²; 1 serves small galaxies, where so large blocks would be too few.
 */
const sides = [1.5, 1];
/** From so many blocks on no smaller ones are tried. */
const plentyOfBlocks = 12;
/** Fewer blocks do not tell how they scatter. */
const fewestBlocks = 6;
/** Blocks must see this part of what single bins miss, or it cannot be scaled. */
const enough = 0.2;
/** Bins that see this share of a smoothed scatter lie so far apart that they count as independent. */
const independent = 0.6;
/** The corrected variance is not taken below this part of the plain one: less is chance. */
const floor = 0.8;
/** Grids of blocks, each with its own origin, over which the draws are spread. */
const origins = 50;

/**
 * The error of a gradient when bins inside one seeing disc are not independent: a bootstrap that resamples square blocks of
 * the size of the seeing disc instead of bins (Künsch 1989; Lahiri 2003), on grids with random origins.
 *
 * Such blocks see only about half of the variance of a scatter that the seeing has smoothed, for many pairs of correlated bins
 * are parted by a border; larger blocks are too few in a galaxy of 10 to 40 seeing discs. So the part of the variance that
 * blocks find beyond single bins is taken for scatter smoothed by the seeing and scaled by what the geometry of the bins says
 * that both miss of it (`seenShares`): variance = plain + (blocks − plain)(1 − b)/(B − b), where b and B are the shares that
 * bins and blocks see. White noise has nothing beyond and is left as it is. The width of the blocks' draws is half their
 * 16–84 % interval, since a few draws of few blocks have nearly no lever.
 */
export function blockBootstrap(input: BlockBootstrapInput): BlockBootstrap {
  const { radius, value, x, y, seeing, random, draws = 1000 } = input;
  const kept = finiteBins(radius, value).filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!));
  const [r, v] = [pick(radius, kept), pick(value, kept)];
  const places = { x: pick(x, kept), y: pick(y, kept) };
  const plainError = input.plainError ?? fitGradient({ radius: r, value: v, random, draws }).slopeError;
  const none = { slopeError: NaN, plainError, resampledError: NaN, side: seeing, blocks: 0 };
  if (!(seeing > 0)) return { ...none, reason: 'The seeing is not known.' };
  if (!(plainError >= 0)) return { ...none, reason: 'The bins give no line.' };

  const { bins: seenByBins, byBlocks } = seenShares(r, places, seeing);
  const resample = (side: number, gain: number) => ({ side, gain, ...resampleBlocks(r, v, places, side, random, draws) });
  let chosen = seenByBins >= independent ? resample(seeing, 1) : null;
  for (const k of seenByBins >= independent ? [] : sides) {
    const seen = byBlocks(k * seeing) - seenByBins;
    if (seen < enough * (1 - seenByBins)) continue;
    chosen = resample(k * seeing, (1 - seenByBins) / seen);
    if (chosen.blocks >= plentyOfBlocks) break;
  }
  if (!chosen) return { ...none, reason: 'The bins are too few to tell what those inside one seeing disc share.' };

  const { side, gain, slopes, blocks } = chosen;
  if (blocks < fewestBlocks) {
    return { ...none, side, blocks, reason: `The bins fill only ${blocks.toFixed(1)} blocks of the size of the seeing; at least ${fewestBlocks} are needed.` };
  }
  const [low, high] = quantiles(slopes, [0.16, 0.84]) as [number, number];
  const resampledError = (high - low) / 2;
  const variance = Math.max(floor * plainError ** 2, plainError ** 2 + gain * (resampledError ** 2 - plainError ** 2));
  return { slopeError: Math.sqrt(variance), plainError, resampledError, side, blocks, reason: null };
}

/** Slopes of lines through resampled blocks, and the mean number of blocks. */
function resampleBlocks(
  radius: Float64Array, value: Float64Array, { x, y }: { readonly x: Float64Array; readonly y: Float64Array }, side: number, random: Random, draws: number,
): { slopes: Float64Array; blocks: number } {
  const n = radius.length;
  const meanRadius = radius.reduce((a, b) => a + b, 0) / n;
  const meanValue = value.reduce((a, b) => a + b, 0) / n;
  const spread = radius.reduce((sum, r) => sum + (r - meanRadius) ** 2, 0);
  const slopes = new Float64Array(draws);
  // Of every block the number of bins, Σdr, Σdv, Σdr², Σdr·dv.
  const sums = new Float64Array(5 * n);
  const [left, bottom, top] = [x.reduce((a, b) => Math.min(a, b), Infinity), y.reduce((a, b) => Math.min(a, b), Infinity), y.reduce((a, b) => Math.max(a, b), -Infinity)];
  let good = 0;
  let total = 0;
  for (let origin = 0; origin < origins; origin++) {
    const [ox, oy] = [random.uniform(), random.uniform()];
    const numbers = new Map<number, number>();
    const [column, row] = [Math.floor(left / side + ox), Math.floor(bottom / side + oy)];
    const rows = 1 + Math.floor(top / side + oy) - row;
    sums.fill(0);
    for (let i = 0; i < n; i++) {
      const key = (Math.floor(x[i]! / side + ox) - column) * rows + Math.floor(y[i]! / side + oy) - row;
      let block = numbers.get(key);
      if (block === undefined) {
        block = numbers.size;
        numbers.set(key, block);
      }
      const [dr, dv] = [radius[i]! - meanRadius, value[i]! - meanValue];
      sums[5 * block]! += 1;
      sums[5 * block + 1]! += dr;
      sums[5 * block + 2]! += dv;
      sums[5 * block + 3]! += dr * dr;
      sums[5 * block + 4]! += dr * dv;
    }
    total += numbers.size;
    const drawn = new Int32Array(numbers.size);
    const first = Math.floor(origin * draws / origins);
    const last = Math.floor((origin + 1) * draws / origins);
    for (let draw = first; draw < last; draw++) {
      random.integers(numbers.size, drawn);
      let [count, sr, sv, srr, srv] = [0, 0, 0, 0, 0];
      for (let k = 0; k < drawn.length; k++) {
        const block = 5 * drawn[k]!;
        count += sums[block]!;
        sr += sums[block + 1]!;
        sv += sums[block + 2]!;
        srr += sums[block + 3]!;
        srv += sums[block + 4]!;
      }
      const rr = srr - sr * sr / count;
      if (rr > 1e-9 * spread) slopes[good++] = (srv - sr * sv / count) / rr;
    }
  }
  return { slopes: slopes.subarray(0, good), blocks: total / origins };
}
