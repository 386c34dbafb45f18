import { ensureMemory, kernels } from './wasm.js';

/** The most that a block is to hold. */
export interface LineBlockShape {
  readonly pixels: number;
  readonly lines: number;
  /** Columns of the design: amplitudes, then fixed ones. */
  readonly linear: number;
  /** Sets of kinematics among the lines. Default 1. */
  readonly sets?: number;
}

/**
 * The arrays of one stretch of spectrum, n = `pixels` rounded up to a multiple of 4. The caller fills `edges` (of the
 * pixels, Å; or the pixels' centres when the profile is sampled), `scale` (root of the pixel's weight, over its width when
 * the profile is integrated; 0 for a pixel that does not count), `data` (times root weight), the fixed columns
 * (times root weight), `line` and `rate`; the kernels fill the rest.
 */
export interface LineBlock {
  /** n. */
  readonly stride: number;
  /** [n + 4], repeating the last one at the end. */
  readonly edges: Float64Array;
  readonly scale: Float64Array;
  readonly data: Float64Array;
  /** [linear][n]. */
  readonly columns: Float64Array;
  /** [lines][6]: mean, σ [Å], share of the column's amplitude, column, first and last pixel (even). */
  readonly line: Float64Array;
  /** First pixel of every amplitude's column that its lines reach, and the one after the last: two 32-bit integers each. */
  readonly range: Float64Array;
  /** [lines][4]: amplitude times ∂mean/∂v, ∂σ/∂v, ∂σ/∂u; the line's set of kinematics. */
  readonly rate: Float64Array;
  /** [lines][3][n]: derivatives of the profiles by mean and by σ, and the profiles, where they reach. */
  readonly slopes: Float64Array;
  /** [2 sets][n]: derivatives of the model by v and by u. */
  readonly kinematic: Float64Array;
  /** [linear × linear] normal matrix, lower triangle, and right-hand side. */
  readonly normal: Float64Array;
  readonly right: Float64Array;
  /** [2 sets][linear + 2 sets + 1]: rows of `kinematic` times each column, times the rows up to itself, times the data. */
  readonly mixed: Float64Array;
  readonly solution: Float64Array;
  readonly residual: Float64Array;
  readonly scratch: Float64Array;
}

/** The hot loops of the simultaneous line fit, over blocks that share one memory. */
export interface LineKernel {
  /** The blocks, to be asked for anew at each fit: another kernel may have moved the memory, or used it. */
  blocks(): readonly LineBlock[];
  /** Products of the fixed columns with each other and with the data; returns data·data. */
  fixed(block: number, amplitudes: number, linear: number): number;
  /** The amplitudes' columns from `line`, and their products. */
  columns(block: number, lines: number, amplitudes: number, linear: number, sampled: boolean): void;
  /** The derivatives by the kinematics from `rate`, and their products. */
  kinematics(block: number, lines: number, amplitudes: number, linear: number, sets: number): void;
  /** data − columns·solution; returns its sum of squares. */
  residual(block: number, amplitudes: number, linear: number): number;
}

type Lengths = { readonly [name in Exclude<keyof LineBlock, 'stride'>]: number };

function lengthsOf({ pixels, lines, linear, sets = 1 }: LineBlockShape): { stride: number; lengths: Lengths } {
  const n = (pixels + 3) & ~3;
  return {
    stride: n,
    lengths: {
      edges: n + 4, scale: n, data: n, columns: linear * n, range: linear, line: 6 * lines, rate: 4 * lines, slopes: 3 * lines * n, kinematic: 2 * sets * n,
      normal: linear * linear, right: linear, mixed: 2 * sets * (linear + 2 * sets + 1), solution: linear, residual: n, scratch: 2 * n + 8,
    },
  };
}

/** The kernel in WebAssembly. */
export function createLineKernel(shapes: readonly LineBlockShape[]): LineKernel {
  const wasm = kernels();
  let end = wasm.heapStart();
  const places = shapes.map((shape) => {
    const { stride, lengths } = lengthsOf(shape);
    const address = {} as Record<keyof Lengths, number>;
    for (const name of Object.keys(lengths) as (keyof Lengths)[]) {
      address[name] = end;
      end += (8 * lengths[name] + 15) & ~15;
    }
    return { stride, lengths, address };
  });
  let memory: ArrayBuffer | null = null;
  let views: readonly LineBlock[] = [];
  return {
    blocks() {
      ensureMemory(end);
      const { buffer } = wasm.memory;
      if (buffer !== memory) {
        memory = buffer;
        views = places.map(({ stride, lengths, address }) => {
          const names = Object.keys(lengths) as (keyof Lengths)[];
          const arrays = names.map((name) => [name, new Float64Array(buffer, address[name], lengths[name])] as const);
          return { stride, ...Object.fromEntries(arrays) as Record<keyof Lengths, Float64Array> };
        });
      }
      return views;
    },
    fixed(block, amplitudes, linear) {
      const { stride, address: a } = places[block]!;
      return wasm.lineFixed(a.columns, a.data, stride, amplitudes, linear, a.normal, a.right);
    },
    columns(block, lines, amplitudes, linear, sampled) {
      const { stride, address: a } = places[block]!;
      wasm.lineColumns(a.edges, a.scale, a.data, stride, a.line, lines, a.columns, amplitudes, linear, a.slopes, a.scratch, a.normal, a.right, sampled ? 1 : 0, a.range);
    },
    kinematics(block, lines, amplitudes, linear, sets) {
      const { stride, address: a } = places[block]!;
      wasm.lineKinematics(a.data, stride, a.line, a.rate, lines, a.columns, amplitudes, linear, a.slopes, a.kinematic, sets, a.mixed, a.range);
    },
    residual(block, amplitudes, linear) {
      const { stride, address: a } = places[block]!;
      return wasm.lineResidual(a.columns, a.data, stride, amplitudes, linear, a.solution, a.residual, a.range);
    },
  };
}

