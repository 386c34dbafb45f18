import { madToSigma, median } from '../stats/index.js';
import { constants } from '../units/index.js';
import type { LineName } from '../nebula/index.js';
import { isGood, type Spectrum } from './spectrum.js';
import { lineHalfWidth, wavelengthOf, type Window } from './windows.js';

export interface ContinuumOptions {
  /** Stellar absorption under every Balmer line, rest-frame equivalent width [Å]. Default 1.5. */
  readonly absorption?: number;
  /** Lines that the continuum keeps clear of. */
  readonly lines: readonly LineName[];
}

/** The continuum under the lines of one window. */
export interface WindowContinuum {
  /** Flux density without stellar absorption: a straight line. NaN where the window has too few pixels. */
  readonly level: Float64Array;
  /** With stellar absorption: what is subtracted. */
  readonly model: Float64Array;
}

/**
 * FWHM of the stellar Balmer absorption [Å, rest frame]. Single stellar populations show broad troughs of 2–7 Å; what a gas line
 * of σ 1–2 Å loses to their cores is 0.8–1.7 Å of equivalent width, so that the absorption is modelled about as wide as such a
 * line and its equivalent width is that effective one.
 */
export const absorptionWidth = 4;

const balmerLines: readonly LineName[] = ['Ha', 'Hb', 'Hg', 'Hd', 'He', 'H8'];

/** Clip at this many robust standard deviations, on both sides, so that noise does not shift the level. */
const clip = 3;

/** Share of the continuum that stellar Balmer absorption takes in every pixel of a window. */
export function absorbedShare(axis: Spectrum['axis'], window: Window, redshift: number, absorption: number): Float64Array {
  const sigma = (absorptionWidth / constants.fwhmPerSigma) * (1 + redshift);
  const share = new Float64Array(window.to - window.from);
  if (absorption === 0) return share;
  for (const line of balmerLines) {
    const centre = wavelengthOf(line, axis.medium, redshift);
    for (let i = 0; i < share.length; i++) {
      const t = (axis.wavelength[window.from + i]! - centre) / sigma;
      if (Math.abs(t) < 8) share[i]! += (absorption * (1 + redshift) * Math.exp(-0.5 * t * t)) / (sigma * Math.sqrt(2 * Math.PI));
    }
  }
  return share;
}

/** A variance this much below the window's median is a mistake: such a pixel would outweigh all others. */
const credible = 0.05;

/** Inverse variance of a window's pixels; 0 for those that do not count. */
export function pixelWeights(spectrum: Spectrum, window: Window, into: Float64Array): void {
  const { flux, variance } = spectrum;
  const good: number[] = [];
  for (let k = window.from; k < window.to; k++) if (isGood(flux[k]!, variance[k]!)) good.push(variance[k]!);
  const least = credible * median(good);
  for (let k = window.from; k < window.to; k++) into[k - window.from] = isGood(flux[k]!, variance[k]!) && variance[k]! >= least ? 1 / variance[k]! : 0;
}

/** Pixels of a window that no line and no airglow touches, 1 = clear. */
export function clearPixels(axis: Spectrum['axis'], window: Window, redshift: number, lines: readonly LineName[]): Uint8Array {
  return Uint8Array.from({ length: window.to - window.from }, (_, i) => {
    if (window.sky[i]) return 0;
    const λ = axis.wavelength[window.from + i]!;
    return Number(lines.every((line) => Math.abs(λ / wavelengthOf(line, axis.medium, redshift) - 1) > lineHalfWidth / constants.c));
  });
}

/**
 * The continuum of one window: a straight line through the clear pixels with the given weights, clipped at 3σ on both
 * sides, times one minus the stellar absorption.
 */
export function fitWindowContinuum(spectrum: Pick<Spectrum, 'axis' | 'flux'>, window: Window, weight: Float64Array, clear: Uint8Array, absorbed: Float64Array): WindowContinuum {
  const n = window.to - window.from;
  const level = new Float64Array(n).fill(Number.NaN);
  const { wavelength } = spectrum.axis;
  const middle = (wavelength[window.from]! + wavelength[window.to - 1]!) / 2;
  const half = (wavelength[window.to - 1]! - wavelength[window.from]!) / 2;
  const x = (i: number): number => (wavelength[window.from + i]! - middle) / half;
  let used: number[] = [];
  for (let i = 0; i < n; i++) {
    if (clear[i] && weight[i]! > 0) used.push(i);
  }
  let a = Number.NaN;
  let b = Number.NaN;
  for (let turn = 0; turn < 6; turn++) {
    if (used.length < 6) break;
    let [sw, swx, swxx, swy, swxy] = [0, 0, 0, 0, 0];
    for (const i of used) {
      const keep = 1 - absorbed[i]!;
      const w = weight[i]!;
      const y = spectrum.flux[window.from + i]!;
      sw += w * keep * keep;
      swx += w * keep * keep * x(i);
      swxx += w * keep * keep * x(i) ** 2;
      swy += w * keep * y;
      swxy += w * keep * y * x(i);
    }
    const determinant = sw * swxx - swx * swx;
    if (!(determinant > 1e-10 * sw * swxx)) break;
    a = (swxx * swy - swx * swxy) / determinant;
    b = (sw * swxy - swx * swy) / determinant;
    const residual = (i: number): number =>
      (spectrum.flux[window.from + i]! - (a + b * x(i)) * (1 - absorbed[i]!)) * Math.sqrt(weight[i]!);
    const limit = clip * madToSigma * median(used.map((i) => Math.abs(residual(i))));
    const kept = used.filter((i) => Math.abs(residual(i)) <= limit);
    if (kept.length === used.length || !(limit > 0)) break;
    used = kept;
  }
  for (let i = 0; i < n; i++) level[i] = a + b * x(i);
  return { level, model: level.map((v, i) => v * (1 - absorbed[i]!)) };
}
