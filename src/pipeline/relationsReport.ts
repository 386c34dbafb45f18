import { sampleReportPage } from '../figures/index.js';
import { scalingRelations, trueOxygenYield } from '../evolution/index.js';
import { axisLabel, columnNeeded, li2025Oddities, li2025Source, objectsOf, propertyNamed, valuesOf, type Note, type SampleFigure, type SampleRelations, type Selection } from '../sample/index.js';
import type { Citation } from './literature.js';
import type { RelationsConfig } from './relationsConfig.js';
import { relationsFiles } from './relationsFiles.js';
import { version } from './version.js';

/** Everything that was found of a sample and how. */
export interface RelationsRecord {
  readonly title: string;
  readonly found: SampleRelations;
  readonly figures: readonly SampleFigure[];
  readonly selection: Selection | null;
  readonly config: RelationsConfig;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Notes that ask for something to be mended; the others tell what is missing or was assumed. */
export const isWarning = ({ kind, about, message }: Note): boolean => ['duplicate', 'unit', 'notFinite', 'text', 'conflict', 'few', 'constant'].includes(kind)
  || (kind === 'missing' && (['input', 'gradient', 'logMstar'].includes(about) || message.includes('Is it ') || message === `No column '${about}'.` && !propertyNamed(about)));

/** The works behind what was done. */
export function relationsLiterature({ found, config }: Pick<RelationsRecord, 'found' | 'config'>): Citation[] {
  const sample = found.sets[0].sample;
  const has = (name: string) => valuesOf(sample, name) !== null;
  const drawn = scalingRelations.filter(({ x, y }) => has(x) && has(y));
  return [
    { citation: li2025Source, usedFor: found.source === li2025Source ? 'the sample, and what is asked of it' : 'what is asked of a sample, and its figures' },
    { citation: 'Efron 1987, JASA 82, 171', usedFor: 'BCa intervals of the bootstrap' },
    { citation: 'Benjamini & Hochberg 1995, JRSS B 57, 289', usedFor: 'false-discovery rates' },
    ...(has('logYeff') ? [{ citation: trueOxygenYield.source, usedFor: 'yield of oxygen of stellar populations' }] : []),
    ...drawn.map(({ name, source, unverified, caution }) => ({ citation: source, usedFor: `${name}, drawn for comparison${unverified ? '; a coefficient was not checked against the source' : ''}${caution ? `. ${caution}` : ''}` })),
    ...(config.environment ? [{ citation: 'Bentley 1975, Commun. ACM 18, 509', usedFor: 'search for neighbours' }] : []),
  ];
}

const counted = [['a gradient', 'gradient'], ['stellar mass', 'logMstar'], ['HI mass', 'logMhi'], ['effective yield', 'logYeff'], ['density of neighbours', 'density']] as const;

/** report.html of a sample. */
export function relationsReport({ title, found, figures, selection, config, inputs }: RelationsRecord): string {
  const { sample } = found.sets[0];
  const objects = new Set(objectsOf(sample));
  return sampleReportPage({
    title, source: found.source, n: found.n, draws: found.draws,
    counts: counted.flatMap(([name, column]) => {
      const values = valuesOf(sample, column);
      return values ? [{ name, count: values.filter(Number.isFinite).length }] : [];
    }),
    sets: found.sets, subsets: found.subsets, classes: found.classes, selection, figures, labelOf: axisLabel, neededOf: columnNeeded,
    massBins: found.massBins.map(({ y, bins }) => ({ y, bins: bins.map(({ x, y: median, std, rows }) => ({ n: rows.length, x, y: median, std })) })),
    warnings: found.notes.filter(isWarning).map(({ message }) => message), notes: found.notes.filter((note) => !isWarning(note)).map(({ message }) => message),
    oddities: found.source === li2025Source ? li2025Oddities.filter(({ objects: own }) => own.some((object) => objects.has(object))).map(({ objects: own, description }) => `${own.join(', ')}: ${description}`) : [],
    literature: relationsLiterature({ found, config }), version, versions: { zgrad: version, node: process.versions.node }, seed: found.seed, inputs, configuration: JSON.stringify(config, null, 1),
    files: [
      { path: relationsFiles.relations, content: 'every number of this page and more' },
      { path: relationsFiles.sample, content: 'the table that it was made of, with everything derived' },
      ...(selection ? [{ path: relationsFiles.selection, content: 'who was dropped, where and why' }] : []),
      ...figures.flatMap(({ name, scene }) => (scene ? ['svg', 'png', 'pdf'].map((kind) => ({ path: `${relationsFiles.figures}/${name}.${kind}`, content: 'figure' })) : [])),
    ],
  });
}
