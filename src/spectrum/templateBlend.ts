import type { SpectralExports } from '../kernels/index.js';
import { legendreBasis } from '../numeric/index.js';
import { createBlendSlopes, kinds, multiply, type BlendSlopes } from './blendSlopes.js';
import { createSpectralWorkspace, type SpectralWorkspace } from './spectralWorkspace.js';
import { placeOf, type BlendProblem, type Parameter } from './blendProblem.js';

/** What a spectrum brings along. */
export interface LoadOptions {
  /** Factor of RᵀR. */
  readonly regularisation: number;
  /** Coordinate of the polynomials, −1 … 1, per pixel. */
  readonly coordinate: Float64Array;
  /** Whether the templates of the last spectrum are a start. */
  readonly warm: boolean;
}

/**
 * The linear part of a full-spectrum fit: amplitudes of additive polynomials and of the templates that matter, for given parameters. The first `additives` slots
 * of the workspace hold the polynomials, the next ones the working templates, the ones after that derivatives.
 */
export interface TemplateBlend extends BlendSlopes {
  readonly space: SpectralWorkspace;
  readonly additives: number;
  /** Templates that have a column, in the order of their slots. */
  working(): readonly number[];
  /** Slots in use, which derivatives come after. */
  width(): number;
  /** Slots of templates with weight. */
  activeSlots(): number[];
  /** Whether the template of a slot is one of the gas. */
  isGas(slot: number): boolean;
  chi2(): number;
  dataNorm(): number;
  readonly rootWeight: Float64Array;
  /** RᵀR of two templates as it enters the normal matrix. */
  stiffness(t: number, other: number): number;
  load(data: Float64Array, rootWeight: Float64Array, options: LoadOptions): void;
  /** Velocity distributions and factors of the pixels at θ; `root` is what the pixels are weighted by. */
  prepare(theta: Float64Array, root: Float64Array): void;
  /** Weights of the working templates at θ; their columns and products are made unless they are those of θ already. */
  solve(theta: Float64Array): void;
  /**
   * Weights for given parameters out of all templates.
   * @param enough no more are looked for when the last ones lowered χ² by less than this share. Default 1e-9
   */
  solveAll(theta: Float64Array, enough?: number): void;
  /** Takes pixels out of the present fit. */
  leaveOut(list: readonly number[]): void;
  /** Templates that would lower χ² at the present residual, steepest first, the steepest few; besides the working ones and those listed. */
  violators(besides?: readonly number[]): readonly number[];
  /** Columns and products of templates that do not work, from a slot on. */
  fillBeside(slot: number, list: readonly number[]): void;
  /** Makes templates the working ones, with weights as a start. */
  employ(list: readonly number[], weights: ArrayLike<number>): void;
  /**
   * Adds templates at the present parameters until none is missing. Answers by how much that changed χ².
   * @param keep whether those that have no weight any more stay among the working ones. Default false
   * @param enough as for `solveAll`
   */
  complete(keep?: boolean, enough?: number): number;
  dropIdle(): void;
  /** After `prepare` and new columns: column j of the amplitudes per pixel. */
  amplitudeColumn(slot: number): Float64Array;
  refill(): void;
}

/** Columns that a round of template selection adds at most. */
const batch = 4;
/** Templates that a cold start begins with. */
const first = 10;
/** A template whose gradient is below this share of |column||data| cannot lower χ² measurably. */
const smallestGradient = 1e-10;
const mostRounds = 40;

