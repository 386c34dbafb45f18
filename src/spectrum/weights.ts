import { isGood, medianInPlace, type Spectrum } from './spectrum.js';
import { pixelRole, type LineWindow } from './windows.js';

/** A variance this much below the typical one is a mistake: such a pixel would outweigh all others. */
const leastCredible = 0.01;
/** A variance above this many times the typical one is meant: airglow, or a pixel that the reduction distrusts. */
const meant = 2.5;

/** Inverse variances of a window's pixels that have a role; 0 for those that do not count. `scratch` is as long as the window. */
export function pixelWeights({ flux, variance }: Spectrum, { from, to, role }: LineWindow, into: Float64Array, scratch: Float64Array): void {
  let [smallest, largest] = [Infinity, 0];
  for (let k = from; k < to; k++) {
    const v = variance[k]!;
    if (!isGood(flux[k]!, v)) continue;
    if (v < smallest) smallest = v;
    if (v > largest) largest = v;
  }
  // The typical variance matters only where some are much smaller than others.
  const least = smallest < leastCredible * largest ? leastCredible * typicalVariance(flux, variance, from, to, scratch) : 0;
  for (let i = 0; i < to - from; i++) {
    const v = variance[from + i]!;
    into[i] = role[i] !== pixelRole.none && v >= least && isGood(flux[from + i]!, v) ? 1 / v : 0;
  }
}

function typicalVariance(flux: Float64Array, variance: Float64Array, from: number, to: number, scratch: Float64Array): number {
  let good = 0;
  for (let k = from; k < to; k++) if (isGood(flux[k]!, variance[k]!)) scratch[good++] = variance[k]!;
  return medianInPlace(scratch, good);
}

/**
 * Weights for the level of a continuum alone: every continuum pixel on one side of the lines has the typical (median)
 * weight of that side, unless its own is much smaller; other pixels have 0. A variance that the reduction estimated from the
 * very counts of its pixel is small where the noise is negative, and such weights pull a faint level down by about one count.
 * @param weight as `pixelWeights` gives; overwritten
 */
export function evenWeights({ role }: LineWindow, weight: Float64Array, scratch: Float64Array): void {
  const firstLine = role.indexOf(pixelRole.line);
  for (const [first, last] of [[0, firstLine], [firstLine, role.length]] as const) {
    let count = 0;
    for (let i = first; i < last; i++) {
      if (role[i] !== pixelRole.side) weight[i] = 0;
      if (weight[i]! > 0) scratch[count++] = weight[i]!;
    }
    const typical = medianInPlace(scratch, count);
    for (let i = first; i < last; i++) if (weight[i]! > typical / meant) weight[i] = typical;
  }
}
