import { calibrationText } from './calibrationText.js';
import { details, figure, html, known, numberCell, percent, section, table, textCell, type Cell, type Row } from './html.js';
import { bins, fluxCalibration, geometry, maskedSources } from './reportField.js';
import { localRelationNotes, velocityField } from './reportKinematics.js';
import { integrated, masses } from './reportMasses.js';
import type { ReportGradient, ReportInput } from './reportInput.js';
import { reportStyle } from './reportStyle.js';
import { fixed, withError } from './scale.js';
import { escapeText } from './svg.js';

/**
 * report.html: one page without outside references that leads with the answer, then shows what it rests on. The same input
 * gives the same text.
 */
export function reportPage(input: ReportInput): string {
  const answer = chosenGradient(input, 'dex/Re');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(input.object)}: metallicity gradient</title>
<style>${reportStyle}</style>
</head>
<body>
<main>
${answerSection(input, answer)}${figure(input.figures.galaxy, galaxyCaption(input))}${input.figures.colour ? figure(input.figures.colour, 'The whole field in three colours (Lupton et al. 2004).') : ''}
${section('The gradient by each calibration', calibrations(input))}${section('Where the error comes from', errorBudget(input, answer))}${section('How the slope moves with the selection', selection(input, answer))}${section('Excitation', input.figures.excitation ? figure(input.figures.excitation, 'Left: the bins in the diagram of Baldwin, Phillips & Terlevich (1981); only star-forming bins enter the gradient. Right: their places.') : '')}${section('Spectra and fits', input.figures.spectra ? figure(input.figures.spectra, 'Data, fitted continuum and model in some bins; below each, data minus model in units of the error.') : '')}${section('Stars', stars(input))}${section('Radial profile and other gradients', profile(answer) + otherGradients(input))}${section('The galaxy as a whole', integrated(input.integrated))}${section('Masses and yield', masses(input.masses))}${section('O/H and star formation at fixed radius', localRelationNotes(input.localRelation))}${section('Velocity field', velocityField(input.kinematics))}${section('Spaxels by status', statuses(input))}${section('Geometry', geometry(input))}${section('Stars and neighbours in the field', maskedSources(input))}${section('Flux calibration', fluxCalibration(input))}${section('Bins', bins(input))}${section('Literature to cite', literature(input))}${section('How this was run', running(input))}<footer>zgrad ${escapeText(input.version)}</footer>
</main>
</body>
</html>
`;
}

const chosenGradient = ({ gradients, calibration }: ReportInput, unit: ReportGradient['unit']): ReportGradient | null =>
  gradients.find((entry) => entry.quantity === 'O/H' && entry.calibration === calibration && entry.unit === unit) ?? null;

const perRe = 'dex/<i>R</i><sub>e</sub>';

function answerSection(input: ReportInput, answer: ReportGradient | null): string {
  const name = escapeText(calibrationText(input.calibration));
  const head = `<h1>${escapeText(input.object)} · radial metallicity gradient</h1>\n`;
  const warnings = input.warnings.length
    ? `<div class="warnings" role="note"><strong>Warnings</strong><ul>${input.warnings.map((text) => `<li>${html(text)}</li>`).join('')}</ul></div>\n` : '';
  if (!answer || answer.slope === null) {
    const reason = answer ? answer.refused ?? 'no line was fitted' : `the calibration ${calibrationText(input.calibration)} could not be applied`;
    return `${head}<p class="answer refused">${escapeText(input.object)}: no trusted gradient: ${html(reason)}</p>\n${warnings}${continuumNote(input)}${keyNumbers(input, answer)}`;
  }
  const perKpc = chosenGradient(input, 'dex/kpc');
  const block = answer.errorBudget.blockBootstrap;
  return `${head}<p class="answer">${escapeText(input.object)}: metallicity gradient ${withError(answer.slope, answer.slopeError)} ${perRe} (${name}) from ${answer.bins} star-forming bins</p>
