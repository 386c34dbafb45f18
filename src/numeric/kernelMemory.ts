import { ensureMemory, kernels as shared, type SpectralExports } from '../kernels/index.js';

/**
 * Places arrays one behind the other in the memory of the kernels, on multiples of 16 bytes, and makes room for them. Views taken before are detached where it grows.
 * @param bytes of each array
 * @param kernels the instance. Default: the shared one
 * @returns the address of each
 */
export function placeArrays<Name extends string>(bytes: Readonly<Record<Name, number>>, kernels: Pick<SpectralExports, 'memory' | 'heapStart'> = shared()): Record<Name, number> {
  let end = kernels.heapStart();
  const at = {} as Record<Name, number>;
  for (const [name, size] of Object.entries(bytes) as [Name, number][]) {
    at[name] = end;
    end += (size + 15) & ~15;
  }
  ensureMemory(end, kernels);
  return at;
}
