import { constants } from '../units/index.js';
import { lineShape } from './design.js';
import type { TiedFit } from './tiedFit.js';
import type { WindowData } from './windowData.js';

/** Signal-to-noise of a set of lines up to which least squares is corrected in full, and from which it is left: then 1/S² is half a per cent. */
const fade = [10, 15] as const;
/** Variance of the velocity beyond the linear one over the square of the width's relative error: measured on single lines of S/N 5 to 10. */
const velocityExcess = 2.2;

/** What faint lines do to least squares, per set of kinematics. */
export interface FaintCorrection {
  /** Fluxes are multiplied by this. */
  readonly flux: Float64Array;
  /** Errors of the velocity are multiplied by this. */
  readonly velocityError: Float64Array;
}

/**
 * A fit that may choose k kinematic parameters finds those that suit the noise best: the squared signal-to-noise of its lines
 * together exceeds the true S² by k, beside the linear parameters, and every flux is too large by the factor 1 + k/(2S²) (the
 * second-order bias of least squares, Box 1971). That is taken off where it is a noticeable part of the error, fully below
 * S = 10. The velocity's linear error is too small for the same reason, most of all where noise has made the line narrow: there it
 * grows by the factor √(1 + 2.2ρ²) with ρ the relative error of the squared observed width.
 */
export function faintCorrection(data: readonly WindowData[], tied: TiedFit): FaintCorrection {
  const { sets } = tied;
  const [power, brightest, squaredWidth] = [new Float64Array(sets), new Float64Array(sets), new Float64Array(sets)];
  for (let w = 0; w < data.length; w++) {
    const { values } = tied.solution(w);
    let seen = -1;
    for (const { set, column, line } of tied.profiles(w)) {
      // Columns are numbered in the order in which they first occur.
      if (column <= seen) continue;
      seen = column;
      const own = values[column]! ** 2 / tied.heldCovariance(w, column, column);
      power[set]! += own - 1;
      if (own <= brightest[set]!) continue;
      brightest[set] = own;
      const { centre, sigma } = lineShape(line, tied.velocity[set]!, tied.u[set]!);
      squaredWidth[set] = ((sigma / centre) * constants.c) ** 2;
    }
  }
  const flux = new Float64Array(sets).fill(1);
  const velocityError = new Float64Array(sets).fill(1);
  for (let set = 0; set < sets; set++) {
    const k = tied.fitted[2 * set]! + tied.fitted[2 * set + 1]!;
    const squared = Math.max(power[set]! - k, fade[0]);
    const part = Math.min(1, Math.max(0, (fade[1] - Math.sqrt(squared)) / (fade[1] - fade[0])));
    flux[set] = 1 - (part * k) / (2 * squared);
    velocityError[set] = Math.sqrt(1 + (part * velocityExcess * tied.varianceOfU(set)) / squaredWidth[set]! ** 2);
  }
  return { flux, velocityError };
}
