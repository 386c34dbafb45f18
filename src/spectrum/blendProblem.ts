import type { LosvdParameter } from './spectralWorkspace.js';
import type { Projection, TemplateGrid } from './templateGrid.js';

/** One non-linear parameter in samples of the grid: what it moves, of which component (or which degree), and between which bounds. */
export interface Parameter {
  readonly of: LosvdParameter | 'polynomial' | 'reddening' | 'gasReddening';
  readonly index: number;
  readonly lower: number;
  readonly upper: number;
}

/** The number of a parameter; −1 where it is not fitted. */
export function placeOf(parameters: readonly Parameter[], of: Parameter['of'], index: number): number {
  return parameters.findIndex((one) => one.of === of && one.index === index);
}

/** Whether a parameter is one of the gas. */
export function movesGas({ of, index }: Parameter, isGas: (component: number) => boolean): boolean {
  return of === 'gasReddening' || (of !== 'polynomial' && of !== 'reddening' && isGas(index));
}

export interface BlendProblem {
  readonly grid: TemplateGrid;
  readonly projection: Projection;
  readonly parameters: readonly Parameter[];
  /** Per component: whether gas; where velocity and squared dispersion stay when they are no parameters; σ² beyond the stars' own [samples]. */
  readonly components: readonly { readonly gas: boolean; readonly velocity: number; readonly variance: number; readonly resolution: number }[];
  /** Degrees; additive −1 for none, multiplicative 0 for none. */
  readonly additive: number;
  readonly multiplicative: number;
  /** A(λ)/E(B−V) per pixel, or null. */
  readonly reddening: Float64Array | null;
  readonly gasReddening: Float64Array | null;
  /** RᵀR [templates²], or null. */
  readonly regularisation: Float64Array | null;
}
