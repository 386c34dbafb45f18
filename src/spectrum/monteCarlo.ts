import type { Random } from '../numeric/index.js';
import { quantile, standardDeviation } from '../stats/index.js';
import type { Continuum } from './continuum.js';
import type { LineQuantities } from './lineQuantities.js';
import type { LineFit } from './measure.js';
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

interface Repeatable {
  readonly windows: readonly LineWindow[];
  fit(spectra: readonly Spectrum[], continuum?: Continuum): LineFit;
  picture(window: number): { readonly model: Float64Array };
  /** What the errors of a window's pixels were multiplied by. */
  noise(window: number): number;
}

/** Fits the fitted model of each window with fresh noise, `draws` times: the parametric bootstrap (Efron & Tibshirani 1993). */
export function repeatWithNoise({ fit, windows, picture, noise }: Repeatable, spectra: readonly Spectrum[], continuum: Continuum | undefined, draws: number, random: Random): MonteCarloErrors {
  const { lines } = fit(spectra, continuum);
  const models = windows.map((_, w) => ({ model: picture(w).model, scale: noise(w) }));
  const mock = spectra.map((one) => ({ ...one, flux: one.flux.slice() }));
  const rows: LineFit[] = [];
  for (let draw = 0; draw < draws; draw++) {
    windows.forEach(({ arm, from }, w) => {
      const { model, scale } = models[w]!;
      const { flux } = mock[arm]!;
      const { flux: measured, variance } = spectra[arm]!;
      // A pixel that does not count stays as it is.
      model.forEach((value, i) => { if (Number.isFinite(measured[from + i])) flux[from + i] = value + scale * Math.sqrt(variance[from + i]!) * random.normal(); });
    });
    rows.push(fit(mock, continuum));
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
