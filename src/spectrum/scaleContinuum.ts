import type { Continuum } from './continuum.js';
import { isGood, type SpectralArm, type Spectrum } from './spectrum.js';
import type { LineWindow } from './windows.js';

/** A continuum brought to another spectrum. */
export interface ScaledContinuum extends Continuum {
  readonly uncertainty: readonly Float64Array[];
  /** What the continuum was multiplied by in the middle of the fitted pixels, and its error. */
  readonly scale: number;
  readonly scaleError: number;
}

/** Pixels off by this many standard deviations of the residuals are left out. */
const clip = 3;
const fewestPixels = 20;
/** The slope is fitted where the level is known this well. */
const slopeFrom = 10;

/**
 * Brings the continuum of one spectrum to another, that of a part of it.
 * @param used 1 for pixels that the continuum was fitted to, all arms one after the other
 */
export type ContinuumScaler = (continuum: Continuum, used: ArrayLike<number>, spectra: readonly Spectrum[]) => ScaledContinuum | null;

/**
 * Makes the scaler for spectra on given axes: f = (a + b x) m by least squares over the pixels that the continuum was fitted to, x = −1 … 1 in ln λ over them,
 * clipped at 3σ of the residuals. What colour the part still has beyond the slope is left to the straight line that is fitted with the lines of each window
 * (degree 1), so that fluxes stay unbiased. Null where too few pixels are good to tell the level. Arrays of the answer are overwritten by the next.
 * @param needed the pixels that are wanted, `from` to before `to` of an arm; the others are not to be read. Default: all
 * @param every only one pixel in so many of each arm, the first among them, is looked at; outliers of the others stay. Default 1
 */
export function createContinuumScaler(
  arms: readonly SpectralArm[], needed: readonly Pick<LineWindow, 'arm' | 'from' | 'to'>[] = arms.map(({ axis }, arm) => ({ arm, from: 0, to: axis.wavelength.length })), every = 1,
): ContinuumScaler {
  const lengths = arms.map(({ axis }) => axis.wavelength.length);
  const all = lengths.reduce((sum, n) => sum + n, 0);
  const logs = arms.map(({ axis }) => axis.wavelength.map(Math.log));
  const own = (): Float64Array[] => lengths.map((n) => new Float64Array(n));
  const [model, level, uncertainty] = [own(), own(), own()];
  const rejected = lengths.map((n) => new Uint8Array(n));
  // The pixels that count, packed: flux, model, weight, ln λ, then coordinate, and where they lie.
  const [f, m, w, x] = Array.from({ length: 4 }, () => new Float64Array(all)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const place = new Int32Array(all);
  const armOf = new Uint8Array(all);

  /** Packs the pixels of an arm that count, from number `count` on; answers how many there are then. */
  function gather(a: number, { flux, variance }: Spectrum, values: Float64Array, used: ArrayLike<number>, start: number, count: number): number {
    const logarithm = logs[a]!;
    for (let k = 0; k < logarithm.length; k += every) {
      if (!used[start + k] || !isGood(flux[k]!, variance[k]!) || !Number.isFinite(values[k]!)) continue;
      f[count] = flux[k]!;
      m[count] = values[k]!;
      w[count] = 1 / variance[k]!;
      x[count] = logarithm[k]!;
      place[count] = k;
      armOf[count++] = a;
    }
    return count;
  }

  return (continuum, used, spectra) => {
    let count = 0;
    let start = 0;
    for (let a = 0; a < lengths.length; a++) {
      rejected[a]!.fill(0);
      count = gather(a, spectra[a]!, continuum.model[a]!, used, start, count);
      start += lengths[a]!;
    }
    // Numbers that begin with what a pattern takes apart would be boxed at every step.
    let first = Infinity;
    let last = -Infinity;
    for (let i = 0; i < count; i++) {
      const at = x[i]!;
      if (at < first) first = at;
      if (at > last) last = at;
    }
    const perLog = 2 / (last - first);
    for (let i = 0; i < count; i++) x[i] = (x[i]! - first) * perLog - 1;
    let factor = 0;
    let slope = 0;
    let factorError = 0;
    for (let turn = 0; turn < 5; turn++) {
      let mm = 0;
      let mmx = 0;
      let mmxx = 0;
      let fm = 0;
      let fmx = 0;
      let ff = 0;
      for (let i = 0; i < count; i++) {
        const wm = w[i]! * m[i]!;
        const wmm = wm * m[i]!;
        const wfm = wm * f[i]!;
        mm += wmm;
        mmx += wmm * x[i]!;
        mmxx += wmm * x[i]! * x[i]!;
        fm += wfm;
        fmx += wfm * x[i]!;
        ff += w[i]! * f[i]! * f[i]!;
      }
      if (count < fewestPixels || !(mm > 0)) return null;
      const determinant = mm * mmxx - mmx * mmx;
      const sloped = fm > slopeFrom * Math.sqrt(mm) && determinant > 1e-6 * mm * mmxx;
      factor = sloped ? (mmxx * fm - mmx * fmx) / determinant : fm / mm;
      slope = sloped ? (mm * fmx - mmx * fm) / determinant : 0;
      const scatter = Math.sqrt(Math.max(0, ff - factor * fm - slope * fmx) / (count - 1));
      factorError = scatter * Math.sqrt(sloped ? mmxx / determinant : 1 / mm);
      // Never below what rounding leaves of the sums.
      const limit = clip * clip * Math.max(scatter * scatter, (1e-13 * ff) / count);
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const residual = f[i]! - (factor + slope * x[i]!) * m[i]!;
        if (!(residual * residual * w[i]! <= limit)) {
          rejected[armOf[i]!]![place[i]!] = 1;
          continue;
        }
        if (kept < i) {
          f[kept] = f[i]!;
          m[kept] = m[i]!;
          w[kept] = w[i]!;
          x[kept] = x[i]!;
          place[kept] = place[i]!;
          armOf[kept] = armOf[i]!;
        }
        kept++;
      }
      if (kept === count) break;
      count = kept;
    }
    for (const { arm, from, to } of needed) {
      const [values, light, doubt, logarithm] = [continuum.model[arm]!, continuum.level[arm]!, continuum.uncertainty?.[arm], logs[arm]!];
      for (let k = from; k < to; k++) {
        const coordinate = Math.min(1, Math.max(-1, (logarithm[k]! - first) * perLog - 1));
        const here = factor + slope * coordinate;
        model[arm]![k] = values[k]! * here;
        level[arm]![k] = light[k]! * here;
        uncertainty[arm]![k] = doubt ? doubt[k]! * Math.abs(here) : 0;
      }
    }
    return { model, level, rejected, uncertainty, degree: 1, scale: factor, scaleError: factorError };
  };
}
