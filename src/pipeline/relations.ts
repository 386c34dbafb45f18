import { basename, join } from 'node:path';
import { ZgradError } from '../errors/index.js';
import { defaultWorkers, fileDigest, writeAtomically, type Reporter } from '../host/index.js';
import { constants } from '../units/index.js';
import {
  axisLabel, binnedMedians, columnNeeded, deriveProperties, objectsOf, planRelations, relationsJson, rowsOf, sampleFigures, selectGalaxies, valuesOf, withColumns, withDensity,
  type Note, type Overlay, type ReferenceSample, type RelationJob, type RelationResult, type Sample, type SampleFigure, type SampleRelations,
} from '../sample/index.js';
import { toEcsv } from '../table/index.js';
import type { ConfigTree } from './config.js';
import { createExecutor, type Executor } from './executor.js';
import type { ProductFile } from './productFiles.js';
import { readRelationsConfig, type RelationsConfig } from './relationsConfig.js';
import { checkRelationsDirectory, clearRelationsDirectory, relationsFiles, relationsKey } from './relationsFiles.js';
import { readSampleInput, sampleOfTable } from './relationsInput.js';
import { isWarning, relationsLiterature, relationsReport } from './relationsReport.js';
import { droppedTable, sampleTable } from './relationsTables.js';
import { version } from './version.js';

/** What `zgrad relations` is asked. */
export interface RelationsRequest {
  /** Run directories, directories of them, tables. */
  readonly paths: readonly string[];
  /** Start from the published sample of Li et al. (2025). */
  readonly published: boolean;
  readonly out: string;
  readonly tree: ConfigTree;
  /** Names the configuration in messages. */
  readonly where: string;
  readonly overwrite: boolean;
  /** Threads that measure and draw; default: all processors. */
  readonly workers?: number;
  readonly reporter: Reporter;
}

/** What came out, for `--json` and the closing lines. */
export interface RelationsSummary {
  readonly out: string;
  /** 0 = relations; 3 = too few galaxies for any; 1 = an input could not be read, the others were. */
  readonly exitStatus: 0 | 1 | 3;
  readonly n: number;
  /** The answers in sentences. */
  readonly answers: readonly string[];
  readonly figures: readonly { readonly name: string; readonly paper: string; readonly drawn: boolean; readonly missing: readonly string[] }[];
  readonly dropped: number;
  readonly warnings: readonly string[];
  readonly relations: Readonly<Record<string, unknown>>;
}

/**
 * The relations that a sample of galaxies obeys, from runs, tables or both: relations.json, sample.ecsv, selection.ecsv, figures and report.html in a directory. The same input
 * gives the same bytes, whatever the number of workers. Throws BadConfig, BadUnit, BadArgument, OutputExists, and what is wrong with the only input.
 */
