/** Simulated samples through everything that the room of samples does: γ, false discoveries, and the edges of a survey. */

import { createRandom } from '../dist/numeric/index.js';
import { measureRelations, neighbourDensity, readSample } from '../dist/sample/index.js';
import { makeTable } from '../dist/table/index.js';
import { number, table } from './markdown.mjs';
import { runAll } from './parallel.mjs';

const size = 55;
const truth = { gamma: 1.1, slope: -0.09, scatter: 0.06 };
/** Samples that one process simulates at a time. */
const atOnce = 10;

/** A sample of 55; without `obeys` the gradient has nothing to do with anything. */
function drawSample(seed, obeys) {
  const random = createRandom(seed, 'sample of galaxies', String(obeys));
  const column = (make) => Float64Array.from({ length: size }, (_, i) => make(i));
  const logMstar = column(() => 8.4 + 0.55 * random.normal());
  const logYeff = column(() => -2.6 + 0.3 * random.normal());
  const signal = (i) => (obeys ? 0.47 + truth.slope * (logMstar[i] + truth.gamma * logYeff[i]) : -0.02);
  const columns = {
    logMstar, logYeff, gradient: column((i) => signal(i) + truth.scatter * random.normal()), gradientError: column(() => 0.005), oh: logMstar.map((m) => 5.3 + 0.33 * m + 0.2 * random.normal()),
    logMhi: logMstar.map((m) => m - 0.3 + 0.4 * random.normal()), logSfr: logMstar.map((m) => 1.05 * m - 10.4 + 0.5 * random.normal()), effectiveRadius: column(() => 0.3 + 2 * random.uniform()),
    sfrGradient: column(() => -1 + 0.4 * random.normal()), ssfrGradient: column(() => 0.3 * random.normal()), sigmaStarGradient: column(() => -0.8 + 0.3 * random.normal()), density: column(() => random.normal()),
  };
  return readSample(makeTable([
    { name: 'object', unit: null, description: null, values: Array.from({ length: size }, (_, i) => `galaxy ${i}`) },
    { name: 'velocityClass', unit: null, description: null, values: Array.from({ length: size }, (_, i) => (i % 5 < 3 ? 'regular' : 'irregular')) },
    ...Object.entries(columns).map(([name, values]) => ({ name, unit: null, description: null, values })),
  ]), 'simulated');
}

/**
 * @param {{seeds: readonly number[], draws: number}} item
 */
export function measureSome({ seeds, draws }) {
  return seeds.map((seed) => {
    const { sets: [{ combinations: [found] }] } = measureRelations(drawSample(seed, true), { draws, subsets: [] });
    const { sets: [{ relations }], classes } = measureRelations(drawSample(seed, false), { draws: 20, subsets: [] });
    const tried = relations.filter(({ unit }) => unit === 'dex/Re');
    const [low, high] = found.gammaInterval;
    return {
      gamma: found.gamma, held: low <= truth.gamma && truth.gamma <= high, step: Math.abs(found.gammaScan - found.gamma) <= 0.00501,
      anyP: tried.some(({ p }) => p < 0.05), anyQ: tried.some(({ q }) => q < 0.05), classP: classes.some(({ ks }) => ks.p < 0.05), classQ: classes.some(({ q }) => q < 0.05),
    };
  });
}

