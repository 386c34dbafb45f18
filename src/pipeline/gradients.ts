import { deproject, radialProfile, refuseGradient, type Disk } from '../disk/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { bptClasses, type Calibration } from '../nebula/index.js';
import { calibrationScatter, independentScatter, slopeWeights } from './errorBudget.js';
import type { Executor } from './executor.js';
import { offsetOf } from './geometry.js';
import { unusedBits, type Cuts, type NebularBins } from './nebular.js';
import type { Config } from './resolve.js';
import type { Slope, SlopeTask } from './slope.js';
import type { StellarDensities } from './stellarMass.js';
import { whyUnused } from './whyUnused.js';

/** The radial gradient of one quantity in one unit; the form of gradient.json. Missing numbers are null. */
export interface GradientEntry {
  readonly quantity: 'O/H' | 'logSigmaSfr' | 'logSigmaStar' | 'logSsfr';
  readonly calibration: string | null;
  readonly unit: 'dex/Re' | 'dex/kpc';
  /** Median of the bootstrap; null when the gradient is not trusted. */
  readonly slope: number | null;
  /** Standard deviation of the bootstrap (Li et al. 2025). */
  readonly slopeError: number | null;
  /** 16th and 84th percentile of the bootstrap. */
  readonly slopeInterval: readonly [number, number] | null;
  readonly intercept: number | null;
  readonly interceptError: number | null;
  readonly bins: number;
  /** Smallest and largest radius of the bins, in R_e or kpc. */
  readonly range: readonly [number, number] | null;
  readonly draws: number;
  readonly seed: number;
  readonly errorBudget: ErrorBudget;
  /** Share of composite bins among those that pass the cuts on S/N and EW and are star-forming or composite. */
  readonly composite: number | null;
  /** Share of the bins outside the calibration's range. */
  readonly outOfRange: number | null;
  /** True when a number of the calibration was not checked against its source. */
  readonly unverified: boolean;
  /** Why the gradient is not trusted, in a sentence. */
  readonly refused: string | null;
  readonly profile: readonly { readonly radius: number; readonly median: number; readonly std: number | null; readonly bins: number }[];
}

/** 1σ of the slope from each source of error; null = not known. */
export interface ErrorBudget {
  readonly bootstrap: number | null;
  /** Bootstrap over blocks of the size of the seeing: spaxels inside one seeing disc are one measurement. */
  readonly blockBootstrap: number | null;
  readonly fluxes: number | null;
  readonly geometry: number | null;
  readonly calibration: number | null;
}

/** The leading slope under other cuts. */
export interface CutEntry {
  readonly cut: string;
  readonly snLine: number;
  readonly minEW: number;
  readonly composite: boolean;
  /** True: only Hα and Hβ need the S/N, not the lines that carry the abundance. */
  readonly byHb: boolean;
  readonly bins: number;
  readonly slope: number | null;
  readonly slopeError: number | null;
}

export interface Gradients {
  readonly gradients: readonly GradientEntry[];
  /** How the leading slope [dex/Re] moves with the cuts. */
  readonly cuts: readonly CutEntry[];
  /** Calibrations that the lines do not allow, with the reason. */
  readonly absent: readonly { readonly name: string; readonly reason: string }[];
  /** Bins of the leading gradient. */
  readonly used: readonly number[];
}

export interface GradientInput {
  readonly maps: LineMaps;
  readonly disk: Disk;
  readonly bins: NebularBins;
  /** Null where the stars were not fitted. */
  readonly densities: StellarDensities | null;
  readonly calibrations: readonly Calibration[];
  readonly absent: Gradients['absent'];
  readonly leading: Calibration;
  readonly config: Config;
  /** FWHM of the seeing [arcsec]; null = not known, then there is no block bootstrap. */
  readonly seeing: number | null;
  readonly executor: Executor;
  /** Told how many groups of slopes are done. */
  readonly progress?: (done: number, total: number) => void;
}

const unreliable = 1 << maskBits.UNRELIABLE;
const outOfRange = 1 << maskBits.OUTOFRANGE;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const pair = (values: readonly [number, number]): [number, number] | null => (values.every(Number.isFinite) ? [values[0], values[1]] : null);