export async function relateGalaxies(request: RelationsRequest): Promise<RelationsSummary> {
  const { paths, published, out, reporter, overwrite } = request;
  const config = readRelationsConfig(request.tree, request.where);
  if (!paths.length && !published) throw new ZgradError('BadArgument', { where: 'arguments', found: 'neither a table nor a run', expected: 'tables, run directories, or --sample li2025', remedy: 'See zgrad relations --help.' });
  const { sample: read, inputs: own, failed } = await readSampleInput(paths, { published, columns: config.columns, calibration: config.calibration }, (text) => reporter.warn(text));
  const besides = [config.environment?.catalogue, config.reference?.file, ...config.overlays.map(({ file }) => file)].filter((file) => file !== undefined);
  const inputs = { ...own, ...Object.fromEntries(await Promise.all(besides.map(async (file) => [basename(file), await fileDigest(file)] as const))) };
  const key = relationsKey(version, published, inputs, config);
  await checkRelationsDirectory(out, key, overwrite);

  const surrounded = await withNeighbours(read, config);
  const selection = config.select === undefined ? null : selectGalaxies(deriveProperties(surrounded), config.select, `${request.where}: select`);
  // What was derived for the cuts is derived anew: under each assumption.
  const sample = selection ? rowsOf(surrounded, selection.rows) : surrounded;
  const overlays = await readOverlays(config);
  const reference = await readReference(config);
  reporter.say(`${sample.table.length} galaxies${selection ? ` of ${surrounded.table.length}` : ''}: relations, ${config.draws} bootstraps each`);
  const plan = planRelations(withColumns(sample, [], reference?.notes ?? []), {
    draws: config.draws, seed: config.seed, normalisation: config.yield, ...(config.properties ? { properties: config.properties } : {}), ...(config.subsets ? { subsets: config.subsets } : {}),
  });
  const executor = createExecutor(request.workers ?? defaultWorkers(), (text) => reporter.warn(text));
  try {
    const found = plan.assemble(await doJobs(plan.jobs, executor, reporter));
    const figures = sampleFigures(found, { overlays, reference: reference?.medians ?? null });
    const title = [...(published ? ['Li et al. (2025)'] : []), ...paths.map((path) => basename(path))].join(' + ');
    const record = { title, found, figures, selection, config, inputs };

    await clearRelationsDirectory(out);
    await writeFigures(out, figures, executor, reporter);
    await writeAtomically(join(out, relationsFiles.sample), toEcsv(sampleTable(found.sets)));
    if (selection) await writeAtomically(join(out, relationsFiles.selection), toEcsv(droppedTable(selection)));
    await writeAtomically(join(out, relationsFiles.report), relationsReport(record));
    const drawn = figures.map(({ name, paper, scene, missing }) => ({ name, paper, drawn: scene !== null, missing }));
    const json = relationsJson(found);
    // relations.json comes last: a directory without it is not finished.
    await writeAtomically(join(out, relationsFiles.relations), `${JSON.stringify({
      ...json, key, versions: { zgrad: version }, inputs, configuration: config,
      selection: selection && { query: selection.query, cuts: selection.cuts }, figures: drawn, literature: relationsLiterature({ found, config }),
    }, null, 1)}\n`);
    const warnings = found.notes.filter(isWarning).map(({ message }) => message);
    for (const text of warnings.filter((message) => !failed.includes(message))) reporter.warn(text);
    return {
      out, exitStatus: failed.length ? 1 : found.sets[0].relations.length ? 0 : 3, n: found.n, answers: answersOf(found), figures: drawn, dropped: surrounded.table.length - sample.table.length, warnings,
      relations: json,
    };
  } finally {
    await executor.close();
  }
}

async function withNeighbours(sample: Sample, { environment }: RelationsConfig): Promise<Sample> {
  if (!environment) return sample;
  const { catalogue: file, columns, k, window, select } = environment;
  const whole = await sampleOfTable(file, columns, 'environment.columns');
  const catalogue = select === undefined ? whole : rowsOf(whole, selectGalaxies(whole, select, 'environment.select').rows);
  const [ra, dec] = [valuesOf(catalogue, 'ra'), valuesOf(catalogue, 'dec')];
  const velocity = valuesOf(catalogue, 'velocity') ?? valuesOf(catalogue, 'redshift')?.map((z) => z * constants.c);
  if (!ra || !dec || !velocity) {
    throw new ZgradError('BadConfig', { where: `environment.catalogue: ${basename(file)}`, found: 'no columns of positions and velocities', expected: 'ra, dec, and velocity or redshift', remedy: 'Name them in environment.columns.' });
  }
  return withDensity(sample, { name: basename(file), ra, dec, velocity, objects: objectsOf(catalogue) }, { k, window });
}

async function readOverlays({ overlays }: RelationsConfig): Promise<Overlay[]> {
  const read: Overlay[] = [];
  for (const { name, file, columns } of overlays) read.push({ name, sample: deriveProperties(await sampleOfTable(file, columns, 'overlays.columns')) });
  return read;
}

async function readReference({ reference }: RelationsConfig): Promise<{ medians: ReferenceSample; notes: Note[] } | null> {
  if (!reference) return null;
  const { file, name, width, columns } = reference;
  const sample = await sampleOfTable(file, columns, 'reference.columns');
  const mass = valuesOf(sample, 'logMstar');
  if (!mass) throw new ZgradError('BadConfig', { where: `reference.file: ${basename(file)}`, found: 'no column of stellar masses', expected: 'logMstar', remedy: 'Name it in reference.columns.' });
  const medians = (column: string) => {
    const values = valuesOf(sample, column);
    return values ? binnedMedians(mass, values, { width }) : null;
  };
  const found: ReferenceSample = { name: name ?? basename(file), massMetallicity: medians('oh'), mainSequence: medians('logSfr') };
  const few = [found.massMetallicity, found.mainSequence].every((bins) => bins === null || bins.length < 2);
  return { medians: found, notes: few ? [{ kind: 'missing', about: 'input', message: `${basename(file)}: fewer than two bins of mass with twenty galaxies that have oh or logSfr; no reference is drawn.` }] : [] };
}

