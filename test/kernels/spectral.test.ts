import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKernels, fftPlanBytes, fftPlanInit, goodFftLength, plainKernels, type SpectralExports } from '../../src/kernels/index.js';
import { createRandom } from '../../src/numeric/index.js';

/** Arrays in the memory of kernels, 16-byte aligned, in the order of their making. */
function arena(kernels: SpectralExports, bytes = 1 << 22): { plan(n: number): number; floats(length: number, values?: ArrayLike<number>): number; integers(values: readonly number[]): number; read(at: number, length: number): number[] } {
  kernels.memory.grow(Math.ceil(bytes / 65536));
  let end = kernels.heapStart();
  const place = (size: number): number => {
    const at = end;
    end += (size + 15) & ~15;
    return at;
  };
  return {
    plan(n) {
      const at = place(fftPlanBytes(n));
      fftPlanInit(kernels, at, n);
      return at;
    },
    floats(length, values) {
      const at = place(8 * length);
      if (values) new Float64Array(kernels.memory.buffer, at, length).set(values);
      return at;
    },
    integers(values) {
      const at = place(4 * values.length);
      new Int32Array(kernels.memory.buffer, at, values.length).set(values);
      return at;
    },
    read: (at, length) => Array.from(new Float64Array(kernels.memory.buffer, at, length)),
  };
}

/** What a run on either set of kernels gives must agree: sums in another order, so 1e-13 of the largest value. */
function expectTwins(run: (kernels: SpectralExports) => readonly number[], tolerance = 1e-13): number[] {
  const [wasm, plain] = [run(createKernels()), run(plainKernels())];
  const size = plain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(wasm.length).toBe(plain.length);
  wasm.forEach((value, i) => expect(Math.abs(value - plain[i]!)).toBeLessThanOrEqual(tolerance * size));
  return [...wasm];
}

function noise(n: number, key: string): Float64Array {
  const random = createRandom(3, key);
  return Float64Array.from({ length: n }, () => random.normal());
}

describe('the Fourier kernels', () => {
  for (const n of [2, 4, 6, 8, 10, 12, 16, 18, 20, 24, 30, 32, 50, 54, 60, 64, 90, 96, 128, 150, 250, 360, 750, 1024, 1536, 2430, 4096, 5000]) {
    it(`transform ${n} values as the plain twin does, and back, and keep their input`, () => {
      const values = noise(n, 'fft');
      const made = expectTwins((kernels) => {
        const { plan, floats, read } = arena(kernels);
        const [roots, input, output, back] = [plan(n), floats(n, values), floats(n + 2), floats(n)];
        kernels.rfft(input, output, n, roots);
        const transform = read(output, n + 2);
        kernels.irfft(output, back, n, roots);
        expect(read(output, n + 2)).toEqual(transform);
        expect(read(input, n)).toEqual([...values]);
        return [...transform, ...read(back, n)];
      });
      made.slice(n + 2).forEach((value, i) => expect(Math.abs(value - values[i]!)).toBeLessThan(1e-14 * n ** 0.5));
    });
  }

  it('find the next even length of factors 2, 3 and 5', () => {
    expect([1, 2, 3, 7, 11, 31, 97, 241, 4001, 4097].map(goodFftLength)).toEqual([2, 2, 4, 8, 12, 32, 100, 250, 4050, 4320]);
  });

  it('ignore the imaginary parts that no real function has', () => {
    const kernels = createKernels();
    const { plan, floats, read } = arena(kernels);
    const [roots, input, output] = [plan(4), floats(6, [1, 5, 0, 0, 1, 7]), floats(4)];
    kernels.irfft(input, output, 4, roots);
    expect(read(output, 4)).toEqual([0.5, 0, 0.5, 0]);
  });
});