<div class="notes">
<p>${perKpc && known(perKpc.slope) ? `That is ${fixed(perKpc.slope, 4)}${known(perKpc.slopeError) ? ` ± ${fixed(perKpc.slopeError, 4)}` : ''} dex/kpc. ` : ''}The error is the standard deviation of ${answer.draws} bootstraps over the bins${
  answer.slopeInterval ? ` (16–84 %: ${fixed(answer.slopeInterval[0], 3)} to ${fixed(answer.slopeInterval[1], 3)})` : ''}.</p>
${known(block) ? `<p>Bins inside one seeing disc are one measurement: with blocks of the size of the seeing the error is ± ${fixed(block, 3)} ${perRe}.</p>\n` : ''}${
  known(answer.composite) ? `<p>${percent(answer.composite)} of the classified bins are composite and left out.</p>\n` : ''}</div>
${warnings}${continuumNote(input)}${keyNumbers(input, answer)}`;
}

const continuumNote = ({ continuum }: ReportInput): string => (continuum.length ? `<div class="notes">${continuum.map((text) => `<p>${html(text)}</p>`).join('\n')}</div>\n` : '');

function keyNumbers({ redshift, disk, seeing, spaxels }: ReportInput, answer: ReportGradient | null): string {
  const relative = seeing && disk.effectiveRadiusArcsec > 0 ? ` = ${fixed(seeing.fwhm / disk.effectiveRadiusArcsec, 2)} <i>R</i><sub>e</sub>` : '';
  const items: [string, string][] = [
    ['redshift', fixed(redshift, 5)],
    ['effective radius', `${fixed(disk.effectiveRadiusArcsec, 2)}″ = ${fixed(disk.effectiveRadiusKpc, 2)} kpc`],
    ['seeing (FWHM)', seeing ? `${fixed(seeing.fwhm, 2)}″${relative}` : 'unknown'],
    ['radii of the bins', answer?.range ? `${fixed(answer.range[0], 2)} to ${fixed(answer.range[1], 2)} <i>R</i><sub>e</sub>` : 'none'],
    ['12 + log(O/H) at the centre', answer && known(answer.intercept) && answer.slope !== null ? `${withError(answer.intercept, answer.interceptError)}` : 'none'],
    ['spaxels in use', `${spaxels.used} of ${spaxels.total}`],
  ];
  return `<dl class="key">${items.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>\n`;
}

const galaxyCaption = ({ calibration }: ReportInput): string =>
  `A: image with isophotal ellipses every 0.2 <i>R</i><sub>e</sub> (white: 1 <i>R</i><sub>e</sub>). B: Hα flux per spaxel. C: Hα velocity. D: velocity along the major (red) and the minor axis (blue). `
  + `E: oxygen abundance of the spaxels that enter the gradient (${escapeText(calibrationText(calibration))}). F: abundance against deprojected radius, coloured by the surface density of star formation; `
  + 'squares: medians every 0.2 <i>R</i><sub>e</sub> with the standard deviation; line: least squares with its 1σ band; grey: bins that do not enter. Grey areas of the maps have no value.';

function calibrations({ gradients, calibration, figures, absent }: ReportInput): string {
  const abundance = gradients.filter((entry) => entry.quantity === 'O/H');
  const rows = abundance.filter((entry) => entry.unit === 'dex/Re').map((entry): Row => {
    const kpc = abundance.find((other) => other.calibration === entry.calibration && other.unit === 'dex/kpc');
    const chosen = entry.calibration === calibration;
    const name = textCell(calibrationText(entry.calibration ?? ''));
    if (entry.slope === null) {
      return { chosen, cells: [name, { html: `not trusted: ${html(entry.refused ?? 'no line was fitted')}`, text: true, span: 5, className: 'reason' }, numberCell(entry.bins, 0), share(entry)] };
    }
    return {
      chosen, cells: [
        name, { html: withError(entry.slope, entry.slopeError) }, numberCell(entry.errorBudget.blockBootstrap, 3), interval(entry.slopeInterval),
        { html: kpc && known(kpc.slope) ? `${fixed(kpc.slope, 4)}${known(kpc.slopeError) ? ` ± ${fixed(kpc.slopeError, 4)}` : ''}` : '–' },
        { html: known(entry.intercept) ? withError(entry.intercept, entry.interceptError) : '–' }, numberCell(entry.bins, 0), share(entry),
      ],
    };
  });
  const head: Cell[] = [
    { html: 'calibration', text: true }, { html: `slope [${perRe}]` }, { html: '± with blocks' }, { html: '16–84 %' }, { html: 'slope [dex/kpc]' }, { html: '12 + log(O/H) at <i>R</i> = 0' }, { html: 'bins' }, { html: 'composite' },
  ];
  return (rows.length ? table(head, rows) : '<p>No calibration could be applied.</p>\n')
    + (figures.calibrations ? figure(figures.calibrations, 'The slopes side by side. Calibrations differ by more than their errors: compare galaxies only in one of them.') : '')
    + (absent.length ? `<h3>Not available here</h3>\n${table([{ html: 'calibration', text: true }, { html: 'reason', text: true }], absent.map((entry) => ({ cells: [textCell(calibrationText(entry.calibration)), textCell(entry.reason)] })))}` : '');
}

const interval = (pair: readonly [number, number] | null): Cell => ({ html: pair ? `${fixed(pair[0], 3)} … ${fixed(pair[1], 3)}` : '–' });
const share = (entry: ReportGradient): Cell => ({ html: known(entry.composite) ? percent(entry.composite) : '–' });

function errorBudget({ figures }: ReportInput, answer: ReportGradient | null): string {
  if (!answer || answer.slope === null) return '<p>There is no trusted slope to give an error for.</p>\n';
  const { bootstrap, blockBootstrap, fluxes, geometry: shape, calibration } = answer.errorBudget;
  const rows: [string, string, number | null][] = [
    ['bootstrap over bins', 'bins drawn with replacement; the error that the literature quotes', bootstrap],
    ['bootstrap over blocks', 'blocks of the size of the seeing drawn with replacement; takes into account that neighbouring bins are not independent', blockBootstrap],
    ['line fluxes', 'fluxes moved within their errors', fluxes],
    ['geometry', 'centre, inclination, position angle and effective radius moved within their given errors', shape],
    ['calibration', 'abundances moved by the scatter of the calibration', calibration],
  ];
  return table([{ html: 'part', text: true }, { html: 'how', text: true }, { html: `1σ [${perRe}]` }],
    rows.map(([name, how, value]) => ({ cells: [textCell(name), textCell(how), known(value) ? numberCell(value, 4) : { html: 'not determined' }] })))
    + (figures.budget ? figure(figures.budget, 'The parts of the error of the slope. The two bootstraps already hold the scatter that the line fluxes cause.') : '');
}

function selection({ figures }: ReportInput, answer: ReportGradient | null): string {
  const composite = answer && known(answer.composite)
    ? `<p>${percent(answer.composite)} of the classified bins lie between the curves of Kauffmann et al. (2003) and Kewley et al. (2001). They do not enter the gradient; in some galaxies that choice alone changes its sign.</p>\n` : '';
  return composite + (figures.cuts ? figure(figures.cuts, 'The slope for other cuts, all else being equal. A slope that drifts with a cut is not a property of the disc alone.') : '');
}

function stars({ figures }: ReportInput): string {
  return (figures.stellarMaps ? figure(figures.stellarMaps, 'Stars from the fit of the continuum: velocity about its median, dispersion, quality of the fit, means of age and metallicity weighted by light, surface density in the plane of the disc.') : '')
    + (figures.stars ? figure(figures.stars, 'Data and stars over the whole fitted range; what is shaded (lines, sky, outliers) was not fitted. Below each, data minus model in per cent of the model.') : '');
}

function profile(answer: ReportGradient | null): string {
  const rows = (answer?.profile ?? []).filter((row) => row.bins > 0);
  if (!rows.length) return '';
  return table([{ html: '<i>R</i> / <i>R</i><sub>e</sub>' }, { html: 'median 12 + log(O/H)' }, { html: 'standard deviation' }, { html: 'bins' }],
    rows.map((row) => ({ cells: [numberCell(row.radius, 1), numberCell(row.median, 3), numberCell(row.std, 3), numberCell(row.bins, 0)] })));
}

const quantityText: Readonly<Record<string, string>> = { logSigmaSfr: 'log Σ(SFR) [M☉/yr/kpc²]', logSsfr: 'log sSFR [1/yr]', logSigmaStar: 'log Σ(M*) [M☉/kpc²]' };

function otherGradients({ gradients }: ReportInput): string {
  const others = gradients.filter((entry) => entry.quantity !== 'O/H');
  return others.length ? `<h3>Other gradients</h3>\n${table(
    [{ html: 'quantity', text: true }, { html: 'unit', text: true }, { html: 'slope' }, { html: '± with blocks' }, { html: 'at <i>R</i> = 0' }, { html: 'bins' }],
    others.map((entry) => ({
      cells: [
        textCell(quantityText[entry.quantity] ?? entry.quantity), { html: entry.unit === 'dex/Re' ? perRe : 'dex/kpc', text: true },
        entry.slope === null ? { html: `not trusted: ${html(entry.refused ?? '')}`, className: 'reason' } : { html: withError(entry.slope, entry.slopeError) },
        numberCell(entry.errorBudget.blockBootstrap, 3), { html: known(entry.intercept) ? withError(entry.intercept, entry.interceptError) : '–' }, numberCell(entry.bins, 0),
      ],
    })))}` : '';
}

function statuses({ spaxels }: ReportInput): string {
  const { total, used, byStatus } = spaxels;
  const part = (n: number): Cell => ({ html: total > 0 ? `${fixed((100 * n) / total, 1)} %` : '–' });
  return `<p>${used} of ${total} spaxels enter the gradient. A spaxel may carry several of the marks below; <code>maps.fits</code> holds them for every spaxel.</p>\n${table(
    [{ html: 'bit' }, { html: 'name', text: true }, { html: 'meaning', text: true }, { html: 'spaxels' }, { html: 'of all' }],
    byStatus.map((row) => ({ cells: [numberCell(row.bit, 0), { html: `<code>${escapeText(row.name)}</code>`, text: true }, textCell(row.meaning), numberCell(row.spaxels, 0), part(row.spaxels)] })))}`;
}

function literature({ literature: works }: ReportInput): string {
  const safe = (url: string | null) => (url !== null && /^https?:\/\//.test(url) ? url : null);
  return works.length ? `<ul>${works.map(({ citation, usedFor, url }) => {
    const text = safe(url) ? `<a href="${escapeText(url!)}">${escapeText(citation)}</a>` : escapeText(citation);
    return `<li>${text}: ${html(usedFor)}</li>`;
  }).join('\n')}</ul>\n` : '';
}

function running({ inputs, versions, seed, configuration, files }: ReportInput): string {
  const code = (text: string): Cell => ({ html: `<code>${escapeText(text)}</code>`, text: true });
  return `<p>Seed of the random numbers: ${seed}. ${Object.entries(versions).map(([name, version]) => `${escapeText(name)} ${escapeText(version)}`).join(', ')}. Time and memory are in run.json.</p>
<h3>Files beside this page</h3>
${table([{ html: 'file', text: true }, { html: 'what it holds', text: true }], files.map((file) => ({ cells: [{ html: `<a href="${escapeText(encodeURI(file.path))}">${escapeText(file.path)}</a>`, text: true }, textCell(file.content)] })))}<h3>Input</h3>
${table([{ html: 'file', text: true }, { html: 'bytes' }, { html: 'SHA-256', text: true }], inputs.map((file) => ({ cells: [{ html: escapeText(file.name), text: true }, numberCell(file.bytes, 0), code(file.sha256)] })))}${
  details('Configuration', `<pre>${escapeText(configuration)}</pre>\n`)}`;
}
