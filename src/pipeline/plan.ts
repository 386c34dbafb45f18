import { availableParallelism } from 'node:os';
import { makeBinning, spaxelBinning } from '../binning/index.js';
import type { Cube, CubeOutline } from '../cube/index.js';
import { isZgradError, type ErrorTag, type ZgradError } from '../errors/index.js';
import { defaultMemory, defaultWorkers, isFitsFile, openFitsFile } from '../host/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { sampleLibrary } from '../spectrum/index.js';
import type { StellarLibrary } from '../templates/index.js';
import { readCatalogues } from './atomicGas.js';
import { adaptsContinuum, adaptsLines } from './adaptiveBins.js';
import { checkConfig, type ConfigTree } from './config.js';
import { checkContinuum, chooseContinuum, type ContinuumChoice } from './continuumChoice.js';
import { measureGeometry, shapeWanted } from './geometry.js';
import { rowsInMemory } from './holdCube.js';
import type { Entry } from './measure.js';
import { predict, type Predicted, type Work } from './planCosts.js';
import { checkDirectory, freeBytes, quickBytes, sizeOf } from './planDirectory.js';
import { linesNeeded, type NeededLine } from './planLines.js';
import { resolvedArms, sampleCube } from './planSample.js';
import { readForeground } from './foreground.js';
import { openGalaxy, readMasks, readUserBins } from './readGalaxy.js';
import { readMaps, withOffered } from './readMaps.js';
import { checkReference } from './reference.js';
import { resolveConfig, type Config } from './resolve.js';

export interface PlanRequest {
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
  /** Threads. Default: what Slurm or the machine gives. */
  readonly workers?: number;
  /** What the run may take [bytes]. Default: three quarters of what there is. */
  readonly memory?: number;
}

/** Something for which a measurement would be refused, in its words. */
export interface Problem {
  readonly tag: ErrorTag;
  readonly message: string;
}

/** What a measurement of a galaxy would do, and what stands against it. */
export interface Plan {
  readonly entry: Entry;
  readonly files: readonly string[];
  readonly out: string;
  /** Everything that `measure` would refuse, as far as one thing can be told without another, in the order in which it would. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Null where the files or the configuration do not tell. */
  readonly data: {
    readonly instrument: string;
    readonly object: string | null;
    readonly nx: number;
    readonly ny: number;
    /** Spaxels with data, estimated for a cube. */
    readonly spaxels: number;
    /** Observed wavelengths [Å] and their number; none for line maps. */
    readonly arms: readonly { readonly name: string; readonly range: readonly [number, number]; readonly pixels: number }[];
    /** Flux and variance in memory [bytes]. */
    readonly bytes: number;
  } | null;
  readonly lines: readonly NeededLine[];
  readonly templates: {
    readonly method: 'ssp' | 'local';
    readonly library: string | null;
    readonly count: number;
    /** Rest wavelengths [Å] that data, library and configuration share; null for a local continuum. */
    readonly range: readonly [number, number] | null;
    /** Observed stretches [Å] in which the data are sharper than the library. */
    readonly sharper: readonly (readonly [number, number])[];
  } | null;
  /** Bins that are expected; for a cube an estimate within the factor `within`. */
  readonly bins: { readonly continuum: number; readonly lines: number; readonly within: number } | null;
  readonly fits: Work | null;
  readonly predicted: (Predicted & { readonly workers: number; readonly memory: number; readonly inMemory: boolean }) | null;
  /** Bytes free where the run directory is. */
  readonly free: number | null;
  readonly exitStatus: 0 | 2;
}

/** How far a prediction from a few rows and wavelengths may be off: of adaptive bins, and where spaxels or sectors are only counted. */
const [sampleFactor, countFactor] = [1.5, 1.1];
/** Branches of the configuration that are right or wrong as a whole. */
const wholeBranches = ['foreground', 'reference'];

type Note = (error: unknown) => void;

