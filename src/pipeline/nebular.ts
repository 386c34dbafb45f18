import type { Disk } from '../disk/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import {
  abundanceThroughDust, balmerDust, bptClasses, classifyBpt, classifyWhad, classifyWhan, deredden, dustFactor, evaluateOH, lineExtinction, luminosity,
  starFormationRate, surfaceDensity, type Calibration, type LineFluxes, type LineName, type SfrCalibrationName,
} from '../nebula/index.js';
import { createRandom, type Random } from '../numeric/index.js';
import { standardDeviation } from '../stats/index.js';
import { kpcPerArcsec } from './resolve.js';

export interface NebularOptions {
  readonly calibrations: readonly Calibration[];
  /** The calibration that decides which bins count as used. */
  readonly leading: Calibration;
  /** S/N that a line needs. */
  readonly snLine: number;
  /** Further lines that must be detected. Default none. */
  readonly required?: readonly LineName[];
  /** EW(Hα) that a bin needs [Å]; not applied when the maps hold no equivalent widths. */
  readonly minEW: number;
  /** Intrinsic Hα/Hβ. */
  readonly balmer: number;
  readonly sfr: SfrCalibrationName;
  /** Draws of the fluxes within their errors for the errors of what is derived from them; 0: by propagation. */
  readonly draws: number;
  readonly seed: number;
  /** Told how many bins are done. */
  readonly progress?: (done: number, total: number) => void;
}

