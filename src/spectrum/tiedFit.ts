import type { LineBlock, LineKernel } from '../kernels/index.js';
import { factorCholesky } from '../numeric/index.js';
import { constants } from '../units/index.js';
import { lineShape, pixelAt } from './design.js';
import type { LineModel, Profile } from './lineModel.js';
import type { ProfileKind } from './profile.js';
import type { WindowData } from './windowData.js';

/** Velocity and dispersion of a group of lines [km/s]. */
export interface Kinematics {
  readonly velocity: number;
  readonly sigma: number;
}

/** Where velocity and dispersion may go [km/s]. */
export interface KinematicBounds {
  readonly velocity: readonly [number, number];
  readonly sigma: readonly [number, number];
}

/**
 * Where the dispersion may be 0, its square may be negative, to this part of the instrument's: noise makes a line narrower
 * than the instrument as often as wider.
 */
const narrowest = 0.75;

/** Profiles reach this many σ: 4e-10 of the flux lies outside. */
const reach = 6.25;
const turns = 50;
/** A fit ends when its next step will be this many standard errors. */
const smallStep = 1e-5;

/** What the fit knows of one window. */
interface Block {
  profiles: readonly Profile[];
  /** The sets of kinematics that occur here, and for each profile its number among them. */
  sets: number[];
  place: number[];
  amplitudes: number;
  linear: number;
  /** data·data. */
  power: number;
  /** Cholesky factor of the normal matrix; L⁻¹ of the right-hand side; L⁻¹ of the couplings to the kinematics, row by row. */
  readonly factor: Float64Array;
  readonly forward: Float64Array;
  readonly coupled: Float64Array;
  /** The result, kept out of the kernel's memory, which others use too. */
  readonly values: Float64Array;
  /** Inverse of the normal matrix, and how the linear parameters follow the kinematics, row by row. */
  readonly inverse: Float64Array;
  readonly gain: Float64Array;
  /** The kinematics' covariance times the gains, a row for every parameter of the fit. */
  readonly swing: Float64Array;
  /** Never changes: the pixels' edges (or centres) and inverse widths, padded, and x = −1 … 1 over the window. */
  readonly edges: Float64Array;
  readonly inverseWidth: Float64Array;
  readonly x: Float64Array;
  /** Pixels that count. */
  pixels: number;
  /** Root of the weight. */
  readonly root: Float64Array;
}

/** A least-squares fit of Gaussians: linear parameters per window, sets of kinematics across them. */
export interface TiedFit {
  /** Takes over the windows' residuals and weights. */
  load(): void;
  /**
   * Fits a model from where its kinematics start; answers whether it converged. Without `free`, they stay there. Amplitudes
   * are numbered in the order in which their Gaussians stand.
   */
  fit(model: LineModel, free: boolean): boolean;
  /** Of each set. */
  readonly velocity: Float64Array;
  readonly u: Float64Array;
  /** Covariance of (v, u) of all sets, row-major; 0 for what was not fitted. */
  readonly covariance: Float64Array;
  /** Whether a parameter (v, u of each set) was fitted. */
  readonly fitted: Uint8Array;
  readonly kinematicParameters: number;
  /** Of the pixels that count, with their weights. */
  readonly chi2: number;
  /** Sets of kinematics of the model. */
  readonly sets: number;
  /** Variance of the velocity, 0 where it was given. */
  varianceOfVelocity(set: number): number;
  /** Variance of u, also where it lies on a bound; 0 where it was given. */
  varianceOfU(set: number): number;
  /** Whether the velocity or dispersion of a set ended on a bound: σ = 0 is one, where u is negative. */
  atBound(set: number): boolean;
  profiles(window: number): readonly Profile[];
  /** Amplitudes, then coefficients of the polynomial in x = −1 … 1 over the window; how many of each. */
  solution(window: number): { readonly values: Float64Array; readonly amplitudes: number; readonly linear: number };
  /** Covariance of two linear parameters, of one window or of two. */
  linearCovariance(windowA: number, a: number, windowB: number, b: number): number;
  /** The same at fixed kinematics, in one window. */
  heldCovariance(window: number, a: number, b: number): number;
  /** After a fit and until another kernel runs: (data − model) over the error per pixel, and its square. */
  residuals(window: number): { readonly residual: Float64Array; readonly chi2: number };
  /** The same while: the lines' model over the error per pixel; how the window's linear
   * parameters follow a change of its data (over the error); and profile of the window's l-th Gaussian for unit amplitude (where it reaches), over the error. */
  lineModel(window: number): Float64Array;
  response(window: number, change: Float64Array): Float64Array;
  profile(window: number, l: number): { readonly values: Float64Array; readonly first: number; readonly last: number };
  /** Root of the weights, and how many are not 0, at the last load. */
  root(window: number): Float64Array;
  pixels(window: number): number;
}

