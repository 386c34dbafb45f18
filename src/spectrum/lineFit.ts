import { createLineKernel, type LineKernel } from '../kernels/index.js';
import { skyFeatureAt } from '../light/index.js';
import { maskBits } from '../linemaps/index.js';
import { densityDoublets, lineByName, type DensityDoublet, type FixedDoublet, type LineName } from '../nebula/index.js';
import type { Random } from '../numeric/index.js';
import { constants } from '../units/index.js';
import { createLocalContinuum, type Continuum } from './continuum.js';
import { designWindows, lineShape, pixelWidth } from './design.js';
import { createVelocityGuess } from './guess.js';
import { detectGroups, groupLines, type KinematicTie } from './kinematicGroups.js';
import { buildModel, type KinematicStart, type ModelChoice } from './lineModel.js';
import { modelOfWindow } from './lineQuantities.js';
import { measureLines, type LineFit } from './measure.js';
import { repeatWithNoise, type MonteCarloErrors, type WindowErrors } from './monteCarlo.js';
import { leastBeside, rejectResiduals, rejectSpikes } from './outliers.js';
import type { ProfileKind } from './profile.js';
import { violatedRatios } from './ratioBounds.js';
import { trySecondComponent } from './secondComponent.js';
import { checkSpectra, type SpectralArm, type Spectrum } from './spectrum.js';
import { createTiedFit, type Kinematics, type TiedFit } from './tiedFit.js';
import { coverage, createWindowData, subtractContinuum, weighWindow, type WindowData } from './windowData.js';
import { findWindows, lineGroups, type LineGroup, type LineWindow, type Wavelengths } from './windows.js';

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
  /** Which lines share velocity and dispersion. A group that is not detected takes those of the brightest group. Default 'all'. */
  readonly tie?: KinematicTie;
  /** Range of the velocity [km/s]. Default −900 to 900. */
  readonly velocityBounds?: readonly [number, number];
  /** Range of the dispersion [km/s]. Default 0 to 500. At 0 the squared dispersion may go on below, see `createLineFitter`. */
  readonly sigmaBounds?: readonly [number, number];
  /** 2: a second component of the bright lines where the Bayesian information criterion falls by more than 10. Default 1. */
  readonly components?: 1 | 2;
  /** Doublets whose ratio is held within the limits of low and high density, in single components. Default `densityDoublets` of the nebula; [] for none. */
  readonly ratioBounds?: readonly DensityDoublet[];
  /**
   * A doublet is tied at a bound that its ratio passes by more than this many standard errors; 0: always. Default 2: noise takes
   * many faint doublets near the low-density limit beyond it, and cutting them all off there would bias [S II] 6716 of S/N 3 to
   * 10 by −0.3 of its error.
   */
  readonly ratioTolerance?: number;
  /** Lines below this many errors, in flux or in amplitude over noise, get an upper limit. Default 3. */
  readonly detection?: number;
  /** Fluxes at this velocity and dispersion [km/s] instead of fitting them. Default: fitted. */
  readonly kinematics?: Kinematics;
  /** False: the spectra hold lines only; no continuum is fitted. Default true. */
  readonly continuum?: boolean;
  /** Gaussians integrated over the pixel, or sampled at its centre. Default 'integrated'. */
  readonly profile?: ProfileKind;
  /** Doublets of fixed ratio. Default `fixedDoublets` of the nebula. */
  readonly doublets?: readonly FixedDoublet[];
  /** Rest wavelengths [Å] that replace those of the line list, in the arms' medium. */
  readonly wavelengths?: Wavelengths;
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
   * @param at fluxes at this velocity and dispersion [km/s] instead of fitting them. Default: as the options say.
   * @throws BadArgument when the spectra's lengths are not those of the arms
   */
  fit(spectra: readonly Spectrum[], continuum?: Continuum, at?: Kinematics): LineFit;
  /**
   * Errors from refits: the fitted model of each window with fresh noise of the pixels' errors, as scaled. A local continuum is fitted
   * anew each time, a given one moved by its `uncertainty`, as one over the width of a line.
   * @throws BadArgument when the spectra's lengths are not those of the arms
   */
  monteCarlo(spectra: readonly Spectrum[], continuum: Continuum | undefined, draws: number, random: Random): MonteCarloErrors;
  /** Instrumental dispersion at each line [km/s]. */
  readonly instrumentSigma: Float64Array;
  /** The sky line or telluric band that a line falls on at the redshift; null for none. */
  skyAt(line: LineName): string | null;
  /** After `fit`: model (continuum and lines) and continuum of a window, for pictures. */
  picture(window: number): { readonly model: Float64Array; readonly continuum: Float64Array };
}

