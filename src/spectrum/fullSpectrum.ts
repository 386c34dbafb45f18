import { createKernels, type SpectralExports } from '../kernels/index.js';
import { maskBits } from '../linemaps/index.js';
import type { Random } from '../numeric/index.js';
import type { Covariance } from './fittedModel.js';
import { isGood, medianInPlace } from './spectrum.js';
import type { Projection, TemplateGrid } from './templateGrid.js';
import { movesGas, placeOf, type Parameter } from './blendProblem.js';
import { kinematicsOf, type ComponentKinematics } from './componentKinematics.js';
import { createVariableProjection } from './variableProjection.js';

/** Templates that move together. Velocities are c Δln λ [km/s]. */
export interface KinematicComponent {
  /** Gas is not touched by the multiplicative polynomial and the stars' reddening. */
  readonly kind: 'stars' | 'gas';
  /** 2: velocity and dispersion; 4: h3 and h4 too. Default 2. */
  readonly moments?: 2 | 4;
  readonly start: { readonly velocity: number; readonly sigma: number };
  /** Velocity and dispersion stay at their start. Default false. */
  readonly fixed?: boolean;
  /** Bounds of the velocity about its start [km/s]. Default 2000. */
  readonly reach?: number;
  /** Upper bound of the dispersion [km/s]. Default 1000. */
  readonly largestSigma?: number;
  /** Variance by which the instrument is wider than the templates [km²/s²]; negative where it is sharper. Default 0. */
  readonly resolution?: number;
}

export interface FullSpectrumOptions {
  readonly components: readonly KinematicComponent[];
  /** Degree of the additive Legendre polynomial; −1 for none. Default −1. */
  readonly additive?: number;
  /** Degree of the multiplicative Legendre polynomial of the stars; 0 for none. Default 0. */
  readonly multiplicative?: number;
  /** A(λ)/E(B−V) at every pixel, for a reddening E(B−V) ≥ 0 of the stars that is fitted. Default: none. */
  readonly reddening?: Float64Array;
  /** The same for the gas. Default: none. */
  readonly gasReddening?: Float64Array;
  /** RᵀR [templates²] for weights relative to the median flux; see `secondDifferences`. Default: none. */
  readonly regularisation?: Float64Array;
  /** λ of the penalty on h3 and h4; 0 for none. Default 0.7 √(500/pixels) (Cappellari & Emsellem 2004; Cappellari 2017). */
  readonly bias?: number;
  /**
   * Pixels off by more than this many standard deviations, and a tenth of the gas's model there, are left out, and the fit repeated until none is.
   * Default Infinity: none.
   */
  readonly clip?: number;
  /** Scale all errors to χ²/DOF = 1 before pixels are left out. Default false. */
  readonly rescaleErrors?: boolean;
  /** 1 where lines of the gas are. What Gaussians leave there is no noise: errors are scaled by the χ²/DOF of the other pixels. Default: nowhere. */
  readonly lines?: Uint8Array;
  /** Whether the 1σ of the stars' model is computed per pixel. Default false. */
  readonly modelErrors?: boolean;
  /** Coordinate of the polynomials at every pixel, −1 … 1, or how it follows from the pixels (1) that a spectrum has. */
  readonly coordinate: Float64Array | ((used: Uint8Array) => Float64Array);
  /** The kernels' instance. Default: one of its own. */
  readonly kernels?: SpectralExports;
}

/** Covariance of the weights that are not 0, kinematics and polynomials being free too. */
export interface WeightCovariance {
  readonly templates: readonly number[];
  /** [templates × templates] row-major. */
  readonly matrix: Float64Array;
}

/** 1σ of Σ coefficient·weight. */
export function combinationError({ templates, matrix }: WeightCovariance, coefficient: (template: number) => number): number {
  const n = templates.length;
  const own = Float64Array.from(templates, coefficient);
  let variance = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) variance += own[i]! * matrix[i * n + j]! * own[j]!;
  // Less than 0 by rounding.
  return Math.sqrt(variance < 0 ? 0 : variance);
}

/** Result of one spectrum. Errors are the formal ones × `errorFactor`. */
export interface FullSpectrumFit {
  readonly components: readonly ComponentKinematics[];
  /** [templates] in units of flux over template. */
  readonly weights: Float64Array;
  /** Errors of the weights; 0 for those at 0. */
  readonly weightErrors: Float64Array;
  readonly weightCovariance: WeightCovariance;
  readonly additive: Float64Array;
  /** Coefficients of degrees 1 and up; that of degree 0 is 1. */
  readonly multiplicative: Float64Array;
  readonly reddening: number;
  readonly gasReddening: number;
  /** Every pixel, fitted or not. */
  readonly model: Float64Array;
  /** The gas alone. */
  readonly gas: Float64Array;
  /** 1σ of the model without the gas, zeros unless asked for. */
  readonly modelError: Float64Array;
  /** 1 for pixels that were fitted. */
  readonly used: Uint8Array;
  /** With the given errors. */
  readonly chi2: number;
  readonly dof: number;
  /** √(χ²/DOF), of the pixels clear of lines where `lines` says which. */
  readonly errorFactor: number;
  /** NOVALUE (nothing to fit), FITFAILED, NEARBOUND. */
  readonly status: number;
}

