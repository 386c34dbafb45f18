import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { formatRegions, maskedRegions } from '../cube/index.js';
import type { Scene } from '../figures/index.js';
import { writeFits, type HduSpec } from '../fits/index.js';
import { writeAtomically, writeStreamed } from '../host/index.js';
import { arithmetic } from '../kernels/index.js';
import { sfrCalibrations } from '../nebula/index.js';
import { binsTable } from './binsTable.js';
import { dictionary } from './dictionary.js';
import type { Executor } from './executor.js';
import { galaxyFigures, type GalaxyFigures } from './galaxyFigures.js';
import { geometrySource, gradientJson, shapeRecord } from './gradientJson.js';
import { historiesTable } from './stellarColumns.js';
import { literature } from './literature.js';
import { mapsHdus } from './mapsFits.js';
import type { ProductFile } from './productFiles.js';
import { reportOf } from './report.js';
import { runFiles } from './runDirectory.js';
import type { StageTime } from './stageTime.js';
import type { Progress } from './secondHalf.js';
import type { MeasureSummary } from './summary.js';
import type { Products } from './productTypes.js';
import { version } from './version.js';

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** The HDUs as they come, their names noted. */
function* noting(hdus: Iterable<HduSpec>, names: string[]): Generator<HduSpec, void, undefined> {
  for (const hdu of hdus) {
    names.push(hdu.name ?? '');
    yield hdu;
  }
}

/** Both have ended before the failure of either is told: nobody writes on when the directory is given free. */
async function bothEnded<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** Writes every product but run.json and the report, shared among the workers; answers with the figures. */
export async function writeProducts(out: string, products: Products, executor: Executor, progress: Progress): Promise<GalaxyFigures> {
  const { maps, disk, gas, details, gradients, field, config } = products;
  const table = binsTable(products);
  await mkdir(join(out, runFiles.figures), { recursive: true });
  const files: ProductFile[] = [
    { kind: 'table', name: runFiles.bins, table },
    ...(details?.stars ? [{ kind: 'table', name: runFiles.histories, table: historiesTable(details.stars, details.logAges) } as const] : []),
  ];
  let done = 0;
  const share = (some: readonly ProductFile[]): Promise<void> => executor.run('products', out, some, () => progress(++done, files.length), ({ name }) => name);
  const draw = async (): Promise<GalaxyFigures> => galaxyFigures(products);
  // Workers write the tables while this thread draws the figures, then the figures while it writes the maps.
  const [, figures] = await bothEnded(share(files.slice()), draw());
  const drawn = Object.entries(figures).map(([name, scene]: [string, Scene]): ProductFile => ({ kind: 'figure', name: join(runFiles.figures, name), scene }));
  files.push(...drawn);
  const own = async (): Promise<void> => {
    const extensions: string[] = [];
    await writeStreamed(join(out, runFiles.maps), (sink) => writeFits(sink, noting(mapsHdus(products), extensions)));
    await writeAtomically(join(out, runFiles.gradient), json(gradientJson(maps.object, { given: maps.redshift, refined: details?.refinedRedshift ?? null }, disk, gradients, geometrySource(field, config), gas, products)));
    await writeAtomically(join(out, runFiles.dictionary), dictionary(table, extensions));
    const regions = maskedRegions(field?.sources ?? []);
    if (regions.length) await writeAtomically(join(out, runFiles.mask), formatRegions(regions));
  };
  await bothEnded(share(drawn), own());
  return figures;
}

export interface RunRecord {
  readonly key: string;
  /** What runs of the same galaxy and program share. */
  readonly galaxy: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly products: Products;
  readonly figures: GalaxyFigures;
  readonly times: readonly StageTime[];
  readonly summary: MeasureSummary;
  readonly workers: number;
}

/** Writes report.html and, last of all, run.json: a directory without it is no finished run. */
export async function writeRun(out: string, { key, galaxy, inputs, products, figures, times, summary, workers }: RunRecord): Promise<void> {
  const { config, entry, seeing, counts, details, field } = products;
  const cite = literature({
    instrument: details?.instrument ?? null, foreground: config.foreground.ebv > 0, museLsf: details?.museLsf ?? false,
    library: details?.continuum.library?.source ?? null, starsReddening: config.continuum.reddening,
    calibrations: [...products.nebular.abundances.values()].map(({ calibration }) => calibration),
    starFormation: sfrCalibrations.find(({ name }) => name === config.starFormation.calibration)!,
  });
  await writeAtomically(join(out, runFiles.report), reportOf(products, figures, summary, cite, await inputFacts(inputs)));
  await writeAtomically(join(out, runFiles.run), json({
    key, galaxy, object: summary.object, entry, configuration: config,
    continuum: details?.continuum ?? { method: 'none' },
    versions: { zgrad: version, node: process.versions.node }, arithmetic: arithmetic(),
    inputs, seed: config.seed, seeing, refinedRedshift: details?.refinedRedshift ?? null, counts, warnings: summary.warnings,
    binning: field && { continuum: field.bins.continuum.facts, lines: field.bins.lines.facts }, maskedSources: field?.sources.map(({ x, y, kind, reasons, masked }) => ({ x, y, kind, reasons, masked })) ?? [],
    reference: field?.reference ? { ...field.reference.calibration, applied: field.reference.applied, image: field.reference.wider.name, zeroPoint: field.reference.zeroPoint } : null, geometry: field?.shape ? shapeRecord(field.shape) : null,
    workers, stages: times, seconds: summary.seconds, peakMemoryBytes: summary.peakMemory, literature: cite, exitStatus: summary.exitStatus, summary,
  }));
}

async function inputFacts(inputs: Readonly<Record<string, string>>): Promise<{ name: string; bytes: number; sha256: string }[]> {
  return Promise.all(Object.entries(inputs).map(async ([path, sha256]) => ({ name: basename(path), bytes: (await stat(path)).size, sha256 })));
}