/** Densities within a cap of 30° whose galaxies have neighbours beyond it: which change when these are not known, and which are flagged. */
function measureEdges() {
  const random = createRandom(1, 'edges');
  const all = Array.from({ length: 20_000 }, () => [360 * random.uniform(), (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI, 6000 * random.uniform()]);
  const catalogue = (rows, name) => ({ name, ra: rows.map(([ra]) => ra), dec: rows.map(([, dec]) => dec), velocity: rows.map(([, , v]) => v), velocityRange: [0, 6000] });
  const cap = all.filter(([, dec, v]) => dec > 60 && v > 500 && v < 5500);
  const galaxies = { ...catalogue(cap, 'galaxies'), distance: cap.map(([, , v]) => v / 70) };
  const whole = neighbourDensity(galaxies, catalogue(all, 'sphere'));
  const cut = neighbourDensity(galaxies, catalogue(all.filter(([, dec]) => dec > 60), 'cap'));
  const changed = cut.map(({ eta }, i) => eta !== whole[i].eta);
  const share = (which) => (100 * cut.filter(({ edge }, i) => which(i) && edge).length) / cut.filter((_, i) => which(i)).length;
  return { galaxies: cap.length, changed: changed.filter(Boolean).length, changedFlagged: share((i) => changed[i]), sameFlagged: share((i) => !changed[i]), wholeFlagged: (100 * whole.filter(({ edge }) => edge).length) / whole.length };
}

/**
 * γ and its interval, how often something is found where nothing is, and the flags of a survey's edge.
 * @param {{samples?: number, draws?: number, workers?: number, progress?: (done: number, count: number) => void}} [wanted]
 * @returns {Promise<{samples: number, gamma: {median: number, coverage: number, scanIsClosedForm: number}, nothing: {anyP: number, anyQ: number, classP: number, classQ: number},
 *   edges: {galaxies: number, changed: number, changedFlagged: number, sameFlagged: number, wholeFlagged: number}}>} shares in per cent
 */
export async function measureSamples({ samples = 1000, draws = 500, workers, progress } = {}) {
  const chunks = Array.from({ length: Math.ceil(samples / atOnce) }, (_, c) => Array.from({ length: Math.min(atOnce, samples - c * atOnce) }, (__, k) => c * atOnce + k + 1));
  const found = (await runAll({ module: new URL(import.meta.url), name: 'measureSome', items: chunks.map((seeds) => ({ seeds, draws })), workers, progress })).flat();
  const percent = (key) => (100 * found.filter((one) => one[key]).length) / found.length;
  const gammas = found.map(({ gamma }) => gamma).sort((a, b) => a - b);
  return {
    samples, gamma: { median: gammas[Math.floor(gammas.length / 2)], coverage: percent('held'), scanIsClosedForm: percent('step') },
    nothing: { anyP: percent('anyP'), anyQ: percent('anyQ'), classP: percent('classP'), classQ: percent('classQ') }, edges: measureEdges(),
  };
}

const percentText = (value) => `${number(value, 1)} %`;

/**
 * The targets and whether they are met.
 * @param {Awaited<ReturnType<typeof measureSamples>>} found
 * @returns {import('./report.mjs').Verdict[]}
 */
export function judgeSamples({ gamma, nothing, edges }) {
  return [
    { name: 'γ of the combination: coverage at 68.3 %', target: '68.3 ± 5 %', found: percentText(gamma.coverage), met: Math.abs(gamma.coverage - 68.3) <= 5 },
    { name: 'Something found among eleven properties where nothing is, q < 0.05', target: '≤ 7 %', found: percentText(nothing.anyQ), met: nothing.anyQ <= 7 },
    { name: 'Densities that the end of a survey changes: flagged', target: '≥ 95 %', found: percentText(edges.changedFlagged), met: edges.changedFlagged >= 95 },
    { name: 'Densities without an end of the survey: flagged', target: '≤ 1 %', found: percentText(edges.wholeFlagged), met: edges.wholeFlagged <= 1 },
  ];
}

/** The section of the report. */
export function samplesSection({ samples, gamma, nothing, edges }) {
  return `## Relations of simulated samples

${samples} samples of ${size} galaxies whose gradients follow log M* + ${truth.gamma} log y_eff: the median γ is ${number(gamma.median, 2)}, its 68.3 % interval holds the truth in ${percentText(gamma.coverage)}; the scan finds the closed form to its step in ${percentText(gamma.scanIsClosedForm)}.

As many samples whose gradients have nothing to do with anything, set against eleven properties [% of the samples in which something is found]:

${table(['', 'p < 0.05', 'q < 0.05'], [['relations', number(nothing.anyP, 1), number(nothing.anyQ, 1)], ['regular against irregular velocity fields', number(nothing.classP, 1), number(nothing.classQ, 1)]])}

${edges.galaxies} galaxies in a survey of a cap of the sky: the end of the survey changes the density of ${edges.changed}, of which ${percentText(edges.changedFlagged)} are flagged; of the others ${percentText(edges.sameFlagged)} are. Over the whole sky ${percentText(edges.wholeFlagged)} are.
`;
}
