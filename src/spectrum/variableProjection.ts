import type { SpectralExports } from '../kernels/index.js';
import { factorCholesky, invertSymmetric, substituteBackward, substituteForward } from '../numeric/index.js';
import { createTemplateBlend, movesGas, type BlendProblem, type LoadOptions, type Parameter } from './templateBlend.js';

/** The state of a fit: what `minimise` moves. */
export interface VariableProjection {
  /** Starts on a spectrum: data and root weights per pixel (0 where a pixel does not count), penalty on h3 and h4. */
  load(data: Float64Array, rootWeight: Float64Array, options: LoadOptions & { readonly penalty: number }): void;
  /** Weights for given parameters out of all templates; see `TemplateBlend`. */
  solveAll(theta: Float64Array, enough?: number): void;
  /** Takes pixels out of the present fit, which goes on from where it is. */
  leaveOut(list: readonly number[]): void;
  /** Residuals of the present fit over their errors; 0 where a pixel does not count. */
  readonly residual: Float64Array;
  /** The gas of the present fit over the errors of the data. */
  gasSignal(): Float64Array;
  /** The best of some velocities and dispersions of the stars about θ, with the blend of templates that `solveAll` left. */
  scan(theta: Float64Array, velocities: readonly number[], variances: readonly number[]): Float64Array;
  /**
   * To the nearest minimum, over parameters that are free and all templates.
   * @param tolerance it is reached when the next step would lower χ² by less than this times χ²/DOF: steps of √tolerance formal errors
   */
  minimise(theta: Float64Array, free: readonly boolean[], tolerance: number): { readonly theta: Float64Array; readonly converged: boolean };
  readonly chi2: number;
  /** Weights of all templates. */
  weights(): Float64Array;
  additive(): Float64Array;
  /** Covariance of amplitudes (additive, then those of the `active` templates) and parameters, row-major. */
  covariance(theta: Float64Array): Covariance;
  /** Model and the gas alone for every pixel, weighted or not, and with a covariance the 1σ of the model without the gas. `minimise` starts afresh afterwards. */
  models(theta: Float64Array, covariance: Covariance | null): { readonly model: Float64Array; readonly gas: Float64Array; readonly error: Float64Array };
}

export interface Covariance {
  readonly matrix: Float64Array;
  readonly size: number;
  readonly active: readonly number[];
}

const [mostSteps, mostRounds] = [40, 40];
/** The learnt curvature leaves at least this share of Gauss–Newton's in every direction. */
const leastCurvature = 0.1;
/** Templates are added to a step while they make it better by this share. */
const worthwhile = 0.01;


/** Normal matrix and right-hand side of the parameters once the amplitudes follow. */
interface Equations {
  readonly complement: Float64Array;
  readonly slopes: Float64Array;
}

/**
 * Non-linear least squares whose amplitudes are solved inside (variable projection: Golub & Pereyra 1973; derivative of Kaufman 1975), by damped
 * Gauss–Newton steps within bounds.
 */