/** Dispersion at the start, of the profiles that look for lines, and assumed where nothing is detected [km/s]. */
export const startSigma = 40;
/** Lines together must be seen with this S/N for the kinematics to be fitted: about 30 independent velocities are tried. */
export const groupDetection = 5;
/** This share of a line's light must fall on good pixels. */
export const leastCoverage = 0.7;
/** Fits at most, each without the outliers that the last one showed. */
const passes = 3;

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/**
 * Makes the fitter for spectra on given axes.
 *
 * Lines of one kinematic group share velocity and dispersion; every line is a Gaussian integrated over the pixel with
 * σ² = σ_LSF² + (λσ/c)². Fluxes and a straight line under each group are linear and solved inside (variable projection;
 * Golub & Pereyra 1973); velocity and the square of the dispersion by damped Gauss–Newton steps. The covariance is that of all
 * parameters together, so that the error of the continuum and of the kinematics is in that of the fluxes; to it come the
 * continuum model's own error, where it is given, and what the same filter finds beside the lines beyond the errors.
 *
 * Faint lines: a fit that stops at σ = 0 makes half of the narrow lines wider than they are and their fluxes too large, so the
 * square of the dispersion goes on below zero (to −¾ of the instrument's), while 0 is reported; and the bias that least
 * squares has from choosing velocity and width to suit the noise, 1/S² of a flux, is taken off (see `faintCorrection`).
 */
