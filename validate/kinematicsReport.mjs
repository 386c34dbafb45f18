/** Section of docs/validation.md about the classes of velocity fields. */

import { confusionTable, reliability } from './kinematics.mjs';
import { number, table } from './markdown.mjs';

/** Fields whose class is the true one, of those that have a class. */
const rightOf = (rows) => rows.filter((row) => row.class !== null && (row.class === 'regular') === row.regular).length;

/** The targets of the classes. */
export function judgeKinematics(rows) {
  const classed = rows.filter((row) => row.class !== null).length;
  const share = (100 * rightOf(rows)) / classed;
  return [{ name: 'Velocity fields, regular or irregular: the class is right', target: 'at least 95 %', found: `${number(share, 1)} % of ${classed}`, met: share >= 95 }];
}

/** The section of the report. */
export function kinematicsSection(rows) {
  const ratios = [[0, 5], [5, 10], [10, Infinity]];
  return `## Velocity fields

${rows.length} simulated fields (seeds ${rows[0].seed} to ${rows[rows.length - 1].seed}), half of them rotators with coherent streaming and warps, of 50 to 2000 scattered bins; velocity over error 2.5 to 40. What \`regularity\` calls them, and the mean probability of being regular:

${table(['field', 'number', 'regular', 'irregular', 'no class', 'mean probability'], confusionTable(rows).map(({ kind, count, regular, irregular, none, meanProbability }) => [kind, count, regular, irregular, none, number(meanProbability, 3)]))}

Share of right classes by velocity over error: ${ratios.map(([from, to]) => {
    const own = rows.filter(({ signal }) => signal >= from && signal < to);
    return `${to === Infinity ? `above ${from}` : `${from} to ${to}`} ${number((100 * rightOf(own)) / own.length, 1)} % of ${own.length}`;
  }).join('; ')}.

Whether the probability is what it says:

${table(['probability', 'fields', 'mean probability', 'truly regular'], reliability(rows).map(({ from, to, count, meanProbability, regular }) => [`${number(from, 1)} to ${number(to, 1)}`, count, number(meanProbability, 3), number(regular, 3)]))}

These classes lie apart by construction; real fields in between will have probabilities that are too sure of themselves.`;
}
