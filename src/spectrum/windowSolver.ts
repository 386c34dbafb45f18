import type { LineBlock, LineKernel } from '../kernels/index.js';
import { factorCholesky } from '../numeric/index.js';
import { constants } from '../units/index.js';
import { lineShape, pixelAt } from './design.js';
import type { LineModel, Profile } from './lineModel.js';
import type { ProfileKind } from './profile.js';
import { backwardAt, forwardAt } from './triangular.js';
import type { WindowData } from './windowData.js';

/** Profiles reach this many σ: 4e-10 of the flux lies outside. */
const reach = 6.25;

/** One window, of which what is linear is solved at given kinematics: amplitudes, then coefficients of the polynomial in x = −1 … 1 over the window. */
export interface WindowSolver {
  readonly data: WindowData;
  readonly kernel: LineKernel;
  /** Its number among the kernel's blocks, and the block's arrays. */
  readonly w: number;
  view: LineBlock;
  readonly sampled: boolean;
  profiles: readonly Profile[];
  /** The sets of kinematics that occur here, and for each profile its number among them. */
  sets: number[];
  place: number[];
  amplitudes: number;
  /** 0 where there is nothing to fit. */
  linear: number;
  /** data·data. */
  power: number;
  /** Cholesky factor of the normal matrix; L⁻¹ of the right-hand side; L⁻¹ of the couplings to the kinematics, row by row. */
  readonly factor: Float64Array;
  readonly forward: Float64Array;
  readonly coupled: Float64Array;
  /** The result of `invertWindow`, kept out of the kernel's memory, which others use too. */
  readonly values: Float64Array;
  /** Inverse of the normal matrix, and how the linear parameters follow the kinematics, row by row. */
  readonly inverse: Float64Array;
  readonly gain: Float64Array;
  /** The kinematics' covariance times the gains, a row for every parameter of the fit. */
  readonly swing: Float64Array;
  /** Never changes: the pixels' edges (or centres) and inverse widths, padded, and x. */
  readonly positions: Float64Array;
  readonly inverseWidth: Float64Array;
  readonly x: Float64Array;
  /** Root of the weight, and how many pixels count. */
  readonly root: Float64Array;
  pixels: number;
}

/** @param mostSets the most sets of kinematics of a model */
export function createWindowSolver(kernel: LineKernel, w: number, data: WindowData, profile: ProfileKind, mostSets: number): WindowSolver {
  const { window: { from, to }, arm: { axis: { edges, wavelength } } } = data.design;
  const sampled = profile === 'sampled';
  const n = to - from;
  const view = kernel.blocks()[w]!;
  const most = view.right.length;
  return {
    data, kernel, w, view, sampled, profiles: [], sets: [], place: [], amplitudes: 0, linear: 0, power: 0, pixels: 0,
    factor: new Float64Array(most * most), forward: new Float64Array(most), coupled: new Float64Array(2 * mostSets * most),
    values: new Float64Array(most), inverse: new Float64Array(most * most), gain: new Float64Array(2 * mostSets * most), swing: new Float64Array(2 * mostSets * most),
    positions: Float64Array.from({ length: view.stride + 4 }, (_, i) => (sampled ? wavelength[from + Math.min(i, n - 1)]! : edges[from + Math.min(i, n)]!)),
    inverseWidth: Float64Array.from({ length: n }, (_, i) => (sampled ? 1 : 1 / (edges[from + i + 1]! - edges[from + i]!))),
    x: Float64Array.from({ length: n }, (_, i) => (2 * (wavelength[from + i]! - edges[from]!)) / (edges[to]! - edges[from]!) - 1), root: new Float64Array(n),
  };
}

/** Takes over the window's residuals and weights, into a block where its memory is now. */
export function loadWindow(own: WindowSolver, block: LineBlock): void {
  own.view = block;
  const { view, root, positions, inverseWidth, data: { weight, residual } } = own;
  const n = root.length;
  view.edges.set(positions);
  view.scale.fill(0, n);
  view.data.fill(0, n);
  let pixels = 0;
  for (let i = 0; i < n; i++) {
    const one = Math.sqrt(weight[i]!);
    root[i] = one;
    if (one > 0) pixels++;
    view.scale[i] = one * inverseWidth[i]!;
    view.data[i] = one === 0 ? 0 : one * residual[i]!;
  }
  own.pixels = pixels;
}