/** A draw of the bootstrap. */
export interface Resampled {
  readonly components: readonly Pick<ComponentKinematics, 'velocity' | 'sigma' | 'h3' | 'h4'>[];
  readonly weights: Float64Array;
}

export interface FullSpectrumFitter {
  /**
   * Never throws on data.
   * @param mask 1 where a pixel may be used. Default: every good one.
   */
  fit(flux: ArrayLike<number>, variance: ArrayLike<number>, mask?: ArrayLike<number>): FullSpectrumFit;
  /** Refits the last spectrum's model with its residuals under random signs (wild bootstrap; Davidson & Flachaire 2008), started at its solution. */
  resample(draws: number, random: Random): Resampled[];
}

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];
/** Steps that end a descent: 3e-4 of the formal errors at last, a tenth while outliers are looked for: that moves a pixel by thousandths of its own error. */
const [atLast, onTheWay] = [1e-7, 1e-2];
/** The same for a draw of the bootstrap, and before h3 and h4 are freed: 1e-2. */
const nearby = 1e-4;
/** A variance below this share of the median one is a defect (the rim of a gap): it would outweigh all other pixels together. */
const smallestVariance = 1e-4;
/** Pixels of a line may be off by this share of the line besides: Gaussians follow no line better. Its wings are not spared, for the stars would be fitted to them. */
const lineTolerance = 0.1;
/** Dispersions tried at the start, over the given one; velocities tried, in steps of 0.6 of it. */
const sigmaTrials = [0.25, 0.5, 1, 2];
const velocityTrials = [-4, -3, -2, -1, 0, 1, 2, 3, 4];

/**
 * Fits a spectrum by non-negative combinations of templates, broadened by line-of-sight velocity distributions:
 * G = Π(x) Σ w_n (T_n ∗ L) + Σ b_l P_l(x) (Cappellari & Emsellem 2004; Cappellari 2017, 2023). The start is the best of a coarse scan of velocity and
 * dispersion; h3 and h4 are freed at the minimum without them, so that they never lead away from it.
 */
