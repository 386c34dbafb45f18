import { createHash } from 'node:crypto';
import { binCentres, type Binning } from '../binning/index.js';
import { whiteLight, type Cube } from '../cube/index.js';
import type { SpectrumBin, StarsBin } from '../figures/index.js';
import { maskBits, type LineMaps } from '../linemaps/index.js';
import { lineByName, type LineName } from '../nebula/index.js';
import { createLineFitter, refineRedshift, type LineFit, type LineFitter } from '../spectrum/index.js';
import { createSpectraReader } from './binSpectra.js';
import type { ContinuumChoice } from './continuumChoice.js';
import { describeContinuum, type ContinuumFacts } from './continuumFacts.js';
import { createExecutor, type Executor } from './executor.js';
import { createContinuumOf, lineOptions, type LinesConfig, type LinesOfBin, type LinesTask } from './fitLines.js';
import type { KeptStars, StarsBatch, StarsConfig, StarsFacts, StarsOfBin } from './fitStars.js';
import { armsOf, type HeldCube } from './heldCube.js';
import { createLineRecord, type LineRecord } from './lineRecord.js';
import { pictureLines, pictureStars } from './pictures.js';
import type { Config } from './resolve.js';
import type { Progress } from './secondHalf.js';
import { createMemoryCache, type StageCache } from './stageCache.js';
import { createStellarRecord, type StellarBins } from './stellarBins.js';

/** What only the cube chain knows beside the line maps. */
export interface LineFitDetails extends Pick<LineRecord, 'extras' | 'components' | 'reducedChi2' | 'noiseFactor'> {
  readonly instrument: Cube['instrument'];
  readonly museLsf: boolean;
  readonly medium: 'air' | 'vacuum';
  /** Whether lines have kinematics of their own. */
  readonly tied: boolean;
  /** Dispersion of the instrument at each line [km/s], the same in every bin. */
  readonly instrumentSigma: ReadonlyMap<string, Float64Array>;
  /** Systemic redshift from the lines; null where nothing was detected. */
  readonly refinedRedshift: number | null;
  readonly continuum: ContinuumFacts;
  /** Null where the continuum is local. */
  readonly stars: StellarBins | null;
  /** Ages of the stars' histories, log10 [yr]. */
  readonly logAges: Float64Array;
  /** The fits of the brightest, the median and the faintest detected bin. */
  readonly examples: readonly SpectrumBin[];
  readonly starExamples: readonly StarsBin[];
}

export interface FitBinsOptions {
  readonly config: Config;
  readonly choice: ContinuumChoice;
  /** Bins for the stars alone. Default: those of the lines. */
  readonly continuumBinning?: Binning | null;
  /** Sentences for the user are added. */
  readonly warnings: string[];
}

/** Measures every bin of a cube that is in memory, in this thread, with nothing stored: stars, then lines. */
export async function fitBins(cube: Cube, binning: Binning, { config, choice, continuumBinning = null, warnings }: FitBinsOptions): Promise<{ maps: LineMaps; details: LineFitDetails }> {
  const arms = cube.arms.map(({ name, axis, lsf }) => ({ name, axis, lsf }));
  const stages: BinStages = {
    held: { nx: cube.nx, ny: cube.ny, unit: cube.unit, sectors: cube.sectors, arms, values: { arms: cube.arms, file: null } },
    config, choice, executor: createExecutor(1, (text) => warnings.push(text)), cache: createMemoryCache(), inputs: null,
  };
  const quiet = (): void => {};
  const stars = await fitStars(continuumBinning ?? binning, [], stages, quiet);
  return fitLines(cube, binning, stars, whiteLight(cube, { redshift: config.redshift }), stages, warnings, quiet);
}

/** What all stages over bins share. */
export interface BinStages {
  readonly held: HeldCube;
  readonly config: Config;
  readonly choice: ContinuumChoice;
  readonly executor: Executor;
  readonly cache: StageCache;
  /** Checksums of the files and how they are read. */
  readonly inputs: unknown;
}

/** The stars of the continuum bins, in batches that are stored one by one. */
export interface FittedStars {
  readonly binning: Binning;
  readonly key: string;
  /** The numbers of the bins in each batch. */
  readonly batches: readonly (readonly number[])[];
  /** Reads a batch. */
  read(batch: number): Promise<StarsBatch>;
}

/** Bins per task: enough that tasks are few, few enough that little is lost when a run is killed. */
const [starsPerTask, linesPerTask] = [16, 128];

const digestOf = (binning: Binning): string => createHash('sha256').update(binning.bin).update(String(binning.repeated)).digest('hex');
const starsConfig = ({ redshift, continuum, foreground, seed }: StarsConfig): StarsConfig => ({ redshift, continuum, foreground, seed });
const linesConfig = ({ lines: { tie, components, ratioBounds, monteCarlo }, ...config }: Config): LinesConfig => ({ ...starsConfig(config), lines: { tie, components, ratioBounds, monteCarlo } });