/** Lays out the fixed columns of a model. */
export function layWindow(own: WindowSolver, model: LineModel['windows'][number]): void {
  const { active, degree } = own.data;
  const profiles = active ? model.profiles : [];
  const amplitudes = active ? model.amplitudes : 0;
  const linear = amplitudes ? amplitudes + degree + 1 : 0;
  own.profiles = profiles;
  own.amplitudes = amplitudes;
  own.linear = linear;
  if (linear === 0) return;
  const sets: number[] = [];
  own.place = profiles.map(({ set }) => {
    if (!sets.includes(set)) sets.push(set);
    return sets.indexOf(set);
  });
  own.sets = sets;
  const { kernel, w, root, x, view: { stride, columns } } = own;
  const n = root.length;
  for (let k = 0; k <= degree; k++) {
    const at = (amplitudes + k) * stride;
    if (k === 0) columns.set(root, at);
    else for (let i = 0; i < n; i++) columns[at + i] = columns[at - stride + i]! * x[i]!;
    columns.fill(0, at + n, at + stride);
  }
  own.power = kernel.fixed(w, amplitudes, linear);
}

/** Solves the linear parameters at given kinematics; answers χ², infinite when they are degenerate. */
export function solveWindow(own: WindowSolver, velocity: Float64Array, u: Float64Array): number {
  const { kernel, w, sampled, profiles, linear, amplitudes, factor, forward, power, view: { line, normal, right, solution } } = own;
  const { window: { from, to }, arm: { axis: { edges } } } = own.data.design;
  for (let l = 0; l < profiles.length; l++) {
    const { line: its, set, share, column } = profiles[l]!;
    const { centre, sigma } = lineShape(its, velocity[set]!, u[set]!);
    const first = Math.max(0, pixelAt(edges, centre - reach * sigma, from, to) - from) & ~1;
    const last = Math.min(to - from, pixelAt(edges, centre + reach * sigma, from, to) - from + 1);
    const at = 6 * l;
    line[at] = centre;
    line[at + 1] = sigma;
    line[at + 2] = share;
    line[at + 3] = column;
    line[at + 4] = first;
    line[at + 5] = Math.max(first, (last + 1) & ~1);
  }
  kernel.columns(w, profiles.length, amplitudes, linear, sampled);
  for (let i = 0; i < linear * linear; i++) factor[i] = normal[i]!;
  if (!factorCholesky(factor, linear)) return Infinity;
  for (let i = 0; i < linear; i++) forward[i] = right[i]!;
  forwardAt(factor, forward, 0, linear);
  let explained = 0;
  for (let i = 0; i < linear; i++) {
    explained += forward[i]! * forward[i]!;
    solution[i] = forward[i]!;
  }
  backwardAt(factor, solution, 0, linear);
  return power - explained;
}

/** Adds to the Gauss–Newton matrix [all × all] and gradient of (v, u) of every set, at the last solution, the linear parameters projected out. */
export function differentiateWindow(own: WindowSolver, velocity: Float64Array, u: Float64Array, curvature: Float64Array, gradient: Float64Array, all: number): void {
  const { kernel, w, profiles, sets, place, linear, amplitudes, factor, forward, coupled, view: { rate, solution, mixed } } = own;
  for (let l = 0; l < profiles.length; l++) {
    const { line, set, column } = profiles[l]!;
    const { centre, sigma } = lineShape(line, velocity[set]!, u[set]!);
    const amplitude = solution[column]!;
    rate[4 * l] = (amplitude * line.wavelength) / constants.c;
    rate[4 * l + 1] = (amplitude * u[set]! * centre * line.wavelength) / (sigma * constants.c ** 3);
    rate[4 * l + 2] = (amplitude * (centre / constants.c) ** 2) / (2 * sigma);
    rate[4 * l + 3] = place[l]!;
  }
  kernel.kinematics(w, profiles.length, amplitudes, linear, sets.length);
  const rows = 2 * sets.length;
  const length = linear + rows + 1;
  for (let row = 0; row < rows; row++) {
    const at = row * linear;
    for (let i = 0; i < linear; i++) coupled[at + i] = mixed[row * length + i]!;
    forwardAt(factor, coupled, at, linear);
    const a = 2 * sets[row >> 1]! + (row & 1);
    let slope = mixed[row * length + linear + rows]!;
    for (let i = 0; i < linear; i++) slope -= coupled[at + i]! * forward[i]!;
    gradient[a]! += slope;
    for (let other = 0; other <= row; other++) {
      let sum = mixed[row * length + linear + other]!;
      for (let i = 0; i < linear; i++) sum -= coupled[at + i]! * coupled[other * linear + i]!;
      const b = 2 * sets[other >> 1]! + (other & 1);
      curvature[a * all + b]! += sum;
      if (a !== b) curvature[b * all + a]! += sum;
    }
  }
}

