import type { LineName } from '../nebula/index.js';
import { maskBits } from '../linemaps/index.js';
import { lineShape, pixelWidth } from './design.js';
import { covarianceOf, emptyQuantities, measureFlux, measureSum, measureWidth, type LineQuantities } from './lineQuantities.js';
import type { MeasuredLine } from './measuredLine.js';
import { excessScatter } from './mismatch.js';
import type { ProfileKind } from './profile.js';
import { faintCorrection } from './faintCorrection.js';
import type { TiedFit } from './tiedFit.js';
import type { WindowData } from './windowData.js';

/** Two components of the lines, the narrower first. */
export interface LineComponents {
  readonly velocity: readonly [number, number];
  readonly velocityError: readonly [number, number];
  readonly sigma: readonly [number, number];
  readonly sigmaError: readonly [number, number];
  /** Per line; NaN where a line has only the other one. */
  readonly flux: readonly [Float64Array, Float64Array];
  readonly fluxError: readonly [Float64Array, Float64Array];
}

/** Result of one bin. Arrays follow `lines`; NaN where a line could not be measured. Fluxes [1e-17 erg/s/cm²]. */
export interface LineFit extends LineQuantities {
  readonly lines: readonly LineName[];
  /** Covariance of the fluxes, row-major [lines × lines]: for sums of lines that overlap, such as [O II]. */
  readonly covariance: Float64Array;
  /** NOCOV, NOVALUE, SKYLINE; LOWSNR (its group's kinematics not measured), NEARBOUND (its ratio lies on a bound) per line. */
  readonly lineStatus: Int32Array;
  /** Of the main group, the one of the brightest lines; of the narrower component [km/s], relative to the redshift; NaN where no line was detected. */
  readonly velocity: number;
  readonly velocityError: number;
  /** Dispersion of the gas [km/s], the instrument's in quadrature taken off. */
  readonly sigma: number;
  readonly sigmaError: number;
  /** Null where one component is enough. */
  readonly components: LineComponents | null;
  /** What the errors of the pixels were multiplied by, from the scatter of the continuum beside the lines: rms over the windows, at least 1. */
  readonly noiseFactor: number;
  /** With the variances as given. */
  readonly chi2: number;
  readonly dof: number;
  /** NOCOV, NOVALUE (nothing measured), FITFAILED, NEARBOUND (dispersion 0 or at its upper bound), LOWSNR (kinematics not measured), MULTICOMP. */
  readonly status: number;
}

/** Upper limits are this many errors. */
const limitSigmas = 3;
const unmeasured = (1 << maskBits.NOCOV) | (1 << maskBits.NOVALUE);

export interface Measurement {
  readonly lines: readonly LineName[];
  readonly data: readonly WindowData[];
  /** Null when nothing could be fitted. */
  readonly tied: TiedFit | null;
  readonly lineStatus: Int32Array;
  readonly status: number;
  readonly redshift: number;
  readonly profile: ProfileKind;
  /** Sets of kinematics of the brightest lines and of the second component, −1 for none. */
  readonly main: number;
  readonly second: number;
  readonly detection: number;
  /** Whether scatter beside the lines enlarges the errors. */
  readonly scaleErrors: boolean;
}

