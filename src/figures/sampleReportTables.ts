import { details, html, known, markupHtml, numberCell, percent, table, textCell, type Cell, type Row } from './html.js';
import type { ReportFit, ReportRelation, ReportSet, SampleReportInput } from './sampleReportInput.js';
import { fixed } from './scale.js';

const perRe = 'dex/<i>R</i><sub>e</sub>';
const units = [['gradient', perRe], ['gradientKpc', 'dex/kpc']] as const;

/** A probability as it is printed: 0.43, 2.2 × 10⁻⁵. */
export function probability(p: number | null): string {
  if (!known(p)) return '–';
  if (p >= 0.001) return p.toPrecision(2);
  if (p === 0) return '&lt; 10<sup>−300</sup>';
  const [mantissa, exponent] = p.toExponential(1).split('e') as [string, string];
  return `${mantissa} × 10<sup>−${exponent.slice(1)}</sup>`;
}

const pair = (value: number, error: number | null, decimals = 3): Cell => ({ html: known(value) ? `${fixed(value, decimals)}${known(error) ? ` ± ${fixed(error, decimals)}` : ''}` : '–' });
const range = (interval: readonly [number, number] | null | undefined, decimals = 3): Cell => ({ html: interval && interval.every(Number.isFinite) ? `${fixed(interval[0], decimals)}&thinsp;…&thinsp;${fixed(interval[1], decimals)}` : '–' });
const count = (n: number): Cell => ({ html: String(n) });
const named = ({ labelOf }: SampleReportInput, column: string): Cell => ({ html: markupHtml(labelOf(column).replace(/ \[.*\]$/, '')), text: true, className: 'name' });
const said = (text: string): Cell => ({ ...textCell(text), className: 'name' });
const wide = (text: string, span: number): Cell => ({ html: text, span, text: true });

const find = <T extends { readonly x: string; readonly y: string }>(some: readonly T[], { x, y }: T): T | undefined => some.find((one) => one.x === x && one.y === y);

/** The answers, most important first. */
export function answerLines(input: SampleReportInput): string {
  const [first, zero] = input.sets as [ReportSet, ...ReportSet[]];
  const mass = first.relations.find(({ x, y }) => x === 'logMstar' && y === 'gradient') ?? first.relations.find(({ x }) => x === 'logMstar');
  if (!mass) {
    return `<p class="answer refused">${input.n} ${input.n === 1 ? 'galaxy' : 'galaxies'}: no relation of gradient and stellar mass${input.n < 5 ? ': statistics need five galaxies' : ''}</p>\n`;
  }
  const kpc = first.relations.find(({ x, y }) => x === 'logMstar' && y === 'gradientKpc');
  const strongest = first.partial.filter(({ y }) => y === 'gradient').toSorted((a, b) => Math.abs(b.r) - Math.abs(a.r))[0];
  const label = (name: string) => markupHtml(input.labelOf(name).replace(/ \[.*\]$/, ''));
  const sentence = (words: string) => `<p>${words}</p>\n`;
  const other = strongest && zero ? find(zero.partial, strongest) : undefined;
  const best = first.combinations[0];
  return `<p class="answer">${mass.n} galaxies: the gradient changes by ${fixed(mass.slope, 3)} ± ${fixed(mass.slopeError, 3)} ${mass.y === 'gradient' ? perRe : 'dex/kpc'} per dex of stellar mass; Spearman <i>r</i> = ${fixed(mass.spearman, 2)} ± ${fixed(mass.spearmanError, 2)}, <i>p</i> = ${probability(mass.p)}</p>
<div class="notes">
${kpc && kpc !== mass ? sentence(`Per kpc: ${fixed(kpc.slope, 3)} ± ${fixed(kpc.slopeError, 3)} dex/kpc per dex, <i>r</i> = ${fixed(kpc.spearman, 2)}, <i>p</i> = ${probability(kpc.p)}.`) : ''}${
  strongest ? sentence(`Strongest at fixed stellar mass: ${label(strongest.x)}, partial <i>r</i> = ${fixed(strongest.r, 2)} ± ${fixed(strongest.rError, 2)}, <i>p</i> = ${probability(strongest.p)}, <i>q</i> = ${probability(strongest.q)} among those tried (${strongest.n} galaxies)${
    other && other.n !== strongest.n ? `; ${fixed(other.r, 2)} ± ${fixed(other.rError, 2)} with HI taken as zero where missing (${other.n} galaxies)` : ''}.`) : ''}${
  best ? sentence(`Least scatter about log <i>M</i><sub>★</sub> ${best.gammaScan < 0 ? '−' : '+'} ${fixed(Math.abs(best.gammaScan), 2)} log <i>y</i><sub>eff</sub>: <i>r</i> = ${fixed(best.spearman, 2)}, scatter ${fixed(best.scatterBefore, 4)} → ${fixed(best.scatterAfter, 4)} ${perRe} (${best.n} galaxies).`) : ''}</div>
`;
}

