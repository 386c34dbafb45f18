import type { LineKernel } from '../kernels/index.js';
import { constants } from '../units/index.js';
import { createKinematicDescent, type KinematicBounds } from './kinematicDescent.js';
import type { LineModel, Profile } from './lineModel.js';
import type { ProfileKind } from './profile.js';
import type { WindowData } from './windowData.js';
import { createWindowSolver, differentiateWindow, invertWindow, layWindow, lineModelOf, loadWindow, residualsOf, responseOf, solveWindow } from './windowSolver.js';

/** Velocity and dispersion of a group of lines [km/s]. */
export interface Kinematics {
  readonly velocity: number;
  readonly sigma: number;
}

/**
 * Where the dispersion may be 0, its square may be negative, to this part of the instrument's: noise makes a line narrower
 * than the instrument as often as wider.
 */
const narrowest = 0.75;

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
   * parameters follow a change of its data (over the error); and profile of the window's l-th Gaussian for unit amplitude (where it reaches, from `at` on in `values`), over the error. */
  lineModel(window: number): Float64Array;
  response(window: number, change: Float64Array): Float64Array;
  profile(window: number, l: number): { readonly values: Float64Array; readonly at: number; readonly first: number; readonly last: number };
  /** Root of the weights, and how many are not 0, at the last load. */
  root(window: number): Float64Array;
  pixels(window: number): number;
}

/**
 * Makes the fit for windows whose `residual` and `weight` the caller refills before each `load`.
 * @param sets the most sets of kinematics of a model
 */
export function createTiedFit(kernel: LineKernel, data: readonly WindowData[], profile: ProfileKind, sets: number, bounds: KinematicBounds): TiedFit {
  const windows = data.map((one, w) => createWindowSolver(kernel, w, one, profile, sets));
  const descent = createKinematicDescent(sets, bounds, {
    evaluate(velocity, u) {
      let sum = 0;
      for (let w = 0; w < windows.length; w++) if (windows[w]!.linear > 0) sum += solveWindow(windows[w]!, velocity, u);
      return sum;
    },
    differentiate(velocity, u, curvature, gradient, all) {
      for (let w = 0; w < windows.length; w++) if (windows[w]!.linear > 0) differentiateWindow(windows[w]!, velocity, u, curvature, gradient, all);
    },
  });
  const { velocity, u, lowest, curvature, covariance, fitted } = descent;
  let held = true;

  return {
    velocity, u, covariance, fitted,
    get chi2() { return descent.chi2; },
    get kinematicParameters() { return fitted.reduce((sum, one) => sum + one, 0); },
    get sets() { return descent.count; },
    varianceOfVelocity: (set) => covariance[2 * set * (2 * descent.count + 1)]!,
    varianceOfU(set) {
      const at = (2 * set + 1) * (2 * descent.count + 1);
      if (held) return 0;
      return fitted[2 * set + 1] ? covariance[at]! : 1 / curvature[at]!;
    },
    atBound(set) {
      const [low, high] = bounds.velocity;
      return u[set]! <= bounds.sigma[0] ** 2 || u[set]! >= bounds.sigma[1] ** 2 || velocity[set]! <= low || velocity[set]! >= high;
    },
    load() {
      // Asked for at every load; nobody else moves the memory before the fit is read off.
      const views = kernel.blocks();
      for (let w = 0; w < windows.length; w++) loadWindow(windows[w]!, views[w]!);
    },
    fit(model, free) {
      descent.count = model.sets.length;
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
      descent.chi2 = 0;
      for (let w = 0; w < windows.length; w++) {
        const one = windows[w]!;
        layWindow(one, model.windows[w]!);
        if (one.linear === 0) continue;
        const own = solveWindow(one, velocity, u);
        // A degenerate window is left out; it does not spoil the others.
        if (own < Infinity) descent.chi2 += own;
        else one.linear = 0;
      }
      const converged = !free || descent.minimise();
      descent.findCovariance(free);
      for (let w = 0; w < windows.length; w++) if (windows[w]!.linear > 0) invertWindow(windows[w]!, covariance, 2 * descent.count);
      return converged;
    },
    profiles: (window) => (windows[window]!.linear > 0 ? windows[window]!.profiles : []),
    solution: (window) => windows[window]!,
    linearCovariance(windowA, a, windowB, b) {
      const [one, two] = [windows[windowA]!, windows[windowB]!];
      let sum = windowA === windowB ? one.inverse[a * one.linear + b]! : 0;
      for (let i = 0; i < 2 * one.sets.length; i++) sum += one.gain[i * one.linear + a]! * two.swing[(2 * one.sets[i >> 1]! + (i & 1)) * two.linear + b]!;
      return sum;
    },
    heldCovariance: (window, a, b) => windows[window]!.inverse[a * windows[window]!.linear + b]!,
    residuals: (window) => residualsOf(windows[window]!),
    lineModel: (window) => lineModelOf(windows[window]!),
    response: (window, change) => responseOf(windows[window]!, change, covariance, 2 * descent.count),
    profile(window, l) {
      const { stride, slopes, line } = windows[window]!.view;
      return { values: slopes, at: (3 * l + 2) * stride, first: line[6 * l + 4]!, last: line[6 * l + 5]! };
    },
    root: (window) => windows[window]!.root,
    pixels: (window) => windows[window]!.pixels,
  };
}