describe('the velocity distribution in Fourier space', () => {
  const at = (n: number, ...parameters: [number, number, number, number, number]): number[] => expectTwins((kernels) => {
    const { floats, read } = arena(kernels);
    const out = floats(n + 2);
    kernels.losvd(out, n, ...parameters);
    return read(out, n + 2);
  });

  it('agrees with its plain twin, for negative variance too', () => {
    for (const n of [64, 250, 4096]) {
      at(n, 3.7, 4, 2, 0, 0);
      at(n, -120.3, 2.3, 1.6, 0.1, -0.15);
      at(n, 0.4, -0.8, 0, 0.05, 0.1);
      at(n, 0, 900, 30, -0.3, 0.3);
    }
  });

  it('is the Gaussian’s transform: σ = 2 pixels, bin 5 of 64', () => {
    expect(at(64, 0, 4, 2, 0, 0)[10]).toBeCloseTo(0.6176000018, 10);
  });

  it('transforms back into the Gauss–Hermite series (van der Marel & Franx 1993) where it is well sampled', () => {
    const [n, velocity, sigma, h3, h4] = [256, 100.3, 4, 0.1, -0.08];
    const kernels = createKernels();
    const { plan, floats, read } = arena(kernels);
    const [roots, transfer, out] = [plan(n), floats(n + 2), floats(n)];
    kernels.losvd(transfer, n, velocity, sigma ** 2, sigma, h3, h4);
    kernels.irfft(transfer, out, n, roots);
    read(out, n).forEach((value, i) => {
      const y = (i - velocity) / sigma;
      const H3 = (2 * Math.SQRT2 * y ** 3 - 3 * Math.SQRT2 * y) / Math.sqrt(6);
      const H4 = (4 * y ** 4 - 12 * y ** 2 + 3) / Math.sqrt(24);
      // Beyond the Nyquist frequency the transform is below exp(−π²·16/2).
      expect(Math.abs(value - (Math.exp(-y * y / 2) / (sigma * Math.sqrt(2 * Math.PI))) * (1 + h3 * H3 + h4 * H4))).toBeLessThan(1e-13);
    });
  });

  it('shifts by whole pixels as a delay, and its last value is real', () => {
    const transfer = at(16, 3, 0, 0, 0, 0);
    expect(transfer[16]).toBeCloseTo(-1, 14);
    expect(transfer[17]).toBe(0);
  });
});

