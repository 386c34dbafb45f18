import type { Scene } from './scene.js';
import { fixed } from './scale.js';
import { parseMarkup } from './markup.js';
import { escapeText, toSvg } from './svg.js';
import { pageWidth } from './theme.js';

/** A sentence of the program as HTML: escaped, with R_e set as a symbol. Names, paths and the like are only escaped. */
export const html = (text: string): string => escapeText(text).replace(/\bR_e\b/g, '<i>R</i><sub>e</sub>');

/** A label in the markup of figures as HTML. */
export const markupHtml = (text: string): string => parseMarkup(text).map(({ text: own, level, italic }) => {
  const leaning = italic ? `<i>${escapeText(own)}</i>` : escapeText(own);
  return level === 0 ? leaning : `<${level > 0 ? 'sup' : 'sub'}>${leaning}</${level > 0 ? 'sup' : 'sub'}>`;
}).join('');

/** A table cell: HTML, and whether it is text (left) or a number (right). */
export interface Cell {
  readonly html: string;
  readonly text?: boolean;
  /** Columns that the cell spans. */
  readonly span?: number;
  readonly className?: string;
}

export const numberCell = (value: number | null | undefined, decimals: number, unit = ''): Cell =>
  ({ html: value === null || value === undefined || !Number.isFinite(value) ? '–' : fixed(value, decimals) + unit });

export const textCell = (text: string): Cell => ({ html: html(text), text: true });

export interface Row {
  readonly cells: readonly Cell[];
  readonly chosen?: boolean;
}

/** A table that scrolls by itself on a narrow screen. @param groups a row over the head, of cells that span several columns */
export function table(head: readonly Cell[], rows: readonly Row[], groups: readonly Cell[] = []): string {
  const cell = (tag: string, { html: content, text, span, className }: Cell) => {
    const classes = [text ? 'text' : '', className ?? ''].filter(Boolean).join(' ');
    return `<${tag}${classes ? ` class="${classes}"` : ''}${span ? ` colspan="${span}"` : ''}>${content}</${tag}>`;
  };
  return `<div class="scroll"><table>\n<thead>${groups.length ? `<tr>${groups.map((c) => cell('th', c)).join('')}</tr>` : ''}<tr>${head.map((c) => cell('th', c)).join('')}</tr></thead>\n<tbody>\n`
    + rows.map((row) => `<tr${row.chosen ? ' class="chosen"' : ''}>${row.cells.map((c) => cell('td', c)).join('')}</tr>\n`).join('')
    + '</tbody></table></div>\n';
}

export const section = (title: string, content: string): string => (content ? `<section>\n<h2>${html(title)}</h2>\n${content}</section>\n` : '');

export const details = (title: string, content: string): string => `<details>\n<summary>${html(title)}</summary>\n${content}</details>\n`;

export const known = (value: number | null | undefined): value is number => value !== null && value !== undefined && Number.isFinite(value);

/** A share as per cent. */
export const percent = (share: number): string => `${fixed(100 * share, 0)} %`;

/** A figure on white paper, in dark mode too: its colours are chosen for white. */
export function figure(scene: Scene, caption: string): string {
  const width = Math.min(100, (100 * scene.width) / pageWidth);
  return `<figure><div class="paper"><div style="width:${fixed(width, 1)}%;min-width:min(100%,30rem);margin:auto">${toSvg(scene)}</div></div><figcaption>${caption}</figcaption></figure>\n`;
}