/** One calibration in every bin. */
export interface BinAbundance {
  readonly calibration: Calibration;
  readonly oh: Float64Array;
  readonly error: Float64Array;
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

/** What the lines of every bin say of the gas. NaN where nothing can be said. */
export interface NebularBins {
  /** E(B−V) ≥ 0, its error, and the value before it was cut at zero. */
  readonly ebv: Float64Array;
  readonly ebvError: Float64Array;
  readonly ebvRaw: Float64Array;
  /** 0 none, 1 star-forming, 2 composite, 3 AGN. */
  readonly bpt: Uint8Array;
  readonly whan: Uint8Array;
  readonly whad: Uint8Array;
  /** How sure the classes are; null without draws. */
  readonly agreement: ClassAgreement | null;
  /** log star-formation rate [M⊙/yr] of the bin. */
  readonly logSfr: Float64Array;
  /** log deprojected surface density [M⊙/yr/kpc²], and its error, which is that of `logSfr` too. */
  readonly logSigmaSfr: Float64Array;
  readonly logSigmaSfrError: Float64Array;
  readonly abundances: ReadonlyMap<string, BinAbundance>;
  /** S/N of each line. */
  readonly sn: ReadonlyMap<LineName, Float64Array>;
  /** EW(Hα) [Å]; null when the maps hold none. */
  readonly ewHa: Float64Array | null;
  /** Status per line: LOWSNR. */
  readonly lineStatus: ReadonlyMap<LineName, Int32Array>;
  /** Status per bin with DONOTUSE set where the bin is not used in the leading gradient. */
  readonly status: Int32Array;
}

/** The lines of the BPT diagram. */
export const bptLines: readonly LineName[] = ['Ha', 'Hb', 'OIII5007', 'NII6583'];

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/** The fluxes of one bin, and their errors. */
export function binFluxes(maps: LineMaps, b: number): { fluxes: LineFluxes; errors: LineFluxes } {
  const fluxes: Partial<Record<LineName, number>> = {};
  const errors: Partial<Record<LineName, number>> = {};
  for (const [name, line] of maps.lines) {
    fluxes[name] = line.flux[b]!;
    errors[name] = line.fluxError[b]!;
  }
  return { fluxes, errors };
}

const extinction = lineExtinction();

/**
 * O/H of one bin from its observed fluxes. The dust is that of the same fluxes, before the cut at zero: cut, the draws of
 * an error estimate would be biased.
 */
export function observedToOH(calibration: Calibration, observed: LineFluxes, errors: LineFluxes, balmer: number): number {
  const { ebvRaw } = balmerDust({ ha: observed.Ha ?? Number.NaN, haError: 0, hb: observed.Hb ?? Number.NaN, hbError: 0 }, { ratio: balmer });
  // Only a joint calibration weighs its ratios by the errors.
  return evaluateOH(calibration, deredden(observed, ebvRaw), calibration.relation.kind === 'joint' ? deredden(errors, ebvRaw) : null);
}

/** Dust, excitation class, star formation and abundances of every bin. */
export function analyseBins(maps: LineMaps, disk: Disk, options: NebularOptions): NebularBins {
  const { count } = maps.binning;
  const { snLine, minEW, balmer } = options;
  const filled = (): Float64Array => new Float64Array(count).fill(Number.NaN);
  const out = {
    ebv: filled(), ebvError: filled(), ebvRaw: filled(), logSfr: filled(), logSigmaSfr: filled(), logSigmaSfrError: filled(),
    bpt: new Uint8Array(count), whan: new Uint8Array(count), whad: new Uint8Array(count), status: Int32Array.from(maps.status),
  };
  const sn = new Map([...maps.lines].map(([name, line]) => [name, line.flux.map((flux, b) => flux / line.fluxError[b]!)]));
  const snOf = (name: LineName, b: number): number => sn.get(name)?.[b] ?? Number.NaN;
  const detected = (name: LineName, b: number): boolean => snOf(name, b) >= snLine;
  const lineStatus = new Map([...sn].map(([name, values]) => [name, Int32Array.from(values, (v) => (v >= snLine ? 0 : bit('LOWSNR')))]));
  const ewHa = maps.lines.get('Ha')?.ew ?? null;
  const ewNii = maps.lines.get('NII6583')?.ew ?? null;
  const abundances = new Map<string, BinAbundance>(options.calibrations.map((calibration) => [calibration.name, {
    calibration, oh: filled(), error: filled(), scatter: filled(), status: new Int32Array(count),
  }]));
  const scale = kpcPerArcsec(disk.angularDistance);

  for (let b = 0; b < count; b++) {
    options.progress?.(b, count);
    const { fluxes, errors } = binFluxes(maps, b);
    const dust = balmerDust({ ha: fluxes.Ha ?? Number.NaN, haError: errors.Ha ?? Number.NaN, hb: fluxes.Hb ?? Number.NaN, hbError: errors.Hb ?? Number.NaN }, { ratio: balmer });
    out.ebv[b] = dust.ebv;
    out.ebvRaw[b] = dust.ebvRaw;
    out.ebvError[b] = dust.ebvError;
    // Noise in an undetected Hβ says nothing of dust.
    if (dust.negative && detected('Ha', b) && detected('Hb', b)) out.status[b]! |= bit('NEGATIVEDUST');

    // An undetected metal line still places a bin: at its upper limit it lies below the curve, or its class is not known.
    const atMost = (name: LineName): number => (detected(name, b) ? fluxes[name]! : Math.max(fluxes[name] ?? Number.NaN, 0) + snLine * (errors[name] ?? Number.NaN));
    const place = detected('Ha', b) && detected('Hb', b) ? classifyBpt({ ...fluxes, OIII5007: atMost('OIII5007'), NII6583: atMost('NII6583') }) : bptClasses.none;
    const measured = detected('OIII5007', b) && detected('NII6583', b);
    out.bpt[b] = measured || place === bptClasses.starForming ? place : bptClasses.none;
    if (ewHa) {
      out.whan[b] = classifyWhan({ ewHa: ewHa[b]!, ewNii: ewNii?.[b] ?? Number.NaN }, fluxes);
      out.whad[b] = classifyWhad({ ewHa: ewHa[b]!, sigma: maps.sigma[b]! });
    }

    const haIntrinsic = fluxes.Ha! * dustFactor('Ha', dust.ebv);
    const sfr = starFormationRate(luminosity(haIntrinsic * 1e-17, disk.luminosityDistance), options.sfr);
    if (sfr > 0) {
      out.logSfr[b] = Math.log10(sfr);
      const area = maps.npix[b]! * maps.pixelScale ** 2;
      out.logSigmaSfr[b] = Math.log10(surfaceDensity(sfr, area, scale, disk.inclination));
      // F(Hα) 10^(0.4 k E) with E from Hα/Hβ: relative errors of Hα and Hβ with the powers 1 + p and −p.
      const p = extinction.Ha / (extinction.Hb - extinction.Ha);
      out.logSigmaSfrError[b] = Math.hypot((1 + p) * errors.Ha! / fluxes.Ha!, p * errors.Hb! / fluxes.Hb!) / Math.LN10;
    }

    for (const one of abundances.values()) {
      const { calibration } = one;
      const low = calibration.lines.some((name) => !detected(name, b));
      const found = abundanceThroughDust(calibration, fluxes, errors, { ratio: balmer });
      one.oh[b] = found.oh;
      one.error[b] = found.error;
      one.scatter[b] = found.scatter;
      one.status[b] = (low ? bit('LOWSNR') : 0) | (found.flags.outOfRange ? bit('OUTOFRANGE') : 0)
        | (found.flags.saturated || found.flags.ambiguous ? bit('UNRELIABLE') : 0)
        | (Number.isNaN(one.oh[b]!) ? bit('NOVALUE') | bit('DONOTUSE') : 0);
    }
  }
  const agreement = options.draws > 0 ? { bpt: filled(), whan: filled(), whad: filled() } : null;
  if (agreement) for (let b = 0; b < count; b++) drawErrors(maps, b, options, { ...out, agreement }, abundances);
  const bins: NebularBins = { ...out, agreement, abundances, sn, ewHa, lineStatus };
  markUnused(bins, maps, { snLine, minEW, composite: false, byHb: false, ...(options.required && { required: options.required }) }, options.leading);
  return bins;
}

/**
 * The errors of what is derived from the lines of a bin, from fluxes drawn within their errors; those of which no draw is in the domain stay.
 * Lines are drawn one by one: that a fit shares its kinematics among them (a correlation of 0.15 of Hα and [N II], 0.05 of other pairs)
 * makes the error of O/H from [N II]/Hα 4 % too large, 9 % where lines of 150 km/s overlap, and changes others by less than 5 %.
 */
function drawErrors(
  maps: LineMaps, b: number, { draws, seed, balmer }: NebularOptions,
  out: Pick<NebularBins, 'ebvError' | 'logSigmaSfrError' | 'bpt' | 'whan' | 'whad'> & { readonly agreement: ClassAgreement }, abundances: ReadonlyMap<string, BinAbundance>,
): void {
  const { fluxes, errors } = binFluxes(maps, b);
  const random = createRandom(seed, 'derived', b);
  const names = [...maps.lines.keys()];
  const rows = Array.from({ length: draws }, () => {
    const drawn: Partial<Record<LineName, number>> = {};
    for (const name of names) drawn[name] = fluxes[name]! + random.normal() * errors[name]!;
    const { ebv, ebvRaw } = balmerDust({ ha: drawn.Ha ?? Number.NaN, haError: 0, hb: drawn.Hb ?? Number.NaN, hbError: 0 }, { ratio: balmer });
    return { drawn, ebvRaw, logHa: Math.log10(drawn.Ha! * dustFactor('Ha', ebv)) };
  });
  const scatter = (values: number[], otherwise: number): number => {
    const finite = values.filter(Number.isFinite);
    return finite.length > 1 ? standardDeviation(finite) : otherwise;
  };
  out.ebvError[b] = scatter(rows.map(({ ebvRaw }) => ebvRaw), out.ebvError[b]!);
  out.logSigmaSfrError[b] = scatter(rows.map(({ logHa }) => logHa), out.logSigmaSfrError[b]!);
  for (const { calibration, oh, error } of abundances.values()) {
    if (Number.isFinite(oh[b]!)) error[b] = scatter(rows.map(({ drawn }) => observedToOH(calibration, drawn, errors, balmer)), error[b]!);
  }
  const classesOf = createClassDraws(maps, b, createRandom(seed, 'classes', b));
  const classes = rows.map(({ drawn }) => classesOf(drawn));
  for (const name of ['bpt', 'whan', 'whad'] as const) {
    const own = out[name][b]!;
    // Without any class in the draws an error is not known.
    if (own !== 0 && classes.some((one) => one[name] !== 0)) out.agreement[name][b] = classes.filter((one) => one[name] === own).length / draws;
  }
}

/**
 * The classes that the drawn fluxes of a bin have, with equivalent widths and a dispersion drawn to match: a width follows its line's
 * flux, and what its error holds beside (that of the continuum) is drawn on its own. An error that is not known counts as zero.
 */
function createClassDraws(maps: LineMaps, b: number, random: Random): (drawn: LineFluxes) => { bpt: number; whan: number; whad: number } {
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

/** The cuts that a bin passes to be used in a gradient. */
export interface Cuts {
  readonly snLine: number;
  /** Further lines that must be detected. Default none. */
  readonly required?: readonly LineName[];
  readonly minEW: number;
  /** True: composite bins count as star-forming. */
  readonly composite: boolean;
  /**
   * True: only Hα and Hβ need the S/N. A cut on the weak lines that carry the abundance keeps faint bins in which noise has
   * raised them; a cut on Hβ does not choose by what is measured.
   */
  readonly byHb: boolean;
}

/** A bin whose spectrum could not be measured is never used. */
const unmeasured = bit('NOCOV') | bit('FITFAILED') | bit('NOVALUE') | bit('USERMASK') | bit('FORESTAR') | bit('DEADFIBER') | bit('DONOTUSE');

/** Why a bin is not used under the cuts, as status bits; 0 = used. `lines` are those the quantity needs beside Hα, Hβ and [N II]. */
export function unusedBits(bins: NebularBins, measured: number, b: number, cuts: Cuts, lines: readonly LineName[]): number {
  if (measured & unmeasured) return measured & unmeasured;
  let bits = 0;
  const needed = new Set<LineName>(cuts.byHb ? ['Ha', 'Hb'] : ['Ha', 'Hb', 'NII6583', ...lines, ...(cuts.required ?? [])]);
  for (const name of needed) if (!((bins.sn.get(name)?.[b] ?? Number.NaN) >= cuts.snLine)) bits |= bit('LOWSNR');
  if (bins.ewHa && !(bins.ewHa[b]! >= cuts.minEW)) bits |= bit('LOWEW');
  const starForming = bins.bpt[b] === bptClasses.starForming || (cuts.composite && bins.bpt[b] === bptClasses.composite);
  if (!starForming) bits |= bit('NOTSF');
  return bits;
}

/** Says in every bin's status why the leading gradient does not use it. */
function markUnused(bins: NebularBins, maps: LineMaps, cuts: Cuts, leading: Calibration): void {
  const own = bins.abundances.get(leading.name)!;
  for (let b = 0; b < bins.status.length; b++) {
    const bits = unusedBits(bins, maps.status[b]!, b, cuts, leading.lines) | (own.status[b]! & (bit('NOVALUE') | bit('UNRELIABLE')));
    bins.status[b]! |= bits | (own.status[b]! & bit('OUTOFRANGE')) | (bins.bpt[b] === bptClasses.composite ? bit('COMPOSITE') : 0) | (bits ? bit('DONOTUSE') : 0);
  }
}
