import { scalingRelations, trueOxygenYield } from '../evolution/index.js';
import type { SampleCurve, SampleLine, SamplePanel, SampleSeries } from '../figures/index.js';
import type { ReferenceBin } from './binnedMedians.js';
import { extrapolationLine } from './binnedMedians.js';
import type { Relation } from './relation.js';
import type { RelationSet, SampleRelations } from './relations.js';
import { objectsOf, valuesOf, wordsOf, type Sample } from './sample.js';

/** What stands on an axis, in the markup of figures. */
export const axisLabels: Readonly<Record<string, string>> = {
  logMstar: 'log *M*_{★} [M_{☉}]', logMbaryon: 'log *M*_{baryon} [M_{☉}]', logMgas: 'log *M*_{gas} [M_{☉}]', logYeff: 'log *y*_{eff}', potential: 'log *M*_{★}/*R*_{e} [M_{☉} kpc^{−1}]',
  sfrGradient: '∇ log Σ_{SFR} [dex/*R*_{e}]', ssfrGradient: '∇ log sSFR [dex/*R*_{e}]', sigmaStarGradient: '∇ log Σ_{★} [dex/*R*_{e}]', density: '*η*_{k}', oh: '12 + log(O/H)',
  logSfr: 'log SFR [M_{☉} yr^{−1}]', gradient: '∇(O/H) [dex/*R*_{e}]', gradientKpc: '∇(O/H) [dex/kpc]', gradientResidual: '∇(O/H) at fixed mass [dex/*R*_{e}]',
  gradientKpcResidual: '∇(O/H) at fixed mass [dex/kpc]', ohResidual: 'O/H at fixed mass [dex]', ohInnerResidual: 'O/H at fixed mass, *R* < 0.5 *R*_{e} [dex]', ohOuterResidual: 'O/H at fixed mass, *R* > 0.5 *R*_{e} [dex]',
};
export const axisLabel = (name: string): string => axisLabels[name] ?? name;

/** Colours of series and lines that remain apart for colour-blind readers (after Okabe & Ito 2008). */
export const sampleHues = { points: '#0072b2', line: '#c8321e', second: '#009e73', assumed: '#882f7c', others: '#e69f00' } as const;

/** Galaxies that are shown beside the sample and take no part in its statistics. */
export interface Overlay {
  readonly name: string;
  readonly sample: Sample;
}

/** Binned medians of a reference sample, laid under the panels of mass and abundance, and of mass and star formation. */
export interface ReferenceSample {
  readonly name: string;
  readonly massMetallicity: readonly ReferenceBin[] | null;
  readonly mainSequence: readonly ReferenceBin[] | null;
}

const signed = (value: number, decimals: number): string => value.toFixed(decimals).replace('-', '−');

/** A probability as it is printed: 0.43, 2.2 × 10⁻⁵. */
export function probabilityText(p: number): string {
  if (p >= 0.001) return `*p* = ${p.toPrecision(2)}`;
  if (p === 0) return '*p* < 10^{−300}';
  const [mantissa, exponent] = p.toExponential(1).split('e') as [string, string];
  return `*p* = ${mantissa} × 10^{−${exponent.slice(1)}}`;
}

export const relationWords = ({ slope, slopeError, spearman, spearmanError, p, n }: Relation): string[] => [
  `slope = ${signed(slope, 3)} ± ${slopeError.toFixed(3)}`, `*r* = ${signed(spearman, 2)} ± ${spearmanError.toFixed(2)}, ${probabilityText(p)}`, `${n} galaxies`,
];

const lineOf = ({ slope, intercept, band }: Relation, text: string, hue: string, dashed: boolean): SampleLine => ({ text, slope, intercept, band, hue, dashed });

