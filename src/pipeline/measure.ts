import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BandImage, Cube, CubeOptions } from '../cube/index.js';
import { lightCentroid, streamBroadband } from '../cube/index.js';
import { ZgradError } from '../errors/index.js';
import type { JudgedSource } from '../image/index.js';
import { checkReadable, defaultMemory, defaultWorkers, fileDigest, interruptible, lockDirectory, peakMemory, programDigest, readText, stopwatch, type Reporter } from '../host/index.js';
import { builtInCurve } from '../light/index.js';
import { arithmetic } from '../kernels/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { skyToPixel } from '../sky/index.js';
import { readCatalogues } from './atomicGas.js';
import { adaptsContinuum, adaptsLines, binnedWithout, continuumBins, coveredLines, givenBins, lineBins, type Bins } from './adaptiveBins.js';
import { checkConfig, type ConfigTree } from './config.js';
import type { Bands, CubeFacts } from './cubeFacts.js';
import { checkContinuum, chooseContinuum, type ContinuumChoice } from './continuumChoice.js';
import { createExecutor } from './executor.js';
import { findFieldSources } from './fieldSources.js';
import { dustMapPaths, readForeground } from './foreground.js';
import { givenCentre, shapeWanted, withShape } from './geometry.js';
import { holdCube, type HeldLight } from './holdCube.js';
import { fitLines, fitStars, type BinStages, type LineFitDetails } from './measureBins.js';
import { writeProducts, writeRun } from './products.js';
import { nameOfFile, openGalaxy, readMasks, readUserBins, type OpenedGalaxy, type UserBins } from './readGalaxy.js';
import { readMaps, withOffered } from './readMaps.js';
import { checkReference, compareWithReference } from './reference.js';
import { resolveConfig, type Config } from './resolve.js';
import { checkRunDirectory, claimStages, clearRunDirectory, galaxyKey, runFiles, runKey, scratchFile, stagesFolder, stagesOf, type RunKeys } from './runDirectory.js';
import { countStatus } from './runJson.js';
import { analyseMaps, type RunStage, type Seeing } from './secondHalf.js';
import { maskedWider, measureShape, shapeWarnings, type Shape } from './shape.js';
import { createSpaxelStatus } from './spaxelStatus.js';
import { createStageCache } from './stageCache.js';
import { stageText, timeStage, type StageTime } from './stageTime.js';
import { summarise, type MeasureSummary } from './summary.js';
import { version } from './version.js';

/** Where the chain is entered: at the cube, or at the line maps. */
export type Entry = 'cube' | 'maps';

export interface MeasureRequest {
  readonly entry: Entry;
  /** The files of one galaxy. */
  readonly files: readonly string[];
  /** Run directory. */
  readonly out: string;
  /** The configuration as read. */
  readonly tree: ConfigTree;
  /** Where the configuration comes from, for messages. */
  readonly where: string;
  /** Replace another run in `out`. */
  readonly overwrite: boolean;
  /** Threads. Default: what Slurm or the machine gives. Results do not depend on it. */
  readonly workers?: number;
  /** What the run may take [bytes]. Default: three quarters of what there is. */
  readonly memory?: number;
  readonly reporter: Reporter;
}

/**
 * Measures one galaxy: from its cube (or its line maps) to maps, abundances and gradients with errors, written to a run directory.
 * Every stage is one call below, in the order in which the method is described. Fits are stored in the directory as they are done: a run that was stopped, or one
 * of the same galaxy with another configuration, takes them up.
 * Throws a tagged ZgradError for a bad file or configuration, RunInProgress, or Interrupted after a signal; a galaxy without a trusted gradient is a result
 * (exit status 3), with all products written.
 */
export async function measureGalaxy(request: MeasureRequest): Promise<MeasureSummary> {
  return interruptible(async (stop) => {
    const ended = new AbortController();
    // Each file's checksum listens; the maps of a galaxy can be a dozen files.
    setMaxListeners(0, ended.signal);
    try {
      return await measure(request, stop, ended.signal);
    } catch (error) {
      if (!stop.aborted || error !== stop.reason) throw error;
      throw new ZgradError('Interrupted', {
        where: request.out, found: `the signal ${String(stop.reason)}`, expected: 'to be left to finish', remedy: 'What was finished is kept: the same command goes on from there.',
      });
    } finally {
      ended.abort();
    }
  });
}