/** Collects what is refused; any other failure goes on. */
function collect(): { problems: Problem[]; note: Note } {
  const problems: Problem[] = [];
  return {
    problems,
    note(error) {
      if (!isZgradError(error)) throw error;
      if (!problems.some(({ message }) => message === error.message)) problems.push({ tag: error.tag, message: error.message });
    },
  };
}

/** The value, or null with the refusal noted. */
async function attempt<T>(note: Note, work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    note(error);
    return null;
  }
}

/** A tree without the part that a message is about; null where there is no such part. */
function without(tree: ConfigTree, { details }: ZgradError, where: string): ConfigTree | null {
  if (!details.where.startsWith(`${where}: `)) return null;
  const [head, key] = details.where.slice(where.length + 2).split('.') as [string, string?];
  if (!(head in tree)) return null;
  const { [head]: branch, ...rest } = tree;
  if (key === undefined || wholeBranches.includes(head) || typeof branch !== 'object' || branch === null || !(key in branch)) return rest;
  const { [key]: _, ...others } = branch as ConfigTree;
  return { ...rest, [head]: others };
}

/** The configuration; where parts of it are wrong, without them, so that all can be told at once. Null when it cannot do without. */
function configOf(tree: ConfigTree, where: string, warnings: string[], note: Note): Config | null {
  for (let rest: ConfigTree | null = tree; rest !== null;) {
    const said: string[] = [];
    try {
      const config = resolveConfig(checkConfig(rest, where), where, said);
      warnings.push(...said);
      return config;
    } catch (error) {
      note(error);
      rest = without(rest, error as ZgradError, where);
    }
  }
  return null;
}

/** A cube of which nothing is known but what its headers tell. */
const headersOf = (outline: CubeOutline): Cube => ({ ...outline, arms: [], sectors: null });

/** Stands for maps that will come of a cube. */
function mapsOf(outline: CubeOutline): LineMaps {
  const { nx, ny, wcs, pixelScale } = outline;
  const none = new Float64Array(0);
  return {
    object: '', binning: spaxelBinning(nx, ny, () => false), wcs, pixelScale, x: none, y: none, npix: none, redshift: 0, lines: new Map(), velocity: none, velocityError: none, sigma: none,
    sigmaError: none, status: new Int32Array(0), image: null, provenance: '', foregroundCorrected: false,
  };
}

/** Notes every part of the geometry that is missing or wrong; `measured` parts will be found from the image. */
function checkGeometry(maps: LineMaps, config: Config, measured: boolean, note: Note): void {
  const stand = { positionAngle: 0, ellipticity: 0, effectiveRadius: { value: 1, unit: 'arcsec' } } as const;
  const filled = (at: Config, key: string): Config => (key === 'effectiveRadius' ? { ...at, effectiveRadius: stand.effectiveRadius } : { ...at, geometry: { ...at.geometry, [key]: 0 } });
  const missing = (['positionAngle', 'ellipticity'] as const).filter((key) => config.geometry[key] === null);
  let at = measured ? [...missing, ...(config.effectiveRadius === null ? ['effectiveRadius'] : [])].reduce(filled, config) : config;
  for (;;) {
    try {
      measureGeometry(maps, at, []);
      return;
    } catch (error) {
      note(error);
      const key = (error as ZgradError).details.where.replace('geometry.', '');
      if (!['positionAngle', 'ellipticity', 'effectiveRadius'].includes(key)) return;
      at = filled(at, key);
    }
  }
}

/** Where the library's templates are coarser than the data, from one template: it is the same for all. */
function sharperThan(library: StellarLibrary, arms: CubeOutline['arms'], { redshift, continuum: { range } }: Config): readonly (readonly [number, number])[] {
  const one = { ...library, age: library.age.subarray(0, 1), flux: library.flux.subarray(0, library.wavelength.length) };
  return sampleLibrary(one, arms, { redshift, range }).sharper;
}

