import { foldAngle, type Ellipse } from './ellipse.js';
import { fitHarmonics, fitUpperHarmonic, type Harmonics } from './harmonics.js';
import { makeSample, sampleEllipse, type EllipseSample, type SampledImage, type SamplingOptions } from './sampling.js';

/** How the fit of an isophote ended. */
export const stopCodes = {
  /** The harmonics vanish within the noise. */
  converged: 0,
  /** More of the ellipse than allowed is masked, clipped or outside; the best ellipse so far. */
  flagged: 1,
  /** All iterations used; the best ellipse so far. */
  iterations: 2,
  /** No light to sample. */
  empty: 3,
  /** Not fitted: the neighbour's ellipse, because the fits before it failed. */
  notIterated: 4,
  /** The fit ran away or the gradient is lost in the noise: the neighbour's ellipse. */
  diverged: 5,
} as const;

export type StopCode = (typeof stopCodes)[keyof typeof stopCodes];

/** What of an ellipse stays as given. */
export interface FixedParameters { readonly center: boolean; readonly ellipticity: boolean; readonly angle: boolean }

/** When an isophote is good enough and when it is given up. */
export interface IsophoteRules {
  /** Largest harmonic as a share of the scatter about the fit. */
  readonly convergence: number;
  readonly minIterations: number;
  readonly maxIterations: number;
  /** Share of the points that must be there. */
  readonly minCoverage: number;
  /** Largest relative error of the gradient. */
  readonly maxGradientError: number;
}

/** An isophote: its ellipse, the light along it, and how far it is from an ellipse. Errors are standard errors; NaN where unknown. */
export interface Isophote extends Ellipse {
  readonly xError: number;
  readonly yError: number;
  readonly ellipticityError: number;
  /** [deg] */
  readonly angleError: number;
  readonly intensity: number;
  readonly intensityError: number;
  /** Standard deviation along the ellipse. */
  readonly rms: number;
  /** dI/da [per pixel]. */
  readonly gradient: number;
  readonly gradientError: number;
  /** Points used, and points masked, clipped or outside. */
  readonly points: number;
  readonly flagged: number;
  readonly iterations: number;
  readonly stopCode: StopCode;
  /** Sine and cosine amplitudes of third and fourth order over a|dI/da|. */
  readonly a3: number;
  readonly b3: number;
  readonly a4: number;
  readonly b4: number;
  readonly a3Error: number;
  readonly b3Error: number;
  readonly a4Error: number;
  readonly b4Error: number;
}

const degree = Math.PI / 180;
const flattest = 0.95;
/** What a circle is flattened to: along a circle no angle can be corrected. */
const roundest = 0.05;

/** On an ellipse rounder than the isophote a turn overshoots; unbounded it swings to and fro without end [deg]. */
const furthestTurn = 15;

/** An ellipse with its sample and the gradient beyond it. */
interface Trial {
  readonly ellipse: Ellipse;
  readonly sample: EllipseSample;
  readonly gradient: number;
  /** NaN where the gradient is a guess. */
  readonly gradientError: number;
}

/** Fits isophotes of one image. */
export interface IsophoteFitter {
  /** Jedrzejewski's iteration from an ellipse; with everything fixed the light along it. @param inwards keeps going where the gradient is noisy, as it is near a flat centre */
  fit(start: Ellipse, fixed: FixedParameters, rules: IsophoteRules, inwards?: boolean): Isophote;
  /** The light along an ellipse as it stands. */
  measure(ellipse: Ellipse, stopCode: StopCode, iterations?: number): Isophote;
}

