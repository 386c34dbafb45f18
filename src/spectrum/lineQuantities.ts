import { lineShape, pixelAt } from './design.js';
import { sumReach, type MeasuredLine } from './measuredLine.js';
import { modelError } from './mismatch.js';
import { lineDensity, type ProfileKind } from './profile.js';
import type { TiedFit } from './tiedFit.js';
import type { WindowData } from './windowData.js';

/** What is measured of every line; NaN where it could not be. Fluxes [1e-17 erg/s/cm²]. */
export interface LineQuantities {
  /** Of all components together. */
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** Rest-frame equivalent width [Å], positive in emission, against the continuum (without stellar absorption) at the line. */
  readonly ew: Float64Array;
  readonly ewError: Float64Array;
  /** Sum over the line's window after the continuum and the other lines are taken off: a cross-check free of the profile. */
  readonly sum: Float64Array;
  readonly sumError: Float64Array;
  /** Peak of the fitted line over the error of a pixel there. */
  readonly amplitudeOverNoise: Float64Array;
  /** Three times the error of the flux at fixed kinematics, for a line that is not detected (`detection`); NaN for others. */
  readonly upperLimit: Float64Array;
  /** Kinematics of each line's group [km/s]: those of the brightest group where its own was not detected (LOWSNR). */
  readonly lineVelocity: Float64Array;
  readonly lineVelocityError: Float64Array;
  readonly lineSigma: Float64Array;
  readonly lineSigmaError: Float64Array;
  /** Square of the dispersion [km²/s²] as fitted: negative where noise makes the line narrower than the instrument. For means over bins. */
  readonly lineSigmaSquared: Float64Array;
  readonly lineSigmaSquaredError: Float64Array;
}

export function emptyQuantities(n: number): LineQuantities {
  const nan = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  return {
    flux: nan(), fluxError: nan(), ew: nan(), ewError: nan(), sum: nan(), sumError: nan(), amplitudeOverNoise: nan(), upperLimit: nan(),
    lineVelocity: nan(), lineVelocityError: nan(), lineSigma: nan(), lineSigmaError: nan(), lineSigmaSquared: nan(), lineSigmaSquaredError: nan(),
  };
}

/** Covariance of two lines' fluxes, kinematics and polynomials included. */
export function covarianceOf(tied: TiedFit, a: MeasuredLine, b: MeasuredLine): number {
  let sum = 0;
  for (const i of a.places) {
    const one = a.profiles[i]!;
    for (const j of b.places) {
      const two = b.profiles[j]!;
      sum += one.share * two.share * tied.linearCovariance(a.w, one.column, b.w, two.column);
    }
  }
  return sum;
}

/**
 * Flux and error, and into `upperLimit` the error at fixed kinematics. Answers whether they are numbers.
 * @param shrink what the fluxes of each set of kinematics are multiplied by
 * @param excess variance of the line-free matched filter beyond what the errors say, in units of the latter
 */
export function measureFlux(one: WindowData, tied: TiedFit, its: MeasuredLine, shrink: Float64Array, excess: number, out: LineQuantities): boolean {
  const { w, line: { index }, profiles, places } = its;
  const { values } = tied.solution(w);
  let flux = 0;
  let held = 0;
  for (const i of places) {
    const { column, share, set } = profiles[i]!;
    flux += values[column]! * share * shrink[set]!;
    for (const j of places) held += share * profiles[j]!.share * tied.heldCovariance(w, column, profiles[j]!.column);
  }
  const model = one.uncertain ? modelError(one, tied, its) ** 2 : 0;
  const variance = (1 + excess) * covarianceOf(tied, its, its) + model;
  if (!(flux - flux === 0 && variance > 0)) return false;
  out.flux[index] = flux;
  out.fluxError[index] = Math.sqrt(variance);
  out.upperLimit[index] = Math.sqrt((1 + excess) * held + model);
  return true;
}

/** Centre and σ of a Gaussian of a line. */
const shapeOf = (tied: TiedFit, { line, profiles }: MeasuredLine, place: number): ReturnType<typeof lineShape> => {
  const { set } = profiles[place]!;
  return lineShape(line, tied.velocity[set]!, tied.u[set]!);
};

/**
 * EW = F/[f_c (1 + z)], with the errors of both. Where the continuum says how uncertain it is, that counts for its level; else the
 * error of the polynomial under the lines does, with its covariance with the flux.
 */