/**
 * Makes the fit for windows whose `residual` and `weight` the caller refills before each `load`.
 * @param sets the most sets of kinematics of a model
 */
export function createTiedFit(kernel: LineKernel, data: readonly WindowData[], profile: ProfileKind, sets: number, bounds: KinematicBounds): TiedFit {
  const sampled = profile === 'sampled';
  const strides = kernel.blocks().map(({ stride }) => stride);
  const blocks: Block[] = data.map(({ design: { window: { from, to }, arm: { axis } } }, w) => {
    const n = to - from;
    const m = kernel.blocks()[w]!.right.length;
    const first = axis.edges[from]!;
    const width = axis.edges[to]! - first;
    const stride = strides[w]!;
    return {
      profiles: [], sets: [], place: [], amplitudes: 0, linear: 0, power: 0, pixels: 0, factor: new Float64Array(m * m), forward: new Float64Array(m),
      coupled: new Float64Array(2 * sets * m), swing: new Float64Array(2 * sets * m), values: new Float64Array(m), inverse: new Float64Array(m * m), gain: new Float64Array(2 * sets * m),
      edges: Float64Array.from({ length: stride + 4 }, (_, i) => (sampled ? axis.wavelength[from + Math.min(i, n - 1)]! : axis.edges[from + Math.min(i, n)]!)),
      inverseWidth: Float64Array.from({ length: n }, (_, i) => (sampled ? 1 : 1 / (axis.edges[from + i + 1]! - axis.edges[from + i]!))),
      x: Float64Array.from({ length: n }, (_, i) => (2 * (axis.wavelength[from + i]! - first)) / width - 1), root: new Float64Array(n),
    };
  });
  const [velocity, u, nextVelocity, nextU, lowest] = [0, 1, 2, 3, 4].map(() => new Float64Array(sets)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const [covariance, curvature, normal, bend] = [0, 1, 2, 3].map(() => new Float64Array(4 * sets * sets)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const [gradient, step, scratch, moved, last] = [0, 1, 2, 3, 4].map(() => new Float64Array(2 * sets)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const fitted = new Uint8Array(2 * sets);
  // Asked for at every load; nobody else moves the memory before the fit is read off.
  let views: readonly LineBlock[] = kernel.blocks();
  let count = 0;
  let held = true;
  let chi2 = 0;

  /** Lays out the fixed columns of a model in one window. */
  function lay(w: number, { profiles, amplitudes }: LineModel['windows'][number]): void {
    const block = blocks[w]!;
    const { active, degree } = data[w]!;
    block.profiles = active ? profiles : [];
    block.amplitudes = active ? amplitudes : 0;
    block.linear = block.amplitudes ? amplitudes + degree + 1 : 0;
    if (block.linear === 0) return;
    block.sets = [];
    block.place = block.profiles.map(({ set }) => {
      if (!block.sets.includes(set)) block.sets.push(set);
      return block.sets.indexOf(set);
    });
    const { stride, columns } = views[w]!;
    const { root, x } = block;
    for (let k = 0; k <= degree; k++) {
      const at = (amplitudes + k) * stride;
      if (k === 0) columns.set(root, at);
      else for (let i = 0; i < root.length; i++) columns[at + i] = columns[at - stride + i]! * x[i]!;
      columns.fill(0, at + root.length, at + stride);
    }
    block.power = kernel.fixed(w, block.amplitudes, block.linear);
  }

  /** Solves the linear parameters of a window at given kinematics; returns its χ², infinite when it is degenerate. */
  function solve(w: number, v: Float64Array, u: Float64Array): number {
    const { profiles, linear, amplitudes, factor, forward, power } = blocks[w]!;
    const { window: { from, to }, arm: { axis: { edges } } } = data[w]!.design;
    const { line, normal, right, solution } = views[w]!;
    for (let l = 0; l < profiles.length; l++) {
      const { line: its, set, share, column } = profiles[l]!;
      const { centre, sigma } = lineShape(its, v[set]!, u[set]!);
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

  function evaluate(v: Float64Array, u: Float64Array): number {
    let sum = 0;
    for (let w = 0; w < blocks.length; w++) if (blocks[w]!.linear > 0) sum += solve(w, v, u);
    return sum;
  }

  /** Gauss–Newton matrix and gradient of (v, u) of every set, the linear parameters projected out. */
  function differentiate(): void {
    const all = 2 * count;
    curvature.fill(0, 0, all * all);
    gradient.fill(0, 0, all);
    for (let w = 0; w < blocks.length; w++) {
      const { profiles, sets, place, linear, amplitudes, factor, forward, coupled } = blocks[w]!;
      if (linear === 0) continue;
      const { rate, solution, mixed } = views[w]!;
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
  }

  const lowOf = (parameter: number): number => (parameter & 1 ? lowest[parameter >> 1]! : bounds.velocity[0]);
  const highOf = (parameter: number): number => (parameter & 1 ? bounds.sigma[1] ** 2 : bounds.velocity[1]);
  const valueOf = (parameter: number): number => (parameter & 1 ? u : velocity)[parameter >> 1]!;

  /** Which parameters a step may move: not those without information, nor those on a bound that want to leave. */
  function chooseFitted(): void {
    for (let a = 0; a < 2 * count; a++) {
      const outward = (valueOf(a) <= lowOf(a) && gradient[a]! < 0) || (valueOf(a) >= highOf(a) && gradient[a]! > 0);
      fitted[a] = !outward && curvature[a * (2 * count) + a]! > 0 ? 1 : 0;
    }
  }

  /** The curvature of the fitted parameters, packed, with its diagonal enlarged; factored. Answers how many there are, −1 when degenerate. */
  function factorFitted(damping: number, learnt: boolean): number {
    const all = 2 * count;
    let m = 0;
    for (let a = 0; a < all; a++) if (fitted[a]) scratch[m++] = a;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j <= i; j++) {
        const at = scratch[i]! * all + scratch[j]!;
        normal[i * m + j] = curvature[at]! + (learnt ? bend[at]! : 0);
      }
      normal[i * m + i]! += damping * curvature[scratch[i]! * (all + 1)]!;
    }
    return factorCholesky(normal, m) ? m : -1;
  }

  /**
   * What Gauss–Newton leaves out, the residuals times the model's second derivatives, learnt from how the gradient changed over
   * the last step by symmetric rank-one updates (Dennis, Gay & Welsch 1981 in spirit): noisy lines converge in half the steps.
   */
  function learnBend(): void {
    const all = 2 * count;
    let along = 0;
    let length = 0;
    let size = 0;
    for (let a = 0; a < all; a++) {
      let z = last[a]! - gradient[a]!;
      for (let b = 0; b < all; b++) z -= (curvature[a * all + b]! + bend[a * all + b]!) * moved[b]!;
      step[a] = z;
      along += z * moved[a]!;
      const scale = curvature[a * all + a]!;
      length += scale > 0 ? (z * z) / scale : 0;
      size += scale * moved[a]! ** 2;
    }
    if (!(along * along > 1e-8 * length * size)) return;
    for (let a = 0; a < all; a++) for (let b = 0; b < all; b++) bend[a * all + b]! += (step[a]! * step[b]!) / along;
  }

  /** Damped Gauss–Newton steps with a learnt second-order term, and bounds by projection. */
  function minimise(): boolean {
    let damping = 1e-4;
    let before = 0;
    bend.fill(0);
    for (let turn = 0; turn < turns; turn++) {
      differentiate();
      if (turn > 0) learnBend();
      chooseFitted();
      for (;;) {
        const m = factorFitted(damping, true);
        let change = 0;
        if (m >= 0) {
          for (let i = 0; i < m; i++) step[i] = gradient[scratch[i]!]!;
          forwardAt(normal, step, 0, m);
          backwardAt(normal, step, 0, m);
          nextVelocity.set(velocity);
          nextU.set(u);
          for (let i = 0; i < m; i++) {
            const a = scratch[i]!;
            const value = Math.min(highOf(a), Math.max(lowOf(a), valueOf(a) + step[i]!));
            if (value - value !== 0) return false;
            (a & 1 ? nextU : nextVelocity)[a >> 1] = value;
            change += Math.abs(value - valueOf(a)) * Math.sqrt(curvature[a * 2 * count + a]!);
          }
          if (m === 0) return true;
          const next = evaluate(nextVelocity, nextU);
          if (next <= chi2) {
            for (let a = 0; a < 2 * count; a++) {
              moved[a] = (a & 1 ? nextU : nextVelocity)[a >> 1]! - valueOf(a);
              last[a] = gradient[a]!;
            }
            velocity.set(nextVelocity);
            u.set(nextU);
            chi2 = next;
            damping = Math.max(1e-12, damping / 10);
            // Steps shrink by a constant factor at least: the next one is known from the last two.
            if (change * Math.min(1, change / before) < smallStep) return true;
            before = change;
            break;
          }
        }
        // No improvement within rounding of χ²: this is the minimum.
        if ((m >= 0 && change < smallStep) || damping > 1e10) {
          evaluate(velocity, u);
          return change < 1e-2;
        }
        // The step failed: back to plain Gauss–Newton, ever shorter.
        bend.fill(0);
        damping *= 10;
      }
    }
    return false;
  }

  /** Covariance of the kinematics, and per window the inverse of the normal matrix and how the linear parameters follow the kinematics. */
  function findCovariances(free: boolean): void {
    const all = 2 * count;
    covariance.fill(0);
    differentiate();
    if (free) {
      for (let a = 0; a < all; a++) {
        fitted[a] = valueOf(a) > lowOf(a) && valueOf(a) < highOf(a) && curvature[a * all + a]! > 0 ? 1 : 0;
      }
      if (factorFitted(0, false) < 0) for (let a = 1; a < all; a += 2) fitted[a] = 0;
    } else {
      fitted.fill(0);
    }
    const m = free ? factorFitted(0, false) : 0;
    for (let j = 0; j < m; j++) {
      step.fill(0, 0, m);
      step[j] = 1;
      forwardAt(normal, step, 0, m);
      backwardAt(normal, step, 0, m);
      for (let i = 0; i < m; i++) covariance[scratch[i]! * all + scratch[j]!] = step[i]!;
    }
    for (let w = 0; w < blocks.length; w++) {
      const { sets, linear, factor, coupled, values, inverse, gain, swing } = blocks[w]!;
      if (linear === 0) continue;
      const { solution } = views[w]!;
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
  }

  return {
    velocity, u, covariance, fitted,
    get chi2() { return chi2; },
    get kinematicParameters() { return fitted.reduce((sum, one) => sum + one, 0); },
    get sets() { return count; },
    varianceOfVelocity: (set) => covariance[2 * set * (2 * count + 1)]!,
    varianceOfU: (set) => (held ? 0 : fitted[2 * set + 1] ? covariance[(2 * set + 1) * (2 * count + 1)]! : 1 / curvature[(2 * set + 1) * (2 * count + 1)]!),
    atBound(set) {
      const [low, high] = bounds.velocity;
      return u[set]! <= bounds.sigma[0] ** 2 || u[set]! >= bounds.sigma[1] ** 2 || velocity[set]! <= low || velocity[set]! >= high;
    },
    load() {
      views = kernel.blocks();
      for (let w = 0; w < blocks.length; w++) {
        const { root, edges, inverseWidth } = blocks[w]!;
        const { weight, residual } = data[w]!;
        const view = views[w]!;
        view.edges.set(edges);
        view.scale.fill(0, root.length);
        view.data.fill(0, root.length);
        let pixels = 0;
        for (let i = 0; i < root.length; i++) {
          const one = Math.sqrt(weight[i]!);
          root[i] = one;
          if (one > 0) pixels++;
          view.scale[i] = one * inverseWidth[i]!;
          view.data[i] = one === 0 ? 0 : one * residual[i]!;
        }
        blocks[w]!.pixels = pixels;
      }
    },
    fit(model, free) {
      count = model.sets.length;
      held = !free;
      model.sets.forEach((set, k) => {
        velocity[k] = set.velocity;
        u[k] = set.u;
        lowest[k] = bounds.sigma[0] > 0 ? bounds.sigma[0] ** 2 : -Infinity;
      });
      if (bounds.sigma[0] === 0) {
        for (const { profiles } of model.windows) for (const { line, set } of profiles) lowest[set] = Math.max(lowest[set]!, -narrowest * ((line.lsf * constants.c) / line.wavelength) ** 2);
      }
      fitted.fill(0);
      chi2 = 0;
      for (let w = 0; w < blocks.length; w++) {
        lay(w, model.windows[w]!);
        if (blocks[w]!.linear === 0) continue;
        const own = solve(w, velocity, u);
        // A degenerate window is left out; it does not spoil the others.
        if (own < Infinity) chi2 += own;
        else blocks[w]!.linear = 0;
      }
      const converged = !free || minimise();
      findCovariances(free);
      return converged;
    },
    profiles: (window) => (blocks[window]!.linear > 0 ? blocks[window]!.profiles : []),
    solution: (window) => blocks[window]!,
    linearCovariance(windowA, a, windowB, b) {
      const [one, two] = [blocks[windowA]!, blocks[windowB]!];
      let sum = windowA === windowB ? one.inverse[a * one.linear + b]! : 0;
      for (let i = 0; i < 2 * one.sets.length; i++) sum += one.gain[i * one.linear + a]! * two.swing[(2 * one.sets[i >> 1]! + (i & 1)) * two.linear + b]!;
      return sum;
    },
    heldCovariance: (window, a, b) => blocks[window]!.inverse[a * blocks[window]!.linear + b]!,
    residuals(window) {
      const { amplitudes, linear } = blocks[window]!;
      const { residual, solution } = views[window]!;
      for (let i = 0; i < linear; i++) solution[i] = blocks[window]!.values[i]!;
      return { residual, chi2: kernel.residual(window, amplitudes, linear) };
    },
    lineModel(window) {
      const { amplitudes, values } = blocks[window]!;
      const { stride, columns } = views[window]!;
      return Float64Array.from({ length: data[window]!.weight.length }, (_, i) => {
        let sum = 0;
        for (let j = 0; j < amplitudes; j++) sum += values[j]! * columns[j * stride + i]!;
        return sum;
      });
    },
    response(window, change) {
      const { sets, linear, inverse, gain } = blocks[window]!;
      const { stride, columns, kinematic } = views[window]!;
      const along = (rows: Float64Array, row: number): number => {
        let sum = 0;
        for (let i = 0; i < change.length; i++) sum += rows[row * stride + i]! * change[i]!;
        return sum;
      };
      const right = Array.from({ length: linear }, (_, j) => along(columns, j));
      const out = new Float64Array(linear);
      for (let j = 0; j < linear; j++) for (let k = 0; k < linear; k++) out[j]! += inverse[j * linear + k]! * right[k]!;
      const all = 2 * count;
      const rowOf = (i: number): number => 2 * sets[i >> 1]! + (i & 1);
      // Projected gradients of the window's kinematics, and how far they move.
      const slopes = Array.from({ length: 2 * sets.length }, (_, i) => right.reduce((sum, value, j) => sum - gain[i * linear + j]! * value, along(kinematic, i)));
      for (let i = 0; i < slopes.length; i++) {
        const shift = slopes.reduce((sum, slope, k) => sum + covariance[rowOf(i) * all + rowOf(k)]! * slope, 0);
        for (let j = 0; j < linear; j++) out[j]! -= gain[i * linear + j]! * shift;
      }
      return out;
    },
    profile(window, l) {
      const { stride, slopes, line } = views[window]!;
      return { values: slopes.subarray((3 * l + 2) * stride, (3 * l + 3) * stride), first: line[6 * l + 4]!, last: line[6 * l + 5]! };
    },
    root: (window) => blocks[window]!.root,
    pixels: (window) => blocks[window]!.pixels,
  };
}

/** Overwrites b[at … at + n − 1] by L⁻¹ b. */
function forwardAt(L: Float64Array, b: Float64Array, at: number, n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[at + i]!;
    for (let k = 0; k < i; k++) sum -= L[i * n + k]! * b[at + k]!;
    b[at + i] = sum / L[i * n + i]!;
  }
}

/** Overwrites b[at … at + n − 1] by L⁻ᵀ b. */
function backwardAt(L: Float64Array, b: Float64Array, at: number, n: number): void {
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[at + i]!;
    for (let k = i + 1; k < n; k++) sum -= L[k * n + i]! * b[at + k]!;
    b[at + i] = sum / L[i * n + i]!;
  }
}
