import { calibrationText } from './calibrationText.js';
import { html, numberCell, table, textCell, type Row } from './html.js';
import { fixed, withError } from './scale.js';

/** Summed light of the star-forming bins, as `integrated` of gradient.json. */
export interface ReportIntegrated {
  readonly oh: Readonly<Record<string, readonly [number, number | null]>>;
  readonly ohInner: Readonly<Record<string, readonly [number, number | null]>>;
  readonly ohOuter: Readonly<Record<string, readonly [number, number | null]>>;
  readonly logSfr: readonly [number, number | null] | null;
  readonly bins: number;
}

/** Stars, gas and yield, a row each; null = missing. */
export interface ReportMasses {
  readonly rows: readonly {
    readonly name: string;
    readonly estimate: { readonly value: number; readonly error: number | null; readonly interval: readonly [number, number] | null } | null;
    /** How it was found. */
    readonly from: string;
  }[];
  /** What was assumed without being known; null = nothing. */
  readonly assumption: string | null;
  /** What is missing and why, what has no error, sentences. */
  readonly notes: readonly string[];
}

/** Abundances and star formation rate of the galaxy as a whole. */
export function integrated(values: ReportIntegrated | null): string {
  if (!values || (Object.keys(values.oh).length === 0 && !values.logSfr)) return '';
  const cell = (own: readonly [number, number | null] | undefined) => ({ html: own ? withError(own[0], own[1]) : '–' });
  const names = Object.keys(values.oh);
  return `<p>From the summed fluxes of ${values.bins} star-forming bins (Hα and Hβ detected, by equivalent width and class), with the dust of the sums.${
    values.logSfr ? ` log SFR [M☉/yr] = ${withError(values.logSfr[0], values.logSfr[1])}.` : ''}</p>\n${names.length ? table(
    [{ html: '12 + log(O/H)', text: true }, { html: 'all' }, { html: 'within 0.5 <i>R</i><sub>e</sub>' }, { html: 'beyond' }],
    names.map((name): Row => ({ cells: [textCell(calibrationText(name)), cell(values.oh[name]), cell(values.ohInner[name]), cell(values.ohOuter[name])] }))) : ''}`;
}

/** Masses of stars and gas, gas fraction, baryons, effective yield. */
export function masses(own: ReportMasses | null): string {
  if (!own) return '';
  const assumed = own.assumption ? `<div class="warnings" role="note"><p><strong>Assumed:</strong> ${html(own.assumption)}</p></div>\n` : '';
  return assumed + table(
    [{ html: 'quantity', text: true }, { html: 'value' }, { html: '1σ' }, { html: '16–84 %' }, { html: 'from', text: true }],
    own.rows.map(({ name, estimate, from }) => ({
      cells: [
        textCell(name), estimate ? numberCell(estimate.value, 3) : { html: 'missing' }, numberCell(estimate?.error, 3),
        { html: estimate?.interval ? `${Number.isFinite(estimate.interval[0]) ? fixed(estimate.interval[0], 3) : 'none'} … ${fixed(estimate.interval[1], 3)}` : '–' }, textCell(from),
      ],
    }))) + (own.notes.length ? `<div class="notes">${own.notes.map((note) => `<p>${html(note)}</p>`).join('\n')}</div>\n` : '');
}
