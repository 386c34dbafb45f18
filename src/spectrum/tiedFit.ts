import type { LineKernel } from '../kernels/index.js';
import { factorCholesky, substituteBackward, substituteForward } from '../numeric/index.js';
import { constants } from '../units/index.js';
import { lineShape, pixelAt, type DesignLine } from './design.js';
import type { ProfileKind } from './profile.js';
import type { WindowData } from './windowData.js';

/** Kinematics that all lines share [km/s]. */
export interface Kinematics {
  readonly velocity: number;
  readonly sigma: number;
}

/** Profiles reach this many σ: 8e-11 of the flux lies outside. */
const reach = 6.5;
const velocityBound = 900;
const sigmaBound = 500;
const turns = 50;
/** A step of this many standard errors ends the fit. */
const smallStep = 1e-5;

/** What the fit knows of one window. */
interface Block {
  /** Lines that take part, and the columns of the design they have here. */
  lines: readonly DesignLine[];
  column: readonly number[];
  amplitudes: number;
  linear: number;
  /** data·data. */
  power: number;
  /** Cholesky factor of the normal matrix; L⁻¹ of the right-hand side; L⁻¹ of the couplings to v and to u. */
  readonly factor: Float64Array;
  readonly forward: Float64Array;
  readonly byV: Float64Array;
  readonly byU: Float64Array;
  /** The result, kept out of the kernel's memory, which others use too. */
  readonly values: Float64Array;
}

/** The fit with one velocity and one dispersion: linear parameters per window, kinematics across them. */
export interface TiedFit {
  /** Fits the measurable lines from a start; answers whether it converged. Without `free`, the kinematics stay at the start. */
  fit(start: Kinematics, free: boolean, measurable: readonly boolean[]): boolean;
  /** Whether a fitted velocity or dispersion ended on its bound. */
  atBound(): boolean;
  readonly velocity: number;
  readonly u: number;
  /** Variance of the velocity; of u, also where u lies on its bound. */
  readonly variances: { readonly velocity: number; readonly u: number };
  /** Number of kinematic parameters fitted. */
  readonly kinematicParameters: number;
  /** The fitted column of a line in its window, −1 when it was left out. */
  columnOf(window: number, line: DesignLine): number;
  /** Amplitudes, then coefficients of the polynomial in x = −1 … 1 over the window; how many of each. */
  solution(window: number): { readonly values: Float64Array; readonly amplitudes: number; readonly linear: number };
  /** Covariance of two linear parameters, of one window or of two. */
  linearCovariance(windowA: number, a: number, windowB: number, b: number): number;
  /** (data − model) over the error, and the lines' model [flux density], per pixel of a window. */
  residuals(window: number): { readonly residual: Float64Array; readonly lineModel: Float64Array; readonly chi2: number };
}

