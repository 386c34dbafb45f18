import { createLineKernel, type LineKernel } from '../kernels/index.js';
import { skyFeatureAt } from '../light/index.js';
import { maskBits } from '../linemaps/index.js';
import { lineByName, type FixedDoublet, type LineName } from '../nebula/index.js';
import { constants } from '../units/index.js';
import { createLocalContinuum, fewestInAll, fewestPerSide, type Continuum } from './continuum.js';
import { designWindows, lineShape, pixelAt, type DesignLine } from './design.js';
import { createVelocityGuess } from './guess.js';
import { measureLines, modelOfWindow, type LineFit } from './measure.js';
import { rejectResiduals, rejectSpikes } from './outliers.js';
import { lineDensity, type ProfileKind } from './profile.js';
import { checkSpectra, type SpectralArm, type Spectrum } from './spectrum.js';
import { pixelWeights } from './weights.js';
import { createTiedFit, type Kinematics, type TiedFit } from './tiedFit.js';
import type { WindowData } from './windowData.js';
import { findWindows, lineGroups, pixelRole, type LineGroup, type LineWindow } from './windows.js';

/** The lines that are fitted where the data cover them. */
export const defaultLines: readonly LineName[] = [
  'OII3726', 'OII3729', 'Hd', 'Hg', 'OIII4363', 'Hb', 'OIII4959', 'OIII5007', 'HeI5876', 'OI6300', 'OI6364', 'NII6548', 'Ha', 'NII6583', 'SII6716', 'SII6731',
];

export interface LineFitOptions {
  /** Systemic redshift: velocities are c(z_obs − z)/(1 + z). */
  readonly redshift: number;
  /** Default `defaultLines`. */
  readonly lines?: readonly LineName[];
  /** Stellar Balmer absorption under the gas lines, rest-frame equivalent width [Å], of the local continuum. Default 1.5. */
  readonly absorption?: number;
  /** Fluxes at this velocity and dispersion [km/s] instead of fitting them. Default: fitted. */
  readonly kinematics?: Kinematics;
  /** False: the spectra hold lines only; no continuum is fitted. Default true. */
  readonly continuum?: boolean;
  /** Gaussians integrated over the pixel, or sampled at its centre. Default 'integrated'. */
  readonly profile?: ProfileKind;
  /** Doublets of fixed ratio. Default `fixedDoublets` of the nebula. */
  readonly doublets?: readonly FixedDoublet[];
  /** Rest wavelengths [Å] that replace those of the line list, in the arms' medium. */
  readonly wavelengths?: Partial<Readonly<Record<LineName, number>>>;
  /** The line groups and the continuum around them. Default `lineGroups`. */
  readonly groups?: readonly LineGroup[];
  /** Lines that are not fitted but that the continuum keeps clear of. Default: all known ones. */
  readonly avoid?: readonly LineName[];
  /** Whether errors grow where the continuum scatters more than the variance says. Default true. */
  readonly scaleErrors?: boolean;
}

/** Fits bins of one cube: continuum and lines, with the scratch made once. A fit depends on its own input alone. */
export interface LineFitter {
  readonly lines: readonly LineName[];
  readonly windows: readonly LineWindow[];
  /**
   * Never throws on data.
   * @param continuum Default: the local continuum.
   * @throws BadArgument when the spectra's lengths are not those of the arms
   */
  fit(spectra: readonly Spectrum[], continuum?: Continuum): LineFit;
  /** Instrumental dispersion at each line [km/s]. */
  readonly instrumentSigma: Float64Array;
  /** The sky line or telluric band that a line falls on at the redshift; null for none. */
  skyAt(line: LineName): string | null;
  /** After `fit`: model (continuum and lines) and continuum of a window, for pictures. */
  picture(window: number): { readonly model: Float64Array; readonly continuum: Float64Array };
}

/** Dispersion at the start, of the profiles that look for lines, and assumed where nothing is detected [km/s]. */
const startSigma = 40;
/** Lines together must be seen with this S/N for the kinematics to be fitted: about 30 independent velocities are tried. */
const detection = 5;
/** This share of a line's light must fall on good pixels. */
const leastCoverage = 0.7;
/** Fits at most, each without the outliers that the last one showed. */
const passes = 3;
/** Fewest continuum pixels that tell how large the noise is. */
const fewestForNoise = 20;

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/**
 * Makes the fitter for spectra on given axes.
 *
 * All lines share one velocity and one dispersion; every line is a Gaussian integrated over the pixel with
 * σ² = σ_LSF² + (λσ/c)². Fluxes and a straight line under each group are linear and solved inside (variable projection;
 * Golub & Pereyra 1973); velocity and the square of the dispersion by damped Gauss–Newton steps. The covariance is that of all
 * parameters together, so that the error of the continuum and of the kinematics is in that of the fluxes.
 */