/** Radius of every bin in the plane of the disc [arcsec]. */
export function binRadii(maps: Pick<LineMaps, 'wcs' | 'pixelScale' | 'x' | 'y'>, disk: Disk): Float64Array {
  return Float64Array.from(maps.x, (x, b) => deproject(disk, ...offsetOf(maps, disk, x, maps.y[b]!)).radius);
}

/** Numbers of a column at some of its rows. */
const pick = (values: ArrayLike<number>, rows: readonly number[]): Float64Array => Float64Array.from(rows, (row) => values[row]!);

/** Smallest and largest value; null when there is none. */
const extentOf = (values: Float64Array): [number, number] | null =>
  (values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : null);

const configuredCuts = ({ lines }: Config): Cuts => ({ snLine: lines.snLine, minEW: lines.minEW, required: lines.required, composite: false, byHb: false });

interface Quantity {
  readonly quantity: GradientEntry['quantity'];
  readonly calibration: Calibration | null;
  readonly values: Float64Array;
  /** 1σ of each value, for what does not come from a calibration. */
  readonly errors: Float64Array | null;
  readonly rows: readonly number[];
  readonly composite: number | null;
  /** Why bins are missing. */
  readonly why: (used: number) => string;
}

/** The bins that pass the cuts and have a trusted value of a calibration (null: of the star-formation density). */
export function usedRows(input: Pick<GradientInput, 'maps' | 'bins'>, calibration: Calibration | null, cuts: Cuts): number[] {
  const { maps, bins } = input;
  const values = calibration ? bins.abundances.get(calibration.name)! : null;
  const rows: number[] = [];
  for (let b = 0; b < maps.binning.count; b++) {
    if (unusedBits(bins, maps.status[b]!, b, cuts, calibration?.lines ?? [])) continue;
    // A saturated or ambiguous abundance is a bound, not a measurement.
    if (values ? Number.isFinite(values.oh[b]!) && !(values.status[b]! & unreliable) : Number.isFinite(bins.logSigmaSfr[b]!)) rows.push(b);
  }
  return rows;
}

function compositeShare(input: GradientInput, calibration: Calibration | null, cuts: Cuts): number | null {
  const rows = usedRows(input, calibration, { ...cuts, composite: true });
  return rows.length ? rows.filter((b) => input.bins.bpt[b] === bptClasses.composite).length / rows.length : null;
}

/** What keeps a gradient over some bins from being trusted; null = nothing. */
const refusalOf = ({ config }: GradientInput, radius: Float64Array): string | null => refuseGradient({ bins: radius.length, range: extentOf(radius) ?? [0, 0] }, config.gradient);

