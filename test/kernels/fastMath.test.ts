import { setFlagsFromString } from 'node:v8';
import { describe, expect, it, vi } from 'vitest';

/** A copy of the room that has made no kernel yet. */
async function fresh(): Promise<typeof import('../../src/kernels/index.js')> {
  vi.resetModules();
  return import('../../src/kernels/index.js');
}

const refusalOf = (choose: () => void): unknown => {
  try {
    choose();
  } catch (error) {
    return (error as { tag?: unknown }).tag;
  }
  return null;
};

/** Products of 9 columns of 600 values, and their Cholesky factor. */
function products(kernels: import('../../src/kernels/index.js').KernelExports): number[] {
  const [n, count] = [600, 9];
  const columns = kernels.heapStart();
  const out = columns + 8 * n * count;
  kernels.memory.grow(2);
  new Float64Array(kernels.memory.buffer, columns, n * count).forEach((_, i, values) => { values[i] = Math.sin(i * i) + (i % n === 0 ? 1 : 0); });
  kernels.gram(columns, 8 * n, n, 0, count, out, count);
  const gram = Array.from(new Float64Array(kernels.memory.buffer, out, count * count));
  kernels.cholesky(out, count, count);
  return [...gram, ...new Float64Array(kernels.memory.buffer, out, count * count)];
}

describe('fast mathematics', () => {
  it('is refused once strict kernels are in use', async () => {
    const room = await fresh();
    const strict = products(room.createKernels());
    expect(refusalOf(room.useFastMath)).toBe('BadArgument');
    expect(products(room.createKernels())).toEqual(strict);
  });

  it.runIf(Number(process.versions.node.split('.')[0]) < 22)('is refused where the engine has no relaxed SIMD', async () => {
    const room = await fresh();
    expect(refusalOf(room.useFastMath)).toBe('BadArgument');
    // And strict kernels work on.
    expect(products(room.createKernels()).every(Number.isFinite)).toBe(true);
  });

  it('agrees with strict mathematics to 1e-13 of the largest value: 600 roundings fewer', async () => {
    const strict = products((await fresh()).createKernels());
    setFlagsFromString('--experimental-wasm-relaxed-simd');
    const room = await fresh();
    room.useFastMath();
    room.useFastMath();
    const fused = products(room.createKernels());
    const size = Math.max(...strict.map(Math.abs));
    fused.forEach((value, i) => expect(Math.abs(value - strict[i]!)).toBeLessThan(1e-13 * size));
    expect(products(room.kernels())).toEqual(fused);
  });

  it('leaves the strict kernels as they are', async () => {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
    const before = products((await fresh()).createKernels());
    const room = await fresh();
    room.useFastMath();
    room.createKernels();
    expect(products((await fresh()).createKernels())).toEqual(before);
  });
});