export function createLineFitter(arms: readonly SpectralArm[], options: LineFitOptions): LineFitter {
  const { redshift, lines = defaultLines, kinematics, continuum: hasContinuum = true, profile = 'integrated', groups = lineGroups, scaleErrors = true } = options;
  const windows = findWindows(arms, { redshift, lines, groups, avoid: options.avoid });
  const designs = designWindows(arms, windows, { redshift, lines, doublets: options.doublets, wavelengths: options.wavelengths });
  const local = createLocalContinuum(arms, windows, { redshift, absorption: options.absorption });
  const guess = createVelocityGuess(designs, startSigma);
  const nothing: Continuum = {
    model: arms.map(({ axis }) => new Float64Array(axis.wavelength.length)), level: arms.map(({ axis }) => new Float64Array(axis.wavelength.length).fill(Number.NaN)),
    rejected: arms.map(({ axis }) => new Uint8Array(axis.wavelength.length)), degree: -1,
  };
  const data: WindowData[] = designs.map((design) => {
    const n = design.window.to - design.window.from;
    const row = (): Float64Array => new Float64Array(n);
    return { design, residual: row(), weight: row(), level: row(), model: row(), noise: 1, degree: -1, active: false };
  });
  const residuals = data.map(({ residual }) => residual);
  const weights = data.map(({ weight }) => weight);
  const kernel: LineKernel = createLineKernel(designs.map(({ window, lines, columns }) => ({ pixels: window.to - window.from, lines: lines.length, linear: columns + 2 })));
  const tied: TiedFit = createTiedFit(kernel, data, profile);
  const scratch = new Float64Array(Math.max(1, ...residuals.map(({ length }) => length)));

  const designOf = lines.map((_, index) => designs.flatMap(({ lines }) => lines).find((line) => line.index === index));
  const lsfPixels = designs.map(({ lines, window, arm: { axis: { edges } } }) => (lines[0]!.lsf * (window.to - window.from)) / (edges[window.to]! - edges[window.from]!));
  const skyAt = lines.map((name, i) => (designOf[i] ? skyFeatureAt(lineByName(name).air * (1 + redshift), 2 * designOf[i].lsf) : null));

  /** Weights of every window, from the variances and from how the continuum pixels scatter. */
  function weigh(spectra: readonly Spectrum[], continuum: Continuum): void {
    for (const one of data) {
      const { design: { window }, weight } = one;
      const { from, to, arm, role } = window;
      const { flux } = spectra[arm]!;
      const model = continuum.model[arm]!;
      const rejected = continuum.rejected[arm]!;
      pixelWeights(spectra[arm]!, window, weight, scratch);
      const firstLine = role.indexOf(pixelRole.line);
      let [sum, left, right] = [0, 0, 0];
      for (let i = 0; i < to - from; i++) {
        const r = flux[from + i]! - model[from + i]!;
        if (rejected[from + i] !== 0 || r - r !== 0) weight[i] = 0;
        if (weight[i] === 0 || role[i] !== pixelRole.side) continue;
        sum += r * r * weight[i]!;
        if (i < firstLine) left++;
        else right++;
      }
      one.degree = Math.min(continuum.degree, Math.min(left, right) >= fewestPerSide ? Infinity : 0, left + right >= fewestInAll ? Infinity : -1);
      const free = left + right - one.degree - 1;
      // Less its own standard error, so that noise alone seldom raises it.
      one.noise = scaleErrors && left + right >= fewestForNoise ? Math.sqrt(Math.max(1, sum / free - Math.sqrt(2 / free))) : 1;
      for (let i = 0; i < weight.length; i++) weight[i]! /= one.noise * one.noise;
    }
  }

  /** Flux − continuum of every window. */
  function subtract(spectra: readonly Spectrum[], continuum: Continuum): void {
    for (const one of data) {
      const { design: { window: { from, to, arm } }, weight, residual, level, model } = one;
      for (let i = 0; i < to - from; i++) {
        model[i] = continuum.model[arm]![from + i]!;
        level[i] = continuum.level[arm]![from + i]!;
        residual[i] = weight[i] === 0 ? 0 : spectra[arm]!.flux[from + i]! - model[i]!;
      }
      one.active = model.some((m) => m - m === 0);
    }
  }

  /** How much of a line's light falls on pixels of its arm, and on good ones. */
  function coverage({ design: { window: { from, to }, arm: { axis: { edges } } }, weight }: WindowData, line: DesignLine, velocity: number): { inside: number; good: number } {
    const { centre, sigma } = lineShape(line, velocity, startSigma * startSigma);
    const first = Math.max(from, pixelAt(edges, centre - 4 * sigma, from, to));
    const last = Math.min(to, pixelAt(edges, centre + 4 * sigma, from, to) + 1);
    let [inside, good] = [0, 0];
    for (let k = first; k < last; k++) {
      const light = lineDensity(edges[k]!, edges[k + 1]!, centre, sigma, 'integrated') * (edges[k + 1]! - edges[k]!);
      inside += light;
      if (weight[k - from]! > 0) good += light;
    }
    return { inside, good };
  }

  /** Which lines can be measured around a velocity; the others get their bits. */
  function chooseLines(velocity: number, lineStatus: Int32Array): boolean[] {
    const measurable = lines.map(() => false);
    lines.forEach((_, i) => { lineStatus[i] = designOf[i] ? (skyAt[i] ? bit('SKYLINE') : 0) : bit('NOCOV'); });
    for (const one of data) {
      for (const line of one.design.lines) {
        const { inside, good } = one.active ? coverage(one, line, velocity) : { inside: 1, good: 0 };
        if (inside < leastCoverage) lineStatus[line.index]! |= bit('NOCOV');
        else if (good < leastCoverage) lineStatus[line.index]! |= bit('NOVALUE');
        else measurable[line.index] = true;
      }
    }
    return measurable;
  }

  /** Leaves out pixels that the fit does not explain; answers whether there were any. */
  function anyOutlier(): boolean {
    let found = false;
    for (const [w, { weight, active }] of data.entries()) {
      if (!active) continue;
      const { residual, lineModel } = tied.residuals(w);
      if (rejectResiduals(residual, lineModel, weight)) found = true;
    }
    return found;
  }

  function fit(spectra: readonly Spectrum[], given?: Continuum): LineFit {
    checkSpectra(spectra, arms);
    let continuum = nothing;
    if (given) continuum = given;
    else if (hasContinuum) continuum = local.fit(spectra);
    weigh(spectra, continuum);
    subtract(spectra, continuum);
    data.forEach(({ residual, weight }, w) => rejectSpikes(residual, weight, lsfPixels[w]!));
    const lineStatus = new Int32Array(lines.length);
    let status = 0;
    for (let pass = 0; pass < passes; pass++) {
      let start: Kinematics = kinematics ?? { velocity: 0, sigma: startSigma };
      let free = kinematics === undefined;
      if (free) {
        const found = guess(residuals, weights);
        free = found.signal >= detection;
        if (free) start = { velocity: found.velocity, sigma: startSigma };
      }
      if (pass === 0 && !given && hasContinuum && start.velocity !== 0) {
        // The stars turn with the gas: their absorption is where the lines are.
        local.moveAbsorption(start.velocity);
        subtract(spectra, continuum);
      }
      const measurable = chooseLines(start.velocity, lineStatus);
      status = kinematics || free ? 0 : bit('LOWSNR');
      const converged = tied.fit(start, free && measurable.includes(true), measurable);
      if (!measurable.includes(true)) {
        return measureLines({ lines, data, tied: null, lineStatus, status: bit('NOCOV') | bit('NOVALUE'), redshift, profile });
      }
      if (!converged) status |= bit('FITFAILED');
      if (tied.atBound()) status |= bit('NEARBOUND');
      if (pass === passes - 1 || !anyOutlier()) break;
    }
    return measureLines({ lines, data, tied, lineStatus, status, redshift, profile });
  }

  return {
    lines, windows, fit,
    skyAt: (line) => skyAt[lines.indexOf(line)]?.name ?? null,
    instrumentSigma: Float64Array.from(lines, (_, i) => (designOf[i] ? (designOf[i].lsf * constants.c) / designOf[i].wavelength : Number.NaN)),
    picture: (window) => modelOfWindow(data[window]!, tied, window, profile),
  };
}
