import { madToSigma } from '../stats/index.js';
import { absorbedShare, absorptionIn } from './absorption.js';
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

/** What of a window is the same in all spectra. */
interface WindowSides {
  /** x = −1 … 1 over the window, per pixel. */
  readonly coordinate: Float64Array;
  /** The continuum pixels, and the first pixel of the lines. */
  readonly pixels: Int32Array;
  readonly firstLine: number;
}

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
  const [share, scratch, weight, x, y, w, root, residual] = Array.from({ length: 8 }, () => new Float64Array(longest)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const place = new Int32Array(longest);
  const sides = windows.map(({ arm, from, to, role }): WindowSides => {
    const { wavelength } = arms[arm]!.axis;
    const [first, last] = [wavelength[from]!, wavelength[to - 1]!];
    return {
      coordinate: wavelength.slice(from, to).map((λ) => (λ - (first + last) / 2) / ((last - first) / 2)), firstLine: role.indexOf(pixelRole.line),
      pixels: Int32Array.from(role.keys()).filter((i) => role[i] === pixelRole.side),
    };
  });

  const absorbed = windows.map((window) => (absorption === 0 ? [] : absorptionIn(arms[window.arm]!, window, redshift)));

  /** Coefficients of the straight line in x = −1 … 1 over the window, null when there is too little to go by. */
  function fitWindow(spectrum: Spectrum, window: LineWindow, { coordinate, pixels, firstLine }: WindowSides, out: Uint8Array): readonly [number, number] | null {
    const { flux } = spectrum;
    const { from } = window;
    pixelWeights(spectrum, window, weight, scratch);
    evenWeights(window, weight, scratch);
    let used = 0;
    let known = 0;
    let rootOfKnown = 0;
    for (let k = 0; k < pixels.length; k++) {
      const i = pixels[k]!;
      const own = weight[i]!;
      if (own === 0) continue;
      place[used] = i;
      x[used] = coordinate[i]!;
      y[used] = flux[from + i]!;
      w[used] = own;
      // Nearly all pixels of a side have the same weight.
      if (own !== known) {
        known = own;
        rootOfKnown = Math.sqrt(own);
      }
      root[used++] = rootOfKnown;
    }
    let coefficients: readonly [number, number] | null = null;
    for (let turn = 0; turn < 8; turn++) {
      if (used < fewestInAll) return null;
      let left = 0;
      let sw = 0;
      let swx = 0;
      let swxx = 0;
      let swy = 0;
      let swxy = 0;
      for (let k = 0; k < used; k++) {
        const wx = w[k]! * x[k]!;
        if (place[k]! < firstLine) left++;
        sw += w[k]!;
        swx += wx;
        swxx += wx * x[k]!;
        swy += w[k]! * y[k]!;
        swxy += wx * y[k]!;
      }
      const determinant = sw * swxx - swx * swx;
      const sloped = left >= fewestPerSide && used - left >= fewestPerSide && determinant > 1e-10 * sw * swxx;
      const a = sloped ? (swxx * swy - swx * swxy) / determinant : swy / sw;
      const b = sloped ? (sw * swxy - swx * swy) / determinant : 0;
      if (!(a - a === 0 && b - b === 0)) return null;
      coefficients = [a, b];
      let largest = 0;
      for (let k = 0; k < used; k++) {
        const own = Math.abs(y[k]! - a - b * x[k]!) * root[k]!;
        residual[k] = own;
        largest = Math.max(largest, own);
      }
      // Most windows have nothing to clip: that the median is large enough is seen by counting, without finding it.
      let small = 0;
      for (let k = 0; k < used; k++) small += Number(clip * madToSigma * residual[k]! < largest);
      if (small <= used >> 1) break;
      for (let k = 0; k < used; k++) scratch[k] = residual[k]!;
      const limit = clip * madToSigma * medianInPlace(scratch, used);
      if (limit === 0) break;
      let kept = 0;
      for (let k = 0; k < used; k++) {
        if (residual[k]! > limit) {
          out[from + place[k]!] = 1;
          continue;
        }
        place[kept] = place[k]!;
        x[kept] = x[k]!;
        y[kept] = y[k]!;
        w[kept] = w[k]!;
        root[kept++] = root[k]!;
      }
      used = kept;
    }
    return coefficients;
  }

  function moveAbsorption(velocity: number): void {
    for (let k = 0; k < windows.length; k++) {
      const { arm, from, to } = windows[k]!;
      if (absorbed[k]!.length === 0) continue;
      const [into, without] = [model[arm]!, level[arm]!];
      absorbedShare(arms[arm]!, windows[k]!, absorbed[k]!, redshift, absorption, velocity, share);
      for (let i = from; i < to; i++) into[i] = without[i]! * (1 - share[i - from]!);
    }
  }

  return {
    fit(spectra) {
      for (const one of rejected) one.fill(0);
      for (let k = 0; k < windows.length; k++) {
        const { from, arm } = windows[k]!;
        const { coordinate } = sides[k]!;
        const line = fitWindow(spectra[arm]!, windows[k]!, sides[k]!, rejected[arm]!);
        const [a, b] = line ?? [Number.NaN, 0];
        const [into, absorbing] = [level[arm]!, model[arm]!];
        for (let i = 0; i < coordinate.length; i++) into[from + i] = absorbing[from + i] = a + b * coordinate[i]!;
      }
      moveAbsorption(0);
      return { model, level, rejected, degree: 1 };
    },
    moveAbsorption,
  };
}
