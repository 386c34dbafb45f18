import { fewestInAll, fewestPerSide, type Continuum } from './continuum.js';
import { lineShape, pixelAt, type Design, type DesignLine } from './design.js';
import { lineDensity } from './profile.js';
import { medianInPlace, type Spectrum } from './spectrum.js';
import { pixelWeights } from './weights.js';
import { pixelRole } from './windows.js';

/** What one window holds during a fit. Arrays over its pixels. */
export interface WindowData {
  readonly design: Design;
  /** Flux − continuum [flux density]; 0 where a pixel does not count. */
  readonly residual: Float64Array;
  /** Inverse variance, scaled by `noise`; 0 where a pixel does not count. */
  readonly weight: Float64Array;
  readonly level: Float64Array;
  readonly model: Float64Array;
  /** 1σ of the continuum's model; 0 where it is not given. */
  readonly uncertainty: Float64Array;
  /** Error scale: how much more the continuum scatters than its variance says, at least 1; from how many pixels. */
  noise: number;
  sides: number;
  /** Variance of line-free matched filters beyond what the errors say, in units of that (see `excessScatter`), and σ of the filter [pixels]. */
  excess: number;
  filter: number;
  /** Degree of the polynomial fitted with the lines; −1 for none. */
  degree: number;
  /** False where there is no continuum to subtract. */
  active: boolean;
  /** Whether any pixel has an uncertainty. */
  uncertain: boolean;
  /** 1σ of the continuum's level, typical (median) of the pixels beside the lines; null where it is not given. */
  levelError: number | null;
}

/** Fewest continuum pixels that tell how large the noise is. */
export const fewestForNoise = 20;

export function createWindowData(design: Design): WindowData {
  const n = design.window.to - design.window.from;
  const row = (): Float64Array => new Float64Array(n);
  return {
    design, residual: row(), weight: row(), level: row(), model: row(), uncertainty: row(), noise: 1, sides: 0, excess: 0, filter: 0, degree: -1, active: false, uncertain: false,
    levelError: null,
  };
}

/** Weights of a window, from the variances and from how the continuum pixels scatter. `scratch` is as long as the window. */
export function weighWindow(one: WindowData, spectra: readonly Spectrum[], continuum: Continuum, scaleErrors: boolean, scratch: Float64Array): void {
  const { design: { window }, weight } = one;
  const { from, to, arm, role } = window;
  const { flux } = spectra[arm]!;
  const model = continuum.model[arm]!;
  const rejected = continuum.rejected[arm]!;
  pixelWeights(spectra[arm]!, window, weight, scratch);
  const firstLine = role.indexOf(pixelRole.line);
  let sum = 0;
  let left = 0;
  let right = 0;
  for (let i = 0; i < to - from; i++) {
    const r = flux[from + i]! - model[from + i]!;
    if (rejected[from + i] !== 0 || r - r !== 0) weight[i] = 0;
    if (weight[i] === 0 || role[i] !== pixelRole.side) continue;
    sum += r * r * weight[i]!;
    if (i < firstLine) left++;
    else right++;
  }
  one.sides = left + right;
  one.excess = 0;
  one.degree = Math.min(continuum.degree, Math.min(left, right) >= fewestPerSide ? Infinity : 0, left + right >= fewestInAll ? Infinity : -1);
  const free = left + right - one.degree - 1;
  // Less its own standard error, so that noise alone seldom raises it.
  one.noise = scaleErrors && left + right >= fewestForNoise ? Math.sqrt(Math.max(1, sum / free - Math.sqrt(2 / free))) : 1;
  if (one.noise === 1) return;
  for (let i = 0; i < weight.length; i++) weight[i]! /= one.noise * one.noise;
}

/** Flux − continuum of a window. `scratch` is as long as the window. */
export function subtractContinuum(one: WindowData, spectra: readonly Spectrum[], continuum: Continuum, scratch: Float64Array): void {
  const { design: { window: { from, to, arm, role } }, weight, residual, level, model, uncertainty } = one;
  const { flux } = spectra[arm]!;
  const [ofModel, ofLevel, sigma] = [continuum.model[arm]!, continuum.level[arm]!, continuum.uncertainty?.[arm]];
  one.active = false;
  for (let i = 0; i < to - from; i++) {
    const m = ofModel[from + i]!;
    model[i] = m;
    level[i] = ofLevel[from + i]!;
    residual[i] = weight[i] === 0 ? 0 : flux[from + i]! - m;
    if (m - m === 0) one.active = true;
  }
  one.uncertain = false;
  one.levelError = null;
  if (!sigma) return;
  let sides = 0;
  for (let i = 0; i < to - from; i++) {
    const own = sigma[from + i]!;
    uncertainty[i] = own > 0 && own < Infinity ? own : 0;
    if (uncertainty[i]! > 0) one.uncertain = true;
    if (role[i] === pixelRole.side) scratch[sides++] = uncertainty[i]!;
  }
  if (sides > 0) one.levelError = medianInPlace(scratch, sides);
}

/** How much of a line's light falls on pixels of its arm, and on good ones. */
export function coverage({ design: { window: { from, to }, arm: { axis: { edges } } }, weight }: WindowData, line: DesignLine, velocity: number, dispersion: number): { readonly inside: number; readonly good: number } {
  const { centre, sigma } = lineShape(line, velocity, dispersion * dispersion);
  const start = pixelAt(edges, centre - 4 * sigma, from, to);
  const end = pixelAt(edges, centre + 4 * sigma, from, to) + 1;
  const [first, last] = [Math.max(from, start), Math.min(to, end)];
  let bad = 0;
  for (let k = first; k < last; k++) if (!(weight[k - from]! > 0)) bad++;
  if (bad === 0 && start >= from && end <= to) return { inside: 1, good: 1 };
  let [inside, good] = [0, 0];
  for (let k = first; k < last; k++) {
    const light = lineDensity(edges[k]!, edges[k + 1]!, centre, sigma, 'integrated') * (edges[k + 1]! - edges[k]!);
    inside += light;
    if (weight[k - from]! > 0) good += light;
  }
  return { inside, good };
}
