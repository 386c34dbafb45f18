import type { LineName } from '../nebula/index.js';
import { factorCholesky } from '../numeric/index.js';
import type { Continuum } from './continuum.js';
import { designWindows, lineShape, pixelAt, pixelWidth } from './design.js';
import { createVelocityGuess } from './guess.js';
import { groupDetection, leastCoverage, startSigma } from './lineFit.js';
import { excessScatter } from './mismatch.js';
import { leastBeside, rejectResiduals, rejectSpikes } from './outliers.js';
import { lineDensity } from './profile.js';
import type { SpectralArm, Spectrum } from './spectrum.js';
import type { Kinematics } from './tiedFit.js';
import { backwardAt, forwardAt } from './triangular.js';
import { coverage, createWindowData, subtractContinuum, weighWindow, type WindowData } from './windowData.js';
import { findWindows, type LineWindow } from './windows.js';

/** Per line; NaN where it could not be measured. Overwritten by the next. */
export interface LineDetection {
  /** [1e-17 erg/s/cm²] */
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** Rest-frame equivalent width [Å], positive in emission. */
  readonly ew: Float64Array;
}

export interface LineDetector {
  readonly windows: readonly LineWindow[];
  /** The velocity and dispersion of the spectra that follow [km/s]; null where they are not known. */
  setKinematics(at: Kinematics | null): void;
  /** Never throws on data. Of the spectra and the continuum only the windows are read. Null for lines whose kinematics are not known but bright enough to be fitted. */
  detect(spectra: readonly Spectrum[], continuum: Continuum): LineDetection | null;
}

/** Profiles reach this many σ. */
const reach = 6.25;
/** Fits at most, each without the outliers that the last one showed. */
const passes = 3;

interface DetectorWindow {
  readonly data: WindowData;
  readonly beside: readonly [number, number];
  /** Profile of each line, then a constant and a slope in x = −1 … 1 over the window. */
  readonly profiles: readonly Float64Array[];
  readonly level: Float64Array;
  readonly slope: Float64Array;
  /** What is fitted: the amplitudes with a line that can be measured, then the polynomial. */
  columns: Float64Array[];
}

/**
 * Fluxes of lines in very many spectra at known kinematics over a known continuum: what `createLineFitter` does with `at` and a continuum given, less what
 * only a full fit needs. The continuum's own error is left out of the fluxes' errors: it is that of a bin of many spectra.
 */
