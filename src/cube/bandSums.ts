import type { PlaneQuad } from './planeQuads.js';

/** What the pixels of a field have gathered in each band so far, in spaxel order. */
export interface BandSums {
  /** Σ w f over good voxels. */
  readonly flux: readonly Float64Array[];
  /** Σ w² v over good voxels; null when no variance is given. */
  readonly variance: readonly Float64Array[] | null;
  /** Σ w over the voxels that were not good: few, so that the common case costs no second sum. */
  readonly missing: readonly Float64Array[];
}

export function startBandSums(spaxels: number, bands: number, withVariance: boolean): BandSums {
  const zeros = () => Array.from({ length: bands }, () => new Float64Array(spaxels));
  return { flux: zeros(), variance: withVariance ? zeros() : null, missing: zeros() };
}

/** Spaxels at a time: four planes of their flux and variance stay in the processor's inner cache from band to band. */
const tile = 4096;

/**
 * Adds up to four planes to every band. A voxel is good where its flux is finite and, when there is a variance, that is finite and positive; the flux of
 * the others becomes NaN.
 *
 * @param weights per band the weight of every plane, plane 0 that of number `origin` in the file.
 */
export function addQuad(
  { flux: sums, variance: squares, missing }: BandSums, weights: readonly Float64Array[], { data, first, planes }: PlaneQuad, variance: PlaneQuad['data'] | null, origin = 0,
): void {
  const bands = weights.map((weight, band) => ({ band, four: [0, 1, 2, 3].map((j) => (j < planes ? weight[first - origin + j]! : 0)) as [number, number, number, number] }))
    .filter(({ four }) => four.some((w) => w !== 0));
  const spaxels = data.length / 4;
  for (let from = 0; from < spaxels; from += tile) {
    const to = Math.min(spaxels, from + tile);
    if (variance) spoil(data, variance, 4 * from, 4 * to);
    for (const { band, four } of bands) {
      if (variance && squares) addBoth(sums[band]!, squares[band]!, missing[band]!, data, variance, ...four, from, to);
      else addFlux(sums[band]!, missing[band]!, data, ...four, from, to);
    }
  }
}

/** NaN in the flux where the variance is not finite and positive. */
function spoil(flux: PlaneQuad['data'], variance: PlaneQuad['data'], from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const v = variance[i]!;
    if (!(v > 0 && v < Infinity)) flux[i] = Number.NaN;
  }
}

function addFlux(sum: Float64Array, missing: Float64Array, flux: PlaneQuad['data'], w0: number, w1: number, w2: number, w3: number, from: number, to: number): void {
  for (let s = from, i = 4 * from; s < to; s++, i += 4) {
    const total = w0 * flux[i]! + w1 * flux[i + 1]! + w2 * flux[i + 2]! + w3 * flux[i + 3]!;
    if (total - total === 0) {
      sum[s]! += total;
      continue;
    }
    for (let j = 0; j < 4; j++) {
      const f = flux[i + j]!;
      const w = j === 0 ? w0 : j === 1 ? w1 : j === 2 ? w2 : w3;
      if (f - f === 0) sum[s]! += w * f;
      else missing[s]! += w;
    }
  }
}

/** As `addFlux`, with Σ w² v of the same voxels. */
function addBoth(
  sum: Float64Array, square: Float64Array, missing: Float64Array, flux: PlaneQuad['data'], variance: PlaneQuad['data'],
  w0: number, w1: number, w2: number, w3: number, from: number, to: number,
): void {
  for (let s = from, i = 4 * from; s < to; s++, i += 4) {
    const total = w0 * flux[i]! + w1 * flux[i + 1]! + w2 * flux[i + 2]! + w3 * flux[i + 3]!;
    if (total - total === 0) {
      sum[s]! += total;
      square[s]! += w0 * w0 * variance[i]! + w1 * w1 * variance[i + 1]! + w2 * w2 * variance[i + 2]! + w3 * w3 * variance[i + 3]!;
      continue;
    }
    for (let j = 0; j < 4; j++) {
      const f = flux[i + j]!;
      const w = j === 0 ? w0 : j === 1 ? w1 : j === 2 ? w2 : w3;
      if (f - f === 0) {
        sum[s]! += w * f;
        square[s]! += w * w * variance[i + j]!;
      } else missing[s]! += w;
    }
  }
}
