import type { Disk } from '../disk/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import {
  abundancesThroughDust, balmerDust, bptClasses, calibrationByName, classifyBpt, classifyWhad, classifyWhan, deredden, dustFactor, evaluateOH, lineExtinction, luminosity,
  starFormationRate, surfaceDensity, type Calibration, type LineFluxes, type LineName, type SfrCalibrationName,
} from '../nebula/index.js';
import { createRandom, type Random } from '../numeric/index.js';
import { standardDeviation } from '../stats/index.js';
import { kpcPerArcsec } from './resolve.js';

/** One calibration in some bins. */
export interface AbundanceColumns {
  readonly oh: Float64Array;
  readonly error: Float64Array;
  /** 1σ of O/H over draws of the fluxes within their errors, the dust derived again from each. */
  readonly drawnError: Float64Array;
  /** Scatter of the calibration there [dex]; NaN when not known. */
  readonly scatter: Float64Array;
  /** LOWSNR, OUTOFRANGE, UNRELIABLE (saturated, or the branch is not decided), NOVALUE. */
  readonly status: Int32Array;
}

/**
 * Share of the draws that give the class that the bin has, 0 … 1: where all places on either side of a border are as likely
 * beforehand, the probability that the class is right. NaN for a bin without class.
 */
export interface ClassAgreement {
  readonly bpt: Float64Array;
  readonly whan: Float64Array;
  readonly whad: Float64Array;
}

/** What the lines of some bins say of the gas. NaN where nothing can be said. */
export interface NebularColumns {
  /** E(B−V) ≥ 0, its error, and the value before it was cut at zero. */
  readonly ebv: Float64Array;
  readonly ebvError: Float64Array;
  readonly ebvRaw: Float64Array;
  /** 0 none, 1 star-forming, 2 composite, 3 AGN. */
  readonly bpt: Uint8Array;
  readonly whan: Uint8Array;
  readonly whad: Uint8Array;
  /** log star-formation rate [M⊙/yr] of the bin. */
  readonly logSfr: Float64Array;
  /** log deprojected surface density [M⊙/yr/kpc²], and its error, which is that of `logSfr` too. */
  readonly logSigmaSfr: Float64Array;
  readonly logSigmaSfrError: Float64Array;
  /** NEGATIVEDUST. */
  readonly status: Int32Array;
  /** How sure the classes are; null without draws. */
  readonly agreement: ClassAgreement | null;
  /** By name of the calibration. */
  readonly abundances: ReadonlyMap<string, AbundanceColumns>;
}

/** What a worker needs to analyse bins. */
export interface NebularJob {
  readonly maps: Pick<LineMaps, 'lines' | 'sigma' | 'sigmaError' | 'npix' | 'pixelScale'>;
  readonly disk: Disk;
  /** Names of the calibrations. */
  readonly calibrations: readonly string[];
  readonly snLine: number;
  readonly balmer: number;
  readonly sfr: SfrCalibrationName;
  /** Draws for the errors of what is derived and for the classes; 0: by propagation. */
  readonly draws: number;
  readonly seed: number;
}

/** Bins from ≤ b < to. */
export type BinRange = readonly [from: number, to: number];

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/** Columns for some bins, without values. */
export function emptyColumns(bins: number, calibrations: readonly string[], agreement: boolean): NebularColumns {
  const empty = (): Float64Array => new Float64Array(bins).fill(Number.NaN);
  return {
    ebv: empty(), ebvError: empty(), ebvRaw: empty(), logSfr: empty(), logSigmaSfr: empty(), logSigmaSfrError: empty(),
    bpt: new Uint8Array(bins), whan: new Uint8Array(bins), whad: new Uint8Array(bins), status: new Int32Array(bins),
    agreement: agreement ? { bpt: empty(), whan: empty(), whad: empty() } : null,
    abundances: new Map(calibrations.map((name) => [name, { oh: empty(), error: empty(), drawnError: empty(), scatter: empty(), status: new Int32Array(bins) }])),
  };
}

/** The fluxes of one bin, and their errors. */
function binFluxes(lines: LineMaps['lines'], b: number): { fluxes: LineFluxes; errors: LineFluxes } {
  const fluxes: Partial<Record<LineName, number>> = {};
  const errors: Partial<Record<LineName, number>> = {};
  for (const [name, line] of lines) {
    fluxes[name] = line.flux[b]!;
    errors[name] = line.fluxError[b]!;
  }
  return { fluxes, errors };
}

const extinction = lineExtinction();

