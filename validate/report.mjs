/** docs/validation.md: what was tested, how, and what came out. */

import { lineByName } from '../dist/nebula/index.js';
import { quantile } from '../dist/stats/index.js';
import { fieldSections, judgeField } from './fieldReport.mjs';
import { cleanPopulation, clumpyPopulation, correlations, faintPopulation, slopes } from './galaxies.mjs';
import { fewestBins, haCut, slopeStatistics } from './gradients.mjs';
import { judgeKinematics, kinematicsSection } from './kinematicsReport.mjs';
import { lineStatistics, testedLines } from './lines.mjs';
import { number, span, table, withError } from './markdown.mjs';
import { judgeSamples, samplesSection } from './sample.mjs';
import { judgeSampleStatistics, sampleStatisticsSection } from './sampleStatistics.mjs';
import { seeingRatios } from './seeing.mjs';
import { judgeSpectra, spectraSections } from './spectraReport.mjs';
import { describePulls, rms } from './statistics.mjs';

/** @typedef {{name: string, target: string, found: string, met: boolean}} Verdict */

const between = (value, low, high) => value >= low && value <= high;

/** S/N from which lines count: at fixed kinematics and with free ones. */
const lineRange = (free) => /** @type {const} */ ([free ? 10 : 3, Infinity]);

/**
 * The targets and whether they are met.
 * @returns {Verdict[]}
 */
export function judge({ slopeRows, lineSets, thresholds, recovery, stellar, populations, binning, geometry, kills, fields, samples, relations }) {
  const block = slopeStatistics(slopeRows, 'blockBootstrap');
  const refusedRightly = [...thresholds.bins.map((row) => (row.bins < 10) === (row.refused !== null)), ...thresholds.range.map((row) => (row.range < 0.5) === (row.refused !== null))];
  const lines = (free) => {
    const widths = lineSets.filter((set) => set.free === free && !set.continuum).flatMap((set) => testedLines.map((name) => lineStatistics(set.pulls, name, lineRange(free)).width));
    const [low, high] = [Math.min(...widths), Math.max(...widths)];
    return { name: `Line fluxes, ${free ? 'free' : 'fixed'} kinematics, S/N > ${lineRange(free)[0]}: width of the pulls`, target: '0.9 to 1.1', found: `${number(low)} to ${number(high)}`, met: low >= 0.9 && high <= 1.1 };
  };
  return [
    { name: 'Slope: mean pull', target: '−0.15 to 0.15', found: withError(block.mean, block.meanError), met: between(block.mean, -0.15, 0.15) },
    { name: 'Slope: width of the pulls, block bootstrap', target: '0.9 to 1.2', found: withError(block.width, block.widthError), met: between(block.width, 0.9, 1.2) },
    { name: 'Slope: error over scatter, block bootstrap', target: 'at most 1.3', found: number(block.errorOverScatter), met: block.errorOverScatter <= 1.3 },
    lines(false),
    lines(true),
    { name: 'Gradients refused below the thresholds and only there', target: 'all', found: `${refusedRightly.filter(Boolean).length} of ${refusedRightly.length}`, met: refusedRightly.every(Boolean) },
    ...judgeSpectra({ recovery, stellar, populations }),
    ...judgeField({ binning, geometry, kills }),
    ...judgeKinematics(fields),
    ...judgeSampleStatistics(samples),
    ...judgeSamples(relations),
  ];
}

const errorNames = /** @type {const} */ ([['bootstrap', 'plain bootstrap'], ['blockBootstrap', 'block bootstrap'], ['fluxes', 'flux errors']]);

/** Mean, width and error/scatter of each estimate, one row a group of galaxies. */
function pullTable(groups) {
  return table(
    ['galaxies', 'number', 'mean pull (block)', 'width: plain bootstrap', 'width: block bootstrap', 'width: flux errors', 'error/scatter: plain', 'error/scatter: block'],
    groups.map(([name, rows]) => {
      const [plain, block, fluxes] = errorNames.map(([error]) => slopeStatistics(rows, error));
      return [
        name, block.count, withError(block.mean, block.meanError), withError(plain.width, plain.widthError), withError(block.width, block.widthError),
        withError(fluxes.width, fluxes.widthError), number(plain.errorOverScatter), number(block.errorOverScatter),
      ];
    }),
  );
}

