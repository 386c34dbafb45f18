import { inclination } from '../disk/index.js';
import { trueOxygenYield } from '../evolution/index.js';
import { createRandom } from '../numeric/index.js';
import { completeRows, explainedScatter, fitLine, mean, median, minimumScatterCombination, partialSpearman, spearman, standardDeviation } from '../stats/index.js';
import { deriveProperties } from './derive.js';
import { countBelowYield } from './relations.js';
import { withResiduals } from './residuals.js';
import { propertyColumn, valuesOf, withColumns, type Sample } from './sample.js';

/** Numbers by key, e.g. 'hiZero/logMbaryon/gradient/slope'. */
export type Numbers = Readonly<Record<string, number>>;

const pairs = [
  ...['logMstar', 'logMbaryon', 'logYeff', 'potential'].flatMap((x) => [[x, 'gradient'], [x, 'gradientKpc']]),
  ['logMstar', 'logYeff'], ['logMbaryon', 'logYeff'], ['logYeff', 'gradientResidual'], ['logMbaryon', 'gradientResidual'], ['ohResidual', 'gradient'],
] as const;

/** γ as printed, at which the combination is computed too. */
const printedGamma = 1.15;
/** What the paper takes for the measurement error of a gradient [dex/Re]. */
const printedError = 0.006;

/** Every number of Li et al. (2025) that follows from Table A.1 without chance, under both assumptions on missing HI. */
export function reproductionNumbers(sample: Sample): Numbers {
  const found: Record<string, number> = {};
  for (const assumption of ['asMeasured', 'hiZero'] as const) {
    const derived = withResiduals(deriveProperties(sample, { assumption }));
    const of = (name: string): Float64Array => valuesOf(derived, name)!;
    const put = (key: string, x: Float64Array, y: Float64Array): void => {
      const { columns: [a, b] } = completeRows(x, y);
      const line = fitLine(a!, b!);
      const rank = spearman(a!, b!);
      Object.assign(found, {
        [`${key}/n`]: a!.length, [`${key}/slope`]: line.slope, [`${key}/intercept`]: line.intercept, [`${key}/r`]: rank.r, [`${key}/p`]: rank.p,
        [`${key}/scatter`]: line.residualStd * Math.sqrt((a!.length - 2) / a!.length),
      });
    };
    for (const [x, y] of pairs) put(`${assumption}/${x!}/${y!}`, of(x!), of(y!));
    for (const x of ['logYeff', 'logMgas', 'potential']) {
      const { columns: [a, b, c] } = completeRows(of(x), of('gradient'), of('logMstar'));
      found[`${assumption}/partial/${x}`] = partialSpearman(a!, b!, [c!]).r;
    }
    const { below } = countBelowYield(derived, trueOxygenYield.value);
    found[`${assumption}/belowTrueYield`] = below;
    if (assumption === 'asMeasured') Object.assign(found, combinations(derived, put), singles(derived));
  }
  const { scatter: before } = pick(found, 'withHi/logMstar/gradient');
  const { scatter: after } = pick(found, 'combined/printed');
  found['explained'] = explainedScatter(before!, after!, printedError);
  return found;
}

const pick = (found: Readonly<Record<string, number>>, key: string) => ({ scatter: found[`${key}/scatter`] });

function combinations(derived: Sample, put: (key: string, x: Float64Array, y: Float64Array) => void): Record<string, number> {
  const [mass, given, computed, hi, gradient] = ['logMstar', 'logYeff', 'logYeffComputed', 'logMhi', 'gradient'].map((name) => valuesOf(derived, name)!);
  put('withHi/logMstar/gradient', mass!.map((value, i) => (Number.isNaN(hi![i]!) ? NaN : value)), gradient!);
  put('combined/printed', mass!.map((value, i) => value + printedGamma * given![i]!), gradient!);
  put('combined/printedComputed', mass!.map((value, i) => value + printedGamma * computed![i]!), gradient!);
  const gammas = [['given', given], ['computed', computed]] as const;
  return Object.fromEntries(gammas.flatMap(([name, extra]) => {
    const { columns: [x, z, y] } = completeRows(mass!, extra!, gradient!);
    const { gamma, gammaScan, combined } = minimumScatterCombination({ x: x!, extra: z!, y: y!, random: createRandom(1, 'not used'), draws: 1 });
    return [[`gamma/${name}/closed`, gamma], [`gamma/${name}/scan`, gammaScan], [`gamma/${name}/scatter`, combined.scatter], [`gamma/${name}/r`, combined.spearman]];
  }));
}

