import { lsfSigma } from '../light/index.js';
import { fixedDoublets, type FixedDoublet, type LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import type { SpectralArm } from './spectrum.js';
import { wavelengthOf, type LineWindow, type Wavelengths } from './windows.js';

/** One line of a window: where it is at velocity 0 and how it enters the fit. */
export interface DesignLine {
  /** Its number in the list of lines. */
  readonly index: number;
  /** Wavelength at the redshift, velocity 0 [Å], and the instrument's σ there [Å]. */
  readonly wavelength: number;
  readonly lsf: number;
  /** The amplitude that it belongs to, and its flux over that amplitude. */
  readonly column: number;
  readonly share: number;
}

/** What is linear in a window: amplitudes of lines, of which a doublet of fixed ratio shares one. */
export interface Design {
  readonly window: LineWindow;
  readonly arm: SpectralArm;
  readonly lines: readonly DesignLine[];
  readonly columns: number;
}

export interface DesignOptions {
  readonly redshift: number;
  readonly lines: readonly LineName[];
  /** Lines tied to a fixed flux ratio where one window holds both. Default `fixedDoublets` of the nebula. */
  readonly doublets?: readonly FixedDoublet[];
  /** Rest wavelengths [Å] that replace those of the line list, in the arms' medium. */
  readonly wavelengths?: Wavelengths;
}

/** The design of every window. */
export function designWindows(arms: readonly SpectralArm[], windows: readonly LineWindow[], options: DesignOptions): Design[] {
  const { redshift, lines: names, doublets = fixedDoublets, wavelengths = {} } = options;
  return windows.map((window) => {
    const arm = arms[window.arm]!;
    const columnOf = new Map<LineName, number>();
    let columns = 0;
    const strongOf = (name: LineName): FixedDoublet | undefined => doublets.find(({ strong, weak }) => weak === name && window.lines.includes(strong));
    for (const name of window.lines) if (!strongOf(name)) columnOf.set(name, columns++);
    const lines = window.lines.map((name): DesignLine => {
      const tie = strongOf(name);
      const wavelength = wavelengthOf(name, arm.axis.medium, redshift, wavelengths);
      return { index: names.indexOf(name), wavelength, lsf: lsfSigma(arm.lsf, wavelength), column: columnOf.get(tie?.strong ?? name)!, share: tie ? 1 / tie.ratio : 1 };
    });
    return { window, arm, lines, columns };
  });
}

/** Observed centre [Å] and σ [Å] of a line at a velocity [km/s] and squared dispersion u [km²/s²]: σ² = σ_LSF² + u (λ/c)². */
export function lineShape({ wavelength, lsf }: DesignLine, velocity: number, u: number): { readonly centre: number; readonly sigma: number } {
  const centre = wavelength * (1 + velocity / constants.c);
  return { centre, sigma: Math.sqrt(lsf * lsf + u * (centre / constants.c) ** 2) };
}

/** Mean width of a window's pixels [Å]. */
export function pixelWidth({ window: { from, to }, arm: { axis: { edges } } }: Design): number {
  return (edges[to]! - edges[from]!) / (to - from);
}

/** Number of edges at or below λ, less one: the pixel that holds λ (first − 1 before the first). Ascending edges [first … last]. */
export function pixelAt(edges: Float64Array, λ: number, first: number, last: number): number {
  if (!(λ >= edges[first]!)) return first - 1;
  if (λ >= edges[last]!) return last;
  // Pixels of a window are nearly as wide as each other: the place is there or next to it.
  let k = first + Math.floor(((λ - edges[first]!) / (edges[last]! - edges[first]!)) * (last - first));
  while (k > first && edges[k]! > λ) k--;
  while (k < last - 1 && edges[k + 1]! <= λ) k++;
  return k;
}
