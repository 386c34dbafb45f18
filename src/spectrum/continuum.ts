import { madToSigma } from '../stats/index.js';
import { absorbedShare } from './absorption.js';
import { medianInPlace, type SpectralArm, type Spectrum } from './spectrum.js';
import { evenWeights, pixelWeights } from './weights.js';
import { pixelRole, type LineWindow } from './windows.js';

/**
 * The continuum under the lines of a bin, however it was found. Arrays per arm, of the arm's length; NaN where the
 * continuum is not modelled.
 */
export interface Continuum {
  /** With stellar absorption lines: what the line fit subtracts. */
  readonly model: readonly Float64Array[];
  /** Without: what equivalent widths are measured against. */
  readonly level: readonly Float64Array[];
  /** 1 for pixels that the continuum fit rejected as outliers. */
  readonly rejected: readonly Uint8Array[];
  /** 1σ of the model [flux density], taken as fully correlated over the width of a line. Default: the model is taken as known. */
  readonly uncertainty?: readonly Float64Array[];
  /** Degree of the polynomial by which the continuum of each window may still be off, fitted together with the lines; −1 for none. */
  readonly degree: -1 | 0 | 1;
}

export interface LocalContinuumOptions {
  readonly redshift: number;
  /** Stellar absorption under every Balmer line, rest-frame equivalent width [Å]. Default 1.5. */
  readonly absorption?: number;
}

/** A fitter of local continua. Its results are overwritten by the next fit. */
export interface LocalContinuum {
  fit(spectra: readonly Spectrum[]): Continuum;
  /** Moves the stellar absorption of the last fit to a velocity [km/s]. */
  moveAbsorption(velocity: number): void;
}

/** Clip at this many robust standard deviations, on both sides, so that noise does not shift the level. */
const clip = 3;
/** Fewest continuum pixels on one side of the lines for a slope, and in all for a level. */
export const fewestPerSide = 4;
export const fewestInAll = 6;

/**
 * Straight lines under the line groups: through the continuum pixels of each window, evenly weighted (see `evenWeights`) and clipped
 * at 3σ on both sides; a constant where one side of the lines is missing. Stellar absorption multiplies it: it ends inside
 * the pixels that the continuum does not use.
 */
export function createLocalContinuum(arms: readonly SpectralArm[], windows: readonly LineWindow[], { redshift, absorption = 1.5 }: LocalContinuumOptions): LocalContinuum {
  const perArm = (): Float64Array[] => arms.map(({ axis }) => new Float64Array(axis.wavelength.length).fill(Number.NaN));
  const model = perArm();
  const level = perArm();
  const rejected = arms.map(({ axis }) => new Uint8Array(axis.wavelength.length));
  const longest = Math.max(1, ...windows.map(({ from, to }) => to - from));
  const share = new Float64Array(longest);
  const scratch = new Float64Array(longest);
  const weight = new Float64Array(longest);

  /** Coefficients of the straight line in x = −1 … 1 over the window, null when there is too little to go by. */
  function fitWindow(spectrum: Spectrum, window: LineWindow, out: Uint8Array): readonly [number, number] | null {
    const { axis: { wavelength }, flux } = spectrum;
    const { from, to, role } = window;
    const n = to - from;
    const middle = (wavelength[from]! + wavelength[to - 1]!) / 2;
    const half = (wavelength[to - 1]! - wavelength[from]!) / 2;
    pixelWeights(spectrum, window, weight, scratch);
    evenWeights(window, weight, scratch);
    const firstLine = role.indexOf(pixelRole.line);
    let coefficients: readonly [number, number] | null = null;
    for (let turn = 0; turn < 8; turn++) {
      let [left, right, sw, swx, swxx, swy, swxy] = [0, 0, 0, 0, 0, 0, 0];
      for (let i = 0; i < n; i++) {
        const w = weight[i]!;
        if (w === 0) continue;
        if (i < firstLine) left++;
        else right++;
        const x = (wavelength[from + i]! - middle) / half;
        const y = flux[from + i]!;
        sw += w;
        swx += w * x;
        swxx += w * x * x;
        swy += w * y;
        swxy += w * x * y;
      }
      if (left + right < fewestInAll) return null;
      const determinant = sw * swxx - swx * swx;
      const sloped = left >= fewestPerSide && right >= fewestPerSide && determinant > 1e-10 * sw * swxx;
      const a = sloped ? (swxx * swy - swx * swxy) / determinant : swy / sw;
      const b = sloped ? (sw * swxy - swx * swy) / determinant : 0;
      if (!(a - a === 0 && b - b === 0)) return null;
      coefficients = [a, b];
      const residual = (i: number): number => Math.abs(flux[from + i]! - a - (b * (wavelength[from + i]! - middle)) / half) * Math.sqrt(weight[i]!);
      let used = 0;
      for (let i = 0; i < n; i++) if (weight[i]! > 0) scratch[used++] = residual(i);
      const limit = clip * madToSigma * medianInPlace(scratch, used);
      let clipped = false;
      for (let i = 0; i < n; i++) {
        if (weight[i]! > 0 && limit > 0 && residual(i) > limit) {
          weight[i] = 0;
          out[from + i] = 1;
          clipped = true;
        }
      }
      if (!clipped) break;
    }
    return coefficients;
  }

  function moveAbsorption(velocity: number): void {
    for (const window of windows) {
      absorbedShare(arms[window.arm]!, window, redshift, absorption, velocity, share);
      for (let k = window.from; k < window.to; k++) model[window.arm]![k] = level[window.arm]![k]! * (1 - share[k - window.from]!);
    }
  }

  return {
    fit(spectra) {
      for (const one of rejected) one.fill(0);
      for (const window of windows) {
        const { from, to, arm } = window;
        const { wavelength } = arms[arm]!.axis;
        const line = fitWindow(spectra[arm]!, window, rejected[arm]!);
        const middle = (wavelength[from]! + wavelength[to - 1]!) / 2;
        const half = (wavelength[to - 1]! - wavelength[from]!) / 2;
        for (let k = from; k < to; k++) level[arm]![k] = line ? line[0] + (line[1] * (wavelength[k]! - middle)) / half : Number.NaN;
      }
      moveAbsorption(0);
      return { model, level, rejected, degree: 1 };
    },
    moveAbsorption,
  };
}
