import { skyFeatureAt } from '../light/index.js';
import { maskBits } from '../linemaps/index.js';
import type { LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import { absorbedShare, clearPixels, fitWindowContinuum, pixelWeights, type WindowContinuum } from './continuum.js';
import { columnsOf, fixDesign, makeDesign, modelOf, placeLines, setKinematics, solveDesign, type Design } from './design.js';
import { bounds, curvature, minimise } from './kinematics.js';
import { lineProfile, makeProfile } from './profile.js';
import type { Spectrum } from './spectrum.js';
import { findWindows, wavelengthOf, type Window } from './windows.js';

/** The lines that are fitted where the data cover them. */
export const defaultLines: readonly LineName[] = [
  'OII3726', 'OII3729', 'Hd', 'Hg', 'OIII4363', 'Hb', 'OIII4959', 'OIII5007', 'HeI5876', 'OI6300', 'OI6364', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731',
];

/** The lines that tell where a galaxy's gas is: the others are too weak to help the search. */
const strongLines: readonly LineName[] = ['OII3729', 'Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716'];

export interface LineFitOptions {
  /** Systemic redshift: velocities are c(z_obs − z)/(1 + z). */
  readonly redshift: number;
  /** Default `defaultLines`. */
  readonly lines?: readonly LineName[];
  /** Stellar Balmer absorption, rest-frame equivalent width [Å]. Default 1.5. */
  readonly absorption?: number;
  /** Measure the fluxes at this velocity and dispersion [km/s]. Default: both are fitted. */
  readonly kinematics?: { readonly velocity: number; readonly sigma: number };
  /** False: the spectra hold lines only, and no continuum is fitted. Default true. */
  readonly continuum?: boolean;
}

/** Result of one bin. Arrays follow `lines`; NaN where a line could not be measured. Fluxes [1e-17 erg/s/cm²]. */
export interface LineFit {
  readonly lines: readonly LineName[];
  readonly flux: Float64Array;
  readonly fluxError: Float64Array;
  /** Rest-frame equivalent width [Å], positive in emission, against the continuum at the line without its absorption. */
  readonly ew: Float64Array;
  readonly ewError: Float64Array;
  /** Sum over ±3σ of the line after every other line is taken off. */
  readonly sum: Float64Array;
  readonly sumError: Float64Array;
  /** NOCOV, NOVALUE, SKYLINE per line. */
  readonly lineStatus: Int32Array;
  /** [km/s] relative to the redshift; NaN where no line was detected. */
  readonly velocity: number;
  readonly velocityError: number;
  /** Dispersion of the gas [km/s], corrected for the instrument. */
  readonly sigma: number;
  readonly sigmaError: number;
  readonly chi2: number;
  readonly dof: number;
  /** NOCOV and NOVALUE (no data), FITFAILED, NEARBOUND, LOWSNR (no line detected: fluxes at the systemic velocity). */
  readonly status: number;
}

/** Fits the bins of one cube, with scratch made once. A fit depends on its own input alone. */
export interface LineFitter {
  readonly lines: readonly LineName[];
  readonly windows: readonly Window[];
  fit(arms: readonly Spectrum[]): LineFit;
  /** Dispersion of the instrument at each line [km/s]; NaN for lines that are not covered. */
  readonly instrumentSigma: Float64Array;
  /** The sky line or telluric band that a line falls on at the redshift; null for none. */
  skyAt(line: LineName): string | null;
  /** Of the last fit, in the pixels of a window: continuum with lines, and the continuum with its absorption. */
  picture(window: number): { readonly model: Float64Array; readonly continuum: Float64Array };
}

const { c } = constants;
const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/** The search: a grid of velocities [km/s], finer than any line is narrow. */
const grid = { reach: 600, step: 50 } as const;
/** Dispersion at the start, and the one assumed where nothing is detected [km/s]. */
const startSigma = 40;
/** S/N that the strongest line needs for the kinematics to count: the search tries some twenty places. */
const detection = 4;
/** Share of the pixels about a line that must be good. */
const enoughPixels = 0.7;

/**
 * Makes the fitter for spectra on given axes.
 *
 * All lines share one velocity and one dispersion; every line is a Gaussian integrated over the pixels with
 * σ² = σ_LSF² + (λσ/c)². Fluxes and a straight line under each group are linear and solved inside (variable projection, Golub &
 * Pereyra 1973), velocity and squared dispersion by damped Gauss–Newton steps from the best place of a coarse grid. The
 * covariance is that of all parameters together, so that the errors of continuum and kinematics are in those of the fluxes.
 */
export function createLineFitter(arms: readonly Pick<Spectrum, 'axis' | 'lsf'>[], options: LineFitOptions): LineFitter {
  const { redshift, lines = defaultLines, absorption = 1.5, kinematics, continuum = true } = options;
  const windows = findWindows(arms, redshift, lines);
  const places = placeLines(arms, windows, lines, redshift);
  const skyAt = lines.map((name, i) => (Number.isNaN(places[i]!.systemic) ? null : skyFeatureAt(wavelengthOf(name, 'air', redshift), 2 * places[i]!.lsf)));
  const axisOf = (window: Window): Spectrum['axis'] => arms[window.arm]!.axis;
  const absorbed = windows.map((window) => absorbedShare(axisOf(window), window, redshift, absorption));
  const clear = windows.map((window) => clearPixels(axisOf(window), window, redshift, lines));
  const designs = windows.map((window, w) => makeDesign(axisOf(window), window, columnsOf(window, lines), continuum ? absorbed[w]! : null));
  const couplings = designs.map((design) => new Float64Array(2 * design.size));
  const searched = designs.filter(({ window }) => window.lines.some((name) => strongLines.includes(name)));
  const longest = Math.max(1, ...designs.map(({ x }) => x.length));
  const scratch = makeProfile(longest);
  const model = new Float64Array(longest);
  const continua: WindowContinuum[] = [];

  function evaluate(among: readonly Design[], velocity: number, square: number): number {
    let chi2 = 0;
    for (const design of among) {
      if (!design.active) continue;
      setKinematics(design, axisOf(design.window).edges, places, velocity, square, scratch);
      chi2 += solveDesign(design);
    }
    return chi2;
  }

  /** Squared S/N of each line in emission at the present kinematics, the kinematics taken as known. */
  function* signals(among: readonly Design[]): Generator<number> {
    for (const { active, enabled, amplitude, inverse, lineCount, size } of among) {
      if (!active) continue;
      for (let k = 0; k < lineCount; k++) if (enabled[k] && amplitude[k]! > 0) yield amplitude[k]! ** 2 / inverse[k * size + k]!;
    }
  }

  /**
   * The velocity of the grid at which the strong lines explain most. Logarithms let several lines together outweigh one
   * cosmic ray, however bright.
   */
  function search(): number {
    let [best, found] = [-1, 0];
    for (let velocity = -grid.reach; velocity <= grid.reach; velocity += grid.step) {
      evaluate(searched, velocity, startSigma ** 2);
      let signal = 0;
      for (const one of signals(searched)) signal += Math.log1p(one);
      if (signal > best) [best, found] = [signal, velocity];
    }
    return found;
  }

  function load(spectra: readonly Spectrum[]): void {
    designs.forEach((design, w) => {
      const { window, weight, residual } = design;
      const spectrum = spectra[window.arm]!;
      pixelWeights(spectrum, window, weight);
      const under = continuum ? fitWindowContinuum(spectrum, window, weight, clear[w]!, absorbed[w]!) : null;
      if (under) continua[w] = under;
      let good = 0;
      for (let i = 0; i < weight.length; i++) {
        const below = under ? under.model[i]! : 0;
        if (!Number.isFinite(below)) weight[i] = 0;
        residual[i] = weight[i]! > 0 ? spectrum.flux[window.from + i]! - below : 0;
        if (weight[i]! > 0) good++;
      }
      design.active = good > design.size + 3;
      design.columns.forEach(({ strong }, k) => { design.enabled[k] = Number(isCovered(design, strong)); });
      fixDesign(design);
    });
  }

  /** Whether enough of the pixels in which a line may lie are good. */
  function isCovered({ window, weight }: Design, line: number): boolean {
    const { wavelength } = axisOf(window);
    const { systemic: centre, lsf } = places[line]!;
    const reach = centre * (200 / c) + 2 * lsf;
    let [all, good] = [0, 0];
    for (let i = 0; i < weight.length; i++) {
      if (Math.abs(wavelength[window.from + i]! - centre) > reach) continue;
      all++;
      if (weight[i]! > 0) good++;
    }
    return all > 0 && good >= enoughPixels * all;
  }

  /** Leaves out pixels that neither noise nor the wing of a line can explain (cosmic rays); answers whether there were any. */
  function clipOutliers(): boolean {
    let found = false;
    for (const design of designs) {
      if (!design.active) continue;
      const { weight, residual } = design;
      modelOf(design, model);
      let clipped = false;
      for (let i = 0; i < residual.length; i++) {
        const off = residual[i]! - model[i]!;
        if (!(off * off * weight[i]! > 36 && Math.abs(off) > 0.3 * Math.abs(model[i]!))) continue;
        weight[i] = 0;
        clipped = true;
      }
      if (clipped) fixDesign(design);
      found ||= clipped;
    }
    return found;
  }

  function fit(spectra: readonly Spectrum[]): LineFit {
    load(spectra);
    const nan = (): Float64Array => new Float64Array(lines.length).fill(Number.NaN);
    const out = {
      lines, flux: nan(), fluxError: nan(), ew: nan(), ewError: nan(), sum: nan(), sumError: nan(),
      lineStatus: Int32Array.from(places, ({ systemic }, i) => (Number.isNaN(systemic) ? bit('NOCOV') : 0) | (skyAt[i] ? bit('SKYLINE') : 0)),
    };
    const unknown = { velocity: Number.NaN, velocityError: Number.NaN, sigma: Number.NaN, sigmaError: Number.NaN };
    if (!designs.some(({ active }) => active)) {
      out.lineStatus.forEach((_, i) => { out.lineStatus[i]! |= bit('NOVALUE'); });
      return { ...out, ...unknown, chi2: Number.NaN, dof: 0, status: bit('NOCOV') | bit('NOVALUE') };
    }
    let velocity = kinematics?.velocity ?? 0;
    let square = (kinematics?.sigma ?? startSigma) ** 2;
    let free = !kinematics;
    let status = 0;
    let chi2 = Number.NaN;
    const curve = (): ReturnType<typeof curvature> => curvature(designs, couplings, model);
    for (let pass = 0; pass < 3; pass++) {
      if (free) {
        const found = minimise((v, s) => evaluate(designs, v, s), curve, pass ? velocity : search(), pass ? square : startSigma ** 2);
        ({ velocity, square, chi2 } = found);
        status = (found.converged ? 0 : bit('FITFAILED')) | (found.atBound ? bit('NEARBOUND') : 0);
        if (Math.max(0, ...signals(designs)) < detection ** 2) {
          free = false;
          [velocity, square, status] = [0, startSigma ** 2, bit('LOWSNR')];
        }
      }
      if (!free) chi2 = evaluate(designs, velocity, square);
      if (!clipOutliers()) break;
      // The pixels have changed: what was clipped last must not be left in the result.
      if (pass === 2) chi2 = evaluate(designs, velocity, square);
    }

    // The covariance of the kinematics. On its bound the dispersion is not free and adds nothing to the other errors.
    const { vv, vs, ss } = curve();
    const freeSquare = free && square > 0 && square < bounds.square;
    const determinant = vv * ss - vs * vs;
    const [cvv, cvs, css] = !free ? [0, 0, 0] : freeSquare && determinant > 0 ? [ss / determinant, -vs / determinant, vv / determinant] : [1 / vv, 0, 0];
    let dof = -(free ? 1 : 0) - (freeSquare ? 1 : 0);
    designs.forEach((design, d) => {
      if (!design.active) return;
      const { size, inverse, weight } = design;
      const coupling = couplings[d]!;
      // How the amplitudes follow the kinematics: −N⁻¹ Xᵀ W J.
      const follow = Float64Array.from({ length: 2 * size }, (_, j) => {
        const [which, a] = [Math.floor(j / size), j % size];
        let sum = 0;
        for (let b = 0; b < size; b++) sum += inverse[a * size + b]! * coupling[which * size + b]!;
        return sum;
      });
      const covariance = (a: number, b: number): number => inverse[a * size + b]! + cvv * follow[a]! * follow[b]!
        + cvs * (follow[a]! * follow[size + b]! + follow[size + a]! * follow[b]!) + css * follow[size + a]! * follow[size + b]!;
      for (const w of weight) if (w > 0) dof++;
      dof -= design.under.length;
      modelOf(design, model);
      design.columns.forEach((column, k) => {
        const members = [[column.strong, 1], [column.weak, 1 / column.ratio]] as const;
        if (!design.enabled[k]) {
          for (const [i] of members) if (i !== null) out.lineStatus[i]! |= bit('NOVALUE');
          return;
        }
        dof--;
        for (const [i, share] of members) {
          if (i === null) continue;
          out.flux[i] = design.amplitude[k]! * share;
          out.fluxError[i] = Math.sqrt(covariance(k, k)) * share;
          const centre = places[i]!.systemic * (1 + velocity / c);
          if (continuum) [out.ew[i], out.ewError[i]] = equivalentWidth(design, d, centre, out.flux[i]!, out.fluxError[i]!, covariance);
          [out.sum[i], out.sumError[i]] = sumOver(design, i, centre, square, out.flux[i]!);
        }
      });
    });
    const known = free || kinematics;
    return {
      ...out, status, chi2, dof,
      ...(known ? { velocity, velocityError: Math.sqrt(cvv), sigma: Math.sqrt(square), sigmaError: square > 0 ? Math.sqrt(css) / (2 * Math.sqrt(square)) : Number.NaN } : unknown),
    };
  }

  /** Flux over the continuum at the line, with both errors. */
  function equivalentWidth(design: Design, d: number, centre: number, flux: number, fluxError: number, covariance: (a: number, b: number) => number): [number, number] {
    const { window, x, amplitude, lineCount: a } = design;
    const { wavelength } = axisOf(window);
    let k = window.from;
    while (k < window.to - 1 && wavelength[k]! < centre) k++;
    const at = x[k - window.from]!;
    const level = continua[d]!.level[k - window.from]! + amplitude[a]! + amplitude[a + 1]! * at;
    if (!(level > 0)) return [Number.NaN, Number.NaN];
    const variance = covariance(a, a) + 2 * at * covariance(a, a + 1) + at * at * covariance(a + 1, a + 1);
    const perLevel = 1 / (level * (1 + redshift));
    return [flux * perLevel, Math.hypot(fluxError, (flux * Math.sqrt(variance)) / level) * perLevel];
  }

  /** The flux in ±3σ about a line after the model of everything else is taken off (`model` holds the window's). */
  function sumOver({ window, weight, residual }: Design, i: number, centre: number, square: number, flux: number): [number, number] {
    const { edges } = axisOf(window);
    const sigma = Math.sqrt(places[i]!.lsf ** 2 + (centre / c) ** 2 * square);
    const [first, last] = lineProfile(edges, window.from, window.to, centre, sigma, scratch);
    let [sum, variance] = [0, 0];
    for (let p = first - window.from; p < last - window.from; p++) {
      const [low, high] = [edges[window.from + p]!, edges[window.from + p + 1]!];
      if (Math.abs((low + high) / 2 - centre) > 3 * sigma) continue;
      const own = flux * scratch.value[p]!;
      const good = weight[p]! > 0;
      // A bad pixel takes the fitted line's value: left out, its flux would be missing.
      sum += (good ? residual[p]! - model[p]! + own : own) * (high - low);
      if (good) variance += (high - low) ** 2 / weight[p]!;
    }
    return [sum, Math.sqrt(variance)];
  }

  return {
    lines, windows, fit,
    skyAt: (line) => skyAt[lines.indexOf(line)]?.name ?? null,
    instrumentSigma: Float64Array.from(places, ({ systemic, lsf }) => (lsf * c) / systemic),
    picture(w) {
      const design = designs[w]!;
      const lineModel = new Float64Array(design.x.length);
      modelOf(design, lineModel);
      const [flat = 0, tilt = 0] = design.amplitude.subarray(design.lineCount);
      const base = continua[w]?.model ?? new Float64Array(design.x.length);
      const [one, two] = design.under;
      return {
        model: lineModel.map((value, i) => value + base[i]!),
        continuum: base.map((value, i) => value + (one && two ? flat * one[i]! + tilt * two[i]! : 0)),
      };
    },
  };
}
