import type { Ellipse } from './ellipse.js';
import type { Image } from './image.js';
import { makeIsophoteFitter, stopCodes, type FixedParameters, type Isophote, type IsophoteFitter, type IsophoteRules } from './isophote.js';
import { readable, type SamplingMode, type SamplingOptions } from './sampling.js';

/** How the isophotes of a galaxy are fitted; defaults in brackets are those of photutils and IRAF's ellipse. */
export interface IsophotesOptions extends Partial<IsophoteRules> {
  /** Where the first isophote starts. */
  readonly start: Ellipse;
  /** Smallest and largest semi-major axis [0 and none]: with a smallest of 0 the centre's value is the first entry. */
  readonly minRadius?: number;
  readonly maxRadius?: number;
  /** Growth of a from isophote to isophote [0.1, a share of a], or in pixels with `linear` [false]. */
  readonly step?: number;
  readonly linear?: boolean;
  readonly fixed?: Partial<FixedParameters>;
  readonly mode?: SamplingMode;
  /** Clipping of the values along an ellipse [3 σ, no rounds]. */
  readonly clipSigmas?: number;
  readonly clips?: number;
}

const smallest = 0.5;

/** Starts to try in turn: as given, then other radii, shapes and angles. */
function* ladder(start: Ellipse, fixed: FixedParameters, limit: number): Generator<Ellipse> {
  yield start;
  for (const factor of [1, 1.6, 0.6, 2.5, 0.35]) {
    const a = start.a * factor;
    if (a <= smallest || a >= limit) continue;
    for (const ellipticity of fixed.ellipticity ? [start.ellipticity] : [start.ellipticity, 0.1, 0.5]) {
      for (const turn of fixed.angle ? [0] : [0, 45, 90, 135]) yield { ...start, a, ellipticity, angle: (start.angle + turn) % 180 };
    }
  }
}

const ellipseOf = ({ x, y, a, ellipticity, angle }: Ellipse): Ellipse => ({ x, y, a, ellipticity, angle });

function centralPixel(fitter: IsophoteFitter, inner: Isophote, image: Image): Isophote {
  const value = fitter.measure({ ...ellipseOf(inner), a: 1e-6 }, stopCodes.converged);
  const inside = value.x >= 0 && value.y >= 0 && value.x < image.nx && value.y < image.ny;
  return { ...value, a: 0, gradient: 0, gradientError: NaN, rms: NaN, points: inside && value.points ? 1 : 0, flagged: 0, intensityError: 0 };
}

/**
 * Isophotes of a galaxy (Jedrzejewski 1987, MNRAS 226, 747): outwards from the start until two fits in a row fail or the ellipse leaves the image,
 * then inwards to the centre; each starts from its neighbour. Where the first does not converge, other starts are tried.
 * With centre, ellipticity and angle all fixed the light is measured along the given ellipses, out to where too little of them is on the image.
 *
 * @returns by growing semi-major axis, each with its stop code; empty where no start leads to an isophote
 */
export function fitIsophotes(image: Image, options: IsophotesOptions): Isophote[] {
  const { start, minRadius = 0, maxRadius, step = 0.1, linear = false, mode = 'bilinear', clipSigmas = 3, clips = 0 } = options;
  const { convergence = 0.05, minIterations = 10, maxIterations = 50, minCoverage = 0.7, maxGradientError = 0.5 } = options;
  const fixed = { center: false, ellipticity: false, angle: false, ...options.fixed };
  const rules: IsophoteRules = { convergence, minIterations, maxIterations, minCoverage, maxGradientError };
  const sampling: SamplingOptions = { mode, step, linear, clipSigmas, clips };
  const fitter = makeIsophoteFitter(readable(image), sampling);
  // Nothing of an image lies further from a centre on it than its diagonal.
  const limit = Math.min(maxRadius ?? Infinity, Math.hypot(image.nx, image.ny));
  const allFixed = fixed.center && fixed.ellipticity && fixed.angle;
  const failed = ({ stopCode }: Isophote) => stopCode === stopCodes.flagged || stopCode === stopCodes.empty || stopCode === stopCodes.diverged;

  let first: Isophote | null = null;
  for (const ellipse of ladder(start, fixed, limit)) {
    const found = fitter.fit(ellipse, fixed, { ...rules, minIterations: 2 * minIterations });
    if (failed(found)) continue;
    first = found;
    break;
  }
  if (!first) return [];

  const found = [first];
  let last = first;
  let failures = 0;
  let iterating = true;
  for (let a = linear ? first.a + step : first.a * (1 + step); a < limit; a = linear ? a + step : a * (1 + step)) {
    const from = { ...ellipseOf(last), a };
    let next = iterating ? fitter.fit(from, fixed, rules) : fitter.measure(from, stopCodes.notIterated);
    if (allFixed && next.points < minCoverage * (next.points + next.flagged)) next = { ...next, stopCode: stopCodes.flagged };
    if (next.stopCode === stopCodes.empty) break;
    const flagged = next.stopCode === stopCodes.flagged;
    failures = failed(next) ? failures + 1 : 0;
    if (failed(next)) next = fitter.measure(from, next.stopCode, next.iterations);
    if (next.points === 0) break;
    found.push(next);
    last = next;
    if (failures > 1 || (flagged && iterating)) {
      // With a largest radius asked for, the light is measured out to it along the last ellipse.
      if (maxRadius === undefined) break;
      iterating = false;
    }
  }

  last = first;
  const lowest = Math.max(minRadius, smallest);
  for (let a = linear ? first.a - step : first.a / (1 + step); a > lowest; a = linear ? a - step : a / (1 + step)) {
    let next = fitter.fit({ ...ellipseOf(last), a }, fixed, rules, true);
    if (next.stopCode === stopCodes.empty) break;
    if (failed(next)) next = fitter.measure({ ...ellipseOf(next.stopCode === stopCodes.diverged ? first : next), a }, next.stopCode, next.iterations);
    found.push(next);
    last = next;
  }
  found.sort((one, other) => one.a - other.a);
  return minRadius === 0 ? [centralPixel(fitter, found[0]!, image), ...found] : found;
}
