import { lineShape } from './design.js';
import { sumReach, type MeasuredLine } from './measuredLine.js';
import { lineDensity } from './profile.js';
import type { TiedFit } from './tiedFit.js';
import { fewestForNoise, type WindowData } from './windowData.js';
import { pixelRole } from './windows.js';

/** Scatter beyond the errors counts in full from the second number of its own standard errors on and not below the first: chance seldom adds any, and no error jumps. */
const significance = [1.5, 3] as const;
/** The filter reaches this many σ. */
const filterReach = 2.5;

/**
 * Variance of fluxes measured where there is no line, beyond what the errors say and in units of that: the matched filter of
 * the window's lines, slid over the continuum pixels of a fit's residuals. White noise that is larger than said is in the
 * weights already; what is left is correlated over the width of a line, as the features of a mismatched stellar template
 * are, and resampled noise. Less where it is hardly significant.
 * @param residual (data − model) over the error
 * @param width σ of the lines [pixels]
 */
export function excessScatter({ design: { window: { from, to, role } }, weight, sides }: WindowData, residual: Float64Array, width: number): number {
  if (sides < fewestForNoise) return 0;
  const half = Math.ceil(filterReach * width);
  const filter = Float64Array.from({ length: half + 1 }, (_, k) => lineDensity(k - 0.5, k + 0.5, 0, width, 'integrated'));
  let norm = filter[0]! ** 2;
  for (let k = 1; k <= half; k++) norm += 2 * filter[k]! ** 2;
  let count = 0;
  let sum = 0;
  let run = 0;
  for (let i = 0; i < to - from; i++) {
    run = weight[i]! > 0 && role[i] === pixelRole.side ? run + 1 : 0;
    if (run < 2 * half + 1) continue;
    const middle = i - half;
    let flux = filter[0]! * residual[middle]!;
    for (let k = 1; k <= half; k++) flux += filter[k]! * (residual[middle - k]! + residual[middle + k]!);
    sum += (flux * flux) / norm;
    count++;
  }
  // Neighbouring positions share pixels: squares of the filtered noise are correlated over √(2π) σ.
  const independent = count / (Math.sqrt(2 * Math.PI) * width);
  if (independent < 4) return 0;
  const excess = sum / count - 1;
  const part = (excess / Math.sqrt(2 / independent) - significance[0]) / (significance[1] - significance[0]);
  return excess * Math.min(1, Math.max(0, part));
}

/**
 * What the continuum's own error does to a line's flux: Σ w_i u_i with w the weights of the flux in the linearised fit and u the
 * model's 1σ, taken as fully correlated over the line (±3.5σ).
 */
export function modelError({ design: { window: { from, to }, arm: { axis: { wavelength } } }, uncertainty }: WindowData, tied: TiedFit, { w, line, profiles, places }: MeasuredLine): number {
  const root = tied.root(w);
  const { centre, sigma } = lineShape(line, tied.velocity[profiles[places[0]!]!.set]!, tied.u[profiles[places[0]!]!.set]!);
  const error = new Float64Array(to - from);
  for (let i = 0; i < error.length; i++) if (Math.abs(wavelength[from + i]! - centre) < sumReach * sigma) error[i] = root[i]! * uncertainty[i]!;
  const response = tied.response(w, error);
  let sum = 0;
  for (const place of places) sum += profiles[place]!.share * response[profiles[place]!.column]!;
  return sum;
}
