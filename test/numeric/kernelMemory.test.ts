import { expect, it } from 'vitest';
import { createKernels } from '../../src/kernels/index.js';
import { placeArrays } from '../../src/numeric/index.js';

it('arrays lie one behind the other, aligned, clear of each other and inside the memory', () => {
  const kernels = createKernels();
  const bytes = { a: 8, none: 0, b: 17, large: 3_000_000, c: 1 };
  const at = placeArrays(bytes, kernels);
  const places = (Object.keys(bytes) as (keyof typeof bytes)[]).map((name) => [at[name], at[name] + bytes[name]] as const);
  places.forEach(([from], i) => {
    expect(from % 16).toBe(0);
    expect(from).toBeGreaterThanOrEqual(i === 0 ? kernels.heapStart() : places[i - 1]![1]);
  });
  expect(kernels.memory.buffer.byteLength).toBeGreaterThanOrEqual(places.at(-1)![1]);
});