/** The solution, and the ingredients of its errors, with the covariance [all × all] of the kinematics. */
export function invertWindow(own: WindowSolver, covariance: Float64Array, all: number): void {
  const { sets, linear, factor, coupled, values, inverse, gain, swing, view: { solution } } = own;
  for (let i = 0; i < linear; i++) values[i] = solution[i]!;
  for (let j = 0; j < linear; j++) {
    const at = j * linear;
    for (let i = 0; i < linear; i++) inverse[at + i] = i === j ? 1 : 0;
    forwardAt(factor, inverse, at, linear);
    backwardAt(factor, inverse, at, linear);
  }
  for (let row = 0; row < 2 * sets.length; row++) {
    const at = row * linear;
    for (let i = 0; i < linear; i++) gain[at + i] = coupled[at + i]!;
    backwardAt(factor, gain, at, linear);
  }
  for (let row = 0; row < all; row++) {
    for (let b = 0; b < linear; b++) {
      let along = 0;
      for (let j = 0; j < 2 * sets.length; j++) along += covariance[row * all + 2 * sets[j >> 1]! + (j & 1)]! * gain[j * linear + b]!;
      swing[row * linear + b] = along;
    }
  }
}

/** (data − model) over the error per pixel, and its square. */
export function residualsOf(own: WindowSolver): { readonly residual: Float64Array; readonly chi2: number } {
  const { kernel, w, amplitudes, linear, values, view: { residual, solution } } = own;
  for (let i = 0; i < linear; i++) solution[i] = values[i]!;
  return { residual, chi2: kernel.residual(w, amplitudes, linear) };
}

/** The lines' model over the error per pixel. */
export function lineModelOf(own: WindowSolver): Float64Array {
  const { amplitudes, values, root, view: { stride, columns } } = own;
  return Float64Array.from({ length: root.length }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < amplitudes; j++) sum += values[j]! * columns[j * stride + i]!;
    return sum;
  });
}

/** How the linear parameters follow a change of the data (over the error), with the covariance [all × all] of the kinematics. */
export function responseOf(own: WindowSolver, change: Float64Array, covariance: Float64Array, all: number): Float64Array {
  const { sets, linear, inverse, gain, view: { stride, columns, kinematic } } = own;
  const along = (rows: Float64Array, row: number): number => {
    let sum = 0;
    for (let i = 0; i < change.length; i++) sum += rows[row * stride + i]! * change[i]!;
    return sum;
  };
  const projections = Array.from({ length: linear }, (_, j) => along(columns, j));
  const out = new Float64Array(linear);
  for (let j = 0; j < linear; j++) for (let k = 0; k < linear; k++) out[j]! += inverse[j * linear + k]! * projections[k]!;
  const rowOf = (i: number): number => 2 * sets[i >> 1]! + (i & 1);
  // Projected gradients of the window's kinematics, and how far they move.
  const slopes = Array.from({ length: 2 * sets.length }, (_, i) => projections.reduce((sum, value, j) => sum - gain[i * linear + j]! * value, along(kinematic, i)));
  for (let i = 0; i < slopes.length; i++) {
    const shift = slopes.reduce((sum, slope, k) => sum + covariance[rowOf(i) * all + rowOf(k)]! * slope, 0);
    for (let j = 0; j < linear; j++) out[j]! -= gain[i * linear + j]! * shift;
  }
  return out;
}
