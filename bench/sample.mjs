/** The relations of the published sample, of a large simulated one, and the neighbours of its galaxies. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../dist/numeric/index.js';
import { li2025, measureRelations, neighbourDensity, readSample, relationsJson, reproduceLi2025 } from '../dist/sample/index.js';
import { makeTable, toEcsv } from '../dist/table/index.js';
import { bench, inTurns, runNode, timed } from './harness.mjs';

/** A sample like the published one: gradients that fall with mass and yield, every seventh galaxy without HI, two classes of velocity fields. */
export function simulateSample(size, seed = 1) {
  const random = createRandom(seed, 'sample', size);
  const column = (make) => Float64Array.from({ length: size }, (_, i) => make(i));
  const logMstar = column(() => 8.4 + 0.55 * random.normal());
  const oh = logMstar.map((m) => 5.3 + 0.33 * m + 0.2 * random.normal());
  const logSfr = logMstar.map((m) => 1.05 * m - 10.4 + 0.5 * random.normal());
  const columns = {
    ra: column(() => 360 * random.uniform()), dec: column(() => (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI), redshift: column(() => 0.01 * random.uniform()),
    logMstar, logMhi: logMstar.map((m, i) => (i % 7 ? m - 0.3 + 0.4 * random.normal() : NaN)), logSfr, oh, effectiveRadius: column(() => 0.3 + 2 * random.uniform()),
    gradient: logMstar.map((m, i) => 0.73 - 0.09 * m - 0.1 * (oh[i] - 8.1) + 0.06 * random.normal()), gradientError: column(() => 0.005 + 0.02 * random.uniform()),
    sfrGradient: column(() => -1 + 0.4 * random.normal()), ssfrGradient: column(() => 0.3 * random.normal()), sigmaStarGradient: column(() => -0.8 + 0.3 * random.normal()), density: column(() => random.normal()),
  };
  const named = (name, values) => ({ name, unit: null, description: null, values });
  return readSample(makeTable([
    named('object', Array.from({ length: size }, (_, i) => `galaxy ${i}`)), named('velocityClass', Array.from({ length: size }, (_, i) => (i % 5 < 3 ? 'regular' : 'irregular'))),
    ...Object.entries(columns).map(([name, values]) => named(name, values)),
  ]), 'simulated');
}

export async function samples({ folder, quick }) {
  const rows = [];
  const alone = async (what, work, note, repeats = quick ? 1 : 3) => rows.push({ what, rounds: await inTurns(repeats, work, null), note: typeof note === 'string' ? note : note() });

  await alone('relations of the 55 published galaxies', () => timed(() => relationsJson(measureRelations(li2025))), '1000 bootstraps of each of 50 relations and partial correlations, both assumptions on missing HI, intervals, robust fits, fits with scatter, posteriors');
  await alone('every number of Li et al. (2025) beside ours', () => timed(() => reproduceLi2025()), '4000 bootstraps; what the rounding of the table can do, from 100 tables', quick ? 1 : 2);

  const seconds = [];
  const sizes = quick ? [1000, 2000] : [2500, 5000, 10_000];
  for (const size of sizes) {
    const [table, out] = [`${size}.ecsv`, `relations-${size}`].map((name) => join(folder, name));
    writeFileSync(table, toEcsv(simulateSample(size).table));
    // As a user runs it: reading, figures and report included.
    const run = await runNode([join(bench, '..', 'bin', 'zgrad.js'), 'relations', table, '--out', out, '--quiet'], join(folder, `relations-${size}-peak`));
    rows.push({ what: `zgrad relations of ${size} galaxies`, rounds: { ours: [run], peer: null }, note: `1000 bootstraps, eleven properties, two assumptions, a subset, ten figures; ${availableParallelism()} workers; once` });
    seconds.push(run.seconds);
  }
  const growth = Math.log(seconds.at(-1) / seconds[0]) / Math.log(sizes.at(-1) / sizes[0]);
  rows.at(-1).note += `; time grows as N^${growth.toFixed(2)} from ${sizes[0]} galaxies on`;

  const size = quick ? 5000 : 50_000;
  const random = createRandom(1, 'sky');
  const column = (make) => Float64Array.from({ length: size }, make);
  const catalogue = { name: 'sky', ra: column(() => 360 * random.uniform()), dec: column(() => (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI), velocity: column(() => 15_000 * random.uniform()) };
  const distance = catalogue.velocity.map((v) => v / 70);
  rows.push({
    what: `neighbour densities of ${size} galaxies`, rounds: await inTurns(quick ? 1 : 3, () => timed(() => neighbourDensity({ ...catalogue, distance }, catalogue)), null), amount: size, unit: 'galaxies/s',
    note: 'fifth neighbour within 500 km/s of 15 000, among themselves, edges flagged',
  });
  return rows;
}