function singles(derived: Sample): Record<string, number> {
  const of = (name: string): Float64Array => valuesOf(derived, name)!;
  const [gradient, error, perKpcError] = [of('gradient'), of('gradientError'), of('gradientKpcError')];
  const yields = yieldDifferences(derived).map(({ difference }) => difference);
  const above = (sigmas: number) => gradient.filter((value, i) => value > sigmas * error[i]!).length;
  return {
    'median/logMstar': median(of('logMstar')), 'median/gradient': median(gradient), 'median/gradientKpc': median(of('gradientKpc')), 'std/gradient': standardDeviation(gradient), 'std/gradientKpc': standardDeviation(of('gradientKpc')),
    'medianError/gradient': median(error), 'medianError/gradientKpc': median(perKpcError), 'meanError/gradient': mean(error), 'meanError/gradientKpc': mean(perKpcError),
    'positive/1': above(1), 'positive/0': above(0), 'positive/2': above(2), 'positive/3': above(3),
    'yeff/within': yields.filter((value) => Math.abs(value) <= yieldTolerance).length, 'yeff/of': yields.length, 'yeff/median': median(yields),
  };
}

/** Differences beyond this [dex] are more than the rounding of Table A.1 can make. */
export const yieldTolerance = 0.0125;

/** Computed less published effective yield [dex], for the galaxies that have both. */
export function yieldDifferences(sample: Sample): { readonly object: string; readonly difference: number }[] {
  const derived = deriveProperties(sample);
  const [given, computed] = [valuesOf(derived, 'logYeff')!, valuesOf(derived, 'logYeffComputed')!];
  const objects = derived.table.columns.find(({ name }) => name === 'object')!.values as readonly string[];
  return objects.flatMap((object, i) => (Number.isNaN(given[i]!) || Number.isNaN(computed[i]!) ? [] : [{ object, difference: computed[i]! - given[i]! }]));
}

/** How many galaxies have the inclination of a disc of thickness 0.2, how many of the others that of a thin disc, and which have neither (all within 1°). */
export function inclinationsExplained(sample: Sample): { readonly thick: number; readonly thin: number; readonly neither: readonly string[] } {
  const [ellipticity, printed] = [valuesOf(sample, 'ellipticity')!, valuesOf(sample, 'inclination')!];
  const objects = sample.table.columns.find(({ name }) => name === 'object')!.values as readonly string[];
  const close = (i: number, thickness: number) => Math.abs(inclination(ellipticity[i]!, thickness) - printed[i]!) <= 1;
  const others = objects.map((_, i) => i).filter((i) => !close(i, 0.2));
  return { thick: objects.length - others.length, thin: others.filter((i) => close(i, 0)).length, neither: others.filter((i) => !close(i, 0)).map((i) => objects[i]!) };
}

/** Half of the last printed digit of each column of Table A.1. */
const rounding: Readonly<Record<string, number>> = { effectiveRadius: 0.005, logMstar: 0.005, logMhi: 0.005, logYeff: 0.005, logSfr: 0.005, oh: 0.005, gradient: 0.0005, gradientError: 0.0005 };

/** Tables drawn to see what rounding does. */
export const roundingDraws = 100;

/** How far each number may be from its value because Table A.1 is rounded: the largest change over many tables whose numbers are spread evenly over what rounds to the printed ones. */
export function roundingReach(sample: Sample, draws = roundingDraws): Numbers {
  const centre = reproductionNumbers(sample);
  const reach: Record<string, number> = Object.fromEntries(Object.keys(centre).map((key) => [key, 0]));
  const random = createRandom(1, 'rounding of Table A.1');
  for (let draw = 0; draw < draws; draw++) {
    const moved = Object.entries(rounding).map(([name, half]) => propertyColumn(name, valuesOf(sample, name)!.map((value) => value + half * (2 * random.uniform() - 1))));
    const numbers = reproductionNumbers(withColumns(sample, moved));
    for (const key of Object.keys(reach)) reach[key] = Math.max(reach[key]!, Math.abs(numbers[key]! - centre[key]!));
  }
  return reach;
}
