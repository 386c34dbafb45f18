import { createKernels, ensureMemory } from './wasm.js';

/** What a voxel has: flux, variance, a mask. */
export type BandLayer = 'flux' | 'variance' | 'mask';

/** Sums over the planes of a cube, per band and spaxel, and room for two blocks of planes of every layer: one can be filled while the other is added. */
export interface BandKernel {
  /** Σ w f over good voxels. */
  readonly flux: readonly Float64Array[];
  /** Σ w² v over good voxels. */
  readonly variance: readonly Float64Array[];
  /** Σ w over the voxels that are not good. */
  readonly missing: readonly Float64Array[];
  /** The bytes of a layer in block 0 or 1, room for the most planes of values of this width. */
  block(layer: BandLayer, number: number, width: 4 | 8): Uint8Array;
  /**
   * Adds planes of a block. A voxel is good where its flux is finite, its variance finite and positive and its mask 0.
   * @param width of flux and variance: 4 for float32 with its bytes as FITS has them, 8 for float64 in the machine's order; masks are int32 in either
   * @param layers which of variance and mask there are
   * @param weights per band those of the planes
   */
  add(number: number, width: 4 | 8, planes: number, layers: { readonly variance: boolean; readonly mask: boolean }, weights: readonly Float64Array[]): void;
}

const layers: readonly BandLayer[] = ['flux', 'variance', 'mask'];
/** Bytes behind an array that the kernel may read. */
const slack = 16;

/** @param most the most planes of a block */
export function createBandKernel(spaxels: number, bands: number, most: number): BandKernel {
  const wasm = createKernels();
  const row = (spaxels + 1) & ~1;
  let end = wasm.heapStart();
  const place = (bytes: number): number => {
    const at = end;
    end += ((bytes + 15) & ~15) + slack;
    return at;
  };
  const [sums, squares, missing] = [0, 1, 2].map(() => place(8 * bands * row)) as [number, number, number];
  const weightsAt = place(8 * bands * (most + 3));
  // Wide enough for float64; what is not used of it is never made resident.
  const blocks = layers.map(() => [0, 1].map(() => place(8 * spaxels * most)));
  ensureMemory(end, wasm);
  const floats = (at: number, length: number): Float64Array => new Float64Array(wasm.memory.buffer, at, length);
  const rows = (at: number): Float64Array[] => Array.from({ length: bands }, (_, band) => floats(at + 8 * band * row, spaxels));
  const addressOf = (layer: BandLayer, number: number): number => blocks[layers.indexOf(layer)]![number]!;
  return {
    flux: rows(sums), variance: rows(squares), missing: rows(missing),
    block: (layer, number, width) => new Uint8Array(wasm.memory.buffer, addressOf(layer, number), width * spaxels * most),
    add(number, width, planes, { variance, mask }, weights) {
      const lead = (planes + 3) & ~3;
      const into = floats(weightsAt, bands * lead).fill(0);
      weights.forEach((weight, band) => into.set(weight.subarray(0, planes), band * lead));
      const addPlanes = width === 4 ? wasm.addPlanesF32 : wasm.addPlanesF64;
      addPlanes(
        addressOf('flux', number), variance ? addressOf('variance', number) : 0, mask ? addressOf('mask', number) : 0, spaxels, planes, weightsAt, bands, sums, squares, missing,
      );
    },
  };
}

/** The plain twin of `createBandKernel`. */
export function createPlainBandKernel(spaxels: number, bands: number, most: number): BandKernel {
  const rows = (): Float64Array[] => Array.from({ length: bands }, () => new Float64Array(spaxels));
  const blocks = layers.map(() => [0, 1].map(() => new Uint8Array(8 * spaxels * most)));
  const bytesOf = (layer: BandLayer, number: number): Uint8Array => blocks[layers.indexOf(layer)]![number]!;
  const sums = { flux: rows(), variance: rows(), missing: rows() };
  return {
    ...sums,
    block: (layer, number, width) => bytesOf(layer, number).subarray(0, width * spaxels * most),
    add(number, width, planes, { variance, mask }, weights) {
      const valuesOf = (layer: BandLayer): ((i: number) => number) => {
        const { buffer } = bytesOf(layer, number);
        const view = new DataView(buffer);
        if (layer === 'mask') return (i) => view.getInt32(4 * i);
        const wide = new Float64Array(buffer);
        return width === 4 ? (i) => view.getFloat32(4 * i) : (i) => wide[i]!;
      };
      const [flux, square, masked] = layers.map(valuesOf) as [ReturnType<typeof valuesOf>, ReturnType<typeof valuesOf>, ReturnType<typeof valuesOf>];
      for (let i = 0; i < planes * spaxels; i++) {
        const [k, s] = [Math.floor(i / spaxels), i % spaxels];
        const [f, v] = [flux(i), variance ? square(i) : 1];
        const good = f - f === 0 && v > 0 && v < Infinity && !(mask && masked(i) !== 0);
        weights.forEach((weight, band) => {
          const w = weight[k]!;
          if (!good) {
            sums.missing[band]![s]! += w;
            return;
          }
          sums.flux[band]![s]! += w * f;
          if (variance) sums.variance[band]![s]! += w * w * v;
        });
      }
    },
  };
}
