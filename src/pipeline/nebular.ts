import type { Disk } from '../disk/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { bptClasses, type Calibration, type LineName, type SfrCalibrationName } from '../nebula/index.js';
import { emptyColumns, type AbundanceColumns, type BinRange, type NebularColumns } from './binNebula.js';
import type { Executor } from './executor.js';

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
  readonly executor: Executor;
  /** Told how many groups of bins are done. */
  readonly progress?: (done: number, total: number) => void;
}

/** One calibration in every bin. */
export interface BinAbundance extends AbundanceColumns {
  readonly calibration: Calibration;
}

/** What the lines of every bin say of the gas. NaN where nothing can be said. */
export interface NebularBins extends NebularColumns {
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

/** Bins per task. */
const binsPerTask = 256;

const bit = (name: keyof typeof maskBits): number => 1 << maskBits[name];

/** Dust, excitation class, star formation and abundances of every bin. */
export async function analyseBins(maps: LineMaps, disk: Disk, { calibrations, leading, snLine, required, minEW, balmer, sfr, draws, seed, executor, progress }: NebularOptions): Promise<NebularBins> {
  const { binning: { count }, lines, sigma, sigmaError, npix, pixelScale } = maps;
  const names = calibrations.map(({ name }) => name);
  const out = emptyColumns(count, names, draws > 0);
  const ranges = Array.from({ length: Math.ceil(count / binsPerTask) }, (_, i): BinRange => [i * binsPerTask, Math.min(count, (i + 1) * binsPerTask)]);
  let done = 0;
  await executor.run('nebula', { maps: { lines, sigma, sigmaError, npix, pixelScale }, disk, calibrations: names, snLine, balmer, sfr, draws, seed }, ranges, (task, part) => {
    put(out, part, ranges[task]![0]);
    progress?.(++done, ranges.length);
  }, ([from, to]) => `dust and abundances of bins ${from} to ${to - 1}`);
  const sn = new Map([...lines].map(([name, line]) => [name, line.flux.map((flux, b) => flux / line.fluxError[b]!)]));
  const bins: NebularBins = {
    ...out, sn, ewHa: lines.get('Ha')?.ew ?? null, status: out.status.map((bits, b) => bits | maps.status[b]!),
    abundances: new Map(calibrations.map((calibration) => [calibration.name, { calibration, ...out.abundances.get(calibration.name)! }])),
    lineStatus: new Map([...sn].map(([name, values]) => [name, Int32Array.from(values, (v) => (v >= snLine ? 0 : bit('LOWSNR')))])),
  };
  markUnused(bins, maps, { snLine, minEW, composite: false, byHb: false, ...(required && { required }) }, leading);
  return bins;
}

/** Puts columns into longer ones, from a bin on. */
function put(into: NebularColumns, { agreement, abundances, ...columns }: NebularColumns, at: number): void {
  for (const [name, values] of Object.entries(columns) as [keyof typeof columns, Float64Array][]) into[name].set(values, at);
  if (agreement) for (const [name, values] of Object.entries(agreement) as [keyof typeof agreement, Float64Array][]) into.agreement![name].set(values, at);
  for (const [name, one] of abundances) {
    const whole = into.abundances.get(name)!;
    for (const [column, values] of Object.entries(one) as [keyof AbundanceColumns, Float64Array][]) whole[column].set(values, at);
  }
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
