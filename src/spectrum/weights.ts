import { isGood, medianInPlace, type Spectrum } from './spectrum.js';
import { pixelRole, type LineWindow } from './windows.js';

/** A variance this much below the typical one is a mistake: such a pixel would outweigh all others. */
const leastCredible = 0.01;
/** A variance above this many times the typical one is meant: airglow, or a pixel that the reduction distrusts. */
const meant = 2.5;

/** Inverse variances of a window's pixels that have a role; 0 for those that do not count. `scratch` is as long as the window. */
export function pixelWeights({ flux, variance }: Spectrum, { from, to, role }: LineWindow, into: Float64Array, scratch: Float64Array): void {
  let smallest = Infinity;
  let largest = 0;
  for (let i = 0; i < to - from; i++) {
    const v = variance[from + i]!;
    into[i] = 0;
    if (!isGood(flux[from + i]!, v)) continue;
    if (role[i] !== pixelRole.none) into[i] = 1 / v;
    if (v < smallest) smallest = v;
    if (v > largest) largest = v;
  }
  // The typical variance matters only where some are much smaller than others.
  if (!(smallest < leastCredible * largest)) return;
  const least = leastCredible * typicalVariance(flux, variance, from, to, scratch);
  for (let i = 0; i < to - from; i++) if (variance[from + i]! < least) into[i] = 0;
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
  const firstLine = Math.max(0, role.indexOf(pixelRole.line));
  evenOut(role, weight, 0, firstLine, scratch);
  evenOut(role, weight, firstLine, role.length, scratch);
}

function evenOut(role: Uint8Array, weight: Float64Array, first: number, last: number, scratch: Float64Array): void {
  let count = 0;
  let smallest = Infinity;
  let largest = 0;
  for (let i = first; i < last; i++) {
    if (role[i] !== pixelRole.side) weight[i] = 0;
    const own = weight[i]!;
    if (own === 0) continue;
    scratch[count++] = own;
    if (own < smallest) smallest = own;
    if (own > largest) largest = own;
  }
  if (!(smallest < largest)) return;
  const typical = medianInPlace(scratch, count);
  const least = typical / meant;
  for (let i = first; i < last; i++) if (weight[i]! > least) weight[i] = typical;
}
