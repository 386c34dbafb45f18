import { scalingRelations } from '../evolution/index.js';
import { sampleFigure, type SamplePanel, type Scene } from '../figures/index.js';
import { axisLabel, literatureCurves, logTrueYield, probabilityText, referenceCurves, sampleHues, scatterOf, type Overlay, type ReferenceSample } from './figurePanels.js';
import type { Relation } from './relation.js';
import type { SampleRelations } from './relations.js';
import { valuesOf } from './sample.js';

/** A figure of a sample, or what it would need. */
export interface SampleFigure {
  /** Of the file, without its extension. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  /** The figure of Li et al. (2025) that shows the same. */
  readonly paper: string;
  readonly scene: Scene | null;
  /** Columns that the sample lacks for it; panels that need none of them are drawn. */
  readonly missing: readonly string[];
}

export interface SampleFigureOptions {
  /** Galaxies beside the sample: another one's, or a table of the literature. */
  readonly overlays?: readonly Overlay[];
  readonly reference?: ReferenceSample | null;
}

/** Range of log M★ in which the mass–metallicity relation, and the main sequence, of the reference are fitted to be carried on below (Li et al. 2025, Fig. 1). */
const fittedRange = { massMetallicity: [8.2, 9] as const, mainSequence: [8.5, 10] as const };

const alternatives: Readonly<Record<string, string>> = {
  gradientKpc: 'effectiveRadius', potential: 'effectiveRadius', logMbaryon: 'logMhi and logSfr', logMgas: 'logMhi and logSfr', logYeff: 'oh, logMhi and logSfr', density: 'a catalogue of neighbours',
};
/** A column that a figure lacks, and what it could be derived from. */
export const columnNeeded = (name: string): string => (alternatives[name] ? `${name} (or ${alternatives[name]})` : name);