/** The sets side by side: a group of columns each, over the same rows. */
const assumptionHead = ({ sets }: SampleReportInput, own: number, lead: readonly Cell[]): Cell[] =>
  (sets.length > 1 ? [...lead.map(() => ({ html: '' })), ...['as measured', 'HI zero where missing'].map((text) => ({ html: text, span: own, text: true }))] : []);

export function relations(input: SampleReportInput): string {
  const { sets } = input;
  const lead: Cell[] = [{ html: 'property', text: true }];
  const own: Cell[] = ['<i>n</i>', 'slope', 'Spearman <i>r</i>', '<i>p</i>', '<i>q</i>'].map((text) => ({ html: text }));
  const cells = (relation: ReportRelation | undefined): Cell[] => (relation ? [
    count(relation.n), pair(relation.slope, relation.slopeError), pair(relation.spearman, relation.spearmanError, 2), { html: probability(relation.p) }, { html: probability(relation.q) },
  ] : own.map(() => ({ html: '–' })));
  const parts = units.flatMap(([y, unit]) => {
    const rows = sets[0]!.relations.filter((one) => one.y === y);
    return rows.length ? [`<h3>∇(O/H) in ${unit}</h3>\n${table([...lead, ...sets.flatMap(() => own)], rows.map((row) => ({
      cells: [named(input, row.x), ...sets.flatMap((set) => cells(find(set.relations, row)))],
    })), assumptionHead(input, own.length, lead))}`] : [];
  });
  return parts.length ? `${parts.join('')}<p>Least squares without weights and Spearman's rank correlation; errors are standard deviations over ${input.draws} bootstraps of the galaxies. <i>q</i>: the smallest false-discovery rate at which a relation counts as found among all that were tried in one unit (Benjamini &amp; Hochberg 1995); <i>p</i> takes no account of how many were tried.</p>\n` : '';
}

export function fixedMass(input: SampleReportInput): string {
  const { sets } = input;
  const lead: Cell[] = [{ html: 'property', text: true }];
  const own: Cell[] = ['<i>n</i>', 'partial <i>r</i>', '68 %, Fisher', '<i>p</i>', '<i>q</i>'].map((text) => ({ html: text }));
  const parts = units.flatMap(([y, unit]) => {
    const rows = sets[0]!.partial.filter((one) => one.y === y);
    if (!rows.length) return [];
    return [`<h3>Partial rank correlation with ∇(O/H) in ${unit}</h3>\n${table([...lead, ...sets.flatMap(() => own)], rows.map((row) => ({
      cells: [named(input, row.x), ...sets.flatMap((set): Cell[] => {
        const partial = find(set.partial, row);
        return partial ? [count(partial.n), pair(partial.r, partial.rError, 2), range(partial.intervals[0]?.fisher, 2), { html: probability(partial.p) }, { html: probability(partial.q) }] : own.map(() => ({ html: '–' }));
      })],
    })), assumptionHead(input, own.length, lead))}`];
  });
  const residualOwn: Cell[] = ['<i>n</i>', 'slope', 'Spearman <i>r</i>', '<i>p</i>', '<i>q</i>'].map((text) => ({ html: text }));
  const residuals = [['gradientResidual', 'Residual of the gradient about its relation with mass, against each property'], ['gradient', 'The gradient against residuals of O/H about the relation with mass']].map(([y, title]) => {
    const rows = sets[0]!.residuals.filter((one) => one.y === y);
    return rows.length ? `<h3>${title}</h3>\n${table([...lead, ...sets.flatMap(() => residualOwn)], rows.map((row) => ({
      cells: [named(input, row.x), ...sets.flatMap((set): Cell[] => {
        const relation = find(set.residuals, row);
        return relation ? [count(relation.n), pair(relation.slope, relation.slopeError), pair(relation.spearman, relation.spearmanError, 2), { html: probability(relation.p) }, { html: probability(relation.q) }] : residualOwn.map(() => ({ html: '–' }));
      })],
    })), assumptionHead(input, residualOwn.length, lead))}` : '';
  }).join('');
  return parts.join('') + residuals;
}