/** What is read off a finished fit: fluxes, equivalent widths, sums, their errors, the kinematics. */
export function measureLines({ lines, data, tied, lineStatus, status, redshift, profile, main, second, detection, scaleErrors }: Measurement): LineFit {
  const n = lines.length;
  const out = emptyQuantities(n);
  const covariance = new Float64Array(n * n).fill(Number.NaN);
  const noiseFactor = noiseOf(data);
  if (!tied) return { lines, ...out, covariance, ...unknown, lineStatus, components: null, noiseFactor, chi2: Number.NaN, dof: 0, status };

  const known = (status & (1 << maskBits.LOWSNR)) === 0;
  const faint = faintCorrection(data, tied);
  const kinematics = Array.from(faint.velocityError, (factor, set) => kinematicsOf(tied, set, factor));
  const measured: MeasuredLine[] = [];
  let chi2 = 0;
  let dof = -tied.kinematicParameters;
  for (let w = 0; w < data.length; w++) {
    const one = data[w]!;
    const { design, noise } = one;
    const profiles = tied.profiles(w);
    if (profiles.length === 0) {
      for (const { index } of design.lines) if (!(lineStatus[index]! & unmeasured)) lineStatus[index]! |= 1 << maskBits.NOVALUE;
      continue;
    }
    const fitted = tied.residuals(w);
    chi2 += fitted.chi2 * noise * noise;
    dof += tied.pixels(w) - tied.solution(w).linear;
    one.filter = lineShape(design.lines[0]!, tied.velocity[main]!, tied.u[main]!).sigma / pixelWidth(design);
    one.excess = scaleErrors ? excessScatter(one, fitted.residual, one.filter) : 0;
    for (const line of design.lines) {
      if (lineStatus[line.index]! & unmeasured) continue;
      const places: number[] = [];
      for (let l = 0; l < profiles.length; l++) if (profiles[l]!.line === line) places.push(l);
      if (places.length === 0) continue;
      const its: MeasuredLine = { w, line, places, profiles };
      if (measureFlux(one, tied, its, faint.flux, one.excess, out)) measured.push(its);
      else lineStatus[line.index]! |= 1 << maskBits.MATHERROR;
    }
  }
  for (const its of measured) {
    const i = its.line.index;
    const set = its.profiles[its.places[0]!]!.set;
    measureWidth(data[its.w]!, tied, its, redshift, out);
    measureSum(data[its.w]!, tied, its, profile, out);
    const detected = out.flux[i]! >= detection * out.fluxError[i]! && out.amplitudeOverNoise[i]! >= detection;
    out.upperLimit[i] = detected ? Number.NaN : limitSigmas * out.upperLimit[i]!;
    if (!known) continue;
    const own = kinematics[set]!;
    out.lineVelocity[i] = own.velocity;
    out.lineVelocityError[i] = own.velocityError;
    out.lineSigma[i] = own.sigma;
    out.lineSigmaError[i] = own.sigmaError;
    out.lineSigmaSquared[i] = tied.u[set]!;
    out.lineSigmaSquaredError[i] = Math.sqrt(tied.varianceOfU(set));
  }
  for (let a = 0; a < measured.length; a++) {
    for (let b = 0; b <= a; b++) {
      const [i, j] = [measured[a]!.line.index, measured[b]!.line.index];
      covariance[i * n + j] = covariance[j * n + i] = a === b ? out.fluxError[i]! ** 2 : covarianceOf(tied, measured[a]!, measured[b]!);
    }
  }
  const components = second < 0 ? null : componentsOf(n, tied, measured, kinematics[main]!, kinematics[second]!, second);
  let own = unknown;
  if (known) own = components ? narrower(components) : kinematics[main]!;
  return { lines, ...out, covariance, ...own, lineStatus, components, noiseFactor, chi2, dof, status };
}

/** Rms over the pixels of what the errors were multiplied by. */
function noiseOf(data: readonly WindowData[]): number {
  let sum = 0;
  let pixels = 0;
  for (const { active, noise, sides } of data) {
    if (!active) continue;
    sum += noise * noise * sides;
    pixels += sides;
  }
  return pixels > 0 ? Math.sqrt(sum / pixels) : 1;
}

type SetKinematics = Pick<LineFit, 'velocity' | 'velocityError' | 'sigma' | 'sigmaError'>;

const unknown: SetKinematics = { velocity: Number.NaN, velocityError: Number.NaN, sigma: Number.NaN, sigmaError: Number.NaN };

function kinematicsOf(tied: TiedFit, set: number, factor: number): SetKinematics {
  const sigma = Math.sqrt(Math.max(0, tied.u[set]!));
  // The error of √u, which the linear formula overstates near u = 0.
  const error = Math.sqrt(tied.varianceOfU(set));
  const sigmaError = sigma > 0 ? Math.min(error / (2 * sigma), Math.sqrt(error)) : Math.sqrt(error);
  return { velocity: tied.velocity[set]!, velocityError: factor * Math.sqrt(tied.varianceOfVelocity(set)), sigma, sigmaError };
}

/** The two components, the narrower first. */
function componentsOf(n: number, tied: TiedFit, measured: readonly MeasuredLine[], main: SetKinematics, other: SetKinematics, second: number): LineComponents {
  const column = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  const [flux, fluxError] = [[column(), column()] as const, [column(), column()] as const];
  const swap = other.sigma < main.sigma;
  for (const its of measured) {
    for (const place of its.places) {
      const at = (its.profiles[place]!.set === second) === swap ? 0 : 1;
      const alone: MeasuredLine = { ...its, places: [place] };
      const { column: own, share } = its.profiles[place]!;
      flux[at]![its.line.index] = tied.solution(its.w).values[own]! * share;
      fluxError[at]![its.line.index] = Math.sqrt(covarianceOf(tied, alone, alone));
    }
  }
  const of = (name: keyof SetKinematics): readonly [number, number] => (swap ? [other[name], main[name]] : [main[name], other[name]]);
  return { velocity: of('velocity'), velocityError: of('velocityError'), sigma: of('sigma'), sigmaError: of('sigmaError'), flux, fluxError };
}

function narrower({ velocity, velocityError, sigma, sigmaError }: LineComponents): SetKinematics {
  return { velocity: velocity[0], velocityError: velocityError[0], sigma: sigma[0], sigmaError: sigmaError[0] };
}