/** @param stop a signal asks to end; @param ended the run is over, however it ended */
async function measure(request: MeasureRequest, stop: AbortSignal, ended: AbortSignal): Promise<MeasureSummary> {
  const { entry, files, out, reporter, workers = defaultWorkers(), memory = defaultMemory() } = request;
  const warnings: string[] = [];
  const warn = (text: string): void => { warnings.push(text); };
  const total = stopwatch();
  const times: StageTime[] = [];
  const executor = createExecutor(workers, warn, stop);
  const stage: RunStage = async (name, work) => {
    stop.throwIfAborted();
    const timed = timeStage(name, executor);
    const result = await work((done, count) => reporter.progress(name, done, count));
    reporter.endStage();
    const time = timed();
    times.push(time);
    reporter.say(stageText(time, workers));
    return result;
  };

  const tree = entry === 'maps' ? await withOffered(files, request.tree, warnings) : request.tree;
  const given = resolveConfig(checkConfig(tree, request.where), request.where, warnings);
  let config = given;
  const choice: ContinuumChoice = entry === 'cube' ? await chooseContinuum(config, request.where, warnings) : { method: 'local' };
  const maybe = [
    config.binning.map, config.maps.bins, choice.method === 'ssp' ? config.continuum.bins : undefined, ...Object.values(config.reference?.images ?? {}), ...Object.values(config.reference?.curves ?? {}),
    ...dustMapPaths(config),
    ...config.gas.catalogues.map(({ file }) => file),
  ];
  const read = [...files, ...config.masks, ...maybe.filter((path) => path !== undefined)];
  const open = async (): Promise<(OpenedGalaxy & { readonly userBins: UserBins }) | null> => {
    if (entry === 'maps') return null;
    const found = await openGalaxy(files, config);
    checkContinuum(choice, found.arms, config, request.where);
    givenCentre(found.outline, config);
    await checkReference(config.reference, found.outline);
    return { ...found, userBins: await readUserBins(config, found.outline) };
  };
  // One after the other, so that of several faults it is always the same that is told.
  for (const path of read) await checkReadable(path);
  const opened = await open();
  const catalogues = await readCatalogues(config);
  // This thread has little else to do while workers read the cube.
  const digests = Promise.all(read.map(async (path) => [path, await fileDigest(path, ended)] as const)).then((found): Readonly<Record<string, string>> => Object.fromEntries(found));
  // Told where it is waited for, unless something else fails before.
  digests.catch(() => null);
  const keysOf = async (): Promise<RunKeys> => {
    const inputs = await digests;
    return {
      run: runKey({ version, inputs, configuration: { entry, config: given, templates: choice.method === 'ssp' ? choice.sha256 : null, arithmetic: arithmetic(), program: programDigest() } }),
      galaxy: galaxyKey(entry, files, inputs),
    };
  };
  const state = await checkRunDirectory(out, keysOf, request.overwrite);
  if (state === 'finished') {
    const finished = JSON.parse(await readText(join(out, runFiles.run))) as { summary: MeasureSummary };
    reporter.say(`${out} already holds this run; nothing was done again`);
    return { ...finished.summary, out };
  }

  const release = await lockDirectory(out);
  const dropScratch = (): Promise<void> => rm(join(out, stagesFolder, scratchFile), { force: true });
  try {
    const claim = async (): Promise<void> => claimStages(out, (await keysOf()).galaxy);
    // Into an empty directory the cube is read while its checksum is made.
    if (state === 'begun') await claim();
    const folder = stagesOf(out);
    let seeing: Seeing | null = config.seeing === null ? null : { fwhm: config.seeing, source: 'configuration' };
    let details: LineFitDetails | null = null;
    let spaxelStatus: Int32Array | null = null;
    let field: CubeFacts | null = null;
    let maps: LineMaps;
    if (opened) {
      const cache = createStageCache(folder, `${programDigest()} ${arithmetic()}`, warn);
      config = { ...config, foreground: await readForeground(config, opened.outline, warnings) };
      let held = await stage('read cube', (progress) => holdCube(opened.opened, {
        files, options: opened.options, memory, scratch: join(folder, scratchFile), redshift: config.redshift, executor, progress,
      }));
      await claim();
      const inputs = await digests;
      const cube: Cube = { ...held.cube, object: held.cube.object ?? nameOfFile(files[0]!) };
      warnings.push(...cube.warnings);
      seeing ??= cube.seeing;
      const status = createSpaxelStatus(cube.nx * cube.ny);
      (await readMasks(config.masks, cube))?.forEach((masked, s) => { if (masked) status.exclude(s, 'USERMASK'); });

      const shaped = cube.sectors === null && (shapeWanted(config) || config.sources === 'mask' || config.reference !== undefined);
      const bands = shaped ? await stage('images', () => bandImages(opened.opened, opened.options)) : null;
      const image = bands ? galaxyImage(bands, held.light.image, cube) : null;
      const middle = image && centreGuess(image.band, config, cube);
      let judged: readonly JudgedSource[] = [];
      if (image && bands && config.sources === 'mask') {
        const found = await stage('stars and neighbours', () => findFieldSources(held.held, { image: image.band, blue: whole(bands.g), red: whole(bands.i) }, cube.pixelScale, middle!, config, seeing?.fwhm ?? 1));
        found.mask.forEach((masked, s) => { if (masked) status.exclude(s, 'FORESTAR'); });
        judged = found.sources;
      }
      const reference = config.reference && middle ? await stage('compare with the reference', () => compareWithReference(config.reference!, opened.opened, opened.options, cube, middle, judged, seeing?.fwhm ?? 1)) : null;
      if (reference) {
        warnings.push(...reference.calibration.warnings);
        if (reference.applied !== 1) held = scaledBy(held, reference.applied);
      }
      let shape: Shape | null = null;
      if (image && shapeWanted(config)) {
        const found = await stage('isophotes and growth curve', () => measureShape({ ...image.band, mask: status.excluded() }, image.name, cube, config, seeing?.fwhm ?? null,
          reference && (config.sources === 'mask' ? maskedWider(reference.wider, cube, status.excluded(), middle!, seeing?.fwhm ?? 1) : reference.wider)));
        if (!found.shape) {
          throw new ZgradError('BadConfig', { where: 'geometry', found: `a geometry that cannot be measured: ${found.reason}`, expected: 'a galaxy in the field', remedy: 'Give geometry.positionAngle, geometry.ellipticity and effectiveRadius.' });
        }
        shape = found.shape;
        warnings.push(...shapeWarnings(shape, config));
        config = withShape(config, shape);
        if (config.effectiveRadius === null) {
          throw new ZgradError('BadConfig', { where: 'effectiveRadius', found: `no light in the growth curve of ${shape.growthImage}`, expected: 'a galaxy that stands out of its sky', remedy: 'Give effectiveRadius.' });
        }
      }

      const given = givenBins(cube, opened.userBins.lines, status);
      const adaptive = { lines: adaptsLines(cube, config), continuum: adaptsContinuum(cube, config) };
      const starBins: Bins = adaptive.continuum ? await stage('bin continuum', () => continuumBins(cube, held.light, status, config))
        : opened.userBins.stars && choice.method === 'ssp' ? givenBins(cube, opened.userBins.stars, status) : given;
      reporter.say(`${config.object ?? cube.object}: ${cube.instrument} cube of ${cube.nx} × ${cube.ny} spaxels, ${starBins.facts.bins} bins of the continuum`);
      const stages: BinStages = { held: held.held, config, choice, executor, cache, inputs: { files: files.map((path) => inputs[path]), options: opened.options, unit: held.held.unit } };
      const looked = adaptive.lines ? coveredLines(cube.arms, config.redshift) : [];
      if (adaptive.lines) warnings.push(...binnedWithout(looked));
      const stars = await stage('fit stars', (progress) => fitStars(starBins.binning, looked, stages, progress));
      const bins = adaptive.lines ? await stage('bin lines', () => lineBins(cube, stars!, looked, status, config)) : given;
      reporter.say(`${bins.binning.count} bins of the lines`);
      ({ maps, details } = await stage('fit lines', (progress) => fitLines(cube, bins.binning, choice.method === 'ssp' ? stars : null, held.light.image, stages, warnings, progress)));
      await cache.prune();
      await dropScratch();
      spaxelStatus = status.bits;
      field = { shape, sources: judged.filter(({ masked }) => masked !== null), reference, bins: { continuum: starBins, lines: bins }, bands, exposure: cube.header.number('EXPTIME') ?? null };
    } else {
      const { foreground, ...read } = await stage('read maps', () => readMaps(files, config, warnings));
      ({ maps } = read);
      config = { ...config, foreground };
      await claim();
    }
    const analysis = await analyseMaps({ maps, stars: details?.stars ?? null, field, spaxelStatus, catalogues, config, seeing, warnings, executor, stage });

    const counts = countStatus(maps.binning.bin, analysis.nebular.status, spaxelStatus);
    const products = { maps, details, ...analysis, config, seeing, counts, warnings, spaxelStatus, field, entry };
    // Only now are an earlier run's products replaced: a galaxy that cannot be measured costs none.
    const figures = await stage('write products', async (progress) => {
      await clearRunDirectory(out);
      return writeProducts(out, products, executor, progress);
    });
    for (const warning of new Set(warnings)) reporter.warn(warning);
    const summary = summarise({ ...products, out, times, seconds: total(), peakMemory: peakMemory() });
    // run.json comes last: a directory without it is no finished run.
    const keys = await keysOf();
    await writeRun(out, { key: keys.run, galaxy: keys.galaxy, inputs: await digests, products, figures, times, summary, workers });
    return summary;
  } finally {
    await executor.close();
    // Also of a run that failed: on a full disk it is what fills it.
    await dropScratch();
    await release();
  }
}