/** Mills' ratio in powers of s = 17/9 − (104/9)/(u + 4) for 0 ≤ u ≤ 9 (own Chebyshev fit, 1e-14), as in the WebAssembly. */
const mills = [
  0.40358084554502316, -0.4707795295165656, 0.25302060615480254, -0.09798323261517292, 0.025279631662667244, -0.0031582507067556775,
  -0.0003333693575163607, 0.00016538505266229964, 3.1591273605668773e-06, -8.23491030200542e-06, -1.991968386867837e-07,
  4.595768769826898e-07, 4.0916795831517844e-08, -2.524584155249034e-08, -5.305870519487241e-09, 9.965029228991225e-10,
  4.0048077141328617e-10];

function upperTail(u: number, density: number): number {
  const s = 17 / 9 - 104 / 9 / (u + 4);
  let ratio = 0;
  for (let k = mills.length - 1; k >= 0; k--) ratio = ratio * s + mills[k]!;
  return density * ratio;
}

/** The plain twin of `createLineKernel`. */
export function createPlainLineKernel(shapes: readonly LineBlockShape[]): LineKernel {
  const blocks: readonly LineBlock[] = shapes.map((shape) => {
    const { stride, lengths } = lengthsOf(shape);
    const arrays = Object.entries(lengths).map(([name, length]) => [name, new Float64Array(length)] as const);
    return { stride, ...Object.fromEntries(arrays) as Record<keyof Lengths, Float64Array> };
  });
  const dot = (a: Float64Array, i: number, b: Float64Array, j: number, n: number): number => {
    let sum = 0;
    for (let p = 0; p < n; p++) sum += a[i + p]! * b[j + p]!;
    return sum;
  };
  return {
    blocks: () => blocks,
    fixed(block, amplitudes, linear) {
      const { stride: n, columns, data, normal, right } = blocks[block]!;
      for (let j = amplitudes; j < linear; j++) {
        for (let i = amplitudes; i <= j; i++) normal[j * linear + i] = dot(columns, j * n, columns, i * n, n);
        right[j] = dot(columns, j * n, data, 0, n);
      }
      return dot(data, 0, data, 0, n);
    },
    columns(block, lines, amplitudes, linear, sampled) {
      const { stride: n, edges, scale, data, line, columns, slopes, normal, right } = blocks[block]!;
      columns.fill(0, 0, amplitudes * n);
      for (let l = 0; l < lines; l++) {
        const [mean, sigma, share, column, first, last] = line.subarray(6 * l) as unknown as [number, number, number, number, number, number];
        const at = (k: number): [u: number, cumulative: number, density: number] => {
          const u = (edges[k]! - mean) / sigma;
          const size = Math.min(Math.abs(u), 9);
          const density = Math.exp(-0.5 * size * size) / Math.sqrt(2 * Math.PI);
          const tail = upperTail(size, density);
          return [u, u > 0 ? 1 - tail : tail, density];
        };
        for (let k = first; k < last; k++) {
          const weight = share * scale[k]!;
          const [u0, c0, d0] = at(k);
          const [u1, c1, d1] = at(k + 1);
          const value = weight * (sampled ? d0 / sigma : c1 - c0);
          columns[column * n + k]! += value;
          slopes[(3 * l + 2) * n + k] = value;
          slopes[3 * l * n + k] = (weight / sigma) * (sampled ? (d0 * u0) / sigma : d0 - d1);
          slopes[(3 * l + 1) * n + k] = (weight / sigma) * (sampled ? (d0 * (u0 * u0 - 1)) / sigma : u0 * d0 - u1 * d1);
        }
      }
      for (let i = 0; i < amplitudes; i++) {
        for (let j = i; j < linear; j++) normal[j * linear + i] = dot(columns, i * n, columns, j * n, n);
        right[i] = dot(columns, i * n, data, 0, n);
      }
    },
    kinematics(block, lines, _amplitudes, linear, sets) {
      const { stride: n, data, line, rate, columns, slopes, kinematic, mixed } = blocks[block]!;
      const rows = 2 * sets;
      kinematic.fill(0, 0, rows * n);
      for (let l = 0; l < lines; l++) {
        const row = 2 * rate[4 * l + 3]! * n;
        for (let k = line[6 * l + 4]!; k < line[6 * l + 5]!; k++) {
          const bySigma = slopes[(3 * l + 1) * n + k]!;
          kinematic[row + k]! += slopes[3 * l * n + k]! * rate[4 * l]! + bySigma * rate[4 * l + 1]!;
          kinematic[row + n + k]! += bySigma * rate[4 * l + 2]!;
        }
      }
      for (let row = 0; row < rows; row++) {
        const into = row * (linear + rows + 1);
        for (let j = 0; j < linear; j++) mixed[into + j] = dot(kinematic, row * n, columns, j * n, n);
        for (let other = 0; other <= row; other++) mixed[into + linear + other] = dot(kinematic, row * n, kinematic, other * n, n);
        mixed[into + linear + rows] = dot(kinematic, row * n, data, 0, n);
      }
    },
    residual(block, _amplitudes, linear) {
      const { stride: n, columns, data, solution, residual } = blocks[block]!;
      for (let k = 0; k < n; k++) {
        residual[k] = data[k]!;
        for (let j = 0; j < linear; j++) residual[k]! -= solution[j]! * columns[j * n + k]!;
      }
      return dot(residual, 0, residual, 0, n);
    },
  };
}