/** Galaxies × draws, all jobs together, from which several threads are sooner done than one: below, they take as long to begin as one thread takes for all. */
const worthThreads = 1e7;

async function doJobs(jobs: readonly RelationJob[], workers: Executor, reporter: Reporter): Promise<RelationResult[]> {
  const results = new Array<RelationResult>(jobs.length);
  const size = jobs.reduce((sum, job) => sum + job.draws * (job.kind === 'relation' ? job.input.x : job.columns[0]!).length, 0);
  const executor = size < worthThreads ? createExecutor(1, (text) => reporter.warn(text)) : workers;
  let done = 0;
  await executor.run('relations', null, jobs, (job, result) => {
    results[job] = result;
    reporter.progress('relations', ++done, jobs.length);
  }, ({ kind, numbers }) => `${kind} of ${numbers.join(', ')}`);
  reporter.endStage();
  return results;
}

async function writeFigures(out: string, figures: readonly SampleFigure[], executor: Executor, reporter: Reporter): Promise<void> {
  const files = figures.flatMap(({ name, scene }): ProductFile[] => (scene ? [{ kind: 'figure', name: join(relationsFiles.figures, name), scene }] : []));
  let done = 0;
  await executor.run('products', out, files, () => reporter.progress('figures', ++done, files.length), ({ name }) => name);
  reporter.endStage();
}

const probability = (p: number): string => (p === 0 ? 'below 1e-300' : p.toPrecision(2));
const number = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');

/** The answers of a sample in sentences, the most important first. */
function answersOf({ n, sets }: SampleRelations): string[] {
  const [first, zero] = sets;
  const mass = first.relations.find(({ x }) => x === 'logMstar');
  if (!mass) return [`${n} galaxies: no relation of gradient and stellar mass`];
  const strongest = first.partial.filter(({ y }) => y === 'gradient').toSorted((a, b) => Math.abs(b.r) - Math.abs(a.r))[0];
  const other = strongest && zero?.partial.find(({ x, y }) => x === strongest.x && y === strongest.y);
  const best = first.combinations[0];
  const plain = (name: string) => axisLabel(name).replace(/ \[.*\]$/, '').replace(/[*{}]/g, '');
  return [
    `${mass.n} galaxies: gradient = ${number(mass.slope, 3)} ± ${mass.slopeError.toFixed(3)} ${mass.unit} per dex of stellar mass; Spearman r = ${number(mass.spearman, 2)} ± ${mass.spearmanError.toFixed(2)}, p = ${probability(mass.p)}`,
    ...(strongest ? [`strongest at fixed mass: ${plain(strongest.x)}, partial r = ${number(strongest.r, 2)} ± ${strongest.rError.toFixed(2)}, p = ${probability(strongest.p)}, q = ${probability(strongest.q!)} (n = ${strongest.n})${
      other && other.n !== strongest.n ? `; ${number(other.r, 2)} with HI zero where missing (n = ${other.n})` : ''}`] : []),
    ...(best ? [`least scatter about log M★ ${best.gammaScan < 0 ? '−' : '+'} ${Math.abs(best.gammaScan).toFixed(2)} log y_eff: r = ${number(best.spearman, 2)}, ${best.scatterBefore.toFixed(4)} → ${best.scatterAfter.toFixed(4)} dex/Re (n = ${best.n})`] : []),
  ];
}

/** The closing lines on a terminal. */
export function relationsText({ answers, figures, dropped, out }: RelationsSummary): string {
  const absent = figures.filter(({ drawn }) => !drawn);
  return [
    ...answers,
    ...(dropped ? [`${dropped} ${dropped === 1 ? 'galaxy' : 'galaxies'} dropped by the selection: ${join(out, relationsFiles.selection)}`] : []),
    `figures: ${figures.length - absent.length} drawn${absent.length ? '; not drawn, for lack of:' : ''}`,
    ...absent.map(({ name, paper, missing }) => `  ${name} (${paper} of Li et al. 2025): ${missing.map(columnNeeded).join(', ') || 'galaxies or properties'}`),
    join(out, relationsFiles.report),
  ].join('\n');
}
