/** Sections of docs/validation.md about spectra: recovery curves of lines, of stars, and what the library of stars decides. */

import { libraryTables } from './libraries.mjs';
import { number, table, withError } from './markdown.mjs';

/** S/N from which a quantity is to be right. */
const from = { fixed: 3, free: 10, velocity: 5, dispersion: 20 };

/** Points that a target is about, as [setting, S/N, statistics]. */
const pointsOf = (rows, of, free, least) => rows.filter((row) => row.free === free && row.signal >= least && row[of]).map((row) => ({ row, found: row[of] }));

function widthVerdict(rows, name, of, free, least) {
  const points = pointsOf(rows, of, free, least);
  const widths = points.map(({ found }) => found.width);
  // Chance: two standard errors of a width of that many mocks.
  const slack = 2 * Math.max(...points.map(({ found }) => found.widthError));
  const [low, high] = [Math.min(...widths), Math.max(...widths)];
  return { name: `${name}: width of the pulls, S/N ≥ ${least}`, target: '0.9 to 1.1', found: `${number(low)} to ${number(high)} (${points.length} points, chance ± ${number(slack / 2)})`, met: low >= 0.9 - slack && high <= 1.1 + slack };
}

function medianVerdict(rows, name, of, free, least) {
  const points = pointsOf(rows, of, free, least);
  const worst = points.reduce((a, b) => (Math.abs(b.found.median) > Math.abs(a.found.median) ? b : a));
  return { name: `${name}: median pull, S/N ≥ ${least}`, target: 'within 0.1', found: `${number(worst.found.median)} at worst (${worst.row.setting}, S/N ${worst.row.signal})`, met: Math.abs(worst.found.median) < 0.1 + 2 * worst.found.medianError };
}

/** The targets of the recovery curves. */
export function judgeSpectra({ recovery, stellar }) {
  return [
    widthVerdict(recovery, 'Recovery, fluxes, fixed kinematics', 'flux', false, from.fixed),
    medianVerdict(recovery, 'Recovery, fluxes, fixed kinematics', 'flux', false, from.fixed),
    widthVerdict(recovery, 'Recovery, fluxes, free kinematics', 'flux', true, from.free),
    medianVerdict(recovery, 'Recovery, fluxes, free kinematics', 'flux', true, from.free),
    widthVerdict(recovery, 'Recovery, velocities', 'velocity', true, from.velocity),
    widthVerdict(recovery, 'Recovery, dispersions', 'dispersion', true, from.dispersion),
    ...['velocity', 'sigma'].map((of) => {
      const points = stellar.filter(({ known, library }) => known || library === 'emiles').flatMap((group) => group.points.filter(({ signal }) => signal > 15).map((point) => ({ group, point })));
      const worst = points.reduce((a, b) => (Math.abs(b.point[of].mean) > Math.abs(a.point[of].mean) ? b : a));
      const { mean, meanError } = worst.point[of];
      return {
        name: `Stars, ${of === 'velocity' ? 'V' : 'σ'}: mean pull, S/N > 15 per pixel`, target: 'within 0.05 of the error',
        found: `${withError(mean, meanError, 3)} at worst (${worst.group.library}, σ ${worst.group.sigma} km/s, S/N ${worst.point.signal})`, met: Math.abs(mean) < 0.05 + 2 * meanError,
      };
    }),
  ];
}

const pull = (found) => (found ? `${number(found.median)}, ${number(found.width)}` : '–');

function recoverySection(rows) {
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  return `## Recovery of one line

${rows[0].count} mocks a point (seed 1): a Gaussian on MUSE's pixels with MUSE's line-spread function in white noise, at eleven places within two pixels. S/N is the true flux over the error of a Gaussian
of known place and width. *Bias* is the median of measured/true − 1 where the line was found; *plain* that of a plain fit of non-negative width. Pulls: median, width.

![Bias of fluxes and widths of pulls against S/N](img/recovery.png)

${settings.map((setting) => {
    const own = rows.filter((row) => row.setting === setting);
    const plain = own.some((row) => row.plain);
    return `${setting}:

${table(
      ['S/N', ...(own[0].free ? ['found'] : []), 'bias of the flux [%]', ...(plain ? ['plain [%]'] : []), 'pull of the flux', ...(own[0].free ? ['of the velocity', 'of the dispersion', 'at σ = 0'] : []), ...(own.some((row) => row.ew) ? ['of the EW'] : [])],
      own.map((row) => [
        row.signal, ...(row.free ? [`${number(100 * row.found, 0)} %`] : []), row.bias ? number(100 * row.bias.median, 1) : '–', ...(plain ? [row.plain ? number(100 * row.plain.median, 1) : '–'] : []),
        pull(row.flux), ...(row.free ? [pull(row.velocity), pull(row.dispersion), `${number(100 * row.zero, 0)} %`] : []), ...(own.some((one) => one.ew) ? [pull(row.ew)] : []),
      ]),
    )}`;
  }).join('\n\n')}

A plain fit whose width stops at zero makes half of the narrow lines too wide and their fluxes too large. Here the squared dispersion goes on below zero (0 is reported), and what least
squares gains by choosing velocity and width to suit the noise is taken off the flux. Below the limits named above the errors of free fits are too small where the line alone decides
its place and width; at fixed kinematics (those of brighter lines) they hold from S/N 3. Dispersions below a third of the instrument's need more.`;
}