/** @param image with NaN where a pixel may not be used */
export function makeIsophoteFitter(image: SampledImage, sampling: SamplingOptions): IsophoteFitter {
  const beyond = makeSample(image);
  // The trial in hand and the best so far; their samples change places.
  let [current, best] = [makeSample(image), makeSample(image)];

  /** dI/da from the ellipse `share` further out. */
  function gradientOver(ellipse: Ellipse, { mean, deviation, count }: EllipseSample, share: number): [number, number] {
    sampleEllipse(image, { ...ellipse, a: ellipse.a * (1 + share) }, sampling, beyond);
    const distance = ellipse.a * share;
    return [(beyond.mean - mean) / distance, Math.sqrt(deviation ** 2 / count + beyond.deviation ** 2 / beyond.count) / distance];
  }

  function tryEllipse(ellipse: Ellipse, sample: EllipseSample): Trial {
    sampleEllipse(image, ellipse, sampling, sample);
    const share = sampling.linear ? Math.min(1, sampling.step / ellipse.a) : sampling.step;
    let [gradient, gradientError] = gradientOver(ellipse, sample, share);
    // A gradient that may be flat within its error is measured over twice the distance, and else guessed.
    const guess = gradient + gradientError;
    if (gradient >= guess / 3) [gradient, gradientError] = gradientOver(ellipse, sample, 2 * share);
    if (gradient >= guess / 3) [gradient, gradientError] = [0.8 * guess, NaN];
    return { ellipse, sample, gradient, gradientError };
  }

  function isophoteOf({ ellipse, sample, gradient, gradientError }: Trial, stopCode: StopCode, iterations: number): Isophote {
    const { a, ellipticity, angle } = ellipse;
    const harmonics = fitHarmonics(sample);
    const [slope, q] = [Math.abs(gradient), 1 - ellipticity];
    const [, minor, major, turn, flat] = harmonics ? harmonics.errors : [NaN, NaN, NaN, NaN, NaN];
    const [along, across] = [major! / slope, minor! * q / slope];
    const [cos, sin] = [Math.cos(angle * degree), Math.sin(angle * degree)];
    const upper = ([3, 4] as const).map((order) => {
      const found = harmonics ? fitUpperHarmonic(sample, harmonics, order) : { a: NaN, b: NaN, aError: NaN, bError: NaN };
      const scaled = (amplitude: number, error: number) => [amplitude / a / slope, Math.hypot(error, amplitude * gradientError / slope) / a / slope] as const;
      return [scaled(found.a, found.aError), scaled(found.b, found.bError)] as const;
    });
    const [[[a3, a3Error], [b3, b3Error]], [[a4, a4Error], [b4, b4Error]]] = upper as [typeof upper[number], typeof upper[number]];
    return {
      ...ellipse, xError: Math.hypot(along * cos, across * sin), yError: Math.hypot(along * sin, across * cos),
      ellipticityError: 2 * flat! * q / a / slope, angleError: 2 * turn! * q / a / slope / (1 - q * q) / degree,
      intensity: sample.mean, intensityError: sample.deviation / Math.sqrt(sample.count), rms: sample.deviation, gradient, gradientError,
      points: sample.count, flagged: sample.tried - sample.count, iterations, stopCode, a3, a3Error, b3, b3Error, a4, a4Error, b4, b4Error,
    };
  }

  /** The ellipse with the one parameter changed that the largest harmonic asks for (Jedrzejewski 1987, Eqs. 3–6). */
  function corrected(ellipse: Ellipse, index: number, amplitude: number, gradient: number): Ellipse {
    const { x, y, a, ellipticity, angle } = ellipse;
    const q = 1 - ellipticity;
    const [cos, sin] = [Math.cos(angle * degree), Math.sin(angle * degree)];
    if (index === 1) return { ...ellipse, x: x + amplitude * q / gradient * sin, y: y - amplitude * q / gradient * cos };
    if (index === 2) return { ...ellipse, x: x - amplitude / gradient * cos, y: y - amplitude / gradient * sin };
    if (index === 3) {
      const turn = 2 * amplitude * q / a / gradient / (q * q - 1) / degree;
      return { ...ellipse, angle: foldAngle(angle + Math.max(-furthestTurn, Math.min(furthestTurn, turn))) };
    }
    return { ...ellipse, ellipticity: Math.min(flattest, ellipticity - 2 * amplitude * q / a / gradient) };
  }

  /** An ellipse flatter than 0 across its minor axis is one along it. */
  function righted(ellipse: Ellipse, angleFixed: boolean): Ellipse {
    if (ellipse.ellipticity > 0) return ellipse;
    if (angleFixed || ellipse.ellipticity === 0) return { ...ellipse, ellipticity: roundest };
    return { ...ellipse, ellipticity: Math.min(-ellipse.ellipticity, flattest), angle: foldAngle(ellipse.angle + 90) };
  }

  function measure(ellipse: Ellipse, stopCode: StopCode, iterations = 0): Isophote {
    const trial = tryEllipse(ellipse, current);
    return isophoteOf(trial, trial.sample.count === 0 ? stopCodes.empty : stopCode, iterations);
  }

  function fit(start: Ellipse, fixed: FixedParameters, { convergence, minIterations, maxIterations, minCoverage, maxGradientError }: IsophoteRules, inwards = false): Isophote {
    const free = [false, !fixed.center, !fixed.center, !fixed.angle, !fixed.ellipticity];
    if (!free.includes(true)) return measure(start, stopCodes.converged);
    let trial = tryEllipse(righted(start, fixed.angle), current);
    let [bestTrial, bestAmplitude]: [Trial | null, number] = [null, Infinity];
    let exceeded = false;
    for (let iteration = 1; iteration <= maxIterations; iteration++) {
      const { sample } = trial;
      const harmonics: Harmonics | null = fitHarmonics(sample);
      if (!harmonics) return isophoteOf(trial, stopCodes.empty, iteration);
      let index = 0;
      let amplitude = 0;
      harmonics.coefficients.forEach((own, k) => {
        if (free[k] && Math.abs(own) >= Math.abs(amplitude)) [index, amplitude] = [k, own];
      });
      if (Math.abs(amplitude) < bestAmplitude) {
        [bestTrial, bestAmplitude] = [trial, Math.abs(amplitude)];
        [current, best] = [best, current];
      }
      if (iteration >= minIterations && convergence * sample.area * harmonics.residual >= Math.abs(amplitude)) return isophoteOf(trial, stopCodes.converged, iteration);
      if (sample.count < minCoverage * sample.tried) return isophoteOf(bestTrial!, stopCodes.flagged, iteration);
      const next = corrected(trial.ellipse, index, amplitude, trial.gradient);
      if (!(next.x >= 0 && next.y >= 0 && next.x <= image.nx - 1 && next.y <= image.ny - 1) || next.ellipticity >= flattest) return isophoteOf(trial, stopCodes.diverged, iteration);
      trial = tryEllipse(righted(next, fixed.angle), current);
      const relative = trial.gradient < 0 ? trial.gradientError / -trial.gradient : NaN;
      const lost = !(relative <= maxGradientError);
      // One noisy gradient is forgiven; inwards, all that have a value.
      if (Number.isNaN(relative) || (!inwards && lost && exceeded)) return isophoteOf(trial, stopCodes.diverged, iteration);
      exceeded ||= lost && !inwards;
    }
    return isophoteOf(bestTrial!, stopCodes.iterations, maxIterations);
  }
  return { fit, measure };
}