/** One quantity's gradient in both units. @param slope null where the gradient is refused */
function gradientOf(input: GradientInput, radii: Float64Array, { quantity, calibration, values, errors, rows, composite, why }: Quantity, slope: Slope | null): [GradientEntry, GradientEntry] {
  const { disk, config } = input;
  const kpcPerRe = disk.effectiveRadiusKpc;
  const radius = pick(radii, rows);
  const range = extentOf(radius);
  const refused = slope ? null : [refusalOf(input, radius), why(rows.length)].filter(Boolean).join(' ');
  const profile = radialProfile(radius, pick(values, rows));
  const own = calibration ? input.bins.abundances.get(calibration.name)! : null;
  const outside = own ? rows.filter((b) => own.status[b]! & outOfRange).length : 0;
  const shared = {
    quantity, calibration: calibration?.name ?? null, bins: rows.length, draws: config.gradient.draws, seed: config.seed, composite, refused,
    outOfRange: own && rows.length ? outside / rows.length : null, unverified: calibration?.unverified ?? false,
  };
  const entry = (unit: GradientEntry['unit'], fit: Pick<GradientEntry, 'slope' | 'slopeError' | 'slopeInterval' | 'intercept' | 'interceptError' | 'errorBudget'>): GradientEntry => {
    const length = unit === 'dex/Re' ? 1 : kpcPerRe;
    return {
      ...shared, ...fit, unit, range: range && [range[0] * length, range[1] * length],
      profile: profile.map((row) => ({ radius: row.radius * length, median: row.median, std: finite(row.std), bins: row.bins })),
    };
  };
  if (!slope) {
    const nothing = {
      slope: null, slopeError: null, slopeInterval: null, intercept: null, interceptError: null,
      errorBudget: { bootstrap: null, blockBootstrap: null, fluxes: null, geometry: null, calibration: null },
    };
    return [entry('dex/Re', nothing), entry('dex/kpc', nothing)];
  }
  const { fit, blockError, geometry } = slope;
  const weights = slopeWeights(radius);
  // A bin of which no draw is in the calibration's domain says nothing of its scatter.
  const fluxes = independentScatter(weights, own ? pick(own.drawnError, rows).map((error) => error || 0) : pick(errors!, rows));
  const fromCalibration = calibration && own ? calibrationScatter(calibration, pick(own.scatter, rows), fit.slope, weights) : null;
  const inUnit = (unit: GradientEntry['unit']): GradientEntry => {
    const f = unit === 'dex/Re' ? 1 : 1 / kpcPerRe;
    return entry(unit, {
      slope: finite(fit.slope * f), slopeError: finite(fit.slopeError * f),
      slopeInterval: pair([fit.slopeInterval[0] * f, fit.slopeInterval[1] * f]),
      intercept: finite(fit.intercept), interceptError: finite(fit.interceptError),
      errorBudget: {
        bootstrap: finite(fit.slopeError * f),
        blockBootstrap: blockError && finite(blockError * f),
        fluxes: finite(fluxes * f),
        geometry: geometry && finite(unit === 'dex/Re' ? geometry.perRe : geometry.perKpc),
        calibration: fromCalibration === null ? null : finite(fromCalibration * f),
      },
    });
  };
  return [inUnit('dex/Re'), inUnit('dex/kpc')];
}

/** S/N of Hβ at which its bins also hold most of the weaker lines. */
const hbCut = 5;

/** The cuts under which the leading slope is measured, first those of the configuration: S/N, EW, and composite bins in or out. */
function cutVariants({ bins }: GradientInput, cuts: Cuts): (Cuts & { readonly cut: string })[] {
  return [
    { cut: 'as configured', ...cuts },
    { cut: 'composite bins in', ...cuts, composite: true },
    { cut: `S/N(Hβ) ≥ ${hbCut} alone`, ...cuts, snLine: hbCut, byHb: true },
    ...[3, 5, 10].filter((snLine) => snLine !== cuts.snLine).map((snLine) => ({ cut: `S/N ≥ ${snLine}`, ...cuts, snLine })),
    ...(bins.ewHa ? [3, 5, 10, 14].filter((minEW) => minEW !== cuts.minEW).map((minEW) => ({ cut: `EW(Hα) ≥ ${minEW} Å`, ...cuts, minEW })) : []),
  ];
}

/** Bins × draws of slopes that are fitted in one task: of small galaxies all, for which a thread would take longer to be told. */
const drawsPerTask = 4e6;

/** Fits slopes, shared among the workers; null where a gradient over these bins is not trusted. */
async function fitSlopes(input: GradientInput, radii: Float64Array, wanted: readonly (Omit<SlopeTask, 'rows' | 'value'> & { readonly rows: readonly number[]; readonly values: Float64Array })[]): Promise<(Slope | null)[]> {
  const { maps, disk, config: { gradient: { draws }, geometry: { errors }, seed }, seeing, executor, progress } = input;
  const offsets = Array.from(maps.x, (x, b) => offsetOf(maps, disk, x, maps.y[b]!));
  const groups: { numbers: number[]; tasks: SlopeTask[]; size: number }[] = [];
  wanted.forEach(({ rows, values, ...one }, number) => {
    if (refusalOf(input, pick(radii, rows)) !== null) return;
    if (!groups.length || groups.at(-1)!.size >= drawsPerTask) groups.push({ numbers: [], tasks: [], size: 0 });
    const group = groups.at(-1)!;
    group.numbers.push(number);
    group.tasks.push({ ...one, rows: Int32Array.from(rows), value: pick(values, rows) });
    group.size += rows.length * draws;
  });
  const slopes = wanted.map((): Slope | null => null);
  let done = 0;
  await executor.run('slopes', {
    disk, east: Float64Array.from(offsets, ([dE]) => dE), north: Float64Array.from(offsets, ([, dN]) => dN), radius: radii, seeing, errors, draws, seed,
  }, groups.map(({ tasks }) => tasks), (group, found) => {
    found.forEach((slope, i) => { slopes[groups[group]!.numbers[i]!] = slope; });
    progress?.(++done, groups.length);
  }, ([first]) => `gradients from ${first!.stream.filter(Boolean).join(' by ')} on`);
  return slopes;
}