const byCorrelation = (rows) => correlations.map(({ name }) => [name === 'none' ? 'white noise' : `noise as wide as ${name}`, rows.filter((row) => row.correlation === name)]);
const bySlope = (rows) => slopes.map((slope) => [`slope ${number(slope)}`, rows.filter((row) => row.putIn === slope)]);
const sumOf = (rows, key) => rows.reduce((sum, row) => sum + row[key], 0);
const used = (rows) => rows.filter((row) => row.residual !== null && row.bins >= fewestBins);

function slopeSection({ slopeRows, faintRows, clumpyRows, noiselessRows }) {
  const counted = used(slopeRows);
  const bins = counted.map((row) => row.bins);
  const structure = counted.map((row) => row.structure);
  const lost = counted.map((row) => 1 - row.bins / row.spaxels);
  const none = counted.filter((row) => row.errors.blockBootstrap === null).length;
  const bias = (rows) => table(
    ['noise', 'galaxies', 'spaxels used', 'mean of measured − truth [dex/R_e]', 'mean pull (flux errors)', 'mean pull (block)', `measured − truth of the spaxels with S/N(Hα) ≥ ${haCut} [dex/R_e]`],
    byCorrelation(used(rows)).map(([name, some]) => {
      const share = sumOf(some, 'bins') / sumOf(some, 'spaxels');
      const pulls = /** @type {const} */ (['fluxes', 'blockBootstrap']).map((error) => slopeStatistics(some, error));
      const [asIs, byHa] = [some.map((row) => row.residual), some.map((row) => row.residualByHa).filter(Number.isFinite)].map(describePulls);
      return [
        name, some.length, `${number(100 * share, 0)} %`, withError(asIs.mean, asIs.meanError, 3), ...pulls.map(({ mean, meanError }) => withError(mean, meanError)),
        withError(byHa.mean, byHa.meanError, 3),
      ];
    }),
  );
  const residuals = noiselessRows.map((row) => row.residual);
  return `## The slope of the gradient

Each galaxy is simulated as a MUSE-format cube and measured by the chain of \`zgrad measure\` with its true geometry: continuum, lines,
dust, classes, N2S2Ha abundances, gradient with 1000 bootstraps. The **truth** is the least-squares line through the noise-free,
PSF-convolved maps in the same bins, by the same calibration: what is tested is the noise and what the chain makes of it. The **pull**
is (measured − truth)/error. Its width is 1 when the errors are right and larger when they are too small.

The galaxies, seeds ${slopeRows[0].seed} to ${slopeRows[slopeRows.length - 1].seed}: slopes ${slopes.map((slope) => number(slope)).join(', ')} dex/R_e in turn; inclination 20° to 60°, any position angle, seeing of 1″ to 2″ FWHM sampled
by 1.2 to 4 spaxels, fields of 5.5 to 9 seeing discs on a side (at most 18 × 18 spaxels), R_e of 0.5 to 0.9 fields, EW(Hα) of 20 to 60 Å, a share of
${span(cleanPopulation.clumpiness)} of Hα in H II regions. The noise is such that all but a twentieth of the spaxels have a true S/N of at least ${span(cleanPopulation.faintSn)} in
[S II] 6731, the weakest line needed, so that the cut at S/N = 3 selects next to nothing: half of the galaxies lose at most ${number(100 * quantile(lost, 0.5), 1)} % of their spaxels, 95 % at most ${number(100 * quantile(lost, 0.95), 1)} %. It is white or
smoothed over neighbouring spaxels as drizzling and the seeing do, in turn; the variance in the file is that of a voxel in every case.

${slopeRows.length} galaxies; ${counted.length} have a gradient from at least ${fewestBins} bins (${quantile(bins, 0)} to ${quantile(bins, 1)}, median ${number(quantile(bins, 0.5), 0)}). ${none === 0 ? 'The block bootstrap gave an error for every one.' : `The block bootstrap gave no error for ${none} of them, which have too few seeing discs.`}

${pullTable([['all', counted], ...byCorrelation(counted), ...bySlope(counted)])}

The **plain bootstrap** takes every spaxel for an independent measurement. With white noise it is right; where the noise is correlated it is too small by
the width in its column. The **flux errors** by Monte Carlo are per spaxel and know nothing of their neighbours either. The **block bootstrap** stays near 1 throughout. It
scales what it finds on the assumption that the scatter is as wide as the seeing, so noise correlated over half the seeing makes it too large: the widths
there lie below 1 and error/scatter above that of the other rows. Error/scatter is the rms error over the rms of measured − truth; the noisiest galaxies
weigh most in it, so that it is not 1/width.

Structure that the noise-free maps have beside the line (the seeing bends the profile; H II regions weigh some places more) is real scatter to any
bootstrap but no error against this truth. In these galaxies it is ${number(quantile(structure, 0.5))} of the measured scatter (median; 95 % below ${number(quantile(structure, 0.95))}), so it does not decide the widths.

**Without noise** in the data, ${noiselessRows.length} of the same galaxies give measured − truth of ${number(rms(residuals), 4)} dex/R_e (rms; largest ${number(Math.max(...residuals.map(Math.abs)), 4)}): what
the local continuum and a constant stellar absorption cost.

### With real structure in the maps

The same with ${span(clumpyPopulation.clumpiness)} of Hα in H II regions whose O/H scatters by ${clumpyPopulation.oxygenScatter} dex: the truth follows the regions, the bootstraps count them as scatter. Their
errors then answer another question, how the slope would vary among galaxies like this one, and are larger than the scatter about this galaxy's own truth.

${pullTable([['all', used(clumpyRows)], ...byCorrelation(used(clumpyRows))])}

### At the cut on S/N

The same with only a S/N of ${span(faintPopulation.faintSn)} in [S II] 6731 at the faint end. A cut at a measured S/N of 3 keeps faint bins whose line the noise has raised and
drops those where it has lowered it: the kept [S II] is too bright, N2S2Ha too low, and mostly at large radii. That biases the slope, whatever its error;
no bootstrap sees it. Spaxels chosen by the S/N of Hα, which carries little of the abundance, show next to none of this bias (last column).

${bias(faintRows)}

Compare the slope under \`cuts\` in gradient.json, which every run writes: where it moves with the S/N cut, the faint bins decide it.`;
}

