/** Statistics of samples of galaxies: Spearman's correlation with its bootstrap beside scipy's ranks, and everything for 1000 and 10 000 galaxies. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../dist/numeric/index.js';
import {
  andersonDarling, benjaminiYekutieli, bootstrapCorrelation, bootstrapLine, equalCountBins, fitLineOrthogonal, fitLineTrimmed, fitLineWeighted, fitTheilSen, ksTwoSample, lineWithScatterPosterior, mannWhitney,
  minimumScatterCombination,
} from '../dist/stats/index.js';
import { inTurns, startPeer, timed } from './harness.mjs';

/** Two properties and what depends on both, with errors. */
function simulate(galaxies) {
  const random = createRandom(1, 'sample', galaxies);
  const column = (make) => Float64Array.from({ length: galaxies }, make);
  const x = column(() => 8.5 + 0.6 * random.normal());
  const z = x.map((value) => 0.3 * value + random.normal());
  return { x, z, y: x.map((value, i) => 0.7 - 0.09 * value - 0.03 * z[i] + 0.06 * random.normal()), xError: column(() => 0.1), yError: column(() => 0.01 + 0.03 * random.uniform()) };
}

/** Every statistic of a sample, each with 1000 bootstraps where it has one. */
function everything({ x, y, z, xError, yError }) {
  const random = createRandom(1, 'bootstrap');
  const half = x.length / 2;
  const [a, b] = [y.subarray(0, half), y.subarray(half)];
  const correlations = /** @type {const} */ (['pearson', 'spearman', 'kendall']).map((kind) => bootstrapCorrelation({ x, y, kind, random }));
  const partial = /** @type {const} */ (['pearson', 'spearman']).map((kind) => bootstrapCorrelation({ x: z, y, kind, controls: [x], random }));
  return {
    correlations, partial, line: bootstrapLine({ x, y, random }), weighted: fitLineWeighted(x, y, yError), orthogonal: fitLineOrthogonal(x, y), robust: fitTheilSen(x, y), trimmed: fitLineTrimmed({ x, y, random }),
    posterior: lineWithScatterPosterior({ x, y, xError, yError, trueX: 'normal', random }), tests: [ksTwoSample(a, b), andersonDarling(a, b), mannWhitney(a, b)], bins: equalCountBins(x, y, 5),
    combination: minimumScatterCombination({ x, extra: z, y, random }), discoveries: benjaminiYekutieli([...correlations, ...partial].map(({ p }) => p)),
  };
}

export async function statistics({ folder, peers, quick }) {
  const rows = [];
  const repeats = quick ? 3 : 7;
  const { x, y } = simulate(2000);
  writeFileSync(join(folder, 'sample.f64'), Float64Array.from([...x, ...y]));
  const peer = peers.scipy ? startPeer('stats.py', join(folder, 'sample.f64')) : null;
  const random = createRandom(1, 'spearman');
  const rounds = await inTurns(repeats, () => timed(() => bootstrapCorrelation({ x, y, random })), peer && (() => peer.ask('spearman')));
  await peer?.close();
  rows.push({
    what: 'Spearman and 1000 bootstraps, 2000 galaxies', rounds, peer: 'scipy',
    note: `error of the correlation ${rounds.ours[0].answer.error.toPrecision(3)}${rounds.peer ? `, scipy's ranks ${rounds.peer[0].error.toPrecision(3)}` : ''}, each of which chance moves by 2 to 3 %; ours with BCa intervals besides`,
  });
  const seconds = {};
  for (const galaxies of quick ? [1000] : [1000, 10_000]) {
    const sample = simulate(galaxies);
    const all = await inTurns(quick ? 1 : 3, () => timed(() => everything(sample)), null);
    seconds[galaxies] = Math.min(...all.ours.map((round) => round.seconds));
    rows.push({
      what: `all statistics, ${galaxies} galaxies`, rounds: all, peer: null,
      note: `1000 bootstraps, 1200 steps of 32 walkers${galaxies > 1000 ? `; ${(seconds[galaxies] / seconds[1000]).toFixed(1)} times as long as 1000 galaxies, N log N being 13.3` : ''}`,
    });
  }
  return rows;
}