function templatesOf(choice: ContinuumChoice, arms: CubeOutline['arms'], config: Config): Plan['templates'] {
  if (choice.method === 'local') return { method: 'local', library: null, count: 0, range: null, sharper: [] };
  const { library } = choice;
  const seen = arms.map(({ axis: { wavelength } }) => [wavelength[0]!, wavelength.at(-1)!].map((λ) => λ / (1 + config.redshift)) as [number, number]);
  const [from, to] = config.continuum.range;
  return {
    method: 'ssp', library: library.name, count: library.age.length,
    range: [Math.max(from, library.wavelength[0]!, Math.min(...seen.map(([low]) => low))), Math.min(to, library.wavelength.at(-1)!, Math.max(...seen.map(([, high]) => high)))],
    sharper: sharperThan(library, arms, config),
  };
}

/**
 * Says what a measurement would do, without doing or writing any of it: checks files, units, wavelengths, resolution, configuration and space by the functions of the
 * measurement itself, and predicts bins, fits, time and memory from the headers and a few rows of the cube. Refusals are collected in `problems`.
 */
export async function planGalaxy(request: PlanRequest): Promise<Plan> {
  const { entry, files, out, where, workers = defaultWorkers(), memory = defaultMemory() } = request;
  const { problems, note } = collect();
  const warnings: string[] = [];
  const tree = entry === 'maps' ? await attempt(note, () => withOffered(files, request.tree, warnings)) ?? request.tree : request.tree;
  const config = configOf(tree, where, warnings, note);
  const base = { entry, files, out, warnings, problems };
  const found = config && (entry === 'cube' ? await planCube(request, config, workers, memory, warnings, note) : await planMaps(request, config, workers, memory, warnings, note));
  if (config) await attempt(note, () => readCatalogues(config));
  // One file that cannot be opened hides the others.
  if (!found?.data) for (const file of files) await attempt(note, async () => { await (entry === 'cube' ? openFitsFile : isFitsFile)(file); });
  await attempt(note, () => checkDirectory(request, warnings));
  const free = await freeBytes(out);
  if (found?.predicted) {
    const { products, scratch } = found.predicted.disk;
    if (products + scratch > free) warnings.push(`the run will need about ${((products + scratch) / 1e9).toFixed(2)} GB in ${out}, where ${(free / 1e9).toFixed(2)} GB are free${scratch > 0 ? ' (more --memory spares the scratch file)' : ''}`);
    if (found.predicted.peakMemory > memory) warnings.push(`about ${(found.predicted.peakMemory / 1e9).toFixed(2)} GB of memory will be needed, more than the ${(memory / 1e9).toFixed(2)} GB allowed`);
  }
  return {
    ...base, data: null, lines: [], templates: null, bins: null, fits: null, predicted: null, ...found,
    free, warnings: [...new Set(warnings)], exitStatus: problems.length > 0 ? 2 : 0,
  };
}

type Found = Partial<Pick<Plan, 'data' | 'lines' | 'templates' | 'bins' | 'fits' | 'predicted'>>;