/** Makes the linear part. Only templates that can lower χ² become columns (column generation on the Karush–Kuhn–Tucker conditions). */
export function createTemplateBlend(kernels: SpectralExports, problem: BlendProblem): TemplateBlend {
  const { grid, projection, parameters, components, multiplicative, reddening, gasReddening, regularisation } = problem;
  const pixels = projection.first.length;
  const templates = grid.spectra.length;
  const additives = problem.additive + 1;
  const q = parameters.length;
  const degrees = Math.max(problem.additive, multiplicative, 0) + 1;
  const space = createSpectralWorkspace(kernels, grid, projection, additives + templates + Math.max(q, multiplicative + 1), Object.keys(kinds).length, degrees);
  const { stride, gram, lead, solution, lower, upper } = space;
  const polynomials = Array.from({ length: degrees }, (_, m) => space.polynomial(m));
  /** What the polynomials were made for. */
  let coordinate: Float64Array | null = null;
  const kindOf = (component: number): number => (components[component]!.gas ? kinds.gas : kinds.stars);
  const rootWeight = new Float64Array(stride);
  const gradient = new Float64Array(templates);
  let working: readonly number[] = [];
  /** Parameters that the working templates' columns and products are of. */
  let filledFor: Float64Array | null = null;
  let [chi2, dataNorm, weightNorm, regularisationScale] = [0, 0, 0, 0];
  const width = (): number => additives + working.length;
  const stiffness = (t: number, other: number): number => (regularisation ? regularisation[t * templates + other]! * regularisationScale : 0);

  const valueOf = (theta: Float64Array, of: Parameter['of'], index: number, otherwise: number): number => {
    const k = placeOf(parameters, of, index);
    return k < 0 ? otherwise : theta[k]!;
  };

  /** Velocity distributions and factors of the pixels at θ; `root` is the pixels' root weight, or 1 for the bare model. */
  function prepare(theta: Float64Array, root: Float64Array): void {
    filledFor = null;
    components.forEach(({ velocity, variance, resolution }, c) => {
      const own = valueOf(theta, 'variance', c, variance);
      space.setLosvd(c, { velocity: valueOf(theta, 'velocity', c, velocity), variance: own + resolution, sigma: Math.sqrt(own), h3: valueOf(theta, 'h3', c, 0), h4: valueOf(theta, 'h4', c, 0) });
    });
    const [star, gas, bare] = [kinds.stars, kinds.gas, kinds.bare].map((kind) => space.scale(kind)) as [Float64Array, Float64Array, Float64Array];
    gas.set(root);
    bare.set(root);
    parameters.forEach(({ of }, k) => {
      if (of === 'reddening') for (let p = 0; p < pixels; p++) bare[p]! *= 10 ** (-0.4 * theta[k]! * reddening![p]!);
      if (of === 'gasReddening') for (let p = 0; p < pixels; p++) gas[p]! *= 10 ** (-0.4 * theta[k]! * gasReddening![p]!);
    });
    if (multiplicative === 0) {
      star.set(bare);
      return;
    }
    space.sumPolynomials(Array.from({ length: multiplicative + 1 }, (_, m) => valueOf(theta, 'polynomial', m, m === 0 ? 1 : 0)));
    multiply(bare, space.blend, star);
  }

  /** Columns and products of the working templates from number `from` on. */
  function fill(from: number): void {
    for (let j = from; j < working.length; j++) space.fill(additives + j, working[j]!, kindOf(grid.component[working[j]!]!));
    multiplyColumns(from);
  }

  function multiplyColumns(from: number): void {
    space.products(additives + from, width());
    if (!regularisation) return;
    for (let j = from; j < working.length; j++) {
      for (let i = 0; i <= j; i++) {
        const term = stiffness(working[j]!, working[i]!);
        const [a, b] = [additives + i, additives + j];
        gram[a * lead + b]! += term;
        if (a !== b) gram[b * lead + a]! += term;
      }
    }
  }

  function add(list: readonly number[]): void {
    const from = working.length;
    working = [...working, ...list];
    solution.fill(0, additives + from, width());
    fill(from);
  }

  function solve(warm: boolean): void {
    // Steps for all parameters together have left the bounds of their own there.
    lower.fill(0, additives, width());
    upper.fill(Infinity, additives, width());
    space.solve(width(), warm);
    chi2 = space.subtract(width());
  }

  const activeSlots = (): number[] => working.flatMap((_, j) => (solution[additives + j]! > 0 ? [additives + j] : []));

  /** Keeps only templates with weight; all of them when regularised, which come and go with every step. */
  function dropIdle(): void {
    const kept = activeSlots();
    if (regularisation || kept.length === working.length) return;
    working = kept.map((slot) => working[slot - additives]!);
    space.keep([...Array.from({ length: additives }, (_, l) => l), ...kept]);
  }

  /** Templates that would lower χ², steepest first. */
  function violators(besides: readonly number[] = []): number[] {
    const found: { t: number; slope: number }[] = [];
    const least = smallestGradient * dataNorm * weightNorm;
    components.forEach((_, c) => {
      space.gradients(c, kindOf(c), gradient);
      for (let t = 0; t < templates; t++) {
        if (grid.component[t] !== c) continue;
        let slope = gradient[t]!;
        if (regularisation) working.forEach((other, j) => { slope -= stiffness(t, other) * solution[additives + j]!; });
        if (slope > least && !working.includes(t) && !besides.includes(t)) found.push({ t, slope });
      }
    });
    return found.sort((a, b) => b.slope - a.slope).slice(0, batch).map(({ t }) => t);
  }

  /** Adds templates at the present parameters until none is missing. Answers by how much that changed χ². */
  function complete(keep = false, enough = 1e-9): number {
    const before = chi2;
    for (let round = 0; round < mostRounds; round++) {
      const missing = violators();
      if (missing.length === 0) break;
      const last = chi2;
      add(missing);
      solve(true);
      if (!keep) dropIdle();
      // Regularised weights need not lower χ² when one is added.
      if (!regularisation && last - chi2 < enough * chi2) break;
    }
    return Math.abs(before - chi2);
  }

  function measureNorms(): void {
    [dataNorm, weightNorm] = [space.data, rootWeight].map((values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))) as [number, number];
  }

  function startColumns(): void {
    for (let l = 0; l < additives; l++) {
      const column = space.column(l);
      multiply(rootWeight, polynomials[l]!, column);
      [lower[l], upper[l], solution[l]] = [-Infinity, Infinity, 0];
    }
    if (additives > 0) space.products(0, additives);
  }

  function solveAll(theta: Float64Array, enough?: number): void {
    prepare(theta, rootWeight);
    if (working.length === 0) {
      // Templates from all over the library, so that the first gradients tell them apart.
      const step = Math.max(1, Math.floor(templates / first));
      add(Array.from({ length: templates }, (_, t) => t).filter((t) => t % step === 0));
    } else {
      fill(0);
    }
    solve(false);
    dropIdle();
    complete(false, enough);
    filledFor = theta;
  }

  const slopes = createBlendSlopes(problem, { space, additives, kindOf, working: () => working });

  return {
    ...slopes, space, additives, rootWeight, width, activeSlots, stiffness, prepare, solveAll, complete, dropIdle,
    isGas: (slot) => components[grid.component[working[slot - additives]!]!]!.gas,
    working: () => working, chi2: () => chi2, dataNorm: () => dataNorm,
    load(data, root, options) {
      rootWeight.fill(0);
      rootWeight.set(root);
      regularisationScale = options.regularisation;
      if (options.coordinate !== coordinate) legendreBasis(options.coordinate, degrees - 1).forEach((values, m) => { polynomials[m]!.set(values); });
      coordinate = options.coordinate;
      multiply(data, rootWeight.subarray(0, pixels), space.data);
      measureNorms();
      filledFor = null;
      if (!options.warm) working = [];
      startColumns();
    },
    solve(theta) {
      if (theta !== filledFor) {
        prepare(theta, rootWeight);
        fill(0);
        filledFor = theta;
      }
      solve(true);
    },
    leaveOut(list) {
      const all = [rootWeight, space.data, ...Object.values(kinds).map((kind) => space.scale(kind)), ...Array.from({ length: width() }, (_, slot) => space.column(slot))];
      for (const values of all) for (const p of list) values[p] = 0;
      measureNorms();
      if (additives > 0) space.products(0, additives);
      multiplyColumns(0);
    },
    violators,
    fillBeside(slot, list) {
      list.forEach((t, i) => space.fill(slot + i, t, kindOf(grid.component[t]!)));
      space.products(slot, slot + list.length);
    },
    employ(list, weights) {
      working = list;
      solution.set(weights, additives);
      filledFor = null;
    },
    refill: () => fill(0),
    amplitudeColumn: (slot) => (slot < additives ? polynomials[slot]! : space.column(slot)),
  };
}
