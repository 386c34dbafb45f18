import { readImage, type Fits, type Hdu } from '../fits/index.js';
import type { BandKernel, BandLayer } from '../kernels/index.js';

/** A layer of a cube: the HDU that it is read from, and how its values become those of the layer. */
export interface PlaneLayer {
  readonly name: BandLayer;
  /** A cube, or for a mask an image that holds for all planes. */
  readonly hdu: Hdu;
  readonly convert: ((value: number) => number) | null;
}

/** Bytes of a layer that are read at a time: large enough for the speed of the disk, small enough for the processor's outer cache. */
const blockBytes = 5 << 20;

/** Planes of a block. */
export function planesPerBlock(pixels: number): number {
  return Math.max(4, Math.floor(blockBytes / (4 * pixels)) & ~3);
}

/** Whether the values lie in the file as the kernel takes them. */
function isStored({ name, hdu, convert }: PlaneLayer): boolean {
  return !convert && hdu.storage === 'image' && hdu.bitpix === (name === 'mask' ? 32 : -32) && (hdu.header.number('BSCALE') ?? 1) === 1 && (hdu.header.number('BZERO') ?? 0) === 0;
}

/** The runs of planes to which some band gives weight. */
function runsOf(weights: readonly Float64Array[]): [number, number][] {
  const runs: [number, number][] = [];
  for (let k = 0; k < weights[0]!.length; k++) {
    if (!weights.some((weight) => weight[k] !== 0)) continue;
    const last = runs.at(-1);
    if (last?.[1] === k) last[1]++;
    else runs.push([k, k + 1]);
  }
  return runs;
}

/**
 * Adds the planes of a cube that have weight to the sums, without loading the rest: one block is read while the one before it is added. Unscaled float32
 * goes from the file into the kernel's memory as it is; all else through its physical values.
 * @param weights per band those of all planes, the first of which is plane z0 of the file
 */
export async function addPlanes(kernel: BandKernel, fits: Fits, layers: readonly PlaneLayer[], weights: readonly Float64Array[], z0 = 0): Promise<void> {
  const [nx, ny] = layers[0]!.hdu.axes as [number, number];
  const pixels = nx * ny;
  const step = planesPerBlock(pixels);
  const blocks = runsOf(weights).flatMap(([from, to]) =>
    Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => ({ first: from + i * step, planes: Math.min(step, to - from - i * step) })));
  const width = layers.every((layer) => layer.name === 'mask' || isStored(layer)) ? 4 : 8;
  const has = (name: BandLayer): boolean => layers.some((layer) => layer.name === name);

  async function read(layer: PlaneLayer, number: number, first: number, planes: number): Promise<void> {
    const { name, hdu, convert } = layer;
    const ownWidth = name === 'mask' ? 4 : width;
    const into = kernel.block(name, number, ownWidth).subarray(0, ownWidth * pixels * planes);
    if (hdu.axes.length === 2) return;
    if (ownWidth === 4 && isStored(layer)) {
      const bytes = await fits.source.read(hdu.dataOffset + 4 * (z0 + first) * pixels, into.length, into);
      // A source in memory answers with a view of its own bytes.
      if (bytes.buffer !== into.buffer) into.set(bytes);
      return;
    }
    const { data } = await readImage(fits, hdu, { start: [0, 0, z0 + first], count: [nx, ny, planes] });
    if (name === 'mask') setMask(into, data);
    else new Float64Array(into.buffer, into.byteOffset, data.length).set(convert ? Float64Array.from(data, convert) : data);
  }

  for (const { name, hdu } of layers) {
    if (hdu.axes.length > 2) continue;
    const { data } = await readImage(fits, hdu);
    for (const number of [0, 1]) for (let k = 0; k < step; k++) setMask(kernel.block(name, number, 4).subarray(4 * k * pixels), data);
  }
  const readAll = (number: number): Promise<void[]> | null => {
    const block = blocks[number];
    return block ? Promise.all(layers.map((layer) => read(layer, number % 2, block.first, block.planes))) : null;
  };
  let next = readAll(0);
  for (const [number, { first, planes }] of blocks.entries()) {
    await next;
    next = readAll(number + 1);
    kernel.add(number % 2, width, planes, { variance: has('variance'), mask: has('mask') }, weights.map((weight) => weight.subarray(first, first + planes)));
  }
}

/** 1 where a mask of any type is not 0. */
function setMask(into: Uint8Array, mask: ArrayLike<number>): void {
  const flags = new Int32Array(into.buffer, into.byteOffset, mask.length);
  for (let i = 0; i < flags.length; i++) flags[i] = mask[i] === 0 ? 0 : 1;
}
