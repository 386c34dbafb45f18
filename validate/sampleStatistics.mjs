/** How often the intervals of a slope and of a correlation hold the truth, and how often each test cries wolf, for simulated samples of 55 galaxies. */

import { createRandom } from '../dist/numeric/index.js';
import {
  andersonDarling, bootstrapCorrelation, bootstrapLine, fitLine, kendall, ksTwoSample, lineWithScatterPosterior, mannWhitney, oneAndTwoSigma, partialSpearman, pearson, percentileInterval, spearman,
} from '../dist/stats/index.js';
import { number, table } from './markdown.mjs';
import { runAll } from './parallel.mjs';

/** A relation like that of the metallicity gradient and the stellar mass. */
export const sampleRelation = { size: 55, mean: 8.4, spread: 0.55, slope: -0.09, intercept: 0.73, scatter: 0.06, yError: 0.015, xError: 0.15 };

/** Samples that one process simulates at a time. */
const atOnce = 25;

/**
 * One sample.
 * @param {number} seed
 */
function drawSample(seed) {
  const { size, mean, spread, slope, intercept, scatter, yError, xError } = sampleRelation;
  const random = createRandom(seed, 'sample');
  const column = (make) => Float64Array.from({ length: size }, make);
  const x = column(() => mean + spread * random.normal());
  const y = column((_, i) => intercept + slope * x[i] + scatter * random.normal() + yError * random.normal());
  return { x, y, measuredX: column((_, i) => x[i] + xError * random.normal()), xError: column(() => xError), yError: column(() => yError) };
}

/** Pearson's, Spearman's and Kendall's correlation of the population, which is a binormal one. */
export function trueCorrelations() {
  const { spread, slope, scatter, yError } = sampleRelation;
  const r = slope * spread / Math.hypot(slope * spread, scatter, yError);
  return { pearson: r, spearman: 6 / Math.PI * Math.asin(r / 2), kendall: 2 / Math.PI * Math.asin(r) };
}

const inside = ([low, high], truth) => low <= truth && truth <= high;

/**
 * Which intervals of which estimate hold the truth, at one and two σ and at 95 %.
 * @param {{seeds: readonly number[], draws: number, steps: number}} item
 */
export function measureCoverage({ seeds, draws, steps }) {
  const truths = trueCorrelations();
  const levels = [...oneAndTwoSigma, 0.95];
  return seeds.map((seed) => {
    const { x, y, measuredX, xError, yError } = drawSample(seed);
    const { slope } = sampleRelation;
    /** @type {Record<string, boolean[]>} */
    const held = {};
    const line = bootstrapLine({ x, y, draws, levels, random: createRandom(seed, 'line') });
    held['slope, bootstrap: ± standard deviation'] = [1, 2, 1.96].map((times) => Math.abs(line.slope.value - slope) <= times * line.slope.error);
    for (const [key, name] of [['percentile', 'bootstrap: percentiles'], ['bca', 'bootstrap: BCa'], ['studentised', 'bootstrap: studentised'], ['hc3', "Student's t, HC3 error"], ['student', "Student's t, textbook error"]]) {
      held[`slope, ${name}`] = line.slope.intervals.map((interval) => inside(interval[key], slope));
    }
    const posterior = (name, points) => {
      const { slope: found, scatter } = lineWithScatterPosterior({ ...points, levels, steps, burnIn: Math.ceil(steps / 5), random: createRandom(seed, name) });
      held[`slope, ${name}`] = found.intervals.map(({ interval }) => inside(interval, slope));
      held[`scatter, ${name}`] = scatter.intervals.map(({ interval }) => inside(interval, sampleRelation.scatter));
    };
    posterior('posterior with scatter', { x, y, yError });
    posterior('posterior with scatter, errors in x, normal x', { x: measuredX, y, xError, yError, trueX: 'normal' });
    posterior('posterior with scatter, errors in x, flat x', { x: measuredX, y, xError, yError });
    for (const kind of /** @type {const} */ (['pearson', 'spearman', 'kendall'])) {
      const { r, error, draws: drawn, intervals } = bootstrapCorrelation({ x, y, kind, draws, levels, random: createRandom(seed, kind) });
      held[`${kind}, bootstrap: ± standard deviation`] = [1, 2, 1.96].map((times) => Math.abs(r - truths[kind]) <= times * error);
      held[`${kind}, bootstrap: percentiles`] = levels.map((level) => inside(percentileInterval(drawn, level), truths[kind]));
      held[`${kind}, bootstrap: BCa`] = intervals.map(({ bca }) => inside(bca, truths[kind]));
      held[`${kind}, Fisher's z`] = intervals.map(({ fisher }) => inside(fisher, truths[kind]));
    }
    return held;
  });
}

/**
 * The probabilities that the tests give samples without what they look for.
 * @param {{seeds: readonly number[]}} item
 */
export function measureNull({ seeds }) {
  const { size } = sampleRelation;
  const first = Math.round(0.6 * size);
  return seeds.map((seed) => {
    const random = createRandom(seed, 'null');
    const column = () => Float64Array.from({ length: size }, random.normal);
    const [x, y, z] = [column(), column(), column()];
    const both = (values) => values.map((value, i) => value + z[i]);
    const [a, b] = [x.subarray(0, first), x.subarray(first)];
    return {
      "Pearson's correlation": pearson(x, y).p, "Spearman's correlation": spearman(x, y).p, "Kendall's correlation": kendall(x, y).p,
      "Spearman's at fixed third property": partialSpearman(both(x), both(y), [z]).p, 'slope of a line': fitLine(x, y).p,
      'Kolmogorov–Smirnov, exact': ksTwoSample(a, b).p, 'Anderson–Darling': andersonDarling(a, b).p, 'Mann–Whitney': mannWhitney(a, b).p,
    };
  });
}

