import type { Binning } from './binning.js';

/** Values per bin spread over their spaxels: a map of length nx·ny, `fill` where no bin is. */
export function binToMap(binning: Binning, values: ArrayLike<number>, fill = Number.NaN): Float64Array {
  const { bin } = binning;
  const map = new Float64Array(bin.length);
  for (let s = 0; s < bin.length; s++) map[s] = bin[s]! < 0 ? fill : values[bin[s]!]!;
  return map;
}

/**
 * One value per bin from a map of length nx·ny. 'mean' and 'sum' run over the finite values of the bin's spaxels (NaN when
 * there is none); 'first' takes the bin's first spaxel as it is, for maps that repeat over a bin.
 */
export function mapToBin(binning: Binning, map: ArrayLike<number>, how: 'mean' | 'sum' | 'first'): Float64Array {
  const values = new Float64Array(binning.count).fill(Number.NaN);
  for (let b = 0; b < binning.count; b++) {
    const first = binning.start[b]!;
    const end = binning.start[b + 1]!;
    if (how === 'first') {
      if (end > first) values[b] = map[binning.spaxels[first]!]!;
      continue;
    }
    let sum = 0;
    let n = 0;
    for (let j = first; j < end; j++) {
      const value = map[binning.spaxels[j]!]!;
      if (!Number.isFinite(value)) continue;
      sum += value;
      n++;
    }
    if (n > 0) values[b] = how === 'mean' ? sum / n : sum;
  }
  return values;
}

/** Where each bin lies: plain mean of its spaxels' zero-based pixel positions, and how many spaxels it has. */
export function binCentres(binning: Binning): { x: Float64Array; y: Float64Array; npix: Float64Array } {
  const { nx, count, start, spaxels } = binning;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const npix = new Float64Array(count);
  for (let b = 0; b < count; b++) {
    const n = start[b + 1]! - start[b]!;
    for (let j = start[b]!; j < start[b + 1]!; j++) {
      const spaxel = spaxels[j]!;
      x[b]! += (spaxel % nx) / n;
      y[b]! += Math.floor(spaxel / nx) / n;
    }
    npix[b] = n;
  }
  return { x, y, npix };
}
