import { basename, join } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { fileDigest, peakMemory, readText, stopwatch, type Reporter } from '../host/index.js';
import type { LineMaps } from '../linemaps/index.js';
import { availableCalibrations, calibrationByName, calibrations, type Calibration } from '../nebula/index.js';
import { checkConfig, type ConfigTree } from './config.js';
import { fitBins, type LineFitDetails } from './fitBins.js';
import { measureGeometry } from './geometry.js';
import { measureGradients, type Gradients } from './gradients.js';
import { analyseBins } from './nebular.js';
import { nearestWord } from './nearest.js';
import { writeProducts, writeRun } from './products.js';
import { readGalaxy } from './readGalaxy.js';
import { readMaps } from './readMaps.js';
import { resolveConfig, type Config } from './resolve.js';
import { openRunDirectory, runFiles, runKey } from './runDirectory.js';
import { countStatus, type StageTime } from './runJson.js';
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

/** The calibrations to apply and those that the lines do not allow. Throws BadConfig for a name that does not exist. */
function chooseCalibrations(maps: LineMaps, config: Config): { leading: Calibration; chosen: Calibration[]; absent: Gradients['absent'] } {
  const names = calibrations.map((one) => one.name);
  const wanted = config.abundance.also === 'all' ? names : [config.abundance.default, ...config.abundance.also];
  for (const name of [config.abundance.default, ...wanted]) {
    if (names.includes(name)) continue;
    throw new ZgradError('BadConfig', {
      where: 'abundance', found: `the calibration '${name}'`, expected: 'a known one', remedy: `Did you mean ${nearestWord(name, names)}? Known: ${names.join(', ')}.`,
    });
  }
  const leading = calibrationByName(config.abundance.default)!;
  const { available, absent } = availableCalibrations([...maps.lines.keys()]);
  // The leading one is applied even where a line is missing: every bin then says NOVALUE and the gradient says why.
  const chosen = calibrations.filter((one) => one === leading || (wanted.includes(one.name) && available.includes(one)));
  return { leading, chosen, absent: absent.filter(({ name }) => wanted.includes(name)) };
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
  const stage = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
    const seconds = stopwatch();
    const result = await work();
    reporter.endStage();
    times.push({ stage: name, seconds: seconds() });
    return result;
  };

  const config = resolveConfig(checkConfig(request.tree, request.where), request.where, warnings);
  const read = [...files, ...config.masks, ...(config.binning ? [config.binning.map] : []), ...(config.maps.bins ? [config.maps.bins] : [])];
  const inputs = Object.fromEntries(await Promise.all(read.map(async (path) => [path, await fileDigest(path)] as const)));
  const key = runKey({ version, inputs, configuration: { entry, config } });
  if ((await openRunDirectory(out, key, request.overwrite)) === 'finished') {
    const finished = JSON.parse(await readText(join(out, runFiles.run))) as { summary: MeasureSummary };
    reporter.say(`${out} already holds this run; nothing was done again`);
    return { ...finished.summary, out };
  }

  let cubeMask: Uint8Array | null = null;
  let details: LineFitDetails | null = null;
  let maps: LineMaps;
  let seeing = config.seeing === null ? null : { fwhm: config.seeing, source: 'configuration' };
  if (entry === 'cube') {
    const { cube, binning, mask } = await stage('read cube', () => readGalaxy(files, config));
    warnings.push(...cube.warnings);
    reporter.say(`${config.object ?? cube.object ?? basename(files[0]!)}: ${cube.instrument} cube of ${cube.nx} × ${cube.ny} spaxels, ${binning.count} bins`);
    seeing ??= cube.seeing;
    cubeMask = mask;
    ({ maps, details } = await stage('fit continuum and lines', () =>
      fitBins(cube, binning, { config, files, warnings, progress: (done, count) => reporter.progress('fitting lines', done, count) })));
  } else {
    maps = await stage('read maps', () => readMaps(files, config, warnings));
  }
  if (seeing === null) warnings.push('the seeing is not known: give `seeing` for the bootstrap over seeing-sized blocks');

  const disk = await stage('geometry', () => measureGeometry(maps, config, warnings));
  if (seeing && seeing.fwhm > 0.3 * disk.effectiveRadiusArcsec) {
    warnings.push(`the seeing (${seeing.fwhm.toFixed(2)}″) exceeds 0.3 R_e (${(0.3 * disk.effectiveRadiusArcsec).toFixed(2)}″): it flattens the gradient`);
  }
  const { leading, chosen, absent } = chooseCalibrations(maps, config);
  const nebular = await stage('dust, classes, star formation, abundances', () => analyseBins(maps, disk, {
    calibrations: chosen, leading, snLine: config.lines.snLine, minEW: config.lines.minEW, balmer: config.dust.balmer, sfr: config.starFormation.calibration,
  }));
  if (!nebular.ewHa) warnings.push(`the maps hold no equivalent widths: the cut EW(Hα) ≥ ${config.lines.minEW} Å was not applied`);
  const gradients = await stage('gradients and errors', () => measureGradients({
    maps, disk, bins: nebular, calibrations: chosen, absent, leading, config, seeing: seeing?.fwhm ?? null,
  }));

  const counts = countStatus(maps.binning.bin, nebular.status, cubeMask);
  const products = { maps, nebular, disk, details, gradients, config, seeing, counts, warnings, mask: cubeMask, leading, entry };
  await stage('write products', () => writeProducts(out, products));
  for (const warning of new Set(warnings)) reporter.warn(warning);
  const summary = summarise({ ...products, out, times, seconds: total(), peakMemory: peakMemory() });
  // run.json comes last: a directory without it is no finished run.
  await writeRun(out, { key, inputs, products, times, summary });
  return summary;
}
