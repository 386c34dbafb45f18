import { lsfSigma } from '../light/index.js';
import { fixedDoublets, type LineName } from '../nebula/index.js';
import { invertSymmetric } from '../numeric/index.js';
import { constants } from '../units/index.js';
import { lineProfile, type Profile } from './profile.js';
import type { Spectrum } from './spectrum.js';
import { wavelengthOf, type Window } from './windows.js';

/** A column of the design: a line, or a doublet of fixed ratio. Numbers are those of the fitter's list of lines. */
export interface Column {
  readonly strong: number;
  readonly weak: number | null;
  /** Strong over weak. */
  readonly ratio: number;
}

/** What is fitted to one window: flux = Σ amplitude·column, the last two columns a straight line under the lines. */
export interface Design {
  readonly window: Window;
  readonly columns: readonly Column[];
  /** Columns of lines, and with the straight line. */
  readonly lineCount: number;
  readonly size: number;
  /** Pixel position in the window, −1 to 1. */
  readonly x: Float64Array;
  /** The straight line's two columns, absorbed by the stars like the continuum that they correct; empty without a continuum. */
  readonly under: readonly Float64Array[];
  /** What is fitted (flux less continuum) and its inverse variance, 0 for pixels that do not count. */
  readonly residual: Float64Array;
  readonly weight: Float64Array;
  /** Columns of the lines with their derivatives by velocity [km/s] and squared dispersion [km²/s²]. */
  readonly profiles: readonly { readonly value: Float64Array; readonly byVelocity: Float64Array; readonly bySquare: Float64Array }[];
  /** First and last + 1 pixel that each line column touches. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** 0 for lines without enough good pixels. */
  readonly enabled: Uint8Array;
  readonly amplitude: Float64Array;
  /** Inverse of the normal matrix; zero rows for columns that are not enabled. */
  inverse: Float64Array;
  /** False when the window has too few good pixels, or its columns cannot be told apart. */
  active: boolean;
  /** Parts of the normal equations that no line enters. */
  readonly fixed: { normal: Float64Array; right: Float64Array; square: number };
}

/** A line as the design needs it: its wavelength at the systemic redshift and the instrument's σ there [Å]; NaN when not covered. */
export interface LinePlace {
  readonly systemic: number;
  readonly lsf: number;
}

const { c } = constants;

export function placeLines(arms: readonly Pick<Spectrum, 'axis' | 'lsf'>[], windows: readonly Window[], lines: readonly LineName[], redshift: number): LinePlace[] {
  return lines.map((name) => {
    const window = windows.find((one) => one.lines.includes(name));
    if (!window) return { systemic: Number.NaN, lsf: Number.NaN };
    const { axis, lsf } = arms[window.arm]!;
    const systemic = wavelengthOf(name, axis.medium, redshift);
    return { systemic, lsf: lsfSigma(lsf, systemic) };
  });
}

/** The columns of a window: every line its own, but a weak line of a fixed doublet rides on the strong one. */
export function columnsOf(window: Window, lines: readonly LineName[]): Column[] {
  return window.lines.flatMap((name) => {
    if (fixedDoublets.some((one) => one.weak === name && window.lines.includes(one.strong))) return [];
    const doublet = fixedDoublets.find((one) => one.strong === name && window.lines.includes(one.weak));
    return [{ strong: lines.indexOf(name), weak: doublet ? lines.indexOf(doublet.weak) : null, ratio: doublet?.ratio ?? 1 }];
  });
}

export function makeDesign(axis: Spectrum['axis'], window: Window, columns: readonly Column[], absorbed: Float64Array | null): Design {
  const n = window.to - window.from;
  const middle = (axis.wavelength[window.from]! + axis.wavelength[window.to - 1]!) / 2;
  const half = (axis.wavelength[window.to - 1]! - axis.wavelength[window.from]!) / 2;
  const x = Float64Array.from({ length: n }, (_, i) => (axis.wavelength[window.from + i]! - middle) / half);
  const under = absorbed ? [absorbed.map((share) => 1 - share), absorbed.map((share, i) => (1 - share) * x[i]!)] : [];
  const size = columns.length + under.length;
  return {
    window, columns, lineCount: columns.length, size, x, under,
    residual: new Float64Array(n), weight: new Float64Array(n),
    profiles: columns.map(() => ({ value: new Float64Array(n), byVelocity: new Float64Array(n), bySquare: new Float64Array(n) })),
    first: new Int32Array(columns.length), last: new Int32Array(columns.length), enabled: new Uint8Array(columns.length),
    amplitude: new Float64Array(size), inverse: new Float64Array(size * size), active: false,
    fixed: { normal: new Float64Array(size * size), right: new Float64Array(size), square: 0 },
  };
}

