import { frame, plotIn } from './axes.js';
import { calibrationText } from './calibrationText.js';
import { extent } from './limits.js';
import { markerPath } from './marks.js';
import { label } from './markup.js';
import { message } from './message.js';
import { path, rectangle, segment, type Box, type Item, type Scene } from './scene.js';
import { fixed, withError } from './scale.js';
import { faint, fontSize, hues, ink } from './theme.js';

/** The metallicity gradient of one galaxy by each calibration. */
export interface CalibrationFigureInput {
  readonly title: string;
  readonly rows: readonly CalibrationRow[];
  /** R_e [kpc], for the scale in dex/kpc along the top; null when unknown. */
  readonly kpcPerRe: number | null;
}

export interface CalibrationRow {
  readonly calibration: string;
  /** [dex/R_e]; null when the gradient was refused. */
  readonly slope: number | null;
  /** 1σ of the bootstrap over bins. */
  readonly slopeError: number | null;
  /** 1σ of the bootstrap over blocks of the size of the seeing. */
  readonly blockError: number | null;
  /** The calibration that the answer is given in. */
  readonly chosen: boolean;
}

const width = 376;
const rowHeight = 14;
const box0 = { x: 92, y: 46, width: 190 };

/** Slopes side by side: thick bars are the bootstrap over bins, thin ones the bootstrap over blocks of the seeing. */
export function calibrationFigure({ title, rows, kpcPerRe }: CalibrationFigureInput): Scene {
  const box: Box = { ...box0, height: Math.max(2, rows.length) * rowHeight + 4 };
  const known = rows.filter((row) => row.slope !== null);
  const wide = (row: CalibrationRow) => Math.max(row.slopeError ?? 0, row.blockError ?? 0);
  const domain = extent([0, ...known.flatMap((row) => [row.slope! - wide(row), row.slope! + wide(row)])], 0.07, [-0.5, 0.5]);
  const plot = plotIn(box, domain, [0, 1]);
  const items: Item[] = [label(8, 12, title, { size: 9, bold: true, plain: true })];
  if (rows.length) items.push(path(segment(plot.x.at(0), box.y, plot.x.at(0), box.y + box.height), { stroke: faint, strokeWidth: 0.6, dash: [2.5, 2] }));
  rows.forEach((row, i) => {
    const y = box.y + 2 + (i + 0.5) * rowHeight;
    const bold = row.chosen;
    items.push(label(box.x - 6, y + 2.5, calibrationText(row.calibration), { size: fontSize.label, anchor: 'end', bold, plain: true }));
    items.push(label(width - 8, y + 2.5, row.slope === null ? 'not trusted' : withError(row.slope, row.slopeError), {
      size: fontSize.label, anchor: 'end', bold, colour: row.slope === null ? faint : ink, plain: true,
    }));
    if (row.slope === null) return;
    const bar = (error: number | null) => (error === null ? '' : segment(plot.x.at(row.slope! - error), y, plot.x.at(row.slope! + error), y));
    const colour = row.chosen ? hues.red : hues.blue;
    if (row.chosen) items.unshift(path(rectangle({ x: box.x, y: y - rowHeight / 2, width: box.width, height: rowHeight }), { fill: hues.red, opacity: 0.08 }));
    items.push(
      path(bar(row.blockError), { stroke: colour, strokeWidth: 0.8 }), path(bar(row.slopeError), { stroke: colour, strokeWidth: 2.4 }),
      path(markerPath('circle', plot.x.at(row.slope), y, 2.9), { fill: colour, stroke: '#ffffff', strokeWidth: 0.6 }),
    );
  });
  if (!rows.length) items.push(...message(box, 'no calibration could be applied'));
  items.push(...frame(plot, {
    xLabel: 'slope [dex/*R*_{e}]', yTicks: false, xCount: 4,
    ...(kpcPerRe && kpcPerRe > 0 ? { top: { domain: [domain[0] / kpcPerRe, domain[1] / kpcPerRe] as const, label: 'slope [dex/kpc]' } } : {}),
  }));
  items.push(label(width - 8, box.y + box.height + 27, 'thick bars: bootstrap over bins; thin bars: over blocks of the seeing', { size: fontSize.small, anchor: 'end', colour: faint }));
  const spoken = known.map((row) => `${calibrationText(row.calibration)} ${fixed(row.slope!, 3)}`).join(', ');
  return { width, height: box.y + box.height + 32, title: `Metallicity gradient of ${title} by calibration [dex/R_e]: ${spoken || 'none is trusted'}`, items };
}
