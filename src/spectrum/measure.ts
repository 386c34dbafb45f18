import type { LineName } from '../nebula/index.js';
import { maskBits } from '../linemaps/index.js';
import { lineShape, pixelAt, type DesignLine } from './design.js';
import { lineDensity, type ProfileKind } from './profile.js';
import type { TiedFit } from './tiedFit.js';
import type { WindowData } from './windowData.js';

/** Result of one bin. Arrays follow `lines`; NaN where a line could not be measured. Fluxes [1e-17 erg/s/cm²]. */
export interface LineFit {
  readonly lines: readonly LineName[];
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** Rest-frame equivalent width [Å], positive in emission, against the continuum (without stellar absorption) at the line. */
  readonly ew: Float64Array;
  readonly ewError: Float64Array;
  /** Sum over the line's window after the continuum and the other lines are taken off: a cross-check free of the profile. */
  readonly sum: Float64Array;
  readonly sumError: Float64Array;
  /** Covariance of the fluxes, row-major [lines × lines]: for sums of lines that overlap, such as [O II]. */
  readonly covariance: Float64Array;
  /** NOCOV, NOVALUE, SKYLINE per line. */
  readonly lineStatus: Int32Array;
  /** [km/s], relative to the redshift; NaN where no line was detected. */
  readonly velocity: number;
  readonly velocityError: number;
  /** Dispersion of the gas [km/s], the instrument's in quadrature taken off. */
  readonly sigma: number;
  readonly sigmaError: number;
  /** With the variances as given. */
  readonly chi2: number;
  readonly dof: number;
  /** NOCOV, NOVALUE (nothing measured), FITFAILED, NEARBOUND (dispersion 0 or at its upper bound), LOWSNR (kinematics not measured). */
  readonly status: number;
}

/** Fluxes are summed to this many σ on both sides of a line: 0.05 % of a Gaussian lies outside. */
const sumReach = 3.5;
const unmeasured = (1 << maskBits.NOCOV) | (1 << maskBits.NOVALUE);

interface Measurement {
  readonly lines: readonly LineName[];
  readonly data: readonly WindowData[];
  /** Null when nothing could be fitted. */
  readonly tied: TiedFit | null;
  readonly lineStatus: Int32Array;
  readonly status: number;
  readonly redshift: number;
  readonly profile: ProfileKind;
}

/** What is read off a finished fit: fluxes, equivalent widths, sums, their errors, the kinematics. */
export function measureLines({ lines, data, tied, lineStatus, status, redshift, profile }: Measurement): LineFit {
  const n = lines.length;
  const nan = (length = n): Float64Array => new Float64Array(length).fill(Number.NaN);
  const out = { flux: nan(), fluxError: nan(), ew: nan(), ewError: nan(), sum: nan(), sumError: nan(), covariance: nan(n * n) };
  const none = { velocity: Number.NaN, velocityError: Number.NaN, sigma: Number.NaN, sigmaError: Number.NaN };
  if (!tied) return { lines, ...out, ...none, lineStatus, chi2: Number.NaN, dof: 0, status };

  const measured: { readonly w: number; readonly line: DesignLine; readonly column: number }[] = [];
  let chi2 = 0;
  let dof = -tied.kinematicParameters;
  data.forEach(({ design, weight, noise }, w) => {
    const { linear, values } = tied.solution(w);
    if (linear === 0) {
      for (const { index } of design.lines) if (!(lineStatus[index]! & unmeasured)) lineStatus[index]! |= 1 << maskBits.NOVALUE;
      return;
    }
    chi2 += tied.residuals(w).chi2 * noise * noise;
    for (const one of weight) if (one > 0) dof++;
    dof -= linear;
    for (const line of design.lines) {
      const column = tied.columnOf(w, line);
      if (column < 0 || lineStatus[line.index]! & unmeasured) continue;
      const flux = values[column]! * line.share;
      const variance = tied.linearCovariance(w, column, w, column) * line.share ** 2;
      if (!(flux - flux === 0 && variance > 0)) {
        lineStatus[line.index]! |= 1 << maskBits.MATHERROR;
        continue;
      }
      measured.push({ w, line, column });
      out.flux[line.index] = flux;
      out.fluxError[line.index] = Math.sqrt(variance);
      measureWidth(data[w]!, tied, w, line, column, redshift, out);
      measureSum(data[w]!, tied, w, line, column, profile, out);
    }
  });
  for (const a of measured) {
    for (const b of measured) out.covariance[a.line.index * n + b.line.index] = a.line.share * b.line.share * tied.linearCovariance(a.w, a.column, b.w, b.column);
  }
  const known = (status & (1 << maskBits.LOWSNR)) === 0;
  return { lines, ...out, ...(known ? kinematicsOf(tied) : none), lineStatus, chi2, dof, status };
}

function kinematicsOf({ velocity, u, variances }: TiedFit): Pick<LineFit, 'velocity' | 'velocityError' | 'sigma' | 'sigmaError'> {
  const sigma = Math.sqrt(u);
  // The error of √u, which the linear formula overstates near u = 0.
  const error = Math.sqrt(variances.u);
  return { velocity, velocityError: Math.sqrt(variances.velocity), sigma, sigmaError: sigma > 0 ? Math.min(error / (2 * sigma), Math.sqrt(error)) : Math.sqrt(error) };
}