/**
 * Fits the stars of every continuum bin and looks for lines in its spaxels; what is stored already is not done again. Null where there is
 * nothing to do: a local continuum, and no lines looked for.
 */
export async function fitStars(binning: Binning, detect: readonly LineName[], { held, config, choice, executor, cache, inputs }: BinStages, progress: Progress): Promise<FittedStars | null> {
  if (choice.method === 'local' && detect.length === 0) return null;
  const own = starsConfig(config);
  const key = cache.key('stars', inputs, own, choice.method === 'ssp' ? choice.sha256 : null, digestOf(binning), detect);
  const batches = Array.from({ length: Math.ceil(binning.count / starsPerTask) }, (_, i) => Array.from({ length: Math.min(starsPerTask, binning.count - i * starsPerTask) }, (_, j) => i * starsPerTask + j));
  const keyOf = (batch: number): string => `${key}.${batch}`;
  const missing: number[] = [];
  for (const batch of batches.keys()) if ((await cache.read(keyOf(batch))) === null) missing.push(batch);
  let done = batches.length - missing.length;
  await executor.run('stars', { held, config: own, choice, binning, detect }, missing.map((batch) => batches[batch]!), async (task, result) => {
    await cache.write(keyOf(missing[task]!), result);
    progress(++done, batches.length);
  }, (bins) => `the stars of bins ${bins[0]} to ${bins.at(-1)}`);
  return { binning, key, batches, read: async (batch) => (await cache.read<StarsBatch>(keyOf(batch)))! };
}

/** The continuum bin that holds most of a bin's spaxels; −1 = none does. */
function hostsOf(binning: Binning, continuumBinning: Binning): Int32Array {
  return Int32Array.from({ length: binning.count }, (_, b) => {
    const votes = new Map<number, number>();
    for (let j = binning.start[b]!; j < binning.start[b + 1]!; j++) {
      const host = continuumBinning.bin[binning.spaxels[j]!]!;
      if (host >= 0) votes.set(host, (votes.get(host) ?? 0) + 1);
    }
    return [...votes].reduce(([host, most], [one, count]) => (count > most ? [one, count] : [host, most]), [-1, 0])[0]!;
  });
}

/** Bins of the lines by the batch of their stars: −1 those without. */
function byBatch(host: Int32Array): Map<number, [number, number][]> {
  const groups = new Map<number, [number, number][]>();
  host.forEach((c, b) => {
    const batch = c >= 0 ? Math.floor(c / starsPerTask) : -1;
    const bins = groups.get(batch);
    if (bins) bins.push([b, c]);
    else groups.set(batch, [[b, c]]);
  });
  return new Map([...groups].sort(([a], [b]) => a - b));
}

/**
 * Measures the lines of every bin over its stars; what is stored already is not done again. The result is the hub's line maps,
 * velocities relative to the configured redshift.
 * @param stars null for the local continuum
 */