export function combination(input: SampleReportInput): string {
  const rows = input.sets.flatMap(({ assumption, combinations }) => (assumption.name === 'hiZero' ? combinations.slice(0, 1) : combinations).map((one): Row => ({
    cells: [
      said(assumption.name === 'hiZero' ? 'HI zero where missing' : 'as measured'), said(assumption.name === 'hiZero' || one.x[1] === 'logYeffComputed' ? 'computed' : 'as given'), count(one.n), numberCell(one.gammaScan, 2), pair(one.gamma, one.gammaError, 4),
      range(one.gammaInterval, 2), numberCell(one.slope, 3), numberCell(one.spearman, 3), numberCell(one.scatterBefore, 4), numberCell(one.scatterAfter, 4), { html: known(one.explained) ? percent(one.explained) : '–' },
    ],
  })));
  return rows.length ? `${table(
    [{ html: 'set', text: true }, { html: 'yield', text: true }, ...['<i>n</i>', '<i>γ</i> by scan', '<i>γ</i> in closed form', '68 %', 'slope', 'Spearman <i>r</i>', 'scatter before', 'after', 'explained'].map((text) => ({ html: text }))], rows)}<p>log <i>M</i><sub>★</sub> + <i>γ</i> log <i>y</i><sub>eff</sub>. Scatter in ${perRe} over the same galaxies; explained: the share of the variance left by the mass alone that the yield takes away, the typical error of a gradient set apart.</p>\n` : '';
}

export function scaling(input: SampleReportInput): string {
  const rows = input.sets.flatMap((set, i) => set.scaling.filter((row) => i === 0 || find(input.sets[0]!.scaling, row)?.n !== row.n).map((row): Row => ({
    cells: [
      named(input, row.x), named(input, row.y), said(i === 0 ? 'as measured' : 'HI zero where missing'), count(row.n), pair(row.slope, row.slopeError), pair(row.intercept, row.interceptError), pair(row.spearman, row.spearmanError),
      { html: probability(row.p) }, numberCell(row.scatter, 3),
    ],
  })));
  return rows.length ? table([{ html: 'x', text: true }, { html: 'y', text: true }, { html: 'set', text: true }, ...['<i>n</i>', 'slope', 'intercept', 'Spearman <i>r</i>', '<i>p</i>', 'scatter'].map((text) => ({ html: text }))], rows) : '';
}

export function massBins(input: SampleReportInput): string {
  return units.flatMap(([y, unit]) => {
    const bins = input.massBins.find((one) => one.y === y)?.bins ?? [];
    return bins.length ? [`<h3>∇(O/H) in ${unit}</h3>\n${table([{ html: 'median log <i>M</i><sub>★</sub>' }, { html: 'galaxies' }, { html: 'median' }, { html: 'standard deviation' }], bins.map((bin) => ({
      cells: [numberCell(bin.x, 2), count(bin.n), numberCell(bin.y, 3), numberCell(bin.std, 3)],
    })))}`] : [];
  }).join('');
}

export function classes(input: SampleReportInput): string {
  return input.classes.length ? `${table(
    [{ html: 'property', text: true }, { html: 'classes', text: true }, ...['<i>n</i>', 'medians', 'KS <i>D</i>', '<i>p</i>, exact', '<i>p</i>, asymptotic', '<i>q</i>', 'Anderson–Darling <i>p</i>', 'Mann–Whitney <i>p</i>'].map((text) => ({ html: text }))],
    input.classes.map((one) => ({
      cells: [
        named(input, one.property), textCell(one.classes.join(' / ')), { html: one.n.join(' / ') }, { html: one.medians.map((value) => fixed(value, 3)).join(' / ') }, numberCell(one.ks.d, 3), { html: probability(one.ks.p) },
        { html: probability(one.ks.pAsymptotic) }, { html: probability(one.q) }, { html: probability(one.andersonDarling.p) }, { html: probability(one.mannWhitney.p) },
      ],
    })))}<p><i>q</i>: among all comparisons of this table.</p>\n` : '';
}