export function createLineDetector(arms: readonly SpectralArm[], { redshift, lines }: { readonly redshift: number; readonly lines: readonly LineName[] }): LineDetector {
  const windows = findWindows(arms, { redshift, lines });
  const own = designWindows(arms, windows, { redshift, lines }).map((design): DetectorWindow => {
    const { window: { from, to }, arm: { axis: { edges, wavelength } } } = design;
    const row = (value: (k: number) => number): Float64Array => Float64Array.from({ length: to - from }, (_, i) => value(from + i));
    return {
      data: createWindowData(design), beside: leastBeside(design.lines[0]!.lsf / pixelWidth(design)), profiles: design.lines.map(() => row(() => 0)),
      level: row(() => 1), slope: row((k) => (2 * (wavelength[k]! - edges[from]!)) / (edges[to]! - edges[from]!) - 1), columns: [],
    };
  });
  const longest = Math.max(1, ...windows.map(({ from, to }) => to - from));
  const most = Math.max(1, ...own.map(({ data: { design } }) => design.columns)) + 2;
  const [scratch, residual] = [new Float64Array(longest), own.map(({ level }) => new Float64Array(level.length))];
  const [normal, right, solution, unit, weighted] = [new Float64Array(most * most), new Float64Array(most), new Float64Array(most), new Float64Array(most), new Float64Array(longest)];
  const [flux, fluxError, ew] = [0, 1, 2].map(() => new Float64Array(lines.length)) as [Float64Array, Float64Array, Float64Array];
  const unknown: Kinematics = { velocity: 0, sigma: startSigma };
  let kinematics = unknown;
  const guess = createVelocityGuess(own.map(({ data }) => data.design), startSigma);
  const [residuals, weights] = [own.map(({ data }) => data.residual), own.map(({ data }) => data.weight)];

  function fillProfiles({ data: { design }, profiles }: DetectorWindow): void {
    const { window: { from, to }, arm: { axis: { edges } } } = design;
    design.lines.forEach((line, l) => {
      const { centre, sigma } = lineShape(line, kinematics.velocity, kinematics.sigma ** 2);
      profiles[l]!.fill(0);
      for (let k = Math.max(from, pixelAt(edges, centre - reach * sigma, from, to)); k < to && edges[k]! < centre + reach * sigma; k++) {
        profiles[l]![k - from] = lineDensity(edges[k]!, edges[k + 1]!, centre, sigma, 'integrated');
      }
    });
  }

  /** Weighted least squares of the columns; false when they are degenerate. */
  function solve(columns: readonly Float64Array[], { residual: data, weight }: WindowData): boolean {
    const n = columns.length;
    for (let i = 0; i < n; i++) {
      const column = columns[i]!;
      let along = 0;
      for (let p = 0; p < weight.length; p++) {
        weighted[p] = column[p]! * weight[p]!;
        along += weighted[p]! * data[p]!;
      }
      right[i] = solution[i] = along;
      for (let j = 0; j <= i; j++) {
        const other = columns[j]!;
        let sum = 0;
        for (let p = 0; p < weight.length; p++) sum += weighted[p]! * other[p]!;
        normal[i * n + j] = sum;
      }
    }
    if (!factorCholesky(normal, n)) return false;
    forwardAt(normal, solution, 0, n);
    backwardAt(normal, solution, 0, n);
    return true;
  }

  /** (data − columns·solution) over the error. */
  function residualOf(columns: readonly Float64Array[], { residual: data, weight }: WindowData, into: Float64Array): void {
    for (let p = 0; p < weight.length; p++) {
      let value = data[p]!;
      for (let j = 0; j < columns.length; j++) value -= solution[j]! * columns[j]![p]!;
      into[p] = weight[p]! > 0 ? value * Math.sqrt(weight[p]!) : 0;
    }
  }

  /** Variance of amplitude j. */
  function varianceOf(j: number, n: number): number {
    unit.fill(0, 0, n);
    unit[j] = 1;
    forwardAt(normal, unit, 0, n);
    let sum = 0;
    for (let i = j; i < n; i++) sum += unit[i]! ** 2;
    return sum;
  }

  /** The columns of what can be measured, and where each line's amplitude is among them, −1 for nowhere. */
  function layColumns(one: DetectorWindow): number[] {
    const { data, profiles, level, slope } = one;
    const { design: { lines: its }, degree } = data;
    const measurable = its.map((line) => {
      const { inside, good } = coverage(data, line, kinematics.velocity, startSigma);
      return inside >= leastCoverage && good >= leastCoverage;
    });
    const taken: number[] = [];
    const columns: Float64Array[] = [];
    const places = its.map(({ column, share }, l) => {
      if (!measurable[l]) return -1;
      const known = taken.indexOf(column);
      const profile = profiles[l]!;
      if (known < 0) {
        columns.push(share === 1 ? profile : profile.map((value) => share * value));
        return taken.push(column) - 1;
      }
      columns[known] = columns[known]!.map((value, p) => value + share * profile[p]!);
      return known;
    });
    if (degree >= 0) columns.push(level);
    if (degree >= 1) columns.push(slope);
    one.columns = columns;
    return places;
  }

  function equivalentWidth({ data: { design, level } }: DetectorWindow, l: number, value: number): number {
    const { window: { from, to }, arm: { axis: { wavelength } } } = design;
    const { centre } = lineShape(design.lines[l]!, kinematics.velocity, kinematics.sigma ** 2);
    const near = Math.min(to - from - 2, Math.max(0, pixelAt(wavelength, centre, from, to - 1) - from));
    const share = (centre - wavelength[from + near]!) / (wavelength[from + near + 1]! - wavelength[from + near]!);
    const continuum = level[near]! * (1 - share) + level[near + 1]! * share;
    return continuum > 0 ? value / continuum / (1 + redshift) : Number.NaN;
  }

  function measure(one: DetectorWindow, left: Float64Array): void {
    const { data } = one;
    const { design, weight } = data;
    let places: number[] = [];
    for (let pass = 1; ; pass++) {
      places = layColumns(one);
      if (!places.some((place) => place >= 0) || !solve(one.columns, data)) return;
      residualOf(one.columns, data, left);
      const amplitudes = one.columns.length - data.degree - 1;
      const lineModel = (): Float64Array => weight.map((w, p) => Math.sqrt(w) * one.columns.slice(0, amplitudes).reduce((sum, column, j) => sum + solution[j]! * column[p]!, 0));
      if (pass === passes || !rejectResiduals(left, lineModel, weight)) break;
    }
    const first = lineShape(design.lines[0]!, kinematics.velocity, kinematics.sigma ** 2);
    const excess = excessScatter(data, left, first.sigma / pixelWidth(design));
    design.lines.forEach(({ index, share }, l) => {
      const place = places[l]!;
      if (place < 0) return;
      const variance = (1 + excess) * varianceOf(place, one.columns.length);
      if (!(variance > 0 && variance < Infinity)) return;
      flux[index] = share * solution[place]!;
      fluxError[index] = share * Math.sqrt(variance);
      ew[index] = equivalentWidth(one, l, flux[index]!);
    });
  }

  own.forEach(fillProfiles);
  return {
    windows,
    setKinematics(at) {
      kinematics = at ?? unknown;
      own.forEach(fillProfiles);
    },
    detect(spectra, continuum) {
      for (const { data, beside } of own) {
        weighWindow(data, spectra, continuum, true, scratch);
        subtractContinuum(data, spectra, continuum, scratch);
        rejectSpikes(data.residual, data.weight, beside);
      }
      if (kinematics === unknown && guess(residuals, weights).signal >= groupDetection) return null;
      for (const values of [flux, fluxError, ew]) values.fill(Number.NaN);
      for (let w = 0; w < own.length; w++) if (own[w]!.data.active) measure(own[w]!, residual[w]!);
      return { flux, fluxError, ew };
    },
  };
}
