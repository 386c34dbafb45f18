import { ZgradError } from '../errors/index.js';
import { logAxis, type SpectralAxis } from '../light/index.js';
import { constants } from '../units/index.js';
import { isGood } from './spectrum.js';

export interface LogRebinOptions {
  /**
   * Width of the new pixels, c Δln λ [km/s]; what is left over at the red end is cut. Default: the outer edges' c ln(λ_N/λ_0) in as many pixels as there
   * were, times `oversampling`.
   */
  readonly velocityScale?: number;
  /** New pixels per old one where no velocity scale is given. Default 1. */
  readonly oversampling?: number;
  /** Whether a pixel holds a mean flux density [per Å] or all of its flux, in and out alike. Default 'density'. */
  readonly quantity?: 'density' | 'flux';
  /** [n] 1 for pixels not to be used; nor are those that `isGood` refuses. */
  readonly bad?: ArrayLike<number>;
}

/** A spectrum in pixels of equal width in ln λ, from the blue edge of the old ones. */
export interface LogRebinned {
  readonly axis: SpectralAxis;
  /** [km/s] */
  readonly velocityScale: number;
  /** NaN in pixels that touch an unused one. */
  readonly flux: Float64Array;
  /** Of each pixel alone: neighbours that share an old pixel are correlated, which is not tracked. NaN where the flux is, or none was given. */
  readonly variance: Float64Array;
}

/** An overlap below this share of a pixel is rounding. */
const rounding = 1e-9;

/**
 * Rebins a spectrum logarithmically, each old pixel's flux taken as spread evenly over it: total flux is conserved and a constant density stays constant.
 * Variances add with the squares of the overlaps' shares.
 * @param axis of n pixels, evenly spaced or not
 * @param flux [n]
 * @param variance [n], or null
 * @throws BadArgument for arrays of another length, or a velocity scale that leaves less than two pixels
 */
export function logRebin(axis: SpectralAxis, flux: ArrayLike<number>, variance: ArrayLike<number> | null, options: LogRebinOptions = {}): LogRebinned {
  const { oversampling = 1, quantity = 'density', bad } = options;
  const { edges, medium } = axis;
  const n = axis.wavelength.length;
  const lengths = [flux, variance ?? flux, bad ?? flux].map(({ length }) => length);
  if (lengths.some((length) => length !== n)) throw new ZgradError('BadArgument', { where: 'spectrum', found: `${lengths.join(', ')} values`, expected: `${n}, as the axis has` });
  const range = Math.log(edges[n]! / edges[0]!);
  const velocityScale = options.velocityScale ?? constants.c * range / Math.round(n * oversampling);
  const step = velocityScale / constants.c;
  // What is missing to a whole pixel by rounding, of a velocity scale printed with ten digits too, does not cost the pixel.
  const count = Math.floor(range / step + 1e-6);
  if (!(edges[0]! > 0 && step > 0 && count >= 2 && count < Infinity)) {
    throw new ZgradError('BadArgument', { where: 'logarithmic rebinning', found: `velocity scale ${velocityScale} km/s over ${edges[0]}–${edges[n]} Å`, expected: 'at least two pixels' });
  }
  const target = logAxis(edges[0]! * Math.exp(step / 2), step, count, medium);
  const out = { axis: target, velocityScale, flux: new Float64Array(count), variance: new Float64Array(count).fill(variance ? 0 : Number.NaN) };
  let first = 0;
  for (let k = 0; k < count; k++) {
    const [blue, red] = [target.edges[k]!, target.edges[k + 1]!];
    while (first < n - 1 && edges[first + 1]! <= blue) first++;
    for (let i = first; i < n && edges[i]! < red; i++) {
      const width = edges[i + 1]! - edges[i]!;
      const overlap = Math.min(red, edges[i + 1]!) - Math.max(blue, edges[i]!);
      if (overlap <= rounding * width) continue;
      const share = overlap / (quantity === 'density' ? red - blue : width);
      const used = !bad?.[i] && isGood(flux[i]!, variance ? variance[i]! : 1);
      out.flux[k]! += used ? share * flux[i]! : Number.NaN;
      if (variance) out.variance[k]! += used ? share * share * variance[i]! : Number.NaN;
    }
  }
  return out;
}