const of = ({ mean, meanError }, digits = 2) => withError(mean, meanError, digits);

function stellarSection({ stellar, sharper, populations, bootstraps }) {
  const kindOf = ({ library, known, options }) => `${library}${known ? ', the mock\'s own populations' : ''}${options?.additive ? ', additive degree 8' : ''}`;
  return `## Stars

Mocks are built apart from the fit: library spectra at their native sampling, broadened by direct summation, by MUSE's line-spread function, averaged over 1.25 Å pixels (4750–7200 Å), with
white noise. Each noise is used with both signs (${stellar[0].pairs} pairs a point), which takes most of the chance out of the means. Pulls: mean ± chance; σ = 25 km/s is half the instrument's.

${table(['library', 'σ [km/s]', 'S/N per pixel', 'pull of V', 'pull of σ', 'σ − true [km/s]', 'error of V', 'error of σ', 'at σ = 0'], stellar.flatMap((group) => group.points.map((point) => [
    kindOf(group), group.sigma, point.signal, of(point.velocity), of(point.sigma), of(point.sigmaOff, 1), number(point.velocityError, 1), number(point.sigmaError, 1), `${number(100 * point.zero, 0)} %`,
  ])))}

Widths of the pulls, S/N ≥ 20 together:

${table(['library', 'σ [km/s]', 'V', 'σ', 'model under Hβ over its 1σ'], stellar.map((group) => [
    kindOf(group), group.sigma, ...['velocity', 'sigma', 'model'].map((name) => withError(group.widths[name].width, group.widths[name].widthError)),
  ]))}

Data sharper than the templates (spectra of FWHM 2.5 Å fitted with a library of 3.2 Å):

${table(['σ [km/s]', 'S/N', 'σ − true [km/s]', 'pull of σ', 'error of σ'], sharper.map((row) => [row.sigma, row.signal, of(row.offset, 1), of(row.pull), number(row.error, 1)]))}

Light-weighted means of composites of two or three populations, S/N 40 per pixel, measured − true:

${table(['library', 'fit', 'log age: bias', 'scatter', '[M/H]: bias', 'scatter'], populations.map((row) => [row.library, row.kind, of(row.age, 3), number(row.age.width), of(row.metallicity, 3), number(row.metallicity.width)]))}

A wild bootstrap of ${bootstraps[0].draws} draws beside the scatter of ${bootstraps[0].count} noises of one galaxy:

${table(['library', 'quantity', 'scatter', 'formal error', 'bootstrap'], bootstraps.flatMap((row) => [['velocity', 'V [km/s]', 2], ['sigma', 'σ [km/s]', 2], ['age', 'log age', 3], ['metallicity', '[M/H]', 3]].map(([key, label, digits]) => [
    row.library, label, number(row[key].scatter, digits), number(row[key].formal, digits), number(row[key].bootstrap, digits),
  ])))}`;
}

const librarySection = ({ fluxes, gradients }) => `## What the library of stars decides

SAMI 41144 measured with other libraries: change of the lines against E-MILES, median over the bins and half the range of 68 %.

${fluxes}

${gradients}`;

/** The sections. */
export function spectraSections({ recovery, stellar, sharper, populations, bootstraps, libraryRuns }) {
  return [
    recoverySection(recovery), stellarSection({ stellar, sharper, populations, bootstraps }),
    ...(libraryRuns ? [librarySection(libraryTables(libraryRuns))] : []),
  ].join('\n\n');
}