function seeingSection(cases) {
  return `## What the seeing does to a gradient

Slope of the noise-free maps over the slope put in (−0.20 dex/R_e), exponential disc of R_e 4″, Gaussian seeing, all spaxels out to the given radius. Bright inner gas is
smeared outwards and along the minor axis; the more inclined the disc and the smaller the range, the more is lost. H II regions add a scatter from galaxy to galaxy (± over six seeds).
Measured gradients are not corrected for this; \`zgrad measure\` warns above FWHM = 0.3 R_e.

${table(['FWHM/R_e', ...cases.map(({ name }) => name)], seeingRatios.map((ratio, i) => [
    number(ratio, 1), ...cases.map(({ remaining }) => (Number.isNaN(remaining[i].scatter) ? number(remaining[i].mean) : withError(remaining[i].mean, remaining[i].scatter))),
  ]))}`;
}

function lineSection(sets, count) {
  const columns = sets.map((set) => ({ ...set, title: `${set.instrument}, ${set.free ? 'free' : 'fixed'}` }));
  const pulls = (continuum, range, what) => {
    const shown = columns.filter((set) => set.continuum === continuum);
    return table(['line', ...shown.map(({ title }) => title)], testedLines.map((name) => [lineByName(name).label, ...shown.map((set) => {
      const found = lineStatistics(set.pulls, name, range);
      return withError(found[what], found[`${what}Error`]);
    })]));
  };
  const free = columns.filter((set) => set.free);
  return `## Line fluxes

${count} spectra a column with lines of known flux, velocity (−120 to 150 km/s) and dispersion (20 to 80 km/s) in white noise, S/N(Hα) from 4 to 300; [N II], [S II], Hβ and [O III] in the
ratios of an H II region. MUSE: 1.25 Å pixels and MUSE's line-spread function; SAMI: 1.05 Å and FWHM 2.66 Å in the blue arm, 0.57 Å and 1.59 Å in the red. *Fixed*: velocity and dispersion
given; *free*: fitted. S/N is the true flux over the error of the fit. The fit enlarges the errors of a window whose pixels beside the lines scatter more than their variances
say, and never shrinks them. Seeds 1 to ${count}.

Width of the pulls, lines only, S/N > 10:

${pulls(false, [10, Infinity], 'width')}

Width, lines only, S/N 3 to 10. With free kinematics Hα at S/N below 10 is the strongest line of its spectrum: the fit finds the velocity and the dispersion that suit the noise, and its error,
taken at the best fit, is too small; the other lines have a brighter Hα beside them that fixes the kinematics.

${pulls(false, [3, 10], 'width')}

Mean pull, lines only, S/N > 3:

${pulls(false, [3, Infinity], 'mean')}

Width with a flat continuum of EW(Hα) 25 Å under the lines, fitted with them, S/N > 3 (information):

${pulls(true, [3, Infinity], 'width')}

Kinematics where S/N(Hα) > 10 (dispersions that end on the bound at zero have no error and are left out):

${table(['spectra', 'velocity: mean pull', 'velocity: width', 'dispersion: mean pull', 'dispersion: width'], free.map(({ instrument, continuum, pulls: { velocity, sigma } }) => {
    const [v, s] = [describePulls(velocity), describePulls(sigma)];
    return [`${instrument}, ${continuum ? 'with continuum' : 'lines only'}`, withError(v.mean, v.meanError), withError(v.width, v.widthError), withError(s.mean, s.meanError), withError(s.width, s.widthError)];
  }))}`;
}

