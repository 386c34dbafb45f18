import { constants } from '../units/index.js';

/** Bins of a galaxy by their place on the sky, for sums over pairs that lie close together. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Calls `visit` for every pair i ≤ j of bins no farther apart than `reach` along either axis. */
function forPairs({ x, y }: Places, reach: number, visit: (i: number, j: number, dx: number, dy: number) => void): void {
  const left = x.reduce((a, b) => Math.min(a, b), Infinity);
  const bottom = y.reduce((a, b) => Math.min(a, b), Infinity);
  const cells = new Map<number, number[]>();
  const cellOf = (i: number) => [Math.floor((x[i]! - left) / reach), Math.floor((y[i]! - bottom) / reach)] as const;
  // As small as it may be, with a row to spare on either side: maps are quick for keys that are short integers.
  const rows = 3 + y.reduce((most, _, i) => Math.max(most, cellOf(i)[1]), 0);
  for (let i = 0; i < x.length; i++) {
    const [cx, cy] = cellOf(i);
    const key = cx * rows + cy;
    const cell = cells.get(key);
    if (cell) cell.push(i);
    else cells.set(key, [i]);
  }
  for (let i = 0; i < x.length; i++) {
    const [cx, cy] = cellOf(i);
    for (let a = cx - 1; a <= cx + 1; a++) {
      for (let b = cy - 1; b <= cy + 1; b++) {
        for (const j of cells.get(a * rows + b) ?? []) {
          if (j < i) continue;
          const dx = Math.abs(x[i]! - x[j]!);
          const dy = Math.abs(y[i]! - y[j]!);
          if (dx <= reach && dy <= reach) visit(i, j, dx, dy);
        }
      }
    }
  }
}

/** What bootstraps see of a scatter that the seeing has smoothed. */
export interface SeenShares {
  /** Share of the true variance of the slope that resampling single bins finds. */
  readonly bins: number;
  /** Share that resampling square blocks of a side finds, in the unit of the places. */
  readonly byBlocks: (side: number) => number;
}

/**
 * How much of the variance of an OLS slope two bootstraps find when the scatter of the values is white noise smoothed by
 * the seeing, whose autocorrelation is exp(−d²/4σ²). A bootstrap of blocks with random borders counts a pair of bins as often
 * as it falls into one block, (1 − |Δx|/side)(1 − |Δy|/side); one of bins never. What they find is also less because the
 * line has taken part of the scatter with it: residuals have the covariance MρM, M the projection onto what no line fits.
 * Both shares are relative to what the same bootstrap finds of white noise.
 * @param radius of the bins, at least three and not all equal
 * @param fwhm of the seeing, in the unit of the places
 */
export function seenShares(radius: Float64Array, places: Places, fwhm: number): SeenShares {
  const n = radius.length;
  const sigma = fwhm / constants.fwhmPerSigma;
  const correlation = (dx: number, dy: number) => Math.exp(-(dx * dx + dy * dy) / (4 * sigma * sigma));
  const mean = radius.reduce((a, b) => a + b, 0) / n;
  const lever = radius.map((r) => r - mean);
  const spread = lever.reduce((sum, v) => sum + v * v, 0);
  // Orthonormal constant and slope, and what the correlation makes of them.
  const flat = 1 / Math.sqrt(n);
  const tilt = lever.map((v) => v / Math.sqrt(spread));
  const smoothFlat = new Float64Array(n);
  const smoothTilt = new Float64Array(n);
  forPairs(places, 2 * fwhm, (i, j, dx, dy) => {
    const rho = correlation(dx, dy);
    smoothFlat[i]! += rho * flat;
    smoothTilt[i]! += rho * tilt[j]!;
    if (i === j) return;
    smoothFlat[j]! += rho * flat;
    smoothTilt[j]! += rho * tilt[i]!;
  });
  let flatFlat = 0;
  let flatTilt = 0;
  let tiltTilt = 0;
  for (let i = 0; i < n; i++) {
    flatFlat += flat * smoothFlat[i]!;
    flatTilt += flat * smoothTilt[i]!;
    tiltTilt += tilt[i]! * smoothTilt[i]!;
  }
  const residualCovariance = (i: number, j: number, rho: number) => rho
    - flat * (smoothFlat[i]! + smoothFlat[j]!) - tilt[i]! * smoothTilt[j]! - smoothTilt[i]! * tilt[j]!
    + flat * flat * flatFlat + flat * flatTilt * (tilt[i]! + tilt[j]!) + tilt[i]! * tiltTilt * tilt[j]!;
  const residualWhite = (i: number, j: number) => (i === j ? 1 : 0) - flat * flat - tilt[i]! * tilt[j]!;

  let smoothSingle = 0;
  let whiteSingle = 0;
  for (let i = 0; i < n; i++) {
    smoothSingle += tilt[i]! ** 2 * residualCovariance(i, i, 1);
    whiteSingle += tilt[i]! ** 2 * residualWhite(i, i);
  }
  const byBlocks = (side: number) => {
    let smooth = 0;
    let white = 0;
    forPairs(places, side, (i, j, dx, dy) => {
      const weight = (i === j ? 1 : 2) * (1 - dx / side) * (1 - dy / side) * tilt[i]! * tilt[j]!;
      smooth += weight * residualCovariance(i, j, correlation(dx, dy));
      white += weight * residualWhite(i, j);
    });
    return smooth / white / tiltTilt;
  };
  return { bins: smoothSingle / whiteSingle / tiltTilt, byBlocks };
}

/**
 * What bins and blocks see of the sum of ρ² over all pairs, ρ² = exp(−d²/2σ²): by it the correlation of two unrelated quantities
 * scatters that the seeing has smoothed both. As `seenShares`, without the trend.
 */
export function seenPairs(places: Places, fwhm: number): SeenShares {
  const sigma = fwhm / constants.fwhmPerSigma;
  const shared = (dx: number, dy: number) => Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
  let total = 0;
  forPairs(places, 2 * fwhm, (i, j, dx, dy) => { total += (i === j ? 1 : 2) * shared(dx, dy); });
  const byBlocks = (side: number) => {
    let sum = 0;
    forPairs(places, side, (i, j, dx, dy) => { sum += (i === j ? 1 : 2) * (1 - dx / side) * (1 - dy / side) * shared(dx, dy); });
    return sum / total;
  };
  return { bins: places.x.length / total, byBlocks };
}