/** Makes the fit for windows whose `residual` and `weight` the caller refills before each fit. */
export function createTiedFit(kernel: LineKernel, data: readonly WindowData[], profile: ProfileKind): TiedFit {
  const sampled = profile === 'sampled';
  const blocks: Block[] = data.map(({ design: { columns } }) => {
    const m = columns + 2;
    return {
      lines: [], column: [], amplitudes: 0, linear: 0, power: 0, factor: new Float64Array(m * m), forward: new Float64Array(m),
      byV: new Float64Array(m), byU: new Float64Array(m), values: new Float64Array(m),
    };
  });
  const lineModels = data.map(({ residual }) => new Float64Array(residual.length));
  const inverse = data.map(({ design: { columns } }) => new Float64Array((columns + 2) ** 2));
  const gains = data.map(({ design: { columns } }) => new Float64Array(2 * (columns + 2)));
  const state = { velocity: 0, u: 0, vv: 0, vu: 0, uu: 0, uuHeld: 0, kinematicParameters: 0, held: false };

  /** Weighted data, fixed columns and their products of one window. */
  function load(w: number, measurable: readonly boolean[]): void {
    const { design: { window: { from, to }, arm: { axis }, lines, columns }, residual, weight, active, degree } = data[w]!;
    const block = blocks[w]!;
    block.lines = active ? lines.filter(({ index }) => measurable[index]) : [];
    const present = Array.from({ length: columns }, (_, column) => column).filter((column) => block.lines.some((line) => line.column === column));
    block.column = block.lines.map(({ column }) => present.indexOf(column));
    block.amplitudes = present.length;
    block.linear = present.length ? present.length + degree + 1 : 0;
    if (block.linear === 0) return;
    const { stride, edges, scale, data: values, columns: design } = kernel.blocks()[w]!;
    const n = to - from;
    const first = axis.edges[from]!;
    const width = axis.edges[to]! - first;
    for (let i = 0; i < stride + 4; i++) edges[i] = sampled ? axis.wavelength[from + Math.min(i, n - 1)]! : axis.edges[from + Math.min(i, n)]!;
    for (let i = 0; i < stride; i++) {
      const root = i < n ? Math.sqrt(weight[i]!) : 0;
      scale[i] = root === 0 || sampled ? root : root / (axis.edges[from + i + 1]! - axis.edges[from + i]!);
      values[i] = root === 0 ? 0 : root * residual[i]!;
      let power = root;
      for (let k = 0; k <= degree; k++) {
        design[(block.amplitudes + k) * stride + i] = power;
        if (i < n) power *= (2 * (axis.wavelength[from + i]! - first)) / width - 1;
      }
    }
    block.power = kernel.fixed(w, block.amplitudes, block.linear);
  }

  /** Solves the linear parameters of a window at given kinematics; returns its χ², infinite when it is degenerate. */
  function solve(w: number, velocity: number, u: number): number {
    const { lines, column, linear, amplitudes, factor, forward, power } = blocks[w]!;
    const { window: { from, to }, arm: { axis: { edges } } } = data[w]!.design;
    const view = kernel.blocks()[w]!;
    for (let l = 0; l < lines.length; l++) {
      const { centre, sigma } = lineShape(lines[l]!, velocity, u);
      const first = Math.max(0, pixelAt(edges, centre - reach * sigma, from, to) - from) & ~1;
      const last = Math.min(to - from, pixelAt(edges, centre + reach * sigma, from, to) - from + 1);
      const at = 6 * l;
      view.line[at] = centre;
      view.line[at + 1] = sigma;
      view.line[at + 2] = lines[l]!.share;
      view.line[at + 3] = column[l]!;
      view.line[at + 4] = first;
      view.line[at + 5] = Math.max(first, (last + 1) & ~1);
    }
    kernel.columns(w, lines.length, amplitudes, linear, sampled);
    for (let i = 0; i < linear * linear; i++) factor[i] = view.normal[i]!;
    if (!factorCholesky(factor, linear)) return Infinity;
    for (let i = 0; i < linear; i++) forward[i] = view.right[i]!;
    substituteForward(factor, forward, linear);
    let explained = 0;
    for (let i = 0; i < linear; i++) {
      explained += forward[i]! * forward[i]!;
      view.solution[i] = forward[i]!;
    }
    substituteBackward(factor, view.solution, linear);
    return power - explained;
  }

  function evaluate(velocity: number, u: number): number {
    let chi2 = 0;
    for (let w = 0; w < blocks.length; w++) if (blocks[w]!.linear > 0) chi2 += solve(w, velocity, u);
    return chi2;
  }

  /** Gauss–Newton matrix (vv, vu, uu) and gradient (v, u), the linear parameters projected out. */
  function curvature(velocity: number, u: number): { vv: number; vu: number; uu: number; v: number; u: number } {
    const sum = { vv: 0, vu: 0, uu: 0, v: 0, u: 0 };
    const views = kernel.blocks();
    for (const [w, { lines, column, linear, factor, forward, byV, byU }] of blocks.entries()) {
      if (linear === 0) continue;
      const view = views[w]!;
      for (let l = 0; l < lines.length; l++) {
        const { wavelength } = lines[l]!;
        const { centre, sigma } = lineShape(lines[l]!, velocity, u);
        const amplitude = view.solution[column[l]!]!;
        view.rate[3 * l] = (amplitude * wavelength) / constants.c;
        view.rate[3 * l + 1] = (amplitude * u * centre * wavelength) / (sigma * constants.c ** 3);
        view.rate[3 * l + 2] = (amplitude * (centre / constants.c) ** 2) / (2 * sigma);
      }
      kernel.kinematics(w, lines.length, linear);
      const { mixed } = view;
      for (let i = 0; i < linear; i++) {
        byV[i] = mixed[i]!;
        byU[i] = mixed[linear + i]!;
      }
      substituteForward(factor, byV, linear);
      substituteForward(factor, byU, linear);
      const rest = 2 * linear;
      sum.vv += mixed[rest]!;
      sum.vu += mixed[rest + 1]!;
      sum.uu += mixed[rest + 2]!;
      sum.v += mixed[rest + 3]!;
      sum.u += mixed[rest + 4]!;
      for (let i = 0; i < linear; i++) {
        sum.vv -= byV[i]! * byV[i]!;
        sum.vu -= byV[i]! * byU[i]!;
        sum.uu -= byU[i]! * byU[i]!;
        sum.v -= byV[i]! * forward[i]!;
        sum.u -= byU[i]! * forward[i]!;
      }
    }
    return sum;
  }

  /** Damped Gauss–Newton with bounds by projection; a parameter on its bound that wants to leave is held for the step. */
  function minimise(): boolean {
    let chi2 = evaluate(state.velocity, state.u);
    let damping = 1e-4;
    for (let turn = 0; turn < turns; turn++) {
      const s = curvature(state.velocity, state.u);
      state.held = (state.u === 0 && s.u < 0) || (state.u === sigmaBound ** 2 && s.u > 0);
      for (;;) {
        const vv = s.vv * (1 + damping);
        const uu = s.uu * (1 + damping);
        const determinant = vv * uu - s.vu * s.vu;
        const both = !state.held && determinant > 0;
        const velocity = clamp(state.velocity + (both ? (uu * s.v - s.vu * s.u) / determinant : s.v / vv), -velocityBound, velocityBound);
        const u = clamp(state.u + (both ? (vv * s.u - s.vu * s.v) / determinant : 0), 0, sigmaBound ** 2);
        if (!(velocity - velocity === 0 && u - u === 0)) return false;
        const change = Math.abs(velocity - state.velocity) * Math.sqrt(s.vv) + Math.abs(u - state.u) * Math.sqrt(s.uu);
        const next = evaluate(velocity, u);
        if (next <= chi2) {
          state.velocity = velocity;
          state.u = u;
          chi2 = next;
          damping = Math.max(1e-12, damping / 10);
          if (change < smallStep) return true;
          break;
        }
        // No improvement within rounding of χ²: this is the minimum.
        if (change < smallStep || damping > 1e10) {
          evaluate(state.velocity, state.u);
          return change < 1e-2;
        }
        damping *= 10;
      }
    }
    return false;
  }

  /** Covariance of the kinematics, and per window the inverse of the normal matrix and how the linear parameters follow v and u. */
  function covariances(free: boolean): void {
    state.vv = state.vu = state.uu = state.uuHeld = 0;
    state.kinematicParameters = 0;
    const s = curvature(state.velocity, state.u);
    const freeU = free && state.u > 0 && state.u < sigmaBound ** 2;
    const determinant = s.vv * s.uu - s.vu * s.vu;
    if (freeU && determinant > 0) {
      [state.vv, state.vu, state.uu] = [s.uu / determinant, -s.vu / determinant, s.vv / determinant];
      state.kinematicParameters = 2;
    } else if (free && s.vv > 0) {
      state.vv = 1 / s.vv;
      state.uuHeld = 1 / s.uu;
      state.kinematicParameters = 1;
    }
    for (const [w, { linear, factor, byV, byU, values }] of blocks.entries()) {
      for (let i = 0; i < linear; i++) values[i] = kernel.blocks()[w]!.solution[i]!;
      const inv = inverse[w]!;
      const gain = gains[w]!;
      for (let j = 0; j < linear; j++) {
        const column = inv.subarray(j * linear, (j + 1) * linear);
        column.fill(0);
        column[j] = 1;
        substituteForward(factor, column, linear);
        substituteBackward(factor, column, linear);
      }
      for (let i = 0; i < linear; i++) {
        gain[i] = byV[i]!;
        gain[linear + i] = byU[i]!;
      }
      substituteBackward(factor, gain.subarray(0, linear), linear);
      substituteBackward(factor, gain.subarray(linear, 2 * linear), linear);
    }
  }

  return {
    get velocity() { return state.velocity; },
    get u() { return state.u; },
    get variances() { return { velocity: state.vv, u: state.uu || state.uuHeld }; },
    get kinematicParameters() { return state.kinematicParameters; },
    atBound: () => state.kinematicParameters === 1 || Math.abs(state.velocity) === velocityBound,
    fit(start, free, measurable) {
      data.forEach((_, w) => load(w, measurable));
      state.velocity = start.velocity;
      state.u = start.sigma * start.sigma;
      state.held = false;
      // A degenerate window is left out; it does not spoil the others.
      blocks.forEach((block, w) => { if (block.linear > 0 && !(solve(w, state.velocity, state.u) < Infinity)) block.linear = 0; });
      const converged = !free || minimise();
      covariances(free);
      return converged;
    },
    columnOf(window, line) {
      const at = blocks[window]!.lines.indexOf(line);
      return at < 0 || blocks[window]!.linear === 0 ? -1 : blocks[window]!.column[at]!;
    },
    solution: (window) => ({ values: blocks[window]!.values, amplitudes: blocks[window]!.amplitudes, linear: blocks[window]!.linear }),
    linearCovariance(windowA, a, windowB, b) {
      const [linearA, linearB] = [blocks[windowA]!.linear, blocks[windowB]!.linear];
      const own = windowA === windowB ? inverse[windowA]![a * linearA + b]! : 0;
      const [av, au] = [gains[windowA]![a]!, gains[windowA]![linearA + a]!];
      const [bv, bu] = [gains[windowB]![b]!, gains[windowB]![linearB + b]!];
      return own + av * bv * state.vv + (av * bu + au * bv) * state.vu + au * bu * state.uu;
    },
    residuals(window) {
      const { linear, amplitudes } = blocks[window]!;
      const lineModel = lineModels[window]!;
      lineModel.fill(0);
      const { solution, columns, stride, residual } = kernel.blocks()[window]!;
      if (linear === 0) return { residual: lineModel, lineModel, chi2: 0 };
      const { weight } = data[window]!;
      for (let i = 0; i < lineModel.length; i++) {
        if (weight[i] === 0) continue;
        for (let j = 0; j < amplitudes; j++) lineModel[i]! += solution[j]! * columns[j * stride + i]!;
        lineModel[i]! /= Math.sqrt(weight[i]!);
      }
      return { residual, lineModel, chi2: kernel.residual(window, linear) };
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