export function createVariableProjection(kernels: SpectralExports, problem: BlendProblem): VariableProjection {
  const { grid, projection, parameters, components, multiplicative, regularisation } = problem;
  const blend = createTemplateBlend(kernels, problem);
  const { space, additives, rootWeight } = blend;
  const { gram, lead, right, solution, lower, upper } = space;
  const pixels = projection.first.length;
  const q = parameters.length;
  const isGas = (slot: number): boolean => components[grid.component[blend.working()[slot - additives]!]!]!.gas;
  const additiveSlots = Array.from({ length: additives }, (_, l) => l);
  let penalty = 0;

  const moments = parameters.flatMap(({ of }, k) => (of === 'h3' || of === 'h4' ? [k] : []));
  const momentSize = (theta: Float64Array): number => Math.sqrt(moments.reduce((sum, k) => sum + theta[k]! ** 2, 0));
  /** Mean and standard deviation of the weighted residuals, and their number. */
  function spread(): { mean: number; deviation: number; count: number } {
    let [sum, count] = [0, 0];
    for (let p = 0; p < pixels; p++) {
      if (rootWeight[p] === 0) continue;
      sum += space.residual[p]!;
      count++;
    }
    return { mean: sum / count, deviation: Math.sqrt(Math.max(0, blend.chi2() / count - (sum / count) ** 2)), count };
  }
  /** What is minimised: Σ (r + λ std(r) √(h3² + h4²))² (Cappellari & Emsellem 2004). */
  function objective(theta: Float64Array): number {
    if (penalty === 0 || moments.length === 0) return blend.chi2();
    const { mean, deviation, count } = spread();
    const shift = penalty * deviation * momentSize(theta);
    return blend.chi2() + count * shift * (2 * mean + shift);
  }

  /** What the penalty adds to the diagonal of h3 and h4. */
  function stiffness(): number {
    const { deviation, count } = spread();
    return count * (penalty * deviation) ** 2;
  }

  /** What Gauss–Newton leaves out of the curvature by the parameters, as learnt on the way. */
  const bend = new Float64Array(q * q);

  /** Normal matrix of amplitudes that are not at a bound, then of all parameters; right-hand side of the parameters. */
  function normal(theta: Float64Array): { matrix: Float64Array; n: number; linear: number; slopes: Float64Array } {
    const base = blend.width();
    const slots = [...additiveSlots, ...blend.activeSlots(), ...parameters.map((_, k) => base + k)];
    const n = slots.length;
    const matrix = new Float64Array(n * n);
    slots.forEach((a, i) => { for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = gram[a * lead + slots[j]!]!; });
    const slopes = blend.residualSlopes();
    if (penalty > 0 && moments.length > 0) {
      const { mean, deviation, count } = spread();
      const size = momentSize(theta);
      const pull = penalty * deviation * count * ((size > 0 ? mean / size : 0) + penalty * deviation);
      for (const k of moments) {
        slopes[k]! -= pull * theta[k]!;
        matrix[(n - q + k) * n + n - q + k]! += stiffness();
      }
    }
    return { matrix, n, linear: n - q, slopes };
  }

  /** Factors the amplitudes' block, made solvable when templates are too much alike. */
  function factorAmplitudes(matrix: Float64Array, n: number, linear: number): Float64Array {
    const block = new Float64Array(linear * linear);
    const tryFactor = (ridge: number): boolean => {
      for (let i = 0; i < linear; i++) for (let j = 0; j <= i; j++) block[i * linear + j] = matrix[i * n + j]! * (i === j ? 1 + ridge : 1);
      return factorCholesky(block, linear);
    };
    for (let ridge = 0; !tryFactor(ridge); ridge = Math.max(1e-12, ridge * 100)) if (ridge > 1) break;
    return block;
  }

  /** Normal matrix and right-hand side of the parameters once the amplitudes follow (Schur complement). */
  function system(theta: Float64Array): Equations {
    const extra = regularisation ? pulledSlopes() : null;
    blend.fillSlopes();
    const { matrix, n, linear, slopes } = normal(theta);
    const block = factorAmplitudes(matrix, n, linear);
    const complement = new Float64Array(q * q);
    const reduced = parameters.map((_, k) => {
      const row = Float64Array.from({ length: linear }, (_, i) => matrix[(linear + k) * n + i]!);
      substituteForward(block, row, linear);
      return row;
    });
    for (let k = 0; k < q; k++) {
      for (let l = 0; l <= k; l++) {
        let value = matrix[(linear + k) * n + linear + l]!;
        for (let i = 0; i < linear; i++) value -= reduced[k]![i]! * reduced[l]![i]!;
        complement[k * q + l] = complement[l * q + k] = value;
      }
    }
    if (!extra) return { complement, slopes };
    // The amplitudes follow the parameters by −B; what the regularisation holds back of that is taken off.
    const follow = reduced.map((row) => {
      substituteBackward(block, row, linear);
      return row.subarray(additives);
    });
    const times = follow.map((b) => extra.stiff.map((row) => row.reduce((sum, value, j) => sum + value * b[j]!, 0)));
    for (let k = 0; k < q; k++) {
      slopes[k]! += extra.slopes[k]! - follow[k]!.reduce((sum, value, i) => sum + value * extra.pull[i]!, 0);
      for (let l = 0; l < q; l++) complement[k * q + l]! -= follow[k]!.reduce((sum, value, i) => sum + value * times[l]![i]!, 0);
    }
    return { complement, slopes };
  }

  /**
   * Regularised weights are not those of least χ², so that χ² also changes to first order as they follow the parameters, which go to the minimum
   * of χ² alone (smoothing the weights shall not pull the kinematics): RᵀR of the active templates, its pull R w on them, and the slopes of the
   * blend (AᵀA + RᵀR)⁻¹ R w.
   */
  function pulledSlopes(): { stiff: number[][]; pull: number[]; slopes: Float64Array } {
    const active = blend.activeSlots();
    const working = blend.working();
    const stiff = active.map((a) => active.map((b) => blend.stiffness(working[a - additives]!, working[b - additives]!)));
    const pull = stiff.map((row) => row.reduce((sum, value, j) => sum + value * solution[active[j]!]!, 0));
    const slots = [...additiveSlots, ...active];
    const n = slots.length;
    const matrix = Float64Array.from({ length: n * n }, (_, ij) => gram[slots[Math.floor(ij / n)]! * lead + slots[ij % n]!]!);
    const block = factorAmplitudes(matrix, n, n);
    const mixture = Float64Array.from({ length: n }, (_, i) => (i < additives ? 0 : pull[i - additives]!));
    substituteForward(block, mixture, n);
    substituteBackward(block, mixture, n);
    const weights = new Float64Array(blend.width());
    slots.forEach((slot, i) => { weights[slot] = mixture[i]!; });
    blend.fillSlopes(weights);
    return { stiff, pull, slopes: blend.residualSlopes() };
  }

  /** The damped step within the bounds; parameters that lean against a bound stay there. */
  function step(complement: Float64Array, slopes: Float64Array, theta: Float64Array, free: readonly boolean[], damping: number): Float64Array {
    const moving = parameters.flatMap(({ lower: low, upper: high }, k) => (free[k] && !(theta[k]! <= low && slopes[k]! <= 0) && !(theta[k]! >= high && slopes[k]! >= 0) && complement[k * q + k]! > 0 ? [k] : []));
    const delta = new Float64Array(q);
    const n = moving.length;
    const block = Float64Array.from({ length: n * n }, (_, ij) => {
      const at = moving[Math.floor(ij / n)]! * q + moving[ij % n]!;
      return complement[at]! * (ij % (n + 1) === 0 ? 1 + damping : 1) + bend[at]!;
    });
    const values = Float64Array.from(moving, (k) => slopes[k]!);
    if (n === 0 || !factorCholesky(block, n)) return delta;
    substituteForward(block, values, n);
    substituteBackward(block, values, n);
    moving.forEach((k, i) => { delta[k] = Math.min(parameters[k]!.upper, Math.max(parameters[k]!.lower, theta[k]! + values[i]!)) - theta[k]!; });
    return delta;
  }

  interface Steps {
    /** A step of the parameters for some damping, and by how much it should lower what is minimised. */
    propose(damping: number): { readonly delta: Float64Array; readonly predicted: number };
    /** Takes back what the proposal did to the weights and their matrix. */
    restore(): void;
    /** Makes the templates of the proposal the working ones. */
    take(): void;
  }

  /**
   * Steps within bounds for amplitudes and parameters together: bounded least squares on the normal matrix, so that no weight goes below 0 on the way.
   * Templates that would lower χ² when parameters and other weights follow join in (column generation).
   */
  function jointSteps(theta: Float64Array, free: readonly boolean[], { complement, slopes }: Equations, least: number): Steps {
    const base = blend.width();
    const n = base + q;
    const working = blend.working();
    const matrix = Float64Array.from({ length: n * n }, (_, ij) => gram[Math.floor(ij / n) * lead + (ij % n)]!);
    const rightSide = right.slice(0, n);
    const here = solution.slice(0, n).fill(0, base);
    const plain = blend.residualSlopes();
    for (let k = 0; k < q; k++) rightSide[base + k]! += slopes[k]! - plain[k]!;
    for (const k of moments) matrix[(base + k) * (n + 1)]! += stiffness();
    for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) matrix[(base + k) * n + base + l]! += bend[k * q + l]!;
    /** xᵀGx − 2xᵀr over the first slots. */
    const quadratic = (count: number): number => {
      let value = 0;
      for (let i = 0; i < count; i++) {
        if (solution[i] === 0) continue;
        let sum = -2 * right[i]!;
        for (let j = 0; j < count; j++) sum += gram[i * lead + j]! * solution[j]!;
        value += solution[i]! * sum;
      }
      return value;
    };
    const restore = (): void => {
      for (let i = 0; i < n; i++) gram.set(matrix.subarray(i * n, (i + 1) * n), i * lead);
      right.set(rightSide);
      solution.set(here);
    };
    let joined: number[] = [];
    const propose: Steps['propose'] = (damping) => {
      restore();
      joined = [];
      const level = quadratic(n);
      lower.fill(0, additives, base);
      upper.fill(Infinity, additives, base);
      for (let k = 0; k < q; k++) {
        const slot = base + k;
        gram[slot * lead + slot]! += damping * complement[k * q + k]!;
        lower[slot] = free[k] ? parameters[k]!.lower - theta[k]! : 0;
        upper[slot] = free[k] ? parameters[k]!.upper - theta[k]! : 0;
      }
      space.solve(n, true);
      let value = quadratic(n);
      for (let round = 0; round < mostRounds; round++) {
        const count = n + joined.length;
        space.subtract(count);
        const missing = blend.violators(joined);
        if (missing.length === 0) break;
        blend.fillBeside(count, missing);
        joined.push(...missing);
        lower.fill(0, count, n + joined.length);
        upper.fill(Infinity, count, n + joined.length);
        solution.fill(0, count, n + joined.length);
        space.solve(n + joined.length, true);
        const last = value;
        value = quadratic(n + joined.length);
        if (!(last - value > Math.max(least, worthwhile * (level - value)))) break;
      }
      const delta = solution.slice(base, n);
      return { delta, predicted: level - value + delta.reduce((sum, moved, k) => sum + damping * complement[k * q + k]! * moved * moved, 0) };
    };
    return {
      propose,
      restore() {
        restore();
        space.subtract(base);
      },
      take() {
        const all = [...working.map((t, j) => ({ t, weight: solution[additives + j]! })), ...joined.map((t, j) => ({ t, weight: solution[n + j]! }))].filter(({ weight }) => weight > 0);
        blend.employ(all.map(({ t }) => t), all.map(({ weight }) => weight));
      },
    };
  }

  /** Steps that the amplitudes follow freely, for regularised weights, which mostly stay clear of 0. */
  function freeSteps(theta: Float64Array, free: readonly boolean[], { complement, slopes }: Equations): Steps {
    const propose: Steps['propose'] = (damping) => {
      const delta = step(complement, slopes, theta, free, damping);
      let predicted = 0;
      for (let k = 0; k < q; k++) {
        predicted += 2 * delta[k]! * slopes[k]!;
        for (let l = 0; l < q; l++) predicted -= delta[k]! * (complement[k * q + l]! + bend[k * q + l]!) * delta[l]!;
      }
      return { delta, predicted };
    };
    return { propose, restore: () => undefined, take: () => undefined };
  }

  function evaluate(theta: Float64Array): number {
    blend.solve(theta);
    return objective(theta);
  }

  /**
   * Residuals times the model's second derivatives, from how the slopes changed over a step, by symmetric rank-one updates (Dennis, Gay & Welsch 1981 in
   * spirit): where the model is not quite right, Gauss–Newton alone goes to the minimum by steps that each leave half the way.
   */
  function learnBend({ complement, slopes }: Equations, before: Float64Array, delta: Float64Array): void {
    const missing = slopes.map((slope, k) => delta.reduce((sum, moved, l) => sum - (complement[k * q + l]! + bend[k * q + l]!) * moved, before[k]! - slope));
    const along = missing.reduce((sum, z, k) => sum + z * delta[k]!, 0);
    let [length, size] = [0, 0];
    for (let k = 0; k < q; k++) {
      const own = complement[k * (q + 1)]!;
      if (!(own > 0)) continue;
      length += missing[k]! ** 2 / own;
      size += own * delta[k]! ** 2;
    }
    if (!(along * along > 1e-8 * length * size)) return;
    for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) bend[k * q + l]! += (missing[k]! * missing[l]!) / along;
    if (!factorCholesky(complement.map((value, kl) => (1 - leastCurvature) * value + bend[kl]!), q)) bend.fill(0);
  }

  function descend(start: Float64Array, free: readonly boolean[], degrees: number, tolerance: number): { theta: Float64Array; converged: boolean } {
    let theta = start;
    let best = objective(theta);
    let damping = 1e-4;
    bend.fill(0);
    let last: { slopes: Float64Array; delta: Float64Array } | null = null;
    const stepsOf = regularisation ? freeSteps : jointSteps;
    for (let count = 0; count < mostSteps; count++) {
      blend.dropIdle();
      let equations = system(theta);
      if (last) learnBend(equations, last.slopes, last.delta);
      last = null;
      const least = (tolerance * best) / degrees;
      const [templates, weights] = [blend.working(), solution.slice(additives, blend.width())];
      let steps = stepsOf(theta, free, equations, least);
      for (; damping < 1e8; damping *= 10) {
        const { delta, predicted } = steps.propose(damping);
        if (!(predicted > least)) {
          steps.restore();
          return { theta, converged: predicted - predicted === 0 };
        }
        const trial = theta.map((value, k) => value + delta[k]!);
        steps.take();
        let value = evaluate(trial);
        // The templates in use may be the wrong ones there.
        if (!(value < best) && blend.complete(true) > 0) value = objective(trial);
        if (value < best) {
          if (best - value > 0.75 * predicted) damping = Math.max(damping / 10, 1e-9);
          last = { slopes: equations.slopes, delta };
          [theta, best] = [trial, value];
          break;
        }
        bend.fill(0);
        blend.employ(templates, weights);
        evaluate(theta);
        equations = system(theta);
        steps = stepsOf(theta, free, equations, least);
      }
      if (!last) return { theta, converged: true };
    }
    return { theta, converged: false };
  }

  return {
    get chi2() { return blend.chi2(); },
    residual: space.residual,
    gasSignal() {
      const gas = new Float64Array(pixels);
      for (const slot of blend.activeSlots()) {
        if (!isGas(slot)) continue;
        const [weight, column] = [solution[slot]!, space.column(slot)];
        for (let p = 0; p < pixels; p++) gas[p]! += weight * column[p]!;
      }
      return gas;
    },
    solveAll: blend.solveAll,
    leaveOut: blend.leaveOut,
    load(data, root, options) {
      penalty = options.penalty;
      blend.load(data, root, options);
    },
    scan(theta, velocities, variances) {
      blend.fillSlopes();
      const base = blend.width();
      const slots = [...additiveSlots, ...blend.activeSlots().filter(isGas), ...Array.from({ length: multiplicative + 1 }, (_, m) => base + m)];
      const n = slots.length;
      const ofStars = ({ of, index }: Parameter): boolean => (of === 'velocity' || of === 'variance') && !components[index]!.gas;
      let best = { chi2: Infinity, theta };
      const attempt = (trial: Float64Array): void => {
        blend.prepare(trial, rootWeight);
        blend.fillBlendTimesPolynomials();
        const matrix = new Float64Array(n * n);
        slots.forEach((a, i) => { for (let j = 0; j <= i; j++) matrix[i * n + j] = gram[a * lead + slots[j]!]!; });
        const amplitudes = Float64Array.from(slots, (slot) => right[slot]!);
        if (!factorCholesky(matrix, n)) return;
        substituteForward(matrix, amplitudes, n);
        const left = blend.dataNorm() ** 2 - amplitudes.reduce((sum, value) => sum + value * value, 0);
        if (!(left < best.chi2)) return;
        substituteBackward(matrix, amplitudes, n);
        const level = amplitudes[n - multiplicative - 1]!;
        if (!(level > 0)) return;
        best = { chi2: left, theta: trial.map((value, k) => (parameters[k]!.of === 'polynomial' ? amplitudes[n - multiplicative - 1 + parameters[k]!.index]! / level : value)) };
      };
      for (const shift of velocities) attempt(theta.map((value, k) => (parameters[k]!.of === 'velocity' && ofStars(parameters[k]!) ? value + shift : value)));
      const middle = best.theta;
      for (const variance of variances) attempt(middle.map((value, k) => (parameters[k]!.of === 'variance' && ofStars(parameters[k]!) ? variance : value)));
      return best.theta.map((value, k) => Math.min(parameters[k]!.upper, Math.max(parameters[k]!.lower, value)));
    },
    minimise(start, free, tolerance) {
      let found = { theta: start, converged: true };
      const used = rootWeight.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
      const degrees = Math.max(1, used - q - additives);
      evaluate(start);
      for (let round = 0; round < mostRounds; round++) {
        found = descend(found.theta, free, degrees, tolerance);
        // What new templates give by themselves tells little: together with the polynomials it may be hundreds of times as much.
        if (!regularisation || !(blend.complete() > 1e-7 * blend.chi2()) || q === 0) break;
      }
      return found;
    },
    weights() {
      const all = new Float64Array(grid.spectra.length);
      blend.working().forEach((t, j) => { all[t] = solution[additives + j]!; });
      return all;
    },
    additive: () => solution.slice(0, additives),
    covariance(theta) {
      blend.solve(theta);
      blend.dropIdle();
      blend.fillSlopes();
      const { matrix, n } = normal(theta);
      // Unit diagonal: velocities, polynomials and weights have units of their own.
      const size = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(matrix[i * n + i]! || 1));
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j]! *= size[i]! * size[j]!;
      for (let i = 0; i < n; i++) if (!(matrix[i * n + i]! > 0)) matrix[i * n + i] = 1;
      let inverse = invertSymmetric(matrix, n);
      for (let ridge = 1e-12; !inverse && ridge < 1; ridge *= 100) inverse = invertSymmetric(matrix.map((value, ij) => (ij % (n + 1) === 0 ? value + ridge : value)), n);
      inverse ??= new Float64Array(n * n).fill(Number.NaN);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) inverse[i * n + j]! *= size[i]! * size[j]!;
      return { matrix: inverse, size: n, active: blend.activeSlots().map((slot) => blend.working()[slot - additives]!) };
    },
    models(theta, covariance) {
      blend.prepare(theta, Float64Array.from(rootWeight, (_, p) => (p < pixels ? 1 : 0)));
      blend.refill();
      if (covariance) blend.fillSlopes();
      const [model, gas, error] = [new Float64Array(pixels), new Float64Array(pixels), new Float64Array(pixels)];
      const slots = [...additiveSlots, ...blend.activeSlots()];
      const rows = slots.map((slot) => blend.amplitudeColumn(slot));
      rows.forEach((column, i) => {
        const [amplitude, ofGas] = [solution[slots[i]!]!, i >= additives && isGas(slots[i]!)];
        for (let p = 0; p < pixels; p++) {
          model[p]! += amplitude * column[p]!;
          if (ofGas) gas[p]! += amplitude * column[p]!;
        }
      });
      if (covariance) {
        for (let k = 0; k < q; k++) rows.push(space.column(blend.width() + k));
        const { matrix, size } = covariance;
        const own = Array.from({ length: size }, (_, i) => i).filter((i) => (i < slots.length ? i < additives || !isGas(slots[i]!) : !movesGas(parameters[i - slots.length]!, (c) => components[c]!.gas)));
        for (let p = 0; p < pixels; p++) {
          let variance = 0;
          for (let a = 0; a < own.length; a++) {
            const i = own[a]!;
            let sum = 0.5 * matrix[i * size + i]! * rows[i]![p]!;
            for (let b = 0; b < a; b++) sum += matrix[i * size + own[b]!]! * rows[own[b]!]![p]!;
            variance += 2 * sum * rows[i]![p]!;
          }
          error[p] = Math.sqrt(Math.max(0, variance));
        }
      }
      return { model, gas, error };
    },
  };
}