/** Dust, excitation class, star formation and abundances of bins. */
export function makeNebularWork(job: NebularJob): (range: BinRange) => NebularColumns {
  const { maps, disk, snLine, balmer } = job;
  const calibrations = job.calibrations.map((name) => calibrationByName(name)!);
  const ha = maps.lines.get('Ha');
  const nii = maps.lines.get('NII6583');
  const scale = kpcPerArcsec(disk.angularDistance);

  function analyse(b: number, out: NebularColumns, i: number): void {
    const { fluxes, errors } = binFluxes(maps.lines, b);
    const detected = (name: LineName): boolean => fluxes[name]! / errors[name]! >= snLine;
    const dust = balmerDust({ ha: fluxes.Ha ?? Number.NaN, haError: errors.Ha ?? Number.NaN, hb: fluxes.Hb ?? Number.NaN, hbError: errors.Hb ?? Number.NaN }, { ratio: balmer });
    out.ebv[i] = dust.ebv;
    out.ebvRaw[i] = dust.ebvRaw;
    out.ebvError[i] = dust.ebvError;
    // Noise in an undetected Hβ says nothing of dust.
    if (dust.negative && detected('Ha') && detected('Hb')) out.status[i]! |= bit('NEGATIVEDUST');

    // An undetected metal line still places a bin: at its upper limit it lies below the curve, or its class is not known.
    const atMost = (name: LineName): number => (detected(name) ? fluxes[name]! : Math.max(fluxes[name] ?? Number.NaN, 0) + snLine * (errors[name] ?? Number.NaN));
    const place = detected('Ha') && detected('Hb') ? classifyBpt({ ...fluxes, OIII5007: atMost('OIII5007'), NII6583: atMost('NII6583') }) : bptClasses.none;
    const measured = detected('OIII5007') && detected('NII6583');
    out.bpt[i] = measured || place === bptClasses.starForming ? place : bptClasses.none;
    if (ha?.ew) {
      out.whan[i] = classifyWhan({ ewHa: ha.ew[b]!, ewNii: nii?.ew?.[b] ?? Number.NaN }, fluxes);
      out.whad[i] = classifyWhad({ ewHa: ha.ew[b]!, sigma: maps.sigma[b]! });
    }

    const haIntrinsic = fluxes.Ha! * dustFactor('Ha', dust.ebv);
    const sfr = starFormationRate(luminosity(haIntrinsic * 1e-17, disk.luminosityDistance), job.sfr);
    if (sfr > 0) {
      out.logSfr[i] = Math.log10(sfr);
      const area = maps.npix[b]! * maps.pixelScale ** 2;
      out.logSigmaSfr[i] = Math.log10(surfaceDensity(sfr, area, scale, disk.inclination));
      // F(Hα) 10^(0.4 k E) with E from Hα/Hβ: relative errors of Hα and Hβ with the powers 1 + p and −p.
      const p = extinction.Ha / (extinction.Hb - extinction.Ha);
      out.logSigmaSfrError[i] = Math.hypot((1 + p) * errors.Ha! / fluxes.Ha!, p * errors.Hb! / fluxes.Hb!) / Math.LN10;
    }

    const abundanceBy = abundancesThroughDust(fluxes, errors, { ratio: balmer });
    for (const calibration of calibrations) {
      const one = out.abundances.get(calibration.name)!;
      const low = calibration.lines.some((name) => !detected(name));
      const found = abundanceBy(calibration);
      one.oh[i] = found.oh;
      one.error[i] = found.error;
      one.scatter[i] = found.scatter;
      one.status[i] = (low ? bit('LOWSNR') : 0) | (found.flags.outOfRange ? bit('OUTOFRANGE') : 0)
        | (found.flags.saturated || found.flags.ambiguous ? bit('UNRELIABLE') : 0)
        | (Number.isNaN(found.oh) ? bit('NOVALUE') | bit('DONOTUSE') : 0);
    }
    drawErrors(job, calibrations, b, fluxes, errors, out, i);
  }

  return ([from, to]) => {
    const out = emptyColumns(to - from, job.calibrations, job.draws > 0);
    for (let b = from; b < to; b++) analyse(b, out, b - from);
    return out;
  };
}

/** Draws of a bin's fluxes for the error of a slope, in which those of many bins are summed, so that the more bins the fewer draws are enough. */
const slopeDraws = (bins: number): number => Math.min(200, Math.max(16, Math.round(4000 / bins)));

/**
 * The errors of what is derived from the lines of a bin, from fluxes drawn within their errors; those of which no draw is in the domain stay.
 * The dust of a draw is that of the same fluxes, before the cut at zero: cut, the draws would be biased.
 * Lines are drawn one by one: that a fit shares its kinematics among them (a correlation of 0.15 of Hα and [N II], 0.05 of other pairs)
 * makes the error of O/H from [N II]/Hα 4 % too large, 9 % where lines of 150 km/s overlap, and changes others by less than 5 %.
 */