export function subsets(input: SampleReportInput): string {
  const some = input.subsets.filter(({ relations: own }) => own.length);
  if (!input.subsets.length) return '';
  const told = `<ul>${input.subsets.map(({ name, query, n }) => `<li>${html(name)}: <code>${html(query)}</code>, ${n} galaxies</li>`).join('')}</ul>\n`;
  const own: Cell[] = ['<i>n</i>', 'slope', 'Spearman <i>r</i>', '<i>p</i>'].map((text) => ({ html: text }));
  const cells = (relation: ReportRelation | undefined): Cell[] => (relation ? [count(relation.n), pair(relation.slope, relation.slopeError), pair(relation.spearman, relation.spearmanError, 2), { html: probability(relation.p) }] : own.map(() => ({ html: '–' })));
  return told + units.flatMap(([y, unit]) => {
    const rows = input.sets[0]!.relations.filter((one) => one.y === y);
    return rows.length && some.length ? [`<h3>∇(O/H) in ${unit}</h3>\n${table(
      [{ html: 'property', text: true }, ...['all', ...some.map(({ name }) => name)].flatMap(() => own)],
      rows.map((row) => ({ cells: [named(input, row.x), ...cells(row), ...some.flatMap((part) => cells(find(part.relations, row)))] })),
      [{ html: '' }, ...['all', ...some.map(({ name }) => name)].map((name) => wide(html(name), own.length))])}`] : [];
  }).join('');
}

/** Intervals of the slopes and correlations: the plain ones beside those that hold what they say. */
export function intervals(input: SampleReportInput): string {
  const rows = input.sets[0]!.relations.filter(({ y }) => y === 'gradient');
  if (!rows.length) return '';
  const of = (k: number): string => table(
    [{ html: 'property', text: true }, ...['percentiles', 'BCa', 'studentised', 'HC3', 'percentiles', 'BCa', 'Fisher'].map((text) => ({ html: text }))],
    rows.flatMap((row): Row[] => {
      const own = row.intervals[k];
      return own ? [{ cells: [named(input, row.x), range(own.slope.percentile), range(own.slope.bca), range(own.slope.studentised), range(own.slope.hc3), range(own.spearman.percentile, 2), range(own.spearman.bca, 2), range(own.spearman.fisher, 2)] }] : [];
    }), [{ html: '' }, wide('slope', 4), wide('Spearman <i>r</i>', 3)]);
  return `<p>The plain percentiles of the bootstrap are too narrow for some fifty galaxies: 16–84 % of them hold the true slope in 65 % of samples. The studentised bootstrap, HC3 and Fisher's transformation hold what they say.</p>\n<h3>68.3 %</h3>\n${of(0)}${details('95.4 %', of(1))}`;
}

/** Robust lines, and lines that take the errors into account. */
export function fits(input: SampleReportInput): string {
  const rows = input.sets[0]!.relations.filter(({ y }) => y === 'gradient');
  if (!rows.length) return '';
  const posterior = rows.find(({ x }) => x === 'logMstar')?.fits.posterior;
  const cell = (fit: ReportFit | null): Cell => (fit ? pair(fit.slope, fit.slopeError ?? (fit.slopeInterval ? (fit.slopeInterval[1] - fit.slopeInterval[0]) / 2 : null)) : { html: '–' });
  return `${table(
    [{ html: 'property', text: true }, ...['least squares', 'intercept', 'scatter', 'Theil–Sen', 'trimmed', 'orthogonal', 'weighted', 'intrinsic scatter', 'scatter'].map((text) => ({ html: text }))],
    rows.map(({ x, slope, slopeError, intercept, interceptError, scatter, fits: own }) => ({
      cells: [named(input, x), pair(slope, slopeError), pair(intercept, interceptError, 2), numberCell(scatter, 4), cell(own.theilSen), cell(own.trimmed), cell(own.orthogonal), cell(own.weighted), cell(own.withScatter), numberCell(own.withScatter?.scatter, 3)],
    })))}<p>Slopes in ${perRe} per unit of the property, scatter in ${perRe}. Theil–Sen: half its 68 % interval; trimmed: least trimmed squares; intrinsic scatter: maximum likelihood with the errors of both axes. Weighted: by the errors of the gradients alone, which are far smaller than the scatter from galaxy to galaxy, so that a few galaxies decide; the fit with intrinsic scatter weighs both.${
    posterior ? ` Its posterior for log <i>M</i><sub>★</sub>: ${cell(posterior).html} (median and standard deviation).` : ''}</p>\n`;
}
