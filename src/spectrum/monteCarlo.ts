import type { Random } from '../numeric/index.js';
import { quantile, standardDeviation } from '../stats/index.js';
import type { Continuum } from './continuum.js';
import type { LineQuantities } from './lineQuantities.js';
import type { LineFit } from './measure.js';
import { smoothNoise } from './smoothNoise.js';
import type { Spectrum } from './spectrum.js';
import type { LineWindow } from './windows.js';

/** What is repeated: per line, or of the bin. */
const perLine = ['flux', 'ew', 'sum', 'amplitudeOverNoise', 'lineVelocity', 'lineSigma'] as const satisfies readonly (keyof LineQuantities)[];
const perBin = ['velocity', 'sigma'] as const satisfies readonly (keyof LineFit)[];

export type RepeatedQuantities = { readonly [name in (typeof perLine)[number]]: Float64Array } & { readonly [name in (typeof perBin)[number]]: number };

/** Of each quantity over the draws in which it was measured; NaN where it was in fewer than two. */
export interface MonteCarloErrors {
  readonly standardDeviation: RepeatedQuantities;
  /** 16 % and 84 % of the draws lie below. */
  readonly low: RepeatedQuantities;
  readonly high: RepeatedQuantities;
}

/** What a window's data and continuum are off by, as the errors of a fit have it. */
export interface WindowErrors {
  /** What the errors of the pixels were multiplied by. */
  readonly noise: number;
  /** Variance of line-free matched filters beyond what the errors say, in units of that, and σ of the filter [pixels]. */
  readonly excess: number;
  readonly filter: number;
  /** σ of the widest Gaussian [pixels]. */
  readonly widest: number;
  /** 1σ of the level of the continuum; null where it is not given. */
  readonly levelError: number | null;
  /** 1σ of the continuum's model per pixel; null where it has none. */
  readonly uncertainty: Float64Array | null;
}

interface Repeatable {
  readonly windows: readonly LineWindow[];
  fit(spectra: readonly Spectrum[], continuum?: Continuum): LineFit;
  picture(window: number): { readonly model: Float64Array };
  /** After a fit; arrays are overwritten by the next. */
  errors(window: number): WindowErrors;
}

/** Errors of a continuum's model are correlated over this many σ of a line: its flux feels 98 % of errors that are the same everywhere under it. */
const modelCorrelation = 5;

/**
 * Fits the fitted model of each window with fresh noise, `draws` times: the parametric bootstrap (Efron & Tibshirani 1993). What the
 * errors of the fit hold beside the noise is drawn too: the error of a given continuum, smooth over the width of a line, that of its level,
 * and the scatter, correlated over that width, which the continuum beside the lines shows beyond the errors.
 */
export function repeatWithNoise({ fit, windows, picture, errors }: Repeatable, spectra: readonly Spectrum[], continuum: Continuum | undefined, draws: number, random: Random): MonteCarloErrors {
  const { lines } = fit(spectra, continuum);
  const models = windows.map((_, w) => {
    const own = errors(w);
    return { ...own, model: picture(w).model, uncertainty: own.uncertainty && own.uncertainty.slice() };
  });
  const mock = spectra.map((one) => ({ ...one, flux: one.flux.slice() }));
  const copy = (arrays: readonly Float64Array[]): Float64Array[] => arrays.map((one) => one.slice());
  const drawn = continuum && { ...continuum, model: copy(continuum.model), level: copy(continuum.level) };
  const rows: LineFit[] = [];
  for (let draw = 0; draw < draws; draw++) {
    windows.forEach(({ arm, from }, w) => {
      const { model, noise, excess, filter, widest, uncertainty, levelError } = models[w]!;
      const { flux } = mock[arm]!;
      const { flux: measured, variance } = spectra[arm]!;
      const smooth = new Float64Array(model.length);
      // Noise as smooth as the filter keeps √(2π) σ times the variance that white noise keeps in it.
      const wiggle = excess > 0 ? Math.sqrt(excess / (Math.sqrt(2 * Math.PI) * filter)) : 0;
      if (wiggle > 0) smoothNoise(smooth, Math.SQRT2 * filter, random);
      // A pixel that does not count stays as it is.
      model.forEach((value, i) => { if (Number.isFinite(measured[from + i])) flux[from + i] = value + noise * Math.sqrt(variance[from + i]!) * (random.normal() + wiggle * smooth[i]!); });
      if (!drawn) return;
      if (uncertainty) {
        smoothNoise(smooth, modelCorrelation * widest, random);
        smooth.forEach((off, i) => { drawn.model[arm]![from + i] = continuum.model[arm]![from + i]! + off * uncertainty[i]!; });
      }
      if (levelError) {
        const off = levelError * random.normal();
        for (let k = from; k < from + model.length; k++) drawn.level[arm]![k] = continuum.level[arm]![k]! + off;
      }
    });
    rows.push(fit(mock, drawn));
  }
  const summary = (statistic: (values: readonly number[]) => number): RepeatedQuantities => {
    const of = (values: readonly number[]): number => {
      const finite = values.filter(Number.isFinite);
      return finite.length < 2 ? Number.NaN : statistic(finite);
    };
    const lineRows = perLine.map((name) => [name, Float64Array.from(lines, (_, i) => of(rows.map((row) => row[name][i]!)))] as const);
    const binRows = perBin.map((name) => [name, of(rows.map((row) => row[name]))] as const);
    return { ...Object.fromEntries(lineRows), ...Object.fromEntries(binRows) } as RepeatedQuantities;
  };
  return { standardDeviation: summary(standardDeviation), low: summary((values) => quantile(values, 0.16)), high: summary((values) => quantile(values, 0.84)) };
}
