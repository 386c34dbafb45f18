import { isGood, medianInPlace, type Spectrum } from './spectrum.js';
import { pixelRole, type LineWindow } from './windows.js';

/** A variance this much below the typical one is a mistake: such a pixel would outweigh all others. */
const leastCredible = 0.01;
/** A variance above this many times the typical one is meant: airglow, or a pixel that the reduction distrusts. */
const meant = 2.5;

/**
 * Inverse variances of a window's pixels that have a role; 0 for those that do not count.
 *
 * Continuum pixels on one side of the lines all have the typical (median) variance of that side, unless theirs is much larger. A
 * variance that the reduction estimated from the very counts of its pixel is small where the noise is negative, and such weights
 * pull the level of a faint continuum down by about one count.
 * @param scratch as long as the window
 */
export function pixelWeights({ flux, variance }: Spectrum, { from, to, role }: LineWindow, into: Float64Array, scratch: Float64Array): void {
  const n = to - from;
  const firstLine = role.indexOf(pixelRole.line);
  const typical = (first: number, last: number, sideOnly: boolean): number => {
    let good = 0;
    for (let i = first; i < last; i++) {
      if ((role[i] === pixelRole.side || !sideOnly) && isGood(flux[from + i]!, variance[from + i]!)) scratch[good++] = variance[from + i]!;
    }
    return medianInPlace(scratch, good);
  };
  const [whole, left, right] = [typical(0, n, false), typical(0, firstLine, true), typical(firstLine, n, true)];
  for (let i = 0; i < n; i++) {
    const v = variance[from + i]!;
    if (role[i] === pixelRole.none || !isGood(flux[from + i]!, v) || v < leastCredible * whole) {
      into[i] = 0;
      continue;
    }
    const side = i < firstLine ? left : right;
    into[i] = 1 / (role[i] === pixelRole.side && v < meant * side ? side : v);
  }
}