export function measureWidth(one: WindowData, tied: TiedFit, its: MeasuredLine, redshift: number, out: LineQuantities): void {
  const { design: { window: { from, to }, arm: { axis: { edges, wavelength } } }, level } = one;
  const { w, line: { index }, profiles, places } = its;
  const { centre } = shapeOf(tied, its, places[0]!);
  const near = Math.min(to - from - 2, Math.max(0, pixelAt(wavelength, centre, from, to - 1) - from));
  const share = (centre - wavelength[from + near]!) / (wavelength[from + near + 1]! - wavelength[from + near]!);
  const value = level[near]! * (1 - share) + level[near + 1]! * share;
  if (!(value > 0)) return;
  const x = (2 * (centre - edges[from]!)) / (edges[to]! - edges[from]!) - 1;
  const { amplitudes, linear } = tied.solution(w);
  const ratio = out.flux[index]! / value;
  let variance = out.fluxError[index]! ** 2;
  if (one.levelError !== null) variance += (ratio * one.levelError) ** 2;
  else for (let j = amplitudes, a = 1; j < linear; j++, a *= x) {
    for (const i of places) variance -= 2 * ratio * a * profiles[i]!.share * tied.linearCovariance(w, profiles[i]!.column, w, j);
    for (let k = amplitudes, b = 1; k < linear; k++, b *= x) variance += ratio * ratio * a * b * tied.linearCovariance(w, j, w, k);
  }
  out.ew[index] = ratio / (1 + redshift);
  out.ewError[index] = Math.sqrt(Math.max(0, variance)) / (value * (1 + redshift));
}

/**
 * Sum over ±3.5σ of the line after continuum and every other line are taken off; pixels on the rim count by their part inside.
 * And the peak of the fitted line over the error of a pixel there.
 */
export function measureSum(one: WindowData, tied: TiedFit, its: MeasuredLine, profile: ProfileKind, out: LineQuantities): void {
  const { design: { window: { from, to }, arm: { axis: { edges, wavelength } } } } = one;
  const { w, line: { index }, profiles, places } = its;
  const { values, amplitudes, linear } = tied.solution(w);
  const { residual } = tied.residuals(w);
  const root = tied.root(w);
  let [low, high] = [Infinity, -Infinity];
  const gaussians = places.map((place) => {
    const { centre, sigma } = shapeOf(tied, its, place);
    low = Math.min(low, centre - sumReach * sigma);
    high = Math.max(high, centre + sumReach * sigma);
    const { column, share } = profiles[place]!;
    return { centre, sigma, amplitude: values[column]!, share, ...tied.profile(w, place) };
  });
  const slopes = [0, 0];
  let sum = 0;
  let variance = 0;
  let pixels = 0;
  let pixelVariance = 0;
  for (let k = Math.max(from, pixelAt(edges, low, from, to)); k < to && edges[k]! < high; k++) {
    const i = k - from;
    const width = Math.min(high, edges[k + 1]!) - Math.max(low, edges[k]!);
    if (root[i] === 0) {
      // A bad pixel is replaced by the model: leaving it out would lose its flux.
      for (const { amplitude, share, centre, sigma } of gaussians) sum += width * amplitude * share * lineDensity(edges[k]!, edges[k + 1]!, centre, sigma, profile);
      continue;
    }
    let value = residual[i]!;
    for (const { amplitude, values: own, at, first, last } of gaussians) if (i >= first && i < last) value += amplitude * own[at + i]!;
    const error = 1 / root[i]!;
    sum += width * value * error;
    variance += (width * error) ** 2;
    pixelVariance += error * error;
    pixels++;
    if (linear === amplitudes) continue;
    slopes[0]! += width;
    slopes[1]! += width * ((2 * (wavelength[k]! - edges[from]!)) / (edges[to]! - edges[from]!) - 1);
  }
  for (let j = 0; j < linear - amplitudes; j++) {
    for (let k = 0; k < linear - amplitudes; k++) variance += slopes[j]! * slopes[k]! * tied.linearCovariance(w, amplitudes + j, w, amplitudes + k);
  }
  out.sum[index] = sum;
  out.sumError[index] = Math.sqrt(Math.max(0, variance));
  const at = pixelAt(edges, gaussians[0]!.centre, from, to);
  const half = (edges[Math.min(at, to - 1) + 1]! - edges[Math.min(at, to - 1)]!) / 2;
  let peak = 0;
  for (const { amplitude, share, centre, sigma } of gaussians) {
    const offset = gaussians[0]!.centre - centre;
    peak += amplitude * share * lineDensity(offset - half, offset + half, 0, sigma, profile);
  }
  out.amplitudeOverNoise[index] = peak / Math.sqrt(pixelVariance / pixels);
}

/** Model (continuum and lines) and continuum (with stellar absorption) of a window after a fit [flux density]. */
export function modelOfWindow(one: WindowData, tied: TiedFit, w: number, profile: ProfileKind): { model: Float64Array; continuum: Float64Array } {
  const { design: { window: { from, to }, arm: { axis: { edges, wavelength } } } } = one;
  const { values, amplitudes, linear } = tied.solution(w);
  const continuum = one.model.map((value, i) => {
    const x = (2 * (wavelength[from + i]! - edges[from]!)) / (edges[to]! - edges[from]!) - 1;
    let total = value;
    for (let j = amplitudes, a = 1; j < linear; j++, a *= x) total += values[j]! * a;
    return total;
  });
  const model = continuum.slice();
  for (const { line, set, column, share } of tied.profiles(w)) {
    const { centre, sigma } = lineShape(line, tied.velocity[set]!, tied.u[set]!);
    for (let i = 0; i < to - from; i++) model[i]! += values[column]! * share * lineDensity(edges[from + i]!, edges[from + i + 1]!, centre, sigma, profile);
  }
  return { model, continuum };
}
