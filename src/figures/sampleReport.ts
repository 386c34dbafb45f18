import { details, figure, html, markupHtml, section, table, textCell, type Cell } from './html.js';
import { reportStyle } from './reportStyle.js';
import type { SampleReportInput } from './sampleReportInput.js';
import { answerLines, classes, combination, fits, fixedMass, intervals, massBins, relations, scaling, subsets } from './sampleReportTables.js';
import { escapeText } from './svg.js';

/** Tables of two assumptions side by side are wide, and their names must not be broken. */
const ownStyle = `main { max-width: 68rem; }
table { font-size: .78rem; }
th, td { padding: .3rem .42rem; }
th.name, td.name { white-space: nowrap; }
tr > th[colspan] { border-bottom: 1px solid var(--rule); }
`;

/** report.html of a sample: one page without outside references that leads with the answers. The same input gives the same text. */
export function sampleReportPage(input: SampleReportInput): string {
  const title = escapeText(input.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: relations of metallicity gradients</title>
<style>${reportStyle}${ownStyle}</style>
</head>
<body>
<main>
<h1>${title} · relations of metallicity gradients</h1>
${answerLines(input)}${warnings(input)}${counts(input)}${section('Figures', figures(input))}${section('The gradient against each property', assumptionsText(input) + relations(input))}${section('At fixed stellar mass', fixedMass(input))}${section('The combination about which the gradient scatters least', combination(input))}${section('Relations between masses, abundance, star formation and yield', scaling(input))}${section('Medians in bins of mass', massBins(input))}${section('Classes compared', classes(input))}${section('Parts of the sample', subsets(input))}${section('Better intervals for a small sample', intervals(input))}${section('Other lines through the same points', fits(input))}${section('Who was selected', selection(input))}${section('Not drawn', notDrawn(input))}${section('Notes', list(input.notes))}${section('Oddities of the table', list(input.oddities))}${section('Literature to cite', literature(input))}${section('How this was run', running(input))}<footer>zgrad ${escapeText(input.version)}</footer>
</main>
</body>
</html>
`;
}

const list = (sentences: readonly string[]): string => (sentences.length ? `<ul>${sentences.map((text) => `<li>${html(text)}</li>`).join('\n')}</ul>\n` : '');

const warnings = ({ warnings: own }: SampleReportInput): string => (own.length ? `<div class="warnings" role="note"><strong>Warnings</strong>${list(own)}</div>\n` : '');

const counts = ({ n, counts: own, draws }: SampleReportInput): string => {
  const items: [string, number][] = [['galaxies', n], ...own.map(({ name, count }): [string, number] => [`with ${name}`, count]), ['bootstrap samples', draws]];
  return `<dl class="key">${items.map(([name, value]) => `<div><dt>${html(name)}</dt><dd>${value}</dd></div>`).join('')}</dl>\n`;
};

const figures = ({ figures: own, labelOf }: SampleReportInput): string => {
  const drawn = own.flatMap(({ caption, paper, scene, missing }) => (scene ? [figure(scene, `${html(caption)} ${html(paper)} of Li et al. (2025).${
    missing.length ? ` The sample lacks ${missing.map((name) => markupHtml(labelOf(name).replace(/ \[.*\]$/, ''))).join(', ')}.` : ''}`)] : []));
  return drawn.length ? `<p>A point tells its galaxy where the pointer rests on it.</p>\n${drawn.join('')}` : '';
};

const assumptionsText = ({ sets }: SampleReportInput): string => (sets.length > 1 ? sets.map(({ assumption }, i) => `<p>${i === 0 ? 'As measured' : 'HI zero where missing'}: ${html(assumption.description)}</p>\n`).join('') : '');

function selection({ selection: own }: SampleReportInput): string {
  if (!own) return '';
  const dropped = own.cuts.flatMap(({ query, dropped: some }) => some.map(({ object, reason }) => ({ cells: [textCell(object), textCell(query), textCell(reason)] })));
  const names: Cell[] = [{ html: 'galaxy', text: true }, { html: 'cut', text: true }, { html: 'its values', text: true }];
  return `<p><code>${escapeText(own.query)}</code></p>\n${table(
    [{ html: 'cut', text: true }, { html: 'before' }, { html: 'after' }, { html: 'dropped by it alone' }],
    own.cuts.map(({ query, before, after, alone }) => ({ cells: [textCell(query), { html: String(before) }, { html: String(after) }, { html: String(alone) }] })))}${
    dropped.length ? details(`${dropped.length} ${dropped.length === 1 ? 'galaxy' : 'galaxies'} dropped`, table(names, dropped)) : ''}`;
}

function notDrawn({ figures: own, neededOf }: SampleReportInput): string {
  const absent = own.filter(({ scene, missing }) => scene === null || missing.length > 0);
  return absent.length ? table(
    [{ html: 'figure', text: true }, { html: 'of Li et al. (2025)', text: true }, { html: 'needs the columns', text: true }, { html: '', text: true }],
    absent.map(({ title, paper, scene, missing }) => ({ cells: [textCell(title), textCell(paper), { html: missing.map((name) => escapeText(neededOf(name))).join(', ') || 'more galaxies or properties', text: true }, textCell(scene ? 'drawn in part' : '')] }))) : '';
}

const literature = ({ literature: works }: SampleReportInput): string => (works.length ? `<ul>${works.map(({ citation, usedFor }) => `<li>${escapeText(citation)}: ${html(usedFor)}</li>`).join('\n')}</ul>\n` : '');

function running({ seed, versions, files, inputs, configuration }: SampleReportInput): string {
  const code = (text: string): Cell => ({ html: `<code>${escapeText(text)}</code>`, text: true });
  const read = Object.entries(inputs);
  return `<p>Seed of the random numbers: ${seed}. ${Object.entries(versions).map(([name, version]) => `${escapeText(name)} ${escapeText(version)}`).join(', ')}.</p>
<h3>Files beside this page</h3>
${table([{ html: 'file', text: true }, { html: 'what it holds', text: true }], files.map(({ path, content }) => ({ cells: [{ html: `<a href="${escapeText(encodeURI(path))}">${escapeText(path)}</a>`, text: true }, textCell(content)] })))}${
    read.length ? `<h3>Input</h3>\n${table([{ html: 'file', text: true }, { html: 'SHA-256', text: true }], read.map(([name, sha]) => ({ cells: [{ html: escapeText(name), text: true }, code(sha)] })))}` : ''}${
    details('Configuration', `<pre>${escapeText(configuration)}</pre>\n`)}`;
}