/** The parts of the normal equations that stay the same while the kinematics change. To be called when residual or weight changed. */
export function fixDesign({ under, weight, residual, lineCount, size, fixed }: Design): void {
  fixed.normal.fill(0);
  fixed.right.fill(0);
  fixed.square = 0;
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i]!;
    if (w === 0) continue;
    fixed.square += w * residual[i]! * residual[i]!;
    for (let a = 0; a < under.length; a++) {
      const wa = w * under[a]![i]!;
      fixed.right[lineCount + a]! += wa * residual[i]!;
      for (let b = a; b < under.length; b++) fixed.normal[(lineCount + a) * size + lineCount + b]! += wa * under[b]![i]!;
    }
  }
}

/** Fills the line columns for a velocity and a squared dispersion. */
export function setKinematics(design: Design, edges: Float64Array, places: readonly LinePlace[], velocity: number, square: number, scratch: Profile): void {
  const { window, columns, profiles, first, last } = design;
  columns.forEach((column, k) => {
    const { value, byVelocity, bySquare } = profiles[k]!;
    value.fill(0);
    byVelocity.fill(0);
    bySquare.fill(0);
    first[k] = value.length;
    last[k] = 0;
    for (const [i, share] of [[column.strong, 1], [column.weak, 1 / column.ratio]] as const) {
      if (i === null) continue;
      const { systemic, lsf } = places[i]!;
      const centre = systemic * (1 + velocity / c);
      const perKms = centre / c;
      const sigma = Math.sqrt(lsf * lsf + perKms * perKms * square);
      const [from, to] = lineProfile(edges, window.from, window.to, centre, sigma, scratch);
      const bySigma = (share * perKms * perKms) / (2 * sigma);
      const shift = (share * systemic) / c;
      for (let p = from - window.from; p < to - window.from; p++) {
        value[p]! += share * scratch.value[p]!;
        byVelocity[p]! += shift * scratch.byCentre[p]!;
        bySquare[p]! += bySigma * scratch.bySigma[p]!;
      }
      first[k] = Math.min(first[k]!, from - window.from);
      last[k] = Math.max(last[k]!, to - window.from);
    }
  });
}

/** Solves for the amplitudes at the present kinematics; answers with χ². A window that cannot be solved becomes inactive. */
export function solveDesign(design: Design): number {
  const { profiles, under, weight, residual, lineCount, size, enabled, amplitude, first, last, fixed } = design;
  const normal = Float64Array.from(fixed.normal);
  const right = Float64Array.from(fixed.right);
  for (let a = 0; a < lineCount; a++) {
    if (!enabled[a]) {
      normal[a * size + a] = 1;
      continue;
    }
    const value = profiles[a]!.value;
    let own = 0;
    let sum = 0;
    for (let i = first[a]!; i < last[a]!; i++) {
      const weighted = weight[i]! * value[i]!;
      own += weighted * value[i]!;
      sum += weighted * residual[i]!;
    }
    // A line whose every pixel is bad at these kinematics is held at zero.
    normal[a * size + a] = own > 0 ? own : 1;
    right[a] = sum;
    for (let b = a + 1; b < lineCount; b++) {
      if (!enabled[b]) continue;
      let cross = 0;
      const other = profiles[b]!.value;
      for (let i = Math.max(first[a]!, first[b]!), end = Math.min(last[a]!, last[b]!); i < end; i++) cross += weight[i]! * value[i]! * other[i]!;
      normal[a * size + b] = cross;
    }
    for (let b = 0; b < under.length; b++) {
      let cross = 0;
      for (let i = first[a]!; i < last[a]!; i++) cross += weight[i]! * value[i]! * under[b]![i]!;
      normal[a * size + lineCount + b] = cross;
    }
  }
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) normal[a * size + b] = normal[b * size + a]!;
  const inverse = invertSymmetric(normal, size);
  if (!inverse) {
    design.active = false;
    return 0;
  }
  design.inverse = inverse;
  let explained = 0;
  for (let a = 0; a < size; a++) {
    let sum = 0;
    for (let b = 0; b < size; b++) sum += inverse[a * size + b]! * right[b]!;
    amplitude[a] = sum;
    explained += sum * right[a]!;
  }
  return fixed.square - explained;
}

/** The fitted lines and straight line in every pixel of the window. */
export function modelOf({ profiles, under, amplitude, lineCount, first, last }: Design, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) {
    let sum = 0;
    for (let a = 0; a < under.length; a++) sum += amplitude[lineCount + a]! * under[a]![i]!;
    into[i] = sum;
  }
  for (let a = 0; a < lineCount; a++) {
    const value = profiles[a]!.value;
    for (let i = first[a]!; i < last[a]!; i++) into[i]! += amplitude[a]! * value[i]!;
  }
}