export function createLineFitter(arms: readonly SpectralArm[], options: LineFitOptions): LineFitter {
  const {
    redshift, lines = defaultLines, kinematics, tie = 'all', components = 1, ratioBounds = densityDoublets, ratioTolerance = 2, detection = 3, continuum: hasContinuum = true, profile = 'integrated',
    groups = lineGroups, scaleErrors = true, velocityBounds = [-900, 900], sigmaBounds = [0, 500],
  } = options;
  const windows = findWindows(arms, { redshift, lines, groups, avoid: options.avoid, wavelengths: options.wavelengths });
  const designs = designWindows(arms, windows, { redshift, lines, doublets: options.doublets, wavelengths: options.wavelengths });
  const local = createLocalContinuum(arms, windows, { redshift, absorption: options.absorption });
  const guess = createVelocityGuess(designs, startSigma);
  const nothing: Continuum = {
    model: arms.map(({ axis }) => new Float64Array(axis.wavelength.length)), level: arms.map(({ axis }) => new Float64Array(axis.wavelength.length).fill(Number.NaN)),
    rejected: arms.map(({ axis }) => new Uint8Array(axis.wavelength.length)), degree: -1,
  };
  const data: WindowData[] = designs.map(createWindowData);
  const residuals = data.map(({ residual }) => residual);
  const weights = data.map(({ weight }) => weight);
  const groupOf = groupLines(lines, tie);
  const groupCount = lines.length === 0 ? 0 : Math.max(...groupOf) + 1;
  const kernel: LineKernel = createLineKernel(designs.map(({ window, lines: own, columns }) => ({
    pixels: window.to - window.from, lines: components * own.length, linear: components * columns + 2, sets: new Set(own.map(({ index }) => groupOf[index])).size + components - 1,
  })));
  const tied: TiedFit = createTiedFit(kernel, data, profile, groupCount + components - 1, { velocity: velocityBounds, sigma: sigmaBounds });
  const scratch = new Float64Array(Math.max(1, ...residuals.map(({ length }) => length)));

  const lengths = arms.map(({ axis }) => axis.wavelength.length);
  const designOf = lines.map((_, index) => designs.flatMap(({ lines }) => lines).find((line) => line.index === index));
  const beside = designs.map((design) => leastBeside(design.lines[0]!.lsf / pixelWidth(design)));
  const skyAt = lines.map((name, i) => (designOf[i] ? skyFeatureAt(lineByName(name).air * (1 + redshift), 2 * designOf[i].lsf) : null));
  const clampStart = ({ velocity, sigma }: Kinematics): KinematicStart => ({
    velocity: Math.min(velocityBounds[1], Math.max(velocityBounds[0], velocity)), u: Math.min(sigmaBounds[1], Math.max(sigmaBounds[0], sigma)) ** 2,
  });

  /** Which lines can be measured around a velocity; the others get their bits. */
  function chooseLines(velocity: number, lineStatus: Int32Array): boolean[] {
    const measurable = lines.map(() => false);
    for (let i = 0; i < lines.length; i++) lineStatus[i] = designOf[i] ? (skyAt[i] ? bit('SKYLINE') : 0) : bit('NOCOV');
    for (const one of data) {
      for (const line of one.design.lines) {
        const { inside, good } = one.active ? coverage(one, line, velocity, startSigma) : { inside: 1, good: 0 };
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
    for (let w = 0; w < data.length; w++) {
      if (tied.profiles(w).length > 0 && rejectResiduals(tied.residuals(w).residual, () => tied.lineModel(w), data[w]!.weight)) found = true;
    }
    return found;
  }

  /**
   * The model of the lines, fitted: all tied, then the detected groups each with its own kinematics, then doublets beyond their
   * bounds tied there, then two components. Answers the sets of the brightest group and of the second component.
   */
  function fitLines(start: KinematicStart, free: boolean, known: boolean, measurable: readonly boolean[], lineStatus: Int32Array): { converged: boolean; main: number; second: number } {
    let choice: ModelChoice = { sets: [start], measurable, setOf: new Uint8Array(lines.length), ties: [] };
    const refit = (change: Partial<ModelChoice>): boolean => {
      choice = { ...choice, sets: choice.sets.map((_, k) => ({ velocity: tied.velocity[k]!, u: tied.u[k]! })), ...change };
      return tied.fit(buildModel(designs, choice), free);
    };
    let converged = tied.fit(buildModel(designs, choice), free);
    let main = 0;
    if (!free) for (let i = 0; i < lines.length; i++) if (measurable[i] && !known) lineStatus[i]! |= bit('LOWSNR');
    if (free && groupCount > 1) {
      const { setOf, count, brightest, detected } = detectGroups(designs, tied, groupOf, groupCount, groupDetection);
      main = brightest;
      for (let i = 0; i < lines.length; i++) if (measurable[i] && !detected[groupOf[i]!]) lineStatus[i]! |= bit('LOWSNR');
      if (count > 1) converged = refit({ sets: Array.from({ length: count }, () => ({ velocity: tied.velocity[0]!, u: tied.u[0]! })), setOf });
    }
    const ties = violatedRatios(lines, data, tied, ratioBounds, ratioTolerance);
    if (ties.length > 0) {
      for (const one of ties) for (const i of [one.line, one.with]) lineStatus[i]! |= bit('NEARBOUND');
      converged = refit({ ties });
    }
    let second = -1;
    if (free && converged && components === 2 && trySecondComponent(designs, data, tied, choice, main)) {
      second = choice.sets.length;
      for (const one of ties) for (const i of [one.line, one.with]) lineStatus[i]! &= ~bit('NEARBOUND');
    }
    return { converged, main, second };
  }

  function fit(spectra: readonly Spectrum[], given?: Continuum, held: Kinematics | undefined = kinematics): LineFit {
    if (spectra.length !== lengths.length || spectra.some(({ flux, variance }, a) => flux.length !== lengths[a] || variance.length !== lengths[a])) checkSpectra(spectra, arms);
    let continuum = nothing;
    if (given) continuum = given;
    else if (hasContinuum) continuum = local.fit(spectra);
    for (const one of data) {
      weighWindow(one, spectra, continuum, scaleErrors, scratch);
      subtractContinuum(one, spectra, continuum, scratch);
    }
    for (let w = 0; w < data.length; w++) rejectSpikes(residuals[w]!, weights[w]!, beside[w]!);
    const lineStatus = new Int32Array(lines.length);
    const common = { lines, data, lineStatus, redshift, profile, detection, scaleErrors };
    for (let pass = 1; ; pass++) {
      let start: Kinematics = held ?? { velocity: 0, sigma: startSigma };
      let free = held === undefined;
      if (free) {
        const found = guess(residuals, weights);
        free = found.signal >= groupDetection;
        if (free) start = { velocity: found.velocity, sigma: startSigma };
      }
      if (pass === 1 && !given && hasContinuum && start.velocity !== 0) {
        // The stars turn with the gas: their absorption is where the lines are.
        local.moveAbsorption(start.velocity);
        for (const one of data) subtractContinuum(one, spectra, continuum, scratch);
      }
      const measurable = chooseLines(start.velocity, lineStatus);
      tied.load();
      if (!measurable.includes(true)) return measureLines({ ...common, tied: null, status: bit('NOCOV') | bit('NOVALUE'), main: 0, second: -1 });
      const { converged, main, second } = fitLines(clampStart(start), free, held !== undefined, measurable, lineStatus);
      if (pass < passes && anyOutlier()) continue;
      let status = held || free ? 0 : bit('LOWSNR');
      if (!converged) status |= bit('FITFAILED');
      if (free && tied.atBound(main)) status |= bit('NEARBOUND');
      if (second >= 0) status |= bit('MULTICOMP');
      return measureLines({ ...common, tied, status, main, second });
    }
  }

  const picture = (window: number): ReturnType<typeof modelOfWindow> => modelOfWindow(data[window]!, tied, window, profile);

  function errors(w: number): WindowErrors {
    const { design, noise, excess, filter, levelError, uncertain, uncertainty } = data[w]!;
    const widest = tied.profiles(w).reduce((most, { line, set }) => Math.max(most, lineShape(line, tied.velocity[set]!, tied.u[set]!).sigma), 0) / pixelWidth(design);
    return { noise, excess, filter, widest, levelError, uncertainty: uncertain && widest > 0 ? uncertainty : null };
  }

  return {
    lines, windows, fit, picture,
    monteCarlo: (spectra, continuum, draws, random) => repeatWithNoise({ fit: (own, under) => fit(own, under), windows, picture, errors }, spectra, continuum, draws, random),
    skyAt: (line) => skyAt[lines.indexOf(line)]?.name ?? null,
    instrumentSigma: Float64Array.from(lines, (_, i) => (designOf[i] ? (designOf[i].lsf * constants.c) / designOf[i].wavelength : Number.NaN)),
  };
}
