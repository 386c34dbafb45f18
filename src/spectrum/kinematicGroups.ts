import { densityDoublets, fixedDoublets, lineByName, type LineName } from '../nebula/index.js';
import type { Design } from './design.js';
import type { TiedFit } from './tiedFit.js';

/**
 * Which lines share velocity and dispersion: all; those of hydrogen and helium on the one side and the forbidden ones on the
 * other; or each line its own, the lines of a doublet together.
 */
export type KinematicTie = 'all' | 'balmer-forbidden' | 'each';

/** The lines of one ion and term, close enough to blend: they share their kinematics in any case. */
const together: readonly (readonly [LineName, LineName])[] = [
  ...fixedDoublets.map(({ strong, weak }) => [strong, weak] as const),
  ...densityDoublets.map(({ numerator, denominator }) => [numerator, denominator] as const),
  ['OII7320', 'OII7330'],
];

/** The number of each line's group of kinematics, counted from 0. */
export function groupLines(lines: readonly LineName[], tie: KinematicTie): Int32Array {
  const keys = lines.map((name) => {
    if (tie === 'all') return '';
    if (tie === 'balmer-forbidden') return lineByName(name).ion.startsWith('[') ? 'forbidden' : 'permitted';
    return together.find((pair) => pair.includes(name))?.[0] ?? name;
  });
  // Numbered by name, so that the order of the lines changes nothing.
  const distinct = [...new Set(keys)].toSorted();
  return Int32Array.from(keys, (key) => distinct.indexOf(key));
}

/**
 * Which groups are bright enough for kinematics of their own, after a fit with all lines tied: a set for each of them, the other
 * groups in the set of the brightest.
 * @param least S/N of a group's lines together
 */
export function detectGroups(
  designs: readonly Design[], tied: TiedFit, groupOf: Int32Array, groups: number, least: number,
): { readonly setOf: Int32Array; readonly count: number; readonly brightest: number; readonly detected: readonly boolean[] } {
  const power = new Float64Array(groups);
  designs.forEach((_, w) => {
    const { values } = tied.solution(w);
    for (const { line, column } of tied.profiles(w)) {
      // Each amplitude counts once, by the strong line of its doublet.
      if (line.share === 1 && values[column]! > 0) power[groupOf[line.index]!]! += values[column]! ** 2 / tied.heldCovariance(w, column, column);
    }
  });
  const strongest = power.indexOf(Math.max(...power));
  const detected = Array.from(power, (one, group) => group === strongest || one >= least * least);
  const setOfGroup = new Int32Array(groups);
  let count = 0;
  for (let group = 0; group < groups; group++) if (detected[group]) setOfGroup[group] = count++;
  for (let group = 0; group < groups; group++) if (!detected[group]) setOfGroup[group] = setOfGroup[strongest]!;
  return { setOf: Int32Array.from(groupOf, (group) => setOfGroup[group]!), count, brightest: setOfGroup[strongest]!, detected };
}