describe('the kernels of the design', () => {
  it('multiply and accumulate complex values as their twins do, in place too', () => {
    expectTwins((kernels) => {
      const { floats, read } = arena(kernels);
      const [a, b, out] = [floats(74, noise(74, 'a')), floats(74, noise(74, 'b')), floats(74)];
      kernels.complexMultiply(a, b, out, 37);
      kernels.complexMultiply(a, b, a, 37);
      kernels.complexAccumulate(out, b, -0.7, 37);
      return [...read(out, 74), ...read(a, 74)];
    });
  });

  for (const width of [1, 2, 3, 4, 7]) {
    it(`project a grid on pixels with ${width} weights each as their twins do, and the adjoint is one`, () => {
      const [pixels, length] = [43, 120];
      const first = Array.from({ length: pixels }, (_, p) => Math.floor((p * (length - width)) / (pixels - 1)));
      const made = expectTwins((kernels) => {
        const { floats, integers, read } = arena(kernels);
        const [from, weights, scale] = [integers(first), floats(pixels * width, noise(pixels * width, 'w')), floats(pixels, noise(pixels, 's'))];
        const [grid, values, out, back] = [floats(length, noise(length, 'g')), floats(pixels, noise(pixels, 'v')), floats(pixels), floats(length, noise(length, 'junk'))];
        kernels.project(from, weights, width, grid, pixels, scale, out);
        kernels.projectAdjoint(from, weights, width, pixels, scale, values, back, length);
        return [...read(out, pixels), ...read(back, length)];
      });
      const dot = (a: readonly number[], b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      expect(dot(made.slice(0, pixels), noise(pixels, 'v'))).toBeCloseTo(dot(made.slice(pixels), noise(length, 'g')), 11);
    });
  }

  it('make products of columns as their twins do, for every first and last column', () => {
    const [n, count, lead] = [48, 13, 15];
    for (let from = 0; from < count; from++) {
      for (let to = from + 1; to <= count; to++) {
        const made = expectTwins((kernels) => {
          const { floats, read } = arena(kernels);
          const [columns, out] = [floats(n * count, noise(n * count, 'columns')), floats(lead * lead)];
          kernels.gram(columns, 8 * n, n, from, to, out, lead);
          return read(out, lead * lead);
        });
        // Nothing is written but the rows and columns asked for.
        made.forEach((value, ij) => {
          const larger = Math.max(Math.floor(ij / lead), ij % lead);
          if (larger < from || larger >= to) expect(value).toBe(0);
        });
      }
    }
  });

  it('do nothing for no columns and no variables', () => {
    const kernels = createKernels();
    const { floats, read } = arena(kernels);
    const out = floats(4, [1, 2, 3, 4]);
    kernels.gram(floats(8), 64, 8, 0, 0, out, 2);
    kernels.columnDots(floats(8), 64, 8, 0, floats(8), out);
    expect(kernels.cholesky(out, 0, 2)).toBe(0);
    expect(kernels.boxLeastSquares(out, out, 0, 2, out, out, out, out, 0)).toBeGreaterThanOrEqual(0);
    expect(read(out, 4)).toEqual([1, 2, 3, 4]);
  });

  it('make products of so many columns that they are taken in parts as their twins do', () => {
    const [n, count] = [600, 190];
    const values = noise(n * count, 'many');
    for (const from of [0, 97, 188]) {
      expectTwins((kernels) => {
        const { floats, read } = arena(kernels);
        const [columns, out] = [floats(n * count, values), floats(count * count)];
        kernels.gram(columns, 8 * n, n, from, count, out, count);
        return read(out, count * count);
      });
    }
  });

  it('make products with a vector, sums of columns and single products as their twins do', () => {
    for (const count of [1, 2, 3, 4, 5, 8, 11]) {
      const n = 36;
      expectTwins((kernels) => {
        const { floats, read } = arena(kernels);
        const [columns, y, x, dots, sum, products] = [floats(n * count, noise(n * count, 'c')), floats(n, noise(n, 'y')), floats(count, noise(count, 'x')), floats(count), floats(n), floats(n * count)];
        kernels.columnDots(columns, 8 * n, n, count, y, dots);
        kernels.combine(columns, 8 * n, n, count, x, sum);
        kernels.multiplyColumns(columns, 8 * n, n, count, y, products);
        return [...read(dots, count), ...read(sum, n), ...read(products, n * count), kernels.dotProduct(columns, y, n)];
      });
    }
  });

  it('factorise and solve as their twins do, and name the pivot that fails', () => {
    for (const n of [1, 2, 3, 4, 5, 8, 17, 40]) {
      const lead = n + 3;
      const columns = noise((n + 9) * n, 'spd');
      const matrix = new Float64Array(n * lead);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let p = 0; p < n + 9; p++) matrix[i * lead + j]! += columns[p * n + i]! * columns[p * n + j]!;
      expectTwins((kernels) => {
        const { floats, read } = arena(kernels);
        const [a, b] = [floats(n * lead, matrix), floats(n, noise(n, 'b'))];
        const failed = kernels.cholesky(a, n, lead);
        kernels.choleskySolve(a, n, lead, b);
        return [failed, ...read(a, n * lead), ...read(b, n)];
      }, 1e-12); // Rounding grows with the condition number, below 100 here.
    }
    for (const kernels of [createKernels(), plainKernels()]) {
      const { floats } = arena(kernels);
      expect(kernels.cholesky(floats(9, [1, 0, 0, 0, 1, 0, 1, 1, 2]), 3, 3)).toBe(3);
      expect(kernels.cholesky(floats(4, [1, 0, 3, 1]), 2, 2)).toBe(2);
      expect(kernels.cholesky(floats(1, [Number.NaN]), 1, 1)).toBe(1);
    }
  });

  it('smooth with a width of their own at every pixel as the twin does', () => {
    for (const half of [-1, 0, 3, 13, 100]) {
      for (const n of [1, 2, 37]) {
        const sigma = noise(n, 'σ').map((value, i) => (i % 7 === 0 ? 0 : Math.abs(3 * value)));
        expectTwins((kernels) => {
          const { floats, read } = arena(kernels);
          const [input, widths, out] = [floats(n, noise(n, 'in')), floats(n, sigma), floats(n)];
          kernels.smoothVariable(input, widths, n, out, half);
          return read(out, n);
        });
      }
    }
  });
});

