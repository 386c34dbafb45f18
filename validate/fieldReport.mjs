/** Sections of docs/validation.md about the way from a raw field to bins and geometry, and about runs that are killed. */

import { scatterLimit } from './binning.mjs';
import { number, table, withError } from './markdown.mjs';

/** Rows whose bins hold so many spaxels that the grid does not decide their S/N. */
const largeBins = ({ area, bins }) => area >= 10 && bins >= 2;

const parameterNames = { ellipticity: 'ellipticity', angle: 'position angle', x: 'centre, x', y: 'centre, y', effectiveRadius: 'effective radius' };

/** What chance alone does to a width of that many pulls. */
const widthChance = (width, count) => width / Math.sqrt(2 * count);

/** The targets of binning, geometry and resuming. */
export function judgeField({ binning, geometry, kills }) {
  const power = binning.filter((row) => row.method === 'power' && largeBins(row));
  const scatter = Math.max(...power.map((row) => row.scatter));
  const broken = binning.filter(({ method }) => method === 'power' || method === 'accretion').reduce((sum, row) => sum + row.broken, 0);
  return [
    { name: 'Bins, power diagram: scatter of S/N over target', target: `at most ${scatterLimit}`, found: `${number(scatter, 3)} at worst`, met: scatter <= scatterLimit },
    { name: 'Bins in pieces after accretion and in power diagrams', target: 'none', found: number(broken, 0), met: broken === 0 },
    ...geometry.table.map(({ parameter, width }) => ({
      name: `Geometry, ${parameterNames[parameter]}: width of the pulls`, target: '0.8 to 1.3', found: withError(width, widthChance(width, geometry.good)), met: width >= 0.8 && width <= 1.3,
    })),
    {
      name: 'Geometry wrong by more than five errors and not flagged', target: 'none', found: number(Math.max(...geometry.table.map(({ beyondFive }) => beyondFive)), 0),
      met: geometry.table.every(({ beyondFive }) => beyondFive === 0),
    },
    { name: 'Killed runs, resumed: products that differ from those of an undisturbed run', target: 'none', found: `${kills.different.length} after ${kills.kills} kills`, met: kills.different.length === 0 },
  ];
}

function binningSection(rows) {
  const methods = [...new Set(rows.map(({ method }) => method))];
  const places = rows.filter(({ method }) => method === methods[0]);
  return `## Adaptive bins

Exponential discs of scale length 15 spaxels and central S/N 5, five seeds each. *bins*: those of more than one spaxel; *area*: their mean number of spaxels; S/N and its
scatter (standard deviation) are over the target. Single spaxels that reach the target alone are left out.

${table(
    ['inclination', 'target', `area (${methods[0]})`, ...methods.map((method) => `${method}: bins, mean S/N ± scatter`)],
    places.map((place) => [`${place.inclination}°`, place.target, number(place.area, 0), ...methods.map((method) => {
      const row = rows.find((one) => one.inclination === place.inclination && one.target === place.target && one.method === method);
      return `${number(row.bins, 1)}, ${withError(row.mean, row.scatter, 3)}${row.broken > 0 ? ` (${number(row.broken, 1)} in pieces)` : ''}`;
    })]),
  )}`;
}

function geometrySection({ count, good, failed, flagged, table: pulls, rows }) {
  const flags = new Map();
  for (const { status } of rows) for (const [flag, up] of Object.entries(status ?? {})) if (up === true) flags.set(flag, (flags.get(flag) ?? 0) + 1);
  return `## Geometry from isophotes

${count} simulated galaxies (seeds ${rows[0].seed} to ${rows[rows.length - 1].seed}): thick discs of inclination 20° to 80°, up to 25 clumps along the disc, bars in two of five, a bright star beside in half of them (every other of those masked),
seeing, noise that is correlated in half of them. The truth is that of the disc; the images are painted apart from what measures them. ${good} were measured without a flag and count below; ${flagged} were flagged, ${failed} gave no
isophotal geometry.

${table(
    ['', 'mean pull', 'median pull', 'width', 'median error', 'beyond five errors'],
    pulls.map(({ parameter, mean, median, width, error, beyondFive }) => [
      parameterNames[parameter], withError(mean, width / Math.sqrt(good)), number(median), withError(width, widthChance(width, good)), number(error, 3), beyondFive,
    ]),
  )}

Errors of ellipticity, of the centre [pixels] and of R_e (as a share) are as they stand, of the position angle in degrees. Flags raised (a galaxy may have several): ${[...flags].map(([flag, times]) => `${flag} ${times}`).join(', ') || 'none'}.`;
}

function killSection({ kills, runs, rows, different }) {
  return `## Runs that are killed

A small galaxy measured with stars, adaptive bins and two workers in every other chain; ${kills} times SIGKILL at a random moment, seeded, up to three times on the way to one finished run; then resumed. The products of the ${runs} finished runs
are compared byte for byte with those of an undisturbed one: ${different.length === 0 ? 'all the same' : `different: ${different.join(', ')}`}.

${table(['killed in', 'times'], rows.map(({ stage, kills: times }) => [stage, times]))}`;
}

/** The sections, in the order in which a field is measured. */
export const fieldSections = ({ binning, geometry, kills }) => [binningSection(binning), geometrySection(geometry), killSection(kills)].join('\n\n');
