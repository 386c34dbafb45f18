import { frame, plotIn, type Plot } from './axes.js';
import { colourBar } from './colourBar.js';
import { colourOf, plasma } from './colourMap.js';
import { legend, type LegendEntry } from './legend.js';
import { extent, finite, robustLimits, type Limits } from './limits.js';
import { band, curve, errorBars, errorBarsX, markerPath, markers } from './marks.js';
import { label } from './markup.js';
import { message } from './message.js';
import type { SampleSeries, ScatterPanel } from './samplePanelInput.js';
import { clipped, path, segment, type Box, type Item } from './scene.js';
import { faint, fontSize, hues, ink } from './theme.js';

const lineHeight = 8.6;
const legendRow = 9.2;
/** More galaxies than this are drawn small, without names and error bars, which would only blacken the panel and swell the page. */
const crowded = 1500;

/** A point for each galaxy, lines and relations, binned medians, and the statistics above them. */
export function scatterPanel(panel: ScatterPanel, box: Box): Item[] {
  const drawn = panel.series.map(({ x, y }) => Array.from(x.keys()).filter((i) => Number.isFinite(x[i]!) && Number.isFinite(y[i]!)));
  const count = drawn.reduce((sum, some) => sum + some.length, 0);
  const pick = (of: 'x' | 'y') => panel.series.flatMap((one, k) => drawn[k]!.map((i) => one[of][i]!));
  const many = count > crowded;
  const entries = legendOf(panel, many);
  const plot = plotOf(panel, box, pick('x'), pick('y'), entries.length);
  const around = frame(plot, { xLabel: panel.xLabel, yLabel: panel.yLabel });
  if (count === 0) return [...message(box, 'no galaxy has both'), ...around];
  const limits = robustLimits(finite(panel.series.flatMap((one) => (one.colour ? [...one.colour] : []))), 0.02, [0, 1]);
  const galaxies = panel.series.flatMap((one, k) => points(plot, one, drawn[k]!, many, limits));
  // A crowd of points would bury the lines.
  return [
    clipped(box, [
      ...(many ? galaxies : []),
      ...panel.curves.flatMap(({ x, y, bands, hue, unverified }) => [
        ...bands.toReversed().map(({ low, high }) => band(plot, x, low, high, hue, 0.16)), curve(plot, x, y, { stroke: hue, strokeWidth: 1, dash: unverified ? [1.5, 1.5] : [] }),
      ]),
      guides(plot, panel),
      ...panel.lines.flatMap(({ slope, intercept, band: around1, hue, dashed }) => {
        const [low, high] = plot.x.domain;
        return [
          ...(around1 ? [band(plot, around1.x, around1.low, around1.high, hue, 0.18)] : []),
          curve(plot, [low, high], [intercept + slope * low, intercept + slope * high], { stroke: hue, strokeWidth: 1.2, dash: dashed ? [4, 2.5] : [] }),
        ];
      }),
      ...(many ? [] : galaxies),
      ...(panel.medians ? [
        errorBars(plot, panel.medians.x, panel.medians.y, panel.medians.scatter, ink, 1.1),
        markers(plot, panel.medians.x, panel.medians.y, { shape: 'square', radius: 3.2, fill: '#ffffff', outline: ink }),
      ] : []),
    ]),
    ...panel.words.map((words, i) => label(box.x + 5, box.y + 9.5 + i * lineHeight, words, { size: fontSize.tick, halo: '#ffffff' })),
    ...legend(box.x + 4, box.y + box.height - 4 - entries.length * legendRow, entries),
    ...around,
    ...(panel.colourLabel === null ? [] : colourBar(box, plasma, limits, panel.colourLabel)),
  ];
}

/** Room above the points for the statistics and below them for the legend. */
function plotOf(panel: ScatterPanel, box: Box, x: number[], y: number[], entries: number): Plot {
  const [left, right] = extent([...x, ...(panel.upright === null ? [] : [panel.upright])], 0.05, [0, 1]);
  const [low, high] = extent([...robustWhenMany(y), ...(panel.level === null ? [] : [panel.level])], 0.05, [0, 1]);
  const [above, below] = [(panel.words.length * lineHeight + 4) / box.height, (entries * legendRow + 3) / box.height];
  const span = (high - low) / Math.max(0.3, 1 - above - below);
  return plotIn(box, [left, right], [low - below * span, high + above * span]);
}

/** A few wild galaxies of thousands do not squeeze the others. */
const robustWhenMany = (values: number[]): Limits | number[] => (values.length > crowded ? robustLimits(values, 0.001, [0, 1]) : values);

const legendOf = ({ series, lines, curves }: ScatterPanel, many: boolean): LegendEntry[] => [
  ...(series.length > 1 ? series.filter(({ text }) => text).map(({ text, hue, shape, hollow }): LegendEntry => ({ text, colour: hue, mark: many ? 'circle' : shape, hollow: hollow && !many })) : []),
  ...lines.filter(({ text }) => text).map(({ text, hue, dashed }): LegendEntry => ({ text, colour: hue, mark: dashed ? 'dashed' : 'line' })),
  ...curves.map(({ text, hue, unverified }): LegendEntry => ({ text: unverified ? `${text} (unverified)` : text, colour: hue, mark: unverified ? 'dotted' : 'line' })),
];

function guides({ box, x, y }: Plot, { level, upright }: ScatterPanel): Item {
  const d = (level === null ? '' : segment(box.x, y.at(level), box.x + box.width, y.at(level))) + (upright === null ? '' : segment(x.at(upright), box.y, x.at(upright), box.y + box.height));
  return path(d, { stroke: faint, strokeWidth: 0.7, dash: [1.5, 2] });
}

function points(plot: Plot, { names, x, y, xError, yError, colour, hue, shape, hollow }: SampleSeries, drawn: readonly number[], many: boolean, limits: Limits): Item[] {
  const of = (values: Float64Array) => drawn.map((i) => values[i]!);
  if (many) return [{ kind: 'dots', x: of(x).map((value) => plot.x.at(value)), y: of(y).map((value) => plot.y.at(value)), radius: 0.9, fill: hue, outline: null }];
  const fillOf = (i: number) => (hollow ? '#ffffff' : colour ? (Number.isFinite(colour[i]!) ? colourOf(plasma, colour[i]!, limits) : '#ffffff') : hue);
  return [
    ...(xError ? [errorBarsX(plot, of(x), of(y), of(xError), hues.grey, 0.4)] : []), ...(yError ? [errorBars(plot, of(x), of(y), of(yError), hues.grey, 0.4)] : []),
    ...drawn.map((i) => path(markerPath(shape, plot.x.at(x[i]!), plot.y.at(y[i]!), 2.3), { fill: fillOf(i), stroke: hollow ? hue : ink, strokeWidth: hollow ? 0.8 : 0.4, name: names[i]! })),
  ];
}
