import type { DesignLine } from './design.js';
import type { Profile } from './lineModel.js';

/** A line with the Gaussians that it has in its window: `places` are their numbers among the window's. */
export interface MeasuredLine {
  readonly w: number;
  readonly line: DesignLine;
  readonly profiles: readonly Profile[];
  readonly places: readonly number[];
}

/** Fluxes are summed to this many σ on both sides of a line: 0.05 % of a Gaussian lies outside. */
export const sumReach = 3.5;