/** The continuum's level at a wavelength, and the powers of the polynomial fitted with the lines there. */
function continuumAt({ design: { window: { from, to }, arm: { axis: { edges, wavelength } } }, level }: WindowData, tied: TiedFit, w: number, λ: number): { value: number; powers: number[] } {
  const x = (2 * (λ - edges[from]!)) / (edges[to]! - edges[from]!) - 1;
  const { amplitudes, linear } = tied.solution(w);
  const near = Math.min(to - from - 2, Math.max(0, pixelAt(wavelength, λ, from, to - 1) - from));
  const share = (λ - wavelength[from + near]!) / (wavelength[from + near + 1]! - wavelength[from + near]!);
  return { value: level[near]! * (1 - share) + level[near + 1]! * share, powers: Array.from({ length: linear - amplitudes }, (_, k) => x ** k) };
}

type Columns = Pick<LineFit, 'flux' | 'fluxError' | 'ew' | 'ewError' | 'sum' | 'sumError'>;

/** EW = F/[f_c (1 + z)], with the errors of both and their covariance: that of the polynomial under the lines stands for the level's. */
function measureWidth(one: WindowData, tied: TiedFit, w: number, line: DesignLine, column: number, redshift: number, out: Columns): void {
  const { centre } = lineShape(line, tied.velocity, tied.u);
  const { value, powers } = continuumAt(one, tied, w, centre);
  if (!(value > 0)) return;
  const { amplitudes } = tied.solution(w);
  const ratio = out.flux[line.index]! / value;
  let variance = out.fluxError[line.index]! ** 2;
  powers.forEach((a, j) => {
    variance -= 2 * ratio * a * line.share * tied.linearCovariance(w, column, w, amplitudes + j);
    powers.forEach((b, k) => { variance += ratio * ratio * a * b * tied.linearCovariance(w, amplitudes + j, w, amplitudes + k); });
  });
  out.ew[line.index] = ratio / (1 + redshift);
  out.ewError[line.index] = Math.sqrt(Math.max(0, variance)) / (value * (1 + redshift));
}

/** Sum over ±3.5σ of the line after continuum and every other line are taken off; pixels on the rim count by their part inside. */
function measureSum({ design: { window: { from, to }, arm: { axis: { edges, wavelength } }, lines }, residual, weight }: WindowData, tied: TiedFit, w: number, line: DesignLine, column: number, profile: ProfileKind, out: Columns): void {
  const { centre, sigma } = lineShape(line, tied.velocity, tied.u);
  const [low, high] = [centre - sumReach * sigma, centre + sumReach * sigma];
  const { values, amplitudes, linear } = tied.solution(w);
  const others = lines.filter((other) => other !== line && tied.columnOf(w, other) >= 0);
  const powers = new Float64Array(linear - amplitudes);
  let [sum, variance] = [0, 0];
  for (let k = Math.max(from, pixelAt(edges, low, from, to)); k < to && edges[k]! < high; k++) {
    const width = Math.min(high, edges[k + 1]!) - Math.max(low, edges[k]!);
    const x = (2 * (wavelength[k]! - edges[from]!)) / (edges[to]! - edges[from]!) - 1;
    if (weight[k - from] === 0) {
      // A bad pixel is replaced by the model: leaving it out would lose its flux.
      sum += width * values[column]! * line.share * lineDensity(edges[k]!, edges[k + 1]!, centre, sigma, profile);
      continue;
    }
    let value = residual[k - from]!;
    for (let j = 0; j < powers.length; j++) {
      value -= values[amplitudes + j]! * x ** j;
      powers[j]! += width * x ** j;
    }
    for (const other of others) {
      const shape = lineShape(other, tied.velocity, tied.u);
      if (Math.abs(shape.centre - wavelength[k]!) > 6 * shape.sigma) continue;
      value -= values[tied.columnOf(w, other)]! * other.share * lineDensity(edges[k]!, edges[k + 1]!, shape.centre, shape.sigma, profile);
    }
    sum += value * width;
    variance += (width * width) / weight[k - from]!;
  }
  powers.forEach((a, j) => powers.forEach((b, k) => { variance += a * b * tied.linearCovariance(w, amplitudes + j, w, amplitudes + k); }));
  out.sum[line.index] = sum;
  out.sumError[line.index] = Math.sqrt(Math.max(0, variance));
}

/** Model (continuum and lines) and continuum (with stellar absorption) of a window after a fit [flux density]. */
export function modelOfWindow(one: WindowData, tied: TiedFit, w: number, profile: ProfileKind): { model: Float64Array; continuum: Float64Array } {
  const { design: { window: { from, to }, arm: { axis: { edges, wavelength } }, lines } } = one;
  const { values, amplitudes, linear } = tied.solution(w);
  const continuum = one.model.map((value, i) => {
    const x = (2 * (wavelength[from + i]! - edges[from]!)) / (edges[to]! - edges[from]!) - 1;
    let total = value;
    for (let j = 0; j < linear - amplitudes; j++) total += values[amplitudes + j]! * x ** j;
    return total;
  });
  const model = continuum.slice();
  for (const line of lines) {
    const column = tied.columnOf(w, line);
    if (column < 0) continue;
    const { centre, sigma } = lineShape(line, tied.velocity, tied.u);
    for (let i = 0; i < to - from; i++) model[i]! += values[column]! * line.share * lineDensity(edges[from + i]!, edges[from + i + 1]!, centre, sigma, profile);
  }
  return { model, continuum };
}