describe('least squares within bounds', () => {
  interface Problem { readonly n: number; readonly lead: number; readonly gram: Float64Array; readonly right: Float64Array; readonly lower: Float64Array; readonly upper: Float64Array; readonly sizes: Float64Array }

  /** Normal equations of a random design whose columns have the given sizes and something in common. */
  function problemOf(rows: number, n: number, key: string, bounds: (i: number) => readonly [number, number], size: (i: number) => number = () => 1): Problem {
    const random = createRandom(5, key);
    const sizes = Float64Array.from({ length: n }, (_, i) => size(i));
    const columns = Array.from({ length: n }, () => Float64Array.from({ length: rows }, () => 0.6 + random.normal()));
    const data = Float64Array.from({ length: rows }, () => 1 + 2 * random.normal());
    const lead = n + 1;
    const gram = new Float64Array(n * lead);
    const right = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) gram[i * lead + j] = columns[i]!.reduce((sum, value, p) => sum + value * columns[j]![p]!, 0) * sizes[i]! * sizes[j]!;
      right[i] = columns[i]!.reduce((sum, value, p) => sum + value * data[p]!, 0) * sizes[i]!;
    }
    return { n, lead, gram, right, sizes, lower: Float64Array.from({ length: n }, (_, i) => bounds(i)[0] / sizes[i]!), upper: Float64Array.from({ length: n }, (_, i) => bounds(i)[1] / sizes[i]!) };
  }

  function solve(kernels: SpectralExports, problem: Problem, start?: ArrayLike<number>): { rounds: number; x: number[] } {
    const { n, lead } = problem;
    const { floats, read } = arena(kernels);
    const [gram, right, lower, upper] = [floats(n * lead, problem.gram), floats(n, problem.right), floats(n, problem.lower), floats(n, problem.upper)];
    const [x, scratch] = [floats(n, start), floats(n * n + 5 * n)];
    return { rounds: kernels.boxLeastSquares(gram, right, n, lead, lower, upper, x, scratch, start ? 1 : 0), x: read(x, n) };
  }

  /** Karush–Kuhn–Tucker: no way down but through a bound. In units of the columns' sizes; 1e-9 is the rounding of sums of a few hundred terms. */
  function expectMinimum({ n, lead, gram, right, lower, upper, sizes }: Problem, x: readonly number[]): void {
    const largest = right.reduce((most, value, i) => Math.max(most, Math.abs(value / sizes[i]!)), 0);
    for (let i = 0; i < n; i++) {
      expect(x[i]).toBeGreaterThanOrEqual(lower[i]!);
      expect(x[i]).toBeLessThanOrEqual(upper[i]!);
      let slope = right[i]!;
      for (let j = 0; j < n; j++) slope -= gram[i * lead + j]! * x[j]!;
      slope /= sizes[i]!;
      if (x[i]! < upper[i]!) expect(slope).toBeLessThan(1e-9 * largest);
      if (x[i]! > lower[i]!) expect(slope).toBeGreaterThan(-1e-9 * largest);
    }
  }

  const kinds = { positive: [0, Infinity], boxed: [-0.2, 0.3], free: [-Infinity, Infinity], negative: [-Infinity, 0], fixed: [0.1, 0.1] } as const;
  const names = Object.keys(kinds) as (keyof typeof kinds)[];

  it('meets the conditions of a minimum, from any start, in every mixture of bounds, as its twin does', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 24 }), fc.integer(), fc.array(fc.constantFrom(...names), { minLength: 24, maxLength: 24 }), (n, seed, kind) => {
      const problem = problemOf(60, n, `mixture ${seed}`, (i) => kinds[kind[i]!]);
      const cold = solve(createKernels(), problem);
      const plain = solve(plainKernels(), problem);
      const random = createRandom(seed, 'start');
      const warm = solve(createKernels(), problem, Float64Array.from({ length: n }, () => random.normal()));
      expect(Math.min(cold.rounds, plain.rounds, warm.rounds)).toBeGreaterThanOrEqual(0);
      expectMinimum(problem, cold.x);
      // The minimum is unique; the condition number is below 1e3.
      cold.x.forEach((value, i) => {
        expect(Math.abs(value - plain.x[i]!)).toBeLessThan(1e-11);
        expect(Math.abs(value - warm.x[i]!)).toBeLessThan(1e-11);
      });
    }), { numRuns: 150 });
  });

  it('does not mind columns of very different size', () => {
    const exponent = (i: number): number => 10 ** (((i * 37) % 61) - 30);
    const [even, uneven] = [problemOf(80, 20, 'size', () => [0, Infinity]), problemOf(80, 20, 'size', () => [0, Infinity], exponent)];
    const [a, b] = [solve(createKernels(), even).x, solve(createKernels(), uneven).x];
    expectMinimum(uneven, b);
    a.forEach((value, i) => expect(Math.abs(b[i]! * exponent(i) - value)).toBeLessThan(1e-12));
  });

  it('does not mind the order of the columns', () => {
    const problem = problemOf(80, 20, 'order', () => [0, Infinity]);
    const order = Array.from({ length: 20 }, (_, i) => (i * 7 + 3) % 20);
    const { n, lead, gram } = problem;
    const turned: Problem = { ...problem, right: problem.right.map((_, i) => problem.right[order[i]!]!), gram: gram.map((_, ij) => (ij % lead < n ? gram[order[Math.floor(ij / lead)]! * lead + order[ij % lead]!]! : 0)) };
    const [a, b] = [solve(createKernels(), problem).x, solve(createKernels(), turned).x];
    b.forEach((value, i) => expect(Math.abs(value - a[order[i]!]!)).toBeLessThan(1e-13));
  });

  it('ends where columns repeat, vanish or outnumber the rows, at a point that no single column improves', () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      const problem = problemOf(12, 30, `degenerate ${key}`, (i) => (i < 3 ? kinds.free : kinds.positive));
      const { n, lead, gram, right } = problem;
      for (let i = 0; i < n; i++) {
        // 20 repeats 4, 1 repeats 0 (both free), 9 vanishes.
        for (const [copy, of] of [[20, 4], [1, 0]] as const) gram[i * lead + copy] = gram[i * lead + of]!;
        gram[i * lead + 9] = 0;
      }
      for (let j = 0; j < n; j++) {
        for (const [copy, of] of [[20, 4], [1, 0]] as const) gram[copy * lead + j] = gram[of * lead + j]!;
        gram[9 * lead + j] = 0;
      }
      [right[20], right[1], right[9]] = [right[4]!, right[0]!, 0];
      for (const kernels of [createKernels(), plainKernels()]) {
        const { rounds, x } = solve(kernels, problem);
        expect(rounds).toBeGreaterThanOrEqual(0);
        expectMinimum(problem, x);
        const started = solve(kernels, problem, new Float64Array(n).fill(0.5));
        expect(started.rounds).toBeGreaterThanOrEqual(0);
        expectMinimum(problem, started.x);
      }
    }
  });

  it('gives up on a right-hand side that is not finite', () => {
    const problem = problemOf(12, 4, 'nan', () => kinds.positive);
    problem.right[2] = Number.NaN;
    for (const kernels of [createKernels(), plainKernels()]) expect(solve(kernels, problem)).toEqual({ rounds: -1, x: [0, 0, 0, 0] });
  });
});