export function createFullSpectrumFitter(grid: TemplateGrid, projection: Projection, options: FullSpectrumOptions): FullSpectrumFitter {
  const { components, additive = -1, multiplicative = 0, reddening = null, gasReddening = null, regularisation = null, clip = Infinity, rescaleErrors = false, modelErrors = false, lines = null } = options;
  const pixels = projection.first.length;
  const perSample = grid.velocityScale;

  // Templates of unit size keep the normal matrix well scaled; powers of two, so that nothing is rounded.
  const size = grid.spectra.map((spectrum) => 2 ** -Math.round(Math.log2(rootMeanSquare(spectrum) || 1)));
  const unitGrid = { ...grid, spectra: grid.spectra.map((spectrum, t) => spectrum.map((value) => value * size[t]!)) };
  const unitRegularisation = regularisation && regularisation.map((value, ij) => value * size[Math.floor(ij / size.length)]! * size[ij % size.length]!);

  const parameters: Parameter[] = components.flatMap(({ moments = 2, fixed = false, start, reach = 2000, largestSigma = 1000 }, index): Parameter[] => [
    ...(fixed ? [] : [
      { of: 'velocity' as const, index, lower: (start.velocity - reach) / perSample, upper: (start.velocity + reach) / perSample },
      { of: 'variance' as const, index, lower: 0, upper: (largestSigma / perSample) ** 2 },
    ]),
    ...(moments === 4 ? [{ of: 'h3' as const, index, lower: -0.3, upper: 0.3 }, { of: 'h4' as const, index, lower: -0.3, upper: 0.3 }] : []),
  ]);
  for (let m = 1; m <= multiplicative; m++) parameters.push({ of: 'polynomial', index: m, lower: -10, upper: 10 });
  if (reddening) parameters.push({ of: 'reddening', index: 0, lower: 0, upper: 5 });
  if (gasReddening) parameters.push({ of: 'gasReddening', index: 0, lower: 0, upper: 5 });
  const firstGuess = Float64Array.from(parameters, ({ of, index }) => {
    if (of === 'velocity') return components[index]!.start.velocity / perSample;
    if (of === 'variance') return (components[index]!.start.sigma / perSample) ** 2;
    return 0;
  });
  const withMoments = parameters.some(({ of }) => of === 'h3');
  const everything = parameters.map(() => true);
  const withoutMoments = parameters.map(({ of }) => of !== 'h3' && of !== 'h4');
  const fit = createVariableProjection(options.kernels ?? createKernels(), {
    grid: unitGrid, projection, parameters, additive, multiplicative, reddening, gasReddening, regularisation: unitRegularisation,
    components: components.map(({ kind, start, resolution = 0 }) => ({ gas: kind === 'gas', velocity: start.velocity / perSample, variance: (start.sigma / perSample) ** 2, resolution: resolution / perSample ** 2 })),
  });

  const data = new Float64Array(pixels);
  const root = new Float64Array(pixels);
  /** What `resample` starts from. */
  let last: { theta: Float64Array; model: Float64Array; scale: number; load: Omit<Parameters<typeof fit.load>[2], 'warm'> } | null = null;

  const starTrial = (): { velocities: number[]; variances: number[] } => {
    const stars = components.find(({ kind, fixed }) => kind === 'stars' && !fixed);
    if (!stars) return { velocities: [], variances: [] };
    const sigma = stars.start.sigma / perSample;
    return { velocities: velocityTrials.map((k) => k * Math.max(1, 0.6 * sigma)), variances: sigmaTrials.map((k) => (k * sigma) ** 2) };
  };

  function nothing(): FullSpectrumFit {
    const nan = Number.NaN;
    const empty = (n: number): Float64Array => new Float64Array(n).fill(nan);
    return {
      components: components.map(() => ({ velocity: nan, sigma: nan, h3: nan, h4: nan, velocityError: nan, sigmaError: nan, h3Error: nan, h4Error: nan })),
      weights: empty(size.length), weightErrors: empty(size.length), weightCovariance: { templates: [], matrix: empty(0) }, additive: empty(additive + 1), multiplicative: empty(multiplicative), reddening: nan, gasReddening: nan,
      model: empty(pixels), gas: empty(pixels), modelError: empty(pixels), used: new Uint8Array(pixels), chi2: nan, dof: 0, errorFactor: nan, status: bit('NOVALUE'),
    };
  }

  function fitSpectrum(flux: ArrayLike<number>, variance: ArrayLike<number>, mask?: ArrayLike<number>): FullSpectrumFit {
    last = null;
    const used = new Uint8Array(pixels);
    const sizes = new Float64Array(pixels);
    let count = 0;
    for (let p = 0; p < pixels; p++) if (isGood(flux[p]!, variance[p]!)) sizes[count++] = variance[p]!;
    const floor = smallestVariance * medianInPlace(sizes, count);
    count = 0;
    for (let p = 0; p < pixels; p++) {
      if ((mask && !mask[p]) || !isGood(flux[p]!, variance[p]!) || variance[p]! < floor) continue;
      used[p] = 1;
      sizes[count++] = Math.abs(flux[p]!);
    }
    const level = medianInPlace(sizes, count);
    const scale = 2 ** Math.round(Math.log2(level));
    if (count <= parameters.length + additive + 2 || !(scale > 0 && scale < Infinity)) return nothing();
    for (let p = 0; p < pixels; p++) {
      data[p] = used[p] ? flux[p]! / scale : 0;
      root[p] = used[p] ? scale / Math.sqrt(variance[p]!) : 0;
    }
    const load = { penalty: options.bias ?? 0.7 * Math.sqrt(500 / count), regularisation: (scale / level) ** 2, coordinate: typeof options.coordinate === 'function' ? options.coordinate(used) : options.coordinate };
    fit.load(data, root, { ...load, warm: false });
    fit.solveAll(firstGuess, 1e-2);
    const { velocities, variances } = starTrial();
    let theta = fit.scan(firstGuess, velocities, variances);
    let converged = true;
    const descend = (free: readonly boolean[], tolerance: number): void => { ({ theta, converged } = fit.minimise(theta, free, tolerance)); };
    if (withMoments) descend(withoutMoments, nearby);
    descend(everything, clip < Infinity ? onTheWay : atLast);
    const activeOf = (kind: KinematicComponent['kind']): number => fit.weights().reduce((n, w, t) => n + (w > 0 && components[grid.component[t]!]!.kind === kind ? 1 : 0), 0);
    const ofGas = parameters.filter((one) => movesGas(one, (c) => components[c]!.kind === 'gas')).length;
    const degrees = (): number => Math.max(1, count - parameters.length - additive - 1 - activeOf('stars') - activeOf('gas'));
    /** √(χ²/DOF), beside the lines where they are known: there nothing hangs on the gas. */
    const factorOf = (residual: (p: number) => number): number => {
      let sum = 0;
      let clear = (lines ? ofGas : -activeOf('gas')) - parameters.length - additive - 1 - activeOf('stars');
      for (let p = 0; p < pixels; p++) {
        if (!used[p] || lines?.[p]) continue;
        sum += residual(p) ** 2;
        clear++;
      }
      return Math.sqrt(sum / Math.max(1, clear));
    };
    /** Takes the outliers of the present fit; answers how many there were. */
    const removeOutliers = (): number => {
      if (count <= parameters.length + additive + 2) return 0;
      const [{ residual }, gas] = [fit, fit.gasSignal()];
      const limit = clip * (rescaleErrors ? factorOf((p) => residual[p]!) : 1);
      const outliers: number[] = [];
      for (let p = 0; p < pixels; p++) {
        if (!used[p] || !(Math.abs(residual[p]!) - lineTolerance * gas[p]! > limit)) continue;
        used[p] = root[p] = 0;
        outliers.push(p);
      }
      fit.leaveOut(outliers);
      count -= outliers.length;
      return outliers.length;
    };
    for (let tolerance = clip < Infinity ? onTheWay : atLast; clip < Infinity;) {
      const removed = removeOutliers();
      if (removed === 0 && tolerance === atLast) break;
      if (removed === 0) tolerance = atLast;
      descend(everything, tolerance);
    }
    const covariance = fit.covariance(theta);
    const chi2 = fit.chi2;
    const dof = degrees();
    const weights = fit.weights();
    const { model, gas, error } = fit.models(theta, modelErrors ? covariance : null);
    const errorFactor = factorOf((p) => (data[p]! - model[p]!) * root[p]!);
    for (let ij = 0; ij < covariance.matrix.length; ij++) covariance.matrix[ij]! *= errorFactor ** 2;
    last = { theta, model: model.slice(), scale, load };
    for (const [values, factor] of [[model, scale], [gas, scale], [error, scale * errorFactor]] as const) for (let p = 0; p < pixels; p++) values[p]! *= factor;
    const weightCovariance = covarianceOfWeights(covariance, scale);
    const weightErrors = new Float64Array(size.length);
    covariance.active.forEach((t, j) => { weightErrors[t] = Math.sqrt(weightCovariance.matrix[j * (covariance.active.length + 1)]!); });
    const atBound = parameters.some(({ of, lower, upper }, k) => of !== 'reddening' && of !== 'gasReddening' && (theta[k]! <= lower || theta[k]! >= upper));
    const finite = chi2 - chi2 === 0 && theta.every((value) => value - value === 0);
    return {
      components: components.map(({ start }, c) => kinematicsOf(c, start, perSample, parameters, theta, covariance)),
      weights: weights.map((w, t) => w * size[t]! * scale), weightErrors, weightCovariance, additive: fit.additive().map((b) => b * scale),
      multiplicative: Float64Array.from({ length: multiplicative }, (_, m) => theta[placeOf(parameters, 'polynomial', m + 1)]!),
      reddening: theta[placeOf(parameters, 'reddening', 0)] ?? 0, gasReddening: theta[placeOf(parameters, 'gasReddening', 0)] ?? 0,
      model, gas, modelError: error, used, chi2, dof, errorFactor,
      status: (converged && finite ? 0 : bit('FITFAILED')) | (atBound ? bit('NEARBOUND') : 0),
    };
  }

  function covarianceOfWeights({ matrix, size: n, active: templates }: Covariance, scale: number): WeightCovariance {
    const unit = templates.map((t) => size[t]! * scale);
    return { templates, matrix: Float64Array.from(unit.flatMap((own, i) => unit.map((other, j) => matrix[(additive + 1 + i) * n + additive + 1 + j]! * own * other))) };
  }

  return {
    fit: fitSpectrum,
    resample(draws, random) {
      if (!last) return [];
      const { theta, model, scale, load } = last;
      const drawn = new Float64Array(pixels);
      return Array.from({ length: draws }, () => {
        for (let p = 0; p < pixels; p++) drawn[p] = root[p]! > 0 ? model[p]! + (random.uniform() < 0.5 ? -1 : 1) * (data[p]! - model[p]!) : 0;
        fit.load(drawn, root, { ...load, warm: true });
        const found = fit.minimise(theta, everything, nearby);
        const { length } = size;
        const weights = fit.weights();
        return {
          components: components.map(({ start }, c) => kinematicsOf(c, start, perSample, parameters, found.theta, null)),
          weights: Float64Array.from({ length }, (_, t) => weights[t]! * size[t]! * scale),
        };
      });
    },
  };
}

function rootMeanSquare(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum / values.length);
}