/** How a scatter panel is made beyond its two columns. */
export interface ScatterOptions {
  /** Its line, if there is one, and a second one. */
  readonly relation?: Relation | null;
  readonly second?: { readonly relation: Relation; readonly text: string; readonly brief: string } | null;
  readonly colour?: string;
  readonly classes?: boolean;
  readonly level?: number | null;
  readonly upright?: number | null;
  readonly medians?: SampleRelations['massBins'][number] | null;
  readonly curves?: readonly SampleCurve[];
  readonly overlays?: readonly Overlay[];
  /** Galaxies whose value rests on the assumption of the second set are drawn hollow. */
  readonly assumed?: RelationSet | null;
}

/** One column against another over a set; null where a column is missing. */
export function scatterOf(set: RelationSet, x: string, y: string, options: ScatterOptions = {}): SamplePanel | null {
  const series = seriesOf(set.sample, x, y, options);
  if (!series) return null;
  const { relation = null, second = null, medians = null } = options;
  const assumed = options.assumed ? assumedSeries(set.sample, options.assumed.sample, x, y) : null;
  const words = relation ? relationWords(relation) : [];
  return {
    kind: 'scatter', xLabel: axisLabel(x), yLabel: axisLabel(y),
    series: [...series, ...(assumed ? [assumed] : []), ...(options.overlays ?? []).flatMap(({ name, sample }) => overlaySeries(name, sample, x, y))],
    lines: [...(relation ? [lineOf(relation, 'least squares, 68 % of bootstraps', sampleHues.line, true)] : []), ...(second ? [lineOf(second.relation, second.text, sampleHues.assumed, true)] : [])],
    curves: options.curves ?? [],
    medians: medians && { x: Float64Array.from(medians.bins, (bin) => bin.x), y: Float64Array.from(medians.bins, (bin) => bin.y), scatter: Float64Array.from(medians.bins, (bin) => bin.std) },
    level: options.level ?? null, upright: options.upright ?? null,
    words: second ? [...words, `${second.brief}: *r* = ${signed(second.relation.spearman, 2)}, ${probabilityText(second.relation.p)}, *n* = ${second.relation.n}`] : words,
    colourLabel: options.colour && valuesOf(set.sample, options.colour) ? axisLabel(options.colour) : null,
  };
}

const errorsOf = (sample: Sample, name: string): Float64Array | null => valuesOf(sample, `${name.replace(/Residual$/, '')}Error`);

function seriesOf(sample: Sample, x: string, y: string, { colour, classes }: ScatterOptions): SampleSeries[] | null {
  const [xs, ys] = [valuesOf(sample, x), valuesOf(sample, y)];
  if (!xs || !ys) return null;
  const names = objectsOf(sample);
  const [xError, yError, colours] = [errorsOf(sample, x), errorsOf(sample, y), colour ? valuesOf(sample, colour) : null];
  const part = (keep: (i: number) => boolean, looks: Pick<SampleSeries, 'text' | 'hue' | 'shape'>): SampleSeries => {
    const rows = names.map((_, i) => i).filter(keep);
    const pick = (values: Float64Array | null) => values && Float64Array.from(rows, (i) => values[i]!);
    return { ...looks, names: rows.map((i) => names[i]!), x: pick(xs)!, y: pick(ys)!, xError: pick(xError), yError: pick(yError), colour: pick(colours), hollow: false };
  };
  const words = classes ? wordsOf(sample, 'velocityClass')?.map((word) => word.toLowerCase()) : null;
  if (!words?.some(Boolean)) return [part(() => true, { text: 'galaxies', hue: sampleHues.points, shape: 'circle' })];
  const series = [
    part((i) => words[i] === 'regular', { text: 'regular velocity field', hue: sampleHues.points, shape: 'circle' }),
    part((i) => words[i] === 'irregular', { text: 'irregular', hue: sampleHues.others, shape: 'triangle' }),
    part((i) => words[i] !== 'regular' && words[i] !== 'irregular', { text: 'not classified', hue: '#8c8c8c', shape: 'circle' }),
  ];
  return series.filter(({ names: own }) => own.length > 0);
}

