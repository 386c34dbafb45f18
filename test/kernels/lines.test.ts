import { describe, expect, it } from 'vitest';
import { createLineKernel, createPlainLineKernel, transposePlanes, type LineBlock, type LineKernel } from '../../src/kernels/index.js';
import { createRandom, erf } from '../../src/numeric/index.js';

const shapes = [{ pixels: 61, lines: 3, linear: 4, sets: 2 }, { pixels: 40, lines: 1, linear: 3, sets: 1 }];

/** Two blocks: a doublet of one amplitude beside a single line on a straight line; one line on a straight line. */
function fill(kernel: LineKernel, sampled: boolean): readonly LineBlock[] {
  const random = createRandom(7, 'kernel');
  const blocks = kernel.blocks();
  blocks.forEach((block, b) => {
    const { stride: n, edges, scale, data, columns, line, rate } = block;
    const amplitudes = b === 0 ? 2 : 1;
    const { pixels, lines } = shapes[b]!;
    for (let k = 0; k < edges.length; k++) edges[k] = 100 + 1.25 * Math.min(k, pixels) + (sampled ? 0.6 : 0);
    for (let k = 0; k < n; k++) {
      scale[k] = k < pixels ? 0.5 + random.uniform() : 0;
      data[k] = k < pixels ? random.normal() : 0;
      columns[amplitudes * n + k] = k < pixels ? 1 : 0;
      columns[(amplitudes + 1) * n + k] = k < pixels ? k / 30 - 1 : 0;
    }
    for (let l = 0; l < lines; l++) {
      line.set([110.3 + 17 * l, 1.1 + 0.2 * l, l === 1 ? 1 / 2.98 : 1, l === 2 ? 1 : 0, 12 * l, Math.min(n, 12 * l + 28)], 6 * l);
      rate.set([0.02 + l, 0.0001, 0.003, l === 2 ? 1 : 0], 4 * l);
    }
    block.solution.set([1.5, -0.3, 0.2, 0.7].slice(0, amplitudes + 2));
  });
  return blocks;
}

/** Everything the kernels computed, after a run through all of them. */
function run(kernel: LineKernel, sampled: boolean): number[] {
  const blocks = fill(kernel, sampled);
  return blocks.flatMap((block, b) => {
    const { lines, linear, sets } = shapes[b]!;
    const amplitudes = linear - 2;
    const own = kernel.fixed(b, amplitudes, linear);
    kernel.columns(b, lines, amplitudes, linear, sampled);
    kernel.kinematics(b, lines, amplitudes, linear, sets);
    const rest = kernel.residual(b, amplitudes, linear);
    const lower = Array.from(block.normal).filter((_, i) => i % linear <= Math.floor(i / linear));
    // Row r of `mixed` holds products with the columns, with the rows up to r, and with the data.
    const mixed = Array.from(block.mixed).filter((_, i) => {
      const [row, place] = [Math.floor(i / (linear + 2 * sets + 1)), i % (linear + 2 * sets + 1)];
      return place <= linear + row || place === linear + 2 * sets;
    });
    return [own, rest, ...lower, ...block.right, ...mixed, ...block.columns, ...block.kinematic, ...block.residual];
  });
}

describe('the line kernel', () => {
  for (const sampled of [false, true]) {
    it(`agrees with its plain twin, profile ${sampled ? 'sampled' : 'integrated'}`, () => {
      const plain = run(createPlainLineKernel(shapes), sampled);
      const wasm = run(createLineKernel(shapes), sampled);
      expect(wasm.length).toBe(plain.length);
      // The order of sums differs, the exponential by 2 ulp.
      wasm.forEach((value, i) => expect(Math.abs(value - plain[i]!)).toBeLessThan(2e-13 * (1 + Math.abs(plain[i]!))));
    });
  }

  it('integrates a Gaussian over pixels as the error function does', () => {
    const kernel = createLineKernel([{ pixels: 8, lines: 1, linear: 1 }]);
    const { edges, scale, line, columns } = kernel.blocks()[0]!;
    edges.forEach((_, k) => { edges[k] = 97 + 1.25 * k; });
    scale.fill(1 / 1.25);
    line.set([100.3, 1.1, 10, 0, 0, 8]);
    kernel.columns(0, 1, 1, 1, false);
    for (let k = 0; k < 8; k++) {
      const at = (e: number): number => erf((e - 100.3) / (1.1 * Math.SQRT2));
      expect(Math.abs(columns[k]! - (5 / 1.25) * (at(edges[k]! + 1.25) - at(edges[k]!)))).toBeLessThan(1e-13);
    }
    const published = [0.2386919655, 1.6187444571, 3.4018726031, 2.2409463682, 0.4596561240];
    published.forEach((value, k) => expect(columns[k]).toBeCloseTo(value, 9));
  });

  it('has slopes that finite differences confirm', () => {
    for (const sampled of [false, true]) {
      const column = (mean: number, sigma: number): { value: Float64Array; slopes: Float64Array } => {
        const kernel = createLineKernel([{ pixels: 12, lines: 1, linear: 1 }]);
        const block = kernel.blocks()[0]!;
        block.edges.forEach((_, k) => { block.edges[k] = 97 + 1.25 * k; });
        block.scale.fill(1);
        block.line.set([mean, sigma, 1, 0, 0, 12]);
        kernel.columns(0, 1, 1, 1, sampled);
        return { value: block.columns.slice(), slopes: block.slopes.slice() };
      };
      const { slopes } = column(103.2, 1.3);
      const h = 1e-4;
      const byMean = column(103.2 + h, 1.3).value.map((v, k) => (v - column(103.2 - h, 1.3).value[k]!) / (2 * h));
      const bySigma = column(103.2, 1.3 + h).value.map((v, k) => (v - column(103.2, 1.3 - h).value[k]!) / (2 * h));
      // Central differences: third derivative × h²/6.
      for (let k = 0; k < 12; k++) {
        expect(Math.abs(slopes[k]! - byMean[k]!)).toBeLessThan(1e-8);
        expect(Math.abs(slopes[12 + k]! - bySigma[k]!)).toBeLessThan(1e-8);
      }
    }
  });

  it('is not disturbed by another kernel that used the memory in between', () => {
    const kernel = createLineKernel(shapes);
    const before = run(kernel, false);
    const bytes = new Uint8Array(4 * 64 * 4000).fill(63);
    transposePlanes(bytes, 4, 64, new Float32Array(64 * 4000), 0, 4000);
    expect(run(kernel, false)).toEqual(before);
  });
});