/** Surface density of the stars wherever they are trusted; the specific star-formation rate in the star-forming bins among them. */
function stellarQuantities(input: GradientInput, { logSigmaStar, logSsfr }: StellarDensities, cuts: Cuts): Quantity[] {
  const known = Array.from(logSigmaStar.value.keys()).filter((b) => Number.isFinite(logSigmaStar.value[b]!));
  const why = (used: number): string => `The stars of ${used} of ${logSigmaStar.value.length} bins have a trusted mass.`;
  return [
    { quantity: 'logSigmaStar', calibration: null, values: logSigmaStar.value, errors: logSigmaStar.error, rows: known, composite: null, why },
    {
      quantity: 'logSsfr', calibration: null, values: logSsfr.value, errors: logSsfr.error, rows: usedRows(input, null, cuts).filter((b) => Number.isFinite(logSsfr.value[b]!)),
      composite: compositeShare(input, null, cuts), why: (used) => [why(known.length), whyUnused(input.maps, input.bins, null, cuts, used)].join(' '),
    },
  ];
}

/**
 * Gradients of O/H by every calibration, of log Σ_SFR, and of log Σ* and log sSFR where the stars were fitted, with bootstrap, error budget and the effect of the cuts
 * (Li et al. 2025, sections 2.5 and 3: ordinary least squares on de-duplicated bins, 1000 bootstraps).
 */
export async function measureGradients(input: GradientInput): Promise<Gradients> {
  const { maps, disk, bins, densities, calibrations, leading, config } = input;
  const radii = binRadii(maps, disk).map((r) => r / disk.effectiveRadiusArcsec);
  const cuts = configuredCuts(config);
  const ordered = [leading, ...calibrations.filter((one) => one !== leading)];
  const quantities: Quantity[] = [...ordered.map((calibration): Quantity => ({
    quantity: 'O/H', calibration, values: bins.abundances.get(calibration.name)!.oh, errors: null, rows: usedRows(input, calibration, cuts), composite: compositeShare(input, calibration, cuts),
    why: (used) => whyUnused(maps, bins, calibration, cuts, used),
  })), {
    quantity: 'logSigmaSfr', calibration: null, values: bins.logSigmaSfr, errors: bins.logSigmaSfrError, rows: usedRows(input, null, cuts), composite: compositeShare(input, null, cuts),
    why: (used) => whyUnused(maps, bins, null, cuts, used),
  }, ...(densities ? stellarQuantities(input, densities, cuts) : [])];
  const variants = cutVariants(input, cuts).map((variant) => ({ ...variant, rows: usedRows(input, leading, variant) }));
  const slopes = await fitSlopes(input, radii, [
    ...quantities.map(({ quantity, calibration, rows, values }) => ({ stream: [quantity, calibration?.name ?? ''] as const, rows, values, budget: true })),
    // The same draws as the gradient itself: the configured cuts give its very slope.
    ...variants.map(({ rows }) => ({ stream: ['O/H', leading.name] as const, rows, values: bins.abundances.get(leading.name)!.oh, budget: false })),
  ]);
  const used = quantities[0]!.rows;
  return {
    gradients: quantities.flatMap((quantity, i) => gradientOf(input, radii, quantity, slopes[i]!)),
    cuts: variants.map(({ cut, snLine, minEW, composite, byHb, rows }, i) => {
      const fit = slopes[quantities.length + i]?.fit;
      return { cut, snLine, minEW, composite, byHb, bins: rows.length, slope: fit ? finite(fit.slope) : null, slopeError: fit ? finite(fit.slopeError) : null };
    }),
    absent: input.absent,
    used,
  };
}
