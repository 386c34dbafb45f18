import type { Design } from './design.js';

/** What one window holds during a fit. Arrays over its pixels. */
export interface WindowData {
  readonly design: Design;
  /** Flux − continuum [flux density]; 0 where a pixel does not count. */
  readonly residual: Float64Array;
  /** Inverse variance, scaled by `noise`; 0 where a pixel does not count. */
  readonly weight: Float64Array;
  readonly level: Float64Array;
  readonly model: Float64Array;
  /** Error scale: how much more the continuum scatters than its variance says, at least 1. */
  noise: number;
  /** Degree of the polynomial fitted with the lines; −1 for none. */
  degree: number;
  /** False where there is no continuum to subtract. */
  active: boolean;
}