function drawErrors(job: NebularJob, calibrations: readonly Calibration[], b: number, fluxes: LineFluxes, errors: LineFluxes, out: NebularColumns, i: number): void {
  const { maps, draws, seed, balmer } = job;
  const random = createRandom(seed, 'derived', b);
  const names = [...maps.lines.keys()];
  const joint = calibrations.some(({ relation }) => relation.kind === 'joint');
  const rows = Array.from({ length: draws || slopeDraws(maps.npix.length) }, () => {
    const drawn: Partial<Record<LineName, number>> = {};
    for (const name of names) drawn[name] = fluxes[name]! + random.normal() * errors[name]!;
    const { ebv, ebvRaw } = balmerDust({ ha: drawn.Ha ?? Number.NaN, haError: 0, hb: drawn.Hb ?? Number.NaN, hbError: 0 }, { ratio: balmer });
    // Only a joint calibration weighs its ratios by the errors.
    return { drawn, ebv, ebvRaw, intrinsic: deredden(drawn, ebvRaw), intrinsicErrors: joint ? deredden(errors, ebvRaw) : null };
  });
  const scatter = (values: number[], otherwise: number): number => {
    const finite = values.filter(Number.isFinite);
    return finite.length > 1 ? standardDeviation(finite) : otherwise;
  };
  for (const calibration of calibrations) {
    const { oh, error, drawnError } = out.abundances.get(calibration.name)!;
    if (!Number.isFinite(oh[i]!)) continue;
    drawnError[i] = scatter(rows.map(({ intrinsic, intrinsicErrors }) => evaluateOH(calibration, intrinsic, calibration.relation.kind === 'joint' ? intrinsicErrors : null)), Number.NaN);
    if (draws > 0 && Number.isFinite(drawnError[i]!)) error[i] = drawnError[i]!;
  }
  if (!out.agreement) return;
  out.ebvError[i] = scatter(rows.map(({ ebvRaw }) => ebvRaw), out.ebvError[i]!);
  out.logSigmaSfrError[i] = scatter(rows.map(({ drawn, ebv }) => Math.log10(drawn.Ha! * dustFactor('Ha', ebv))), out.logSigmaSfrError[i]!);
  const classesOf = createClassDraws(maps, b, createRandom(seed, 'classes', b));
  const classes = rows.map(({ drawn }) => classesOf(drawn));
  for (const name of ['bpt', 'whan', 'whad'] as const) {
    const own = out[name][i]!;
    // Without any class in the draws an error is not known.
    if (own !== 0 && classes.some((one) => one[name] !== 0)) out.agreement[name][i] = classes.filter((one) => one[name] === own).length / draws;
  }
}

/**
 * The classes that the drawn fluxes of a bin have, with equivalent widths and a dispersion drawn to match: a width follows its line's
 * flux, and what its error holds beside (that of the continuum) is drawn on its own. An error that is not known counts as zero.
 */
function createClassDraws(maps: NebularJob['maps'], b: number, random: Random): (drawn: LineFluxes) => { bpt: number; whan: number; whad: number } {
  const widthOf = (name: LineName): ((drawn: LineFluxes) => number) => {
    const line = maps.lines.get(name);
    if (!line?.ew) return () => Number.NaN;
    const [flux, ew] = [line.flux[b]!, line.ew[b]!];
    const perFlux = flux > 0 && ew > 0 ? ew / flux : 0;
    const others = Math.sqrt(Math.max(0, (line.ewError?.[b] ?? 0) ** 2 - (perFlux * line.fluxError[b]!) ** 2)) || 0;
    return (drawn) => ew + perFlux * (drawn[name]! - flux) + others * random.normal();
  };
  const [ewHaOf, ewNiiOf] = [widthOf('Ha'), widthOf('NII6583')];
  const sigmaError = maps.sigmaError[b]! || 0;
  return (drawn) => {
    // A metal line that noise drew below zero is weaker than at any border.
    const positive = { ...drawn, OIII5007: Math.max(drawn.OIII5007 ?? Number.NaN, Number.MIN_VALUE), NII6583: Math.max(drawn.NII6583 ?? Number.NaN, Number.MIN_VALUE) };
    const ewHa = ewHaOf(drawn);
    return {
      bpt: classifyBpt(positive), whan: classifyWhan({ ewHa, ewNii: ewNiiOf(drawn) }, positive),
      whad: classifyWhad({ ewHa, sigma: maps.sigma[b]! + sigmaError * random.normal() }),
    };
  };
}
