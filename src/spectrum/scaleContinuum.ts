import type { Continuum } from './continuum.js';
import { isGood, type SpectralArm, type Spectrum } from './spectrum.js';

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
 * The continuum of one spectrum scaled to another, that of a part of it: f = (a + b x) m by least squares over the pixels that the
 * continuum was fitted to, x = −1 … 1 in ln λ over them, clipped at 3σ of the residuals. What colour the part still has beyond the
 * slope is left to the straight line that is fitted with the lines of each window (degree 1), so that fluxes stay unbiased.
 * Null where too few pixels are good to tell the level.
 *
 * @param used 1 for pixels that the continuum was fitted to, all arms one after the other
 */
export function scaleContinuum(continuum: Continuum, used: ArrayLike<number>, arms: readonly SpectralArm[], spectra: readonly Spectrum[]): ScaledContinuum | null {
  const rejected = arms.map(({ axis }) => new Uint8Array(axis.wavelength.length));
  let [first, last] = [Infinity, -Infinity];
  const each = (visit: (a: number, k: number) => void): void => {
    let p = 0;
    arms.forEach(({ axis: { wavelength } }, a) => {
      const { flux, variance } = spectra[a]!;
      for (let k = 0; k < wavelength.length; k++, p++) if (used[p] && !rejected[a]![k] && isGood(flux[k]!, variance[k]!) && Number.isFinite(continuum.model[a]![k]!)) visit(a, k);
    });
  };
  each((a, k) => {
    const λ = arms[a]!.axis.wavelength[k]!;
    first = Math.min(first, λ);
    last = Math.max(last, λ);
  });
  const [origin, span] = [Math.log(first), Math.log(last / first)];
  const coordinate = (λ: number): number => Math.min(1, Math.max(-1, (2 * (Math.log(λ) - origin)) / span - 1));
  let [level, slope, levelError] = [0, 0, 0];
  for (let turn = 0; turn < 5; turn++) {
    let [count, mm, mmx, mmxx, fm, fmx, ff] = [0, 0, 0, 0, 0, 0, 0];
    each((a, k) => {
      const { flux, variance } = spectra[a]!;
      const [f, m, w, x] = [flux[k]!, continuum.model[a]![k]!, 1 / variance[k]!, coordinate(arms[a]!.axis.wavelength[k]!)];
      count++;
      mm += w * m * m;
      mmx += w * m * m * x;
      mmxx += w * m * m * x * x;
      fm += w * f * m;
      fmx += w * f * m * x;
      ff += w * f * f;
    });
    if (count < fewestPixels || !(mm > 0)) return null;
    const determinant = mm * mmxx - mmx * mmx;
    const sloped = fm > slopeFrom * Math.sqrt(mm) && determinant > 1e-6 * mm * mmxx;
    level = sloped ? (mmxx * fm - mmx * fmx) / determinant : fm / mm;
    slope = sloped ? (mm * fmx - mmx * fm) / determinant : 0;
    const scatter = Math.sqrt(Math.max(0, ff - level * fm - slope * fmx) / (count - 1));
    levelError = scatter * Math.sqrt(sloped ? mmxx / determinant : 1 / mm);
    let clipped = false;
    each((a, k) => {
      const { flux, variance } = spectra[a]!;
      const factor = level + slope * coordinate(arms[a]!.axis.wavelength[k]!);
      if (Math.abs(flux[k]! - factor * continuum.model[a]![k]!) <= clip * scatter * Math.sqrt(variance[k]!)) return;
      rejected[a]![k] = 1;
      clipped = true;
    });
    if (!clipped) break;
  }
  const scaled = (values: readonly Float64Array[], shape: (factor: number) => number): Float64Array[] => values.map((own, a) => {
    const { wavelength } = arms[a]!.axis;
    return own.map((value, k) => value * shape(level + slope * coordinate(wavelength[k]!)));
  });
  const same = (factor: number): number => factor;
  return {
    model: scaled(continuum.model, same), level: scaled(continuum.level, same), rejected, degree: 1,
    uncertainty: scaled(continuum.uncertainty ?? continuum.model.map((own) => new Float64Array(own.length)), Math.abs), scale: level, scaleError: levelError,
  };
}
