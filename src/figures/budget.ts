import { frame, plotIn } from './axes.js';
import { extent, finite } from './limits.js';
import { histogram } from './histogram.js';
import { label } from './markup.js';
import { steps } from './marks.js';
import { legend } from './legend.js';
import { message } from './message.js';
import { clipped, path, rectangle, segment, type Box, type Item, type Scene } from './scene.js';
import { fixed } from './scale.js';
import { faint, fontSize, hues, ink } from './theme.js';

/** Where the error of a slope comes from. All values 1σ in dex/R_e; null = not determined. */
export interface BudgetFigureInput {
  readonly title: string;
  /** Bootstrap over bins. */
  readonly bootstrap: number | null;
  /** Bootstrap over blocks of the size of the seeing. */
  readonly blockBootstrap: number | null;
  /** Line-flux errors, by Monte Carlo. */
  readonly fluxes: number | null;
  /** The given errors of centre, inclination, position angle and R_e. */
  readonly geometry: number | null;
  /** Scatter of the calibration. */
  readonly calibration: number | null;
  /** Slopes of the draws of both bootstraps; null leaves their histograms out. */
  readonly draws: { readonly plain: ArrayLike<number>; readonly block: ArrayLike<number> } | null;
}

const rowHeight = 17;

/** Bars of the error budget, both bootstraps first; beside them the histograms of the bootstrapped slopes. */
export function budgetFigure(input: BudgetFigureInput): Scene {
  const rows = [
    { text: 'bootstrap over bins', value: input.bootstrap, colour: hues.blue },
    { text: 'bootstrap over blocks', value: input.blockBootstrap, colour: hues.red },
    { text: 'line fluxes', value: input.fluxes, colour: hues.grey },
    { text: 'geometry', value: input.geometry, colour: hues.grey },
    { text: 'calibration scatter', value: input.calibration, colour: hues.grey },
  ];
  const box: Box = { x: 98, y: 26, width: 150, height: rows.length * rowHeight + 6 };
  const largest = Math.max(0, ...finite(rows.map((row) => row.value ?? NaN)));
  // A quarter of the width is kept for the numbers behind the bars.
  const plot = plotIn(box, [0, (largest || 0.1) * 1.34], [0, 1]);
  const items: Item[] = [label(8, 12, input.title, { size: 9, bold: true, plain: true })];
  rows.forEach(({ text, value, colour }, i) => {
    const y = box.y + 3 + (i + 0.5) * rowHeight;
    items.push(label(box.x - 5, y + 2.5, text, { anchor: 'end' }));
    const known = value !== null && Number.isFinite(value);
    if (known) items.push(path(rectangle({ x: box.x, y: y - 5, width: plot.x.at(value) - box.x, height: 10 }), { fill: colour }));
    items.push(label((known ? plot.x.at(value) : box.x) + 4, y + 2.4, known ? fixed(value, 4) : 'not determined', {
      size: fontSize.tick, colour: known ? ink : faint, plain: true,
    }));
  });
  items.push(...frame(plot, { xLabel: '1σ error of the slope [dex/*R*_{e}]', yTicks: false, xCount: 4 }));
  if (input.draws) items.push(...drawsItems(input.draws, { x: 296, y: box.y, width: 190, height: box.height }));
  return { width: input.draws ? 496 : 260, height: box.y + box.height + 24, title: `Error budget of the slope of ${input.title}`, items };
}

function drawsItems({ plain, block }: NonNullable<BudgetFigureInput['draws']>, box: Box): Item[] {
  const [low, high] = extent(finite([...Array.from(plain), ...Array.from(block)]), 0.02, [-1, 1]);
  const edges = Float64Array.from({ length: 41 }, (_, i) => low + ((high - low) * i) / 40);
  const centres = edges.slice(1).map((edge, i) => (edge + edges[i]!) / 2);
  const counts = [plain, block].map((draws) => histogram(draws, edges));
  const most = Math.max(1, ...counts.flatMap((count) => [...count]));
  const plot = plotIn(box, [low, high], [0, 1.22 * most]);
  const around = frame(plot, { xLabel: 'slope of a draw [dex/*R*_{e}]', yLabel: 'draws', xCount: 4, yCount: 4 });
  if (most === 1) return [...message(box, 'no draws'), ...around];
  return [
    clipped(box, [
      steps(plot, centres, counts[0]!, { stroke: hues.blue, strokeWidth: 1 }), steps(plot, centres, counts[1]!, { stroke: hues.red, strokeWidth: 1 }),
      path(low < 0 && high > 0 ? segment(plot.x.at(0), box.y, plot.x.at(0), box.y + box.height) : '', { stroke: faint, strokeWidth: 0.5, dash: [2, 2] }),
    ]),
    ...legend(box.x + 6, box.y + 4, [{ text: 'over bins', colour: hues.blue, mark: 'line' }, { text: 'over blocks', colour: hues.red, mark: 'line' }], true),
    ...around,
  ];
}
