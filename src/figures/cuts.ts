import { frame, plotIn, type Plot } from './axes.js';
import { extent } from './limits.js';
import { label } from './markup.js';
import { errorBars, markerPath } from './marks.js';
import { message } from './message.js';
import { clipped, path, segment, type Box, type Item, type Scene } from './scene.js';
import { faint, fontSize, hues, ink, pageWidth } from './theme.js';

/** How the slope of O/H moves when the selection of bins changes. */
export interface CutsFigureInput {
  readonly title: string;
  /** Slopes for several S/N cuts, several cuts in EW(Hα) [Å], and with composite bins out or in. */
  readonly snLine: readonly CutPoint[];
  readonly minEW: readonly CutPoint[];
  readonly composite: readonly CutPoint[];
}

export interface CutPoint {
  /** What is written under the point: '3', '5', 'without', 'with'. */
  readonly text: string;
  /** [dex/R_e]; null when the gradient was refused. */
  readonly slope: number | null;
  readonly slopeError: number | null;
  /** Bins that remain. */
  readonly bins: number;
  /** The selection that the answer is given for. */
  readonly chosen: boolean;
}

/** Three panels with one scale; the number of bins stands above each point, the chosen selection is filled. */
export function cutsFigure({ title, snLine, minEW, composite }: CutsFigureInput): Scene {
  const all = [...snLine, ...minEW, ...composite];
  const error = (point: CutPoint) => point.slopeError ?? 0;
  const [low, high] = extent([0, ...all.flatMap((point) => (point.slope === null ? [] : [point.slope - error(point), point.slope + error(point)]))], 0.07, [-0.5, 0.5]);
  const y: readonly [number, number] = [low, high + 0.16 * (high - low)];
  const chosen = all.find((point) => point.chosen && point.slope !== null) ?? null;
  const panels = [
    { points: snLine, text: 'least S/N of the lines', width: 178 }, { points: minEW, text: 'least EW(Hα) [Å]', width: 178 }, { points: composite, text: 'composite bins', width: 88 },
  ];
  const items: Item[] = [label(13, 12, title, { size: 10, bold: true, plain: true }),
    label(pageWidth - 6, 12, 'above: bins that remain; ×: no trusted gradient; red: the selection of the answer', { size: fontSize.small, anchor: 'end', colour: faint })];
  let x = 44;
  panels.forEach(({ points, text, width }, i) => {
    items.push(...panelItems({ x, y: 22, width, height: 118 }, points, y, chosen, text, i === 0));
    x += width + 8;
  });
  return { width: pageWidth, height: 166, title: `Slope of the metallicity gradient of ${title} for several cuts in S/N and equivalent width and with composite bins in or out`, items };
}

function panelItems(box: Box, points: readonly CutPoint[], y: readonly [number, number], chosen: CutPoint | null, text: string, first: boolean): Item[] {
  const plot = plotIn(box, [-0.6, Math.max(1, points.length) - 0.4], y);
  const bottom = box.y + box.height;
  return [
    clipped(box, [...level(plot, 0, faint, [2, 2]), ...(chosen ? level(plot, chosen.slope!, hues.red, null) : [])]),
    ...points.flatMap((point, i) => pointItems(plot, point, i)),
    ...points.map((point, i) => label(plot.x.at(i), bottom + 8.4, point.text, { size: fontSize.tick, anchor: 'middle', bold: point.chosen, plain: true })),
    ...(points.length ? [] : message(box, 'not computed')),
    ...frame(plot, { xTicks: false, xLabel: text, yNumbers: first, ...(first ? { yLabel: 'slope [dex/*R*_{e}]' } : {}) }),
  ];
}

const level = (plot: Plot, value: number, colour: string, dash: readonly number[] | null): Item[] =>
  [path(segment(plot.box.x, plot.y.at(value), plot.box.x + plot.box.width, plot.y.at(value)), { stroke: colour, strokeWidth: 0.5, dash, opacity: 0.8 })];

function pointItems(plot: Plot, { slope, slopeError, bins, chosen }: CutPoint, i: number): Item[] {
  const count = label(plot.x.at(i), plot.box.y + 10, `${bins}`, { size: fontSize.small, anchor: 'middle', colour: slope === null ? faint : ink, plain: true });
  if (slope === null) return [count, label(plot.x.at(i), plot.box.y + plot.box.height - 6, '×', { anchor: 'middle', colour: faint, plain: true })];
  const colour = chosen ? hues.red : hues.blue;
  return [
    count, errorBars(plot, [i], [slope], [slopeError ?? NaN], colour, 1),
    path(markerPath('circle', plot.x.at(i), plot.y.at(slope), 2.6), { fill: chosen ? colour : '#ffffff', stroke: colour, strokeWidth: 1 }),
  ];
}
