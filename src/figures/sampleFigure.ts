import { frame, plotIn } from './axes.js';
import { histogram } from './histogram.js';
import { legend } from './legend.js';
import { extent, finite } from './limits.js';
import { label, plainRun, textWidth } from './markup.js';
import { message } from './message.js';
import type { BarPanel, HistogramPanel, SampleFigureInput, SamplePanel } from './samplePanelInput.js';
import { scatterPanel } from './scatterPanel.js';
import { clipped, path, polyline, rectangle, segment, type Box, type Item, type Scene } from './scene.js';
import { median } from '../stats/index.js';
import { faint, fontSize, hues, ink } from './theme.js';

const side = 200;
const pitch = 258;
const left = 44;
const lineHeight = 8.6;
const titleSize = 9.4;

/** Panels of a sample of galaxies, up to two in a row. */
export function sampleFigure({ title, panels }: SampleFigureInput): Scene {
  const barred = panels.some((panel) => panel.kind === 'scatter' && panel.colourLabel !== null);
  const top = barred ? 48 : 28;
  const rowPitch = side + top + 14;
  const perRow = Math.min(panels.length, panels.length === 3 ? 3 : 2);
  const rows = Math.ceil(panels.length / perRow);
  return {
    width: Math.max(left + perRow * pitch - (pitch - side) + 12, textWidth(plainRun(title, true), titleSize) + 20), height: rows * rowPitch + 14, title,
    items: [
      label(10, 12, title, { size: titleSize, bold: true, plain: true }),
      ...panels.flatMap((panel, i) => draw(panel, { x: left + (i % perRow) * pitch, y: top + Math.floor(i / perRow) * rowPitch, width: side, height: side })),
    ],
  };
}

function draw(panel: SamplePanel, box: Box): Item[] {
  switch (panel.kind) {
    case 'scatter': return scatterPanel(panel, box);
    case 'histogram': return histogramPanel(panel, box);
    case 'bars': return barPanel(panel, box);
  }
}

const written = (words: readonly string[], box: Box): Item[] => words.map((text, i) => label(box.x + 5, box.y + 9.5 + i * lineHeight, text, { size: fontSize.tick, halo: '#ffffff' }));

/** Outlined steps of each class, its median dotted. */
function histogramPanel({ xLabel, groups, words }: HistogramPanel, box: Box): Item[] {
  const all = groups.flatMap(({ values }) => finite(values));
  const [low, high] = extent(all, 0.02, [0, 1]);
  // Sturges' (1926) rule, on the number of galaxies in all.
  const bins = Math.max(5, Math.ceil(Math.log2(Math.max(all.length, 1))) + 3);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const counts = groups.map(({ values }) => histogram(finite(values), edges));
  const most = Math.max(1, ...counts.flatMap((count) => [...count]));
  const room = ((words.length + groups.length) * lineHeight + 8) / box.height;
  const plot = plotIn(box, [low, high], [0, (1.05 * most) / (1 - room)]);
  const around = frame(plot, { xLabel, yLabel: 'galaxies', xCount: 4 });
  if (!all.length) return [...message(box, 'no galaxy has it'), ...around];
  return [
    clipped(box, groups.flatMap(({ values, hue }, k) => {
      const [xs, ys]: [number[], number[]] = [[plot.x.at(low)], [plot.y.at(0)]];
      for (const [i, count] of counts[k]!.entries()) {
        xs.push(plot.x.at(edges[i]!), plot.x.at(edges[i + 1]!));
        ys.push(plot.y.at(count), plot.y.at(count));
      }
      const outline = polyline([...xs, plot.x.at(high)], [...ys, plot.y.at(0)]);
      const own = finite(values);
      const middle = own.length ? plot.x.at(median(own)) : NaN;
      return [path(outline, { fill: hue, opacity: 0.2 }), path(outline, { stroke: hue, strokeWidth: 1.1 }), path(segment(middle, box.y + room * box.height, middle, box.y + box.height), { stroke: hue, strokeWidth: 0.9, dash: [1.5, 2] })];
    })),
    ...written(words, box),
    ...legend(box.x + 4, box.y + 4 + words.length * lineHeight, groups.map(({ text, values, hue }) => ({ text: `${text} (${finite(values).length})`, colour: hue, mark: 'field' }))),
    ...around,
  ];
}

/** Bars from zero with error bars; the names stand under them, slanted. */
function barPanel({ yLabel, bars, words }: BarPanel, box: Box): Item[] {
  const all = bars.flatMap((bar) => (bar.assumed ? [bar, bar.assumed] : [bar]));
  const [low, high] = extent(all.flatMap(({ value, error }) => [value - (error || 0), value + (error || 0), 0]).filter(Number.isFinite), 0.06, [-1, 1]);
  const room = (words.length * lineHeight + 4) / box.height;
  const plot = plotIn(box, [0, Math.max(1, bars.length)], [low, low + (high - low) / (1 - room)]);
  const zero = plot.y.at(0);
  const bar = (middle: number, width: number, { value, error }: { readonly value: number; readonly error: number }, open: boolean): Item[] => {
    const at = plot.y.at(value);
    const colour = value < 0 ? hues.blue : hues.orange;
    return [
      path(rectangle({ x: middle - width / 2, y: Math.min(at, zero), width, height: Math.abs(at - zero) }), {
        ...(open ? { fill: '#ffffff', stroke: colour, strokeWidth: 1 } : { fill: colour, stroke: ink, strokeWidth: 0.4 }), name: `${value.toFixed(3)} ± ${error.toFixed(3)}`,
      }),
      path(segment(middle, plot.y.at(value - error), middle, plot.y.at(value + error)), { stroke: ink, strokeWidth: 1 }),
    ];
  };
  return [
    ...bars.flatMap(({ text, value, error, assumed }, i): Item[] => {
      const middle = plot.x.at(i + 0.5);
      const width = Math.min(26, 0.6 * (box.width / bars.length));
      const name = label(middle + 4, box.y + box.height + 9, text, { anchor: 'end', rotate: -28, size: fontSize.tick });
      const known = Number.isFinite(value);
      if (!known && !assumed) return [label(middle, zero - 4, 'missing', { size: fontSize.tick, anchor: 'middle', colour: faint }), name];
      if (!assumed) return [...bar(middle, width, { value, error }, false), name];
      return [...(known ? bar(middle - 0.28 * width, 0.5 * width, { value, error }, false) : []), ...bar(middle + 0.28 * width, 0.5 * width, assumed, true), name];
    }),
    path(segment(box.x, zero, box.x + box.width, zero), { stroke: ink, strokeWidth: 0.6 }),
    ...written(words, box), ...frame(plot, { yLabel, xTicks: false }),
  ];
}