async function planCube({ files, where }: PlanRequest, config: Config, workers: number, memory: number, warnings: string[], note: Note): Promise<Found> {
  const choice = await attempt(note, () => chooseContinuum(config, where, warnings)) ?? { method: 'local' as const };
  const opened = await attempt(note, () => openGalaxy(files, config));
  if (!opened) return {};
  const { outline } = opened;
  warnings.push(...outline.warnings);
  await attempt(note, () => checkContinuum(choice, outline.arms, config, where));
  await attempt(note, () => checkReference(config.reference, outline));
  await attempt(note, () => readForeground(config, outline, warnings));
  const headers = headersOf(outline);
  const masked = await attempt(note, () => readMasks(config.masks, headers));
  const userBins = await attempt(note, () => readUserBins(config, headers)) ?? { lines: null, stars: null };
  const arms = await attempt(note, () => resolvedArms(outline)) ?? outline.arms;
  const sampled = await attempt(note, () => sampleCube(outline, arms, masked, config));
  const grid = { sectors: sampled?.sectors || outline.sectorSource ? new Int32Array(0) : null };
  if (grid.sectors) warnings.push('spectra repeat over sectors, as the survey binned them: no isophotes and no adaptive bins');
  checkGeometry(mapsOf(outline), config, grid.sectors === null && shapeWanted(config), note);
  const templates = templatesOf(choice, arms, config);
  if (templates?.sharper.length) {
    warnings.push(`the data are sharper than the library ${templates.library} at ${templates.sharper.map(([a, b]) => `${a.toFixed(0)}–${b.toFixed(0)} Å`).join(', ')}: the stars' dispersions there rest on the difference`);
  }
  const needed = linesNeeded(arms, config);
  warnings.push(...needed.warnings);
  const data = {
    instrument: outline.instrument, object: config.object ?? outline.object, nx: outline.nx, ny: outline.ny, spaxels: sampled?.spaxels ?? outline.nx * outline.ny, bytes: outline.bytes,
    arms: arms.map(({ name, axis: { wavelength } }) => ({ name, range: [wavelength[0]!, wavelength.at(-1)!] as const, pixels: wavelength.length })),
  };
  if (!sampled) return { data, lines: needed.lines, templates };
  const countOf = (map: ArrayLike<number>): number => makeBinning(Float64Array.from(map), outline.nx, outline.ny, { unused: Array.from(map).some((own) => !(own >= 0)) ? 'negative' : 'nonPositive' }).count;
  const given = userBins.lines ? countOf(userBins.lines) : grid.sectors ? sampled.lines : sampled.spaxels;
  const [adaptive, adaptiveStars] = [adaptsLines(grid, config), adaptsContinuum(grid, config)];
  const bins = {
    lines: adaptive ? sampled.lines : given,
    continuum: adaptiveStars ? sampled.continuum : userBins.stars && choice.method === 'ssp' ? countOf(userBins.stars) : given,
    within: adaptive || adaptiveStars ? sampleFactor : userBins.lines ? 1 : countFactor,
  };
  if (bins.lines === 0) warnings.push('no spaxel was found in which all needed lines can be measured over the cut in EW(Hα): there may be nothing to measure');
  const fits = { stars: choice.method === 'ssp' ? bins.continuum : 0, detections: adaptive ? sampled.spaxels : 0, lines: bins.lines };
  const inMemory = rowsInMemory(outline, memory, workers) / outline.ny;
  const predicted = predict(fits, { outline, spaxels: outline.nx * outline.ny, bins: bins.lines, templates: templates?.count ?? 0, inMemory, workers, processors: availableParallelism() }, config);
  return { data, lines: needed.lines, templates, bins, fits, predicted: { ...predicted, workers, memory, inMemory: inMemory === 1 } };
}

async function planMaps({ files }: PlanRequest, config: Config, workers: number, memory: number, warnings: string[], note: Note): Promise<Found> {
  if (await sizeOf(files) > quickBytes) {
    warnings.push('the maps are too large to be read for a plan: their lines, bins and geometry were not looked at');
    return {};
  }
  const maps = (await attempt(note, () => readMaps(files, config, warnings)))?.maps;
  if (!maps) return {};
  checkGeometry(maps, config, false, note);
  const { nx, ny, count, spaxels } = maps.binning;
  const needed = linesNeeded(null, config, [...maps.lines.keys()]);
  warnings.push(...needed.warnings);
  const fits = { stars: 0, detections: 0, lines: 0 };
  const predicted = predict(fits, { outline: null, spaxels: nx * ny, bins: count, templates: 0, inMemory: 1, workers, processors: 1 }, config);
  return {
    data: { instrument: 'line maps', object: maps.object, nx, ny, spaxels: spaxels.length, arms: [], bytes: 0 }, lines: needed.lines,
    bins: { continuum: 0, lines: count, within: 1 }, fits, predicted: { ...predicted, workers, memory, inMemory: true },
  };
}
