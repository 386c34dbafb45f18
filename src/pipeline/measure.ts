import { join } from 'node:path';
import { fileDigest, peakMemory, readText, stopwatch, type Reporter } from '../host/index.js';
import { arithmetic } from '../kernels/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { checkConfig, type ConfigTree } from './config.js';
import { checkContinuum, chooseContinuum, type ContinuumChoice } from './continuumChoice.js';
import { fitBins, type LineFitDetails } from './fitBins.js';
import { writeProducts, writeRun } from './products.js';
import { openGalaxy, readGalaxy } from './readGalaxy.js';
import { readMaps } from './readMaps.js';
import { resolveConfig } from './resolve.js';
import { checkRunDirectory, clearRunDirectory, runFiles, runKey } from './runDirectory.js';
import { countStatus, type StageTime } from './runJson.js';
import { analyseMaps, type RunStage, type Seeing } from './secondHalf.js';
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
  readonly reporter: Reporter;
}

/**
 * Measures one galaxy: from its cube (or its line maps) to maps, abundances and gradients with errors, written to a run directory.
 * Every stage is one call below, in the order in which the method is described.
 * Throws a tagged ZgradError for a bad file or configuration; a galaxy without a trusted gradient is a result
 * (exit status 3), with all products written.
 */
export async function measureGalaxy(request: MeasureRequest): Promise<MeasureSummary> {
  const { entry, files, out, reporter } = request;
  const warnings: string[] = [];
  const total = stopwatch();
  const times: StageTime[] = [];
  const stage: RunStage = async (name, work) => {
    const seconds = stopwatch();
    const result = await work((done, count) => reporter.progress(name, done, count));
    reporter.endStage();
    times.push({ stage: name, seconds: seconds() });
    return result;
  };

  const config = resolveConfig(checkConfig(request.tree, request.where), request.where, warnings);
  const choice: ContinuumChoice = entry === 'cube' ? await chooseContinuum(config, request.where, warnings) : { method: 'local' };
  const maybe = [config.binning?.map, config.maps.bins, choice.method === 'ssp' ? config.continuum.bins : undefined];
  const read = [...files, ...config.masks, ...maybe.filter((path) => path !== undefined)];
  const inputs = Object.fromEntries(await Promise.all(read.map(async (path) => [path, await fileDigest(path)] as const)));
  const key = runKey({ version, inputs, configuration: { entry, config, templates: choice.method === 'ssp' ? choice.sha256 : null, arithmetic: arithmetic() } });
  if ((await checkRunDirectory(out, key, request.overwrite)) === 'finished') {
    const finished = JSON.parse(await readText(join(out, runFiles.run))) as { summary: MeasureSummary };
    reporter.say(`${out} already holds this run; nothing was done again`);
    return { ...finished.summary, out };
  }

  let cubeMask: Uint8Array | null = null;
  let details: LineFitDetails | null = null;
  let maps: LineMaps;
  let seeing: Seeing | null = config.seeing === null ? null : { fwhm: config.seeing, source: 'configuration' };
  if (entry === 'cube') {
    const { cube, binning, continuumBinning, mask } = await stage('read cube', async () => {
      const opened = await openGalaxy(files, config);
      checkContinuum(choice, opened.arms, config, request.where);
      return readGalaxy(opened, files, config);
    });
    warnings.push(...cube.warnings);
    reporter.say(`${config.object ?? cube.object}: ${cube.instrument} cube of ${cube.nx} × ${cube.ny} spaxels, ${binning.count} bins`);
    seeing ??= cube.seeing;
    cubeMask = mask;
    ({ maps, details } = await stage('fit continuum and lines', (progress) =>
      fitBins(cube, binning, { config, choice, continuumBinning, warnings, progress })));
  } else {
    maps = await stage('read maps', () => readMaps(files, config, warnings));
  }
  const analysis = await analyseMaps({ maps, stars: details?.stars ?? null, config, seeing, warnings, stage });

  const counts = countStatus(maps.binning.bin, analysis.nebular.status, cubeMask);
  const products = { maps, details, ...analysis, config, seeing, counts, warnings, mask: cubeMask, entry };
  // Only now is anything written: a galaxy that cannot be measured costs no earlier run.
  const figures = await stage('write products', async () => {
    await clearRunDirectory(out);
    return writeProducts(out, products);
  });
  for (const warning of new Set(warnings)) reporter.warn(warning);
  const summary = summarise({ ...products, out, times, seconds: total(), peakMemory: peakMemory() });
  // run.json comes last: a directory without it is no finished run.
  await writeRun(out, { key, inputs, products, figures, times, summary });
  return summary;
}
