import { ZgradError } from '../errors/index.js';
import { createFft } from './fft.js';
import { interpolateLinear } from './interpolation.js';

/**
 * Values smoothed by a Gaussian whose width changes slowly with x: on a coordinate stretched so that the width is constant, by the Gaussian's analytic
 * transform, and back (the way of Cappellari 2017). Its straight lines between samples smooth as well, so `smoothVariable` is the more exact where widths
 * are below a few pixels; this one's time does not grow with the width. Beyond the ends there is zero. Each NaN makes all of it NaN.
 * @param x [n] ascending, evenly spaced or not
 * @param values [n]
 * @param sigma [n] > 0, in the unit of x
 * @throws BadArgument when sigma is not positive or an array has another length
 */
export function smoothStretched(x: ArrayLike<number>, values: ArrayLike<number>, sigma: ArrayLike<number>): Float64Array {
  const n = x.length;
  let widest = 0; // pixels
  let place = 0;
  const stretched = Float64Array.from({ length: n }, (_, i) => {
    const [left, right] = [Math.max(0, i - 1), Math.min(n - 1, i + 1)];
    const pixels = sigma[i]! / ((x[right]! - x[left]!) / (right - left));
    if (!(pixels > 0 && sigma.length === n)) throw new ZgradError('BadArgument', { where: 'smoothing', found: `σ ${sigma[i]} at ${i}, ${sigma.length} of them`, expected: `${n} positive widths` });
    widest = Math.max(widest, pixels);
    return (place += 1 / pixels);
  });
  const range = stretched[n - 1]! - stretched[0]!;
  const samples = Math.ceil(range * widest); // as fine as the pixels where they are finest for the width
  const even = Float64Array.from({ length: samples }, (_, k) => stretched[0]! + (range * k) / (samples - 1));
  const length = 2 ** Math.ceil(Math.log2(samples + 5 * widest)); // what wraps around falls behind the end
  const padded = new Float64Array(length);
  padded.set(interpolateLinear(stretched, values, even));
  const fft = createFft(length);
  const transform = fft.forward(padded);
  const smoothed = fft.inverse(transform.map((part, at) => part * Math.exp(-0.5 * ((2 * Math.PI * (at >> 1) * widest) / length) ** 2)));
  return interpolateLinear(even, smoothed.subarray(0, samples), stretched);
}