/**
 * @typedef {object} CoverageRow
 * @property {string} name estimate and interval
 * @property {number} oneSigma share of samples whose 68.27 % interval holds the truth [%]
 * @property {number} twoSigma the same at 95.45 % [%]
 * @property {number} ninetyFive the same at 95 % [%]
 */

/**
 * Coverage and false positives of many samples.
 * @param {{samples?: number, draws?: number, steps?: number, workers?: number, progress?: (done: number, count: number) => void}} [wanted] bootstrap draws and steps of the posterior a sample
 * @returns {Promise<{samples: number, size: number, coverage: CoverageRow[], falsePositives: {name: string, share: number}[]}>} shares in per cent
 */
export async function measureSampleStatistics({ samples = 4000, draws = 1000, steps = 500, workers, progress } = {}) {
  const chunks = Array.from({ length: Math.ceil(samples / atOnce) }, (_, c) => Array.from({ length: Math.min(atOnce, samples - c * atOnce) }, (__, k) => c * atOnce + k + 1));
  const module = new URL(import.meta.url);
  const held = (await runAll({ module, name: 'measureCoverage', items: chunks.map((seeds) => ({ seeds, draws, steps })), workers, progress })).flat();
  const probabilities = (await runAll({ module, name: 'measureNull', items: chunks.map((seeds) => ({ seeds })), workers })).flat();
  const percent = (flags) => 100 * flags.filter(Boolean).length / flags.length;
  return {
    samples, size: sampleRelation.size,
    coverage: Object.keys(held[0]).map((name) => {
      const [oneSigma, twoSigma, ninetyFive] = [0, 1, 2].map((level) => percent(held.map((sample) => sample[name][level])));
      return { name, oneSigma, twoSigma, ninetyFive };
    }),
    falsePositives: Object.keys(probabilities[0]).map((name) => ({ name, share: percent(probabilities.map((p) => p[name] < 0.05)) })),
  };
}

/** Intervals that are offered for use: they shall cover what they say. */
export const offered = [
  'slope, bootstrap: studentised', "slope, Student's t, HC3 error", 'slope, posterior with scatter', 'slope, posterior with scatter, errors in x, normal x', "pearson, Fisher's z", "spearman, Fisher's z", "kendall, Fisher's z",
];

/**
 * The targets and whether they are met.
 * @param {Awaited<ReturnType<typeof measureSampleStatistics>>} found
 * @returns {import('./report.mjs').Verdict[]}
 */
export function judgeSampleStatistics({ coverage, falsePositives }) {
  const row = (name) => coverage.find((some) => some.name === name);
  const range = (values) => `${number(Math.min(...values), 1)} to ${number(Math.max(...values), 1)} %`;
  const within = (name, values, middle, reach) => ({
    name, target: `${middle} ± ${reach} %`, found: values.length > 1 ? range(values) : `${number(values[0], 1)} %`, met: values.every((value) => Math.abs(value - middle) <= reach),
  });
  const [plain, percentiles, ranks] = ['slope, bootstrap: ± standard deviation', 'slope, bootstrap: percentiles', 'spearman, bootstrap: ± standard deviation'].map(row);
  const exact = falsePositives.find(({ name }) => name === 'Kolmogorov–Smirnov, exact');
  return [
    within('Intervals offered for samples of 55: coverage at 68.3 %', offered.map((name) => row(name).oneSigma), 68.3, 2.5),
    within('Intervals offered for samples of 55: coverage at 95.4 %', offered.map((name) => row(name).twoSigma), 95.4, 1),
    within('Plain bootstrap of a slope, ± standard deviation', [plain.oneSigma], 66.5, 3),
    within('Plain bootstrap of a slope, 16–84 percentiles', [percentiles.oneSigma], 65, 3),
    within('Plain bootstrap of a slope, 95 % interval', [percentiles.ninetyFive], 93, 2),
    within("Plain bootstrap of Spearman's correlation, ± standard deviation", [ranks.oneSigma], 71, 5),
    within('False positives at p < 0.05, all tests but the exact one of Kolmogorov and Smirnov', falsePositives.filter((some) => some !== exact).map(({ share }) => share), 5, 2),
    { name: 'False positives at p < 0.05, exact Kolmogorov–Smirnov', target: '2 to 5.5 %', found: `${number(exact.share, 1)} %`, met: exact.share >= 2 && exact.share <= 5.5 },
  ];
}

/** The section of the report. */
export function sampleStatisticsSection({ samples, size, coverage, falsePositives }) {
  const { slope, scatter, yError, xError } = sampleRelation;
  return `## Samples of ${size} galaxies

${samples} simulated samples with a slope of ${number(slope)}, a scatter of ${number(scatter)}, errors of ${number(yError, 3)} in y and, where said, ${number(xError)} in x. How often the intervals hold the truth [%]:

${table(['estimate and interval', '68.3 %', '95.4 %', '95 %', 'offered'], coverage.map(({ name, oneSigma, twoSigma, ninetyFive }) => [name, number(oneSigma, 1), number(twoSigma, 1), number(ninetyFive, 1), offered.includes(name) ? 'yes' : '']))}

How often a test gives p < 0.05 where there is nothing [%]:

${table(['test', 'false positives'], falsePositives.map(({ name, share }) => [name, number(share, 1)]))}
`;
}