/** Galaxies that have both columns only under an assumption. */
function assumedSeries(measured: Sample, assumed: Sample, x: string, y: string): SampleSeries | null {
  const columnsOf = (sample: Sample) => [valuesOf(sample, x), valuesOf(sample, y)] as const;
  const [before, after] = [columnsOf(measured), columnsOf(assumed)];
  const known = (columns: ReturnType<typeof columnsOf>, i: number) => columns.every((values) => values !== null && Number.isFinite(values[i]!));
  const names = objectsOf(assumed);
  const rows = names.map((_, i) => i).filter((i) => known(after, i) && !known(before, i));
  if (!rows.length) return null;
  const pick = (values: Float64Array) => Float64Array.from(rows, (i) => values[i]!);
  const yError = errorsOf(assumed, y);
  return { text: 'HI taken as zero', names: rows.map((i) => names[i]!), x: pick(after[0]!), y: pick(after[1]!), xError: null, yError: yError && pick(yError), colour: null, hue: sampleHues.assumed, shape: 'circle', hollow: true };
}

function overlaySeries(text: string, sample: Sample, x: string, y: string): SampleSeries[] {
  const [xs, ys] = [valuesOf(sample, x), valuesOf(sample, y)];
  if (!xs || !ys) return [];
  return [{ text, names: objectsOf(sample), x: xs, y: ys, xError: errorsOf(sample, x), yError: errorsOf(sample, y), colour: null, hue: sampleHues.second, shape: 'diamond', hollow: true }];
}

const curvePoints = 61;

/** Relations of the literature between two columns over the range of a sample, within the range that each was found in. */
export function literatureCurves(sample: Sample, x: string, y: string): SampleCurve[] {
  const known = valuesOf(sample, x)?.filter(Number.isFinite);
  if (!known?.length) return [];
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))];
  const hues = ['#009e73', '#56b4e9', '#e69f00'];
  return scalingRelations.filter((relation) => relation.x === x && relation.y === y).flatMap((relation, k): SampleCurve[] => {
    const [from, to] = relation.range ? [Math.max(low, relation.range[0]), Math.min(high, relation.range[1])] : [low, high];
    if (!(from < to)) return [];
    const at = Float64Array.from({ length: curvePoints }, (_, i) => from + ((to - from) * i) / (curvePoints - 1));
    return [{ text: relation.name, x: at, y: at.map((value) => relation.value(value)), bands: [], hue: hues[k % hues.length]!, unverified: relation.unverified }];
  });
}

/** Medians of a reference sample with their 1σ and 2σ bands, and the line that goes on below them, fitted over a range of x. */
export function referenceCurves(name: string, bins: readonly ReferenceBin[], fitted: readonly [number, number], lowest: number): SampleCurve[] {
  if (bins.length < 2) return [];
  const of = (value: (bin: ReferenceBin) => number) => Float64Array.from(bins, value);
  const [slope, intercept] = extrapolationLine(bins, fitted);
  const end = bins[0]!.x;
  // A line is carried on from three medians that span half of the range at least: from its upper end alone it would go anywhere.
  const inside = bins.filter(({ x }) => x >= fitted[0] && x <= fitted[1]);
  const enough = inside.length >= 3 && inside.at(-1)!.x - inside[0]!.x >= (fitted[1] - fitted[0]) / 2;
  const beyond = enough && Number.isFinite(slope) && lowest < end ? Float64Array.of(lowest, end) : null;
  return [
    { text: name, x: of((bin) => bin.x), y: of((bin) => bin.y), hue: '#8c8c8c', unverified: false, bands: [{ low: of((bin) => bin.band[1]), high: of((bin) => bin.band[2]) }, { low: of((bin) => bin.band[0]), high: of((bin) => bin.band[3]) }] },
    ...(beyond ? [{ text: `${name}, line from ${fitted[0]} to ${fitted[1]} carried on`, x: beyond, y: beyond.map((x) => intercept + slope * x), bands: [], hue: '#6b6b6b', unverified: false }] : []),
  ];
}

/** log of the yield of oxygen of stellar populations. */
export const logTrueYield = Math.log10(trueOxygenYield.value);