/** The figures of a sample that Li et al. (2025) draw (their Figs. 1 and 3 to 13), each from what the sample has. */
export function sampleFigures(found: SampleRelations, options: SampleFigureOptions = {}): SampleFigure[] {
  const { overlays = [], reference = null } = options;
  const [set, zero] = found.sets;
  const { sample } = set;
  const within = (relations: readonly Relation[]) => (x: string, y: string): Relation | null => relations.find((relation) => relation.x === x && relation.y === y) ?? null;
  const [relation, residual, scaling] = [within(set.relations), within(set.residuals), within(set.scaling)];
  const otherwise = zero ? { relations: within([...zero.relations, ...zero.residuals, ...zero.scaling]), text: 'HI zero where missing', brief: 'HI zero' } : null;
  const secondOf = (x: string, y: string) => {
    const second = otherwise?.relations(x, y);
    const first = relation(x, y) ?? residual(x, y) ?? scaling(x, y);
    return second && (!first || second.n !== first.n) ? { relation: second, text: otherwise!.text, brief: otherwise!.brief } : null;
  };
  const lowest = (x: string) => valuesOf(sample, x)?.reduce((least, value) => (value < least ? value : least), Infinity) ?? Infinity;
  const referenceOf = (which: 'massMetallicity' | 'mainSequence') => (reference?.[which] ? referenceCurves(reference.name, reference[which], fittedRange[which], lowest('logMstar')) : []);
  const against = (x: string, y: string, more: Parameters<typeof scatterOf>[3] = {}) => scatterOf(set, x, y, { relation: relation(x, y) ?? residual(x, y), second: secondOf(x, y), assumed: zero ?? null, level: 0, overlays, ...more });
  const massBins = (y: string) => found.massBins.find((bins) => bins.y === y) ?? null;

  const histogramsOf = (by: string, properties: readonly string[]): (SamplePanel | null)[] => properties.map((property) => {
    const comparisons = found.classes.filter((one) => one.by === by && one.property === property);
    if (!comparisons.length) return null;
    const groups = new Map(comparisons.flatMap(({ classes, values }) => classes.map((text, k) => [text, values[k]!] as const)));
    const hues = [sampleHues.points, sampleHues.line, sampleHues.second, sampleHues.others];
    const pairs = comparisons.slice(0, 3).map(({ classes, ks, q }) => `KS${comparisons.length > 1 ? ` ${classes.join('/')}` : ''}: *D* = ${ks.d.toFixed(2)}, ${probabilityText(ks.p)}, *q* = ${q.toPrecision(2)}`);
    return { kind: 'histogram', xLabel: axisLabel(property), groups: [...groups].map(([text, values], k) => ({ text, values, hue: hues[k % hues.length]! })), words: pairs };
  });

  const partial = set.partial.filter(({ y }) => y === 'gradient');
  const properties = ['logYeff', 'logMbaryon', 'logMgas', 'potential', 'sigmaStarGradient', 'sfrGradient', 'ssfrGradient'].map((name) => {
    const own = partial.find(({ x }) => x === name);
    const assumed = zero?.partial.find(({ x, y, n }) => x === name && y === 'gradient' && n !== own?.n);
    return { text: axisLabel(name).replace(/ \[.*$/, ''), value: own?.r ?? NaN, error: own?.rError ?? NaN, assumed: assumed ? { value: assumed.r, error: assumed.rError } : null };
  });
  const bars: SamplePanel | null = partial.length ? {
    kind: 'bars', yLabel: 'partial Spearman *r* with ∇(O/H) at fixed log *M*_{★}', bars: properties,
    words: ['68 % errors of bootstraps', ...(properties.some(({ assumed }) => assumed) ? ['open: HI zero where missing'] : [])],
  } : null;

  /** What must be matched before points are compared with the curves of the literature. */
  const cautions = (x: string, y: string) => scalingRelations.filter((one) => one.x === x && one.y === y && one.caution).map(({ name, caution }) => ` ${name}: ${caution!.charAt(0).toLowerCase()}${caution!.slice(1)}`).join('');

  const combination = set.combinations[0] ?? null;
  const assumed = zero?.combinations[0];
  const alongCombination = combination && scatterOf({ ...set, sample: { ...sample, table: { ...sample.table, columns: [...sample.table.columns, { name: 'combination', unit: 'dex', description: null, values: combination.values }] } } }, 'combination', 'gradient', { relation: combination.relation, level: 0 });
  const combined: SamplePanel | null = combination && alongCombination && {
    ...alongCombination, xLabel: `log *M*_{★} ${combination.gammaScan < 0 ? '−' : '+'} ${Math.abs(combination.gammaScan).toFixed(2)} log *y*_{eff}`,
    words: [...alongCombination.words, ...(assumed && assumed.n !== combination.n ? [`HI zero: *γ* = ${assumed.gammaScan.toFixed(2).replace('-', '−')}, *r* = ${assumed.spearman.toFixed(2).replace('-', '−')}, *n* = ${assumed.n}`] : [])],
  } as SamplePanel;

  const figures: [name: string, title: string, paper: string, caption: string, panels: (SamplePanel | null)[], needs: readonly string[]][] = [
    ['mass-gradient', 'Metallicity gradient and stellar mass', 'Fig. 3', 'Gradient of O/H against stellar mass, per kpc and per effective radius; squares: medians and standard deviations in five bins of equally many galaxies.', [
      against('logMstar', 'gradientKpc', { classes: true, medians: massBins('gradientKpc') }), against('logMstar', 'gradient', { classes: true, medians: massBins('gradient') }),
    ], ['logMstar', 'gradient', 'gradientKpc']],
    ['mass-abundance-sfr', 'Mass, abundance and star formation', 'Fig. 1', `Integrated oxygen abundance and star formation rate against stellar mass. Curves: relations of the literature, dotted where a coefficient was not checked against its source.${cautions('logMstar', 'oh')}`, [
      scatterOf(set, 'logMstar', 'oh', { relation: scaling('logMstar', 'oh'), colour: 'logSfr', curves: [...referenceOf('massMetallicity'), ...literatureCurves(sample, 'logMstar', 'oh')], overlays }),
      scatterOf(set, 'logMstar', 'logSfr', { relation: scaling('logMstar', 'logSfr'), colour: 'gradient', curves: [...referenceOf('mainSequence'), ...literatureCurves(sample, 'logMstar', 'logSfr')], overlays }),
    ], ['logMstar', 'oh', 'logSfr']],
    ['inner-outer', 'Abundance of the inner and the outer regions', 'Fig. 4', 'Gradient against the residual of O/H inside and outside half an effective radius about the mass–metallicity relation of the sample.', [
      against('ohInnerResidual', 'gradient'), against('ohOuterResidual', 'gradient'),
    ], ['ohInner', 'ohOuter']],
    ['velocity-classes', 'Regular and irregular velocity fields', 'Fig. 5', 'Stellar masses, gradients, and gradients at fixed mass of galaxies with regular and irregular velocity fields; medians dotted. KS: exact probability, and q among all comparisons.', histogramsOf('velocityClass', ['logMstar', 'gradient', 'gradientResidual']), ['velocityClass']],
    ['star-formation-gradients', 'Gradients of star formation', 'Fig. 6', 'Gradient of O/H against those of the surface density of star formation and of the specific star formation rate.', [against('sfrGradient', 'gradient'), against('ssfrGradient', 'gradient')], ['sfrGradient', 'ssfrGradient']],
    ['baryonic-mass', 'Baryonic mass', 'Fig. 7', 'Gradient against the mass of stars and cold gas, as it is and at fixed stellar mass. Hollow: galaxies without a measured HI mass, which is taken as zero.', [against('logMbaryon', 'gradient'), against('logMbaryon', 'gradientResidual')], ['logMbaryon']],
    ['effective-yield', 'Effective yield', 'Fig. 8', `Effective yield against stellar and baryonic mass, and the gradient against the yield. Dotted: the yield of stellar populations, ${(10 ** logTrueYield).toFixed(4)} (Pilyugin, Thuan & Vílchez 2007).${cautions('logMbaryon', 'logYeff')}`, [
      scatterOf(set, 'logMstar', 'logYeff', { relation: scaling('logMstar', 'logYeff'), second: secondOf('logMstar', 'logYeff'), level: logTrueYield, assumed: zero ?? null, overlays }),
      scatterOf(set, 'logMbaryon', 'logYeff', { relation: scaling('logMbaryon', 'logYeff'), second: secondOf('logMbaryon', 'logYeff'), level: logTrueYield, assumed: zero ?? null, curves: literatureCurves(sample, 'logMbaryon', 'logYeff'), overlays }),
      against('logYeff', 'gradient', { upright: logTrueYield }), against('logYeff', 'gradientResidual', { upright: logTrueYield }),
    ], ['logYeff', 'logMbaryon']],
    ['potential', 'Depth of the potential and stellar profile', 'Fig. 9', 'Gradient against M★/R_e and against the gradient of the surface density of stars, as it is and at fixed stellar mass.', [
      against('potential', 'gradient'), against('potential', 'gradientResidual'), against('sigmaStarGradient', 'gradient'), against('sigmaStarGradient', 'gradientResidual'),
    ], ['potential', 'sigmaStarGradient']],
    ['environment', 'Environment', 'Fig. 10', 'Abundances, gradients, and gradients at fixed mass in different environments; medians dotted. KS: exact probability, and q among all comparisons.', histogramsOf('environment', ['oh', 'gradient', 'gradientResidual']), ['environment']],
    ['density', 'Density of neighbours', 'Fig. 11', 'Gradient against the projected density of neighbours.', [against('density', 'gradient')], ['density']],
    ['partial-correlations', 'What drives the gradient at fixed mass', 'Fig. 12', 'Partial rank correlations with the gradient at fixed stellar mass.', [bars], ['logMstar']],
    ['combination', 'The combination about which the gradient scatters least', 'Fig. 13', 'Gradient against the combination of stellar mass and effective yield about which it scatters least.', [combined], ['logYeff']],
  ];
  return figures.map(([name, title, paper, caption, panels, needs]): SampleFigure => {
    const drawn = panels.filter((panel) => panel !== null);
    return { name, title, paper, caption, scene: drawn.length ? sampleFigure({ title, panels: drawn }) : null, missing: needs.filter((column) => !valuesOf(sample, column) && !sample.table.columns.some((own) => own.name === column)) };
  });
}