export async function fitLines(
  cube: Cube, binning: Binning, stars: FittedStars | null, image: Float64Array, stages: BinStages, warnings: string[], progress: Progress,
): Promise<{ maps: LineMaps; details: LineFitDetails }> {
  const { held, config, choice, executor, cache, inputs } = stages;
  const own = linesConfig(config);
  const ownStars = stars !== null && digestOf(stars.binning) === digestOf(binning);
  const { count } = binning;
  const host = !stars ? new Int32Array(count).fill(-1) : ownStars ? Int32Array.from({ length: count }, (_, b) => b) : hostsOf(binning, stars.binning);
  const key = cache.key('lines', inputs, own, stars?.key ?? null, digestOf(binning));
  const groups = byBatch(host);
  const tasks: (LinesTask & { batch: number })[] = [];
  for (const [batch, bins] of groups) {
    const of = batch < 0 ? null : cache.fileOf(`${stars!.key}.${batch}`) ?? await stars!.read(batch);
    for (let i = 0; i < bins.length; i += linesPerTask) tasks.push({ batch, stars: of, bins: bins.slice(i, i + linesPerTask) });
  }
  const keyOf = (task: number): string => `${key}.${task}`;
  const missing: number[] = [];
  for (const task of tasks.keys()) if ((await cache.read(keyOf(task))) === null) missing.push(task);
  let done = tasks.length - missing.length;
  await executor.run('lines', { held, config: own, binning, ownStars }, missing.map((task) => ({ stars: tasks[task]!.stars, bins: tasks[task]!.bins })), async (task, result) => {
    await cache.write(keyOf(missing[task]!), result);
    progress(++done, tasks.length);
  }, ({ bins }) => `the lines of ${bins.length} bins from bin ${bins[0]![0]} on`);

  const { redshift } = config;
  const fitter = createLineFitter(cube.arms, lineOptions(own));
  const record = createLineRecord(count, fitter, config.lines.components === 2);
  const fits: Pick<LineFit, 'velocity' | 'flux' | 'fluxError'>[] = [];
  let facts: StarsFacts | null = null;
  let starsRecord: ReturnType<typeof createStellarRecord> | null = null;
  let held_: { batch: number; bins: Map<number, StarsOfBin> } = { batch: -1, bins: new Map() };
  const starsAt = async (batch: number): Promise<Map<number, StarsOfBin>> => {
    if (batch !== held_.batch) {
      const read = await stars!.read(batch);
      facts ??= read.facts;
      held_ = { batch, bins: new Map(read.bins.map((one) => [one.bin, one])) };
    }
    return held_.bins;
  };
  for (const [i, { batch }] of tasks.entries()) {
    const found = batch < 0 ? null : await starsAt(batch);
    if (facts && !starsRecord && choice.method === 'ssp') {
      const { moments, reddening } = config.continuum;
      starsRecord = createStellarRecord(count, choice.library, { moments, reddened: reddening !== null, pixels: (facts as StarsFacts).pixels, luminosityDistance: config.distance.luminosity, redshift });
    }
    for (const { bin, fit, draws, scale } of (await cache.read<LinesOfBin[]>(keyOf(i)))!) {
      fits[bin] = { velocity: fit.velocity, flux: fit.flux, fluxError: fit.fluxError };
      record.add(bin, fit, draws);
      const own = found?.get(host[bin]!);
      if (own?.stars && scale) starsRecord?.add(bin, host[bin]!, own.stars, own.draws, scale);
    }
  }

  const { lines, kinematics, status } = record;
  if (status.some((bits) => bits & (1 << maskBits.SKYLINE))) {
    const touched = [...lines.keys()].filter((name) => fitter.skyAt(name) !== null).map((name) => `${lineByName(name).label} (${fitter.skyAt(name)})`);
    warnings.push(`at this redshift lines fall on sky features: ${touched.join(', ')}`);
  }
  const continuum = describeContinuum(choice, config, facts && starsRecord && { ...(facts as StarsFacts), stars: starsRecord.bins });
  warnings.push(...continuum.notes);
  const { x, y, npix } = binCentres(binning);
  const maps: LineMaps = {
    object: config.object ?? cube.object ?? 'galaxy', binning, wcs: cube.wcs, pixelScale: cube.pixelScale, x, y, npix, redshift,
    lines, ...kinematics, status, image,
    provenance: `${cube.instrument} cube, ${continuum.sentence}, Gaussian lines`, foregroundCorrected: config.foreground.ebv > 0,
  };

  const spectraOf = createSpectraReader(held, armsOf(held), config.foreground.ebv);
  const continuumOf = createContinuumOf(cube.arms, fitter, own, ownStars, true);
  const starsOf = async (b: number): Promise<KeptStars | null> => (stars && host[b]! >= 0 ? (await starsAt(Math.floor(host[b]! / starsPerTask))).get(host[b]!)?.stars ?? null : null);
  const [examples, starExamples]: [SpectrumBin[], StarsBin[]] = [[], []];
  for (const { b, label } of exampleBins(maps)) {
    const kept = await starsOf(b);
    const spectra = spectraOf(binning, b);
    const found = continuumOf(kept, spectra);
    fitter.fit(spectra, found?.continuum);
    examples.push(pictureLines(label, fitter, spectra, redshift));
    if (kept && found) starExamples.push(pictureStars(label, spectra, found.continuum, kept, redshift));
  }
  return {
    maps,
    details: {
      instrument: cube.instrument, museLsf: cube.arms.some(({ lsf }) => lsf.kind === 'muse'), medium: cube.arms[0]!.axis.medium, tied: config.lines.tie === 'all',
      extras: record.extras, components: record.components, reducedChi2: record.reducedChi2, noiseFactor: record.noiseFactor,
      refinedRedshift: refineRedshift(fits, redshift), instrumentSigma: instrumentSigmas(fitter, count),
      continuum, stars: starsRecord?.bins ?? null, logAges: (facts as StarsFacts | null)?.logAges ?? new Float64Array(0), examples, starExamples,
    },
  };
}

function instrumentSigmas({ lines, instrumentSigma }: LineFitter, count: number): Map<string, Float64Array> {
  return new Map(lines.map((name, i) => [name, new Float64Array(count).fill(instrumentSigma[i]!)]));
}

/** The brightest, the median and the faintest bin in which Hα is detected. */
function exampleBins({ lines, binning: { count } }: LineMaps): { b: number; label: string }[] {
  const ha = lines.get('Ha');
  if (!ha) return [];
  const sn = ha.flux.map((flux, b) => flux / ha.fluxError[b]!);
  const bySn = Array.from({ length: count }, (_, b) => b).filter((b) => sn[b]! > 3).sort((a, b) => sn[b]! - sn[a]!);
  const label = (name: string, b: number): { b: number; label: string } => ({ b, label: `${name}, S/N ${sn[b]!.toFixed(0)}` });
  if (bySn.length < 3) return bySn.map((b) => label('bin', b));
  return [label('brightest', bySn[0]!), label('median', bySn[bySn.length >> 1]!), label('faintest', bySn[bySn.length - 1]!)];
}
