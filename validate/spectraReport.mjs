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
export function judgeSpectra({ recovery, stellar, populations }) {
  return [
    widthVerdict(recovery, 'Recovery, fluxes, fixed kinematics', 'flux', false, from.fixed),
    medianVerdict(recovery, 'Recovery, fluxes, fixed kinematics', 'flux', false, from.fixed),
    widthVerdict(recovery, 'Recovery, fluxes, free kinematics', 'flux', true, from.free),
    medianVerdict(recovery, 'Recovery, fluxes, free kinematics', 'flux', true, from.free),
    widthVerdict(recovery, 'Recovery, velocities', 'velocity', true, from.velocity),
    widthVerdict(recovery, 'Recovery, dispersions', 'dispersion', true, from.dispersion),
    ...[['V', 'velocity', 'mean'], ['σ', 'sigma', 'median']].map(([name, of, middle]) => {
      const points = stellar.flatMap((group) => group.points.map((point) => ({ group, point })));
      const worst = points.reduce((a, b) => (Math.abs(b.point[of][middle]) > Math.abs(a.point[of][middle]) ? b : a));
      const { [middle]: bias, [`${middle}Error`]: chance } = worst.point[of];
      return {
        name: `Stars, ${name}: ${middle} pull, S/N > 15 per pixel`, target: 'within 0.05 of the error, to twice the chance',
        found: `${withError(bias, chance, 3)} at worst (${kindOf(worst.group)}, σ ${worst.group.sigma} km/s, S/N ${worst.point.signal})`, met: Math.abs(bias) < 0.05 + 2 * chance,
      };
    }),
    ...populations.filter(({ decides }) => decides).flatMap(({ library, kind, age, metallicity }) => [['log age', age, 0.15], ['[M/H]', metallicity, 0.12]].map(([name, found, most]) => ({
      name: `Stars, ${name} by light, ${library}, ${kind}, S/N 40`, target: `bias within 0.05, scatter under ${number(most)}`,
      found: `${of(found, 3)}, scatter ${withError(found.width, found.widthError, 3)}`, met: Math.abs(found.mean) < 0.05 + 2 * found.meanError && found.width < most + 2 * found.widthError,
    }))),
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

const kindOf = ({ library, known }) => `${library}${known ? ', the mock\'s own populations' : ''}`;

function stellarSection({ stellar, stellarCurve, sharper, populations, bootstraps }) {
  const rowsOf = (groups) => table(['library', 'σ [km/s]', 'S/N per pixel', 'mean pull of V', 'median pull of σ', 'mean pull of σ', 'σ − true [km/s]', 'error of V', 'error of σ', 'at σ = 0'], groups.flatMap((group) => group.points.map((point) => [
    kindOf(group), group.sigma, point.signal, of(point.velocity, 3), withError(point.sigma.median, point.sigma.medianError, 3), of(point.sigma, 3), of(point.sigmaOff, 1), number(point.velocityError, 1), number(point.sigmaError, 1), `${number(100 * point.zero, 0)} %`,
  ])));
  return `## Stars

Mocks are built apart from the fit: library spectra at their native sampling, broadened by direct summation, by MUSE's line-spread function, averaged over 1.25 Å pixels (4750–7200 Å), with
white noise. Each noise is used with both signs, which takes most of the chance out of the means; σ = 25 km/s is half the instrument's. ${stellar[0].pairs} pairs a point decide the targets:

${rowsOf(stellar)}

What is fitted is σ², and it stops at 0. However well σ² is centred, its root is skewed where the error is not small beside σ, and so is its pull, whose mean then says as much about
the skewness as about the fit. The median is the same of σ² and of σ, and the bound at 0 does not move it while fewer than half of the fits end there: it is what σ is judged by. V is symmetric and
judged by its mean. Fits to spectra without noise give V and σ to 0.03 km/s at σ = 150 km/s and to 0.3 km/s at 25.

What is left with the whole library is no zero point, but what non-negative weights do: templates at weight 0 can take up noise of one sign only, and V and σ follow by a share of their errors
that does not fall with S/N. With the mock's own populations alone it is gone, and so it is when the weights of a basis of the library may take either sign; but that moves V and σ of real
spectra, whose templates never fit exactly, by up to five errors (FCC 47), and is not done.

${stellarCurve[0].pairs} pairs a point at other S/N:

${rowsOf(stellarCurve)}

Widths of the pulls, S/N of the targets together:

${table(['library', 'σ [km/s]', 'V', 'σ', 'model under Hβ over its 1σ'], stellar.map((group) => [
    kindOf(group), group.sigma, ...['velocity', 'sigma', 'model'].map((name) => withError(group.widths[name].width, group.widths[name].widthError)),
  ]))}

Data sharper than the templates (spectra of FWHM 2.5 Å fitted with a library of 3.2 Å):

${table(['σ [km/s]', 'S/N', 'σ − true [km/s]', 'pull of σ', 'error of σ'], sharper.map((row) => [row.sigma, row.signal, of(row.offset, 1), of(row.pull), number(row.error, 1)]))}

Light-weighted means of composites of two or three populations, S/N 40 per pixel, measured − true (*calibration*: the flux is wrong by 4 % rms on scales of 500 Å, another curve for every
mock):

${table(['library', 'fit', 'pairs', 'log age: bias', 'scatter', '[M/H]: bias', 'scatter'], populations.map((row) => [row.library, row.kind, row.pairs, of(row.age, 3), number(row.age.width), of(row.metallicity, 3), number(row.metallicity.width)]))}

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
export function spectraSections({ recovery, stellar, stellarCurve, sharper, populations, bootstraps, libraryRuns }) {
  return [
    recoverySection(recovery), stellarSection({ stellar, stellarCurve, sharper, populations, bootstraps }),
    ...(libraryRuns ? [librarySection(libraryTables(libraryRuns))] : []),
  ].join('\n\n');
}