function thresholdSection({ bins, range }) {
  const rows = (of, label, key) => {
    const groups = new Map();
    for (const row of of) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
    return table([label, 'galaxies', 'same number measured', 'gradient', 'refused'], [...groups].map(([name, some]) => [
      name, some.length, some.filter((row) => row.used === row.bins).length, some.filter((row) => row.refused === null).length, some.filter((row) => row.refused !== null).length,
    ]));
  };
  return `## Thresholds

Small bright galaxies whose gas ends abruptly, so that their noise-free maps say without doubt how many bins are star-forming. Ten bins and a range of
0.5 R_e are needed.

${rows(bins, 'star-forming bins', (row) => row.bins)}

${rows(range, 'range', (row) => (row.range < 0.5 ? '0.40 to 0.49 R_e' : '0.51 to 0.60 R_e'))}`;
}

function demoSection(rows) {
  return `## The galaxy of the demonstration

Truth and result of \`zgrad demo\` (seed 1) and its like, and of a galaxy with four spaxels to the seeing. Slopes in dex/R_e.

${table(['galaxy', 'bins', 'put in', 'truth in the bins', 'measured', 'plain error', 'block error', 'pull (block)'], rows.map((row) => [
    row.name, row.bins, number(row.putIn), number(row.truth, 4), number(row.measured, 4), number(row.errors.bootstrap, 4), number(row.errors.blockBootstrap, 4),
    number((row.measured - row.truth) / row.errors.blockBootstrap),
  ]))}

${rows.filter((row) => row.measured < row.truth).length} of ${rows.length} slopes come out below the truth: many spaxels of these galaxies lie near the cut on S/N, which biases the slope as described above.`;
}

/** The whole document. */
export function validationReport(results) {
  const verdicts = judge(results);
  return `# Validation

Written by \`npm run validate\`: seeded statistics of simulated galaxies and spectra whose truth is known. \`npm test\` runs a thin slice of the same
code. Everything is drawn from the seeds given here, whatever the number of processes. ± is what chance alone does to a number of this sample size.

${table(['target', 'wanted', 'found', ''], verdicts.map(({ name, target, found, met }) => [name, target, found, met ? 'met' : '**not met**']))}

${slopeSection(results)}

${seeingSection(results.seeing)}

${lineSection(results.lineSets, results.lineCount)}

${spectraSections(results)}

${fieldSections(results)}

${kinematicsSection(results.fields)}

${sampleStatisticsSection(results.samples)}

${samplesSection(results.relations)}

${thresholdSection(results.thresholds)}

${demoSection(results.demos)}
`;
}
