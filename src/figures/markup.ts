import type { Run, TextItem } from './scene.js';
import { fontSize, ink } from './theme.js';

/** Size of a sub- or superscript and its shift of the baseline, in units of the font size. */
export const scriptSize = 0.7;
export const scriptShift = { up: 0.36, down: 0.16 } as const;

/**
 * Reads the little markup of labels: `_{…}` and `^{…}` for sub- and superscripts, `*…*` for italics (a physical
 * quantity). 'log Σ_{SFR} [M_{☉} yr^{−1} kpc^{−2}]', '*R* [kpc]'.
 */
export function parseMarkup(text: string, bold = false): Run[] {
  const runs: Run[] = [];
  let italic = false;
  for (const part of text.split(/(_\{[^}]*\}|\^\{[^}]*\}|\*)/)) {
    if (part === '*') italic = !italic;
    else if (part.startsWith('_{')) runs.push({ text: part.slice(2, -1), level: -1, italic, bold });
    else if (part.startsWith('^{')) runs.push({ text: part.slice(2, -1), level: 1, italic, bold });
    else if (part) runs.push({ text: part, level: 0, italic, bold });
  }
  return runs;
}

/** Text as it stands, without markup: names of galaxies, files, sentences of others. */
export const plainRun = (text: string, bold = false): Run[] => [{ text, level: 0, italic: false, bold }];

/** A sentence of the program with its symbols set as such: R_e. */
export const withSymbols = (text: string): string => text.replace(/\bR_e\b/g, '*R*_{e}');

/** How a line of text is set. */
export interface TextStyle {
  /** [pt] */
  readonly size?: number;
  readonly colour?: string;
  /** 'start' unless given. */
  readonly anchor?: TextItem['anchor'];
  /** Clockwise [deg]. */
  readonly rotate?: number;
  readonly bold?: boolean;
  readonly halo?: string | null;
  /** Take the text as it stands. */
  readonly plain?: boolean;
}

/** One line of text with its baseline at y. */
export function label(x: number, y: number, text: string, style: TextStyle = {}): TextItem {
  const bold = style.bold ?? false;
  return {
    kind: 'text', x, y, runs: style.plain ? plainRun(text, bold) : parseMarkup(text, bold), size: style.size ?? fontSize.label,
    colour: style.colour ?? ink, anchor: style.anchor ?? 'start', rotate: style.rotate ?? 0, halo: style.halo ?? null,
  };
}

/**
 * Advance widths of DejaVu Sans for the characters 32–126, in 1/2048 of the font size: enough to place legends and to
 * break lines without a font at hand.
 */
const advances = [
  651, 821, 942, 1716, 1303, 1946, 1597, 563, 799, 799, 1024, 1716, 651, 739, 651, 690, 1303, 1303, 1303, 1303, 1303, 1303,
  1303, 1303, 1303, 1303, 690, 690, 1716, 1716, 1716, 1087, 2048, 1401, 1405, 1430, 1577, 1294, 1178, 1587, 1540, 604, 604,
  1343, 1141, 1767, 1532, 1612, 1235, 1612, 1423, 1300, 1251, 1499, 1401, 2025, 1403, 1251, 1403, 799, 690, 799, 1716, 1024,
  1024, 1255, 1300, 1126, 1300, 1260, 721, 1300, 1298, 569, 569, 1186, 569, 1995, 1298, 1253, 1300, 1300, 842, 1067, 803,
  1298, 1212, 1675, 1212, 1212, 1075, 1303, 690, 1303, 1716,
];
/** The width of the letters that labels use beyond ASCII: Greek ones and − ± × ☉ are wide, the others narrow. */
const advance = (character: string): number =>
  advances[character.charCodeAt(0) - 32] ?? (/[−±×≤≥→☉]/.test(character) ? 1716 : 1300);

/** Width [pt] of a text set in DejaVu Sans. */
export function textWidth(runs: readonly Run[], size: number): number {
  let width = 0;
  for (const run of runs) {
    let units = 0;
    for (const character of run.text) units += advance(character);
    width += (units / 2048) * (run.level === 0 ? 1 : scriptSize) * (run.bold ? 1.1 : 1);
  }
  return width * size;
}

/** Breaks a sentence into lines not wider than `width` points; a longer word keeps a line of its own. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && textWidth(plainRun(longer), size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  return lines;
}
