import { maskBits, type LineMap } from '../linemaps/index.js';
import type { LineName } from '../nebula/index.js';
import type { LineFit, LineFitter, MonteCarloErrors } from '../spectrum/index.js';

/** Kinematics [km/s] in every bin. */
export interface KinematicColumns {
  readonly velocity: Float64Array;
  readonly velocityError: Float64Array;
  /** The instrument taken off. */
  readonly sigma: Float64Array;
  readonly sigmaError: Float64Array;
}

/** What is kept of a line beside its flux and width. */
export interface LineExtras {
  /** Flux summed over the line's window [1e-17 erg/s/cm² per bin], a cross-check. */
  readonly sum: Float64Array;
  readonly sumError: Float64Array;
  /** Peak over the error of a pixel there. */
  readonly amplitudeOverNoise: Float64Array;
  /** Three times the error at fixed kinematics where the line is not detected [1e-17 erg/s/cm² per bin]; NaN elsewhere. */
  readonly upperLimit: Float64Array;
  /** Of the line's own group; equal in all lines when they are tied. */
  readonly kinematics: KinematicColumns;
}

/** Two components where two were found, NaN elsewhere; the narrower first. */
export interface ComponentColumns {
  readonly kinematics: readonly [KinematicColumns, KinematicColumns];
  readonly flux: ReadonlyMap<LineName, readonly [Pick<LineMap, 'flux' | 'fluxError'>, Pick<LineMap, 'flux' | 'fluxError'>]>;
}

export interface LineRecord {
  readonly lines: ReadonlyMap<LineName, LineMap>;
  readonly extras: ReadonlyMap<LineName, LineExtras>;
  readonly kinematics: KinematicColumns;
  readonly components: ComponentColumns | null;
  readonly reducedChi2: Float64Array;
  /** What the errors of the pixels were multiplied by, from the scatter of the continuum beside the lines. */
  readonly noiseFactor: Float64Array;
  readonly status: Int32Array;
  /** Enters the fit of a bin; errors are those of the draws where there are some. */
  add(b: number, fit: LineFit, draws: MonteCarloErrors | null): void;
}

/** The lines whose sky features are told per bin: those of the excitation diagram and the leading calibrations. */
const needed: readonly LineName[] = ['Hb', 'OIII5007', 'Ha', 'NII6583', 'SII6716', 'SII6731'];

/** Room for the lines of `count` bins: those that have a window. */
export function createLineRecord(count: number, { lines: names, windows }: Pick<LineFitter, 'lines' | 'windows'>, twoComponents: boolean): LineRecord {
  const column = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const kinematicColumns = (): KinematicColumns => ({ velocity: column(), velocityError: column(), sigma: column(), sigmaError: column() });
  const covered = names.filter((name) => windows.some((window) => window.lines.includes(name)));
  const lines = new Map(covered.map((name) => [name, { flux: column(), fluxError: column(), ew: column(), ewError: column() }]));
  const extras = new Map(covered.map((name) => [name, {
    sum: column(), sumError: column(), amplitudeOverNoise: column(), upperLimit: column(), kinematics: kinematicColumns(),
  }]));
  const fluxes = (): { flux: Float64Array; fluxError: Float64Array } => ({ flux: column(), fluxError: column() });
  const components = twoComponents ? {
    kinematics: [kinematicColumns(), kinematicColumns()] as const, flux: new Map(covered.map((name) => [name, [fluxes(), fluxes()] as const])),
  } : null;
  const [kinematics, reducedChi2, noiseFactor, status] = [kinematicColumns(), column(), column(), new Int32Array(count)];
  return {
    lines, extras, kinematics, components, reducedChi2, noiseFactor, status,
    add(b, fit, draws) {
      const error = (drawn: number | undefined, formal: number): number => (drawn === undefined || Number.isNaN(drawn) ? formal : drawn);
      const scatter = draws?.standardDeviation;
      names.forEach((name, i) => {
        const line = lines.get(name);
        const extra = extras.get(name);
        if (!line || !extra) return;
        line.flux[b] = fit.flux[i]!;
        line.fluxError[b] = error(scatter?.flux[i], fit.fluxError[i]!);
        line.ew[b] = fit.ew[i]!;
        line.ewError[b] = error(scatter?.ew[i], fit.ewError[i]!);
        extra.sum[b] = fit.sum[i]!;
        extra.sumError[b] = error(scatter?.sum[i], fit.sumError[i]!);
        extra.amplitudeOverNoise[b] = fit.amplitudeOverNoise[i]!;
        extra.upperLimit[b] = fit.upperLimit[i]!;
        extra.kinematics.velocity[b] = fit.lineVelocity[i]!;
        extra.kinematics.velocityError[b] = error(scatter?.lineVelocity[i], fit.lineVelocityError[i]!);
        extra.kinematics.sigma[b] = fit.lineSigma[i]!;
        extra.kinematics.sigmaError[b] = error(scatter?.lineSigma[i], fit.lineSigmaError[i]!);
        if (needed.includes(name)) status[b]! |= fit.lineStatus[i]! & (1 << maskBits.SKYLINE);
        if (!fit.components) return;
        for (const c of [0, 1] as const) {
          const own = components!.flux.get(name)![c];
          own.flux[b] = fit.components.flux[c][i]!;
          own.fluxError[b] = fit.components.fluxError[c][i]!;
        }
      });
      kinematics.velocity[b] = fit.velocity;
      kinematics.velocityError[b] = error(scatter?.velocity, fit.velocityError);
      kinematics.sigma[b] = fit.sigma;
      kinematics.sigmaError[b] = error(scatter?.sigma, fit.sigmaError);
      if (fit.components) {
        const { components: found } = fit;
        for (const c of [0, 1] as const) for (const name of ['velocity', 'velocityError', 'sigma', 'sigmaError'] as const) components!.kinematics[c][name][b] = found[name][c];
      }
      reducedChi2[b] = fit.dof > 0 ? fit.chi2 / fit.dof : Number.NaN;
      noiseFactor[b] = fit.noiseFactor;
      status[b]! |= fit.status;
    },
  };
}