/** Everything multiplied by the factor of a flux calibration. */
function scaledBy({ cube, held, light }: HeldLight, factor: number): HeldLight {
  const unit = cube.unit * factor;
  return { cube: { ...cube, unit }, held: { ...held, unit }, light: { ...light, image: light.image.map((value) => value * factor) } };
}

async function bandImages(opened: Parameters<typeof streamBroadband>[0], options: CubeOptions): Promise<Bands> {
  const [g, r, i] = await streamBroadband(opened, (['g', 'r', 'i'] as const).map((name) => builtInCurve(name)!), options);
  return { g: g!, r: r!, i: i! };
}

const whole = (band: BandImage): BandImage | null => (band.extent === 'outside' ? null : band);

/** The image that geometry is measured on: r where the cube has it, otherwise its light clear of the lines. */
function galaxyImage({ r }: Bands, light: Float64Array, { nx, ny }: Cube): { band: BandImage; name: string } {
  if (r.extent !== 'outside') return { band: r, name: 'the r image of the cube' };
  return { band: { ...r, nx, ny, data: light, variance: new Float64Array(light.length).fill(Number.NaN), extent: 'partial' }, name: 'the white-light image of the cube, clear of the lines' };
}

/** Where the galaxy is before anything is known of it: as given, or the middle of the field's light. */
function centreGuess({ data, nx, ny }: BandImage, { geometry }: Config, { wcs }: Cube): readonly [number, number] {
  if (geometry.centerPixel) return geometry.centerPixel;
  if (geometry.center && wcs?.celestial) return skyToPixel(wcs.celestial, geometry.center[0], geometry.center[1]);
  const centroid = lightCentroid(data, nx);
  return centroid ? [centroid.x, centroid.y] : [(nx - 1) / 2, (ny - 1) / 2];
}
