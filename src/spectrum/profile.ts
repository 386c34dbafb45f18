import { erf } from '../numeric/index.js';

/** How a line is laid on pixels: its mean over the pixel, or its value at the pixel's centre. */
export type ProfileKind = 'integrated' | 'sampled';

/** Mean flux density [1/Å] in the pixel from `low` to `high` of a Gaussian line of unit flux, or its value at the middle. */
export function lineDensity(low: number, high: number, centre: number, sigma: number, kind: ProfileKind): number {
  if (kind === 'sampled') {
    const t = ((low + high) / 2 - centre) / sigma;
    return Math.exp(-0.5 * t * t) / (sigma * Math.sqrt(2 * Math.PI));
  }
  const scale = Math.SQRT1_2 / sigma;
  return (erf((high - centre) * scale) - erf((low - centre) * scale)) / (2 * (high - low));
}
