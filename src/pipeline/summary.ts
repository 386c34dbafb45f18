import type { Disk } from '../disk/index.js';
import { byteCount, duration } from '../host/index.js';
import { maskBits, type MaskBitName } from '../linemaps/index.js';
import type { LineMaps } from '../linemaps/index.js';
import type { FieldExtent } from './fieldExtent.js';
import type { Gradients } from './gradients.js';
import type { Integrated, ValueError } from './integrated.js';
import { pairsOf, type MassPairs, type Masses } from './masses.js';
import type { StatusCounts } from './runJson.js';
import type { StageTime } from './stageTime.js';

/** The result of one galaxy, for `--json`, the closing lines and run.json. */
export interface MeasureSummary {
  readonly object: string;
  readonly out: string;
  /** 0 = a trusted gradient, 3 = none, with the reason in `refused`. */
  readonly exitStatus: 0 | 3;
  /** The answer in a sentence. */
  readonly answer: string;
  readonly calibration: string;
  /** Slope [dex/R_e] with the errors of both bootstraps; null when there is none. */
  readonly slope: number | null;
  readonly slopeError: number | null;
  readonly blockError: number | null;
  /** The same in dex/kpc. */
  readonly slopeKpc: number | null;
  readonly slopeKpcError: number | null;
  readonly bins: number;
  readonly composite: number | null;
  readonly refused: string | null;
  /** The galaxy as a whole: 12 + log(O/H) by the leading calibration, log SFR, logarithms of masses and yield, each with its error; null = missing. */
  readonly masses: MassPairs & {
    readonly oh: ValueError | null;
    readonly logSfr: ValueError | null;
    /** What was taken without being known. */
    readonly assumption: string | null;
    /** Where atomic hydrogen was looked up: catalogue and row. */
    readonly hiFrom: { readonly catalogue: string; readonly row: number; readonly shared: boolean } | null;
  };
  readonly extent: FieldExtent;
  readonly distanceMpc: number;
  readonly effectiveRadiusKpc: number;
  /** Range of radii of the bins of the gradient [R_e]; null without bins. */
  readonly radialRange: number | null;
  readonly counts: StatusCounts;
  readonly warnings: readonly string[];
  readonly times: readonly StageTime[];
  readonly seconds: number;
  readonly peakMemory: number;
}

export interface SummaryInput {
  readonly maps: Pick<LineMaps, 'object'>;
  readonly gradients: Gradients;
  readonly integrated: Integrated;
  readonly masses: Masses;
  readonly disk: Disk;
  readonly extent: FieldExtent;
  readonly counts: StatusCounts;
  readonly warnings: readonly string[];
  readonly out: string;
  readonly times: readonly StageTime[];
  readonly seconds: number;
  readonly peakMemory: number;
}

/** A number with its sign, as people write a slope. */
export function signed(value: number, digits = 3): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}

/** The share of composite bins in words: in some galaxies that cut alone changes the sign of the gradient. */
export function compositeText(composite: number | null): string {
  return composite === null ? 'no classified bins' : `${Math.round(100 * composite)} % of the classified bins are composite`;
}

export function summarise({ maps, gradients, integrated, masses, disk, extent, counts, warnings, out, times, seconds, peakMemory }: SummaryInput): MeasureSummary {
  const perRe = gradients.gradients[0]!;
  const perKpc = gradients.gradients[1]!;
  const { slope, slopeError, calibration, bins, range, composite, refused } = perRe;
  const block = perRe.errorBudget.blockBootstrap;
  const answer = slope === null || slopeError === null
    ? `${maps.object}: no gradient can be trusted: ${refused}`
    : `${maps.object}: gradient of 12+log(O/H) ${signed(slope)} ± ${slopeError.toFixed(3)} dex/R_e`
      + `${block === null ? '' : ` (± ${block.toFixed(3)} over seeing-sized blocks)`} by ${calibration} from ${bins} star-forming bins; ${compositeText(composite)}`;
  return {
    object: maps.object, out, exitStatus: slope === null ? 3 : 0, answer, calibration: calibration!, slope, slopeError, blockError: block,
    slopeKpc: perKpc.slope, slopeKpcError: perKpc.slopeError, bins, composite, refused, masses: wholeOf(integrated, masses),
    extent, distanceMpc: disk.luminosityDistance, effectiveRadiusKpc: disk.effectiveRadiusKpc, radialRange: range && range[1] - range[0], counts, warnings: [...new Set(warnings)], times, seconds, peakMemory,
  };
}

function wholeOf({ oh, logSfr }: Integrated, masses: Masses): MeasureSummary['masses'] {
  const { match } = masses.atomicFrom;
  return {
    oh: oh[masses.calibration] ?? null, logSfr, ...pairsOf(masses), assumption: masses.assumption,
    hiFrom: match && { catalogue: match.catalogue, row: match.row, shared: match.shared },
  };
}

/** Stars, gas and yield in a line; empty where neither stars nor gas are known. */
function massText({ logMstar, logMgas, logYeff, assumption }: MeasureSummary['masses']): string[] {
  const part = (name: string, own: ValueError | null): string[] => (own ? [`log ${name} ${own[0].toFixed(2)}${own[1] === null ? '' : ` ± ${own[1].toFixed(2)}`}`] : []);
  const parts = [...part('M*', logMstar), ...part('M_gas', logMgas), ...part('y_eff', logYeff)];
  return parts.length ? [`${parts.join(', ')}${assumption ? ` (assuming ${assumption})` : ''}`] : [];
}

/** The closing lines on a terminal: the answer, counts by status, the longest stages, time, memory. */
export function summaryText({ answer, masses, counts, out, times, seconds, peakMemory }: MeasureSummary): string {
  const status = (Object.entries(counts.byStatus) as [MaskBitName, number][])
    .filter(([name]) => name !== 'DONOTUSE')
    .sort(([a], [b]) => maskBits[a] - maskBits[b])
    .map(([name, count]) => `${name} ${count}`);
  return [
    answer,
    ...massText(masses),
    `bins: ${counts.bins}, used ${counts.usedBins}; spaxels: ${counts.spaxels}, used ${counts.usedSpaxels}`,
    ...(status.length ? [`spaxels by status (one may have several): ${status.join(', ')}`] : []),
    `longest: ${[...times].sort((a, b) => b.seconds - a.seconds).slice(0, 3).map((one) => `${one.stage} ${duration(one.seconds)} (${one.limit})`).join(', ')}`,
    `${duration(seconds)}, ${byteCount(peakMemory)} at most; ${out}/report.html`,
  ].join('\n');
}
