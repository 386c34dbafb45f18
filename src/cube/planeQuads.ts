import { readImage, type Fits, type Hdu } from '../fits/index.js';
import { createKernels, ensureMemory } from '../kernels/index.js';

/** Up to four planes side by side: value of plane `first` + j of spaxel s at data[4 s + j]; reused when the next four are asked for. Past `planes` it holds anything. */
export interface PlaneQuad {
  readonly data: Float32Array | Float64Array;
  readonly first: number;
  readonly planes: number;
}

/** Bytes read at a time: large enough for the speed of the disk, small enough for the processor's outer cache. */
const blockBytes = 5 << 20;

/**
 * The planes of a cube in the runs [z0, z1), four at a time, without loading the rest: one block is read while the one before it is used. Unscaled float32, the
 * usual case, goes from the file into the memory of the transposing kernel; all else through `readImage`. Cubes of one size come in the same steps.
 */
export async function* planeQuads(fits: Fits, hdu: Hdu, runs: readonly (readonly [number, number])[]): AsyncGenerator<PlaneQuad> {
  const [nx, ny] = hdu.axes as [number, number];
  const pixels = nx * ny;
  const step = Math.max(4, Math.floor(blockBytes / (4 * pixels)) & ~3);
  const blocks = runs.flatMap(([z0, z1]) =>
    Array.from({ length: Math.ceil((z1 - z0) / step) }, (_, i) => ({ first: z0 + i * step, planes: Math.min(step, z1 - z0 - i * step) })));
  const plain = hdu.storage === 'image' && hdu.bitpix === -32 && (hdu.header.number('BSCALE') ?? 1) === 1 && (hdu.header.number('BZERO') ?? 0) === 0;
  const transpose = (plain ? kernelBlocks : plainBlocks)(fits, hdu, pixels, step);
  let next = blocks[0] && transpose.read(0, blocks[0]);
  for (const [number, { first, planes }] of blocks.entries()) {
    await next;
    const following = blocks[number + 1];
    next = following && transpose.read(number + 1, following);
    for (let k = 0; k < planes; k += 4) {
      const count = Math.min(4, planes - k);
      yield { data: transpose.quad(number, k, count), first: first + k, planes: count };
    }
  }
}

interface Block {
  readonly first: number;
  readonly planes: number;
}

interface QuadReader {
  /** Reads block `number`; two blocks are held. */
  read(number: number, block: Block): Promise<void>;
  quad(number: number, plane: number, count: number): Float32Array | Float64Array;
}

/** Stored float32: two blocks and a quad in the kernel's memory, which is of its own, so that nothing moves it. */
function kernelBlocks(fits: Fits, hdu: Hdu, pixels: number, step: number): QuadReader {
  const wasm = createKernels();
  const inputs = [0, 1].map((k) => wasm.heapStart() + 4 * k * pixels * step) as [number, number];
  const output = wasm.heapStart() + 8 * pixels * step;
  ensureMemory(output + 16 * pixels, wasm);
  const data = new Float32Array(wasm.memory.buffer, output, 4 * pixels);
  return {
    async read(number, { first, planes }) {
      const into = new Uint8Array(wasm.memory.buffer, inputs[number % 2], 4 * pixels * planes);
      const bytes = await fits.source.read(hdu.dataOffset + 4 * first * pixels, into.length, into);
      // A source in memory answers with a view of its own bytes.
      if (bytes.buffer !== into.buffer) into.set(bytes);
    },
    quad(number, plane, count) {
      wasm.transposeF32(inputs[number % 2]! + 4 * plane * pixels, output, pixels, count, 4);
      return data;
    },
  };
}

/** Integers, scaled, float64 and compressed images: through their physical values. */
function plainBlocks(fits: Fits, hdu: Hdu, pixels: number): QuadReader {
  const held: (Float32Array | Float64Array)[] = [];
  const data = new Float64Array(4 * pixels);
  return {
    async read(number, { first, planes }) {
      held[number % 2] = (await readImage(fits, hdu, { start: [0, 0, first], count: [...hdu.axes.slice(0, 2), planes] })).data;
    },
    quad(number, plane, count) {
      const from = held[number % 2]!;
      for (let j = 0; j < count; j++) for (let s = 0; s < pixels; s++) data[4 * s + j] = from[(plane + j) * pixels + s]!;
      return data;
    },
  };
}
